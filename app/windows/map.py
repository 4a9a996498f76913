"""A further map over the same state: a view and layers of its own. Layout only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.actions import add_shortcuts, commands, hidden_needs
from app.actions_map import BOOKMARK, bookmark_commands, tool_actions
from app.actions_roads import road_actions
from app.console_parts import Parts
from app.session import ConsoleSession
from layers.render.map_widget import MapWidget
from services.domain.model import Severity
from widgets.cover import Covering
from widgets.frame import ModeFrame
from widgets.layer_tree import LayerTreePanel
from widgets.map_panel import MapPanel
from widgets.palette import Command, CommandPalette
from widgets.panel import Panel
from widgets.toast import MessageBar

LAYERS_PX, TOOLS_PX = 300, 330
DESK_ONLY = frozenset({"acknowledge", "shelve", "search", "incident"})
"""Actions of the table that need the desk's lists."""


class MapWindow(QWidget):
    """``action_requested(id)``: an action that concerns more than this window;
    ``tool_requested(id)``: one of the map's tools."""

    closed = Signal()
    action_requested = Signal(str)
    base_map_asked = Signal()
    table_asked = Signal()
    tool_requested = Signal(str)

    def __init__(self, parts: Parts, session: ConsoleSession, number: int) -> None:
        super().__init__()
        self.number = number
        self._is_replay = session.is_replay
        self._hidden = hidden_needs(parts.logged_in)
        self._bookmarks: list[Command] = []
        self._tool_ids = frozenset(a.id for a in (*tool_actions(), *road_actions()))
        theme = parts.theme
        self.layers = LayerTreePanel(theme)
        self.map = MapWidget(session.model.store, parts.tile_url, theme, home=parts.home)
        self.messages = MessageBar(theme, time.time)
        self.tools = MapPanel(theme)
        self.palette_box = CommandPalette(theme, self)
        self.palette_box.chosen.connect(self.act)
        self.frame: ModeFrame | None = None
        self.setWindowTitle(self._title())
        inner = self._lay_out()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        if session.is_replay:
            word, meaning = self.tr("REPLAY"), self.tr("Past state. Orders are not carried out.")
            self.frame = ModeFrame(theme, inner, word, meaning)
            outer.addWidget(self.frame)
        else:
            outer.addWidget(inner)
        self.resize(1440, 900)
        add_shortcuts(self.act, self, self._hidden)
        self._covering = Covering(self, self.columns, self.messages)

    def set_cover(self, cover: QWidget | None) -> None:
        """Cover the map; None: the map again."""
        self.palette_box.hide()
        self._covering.put(cover)

    def toggle_layers(self) -> None:
        """Show the layers beside the map, or give their room to the map."""
        self.layers.setVisible(self.layers.isHidden())

    def act(self, name: str) -> None:
        """Carry out an action of the table; what is not the window's own is asked for."""
        mine: dict[str, Callable[[], object]] = {
            "palette": self._open_palette,
            "full_screen": self._toggle_full_screen,
            "follow": self.map.follow,
            "back": self.map.go_back,
            "forward": self.map.go_forward,
            "home": self.map.go_home,
            "layers": self.toggle_layers,
            "trails": self.map.toggle_trails,
            "basemap": self.base_map_asked.emit,
            "table": self.table_asked.emit,
        }
        why_not = next((c.why_not for c in self._commands() if c.id == name), "")
        if why_not:
            self.messages.show_message(Severity.INFO, why_not)
        elif name in mine:
            mine[name]()
        elif name in self._tool_ids or name.startswith(BOOKMARK):
            self.tool_requested.emit(name)
        else:
            self.action_requested.emit(name)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console, which takes the window apart."""
        self.closed.emit()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes one step back: out of a shape or a tool, then out of the full screen."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif not self.map.escape():
            self.leave_full_screen()

    def leave_full_screen(self) -> None:
        """An ordinary window again, if it fills the screen."""
        if self.isFullScreen():
            self.showNormal()

    # -- inside ---------------------------------------------------------------
    def _title(self) -> str:
        words = self.tr("Map {0} – OneMap Console")
        if self._is_replay:
            words = self.tr("Replay, map {0} – OneMap Console")
        return words.format(self.number)

    def _open_palette(self) -> None:
        mine = [c for c in self._commands() if c.id not in DESK_ONLY]
        self.palette_box.open_with([*mine, *self._bookmarks])

    def set_bookmarks(self, names: list[str]) -> None:
        """The views that are kept, for the palette."""
        self._bookmarks = bookmark_commands(names)

    def _commands(self) -> list[Command]:
        """What can be done here, and why not what cannot."""
        sounds = self.tr("This is a replay: it has no sounds.") if self._is_replay else ""
        at_the_desk = self.tr("This is done at the desk.")
        return [
            replace(c, why_not=at_the_desk) if c.id in DESK_ONLY else c
            for c in commands({"live": sounds}, self._hidden)
        ]

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _lay_out(self) -> QWidget:
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.layers)
        left.addWidget(self.tools)
        left.setStretchFactor(0, 1)
        left.setSizes([10_000, TOOLS_PX])
        columns = self.columns = QSplitter(Qt.Orientation.Horizontal)
        columns.addWidget(left)
        columns.addWidget(self.map)
        columns.setStretchFactor(1, 1)
        columns.setSizes([LAYERS_PX, 1440 - LAYERS_PX])
        for splitter in (left, columns):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        strip = Panel(self.layers.theme)
        across = QHBoxLayout(strip)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.messages)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(strip)
        column.addWidget(columns, 1)
        return inner

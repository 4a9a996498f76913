"""The duty desk: map in the middle, layers left, lists below, detail right. Layout only."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions import ActionBar, add_shortcuts, commands, hidden_needs
from app.actions_map import BOOKMARK, bookmark_commands, tool_actions
from app.actions_roads import road_actions
from app.console_parts import Parts
from app.drops import FileDrops
from app.session import ConsoleSession
from layers.render.map_widget import MapWidget
from services.domain.model import Severity
from widgets.alarm_list import AlarmListPanel
from widgets.card import CardPanel
from widgets.case_queue import CaseQueuePanel
from widgets.cover import Covering
from widgets.frame import ModeFrame
from widgets.incident import IncidentPanel
from widgets.layer_tree import LayerTreePanel
from widgets.map_panel import MapPanel
from widgets.palette import Command, CommandPalette
from widgets.panel import Panel
from widgets.return_bar import ReturnBar
from widgets.status_bar import TopBar
from widgets.time_axis import TimeAxis
from widgets.toast import MessageBar
from widgets.waiting_orders import WaitingBar

LEFT_PX, RIGHT_PX, BELOW_PX = 300, 410, 270
FADED = 0.35
STRIP_PX = 36
TOOLS_PX = 330
LEAST_PART = 0.8


class DeskWindow(QWidget):
    """A duty desk over one session; a replay's desk has the frame and the time axis as well.

    ``action_requested(id)``: an action of the table that concerns more than this window;
    ``tool_requested(id)``: one of the map's tools, or about what they made;
    ``incident_requested(lon, lat)``: a dispatch is to begin there.
    """

    closed = Signal()
    action_requested = Signal(str)
    base_map_asked = Signal()
    escape_pressed = Signal()
    tool_requested = Signal(str)
    incident_requested = Signal(float, float)

    def __init__(self, parts: Parts, session: ConsoleSession) -> None:
        super().__init__()
        self._dispatch_open = ""
        self._placed = False
        self._bookmarks: list[Command] = []
        self._is_replay = session.is_replay
        self._hidden = hidden_needs(parts.logged_in)
        self._tool_ids = frozenset(a.id for a in (*tool_actions(), *road_actions()))
        theme, lang, clock = parts.theme, parts.lang, session.model.now
        self.top = TopBar(theme, clock, replay=session.is_replay)
        self.layers = LayerTreePanel(theme)
        self.map = MapWidget(session.model.store, parts.tile_url, theme, home=parts.home)
        self.alarms = AlarmListPanel(theme, clock)
        self.cases = CaseQueuePanel(theme, clock, calendar=parts.calendar)
        self.card = CardPanel(theme, clock, parts.catalogue, lang, calendar=parts.calendar)
        self.incident = IncidentPanel(theme, parts.catalogue, lang)
        self.messages = MessageBar(theme, time.time)
        self.waiting = WaitingBar(theme)
        self.palette_box = CommandPalette(theme, self)
        self.palette_box.chosen.connect(self.act)
        self.axis = TimeAxis(theme) if session.is_replay else None
        self.frame: ModeFrame | None = None
        self.return_bar = ReturnBar(theme)
        self.tools = MapPanel(theme)
        self.detail = QStackedWidget()
        self.detail.addWidget(self.card)
        self.detail.addWidget(self.incident)
        inner = self._lay_out()
        self.setWindowTitle(
            self.tr("Replay – OneMap Console")
            if session.is_replay
            else self.tr("Duty desk – OneMap Console")
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        if session.is_replay:
            self.frame = ModeFrame(
                theme, inner, self.tr("REPLAY"), self.tr("Past state. Orders are not carried out.")
            )
            outer.addWidget(self.frame)
        else:
            outer.addWidget(inner)
        self.resize(1920, 1080)
        self.top.mute_requested.connect(lambda: self.act("mute"))
        add_shortcuts(self.act, self, self._hidden)
        beside = (self.top, self.messages, self.waiting, self.waiting.orders)
        blocked = beside if self.axis is None else (*beside, self.axis)
        self._fades: list[QGraphicsOpacityEffect] = []
        if session.is_replay:
            self._fades = [_fade(w) for w in (self.top, self.layers, self.alarms, self.cases)]
            self._fades.append(_fade(self.detail))
        self._covering = Covering(self, self.columns, *blocked)
        self.drops = FileDrops(self, self._may_drop)

    def set_cover(self, cover: QWidget | None) -> None:
        """Cover all but the top bar, and take no orders meanwhile; None: the desk again."""
        self.palette_box.hide()
        self._covering.put(cover)

    def _may_drop(self) -> bool:
        """Whether files that are dropped can be loaded here."""
        can = {c.id: not c.why_not for c in self._commands()}
        return can.get("imports", False) and not self._covering.covered

    def set_loading(self, words: str) -> None:
        """Grey the picture and say ``words`` instead of its moment; "" when it is whole."""
        if self.frame is not None and words:
            self.frame.set_clock(words)
        for fade in self._fades:
            fade.setEnabled(bool(words))

    def show_card(self) -> None:
        """Bring the detail card to the front."""
        self.detail.setCurrentWidget(self.card)
        self.return_bar.set_text(self._dispatch_open)

    def show_incident(self) -> None:
        """Bring the dispatch panel to the front."""
        self.detail.setCurrentWidget(self.incident)
        self.return_bar.set_text("")

    @property
    def shows_incident(self) -> bool:
        """Whether the dispatch panel is in front."""
        return self.detail.currentWidget() is self.incident

    def set_dispatch_open(self, text: str) -> None:
        """What dispatch is open, in words, so that the card can lead back to it; "" for none."""
        self._dispatch_open = text
        self.return_bar.set_text("" if self.shows_incident else text)

    def toggle_full_screen(self) -> None:
        """Fill the monitor, or go back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def act(self, name: str) -> None:
        """Carry out an action of the table; what is not the window's own is asked for."""
        mine: dict[str, Callable[[], object]] = {
            "palette": self._open_palette,
            "full_screen": self.toggle_full_screen,
            "follow": self.map.follow,
            "back": self.map.go_back,
            "forward": self.map.go_forward,
            "home": self.map.go_home,
            "basemap": self.base_map_asked.emit,
            "trails": self.map.toggle_trails,
            "layers": self._toggle_layers,
            "search": self.top.search.setFocus,
            "acknowledge": self._acknowledge,
            "shelve": self._shelve,
            "incident": self._incident_in_the_middle,
        }
        why_not = next((c.why_not for c in self._commands() if c.id == name), "")
        if name in self._tool_ids or name.startswith(BOOKMARK):
            self.tool_requested.emit(name)
        elif why_not:
            self.messages.show_message(Severity.INFO, why_not)
        elif name in mine:
            mine[name]()
        else:
            self.action_requested.emit(name)

    def _toggle_layers(self) -> None:
        self.left.setVisible(self.left.isHidden())

    def _open_palette(self) -> None:
        self.palette_box.open_with(self._commands())

    def set_bookmarks(self, names: list[str]) -> None:
        """The views that are kept, for the palette."""
        self._bookmarks = bookmark_commands(names)

    def _commands(self) -> list[Command]:
        """What can be done in this window, and why not what cannot."""
        if not self._is_replay:
            return [*commands({}, self._hidden), *self._bookmarks]
        orders = self.tr("This is a replay: orders go nowhere.")
        sounds = self.tr("This is a replay: it has no sounds.")
        return [*commands({"orders": orders, "live": sounds}, self._hidden), *self._bookmarks]

    def _acknowledge(self) -> None:
        if not self.alarms.acknowledge_selected():
            text = self.tr("Select unacknowledged alarms in the list first.")
            self.messages.show_message(Severity.INFO, text)

    def _shelve(self) -> None:
        if not self.alarms.ask_shelve():
            text = self.tr("Select alarms in the list first.")
            self.messages.show_message(Severity.INFO, text)

    def _incident_in_the_middle(self) -> None:
        self.incident_requested.emit(self.map.view.lon, self.map.view.lat)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that no part of the window took for itself."""
        if event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """On a small screen the columns at the sides give some of their width to the middle."""
        super().showEvent(event)
        if self._placed:
            return
        self._placed = True
        part = min(1.0, max(LEAST_PART, self.width() / 1920))
        left, right = round(LEFT_PX * part), round(RIGHT_PX * part)
        self.columns.setSizes([left, self.width() - left - right, right])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console, which takes the window apart."""
        self.closed.emit()
        super().closeEvent(event)

    def _strip(self) -> QWidget:
        """The line that messages and waiting orders share. It is there when both are silent, so
        that what comes and goes in it moves nothing under somebody's pointer."""
        strip = Panel(self.top.theme)
        strip.setFixedHeight(STRIP_PX)
        across = QHBoxLayout(strip)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.messages, 3)
        across.addWidget(self.waiting, 2)
        return strip

    def _lay_out(self) -> QWidget:
        lists = QSplitter(Qt.Orientation.Horizontal)
        lists.addWidget(self.alarms)
        lists.addWidget(self.cases)
        for place in (0, 1):
            lists.setStretchFactor(place, 1)
        lists.setSizes([10_000, 10_000])  # even, however long the words of their headers are
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.addWidget(self.map)
        middle.addWidget(lists)
        middle.setStretchFactor(0, 1)
        middle.setSizes([1080 - BELOW_PX, BELOW_PX])
        left = self.left = Panel(self.top.theme)
        under = QVBoxLayout(left)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(0)
        under.addWidget(self.layers, 1)
        under.addWidget(ActionBar(self.act, self, self._hidden))
        columns = self.columns = QSplitter(Qt.Orientation.Horizontal)
        right = Panel(self.top.theme)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.return_bar)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(self.detail)
        halves.addWidget(self.tools)
        halves.setStretchFactor(0, 1)
        halves.setSizes([10_000, TOOLS_PX])
        beside.addWidget(halves, 1)
        for part in (left, middle, right):
            columns.addWidget(part)
        columns.setStretchFactor(1, 1)
        columns.setSizes([LEFT_PX, 1920 - LEFT_PX - RIGHT_PX, RIGHT_PX])
        for splitter in (lists, middle, halves, columns):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self._strip())
        column.addWidget(self.waiting.orders)
        column.addWidget(columns, 1)
        if self.axis is not None:
            column.addWidget(self.axis)
        return inner


def _fade(widget: QWidget) -> QGraphicsOpacityEffect:
    effect = QGraphicsOpacityEffect(widget)
    effect.setOpacity(FADED)
    effect.setEnabled(False)
    widget.setGraphicsEffect(effect)
    return effect

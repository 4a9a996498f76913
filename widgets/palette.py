"""The command palette: every action of a window by typing a part of its name. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QWidget

from widgets.keyed_model import KEY_ROLE
from widgets.panel import column
from widgets.search_box import ROW_HEIGHT, ResultDelegate, ResultModel, SearchResult
from widgets.text import plain_label, set_role
from widgets.theme import Theme

WIDTH_PX, SHOWN_ROWS = 820, 14
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


@dataclass(frozen=True)
class Command:
    """One thing that can be done; ``why_not`` says why not now, "" when it can."""

    id: str
    text: str
    shortcut: str
    tip: str
    why_not: str = ""


def found_commands(commands: Sequence[Command], typed: str) -> list[Command]:
    """Commands in whose name, tip or id every typed word occurs; by name before by the rest."""
    wanted = typed.casefold().split()

    def holds(text: str) -> bool:
        return all(word in text.casefold() for word in wanted)

    by_name = [c for c in commands if holds(c.text)]
    rest = [c for c in commands if c not in by_name and holds(f"{c.text} {c.tip} {c.id}")]
    return [*by_name, *rest]


class CommandPalette(QFrame):
    """A window of its own, because nothing else stands above the map. ``chosen(id)``."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._commands: tuple[Command, ...] = ()
        self.edit = QLineEdit()
        self._model = ResultModel(self)
        self.list = QListView()
        self._nothing = plain_label(self.tr("No command has this name."), "empty")
        self._why = plain_label(role="minor")
        self._build(theme)

    def open_with(self, commands: Sequence[Command]) -> None:
        """Show all of them over the upper middle of the window."""
        self._commands = tuple(commands)
        self.edit.clear()
        self._find("")
        window = self.parentWidget()
        if window is not None:
            left = (window.width() - self.width()) // 2
            self.move(window.mapToGlobal(QPoint(left, window.height() // 8)))
        self.show()
        self.edit.setFocus()

    def shown(self) -> list[str]:
        """Ids that are listed."""
        return [result.id for result in self._model.results]

    # -- inside ---------------------------------------------------------------
    def _build(self, theme: Theme) -> None:
        set_role(self, "popup")
        self.setFixedWidth(WIDTH_PX)
        self.edit.setPlaceholderText(self.tr("What is to be done?"))
        self.edit.setAccessibleName(self.tr("Commands"))
        set_role(self.edit, "search")
        set_role(self.list, "popup-list")
        self.list.setModel(self._model)
        self.list.setItemDelegate(ResultDelegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(SHOWN_ROWS * ROW_HEIGHT)
        self._why.setWordWrap(True)
        layout = column(self, margin=8, gap=6)
        for widget in (self.edit, self.list, self._nothing, self._why):
            layout.addWidget(widget)
        self.edit.textChanged.connect(self._find)
        self.edit.installEventFilter(self)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(lambda _index: self._take())

    def _find(self, typed: str) -> None:
        found = found_commands(self._commands, typed)
        self._model.set_results(
            [
                SearchResult(c.id, c.text, f"{c.tip}  {c.shortcut}".strip(), able=not c.why_not)
                for c in found
            ]
        )
        self.list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._why.hide()
        if found:
            self.list.setCurrentIndex(self._model.index(0))
        self.adjustSize()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows choose, Enter takes, Escape leaves; all else is typing."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key in _MOVES and self._model.rowCount():
            last = self._model.rowCount() - 1
            row = min(last, max(0, self.list.currentIndex().row() + _MOVES[key]))
            self.list.setCurrentIndex(self._model.index(row))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _take(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            return
        taken = str(index.data(KEY_ROLE))
        why_not = next(c.why_not for c in self._commands if c.id == taken)
        if why_not:
            self._why.setText(why_not)
            self._why.show()
            self.adjustSize()
            return
        self.hide()
        self.chosen.emit(taken)

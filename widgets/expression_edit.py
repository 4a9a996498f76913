"""A line for an attribute expression that offers the names and values it could go on with.

GUI thread. ``settled(text)`` after a pause in typing, at once by Enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from layers.model.expression_syntax import FUNCTIONS, KEYWORDS
from layers.model.expression_tokens import MOST_CHARACTERS
from widgets.text import plain, set_role

PAUSE_MS = 500
MOST_OFFERED = 400
POPUP_PX = 380
_WORD = re.compile(r"[^\W\d]\w*$")
_OPEN_NAME = re.compile(r"\[([^\]]*)$")
_BARE = re.compile(r"[^\W\d]\w*")
_SPLIT = "   "
"""Between what is put in and what it means, in a line of the list."""

Offer = tuple[str, str]
"""What is put in, and what it means."""


class ExpressionEdit(QLineEdit):
    """See the module's docstring; ``set_fields`` says what there is."""

    settled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[Offer] = []
        self._values: dict[str, Sequence[Offer]] = {}
        self._begin = 0
        self._closing = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._settle)
        self._lines = QStringListModel(self)
        self._offers = QCompleter(self._lines, self)
        self._offers.setWidget(self)
        self._offers.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._offers.setFilterMode(Qt.MatchFlag.MatchContains)
        self.completer_list = QListView()
        self._offers.setPopup(self.completer_list)
        set_role(self.completer_list, "popup")
        self.completer_list.setMinimumWidth(POPUP_PX)
        self._offers.activated.connect(self._put)
        self.setMaxLength(MOST_CHARACTERS)
        self.setClearButtonEnabled(True)
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._emptied)

    def set_fields(self, names: Iterable[Offer], values: Mapping[str, Sequence[Offer]]) -> None:
        """Fields with their titles, and by field the values that are known, with their words."""
        words = [(word, "") for word in ("and", "or", "not", "like", "in", "between", "is null")]
        calls = [(f"{name}(", "") for name in FUNCTIONS]
        self._names = [*((_quoted(name), title) for name, title in names), *words, *calls]
        self._values = dict(values)

    def show_place(self, at: int) -> None:
        """Put the cursor to a character, counted from 1."""
        self.setCursorPosition(max(0, min(at - 1, len(self.text()))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter settles; Ctrl+Space offers everything."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if enter and self.completer_list.isVisible():
            event.ignore()  # the list takes it
        elif enter:
            self._settle()
        elif event.key() == Qt.Key.Key_Space and ctrl:
            self._offer(everything=True)
        else:
            super().keyPressEvent(event)

    # -- inside -------------------------------------------------------------------------
    def _settle(self) -> None:
        self._pause.stop()
        self.settled.emit(self.text())

    def _emptied(self, text: str) -> None:
        if not text:
            self._settle()

    def _edited(self, _text: str) -> None:
        self._pause.start()
        self._offer()

    def _offer(self, everything: bool = False) -> None:
        """Show what the word before the cursor could become."""
        before = self.text()[: self.cursorPosition()]
        offers, typed = self._could_be(before)
        in_quotes = before.count("'") % 2 == 1
        if not offers or not (typed or everything or in_quotes):
            self.completer_list.hide()
            return
        self._begin = len(before) - len(typed)
        lines = [plain(f"{word}{_SPLIT}{title}".rstrip()) for word, title in offers[:MOST_OFFERED]]
        self._lines.setStringList(lines)
        self._offers.setCompletionPrefix(typed)
        only = [self._offers.currentCompletion()] if self._offers.completionCount() == 1 else []
        if not self._offers.completionCount() or [line.split(_SPLIT)[0] for line in only] == [
            typed
        ]:
            self.completer_list.hide()
            return
        self._offers.complete()

    def _could_be(self, before: str) -> tuple[list[Offer], str]:
        if before.count("'") % 2:
            head, _, typed = before.rpartition("'")
            self._closing = "'"
            known = [w for w in re.findall(r"[^\W\d]\w*", head) if w in self._values]
            return (list(self._values[known[-1]]) if known else []), typed
        self._closing = ""
        found = _OPEN_NAME.search(before)
        if found is not None:
            self._closing = "]"
            return [(n.strip("[]"), t) for n, t in self._names if t], found.group(1)
        word = _WORD.search(before)
        return self._names, word.group() if word is not None else ""

    def _put(self, line: str) -> None:
        word = line.split(_SPLIT)[0]
        at = self.cursorPosition()
        closing = self._closing if not self.text()[at:].startswith(self._closing or "\0") else ""
        text = self.text()[: self._begin] + word + closing
        rest = self.text()[at:]
        space = "" if closing or word.endswith("(") or rest.startswith(" ") else " "
        self.setText(text + space + rest)
        self.setCursorPosition(len(text + space))
        self._pause.start()


def _quoted(name: str) -> str:
    """A field's name as it stands in an expression."""
    return name if _BARE.fullmatch(name) and name.lower() not in KEYWORDS else f"[{name}]"

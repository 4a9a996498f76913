"""The buttons of a case: exactly what its state and the account's role allow. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from services.cases.table import Command
from widgets.case_words import GRANT, REFUSE, command_word
from widgets.panel import button, clear_layout
from widgets.text import set_tooltip

COLUMNS = 2
MAIN: dict[str, Command] = {
    "reported": "register",
    "pending_verify": "verify",
    "pending_register": "register",
    "pending_dispatch": "dispatch",
    "pending_handle": "dispatch",
    "handling": "dispatch",
    "returned": "repair",
    "handle_finished": "hand_back",
    "pending_check": "close",
    "suspended": "resume",
}
"""What a state waits for: the button that stands out, where the role may press it."""
DANGER = frozenset({"void", "refuse"})


class CaseActions(QWidget):
    """``chosen(command)``: a button was pressed. Buttons stay where they are while nothing changes,
    so that none moves under a finger."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        self._shown: tuple[str, tuple[str, ...]] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)

    def set_commands(self, state: str, commands: Sequence[Command]) -> None:
        """Show these commands."""
        names = tuple(_names(state, commands))
        if (state, names) == self._shown:
            return
        self._shown = (state, names)
        clear_layout(self._grid)
        self.buttons.clear()
        main = MAIN.get(state)
        place = 0
        for name in names:
            role = "primary" if name == main else "danger" if name in DANGER else ""
            made = button(command_word(name), role)
            made.clicked.connect(lambda _=False, n=name: self.chosen.emit(n))
            self.buttons[name] = made
            if name == main:
                self._grid.addWidget(made, 0, 0, 1, COLUMNS)
                continue
            self._grid.addWidget(made, 1 + place // COLUMNS, place % COLUMNS)
            place += 1
        self.setVisible(bool(names))

    def set_usable(self, usable: bool, why_not: str) -> None:
        """Whether they may be pressed now, or why not."""
        for made in self.buttons.values():
            made.setEnabled(usable)
            set_tooltip(made, why_not)


def _names(state: str, commands: Sequence[Command]) -> list[str]:
    """Buttons in order: the main one, the others as the table has them, dangers last."""
    names: list[str] = []
    for command in commands:
        names += [GRANT, REFUSE] if command == "appeal_decide" else [command]
    main = MAIN.get(state)
    return sorted(names, key=lambda n: (n != main, n in DANGER))

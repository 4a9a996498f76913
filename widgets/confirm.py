"""A question within a panel: what will happen, an optional note, yes or back. Nothing blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from widgets.panel import button, column, line
from widgets.text import button_text, plain_label, set_role


class ConfirmBar(QFrame):
    """Asks before something that goes out or cannot be undone; hidden while nothing is asked.

    ``asked(bool)``: a question is open, or no longer.
    """

    asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "block")
        self._then: Callable[[str], None] | None = None
        self._note_needed = False
        self.text = plain_label(role="bold")
        self.text.setWordWrap(True)
        self.note = QLineEdit()
        self.yes = button("", "primary")
        self.back = button(self.tr("Back"))
        layout = column(self, margin=10, gap=8)
        layout.addWidget(self.text)
        layout.addWidget(self.note)
        layout.addLayout(line(self.yes, self.back, None))
        self.yes.clicked.connect(self._confirm)
        self.back.clicked.connect(self.dismiss)
        self.note.textChanged.connect(self._show_ready)
        self.note.returnPressed.connect(self._confirm)
        self.hide()

    def ask(
        self,
        text: str,
        yes: str,
        then: Callable[[str], None],
        *,
        note: str = "",
        note_needed: bool = False,
    ) -> None:
        """Show the consequence; ``then(note)`` runs on yes. ``note`` names the note's field."""
        self._then = then
        self._note_needed = note_needed
        self.text.setText(text)
        self.yes.setText(button_text(yes))
        self.note.clear()
        self.note.setPlaceholderText(note)
        self.note.setVisible(bool(note))
        self._show_ready()
        self.show()
        self.asked.emit(True)
        (self.note if note else self.yes).setFocus()

    def dismiss(self) -> None:
        """Forget the question."""
        if self._then is not None:
            self.asked.emit(False)
        self._then = None
        self.hide()

    def _show_ready(self) -> None:
        self.yes.setEnabled(not self._note_needed or bool(self.note.text().strip()))

    def _confirm(self) -> None:
        then, note = self._then, self.note.text().strip()
        if then is None or not self.yes.isEnabled():
            return
        self.dismiss()
        then(note)

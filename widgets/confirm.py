"""A question within a panel: what will happen, an optional note, yes or back. Nothing blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QSpinBox, QWidget

from widgets.panel import button, column, line
from widgets.text import button_text, plain, plain_label, set_role

DAYS, MOST_DAYS = 7, 365


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
        self.field = QLineEdit()
        self.field_label = plain_label(role="muted")
        self.days = QSpinBox()
        self.days.setRange(1, MOST_DAYS)
        self.note = QLineEdit()
        self.yes = button("", "primary")
        self.back = button(self.tr("Back"))
        layout = column(self, margin=10, gap=8)
        layout.addWidget(self.text)
        layout.addLayout(line(self.field_label, self.days, None))
        layout.addWidget(self.field)
        layout.addWidget(self.note)
        layout.addLayout(line(self.yes, self.back, None))
        self.yes.clicked.connect(self._confirm)
        self.back.clicked.connect(self.dismiss)
        self.note.textChanged.connect(self._show_ready)
        self.field.textChanged.connect(self._show_ready)
        self.field.returnPressed.connect(self._confirm)
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
        field: str = "",
        preset: str = "",
        days: str = "",
    ) -> None:
        """Show the consequence; ``then(note)`` runs on yes. ``note`` names the note's field.

        ``field`` names one more field that must be filled, with ``preset`` in it; ``days`` names
        a number of days. What was entered stays in ``self.field`` and ``self.days`` for ``then``.
        """
        self._then = then
        self._note_needed = note_needed
        self.field.setText(plain(preset))
        self.field.setVisible(bool(field))
        self.field_label.setText(field or days)
        self.field_label.setVisible(bool(field or days))
        self.days.setValue(DAYS)
        self.days.setVisible(bool(days))
        self.text.setText(text)
        self.yes.setText(button_text(yes))
        self.note.clear()
        self.note.setPlaceholderText(note)
        self.note.setVisible(bool(note))
        self._show_ready()
        self.show()
        self.asked.emit(True)
        first = self.field if field else self.note if note else self.yes
        first.setFocus()

    def dismiss(self) -> None:
        """Forget the question."""
        if self._then is not None:
            self.asked.emit(False)
        self._then = None
        self.hide()

    def _show_ready(self) -> None:
        told = not self._note_needed or bool(self.note.text().strip())
        filled = self.field.isHidden() or bool(self.field.text().strip())
        self.yes.setEnabled(told and filled)

    def _confirm(self) -> None:
        then, note = self._then, self.note.text().strip()
        if then is None or not self.yes.isEnabled():
            return
        self.dismiss()
        then(note)

"""Personal data of what the card shows: asked for with a reason, shown for a minute. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from widgets.card_parts import Fact, FactsView
from widgets.confirm import ConfirmBar
from widgets.panel import button, column, line
from widgets.text import plain_label, set_role

SHOWN_MS = 60_000


class PersonalView(QWidget):
    """``requested(reason)``. Hidden where there is nothing to ask for, or nobody may."""

    requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask = button(self.tr("Show personal data…"), "tool")
        self.confirm = ConfirmBar()
        self.facts = FactsView(self.tr("Personal data"))
        self.message = plain_label()
        self.message.setWordWrap(True)
        layout = column(self, gap=6)
        layout.addLayout(line(self.ask, None))
        for part in (self.confirm, self.message, self.facts):
            layout.addWidget(part)
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.setInterval(SHOWN_MS)
        self._over.timeout.connect(self.forget)
        self.ask.clicked.connect(self._ask)
        self.forget()
        self.hide()

    def forget(self) -> None:
        """Show nothing of it any more."""
        self._over.stop()
        self.facts.set_facts(())
        self.message.setText("")
        self.confirm.dismiss()
        self.ask.show()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show what the hub told, for a minute."""
        self.forget()
        self.facts.set_facts(facts)
        self._say(self.tr("Shown for a minute; that you looked is on record."), "faint")
        self.ask.hide()
        self._over.start()

    def show_error(self, text: str) -> None:
        """Say why it is not shown."""
        self._say(text, "critical")

    def _ask(self) -> None:
        self.confirm.ask(
            self.tr("That you look, and why, is kept in the audit."),
            self.tr("Show"),
            self.requested.emit,
            note=self.tr("Why do you need it?"),
            note_needed=True,
        )

    def _say(self, text: str, role: str) -> None:
        set_role(self.message, role)
        self.message.setText(text)

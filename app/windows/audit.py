"""The audit window: layout only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.audit_words import reason_word, type_word
from services.domain.clock import Clock
from widgets.audit_view import AuditView
from widgets.theme import Theme


class AuditWindow(QWidget):
    """One view of the audit."""

    closed = Signal()

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Audit – OneMap Console"))
        self.view = AuditView(theme, clock, type_word, reason_word)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.resize(1440, 900)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console."""
        self.closed.emit()
        super().closeEvent(event)

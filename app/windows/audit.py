"""The audit window: layout only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.actions import SeatBar
from app.audit_words import reason_word, type_word
from services.domain.clock import Clock
from widgets.audit_view import AuditView
from widgets.cover import Covering
from widgets.theme import Theme


class AuditWindow(QWidget):
    """One view of the audit."""

    closed = Signal()
    action_requested = Signal(str)

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Audit – OneMap Console"))
        self.view = AuditView(theme, clock, type_word, reason_word)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.bar = SeatBar(self)
        self.bar.asked.connect(self.action_requested)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.bar)
        self._covering = Covering(self, self.view, self.bar)
        self.resize(1440, 900)

    def set_cover(self, cover: QWidget | None) -> None:
        """Cover the records; None: show them again."""
        self._covering.put(cover)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console."""
        self.closed.emit()
        super().closeEvent(event)

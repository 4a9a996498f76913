"""The window for accounts. Layout only."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.actions import SeatBar
from app.console_parts import Parts
from widgets.accounts import AccountsPanel
from widgets.cover import Covering


class AccountsWindow(QWidget):
    """All accounts; only the security administrator gets anything to see in it."""

    closed = Signal()
    action_requested = Signal(str)

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Accounts – OneMap Console"))
        self.panel = AccountsPanel(parts.theme, time.time)
        self.bar = SeatBar(self)
        self.bar.asked.connect(self.action_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.panel, 1)
        layout.addWidget(self.bar)
        self._covering = Covering(self, self.panel, self.bar)
        self.resize(1_080, 760)

    def set_cover(self, cover: QWidget | None) -> None:
        """Cover the accounts; None: show them again."""
        self._covering.put(cover)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console, which takes the window apart."""
        self.closed.emit()
        super().closeEvent(event)

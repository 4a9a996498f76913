"""The window in which one logs in. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.login import LoginPanel
from widgets.theme import Theme


class LoginWindow(QWidget):
    """A login panel in a window of its own."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Log in – OneMap Console"))
        self.panel = LoginPanel(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        self.resize(560, 720)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell whoever opened it."""
        self.closed.emit()
        super().closeEvent(event)

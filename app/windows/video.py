"""The video window: one, four or nine cameras. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.console_parts import Parts
from widgets.cover import Covering
from widgets.video.grid import VideoGrid


class VideoWindow(QWidget):
    """A video grid that fills its window."""

    closed = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Video – OneMap Console"))
        self.grid = VideoGrid(parts.theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid)
        self._covering = Covering(self, self.grid)
        self.resize(1280, 760)

    def set_cover(self, cover: QWidget | None) -> None:
        """Cover the cameras; None: show them again."""
        self._covering.put(cover)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console, which takes the window apart."""
        self.closed.emit()
        super().closeEvent(event)

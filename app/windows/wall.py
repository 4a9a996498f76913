"""The wall overview: numbers, one map, the worst in words, curves. Full screen, read-only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.console_parts import Parts
from app.session import ConsoleSession
from layers.render.map_widget import MapWidget
from widgets.wall import WallPanel

WALL_SCALE = 2.0
"""Marks and words of the wall's map, against a desk's: it is read from six metres."""


class WallWindow(QWidget):
    """One wall; nothing on it changes anything. ``tile_url``: a base map with large words;
    ``distance_m``: from how far away it is read."""

    closed = Signal()

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        tile_url: str,
        distance_m: float | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Wall – OneMap Console"))
        self.map = MapWidget(
            session.model.store,
            tile_url,
            parts.theme,
            home=parts.home,
            scale=WALL_SCALE,
            controls=False,
        )
        self.panel = WallPanel(parts.theme, session.model.now)
        self.panel.set_map(self.map)
        self.panel.set_viewing_distance(distance_m)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        self.resize(1920, 1080)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F11 goes to full screen and back; Escape leaves it."""
        if event.key() == Qt.Key.Key_F11:
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console, which takes the window apart."""
        self.closed.emit()
        super().closeEvent(event)

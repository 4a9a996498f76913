"""The wall overview: numbers, one map, the worst in words, curves. Full screen, read-only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.console_parts import Parts
from app.session import ConsoleSession
from layers.render.map_widget import MapWidget
from widgets.wall import WallPanel

WALL_SCALE = 2.0
"""Marks and words of the wall's map, against a desk's, where the panel's factor is 1."""
SCALE_STEP = 0.25


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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.resize(1920, 1080)
        self.set_viewing_distance(distance_m)

    def set_viewing_distance(self, metres: float | None) -> None:
        """From how far away the wall is read; None: only in proportion to its window."""
        self.panel.set_viewing_distance(metres)
        self._scale_map()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The map's marks and words grow with the panel's."""
        super().resizeEvent(event)
        self._scale_map()

    def showEvent(self, event: QShowEvent) -> None:
        """The screen is known only now. The keyboard begins at no number in particular."""
        super().showEvent(event)
        self._scale_map()
        self.setFocus()

    def _scale_map(self) -> None:
        """In steps, because each draws all symbols anew."""
        factor = self.panel.scale().factor
        self.map.set_scale(max(1.0, round(WALL_SCALE * factor / SCALE_STEP) * SCALE_STEP))

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

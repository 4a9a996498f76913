"""Watches where a map comes to rest, so that its operator can go back. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from layers.model.history import Place, ViewHistory
from layers.model.view import MapView

REST_MS = 700
"""A view that stands so long is one to come back to."""


class ViewTrail(QObject):
    """Keeps the history of one view by its own clock."""

    def __init__(self, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._history = ViewHistory()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rested)

    def moved(self) -> None:
        """The view is another; whether it stays shows the time."""
        self._rest.start()

    def jump(self) -> None:
        """The view is about to jump, which ends what was looked at, however short."""
        if self._rest.isActive():
            self._rest.stop()
            self._rested()

    def reshaped(self) -> None:
        """The window has another size; that is no way to come back from."""
        self._rest.stop()
        self._history.reshape(self._place())

    def back(self) -> Place | None:
        """Where to go back to, None when there is nothing before."""
        self.jump()
        return self._history.back()

    def forward(self) -> Place | None:
        """Where the way back came from, None when there is nothing ahead."""
        self.jump()
        return self._history.forward()

    def stop(self) -> None:
        """Watch no more."""
        self._rest.stop()

    def _rested(self) -> None:
        self._history.rest(self._place())

    def _place(self) -> Place:
        return Place(self._view.lon, self._view.lat, self._view.zoom)

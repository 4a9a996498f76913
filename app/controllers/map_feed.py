"""What a session tells any map window: features, and the age of the data."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.session import ConsoleSession
from layers.render.map_widget import MapWidget
from services.domain.world import Delta
from services.feed.source import LinkUpdate


class MapFeed(QObject):
    """Keeps one map up with its session. GUI thread."""

    def __init__(self, session: ConsoleSession, chart: MapWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._map = chart
        session.model.changed.connect(self._changed)
        session.model.marks_changed.connect(chart.features_changed)
        session.link_changed.connect(self._link_changed)

    def catch_up(self) -> None:
        """Show what is known already, for a map that was opened later."""
        self._link_changed(self._session.link)
        self._map.features_changed()

    def _changed(self, _delta: Delta) -> None:
        self._map.features_changed()

    def _link_changed(self, link: LinkUpdate) -> None:
        if link.state == "connecting":
            return  # until it is in step again, what is shown is as old as it was
        self._map.set_stale(link.old, link.silent_s(self._session.model.now()))

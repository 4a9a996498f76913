"""The desk's map: clicks out, what is chosen, where to look."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.controllers.map_feed import MapFeed
from app.projection import CASE_PREFIX
from app.session import ConsoleSession
from app.windows.desk import DeskWindow

CLOSE_ZOOM = 16.0


class MapController(QObject):
    """``chosen(feature id)``: a mark was clicked."""

    chosen = Signal(str)

    def __init__(self, session: ConsoleSession, window: DeskWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._map = window.map
        self._feed = MapFeed(session, window.map, self)
        self._map.feature_clicked.connect(self._clicked)

    def go_to(self, feature_id: str) -> None:
        """Select a thing and bring it into view; a person asked, so the view may move."""
        self._map.set_selected(feature_id)
        place = self.place_of(feature_id)
        if place is not None:
            self._map.set_view(place[0], place[1], CLOSE_ZOOM)

    def place_of(self, feature_id: str) -> tuple[float, float] | None:
        """Longitude and latitude of a thing or a case, None where it has no place."""
        model = self._session.model
        record = (
            model.cases.get(feature_id.removeprefix(CASE_PREFIX))
            if feature_id.startswith(CASE_PREFIX)
            else model.entities.get(feature_id)
        )
        if record is None or record.lon is None or record.lat is None:
            return None
        return record.lon, record.lat

    def _clicked(self, feature_id: str) -> None:
        self._map.set_selected(feature_id)
        self.chosen.emit(feature_id)

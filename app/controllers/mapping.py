"""The map's controller: features in, clicks out, what is chosen, circles and lines."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.projection import CASE_PREFIX
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.domain.world import Delta
from services.feed.source import LinkUpdate

CLOSE_ZOOM = 16.0


class MapController(QObject):
    """``chosen(feature id)``: a mark was clicked."""

    chosen = Signal(str)

    def __init__(self, session: ConsoleSession, window: DeskWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._window = window
        self._map = window.map
        session.model.changed.connect(self._changed)
        session.model.marks_changed.connect(self._features_changed)
        session.link_changed.connect(self._link_changed)
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

    def _changed(self, _delta: Delta) -> None:
        self._features_changed()

    def _features_changed(self) -> None:
        self._map.features_changed()

    def _link_changed(self, link: LinkUpdate) -> None:
        if link.state == "connecting":
            return  # until it is in step again, what is shown is as old as it was
        self._map.set_stale(link.old, link.silent_s(self._session.model.now()))

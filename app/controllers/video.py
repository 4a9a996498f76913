"""Cameras into panes: the hub's registry is asked for the address, the pane plays it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject

from app.console_parts import Parts
from app.messages import person_text
from app.overview import worst_alarms
from app.session import ConsoleSession
from services.domain import nearness
from services.domain.errors import KnownError
from services.domain.model import Link
from widgets.video.grid import VideoGrid

FIRST_PANES = 4


class StreamFinder:
    """Looks a camera's stream address up, off the GUI thread; answers in one of two ways, as long
    as its owner is there."""

    def __init__(self, parts: Parts, owner: QObject) -> None:
        self._parts, self._owner = parts, owner

    def find(
        self, camera_id: str, found: Callable[[str], None], missing: Callable[[str], None]
    ) -> None:
        """``found(url)`` or ``missing(reason for a person)``, later, on the GUI thread."""
        api = self._parts.api

        def failed(error: Exception) -> None:
            missing(person_text(error) if isinstance(error, KnownError) else str(error))

        self._parts.operations.run(
            lambda: api.media_url(camera_id), found, failed, owner=self._owner
        )


class VideoController(QObject):
    """Fills the grid of a video window."""

    def __init__(self, parts: Parts, session: ConsoleSession, grid: VideoGrid) -> None:
        super().__init__(grid)
        self._session = session
        self._grid = grid
        self._finder = StreamFinder(parts, self)
        self._closed = False
        self._kinds = frozenset(k.id for k in parts.catalogue.with_trait("camera"))
        grid.camera_requested.connect(self._put)

    def open_camera(self, camera_id: str) -> None:
        """Show a camera in the next free pane."""
        self._put(camera_id, -1)

    def fill(self, lon: float, lat: float) -> None:
        """With nothing chosen yet, show the cameras round the worst alarm, or round a place."""
        if self._grid.cameras():
            return
        model = self._session.model
        for alarm in worst_alarms(model, model.now()):
            thing = model.entities.get(alarm.object_id)
            if thing is not None and thing.lon is not None and thing.lat is not None:
                lon, lat = thing.lon, thing.lat
                break
        for camera_id in self._nearest_online(lon, lat):
            self.open_camera(camera_id)

    def close(self) -> None:
        """End every stream; an address that comes late starts none."""
        self._closed = True
        self._grid.close_all()

    def _nearest_online(self, lon: float, lat: float) -> list[str]:
        cameras = [
            (e, e.lon, e.lat)
            for e in self._session.model.entities.values()
            if e.kind in self._kinds
            and e.link is Link.ONLINE
            and e.lon is not None
            and e.lat is not None
        ]
        if not cameras:
            return []
        lons, lats = np.array([c[1:] for c in cameras]).T
        number, _ = nearness.nearest(lon, lat, FIRST_PANES, lons, lats)
        return [cameras[i][0].id for i in number.tolist()]

    def _put(self, camera_id: str, index: int) -> None:
        entity = self._session.model.entities.get(camera_id)
        name = entity.name if entity is not None else camera_id
        where = None if index < 0 else index
        self._finder.find(
            camera_id,
            lambda url: self._add(camera_id, name, url, where),
            lambda reason: self._refuse(camera_id, name, reason, where),
        )

    def _add(self, camera_id: str, name: str, url: str, where: int | None) -> None:
        if not self._closed:
            self._grid.add(camera_id, name, url, where)

    def _refuse(self, camera_id: str, name: str, reason: str, where: int | None) -> None:
        if not self._closed:
            self._grid.unavailable(camera_id, name, reason, where)

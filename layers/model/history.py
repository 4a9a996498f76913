"""Back and forward through the views at which a map has rested. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from layers.model import mercator

MOST = 50
SAME_PX = 3.0
SAME_ZOOM = 0.02


@dataclass(frozen=True, slots=True)
class Place:
    """Where a map looks: centre in degrees and zoom."""

    lon: float
    lat: float
    zoom: float

    def is_at(self, other: Place) -> bool:
        """Whether an eye sees no difference."""
        (x0, x1), (y0, y1) = mercator.world_xy([self.lon, other.lon], [self.lat, other.lat])
        px = mercator.world_px(self.zoom)
        near = max(abs(x0 - x1), abs(y0 - y1)) * px <= SAME_PX
        return bool(near and abs(self.zoom - other.zoom) <= SAME_ZOOM)


class ViewHistory:
    """The views of one map in the order of seeing them, and where in it the map is."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._places: list[Place] = []
        self._at = -1

    def rest(self, place: Place) -> None:
        """The map has come to rest here; what was ahead is forgotten, as after any new way."""
        if self._at >= 0 and self._places[self._at].is_at(place):
            return
        self._places = [*self._places[: self._at + 1], place][-self._most :]
        self._at = len(self._places) - 1

    def reshape(self, place: Place) -> None:
        """The window has another size: the same view is shown otherwise."""
        if self._at < 0:
            self.rest(place)
        else:
            self._places[self._at] = place

    def back(self) -> Place | None:
        """The view before this one, None at the first."""
        return self._step(-1)

    def forward(self) -> Place | None:
        """The view that was gone back from, None at the last."""
        return self._step(1)

    def _step(self, by: int) -> Place | None:
        if not 0 <= self._at + by < len(self._places):
            return None
        self._at += by
        return self._places[self._at]

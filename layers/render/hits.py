"""What lies under a point of the screen: fan, marks, areas. GUI thread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from layers.model import mercator, pick
from layers.model.cluster import UNIT
from layers.model.features import FeatureStore
from layers.model.view import MapView
from layers.render.marks import DrawnMarks
from layers.render.over_layer import Fan
from layers.render.shape_layer import ShapeLayer

REACH_PX = 6.0
FAN_MARK_PX = 11.0


class Hits:
    """Answers for one window."""

    def __init__(self, store: FeatureStore, view: MapView, shapes: ShapeLayer) -> None:
        self._store = store
        self._view = view
        self._shapes = shapes

    def mark(self, drawn: DrawnMarks | None, x: float, y: float) -> int | None:
        """The drawn mark at a point, single or cluster."""
        if drawn is None:
            return None
        camera, response = self._view.camera(), drawn.response
        px = camera.world_px / UNIT
        at = np.array([x, y]) - self._screen(*response.origin)
        reach = drawn.widest + REACH_PX
        marks = response.blocks.inside((at - reach) / px, (at + reach) / px)
        places = response.xy[marks].astype(np.float64) * px
        hit = pick.pick_mark(places, drawn.radius[marks], float(at[0]), float(at[1]), REACH_PX)
        return None if hit is None else int(marks[hit])

    def fan_places(self, fan: Fan) -> npt.NDArray[np.float64]:
        """Screen pixels (n, 2) of what is fanned out."""
        return fan.offsets + self._screen(fan.x, fan.y)

    def in_fan(self, fan: Fan | None, x: float, y: float) -> int | None:
        """The row of the fanned-out feature at a point."""
        if fan is None:
            return None
        middle = self._screen(fan.x, fan.y)
        radius = np.full(len(fan.rows), FAN_MARK_PX)
        hit = pick.pick_mark(fan.offsets + middle, radius, x, y, REACH_PX)
        return None if hit is None else fan.rows[hit]

    def single(self, drawn: DrawnMarks | None, fan: Fan | None, x: float, y: float) -> int | None:
        """The row of the one living feature at a point; None over clusters and nothing."""
        row = self.in_fan(fan, x, y)
        if row is None and drawn is not None:
            mark = self.mark(drawn, x, y)
            row = None if mark is None else int(drawn.response.row[mark])
        return row if row is not None and row >= 0 and self._store.ids[row] else None

    def area(self, x: float, y: float, visible: frozenset[str] | None) -> int | None:
        """The row of the line at a point, else of the smallest drawn area round it."""
        found = self.areas(x, y, visible)
        return found[0] if found else None

    def areas(self, x: float, y: float, visible: frozenset[str] | None) -> list[int]:
        """Rows of all drawn lines at a point and areas round it, lines first, then the smallest."""
        lon, lat = self._view.lonlat_from_screen(x, y)
        at_x, at_y = mercator.world_xy(lon, lat)
        world = float(at_x), float(at_y)
        return self._shapes.areas_at(lon, lat, world, self._view.zoom, visible)

    def places(self, drawn: DrawnMarks) -> npt.NDArray[np.float64]:
        """Screen pixels (n, 2) of all drawn marks."""
        origin = drawn.response.origin
        px = self._view.camera().world_px
        offset = self._screen(*origin)
        return drawn.response.xy.astype(np.float64) * (px / UNIT) + offset

    def pulse_in_view(self, drawn: DrawnMarks) -> bool:
        """Whether a mark that is not acknowledged is on the screen."""
        loud = self.places(drawn)[drawn.pulsing]
        if not len(loud):
            return False
        inside = (loud >= -20).all(axis=1) & (loud[:, 0] <= self._view.width + 20)
        return bool((inside & (loud[:, 1] <= self._view.height + 20)).any())

    def any_in_view(self, ends: npt.NDArray[np.float32], origin: tuple[float, float]) -> bool:
        """Whether one of some segments (n, 4), in map units from an origin, may be seen."""
        if not len(ends):
            return False
        w, n, e, s = self._view.camera().rect()
        left, right = np.minimum(ends[:, 0], ends[:, 2]), np.maximum(ends[:, 0], ends[:, 2])
        top, bottom = np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3])
        inside = (right >= (w - origin[0]) * UNIT) & (left <= (e - origin[0]) * UNIT)
        inside &= (bottom >= (n - origin[1]) * UNIT) & (top <= (s - origin[1]) * UNIT)
        return bool(inside.any())

    def most_features(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north round all but the outermost features; None without any."""
        rows = self._store.rows()
        if not len(rows):
            return None
        w, e = np.percentile(self._store.lon[rows], (1, 99)).tolist()
        s, n = np.percentile(self._store.lat[rows], (1, 99)).tolist()
        return w, s, e, n

    def _screen(self, x: float, y: float) -> npt.NDArray[np.float64]:
        camera = self._view.camera()
        return np.array(
            [
                (x - camera.x) * camera.world_px + camera.width / 2,
                (y - camera.y) * camera.world_px + camera.height / 2,
            ]
        )

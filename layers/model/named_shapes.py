"""Where the names of areas and lines stand. Pure.

An area's name stands well inside it, and inside the part that is in view when its middle is not. A
line's name runs along its longest stretch in view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from layers.model import mercator
from layers.model.features import FeatureStore
from layers.model.overlays import Place, inside_point
from layers.model.shapes import Shapes
from services.domain.model import Ring

Rows = npt.NDArray[np.int64]
Rect = tuple[float, float, float, float]
MOST_SHAPES = 60
"""Names of more areas than this do not fit a view."""
SMALLEST_PX = 44.0
"""Areas and stretches below this have no room for a name."""
MOST_CLIPPED = 12


@dataclass(frozen=True, slots=True)
class NamedShape:
    """A store row, the place of its name in world coordinates, the room there (width and height in
    world widths) and the cosine and sine of the direction in which it is written."""

    row: int
    at: Place
    room: tuple[float, float]
    turn: tuple[float, float] = (1.0, 0.0)


class ShapeNames:
    """Remembers the middles of areas, which cost a tenth of a millisecond each."""

    def __init__(self, store: FeatureStore) -> None:
        self._store = store
        self._middles: dict[int, tuple[tuple[Ring, ...], Place | None]] = {}
        self._clipped = 0

    def of(self, shapes: Shapes, entries: Rows, rect: Rect, world_px: float) -> list[NamedShape]:
        """The shapes of some entries whose name has room, worst and largest first. ``rect``: the
        view in world coordinates; ``world_px``: pixels of the world's width."""
        box = shapes.box[entries]
        wide, high = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
        large = np.flatnonzero(np.hypot(wide, high) * world_px >= SMALLEST_PX)
        severity = self._store.severity[shapes.row[entries[large]]].astype(np.int64)
        order = np.lexsort((-(wide * high)[large], -severity))[:MOST_SHAPES]
        self._clipped = 0
        if len(self._middles) > 20 * MOST_SHAPES:
            self._middles.clear()
        named = (self._named(shapes, int(entries[i]), rect) for i in large[order].tolist())
        return [shape for shape in named if shape is not None]

    def _named(self, shapes: Shapes, entry: int, rect: Rect) -> NamedShape | None:
        row = int(shapes.row[entry])
        rings = self._store.rings[row]
        if rings[0][0] != rings[0][-1]:
            return _along(row, shapes.segments[shapes.start[entry] : shapes.start[entry + 1]], rect)
        known = self._middles.get(row)
        if known is None or known[0] is not rings:
            known = self._middles[row] = (rings, inside_point(rings))
        middle = known[1]
        w, n, e, s = shapes.box[entry].tolist()
        if middle is not None and not _in(rect, middle):
            middle = self._in_view(rings, rect)
            w, n, e, s = max(w, rect[0]), max(n, rect[1]), min(e, rect[2]), min(s, rect[3])
        return None if middle is None else NamedShape(row, middle, (e - w, s - n))

    def _in_view(self, rings: tuple[Ring, ...], rect: Rect) -> Place | None:
        """A place inside the part of an area that is in view."""
        self._clipped += 1
        if self._clipped > MOST_CLIPPED:
            return None
        lon, lat = mercator.lonlat(np.array(rect[0::2]), np.array(rect[1::2]))
        area = shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
        part = shapely.clip_by_rect(area, lon[0], lat[1], lon[1], lat[0])
        polygons = [p for p in shapely.get_parts(part) if p.geom_type == "Polygon" and p.area > 0]
        if not polygons:
            return None
        largest = max(polygons, key=lambda p: float(p.area))
        outline = (largest.exterior, *largest.interiors)
        return inside_point(tuple(tuple(ring.coords) for ring in outline))


def _along(row: int, ends: npt.NDArray[np.float64], rect: Rect) -> NamedShape | None:
    """The longest segment with its middle in view."""
    middle = (ends[:, 0:2] + ends[:, 2:4]) / 2
    seen = (middle >= (rect[0], rect[1])).all(axis=1) & (middle <= (rect[2], rect[3])).all(axis=1)
    at = np.flatnonzero(seen)
    if not len(at):
        return None
    way = ends[at, 2:4] - ends[at, 0:2]
    length = np.hypot(way[:, 0], way[:, 1])
    best = int(np.argmax(length))
    if length[best] <= 0:
        return None
    x, y = (way[best] / length[best]).tolist()
    if x < 0 or (x == 0 and y < 0):  # never written upside down
        x, y = -x, -y
    place = float(middle[at[best], 0]), float(middle[at[best], 1])
    return NamedShape(row, place, (float(length[best]), 0.0), (x, y))


def _in(rect: Rect, place: Place) -> bool:
    return rect[0] <= place[0] <= rect[2] and rect[1] <= place[1] <= rect[3]

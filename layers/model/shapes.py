"""Areas and lines of features as segments and triangles in world coordinates. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from layers.model import mercator
from layers.model.features import FeatureStore
from services.domain.model import Ring

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_NONE = np.zeros((0, 4))


@dataclass(frozen=True, slots=True)
class Shapes:
    """Segments of all outlines, grouped by feature: those of entry i are ``start[i]:start[i+1]``.

    ``row``: store rows; ``box`` (n, 4): west, north, east, south; ``segments`` (m, 4): both ends.
    """

    row: Rows
    box: Floats
    start: Rows
    segments: Floats

    @classmethod
    def of(cls, store: FeatureStore) -> Shapes:
        """Collect the rings of a store, all in one go: ring by ring a district takes 50 ms."""
        rows = sorted(store.rings)
        if not rows:
            return cls(np.zeros(0, np.int64), np.zeros((0, 4)), np.zeros(1, np.int64), _NONE)
        rings = [ring for row in rows for ring in store.rings[row]]
        owner = np.repeat(np.arange(len(rows)), [len(store.rings[row]) for row in rows])
        lengths = np.array([len(ring) for ring in rings], np.int64)
        points = np.array(list(chain.from_iterable(rings)), np.float64).reshape(-1, 2)
        world = np.stack(mercator.world_xy(points[:, 0], points[:, 1]), axis=1)
        goes_on = np.ones(len(points), np.bool_)
        goes_on[np.cumsum(lengths) - 1] = False  # a ring's last point begins no segment
        begin = np.flatnonzero(goes_on)
        first = _starts(np.bincount(owner, lengths))[:-1]
        return cls(
            row=np.array(rows, np.int64),
            box=np.hstack([np.minimum.reduceat(world, first), np.maximum.reduceat(world, first)]),
            start=_starts(np.bincount(owner, lengths - 1)),
            segments=np.hstack([world[begin], world[begin + 1]]),
        )

    def touching(self, rect: tuple[float, float, float, float]) -> Rows:
        """Entries whose box touches a rect."""
        w, n, e, s = self.box.T if len(self.box) else np.zeros((4, 0))
        return np.flatnonzero((w <= rect[2]) & (e >= rect[0]) & (n <= rect[3]) & (s >= rect[1]))

    def segments_of(self, entries: Rows) -> tuple[Floats, Rows]:
        """Segments of some entries, and for each segment its position in ``entries``."""
        lengths = self.start[entries + 1] - self.start[entries]
        owner = np.repeat(np.arange(len(entries)), lengths)
        before = np.cumsum(lengths) - lengths
        at = np.arange(int(lengths.sum())) - before[owner] + self.start[entries][owner]
        return self.segments[at], owner


def _starts(lengths: npt.NDArray[Any]) -> Rows:
    """Where each of several runs begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def segments(run: Ring | Floats) -> Floats:
    """Segments (n, 4) in world coordinates along a run of degrees, not closed by itself."""
    points = np.asarray(run, np.float64).reshape(-1, 2)
    x, y = mercator.world_xy(points[:, 0], points[:, 1])
    return np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=1)


def triangles(rings: tuple[Ring, ...]) -> Floats:
    """Corners (3 n, 2) in world coordinates of triangles that fill an area; none for a line.

    Rings that cross themselves are mended first.
    """
    if len(rings[0]) < 4 or rings[0][0] != rings[0][-1]:
        return np.zeros((0, 2))
    area = shapely.Polygon(rings[0], rings[1:])
    if not area.is_valid:
        area = shapely.make_valid(area)
    parts = shapely.get_parts(shapely.constrained_delaunay_triangles(area))
    if not len(parts):
        return np.zeros((0, 2))
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)
    return np.stack(mercator.world_xy(corners[:, 0], corners[:, 1]), axis=1)


class Triangles:
    """The triangles of a store's areas, worked out once for each outline."""

    def __init__(self, store: FeatureStore) -> None:
        self._store = store
        self._kept: dict[int, tuple[tuple[Ring, ...], Floats]] = {}

    def of(self, row: int) -> Floats:
        """Corners as ``triangles`` gives them; none for a row without an outline."""
        rings = self._store.rings.get(row)
        if not rings:
            self._kept.pop(row, None)
            return np.zeros((0, 2))
        kept = self._kept.get(row)
        if kept is None or kept[0] is not rings:
            kept = self._kept[row] = (rings, triangles(rings))
        return kept[1]

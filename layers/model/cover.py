"""Regions of the map as spans of the Morton order: the few cells that cover them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.order import Rows, SpatialOrder

Rect = tuple[float, float, float, float]
"""West, north, east, south in world coordinates (0..1, south down)."""
CELLS = 256
"""About so many cells cover a region: more cost more to look up, fewer hold more strangers."""


class Boxes(NamedTuple):
    """Cells as boxes, one entry per cell, in world coordinates, and a little more on each side."""

    west: mercator.Floats
    north: mercator.Floats
    east: mercator.Floats
    south: mercator.Floats

    def whole(self) -> npt.NDArray[np.bool_]:
        """Which boxes are within the square world; those on its rim go on without end."""
        ends = [np.isfinite(side) for side in self]
        inside: npt.NDArray[np.bool_] = np.logical_and.reduce(ends)
        return inside


Inner = Callable[[Boxes], npt.NDArray[np.bool_]]
"""Which boxes lie wholly inside a region, so that what is in them needs no closer look."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The cells that cover a region: those surely inside, and the others, sorted codes of a level.

    Edges of the rects count; a rect that is a line or a point is a region too.
    """

    level: int
    sure: mercator.Codes
    maybe: mercator.Codes

    @classmethod
    def of(cls, rects: Sequence[Rect], inner: Inner | None = None, cells: int = CELLS) -> Cover:
        """With about so many cells."""
        level = min(_level(rect, cells) for rect in rects)
        codes = [_cells(rect, level) for rect in rects]
        cell = codes[0] if len(codes) == 1 else np.unique(np.concatenate(codes))
        if inner is None:
            return cls(level, cell[:0], cell)
        sure = inner(_boxes(cell, level))
        return cls(level, cell[sure], cell[~sure])

    def rows(self, order: SpatialOrder) -> tuple[Rows, Rows]:
        """Rows of an order: (surely inside, may be), each row once."""
        return _rows(order, self.sure, self.level), _rows(order, self.maybe, self.level)


def positions(lo: Rows, hi: Rows) -> Rows:
    """All positions of the spans ``lo`` to before ``hi``, in order."""
    lengths = hi - lo
    total = int(lengths.sum())
    starts = np.repeat(lo - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    found: Rows = np.arange(total, dtype=np.int64) + starts
    return found


def _level(rect: Rect, cells: int) -> int:
    """The finest level at which a rect has no more than about so many cells."""
    level = mercator.BITS
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    while level > 0 and (width * (1 << level) + 1) * (height * (1 << level) + 1) > cells:
        level -= 1
    return level


def _cells(rect: Rect, level: int) -> mercator.Codes:
    """The cells that touch a rect, sorted."""
    shift = mercator.BITS - level
    w, n, e, s = (mercator.fixed(rect) >> shift).tolist()
    grid_x, grid_y = np.meshgrid(np.arange(w, e + 1), np.arange(n, s + 1))
    return np.sort(mercator.morton(grid_x.ravel(), grid_y.ravel()))


def _boxes(cell: mercator.Codes, level: int) -> Boxes:
    ix, iy = mercator.unmorton(cell)
    size, slack = float(1 << level), 2.0 / mercator.FIXED
    x, y = ix / size, iy / size
    # What lies beyond the square world stands in its first and last cells.
    north = np.where(iy == 0, -np.inf, y - slack)
    south = np.where(iy == (1 << level) - 1, np.inf, y + 1 / size + slack)
    west = np.where(ix == 0, -np.inf, x - slack)
    east = np.where(ix == (1 << level) - 1, np.inf, x + 1 / size + slack)
    return Boxes(west, north, east, south)


def _rows(order: SpatialOrder, cell: mercator.Codes, level: int) -> Rows:
    if not len(cell) or not len(order.rows):
        return np.zeros(0, np.int64)
    gap = np.flatnonzero(np.diff(cell) > 1)
    first = cell[np.concatenate([[0], gap + 1])]
    last = cell[np.concatenate([gap, [len(cell) - 1]])]
    shift = np.uint64(2 * (mercator.BITS - level))
    lo = np.searchsorted(order.codes, first << shift)
    hi = np.searchsorted(order.codes, (last + np.uint64(1)) << shift)
    return order.rows[positions(lo, hi)]

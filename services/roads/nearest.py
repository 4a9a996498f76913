"""The nearest stretch to each of many places at once: segments in the cells of a grid.

Places with no segment within a cell's width are left to the caller. Pure; numpy only, because
asking a tree place by place takes seconds for a city's inventory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.roads.plane import Floats, Ints

LEAST_CELL_M, MOST_CELL_M = 40.0, 150.0
CHUNK = 4_096
"""Places looked at together: bounds the memory of their candidates."""
_MOST_CELLS = 1 << 40
_NONE = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Near:
    """Of each place that has one: its number, the stretch, the share of it, metres."""

    place: Ints
    edge: Ints
    share: Floats
    metres: Floats


class SegmentIndex:
    """``course`` (n, 2): corners of all stretches one after another; ``run`` (n,): whose they
    are; ``edge``: the stretch that each run counts as; ``coarser``: cells so much wider."""

    def __init__(self, course: Floats, run: Ints, edge: Ints, coarser: float = 1.0) -> None:
        goes_on = run[1:] == run[:-1]
        a, b = course[:-1][goes_on], course[1:][goes_on]
        owner = run[1:][goes_on]
        length = np.hypot(*(b - a).T)
        whole = np.bincount(owner, length, minlength=len(edge))
        before = np.cumsum(length) - length
        first = np.zeros(len(edge))
        first[owner[::-1]] = before[::-1]  # the first segment of a run is written last
        before = before - first[owner]
        self.cell_m = _cell_m(course, length, coarser)
        self._cut(a, b, length, before, edge[owner], whole[owner])
        self._fill()

    def nearest(self, xy: Floats) -> Near:
        """For places (n, 2), finite; only those that have a segment within ``cell_m``."""
        parts = [self._chunk(xy, at) for at in range(0, len(xy), CHUNK)]
        if not parts:
            return Near(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        return Near(
            np.concatenate([p.place for p in parts]),
            np.concatenate([p.edge for p in parts]),
            np.concatenate([p.share for p in parts]),
            np.concatenate([p.metres for p in parts]),
        )

    # -- inside -------------------------------------------------------------------------
    def _cut(
        self,
        a: Floats,
        b: Floats,
        length: Floats,
        before: Floats,
        edge: Ints,
        whole: Floats,
    ) -> None:
        """Segments in pieces no longer than a cell, so that each lies in four cells at most."""
        pieces = np.maximum(1, np.ceil(length / self.cell_m)).astype(np.int64)
        of = np.repeat(np.arange(len(a)), pieces)
        number = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        step = (b - a) / pieces[:, None]
        start = a[of] + step[of] * number[:, None]
        self._x, self._y = start[:, 0].copy(), start[:, 1].copy()
        self._dx, self._dy = step[of, 0].copy(), step[of, 1].copy()
        self._square = np.maximum(self._dx**2 + self._dy**2, 1e-12)
        size = length[of] / pieces[of]
        total = np.maximum(whole[of], 1e-9)
        self._from = (before[of] + size * number) / total
        self._share = size / total
        self._edge = edge[of]

    def _fill(self) -> None:
        """Pieces sorted by cell, those of lower stretches first; a piece stands in every cell that
        its box touches."""
        ends = self._x + self._dx, self._y + self._dy
        left, right = np.minimum(self._x, ends[0]), np.maximum(self._x, ends[0])
        low, high = np.minimum(self._y, ends[1]), np.maximum(self._y, ends[1])
        self._west = float(left.min()) - 2 * self.cell_m
        self._south = float(low.min()) - 2 * self.cell_m
        x0, x1 = self._cells(left, self._west), self._cells(right, self._west)
        y0, y1 = self._cells(low, self._south), self._cells(high, self._south)
        self._width, self._height = int(x1.max()) + 3, int(y1.max()) + 3
        number = np.arange(len(self._x))
        wide, tall = x1 > x0, y1 > y0
        corners = (
            (x0, y0, np.ones(len(number), np.bool_)),
            (x1, y0, wide),
            (x0, y1, tall),
            (x1, y1, wide & tall),
        )
        keys = np.concatenate([(y * self._width + x)[here] for x, y, here in corners])
        entries = np.concatenate([number[here] for _, _, here in corners])
        order = np.lexsort((entries, keys))
        self._keys, self._entries = keys[order], entries[order]

    def _cells(self, metres: Floats, origin: float) -> Ints:
        return np.floor((metres - origin) / self.cell_m).astype(np.int64)

    def _chunk(self, xy: Floats, at: int) -> Near:
        x, y = xy[at : at + CHUNK, 0], xy[at : at + CHUNK, 1]
        column, row = self._cells(x, self._west), self._cells(y, self._south)
        inside = (column >= 0) & (column < self._width) & (row >= 0) & (row < self._height)
        place = np.flatnonzero(inside)
        key = row[place] * self._width + column[place]
        count, piece = self._candidates(key)
        some = count > 0
        place, count = place[some], count[some]
        if not len(place):
            return Near(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        begin = np.cumsum(count) - count
        dx, dy = self._dx[piece], self._dy[piece]
        ax = np.repeat(x[place], count) - self._x[piece]
        ay = np.repeat(y[place], count) - self._y[piece]
        along = np.clip((ax * dx + ay * dy) / self._square[piece], 0.0, 1.0)
        square = (ax - along * dx) ** 2 + (ay - along * dy) ** 2
        best = np.minimum.reduceat(square, begin)
        edge = np.where(square <= np.repeat(best, count), self._edge[piece], _NONE)
        lowest = np.minimum.reduceat(edge, begin)
        rows = np.flatnonzero(edge == np.repeat(lowest, count))
        owner = np.repeat(np.arange(len(place)), count)[rows]
        chosen = rows[np.searchsorted(owner, np.arange(len(place)))]
        near = np.flatnonzero(best <= self.cell_m**2)
        chosen = chosen[near]
        share = self._from[piece[chosen]] + along[chosen] * self._share[piece[chosen]]
        return Near(place[near] + at, lowest[near], np.clip(share, 0.0, 1.0), np.sqrt(best[near]))

    def _candidates(self, key: Ints) -> tuple[Ints, Ints]:
        """Pieces in the nine cells round each place: how many, and which, place by place."""
        rows = (key[:, None] + np.array([-self._width, 0, self._width])).ravel()
        low = np.searchsorted(self._keys, rows - 1, "left")
        count = np.searchsorted(self._keys, rows + 1, "right") - low
        skipped = np.cumsum(count) - count
        at = np.arange(int(count.sum())) + np.repeat(low - skipped, count)
        return count.reshape(-1, 3).sum(axis=1), self._entries[at]


def _cell_m(course: Floats, length: Floats, coarser: float) -> float:
    """A width with a few segments to a cell, and not more cells than can be numbered."""
    wide, high = np.ptp(course, axis=0) + 1.0
    even = float(np.sqrt(wide * high / max(len(length), 1)))
    least = float(np.sqrt(wide * high / _MOST_CELLS))
    return max(least, coarser * min(max(even, LEAST_CELL_M), MOST_CELL_M))

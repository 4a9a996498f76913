"""Clusters by zoom: cells of equal Morton prefixes, from prefix sums over the sorted codes.

A response costs time in proportion to the cells in view, whatever the number of features. All of it
is pure and may run in any thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.blocks import Blocks
from layers.model.cluster_index import ClusterIndex
from layers.model.crowd import crowd, joined
from layers.model.placing import aside, inside
from layers.model.runs import Codes, Pool, Rows
from layers.model.spacing import radii, spaced

SPLIT_ZOOM = 17
"""From here on features are only joined where their marks would lie on each other."""
CLOSEST_ZOOM = 19
"""Here cells are finest; what still shares one is fanned out by a click."""
PROMINENT_ZOOM = 14
"""From here on prominent features stand beside the clusters with a mark of their own."""
SPLIT_COUNT = 4
"""Cells with at most so many features show them one by one."""
MOST_OWN = 3_000
"""Of prominent marks; where there would be more, cells are coarser: they would hide each other."""
UNIT = 1 << 28
"""Mark offsets are in 1/UNIT of the world: one pixel at zoom 20."""
CROWD = 5_000
"""From so many marks of their own in a view on, those that others all but hide are left out."""
CROWD_CELL_BITS = 5
"""Of a crowd one mark is drawn in each cell of 8 to 16 pixels, two thirds of a symbol at most: more
of them only hide what they are of."""
MAX_CELLS = 40_000
STEP_PX = 0.25
"""Badges stand on a grid of this: less of a move is not seen, and need not be drawn."""


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """``rect``: west, north, east, south in world coordinates; ``cluster`` False draws every one.

    ``origin``: where offsets count from, in world coordinates; within 1/64 of the world they are
    exact to a pixel at zoom 20. ``coarser`` takes cells of so many zoom levels further out, for
    marks that are drawn larger.
    """

    zoom: float
    rect: tuple[float, float, float, float]
    origin: tuple[float, float]
    cluster: bool = True
    coarser: int = 0

    def covers(self, zoom: float, rect: tuple[float, float, float, float]) -> bool:
        """Whether the marks that it asks for fill a view."""
        return _covers(math.floor(self.zoom), self.rect, zoom, rect)


@dataclass(frozen=True, slots=True)
class ClusterResponse:
    """Marks in drawing order (worst last). ``xy``: offsets from ``origin`` in 1/UNIT of the world.

    ``row`` is the feature of a mark with a count of one, else -1. ``spans`` holds two ranges of
    codes (from, to before) per cluster: of ordinary and of prominent features that are in it; of a
    mark in a crowd what lies under it as well. ``blocks`` finds among ``xy``.
    """

    level: int
    rect: tuple[float, float, float, float]
    origin: tuple[float, float]
    xy: npt.NDArray[np.float32]
    count: npt.NDArray[np.int64]
    row: Rows
    severity: npt.NDArray[np.uint8]
    unacked: npt.NDArray[np.bool_]
    spans: Codes
    index: ClusterIndex
    blocks: Blocks = field(init=False)

    def __post_init__(self) -> None:
        """Also of a copy in another order, so that numbers found are always those of ``xy``."""
        object.__setattr__(self, "blocks", Blocks.of(self.xy))

    def members(self, mark: int) -> Rows:
        """Rows of the features inside one mark."""
        return self.row[mark : mark + 1] if self.row[mark] >= 0 else self.under(mark)

    def under(self, mark: int) -> Rows:
        """Rows of the features inside one mark, or hidden by it in a crowd."""
        if not self.spans[mark].any():
            return self.row[mark : mark + 1]
        a, b, c, d = self.spans[mark, :, None]
        own = self.index.prominent.rows_in(c, d)
        return np.concatenate([self.index.ordinary.rows_in(a, b), own])

    def shares(self) -> npt.NDArray[np.int64] | None:
        """How many things of each group each mark stands for, (marks, groups); None without."""
        index = self.index
        return None if index.shares is None else index.shares.counts(index.pools, self.spans)

    def covers(self, zoom: float, rect: tuple[float, float, float, float]) -> bool:
        """Whether these marks still fill a view."""
        return _covers(self.level, self.rect, zoom, rect)


def _covers(
    level: int,
    has: tuple[float, float, float, float],
    zoom: float,
    rect: tuple[float, float, float, float],
) -> bool:
    w, n, e, s = has
    return math.floor(zoom) == level and (
        w <= rect[0] and n <= rect[1] and e >= rect[2] and s >= rect[3]
    )


# -- response -----------------------------------------------------------------------------
@dataclass(slots=True)
class _Cells:
    """Non-empty ranges of codes in one pool, how many rows each has, and its cell level."""

    lo: Codes
    hi: Codes
    count: Rows
    level: Rows

    def __getitem__(self, chosen: Rows | npt.NDArray[np.bool_]) -> _Cells:
        return _Cells(self.lo[chosen], self.hi[chosen], self.count[chosen], self.level[chosen])

    def of_level(self, level: int) -> Codes:
        """The cell of a level that each range lies in."""
        return self.lo >> np.uint64(2 * (mercator.BITS - level))


def cluster(index: ClusterIndex, request: ClusterRequest) -> ClusterResponse:
    """The marks for a view. Each visible feature with its cell in the rect is in exactly one."""
    level = math.floor(request.zoom) - request.coarser
    coarse = max(1, min(mercator.BITS, level + 2))
    while _cells_in(request.rect, coarse) > MAX_CELLS:
        coarse -= 1
    grid = _grid(request.rect, coarse)
    ordinary = _filled(index.ordinary, grid, coarse)
    prominent = _filled(index.prominent, grid, coarse)
    if not request.cluster:
        return _every_one(index, request, ordinary, prominent)
    if level < PROMINENT_ZOOM:
        return _response(index, request, _joined(ordinary, prominent, coarse), coarse)
    fine = min(mercator.BITS, coarse + (1 if SPLIT_ZOOM <= level < CLOSEST_ZOOM else 2))
    apart = min(mercator.BITS, coarse + (1 if level < 15 else 2))
    own = _split(index.prominent, prominent, apart)
    while len(own.lo) > MOST_OWN and apart > coarse:
        apart -= 1
        own = _split(index.prominent, prominent, apart)
    if level >= SPLIT_ZOOM:
        each = _split(index.ordinary, ordinary, fine)
        joined = np.zeros((len(each.lo), 2), np.uint64)
    else:
        few = ordinary.count <= SPLIT_COUNT
        own, taken = _taken_in(own, ordinary[~few].of_level(coarse), coarse)
        each = _chain(ordinary[~few], _split(index.ordinary, ordinary[few], fine))
        joined = np.zeros((len(each.lo), 2), np.uint64)
        joined[: len(taken)] = taken
    none = np.zeros(len(own.lo), np.uint64)
    spans = np.concatenate(
        [
            np.column_stack([each.lo, each.hi, joined]),
            np.column_stack([none, none, own.lo, own.hi]),
        ]
    )
    return _response(index, request, (spans, np.concatenate([each.level, own.level])), coarse)


def _taken_in(own: _Cells, badges: Codes, coarse: int) -> tuple[_Cells, Codes]:
    """Let the badge of a cell (sorted ``badges``) take in the largest prominent cluster of it.

    A "2" that lies on a "232" names nothing and makes both hard to read; what stands alone keeps
    its mark. Returns what is left, and (n, 2) the range that each badge took in, (0, 0) for none.
    """
    taken = np.zeros((len(badges), 2), np.uint64)
    several = np.flatnonzero(own.count > 1)
    if not len(badges) or not len(several):
        return own, taken
    several = several[np.argsort(own.count[several], kind="stable")]  # the largest comes last
    cell = own.of_level(coarse)[several]
    at = np.minimum(np.searchsorted(badges, cell), len(badges) - 1)
    found = badges[at] == cell
    winner = np.full(len(badges), -1, np.int64)
    winner[at[found]] = several[found]
    has = winner >= 0
    taken[has] = np.column_stack([own.lo[winner[has]], own.hi[winner[has]]])
    left = np.ones(len(own.lo), np.bool_)
    left[winner[has]] = False
    return own[left], taken


def _cells_in(rect: tuple[float, float, float, float], level: int) -> int:
    size = float(1 << level)
    return math.ceil((rect[2] - rect[0]) * size + 1) * math.ceil((rect[3] - rect[1]) * size + 1)


def _grid(rect: tuple[float, float, float, float], level: int) -> Codes:
    """The cells of a level that touch the rect, sorted."""
    size, last = 1 << level, (1 << level) - 1
    edges = [min(last, max(0, math.floor(v * size))) for v in rect]
    xs = np.arange(edges[0], edges[2] + 1)
    ys = np.arange(edges[1], edges[3] + 1)
    grid_x, grid_y = np.meshgrid(xs, ys)
    return np.sort(mercator.morton(grid_x.ravel(), grid_y.ravel()))


def _filled(pool: Pool, cell: Codes, level: int) -> _Cells:
    """Those of some cells that are not empty."""
    shift = np.uint64(2 * (mercator.BITS - level))
    lo, hi = cell << shift, (cell + np.uint64(1)) << shift
    count = pool.count(lo, hi)
    return _Cells(lo, hi, count, np.full(len(lo), level))[count > 0]


def _split(pool: Pool, cells: _Cells, level: int) -> _Cells:
    """The same rows in cells of a finer level."""
    if not len(cells.lo):
        return cells
    lo, hi = pool.split(cells.lo, cells.hi, level)
    return _Cells(lo, hi, pool.count(lo, hi), np.full(len(lo), level))


def _chain(a: _Cells, b: _Cells) -> _Cells:
    return _Cells(
        np.concatenate([a.lo, b.lo]),
        np.concatenate([a.hi, b.hi]),
        np.concatenate([a.count, b.count]),
        np.concatenate([a.level, b.level]),
    )


def _joined(first: _Cells, second: _Cells, level: int) -> tuple[Codes, Rows]:
    """Far out: ordinary and prominent features of a cell share one mark."""
    lo = np.union1d(first.lo, second.lo)
    spans = np.zeros((len(lo), 4), np.uint64)
    for column, cells in ((0, first), (2, second)):
        at = np.searchsorted(lo, cells.lo)
        spans[at, column], spans[at, column + 1] = cells.lo, cells.hi
    return spans, np.full(len(lo), level)


def _every_one(
    index: ClusterIndex, request: ClusterRequest, ordinary: _Cells, prominent: _Cells
) -> ClusterResponse:
    """Each feature as a mark of its own, where it is."""
    if int(ordinary.count.sum() + prominent.count.sum()) > CROWD:
        level = min(mercator.BITS, math.floor(request.zoom) + CROWD_CELL_BITS)
        ranges = (ordinary.lo, ordinary.hi), (prominent.lo, prominent.hi)
        thinned = crowd(index, *ranges, level)
        (rows, codes, severity, unacked), spans = thinned.marks, thinned.spans
    else:
        one = index.ordinary.each(ordinary.lo, ordinary.hi)
        two = index.prominent.each(prominent.lo, prominent.hi)
        rows, codes, severity, unacked = joined([one, two])
        spans = np.zeros((len(codes), 4), np.uint64)
    ix, iy = mercator.unmorton(codes)
    n = len(codes)
    found = _Found(
        x=ix.astype(np.float64) + 0.5,
        y=iy.astype(np.float64) + 0.5,
        count=np.ones(n, np.int64),
        row=rows,
        severity=severity,
        unacked=unacked,
        spans=spans,
    )
    return _answer(index, request, found)


@dataclass(slots=True)
class _Found:
    """Marks before they are put in drawing order; places in fixed coordinates."""

    x: mercator.Floats
    y: mercator.Floats
    count: Rows
    row: Rows
    severity: npt.NDArray[np.uint8]
    unacked: npt.NDArray[np.bool_]
    spans: Codes


def _response(
    index: ClusterIndex, request: ClusterRequest, marks: tuple[Codes, Rows], coarse: int
) -> ClusterResponse:
    spans, levels = marks
    a, b, c, d = spans.T
    one, two = index.ordinary.tally(a, b), index.prominent.tally(c, d)
    both = one + two
    single = both.count == 1
    row = np.full(len(a), -1, np.int64)
    ordinary, own = single & (one.count == 1), single & (two.count == 1)
    row[ordinary] = index.ordinary.only_rows(a[ordinary], b[ordinary])
    row[own] = index.prominent.only_rows(c[own], d[own])
    # Only badges of whole cells give way; what shares a place stays on it.
    whole = ~single & (levels == coarse)
    x = inside(both.x / both.count, coarse, whole)
    y = inside(both.y / both.count, coarse, whole)
    zoom = math.floor(request.zoom)
    px = mercator.FIXED / mercator.world_px(zoom)
    if zoom - request.coarser >= PROMINENT_ZOOM:
        x, y = aside(
            x, y, np.flatnonzero(whole), np.flatnonzero(own), coarse, px * 2.0**request.coarser
        )
    severity = (both.hits > 0).sum(axis=0).astype(np.uint8)
    size = px * 2.0**request.coarser
    places = np.stack([x, y], axis=1) / size
    x, y = spaced(places, radii(both.count, severity), ~single).T * size
    step = px * STEP_PX
    found = _Found(
        x=_stepped(x, step, ~single),
        y=_stepped(y, step, ~single),
        count=both.count,
        row=row,
        severity=severity,
        unacked=both.unacked > 0,
        spans=spans,
    )
    return _answer(index, request, found)


def _stepped(
    values: mercator.Floats, step: float, badges: npt.NDArray[np.bool_]
) -> mercator.Floats:
    """Badges moved onto a grid; other places stay."""
    stepped = values.copy()
    stepped[badges] = np.round(values[badges] / step) * step
    return stepped


def _answer(index: ClusterIndex, request: ClusterRequest, found: _Found) -> ClusterResponse:
    """Worst on top; among equals clusters below single marks, and a stable order between frames."""
    origin = request.origin
    offsets = np.stack(
        [
            (found.x / mercator.FIXED - origin[0]) * UNIT,
            (found.y / mercator.FIXED - origin[1]) * UNIT,
        ],
        axis=1,
    ).astype(np.float32)
    order = np.lexsort((found.count == 1, found.severity))
    return ClusterResponse(
        level=math.floor(request.zoom),
        rect=request.rect,
        origin=origin,
        xy=offsets[order],
        count=found.count[order],
        row=found.row[order],
        severity=found.severity[order],
        unacked=found.unacked[order],
        spans=found.spans[order],
        index=index,
    )

"""Clusters by zoom: runs of equal Morton prefixes, from prefix sums over the sorted codes.

An index costs time in proportion to the features and is made when they change; a response costs
time in proportion to the cells in view, whatever the number of features. All of it is pure and
may run in any thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.columns import ALIVE, UNACKED, AnyScalar, Columns
from layers.model.cover import positions
from layers.model.order import SpatialOrder
from layers.model.placing import aside, inside
from services.domain.model import Severity

Rows = npt.NDArray[np.int64]

SPLIT_ZOOM = 17
"""From here on features are only joined where their marks would lie on each other."""
CLOSEST_ZOOM = 19
"""Here cells are finest; what still shares one is fanned out by a click."""
PROMINENT_ZOOM = 14
"""From here on prominent features stand beside the clusters with a mark of their own."""
SPLIT_COUNT = 4
"""Cells with at most so many features show them one by one."""
UNIT = 1 << 28
"""Mark offsets are in 1/UNIT of the world: one pixel at zoom 20."""
MAX_CELLS = 40_000


@dataclass(frozen=True, slots=True)
class Runs:
    """Some rows in Morton order with prefix sums (one entry more than rows).

    ``at_least[s]`` counts rows with a severity of at least ``s + 1``; ``sum_x``, ``sum_y`` are
    sums of fixed coordinates, exact.
    """

    rows: Rows
    codes: mercator.Codes
    sum_x: mercator.Ints
    sum_y: mercator.Ints
    at_least: npt.NDArray[np.int32]
    unacked: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ClusterIndex:
    """What may be drawn as a mark, ordinary and prominent, of one version of the store."""

    columns: Columns
    ordinary: Runs
    prominent: Runs


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


@dataclass(frozen=True, slots=True)
class ClusterResponse:
    """Marks in drawing order (worst last). ``xy``: offsets from ``origin`` in 1/UNIT of the world.

    ``row`` is the feature of a mark with a count of one, else -1. ``spans`` holds two pairs
    (low, high) of positions in the index's ordinary and prominent runs per mark.
    """

    level: int
    rect: tuple[float, float, float, float]
    origin: tuple[float, float]
    xy: npt.NDArray[np.float32]
    count: npt.NDArray[np.int64]
    row: Rows
    severity: npt.NDArray[np.uint8]
    unacked: npt.NDArray[np.bool_]
    spans: Rows
    index: ClusterIndex

    def members(self, mark: int) -> Rows:
        """Rows of the features inside one mark."""
        a, b, c, d = self.spans[mark].tolist()
        return np.concatenate([self.index.ordinary.rows[a:b], self.index.prominent.rows[c:d]])

    def covers(self, zoom: float, rect: tuple[float, float, float, float]) -> bool:
        """Whether these marks still fill a view."""
        w, n, e, s = self.rect
        return math.floor(zoom) == self.level and (
            w <= rect[0] and n <= rect[1] and e >= rect[2] and s >= rect[3]
        )


def build_index(
    columns: Columns,
    order: SpatialOrder,
    shown: npt.NDArray[np.bool_],
    in_alarm: npt.NDArray[np.bool_],
    prominent: npt.NDArray[np.bool_],
    wanted: npt.NDArray[np.bool_] | None = None,
) -> ClusterIndex:
    """The index of what is visible; three masks are by kind index, ``wanted`` is by row.

    ``shown``: drawn at this zoom; ``in_alarm``: drawn when in alarm; ``prominent``: never
    swallowed close up. In alarm means major or worse, or not acknowledged. ``wanted`` False leaves
    a row out in any case; rows beyond its end are newer than it and stay in.
    """
    rows = order.rows
    kind, flags = columns.kind[rows], columns.flags[rows]
    alarm = (columns.severity[rows] >= Severity.MAJOR) | (flags & UNACKED > 0)
    alive = flags & ALIVE > 0
    if wanted is not None:
        known = rows < len(wanted)
        alive[known] &= wanted[rows[known]]
    own = alive & ((alarm & in_alarm[kind]) | (prominent[kind] & shown[kind]))
    rest = alive & shown[kind] & ~own
    return ClusterIndex(
        columns,
        _runs(columns, order, np.flatnonzero(rest)),
        _runs(columns, order, own.nonzero()[0]),
    )


def _runs(columns: Columns, order: SpatialOrder, chosen: Rows) -> Runs:
    rows = order.rows[chosen]
    codes = order.codes[chosen]
    ix, iy = mercator.unmorton(codes)
    severity = columns.severity[rows]
    levels = [np.cumsum(severity >= s, dtype=np.int32) for s in range(1, len(Severity))]
    return Runs(
        rows=rows,
        codes=codes,
        sum_x=_from_zero(np.cumsum(ix)),
        sum_y=_from_zero(np.cumsum(iy)),
        at_least=np.stack([_from_zero(level) for level in levels]),
        unacked=_from_zero(np.cumsum(columns.flags[rows] & UNACKED > 0, dtype=np.int32)),
    )


def _from_zero(sums: npt.NDArray[AnyScalar]) -> npt.NDArray[AnyScalar]:
    return np.concatenate([np.zeros(1, sums.dtype), sums])


# -- response -----------------------------------------------------------------------------
@dataclass(slots=True)
class _Marks:
    """Runs that became marks: position spans in one Runs, and the cell level of each."""

    lo: Rows
    hi: Rows
    level: Rows


def cluster(index: ClusterIndex, request: ClusterRequest) -> ClusterResponse:
    """The marks for a view. Each visible feature with its cell in the rect is in exactly one."""
    level = math.floor(request.zoom) - request.coarser
    coarse = max(1, min(mercator.BITS, level + 2))
    while _cells_in(request.rect, coarse) > MAX_CELLS:
        coarse -= 1
    fine = min(mercator.BITS, coarse + (1 if SPLIT_ZOOM <= level < CLOSEST_ZOOM else 2))
    apart = min(mercator.BITS, coarse + (1 if level < 15 else 2))
    lo, hi, cell = _cells(index.ordinary, request.rect, coarse)
    lo2, hi2, cell2 = _cells(index.prominent, request.rect, coarse)
    shift = np.uint64(2 * (mercator.BITS - coarse))
    if not request.cluster:
        each, own = _each(lo, hi), _each(lo2, hi2)
        joined = np.zeros((len(each.lo), 2), np.int64)
    elif level < PROMINENT_ZOOM:
        return _joined(index, request, coarse, (lo, hi, cell), (lo2, hi2, cell2))
    else:
        own = _split(index.prominent, _Marks(lo2, hi2, np.full(len(lo2), coarse)), apart)
        whole = _Marks(lo, hi, np.full(len(lo), coarse))
        if level >= SPLIT_ZOOM:
            each = _split(index.ordinary, whole, fine)
            joined = np.zeros((len(each.lo), 2), np.int64)
        else:
            few = hi - lo <= SPLIT_COUNT
            own_cell = index.prominent.codes[own.lo] >> shift
            own, taken = _taken_in(own, own_cell, cell[~few])
            kept = _Marks(lo[~few], hi[~few], whole.level[~few])
            loose = _Marks(lo[few], hi[few], whole.level[few])
            each = _chain(kept, _split(index.ordinary, loose, fine))
            joined = np.zeros((len(each.lo), 2), np.int64)
            joined[: len(taken)] = taken
    none = np.zeros(len(own.lo), np.int64)
    spans = np.concatenate(
        [
            np.column_stack([each.lo, each.hi, joined]),
            np.column_stack([none, none, own.lo, own.hi]),
        ]
    )
    return _response(index, request, spans, np.concatenate([each.level, own.level]), coarse)


def _taken_in(own: _Marks, own_cell: mercator.Codes, badges: mercator.Codes) -> tuple[_Marks, Rows]:
    """Let the badge of a cell (sorted ``badges``) take in the largest prominent cluster of it.

    A "2" that lies on a "232" names nothing and makes both hard to read; what stands alone keeps
    its mark. Returns what is left, and (n, 2) the run that each badge took in, (0, 0) for none.
    """
    taken = np.zeros((len(badges), 2), np.int64)
    size = own.hi - own.lo
    several = np.flatnonzero(size > 1)
    if not len(badges) or not len(several):
        return own, taken
    several = several[np.argsort(size[several], kind="stable")]  # the largest is put in last
    at = np.minimum(np.searchsorted(badges, own_cell[several]), len(badges) - 1)
    found = badges[at] == own_cell[several]
    winner = np.full(len(badges), -1, np.int64)
    winner[at[found]] = several[found]
    has = winner >= 0
    taken[has] = np.column_stack([own.lo[winner[has]], own.hi[winner[has]]])
    left = np.ones(len(own.lo), np.bool_)
    left[winner[has]] = False
    return _Marks(own.lo[left], own.hi[left], own.level[left]), taken


def _cells_in(rect: tuple[float, float, float, float], level: int) -> int:
    size = float(1 << level)
    return math.ceil((rect[2] - rect[0]) * size + 1) * math.ceil((rect[3] - rect[1]) * size + 1)


def _cells(
    runs: Runs, rect: tuple[float, float, float, float], level: int
) -> tuple[Rows, Rows, mercator.Codes]:
    """Spans of the non-empty cells of a level that touch the rect, and their cell codes."""
    size, last = 1 << level, (1 << level) - 1
    edges = [min(last, max(0, math.floor(v * size))) for v in rect]
    xs = np.arange(edges[0], edges[2] + 1)
    ys = np.arange(edges[1], edges[3] + 1)
    grid_x, grid_y = np.meshgrid(xs, ys)
    cell = np.sort(mercator.morton(grid_x.ravel(), grid_y.ravel()))
    shift = np.uint64(2 * (mercator.BITS - level))
    lo = np.searchsorted(runs.codes, cell << shift).astype(np.int64)
    hi = np.searchsorted(runs.codes, (cell + np.uint64(1)) << shift).astype(np.int64)
    full = hi > lo
    return lo[full], hi[full], cell[full]


def _each(lo: Rows, hi: Rows) -> _Marks:
    at = positions(lo, hi) if len(lo) else lo
    return _Marks(at, at + 1, np.full(len(at), mercator.BITS))


def _split(runs: Runs, marks: _Marks, level: int) -> _Marks:
    """The same spans cut into runs of equal prefix of a finer level."""
    if not len(marks.lo):
        return marks
    at = positions(marks.lo, marks.hi)
    prefix = runs.codes[at] >> np.uint64(2 * (mercator.BITS - level))
    cut = np.concatenate([[0], np.flatnonzero(prefix[1:] != prefix[:-1]) + 1])
    end = np.concatenate([cut[1:], [len(at)]])
    return _Marks(at[cut], at[end - 1] + 1, np.full(len(cut), level))


def _chain(a: _Marks, b: _Marks) -> _Marks:
    return _Marks(
        np.concatenate([a.lo, b.lo]),
        np.concatenate([a.hi, b.hi]),
        np.concatenate([a.level, b.level]),
    )


def _joined(
    index: ClusterIndex,
    request: ClusterRequest,
    level: int,
    first: tuple[Rows, Rows, mercator.Codes],
    second: tuple[Rows, Rows, mercator.Codes],
) -> ClusterResponse:
    """Far out: ordinary and prominent features of a cell share one mark."""
    cells = np.union1d(first[2], second[2])
    spans = np.zeros((len(cells), 4), np.int64)
    for column, (lo, hi, cell) in ((0, first), (2, second)):
        at = np.searchsorted(cells, cell)
        spans[at, column], spans[at, column + 1] = lo, hi
    return _response(index, request, spans, np.full(len(cells), level), level)


def _response(
    index: ClusterIndex, request: ClusterRequest, spans: Rows, levels: Rows, coarse: int
) -> ClusterResponse:
    a, b, c, d = spans.T
    one, two = index.ordinary, index.prominent
    count = (b - a) + (d - c)
    x = ((one.sum_x[b] - one.sum_x[a]) + (two.sum_x[d] - two.sum_x[c])) / count
    y = ((one.sum_y[b] - one.sum_y[a]) + (two.sum_y[d] - two.sum_y[c])) / count
    hits = (one.at_least[:, b] - one.at_least[:, a]) + (two.at_least[:, d] - two.at_least[:, c])
    severity = (hits > 0).sum(axis=0).astype(np.uint8)
    unacked = (one.unacked[b] - one.unacked[a]) + (two.unacked[d] - two.unacked[c]) > 0
    single = count == 1
    row = np.full(len(count), -1, np.int64)
    ordinary, own = single & (b > a), single & (d > c)
    row[ordinary] = one.rows[a[ordinary]]
    row[own] = two.rows[c[own]]
    # Only badges of whole cells give way; what shares a place stays on it.
    whole = ~single & (levels == coarse)
    x, y = inside(x, coarse, whole), inside(y, coarse, whole)
    if math.floor(request.zoom) - request.coarser >= PROMINENT_ZOOM:
        px = mercator.FIXED / mercator.world_px(math.floor(request.zoom)) * 2.0**request.coarser
        x, y = aside(x, y, np.flatnonzero(whole), np.flatnonzero(own), coarse, px)
    rect = request.rect
    origin = request.origin
    offsets = np.stack(
        [(x / mercator.FIXED - origin[0]) * UNIT, (y / mercator.FIXED - origin[1]) * UNIT], axis=1
    ).astype(np.float32)
    # Worst on top; among equals clusters below single marks, and a stable order between frames.
    order = np.lexsort((single, severity))
    return ClusterResponse(
        level=math.floor(request.zoom),
        rect=rect,
        origin=origin,
        xy=offsets[order],
        count=count[order],
        row=row[order],
        severity=severity[order],
        unacked=unacked[order],
        spans=spans[order],
        index=index,
    )

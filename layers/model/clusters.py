"""Clusters by zoom: a frozen request in, a frozen drawing out; pure, any thread.

Points are sorted once along a Morton curve. The points of one grid cell of any zoom are then one
run of that order, so clustering a level costs one pass without sorting, whatever the count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model.features import UNACKED, Columns
from layers.model.mercator import ORIGIN
from services.domain.model import Severity

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
BITS = 26
"""Bits per axis: a cell of the finest level is 0.6 m wide at the equator."""
CELL_PX = 76.0
FREE_ZOOM = 17
"""From this level on nothing is clustered: what overlaps then is fanned out on a click."""
MIN_CLUSTER = 4
"""Fewer points of a cell are drawn one by one."""
MERGE_PX = 46.0


@dataclass(frozen=True, slots=True)
class PointIndex:
    """Columns in Morton order with their codes; made anew when the layout changed."""

    columns: Columns
    code: npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """What to draw: a level, a box in local units, which kinds, which marks stand alone.

    ``shown`` and ``apart`` are flags per kind index; ``apart_from`` is the severity from which an
    active alarm takes its thing out of the clusters (None: never).
    """

    generation: int
    zoom: int
    box: tuple[float, float, float, float]
    shown: Bools
    apart: Bools
    apart_from: Severity | None = None
    apart_limit: int = 300


@dataclass(frozen=True, slots=True)
class Drawing:
    """The answer: rows drawn one by one, and clusters.

    ``order`` holds member rows; cluster i owns ``order[start[i]:stop[i]]`` before merging, so
    ``members(i)`` must be asked.
    """

    generation: int
    zoom: int
    box: tuple[float, float, float, float]
    single_rows: Ints
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    count: Ints
    severity: npt.NDArray[np.uint8]
    unacked: Bools
    member_rows: tuple[Ints, ...]

    def members(self, cluster: int) -> Ints:
        """Rows inside one cluster."""
        return self.member_rows[cluster]


def build_index(columns: Columns) -> PointIndex:
    """Sort columns along the Morton curve."""
    cells = 1 << BITS
    gx = np.clip((columns.x + ORIGIN[0]) * cells, 0, cells - 1).astype(np.uint64)
    gy = np.clip((columns.y + ORIGIN[1]) * cells, 0, cells - 1).astype(np.uint64)
    code = _spread(gx) | (_spread(gy) << np.uint64(1))
    order = np.argsort(code, kind="stable")
    return PointIndex(
        columns=Columns(
            revision=columns.revision,
            row=columns.row[order],
            x=columns.x[order],
            y=columns.y[order],
            kind=columns.kind[order],
            severity=columns.severity[order],
            link=columns.link[order],
            flags=columns.flags[order],
        ),
        code=code[order],
    )


def cluster(index: PointIndex, request: ClusterRequest) -> Drawing:
    """Every shown point inside the box ends in exactly one cluster or is drawn by itself."""
    c = index.columns
    west, north, east, south = request.box
    inside = (c.x >= west) & (c.x <= east) & (c.y >= north) & (c.y <= south)
    inside &= request.shown[c.kind]
    at = np.flatnonzero(inside)
    alone = _standing_apart(c, at, request)
    if request.zoom >= FREE_ZOOM:
        return _answer(request, c.row[at], [], c)
    grouped = at[~alone]
    level = min(BITS, request.zoom + 2)  # about 64 to 128 px per cell
    cell = index.code[grouped] >> np.uint64(2 * (BITS - level))
    groups = _runs(cell, grouped)
    size = np.fromiter((len(g) for g in groups), np.int64, len(groups))
    small = [g for g, n in zip(groups, size, strict=True) if n < MIN_CLUSTER]
    large = [g for g, n in zip(groups, size, strict=True) if n >= MIN_CLUSTER]
    large = _merge_near(large, c, request.zoom)
    singles = np.concatenate([at[alone], *small]) if small else at[alone]
    return _answer(request, c.row[singles], large, c)


def _standing_apart(c: Columns, at: npt.NDArray[np.intp], request: ClusterRequest) -> Bools:
    alone: Bools = request.apart[c.kind[at]]
    if request.apart_from is None:
        return alone
    severity = c.severity[at]
    bad = np.flatnonzero((severity >= request.apart_from) & ~alone)
    if len(bad) > request.apart_limit:  # the worst stand apart, the rest stays in clusters
        bad = bad[np.argsort(-severity[bad].astype(np.int16), kind="stable")[: request.apart_limit]]
    alone = alone.copy()
    alone[bad] = True
    return alone


def _runs(cell: npt.NDArray[np.uint64], at: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    if not len(cell):
        return []
    cuts = np.flatnonzero(cell[1:] != cell[:-1]) + 1
    return np.split(at, cuts)


def _merge_near(
    groups: list[npt.NDArray[np.intp]], c: Columns, zoom: int
) -> list[npt.NDArray[np.intp]]:
    """Join clusters whose badges would cover each other, biggest first."""
    if len(groups) < 2:
        return groups
    centre = np.array([(c.x[g].mean(), c.y[g].mean()) for g in groups])
    reach = MERGE_PX / (256.0 * 2.0**zoom)
    taken = np.zeros(len(groups), bool)
    merged: list[npt.NDArray[np.intp]] = []
    for i in np.argsort([-len(g) for g in groups], kind="stable"):
        if taken[i]:
            continue
        near = (np.hypot(*(centre - centre[i]).T) < reach) & ~taken
        taken |= near
        merged.append(np.concatenate([groups[j] for j in np.flatnonzero(near)]))
    return merged


def _answer(
    request: ClusterRequest, singles: Ints, groups: list[npt.NDArray[np.intp]], c: Columns
) -> Drawing:
    return Drawing(
        generation=request.generation,
        zoom=request.zoom,
        box=request.box,
        single_rows=singles,
        x=np.array([c.x[g].mean() for g in groups], np.float64),
        y=np.array([c.y[g].mean() for g in groups], np.float64),
        count=np.array([len(g) for g in groups], np.int32),
        severity=np.array([c.severity[g].max() for g in groups], np.uint8),
        unacked=np.array([bool((c.flags[g] & UNACKED).any()) for g in groups], bool),
        member_rows=tuple(c.row[g] for g in groups),
    )


def _spread(v: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Put a zero between the bits (Morton 1966; the usual magic masks for 32 bits)."""
    for shift, mask in (
        (16, 0x0000_FFFF_0000_FFFF),
        (8, 0x00FF_00FF_00FF_00FF),
        (4, 0x0F0F_0F0F_0F0F_0F0F),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ):
        v = (v | (v << np.uint64(shift))) & np.uint64(mask)
    return v

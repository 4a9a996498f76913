"""A road network: stretches between junctions as columns, an index of place, graphs to search.

Immutable after building; any thread. Coordinates inside are metres of the network's plane.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import rustworkx as rx
import shapely

from services.roads.nearest import SegmentIndex
from services.roads.plane import Floats, Ints, Lines, Plane
from services.roads.rules import KMH, RoadClass, RoadRules

COARSER = 4.0
"""Cells for places that have no road close by are so much wider."""
TICKS_S = 1_024.0
TENTHS = 10.0
_SHIFT = float(1 << 26)
"""A cost is one number: seconds in 1/1,024 times 2^26, and metres in tenths below. Whole numbers
that a float holds exactly, so that equal ways cost the same in whatever order they are added up,
and the shorter of two equally quick ways wins. Good for 36 hours and 6,700 km."""

Bytes = npt.NDArray[np.int8]


def pack(seconds: Floats, metres: Floats) -> Floats:
    """Costs of times and lengths."""
    return np.asarray(np.rint(seconds * TICKS_S) * _SHIFT + np.rint(metres * TENTHS))


def unpack(cost: Floats) -> tuple[Floats, Floats]:
    """Seconds and metres of costs; infinite where the cost is."""
    known = np.isfinite(cost)
    whole = np.where(known, cost, 0.0)
    ticks = np.floor(whole / _SHIFT)
    seconds = np.where(known, ticks / TICKS_S, np.inf)
    return seconds, np.where(known, (whole - ticks * _SHIFT) / TENTHS, np.inf)


@dataclass(frozen=True, slots=True)
class Feet:
    """Where places meet the network, one row for each way in, by ``place`` (its number): the
    stretch ``edge``, the ``share`` of it that lies before the foot, and the straight leg between
    place and foot in metres and seconds. A place too far from every road has no row; one inside a
    closure has one for each road that ends at it.
    """

    place: Ints
    edge: Ints
    share: Floats
    access_m: Floats
    access_s: Floats

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def access(self) -> Floats:
        """Packed costs of the straight legs."""
        return pack(self.access_s, self.access_m)

    def of(self, place: int) -> Feet:
        """The rows of one place."""
        return self.take(np.flatnonzero(self.place == place))

    def take(self, rows: Ints) -> Feet:
        """Some of the rows."""
        return Feet(
            self.place[rows],
            self.edge[rows],
            self.share[rows],
            self.access_m[rows],
            self.access_s[rows],
        )


@dataclass(frozen=True, slots=True)
class Sealed:
    """A closed area of the plane, and where roads end at it: stretches and shares of them."""

    area: shapely.Geometry
    edge: tuple[int, ...]
    share: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """``start``, ``end`` (n,): the junctions of each stretch; ``line``: its course, start to end;
    ``length_m`` geodesic; ``mps`` metres a second; ``one_way`` 1 along the line, -1 against it, 0
    both; ``name`` and ``klass`` index ``names`` and ``rules.classes``. ``level`` 0 on the ground, 1
    on a bridge, -1 in a tunnel, or as the roads' source counts them. ``nodes`` (k, 2): metres.
    ``sealed``: closed areas, see ``services.roads.closing``.
    """

    plane: Plane
    rules: RoadRules
    names: tuple[str, ...]
    nodes: Floats
    start: Ints
    end: Ints
    line: Lines
    length_m: Floats
    mps: Floats
    one_way: Bytes
    name: Ints
    klass: Ints
    level: Bytes
    sealed: tuple[Sealed, ...] = ()

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def seconds(self) -> Floats:
        """Seconds along each stretch."""
        return self.length_m / self.mps

    @cached_property
    def cost(self) -> Floats:
        """Packed cost of each stretch."""
        return pack(self.seconds, self.length_m)

    @cached_property
    def forward(self) -> rx.PyDiGraph[int, float]:
        """The graph of all ways that may be driven; arc i is arcs()[i]."""
        graph: rx.PyDiGraph[int, float] = rx.PyDiGraph(multigraph=True)
        graph.add_nodes_from(range(len(self.nodes)))
        edge, from_, to = self.arcs
        graph.add_edges_from(
            list(zip(from_.tolist(), to.tolist(), self.cost[edge].tolist(), strict=True))
        )
        return graph

    @cached_property
    def backward(self) -> rx.PyDiGraph[int, float]:
        """The same with every arc turned round, to search from an end."""
        graph = self.forward.copy()
        graph.reverse()
        return graph

    @cached_property
    def arcs(self) -> tuple[Ints, Ints, Ints]:
        """Of each arc its stretch, and the junctions it leads from and to."""
        along = np.flatnonzero(self.one_way >= 0)
        against = np.flatnonzero(self.one_way <= 0)
        edge = np.concatenate([along, against])
        from_ = np.concatenate([self.start[along], self.end[against]])
        to = np.concatenate([self.end[along], self.start[against]])
        return edge, from_, to

    @cached_property
    def _entered(self) -> Ints:
        """Stretches that places beside them are joined to."""
        entered = np.array([c.entered for c in self.rules.classes], np.bool_)
        return np.flatnonzero(entered[self.klass]).astype(np.int64)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.line[self._entered])

    @cached_property
    def whole_tree(self) -> shapely.STRtree:
        """An index of all stretches."""
        return shapely.STRtree(self.line)

    def warm_up(self) -> RoadNetwork:
        """Build what is built once, for whoever has time for it now."""
        _ = (self.forward, self.backward, self._tree, self.whole_tree)
        if len(self._entered):
            _ = self._segments
        return self

    def class_of(self, edge: int) -> RoadClass:
        """The class of a stretch."""
        return self.rules.classes[int(self.klass[edge])]

    @cached_property
    def _segments(self) -> tuple[SegmentIndex, ...]:
        """Indexes for many places at once, the one for those close to roads first."""
        course, run = shapely.get_coordinates(self.line[self._entered], return_index=True)
        run = run.astype(np.int64)
        return tuple(SegmentIndex(course, run, self._entered, wide) for wide in (1.0, COARSER))

    def feet(self, lonlat: npt.ArrayLike) -> Feet:
        """Where each of (n, 2) degrees meets the network: at the nearest place on it."""
        xy = self.plane.xy(lonlat).reshape(-1, 2)
        finite = np.flatnonzero(np.isfinite(xy).all(axis=1)).astype(np.int64)
        if not len(self._entered) or not len(finite):
            return _no_feet()
        found, left = [], finite
        for index in self._segments:
            near = index.nearest(xy[left])
            found.append(self._feet(left[near.place], near.edge, near.share, near.metres))
            rest = np.ones(len(left), np.bool_)
            rest[near.place] = False
            left = left[rest]
        if len(left):
            found.append(self._far_feet(left, xy))
        feet = _joined(found)
        return self._with_sealed(feet, xy) if self.sealed else feet

    def _far_feet(self, place: Ints, xy: Floats) -> Feet:
        """Of places with no road round about: asked of a tree, one after another."""
        points = shapely.points(xy[place])
        (asked, found), metres = self._tree.query_nearest(
            points,
            max_distance=self.rules.longest_access_m,
            return_distance=True,
            all_matches=False,
        )
        edge = self._entered[found]
        share = shapely.line_locate_point(self.line[edge], points[asked], normalized=True)
        return self._feet(place[asked], edge, share, metres)

    def _feet(self, place: Ints, edge: Ints, share: Floats, metres: Floats) -> Feet:
        near = metres <= self.rules.longest_access_m
        seconds = metres / (self.rules.access_kmh * KMH)
        return Feet(place, edge, share, metres, seconds).take(np.flatnonzero(near))

    def _with_sealed(self, feet: Feet, xy: Floats) -> Feet:
        """Also from every road that ends at the closure that a place lies in; all on foot."""
        more: list[Feet] = []
        in_one = np.zeros(len(xy), np.bool_)
        walk_mps = self.rules.walk_kmh * KMH
        for sealed in self.sealed:
            inside = np.flatnonzero(shapely.contains_xy(sealed.area, xy[:, 0], xy[:, 1]))
            in_one[inside] = True
            count = len(sealed.edge)
            if not len(inside) or not count:
                continue
            edge, share = np.array(sealed.edge, np.int64), np.array(sealed.share)
            ends = shapely.line_interpolate_point(self.line[edge], share, normalized=True)
            at = shapely.get_coordinates(ends)
            metres = np.hypot(*(xy[inside][:, None, :] - at[None]).transpose(2, 0, 1)).ravel()
            more.append(
                Feet(
                    np.repeat(inside, count).astype(np.int64),
                    np.tile(edge, len(inside)),
                    np.tile(share, len(inside)),
                    metres,
                    metres / walk_mps,
                )
            )
        seconds = np.where(in_one[feet.place], feet.access_m / walk_mps, feet.access_s)
        return _joined([replace(feet, access_s=seconds), *more])

    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, south, east, north = shapely.total_bounds(self.line)
        low, high = self.plane.lonlat([(west, south), (east, north)])
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _no_feet() -> Feet:
    none, nothing = np.zeros(0, np.int64), np.zeros(0)
    return Feet(none, none, nothing, nothing, nothing)


def _joined(parts: list[Feet]) -> Feet:
    """Rows of several, by place."""
    whole = Feet(
        np.concatenate([f.place for f in parts]),
        np.concatenate([f.edge for f in parts]),
        np.concatenate([f.share for f in parts]),
        np.concatenate([f.access_m for f in parts]),
        np.concatenate([f.access_s for f in parts]),
    )
    return whole.take(np.argsort(whole.place, kind="stable"))

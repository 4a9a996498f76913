"""A road network: stretches between junctions as columns, an index of place, graphs to search.

Immutable after building; any thread. Coordinates inside are metres of the network's plane.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import rustworkx as rx
import shapely

from services.roads.plane import Floats, Ints, Lines, Plane
from services.roads.rules import RoadClass, RoadRules

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
    """Where places meet the network: ``edge`` (-1: too far away), the share of it that lies
    before the foot, and the straight metres between place and foot."""

    edge: Ints
    share: Floats
    access_m: Floats


@dataclass(frozen=True)
class RoadNetwork:
    """``start``, ``end`` (n,): the junctions of each stretch; ``line``: its course, start to end;
    ``length_m`` geodesic; ``mps`` metres a second; ``one_way`` 1 along the line, -1 against it, 0
    both; ``name`` and ``klass`` index ``names`` and ``rules.classes``. ``nodes`` (k, 2): metres.
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
        return self

    def class_of(self, edge: int) -> RoadClass:
        """The class of a stretch."""
        return self.rules.classes[int(self.klass[edge])]

    def feet(self, lonlat: npt.ArrayLike) -> Feet:
        """The nearest place on the network for each of (n, 2) degrees."""
        xy = self.plane.xy(lonlat).reshape(-1, 2)
        count = len(xy)
        edge = np.full(count, -1, np.int64)
        share, access = np.zeros(count), np.full(count, np.inf)
        finite = np.flatnonzero(np.isfinite(xy).all(axis=1))
        if not len(self._entered) or not len(finite):
            return Feet(edge, share, access)
        points = shapely.points(xy[finite])
        (asked, found), metres = self._tree.query_nearest(
            points,
            max_distance=self.rules.longest_access_m,
            return_distance=True,
            all_matches=False,
        )
        at = finite[asked]
        edge[at] = self._entered[found]
        access[at] = metres
        share[at] = shapely.line_locate_point(self.line[edge[at]], points[asked], normalized=True)
        return Feet(edge, share, access)

    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, south, east, north = shapely.total_bounds(self.line)
        low, high = self.plane.lonlat([(west, south), (east, north)])
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

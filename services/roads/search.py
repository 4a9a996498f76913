"""Travel times from or to one place, and the way between two. Pure; any thread.

A place is joined to the network at its feet by straight legs at the speed of access; a foot divides
its stretch. Nothing is invented: what cannot be reached costs infinity.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rustworkx as rx
import shapely
from shapely.ops import substring

from services.roads.network import Feet, RoadNetwork, pack, unpack
from services.roads.plane import Floats, Ints

AT_JUNCTION_M = 1.0
"""A foot this near to the end of its stretch stands at the junction."""
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Times:
    """To each place (n,): seconds and metres by road with both straight legs; infinite where
    no way is known."""

    seconds: Floats
    metres: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a way, or a part of one. ``xy`` (n, 2): its course in the direction driven."""

    edge: int
    xy: Floats
    metres: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Way:
    """Parts from foot to foot, and the straight legs at both ends together in seconds."""

    parts: tuple[Part, ...]
    access_from_m: float
    access_to_m: float
    access_s: float


def node_costs(network: RoadNetwork, feet: Feet, *, toward: bool = False) -> Floats:
    """Cost from the nearest of some feet to each junction, or (``toward``) from it to them.

    Legs of access are counted. Infinite where there is no way.
    """
    costs = np.full(len(network.nodes), np.inf)
    ends, by = _ends_of(network, feet, leaving=not toward)
    if not len(ends):
        return costs
    graph = (network.backward if toward else network.forward).copy()
    source = graph.add_node(-1)
    graph.add_edges_from([(source, n, c) for n, c in zip(ends.tolist(), by.tolist(), strict=True)])
    reached = rx.digraph_dijkstra_shortest_path_lengths(graph, source, float)
    count = len(reached)
    at = np.fromiter(reached.keys(), np.int64, count)
    known = np.fromiter(reached.values(), np.float64, count)
    junction = at < len(costs)
    costs[at[junction]] = known[junction]
    return costs


def times(
    network: RoadNetwork, lon: float, lat: float, lonlat: npt.ArrayLike, *, toward: bool = False
) -> Times:
    """From one place to many (n, 2) in degrees, or (``toward``) from the many to it: one search."""
    places = np.asarray(lonlat, np.float64).reshape(-1, 2)
    one, many = network.feet([(lon, lat)]), network.feet(places)
    return times_between(network, one, many, len(places), toward=toward)


def times_between(
    network: RoadNetwork, one: Feet, many: Feet, places: int, *, toward: bool = False
) -> Times:
    """As ``times``, from feet that are known; ``places``: how many there are in ``many``."""
    nodes = node_costs(network, one, toward=toward)
    by_start, by_end = _parts_of(network, many)
    at_start, at_end = _doors(network, many, leaving=toward)
    cost = np.minimum(
        np.where(at_start, nodes[network.start[many.edge]] + by_start, np.inf),
        np.where(at_end, nodes[network.end[many.edge]] + by_end, np.inf),
    )
    cost = np.minimum(cost, _along_one_stretch(network, one, many, toward=toward)) + many.access
    total = np.full(places, np.inf)
    np.minimum.at(total, many.place, cost)
    seconds, metres = unpack(total)
    return Times(seconds, metres)


def way(network: RoadNetwork, from_: Feet, to: Feet) -> Way | None:
    """The quickest way from a place to another, or None."""
    if not len(from_) or not len(to):
        return None
    count = len(network.nodes)
    source, target = count, count + 1
    first, last = count + 2, count + 2 + len(from_)
    graph = network.forward.copy()
    graph.add_nodes_from(range(count, last + len(to)))
    for row in range(len(from_)):
        foot = from_.take(np.array([row]))
        graph.add_edge(source, first + row, float(foot.access[0]))
        ends, by = _ends_of(network, _bare(foot), leaving=True)
        graph.add_edges_from(
            [(first + row, n, c) for n, c in zip(ends.tolist(), by.tolist(), strict=True)]
        )
        direct = _along_one_stretch(network, _bare(foot), to, toward=False)
        for other in np.flatnonzero(np.isfinite(direct)).tolist():
            graph.add_edge(first + row, last + other, float(direct[other]))
    for row in range(len(to)):
        foot = to.take(np.array([row]))
        graph.add_edge(last + row, target, float(foot.access[0]))
        ends, by = _ends_of(network, _bare(foot), leaving=False)
        graph.add_edges_from(
            [(n, last + row, c) for n, c in zip(ends.tolist(), by.tolist(), strict=True)]
        )
    found = rx.digraph_dijkstra_shortest_paths(graph, source, target, weight_fn=float)
    if target not in found:
        return None
    nodes = list(found[target])[1:-1]
    start = from_.take(np.array([nodes[0] - first]))
    goal = to.take(np.array([nodes[-1] - last]))
    return Way(
        tuple(_parts(network, graph, nodes, start, goal)),
        float(start.access_m[0]),
        float(goal.access_m[0]),
        float(start.access_s[0] + goal.access_s[0]),
    )


def part_of(network: RoadNetwork, edge: int, share_from: float, share_to: float) -> Part:
    """A stretch from one share of it to another, driven in that direction."""
    line = network.line[edge]
    if (share_from, share_to) != (0.0, 1.0):
        line = substring(line, share_from, share_to, normalized=True)
    part = abs(share_to - share_from)
    return Part(
        edge,
        shapely.get_coordinates(line),
        float(part * network.length_m[edge]),
        float(part * network.seconds[edge]),
    )


# -- inside -----------------------------------------------------------------------------
def _bare(feet: Feet) -> Feet:
    """Feet without their legs of access."""
    nothing = np.zeros(len(feet))
    return Feet(feet.place, feet.edge, feet.share, nothing, nothing)


def _parts_of(network: RoadNetwork, feet: Feet) -> tuple[Floats, Floats]:
    """Costs of the parts of their stretches before and behind feet."""
    seconds, metres = network.seconds[feet.edge], network.length_m[feet.edge]
    behind = 1 - feet.share
    return pack(seconds * feet.share, metres * feet.share), pack(seconds * behind, metres * behind)


def _doors(network: RoadNetwork, feet: Feet, *, leaving: bool) -> tuple[Bools, Bools]:
    """Whether feet are left (or else reached) by the start and by the end of their stretches.

    Who stands at a junction is in it, whichever way the stretch may be driven.
    """
    way, metres = network.one_way[feet.edge], network.length_m[feet.edge]
    by_start, by_end = (way <= 0, way >= 0) if leaving else (way >= 0, way <= 0)
    return by_start | (feet.share * metres <= AT_JUNCTION_M), by_end | (
        (1 - feet.share) * metres <= AT_JUNCTION_M
    )


def _ends_of(network: RoadNetwork, feet: Feet, *, leaving: bool) -> tuple[Ints, Floats]:
    """Junctions that are reached first from some feet (or left last for them), and the costs."""
    by_start, by_end = _parts_of(network, feet)
    at_start, at_end = _doors(network, feet, leaving=leaving)
    ends = np.concatenate([network.start[feet.edge][at_start], network.end[feet.edge][at_end]])
    access = feet.access
    return ends, np.concatenate([(access + by_start)[at_start], (access + by_end)[at_end]])


def _along_one_stretch(network: RoadNetwork, one: Feet, many: Feet, *, toward: bool) -> Floats:
    """Costs between feet on the same stretch without leaving it, with the legs of ``one``."""
    best = np.full(len(many), np.inf)
    access = one.access
    for at, edge in enumerate(one.edge.tolist()):
        same = np.flatnonzero(many.edge == edge)
        if not len(same):
            continue
        ahead = many.share[same] - one.share[at]
        part = np.abs(ahead)
        beside = part * network.length_m[edge] <= AT_JUNCTION_M
        may = beside | ((-ahead if toward else ahead) * network.one_way[edge] >= 0)
        cost = pack(network.seconds[edge] * part, network.length_m[edge] * part) + access[at]
        best[same] = np.minimum(best[same], np.where(may, cost, np.inf))
    return best


def _parts(
    network: RoadNetwork, graph: rx.PyDiGraph[int, float], nodes: list[int], from_: Feet, to: Feet
) -> list[Part]:
    """The stretches along a run of nodes that begins at one foot and ends at the other."""
    edge = network.arcs[0]
    along = int(np.count_nonzero(network.one_way >= 0))
    first, last = int(from_.edge[0]), int(to.edge[0])
    a, b = float(from_.share[0]), float(to.share[0])
    if len(nodes) == 2:
        return [part_of(network, first, a, b)]
    parts = [part_of(network, first, a, _end_at(network, from_, nodes[1], leaving=True))]
    for here, there in itertools.pairwise(nodes[1:-1]):
        between = graph.edge_indices_from_endpoints(here, there)
        arc = min(between, key=lambda i: (graph.get_edge_data_by_index(i), i))
        ends = (0.0, 1.0) if arc < along else (1.0, 0.0)
        parts.append(part_of(network, int(edge[arc]), *ends))
    parts.append(part_of(network, last, _end_at(network, to, nodes[-2], leaving=False), b))
    return [p for p in parts if p.metres > 0.0] or parts[:1]


def _end_at(network: RoadNetwork, foot: Feet, node: int, *, leaving: bool) -> float:
    """Which end of its stretch, 0.0 or 1.0, is a junction; of a loop the one that is nearer."""
    edge, share = int(foot.edge[0]), float(foot.share[0])
    by_start, by_end = _doors(network, foot, leaving=leaving)
    ends = []
    if int(network.end[edge]) == node and by_end[0]:
        ends.append((1.0 - share, 1.0))
    if int(network.start[edge]) == node and by_start[0]:
        ends.append((share, 0.0))
    return min(ends)[1]

"""Travel times from or to one place, and the way between two. Pure; any thread.

A place is joined to the nearest stretch by a straight leg at the speed of access; its foot divides
the stretch. Nothing is invented: what cannot be reached costs infinity.
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
from services.roads.rules import KMH

AT_JUNCTION_M = 1.0
"""A foot this near to the end of its stretch stands at the junction."""
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Times:
    """To each place (n,): seconds and metres by road with both straight legs; infinite where
    no way is known. ``access_m``: the straight part of the metres, both legs."""

    seconds: Floats
    metres: Floats
    access_m: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a way, or a part of one. ``xy`` (n, 2): its course in the direction driven."""

    edge: int
    xy: Floats
    metres: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Way:
    """Parts from foot to foot, and the straight legs at both ends in metres."""

    parts: tuple[Part, ...]
    access_from_m: float
    access_to_m: float


def node_costs(network: RoadNetwork, feet: Feet, *, toward: bool = False) -> Floats:
    """Cost from the nearest of some feet to each junction, or (``toward``) from it to them.

    Legs of access are counted. Infinite where there is no way.
    """
    costs = np.full(len(network.nodes), np.inf)
    seeds = _seeds(network, feet, toward=toward)
    if not seeds:
        return costs
    graph = (network.backward if toward else network.forward).copy()
    source = graph.add_node(-1)
    graph.add_edges_from([(source, node, cost) for node, cost in seeds])
    reached = rx.digraph_dijkstra_shortest_path_lengths(graph, source, float)
    count = len(reached)
    at = np.fromiter(reached.keys(), np.int64, count)
    costs[at] = np.fromiter(reached.values(), np.float64, count)
    return costs


def times(
    network: RoadNetwork, lon: float, lat: float, lonlat: npt.ArrayLike, *, toward: bool = False
) -> Times:
    """From one place to many (n, 2) in degrees, or (``toward``) from the many to it: one search."""
    one, many = network.feet([(lon, lat)]), network.feet(lonlat)
    return times_between(network, one, many, toward=toward)


def times_between(network: RoadNetwork, one: Feet, many: Feet, *, toward: bool = False) -> Times:
    """As ``times``, from places whose feet are known."""
    nodes = node_costs(network, one, toward=toward)
    known = np.flatnonzero(many.edge >= 0)
    edge, share = many.edge[known], many.share[known]
    by_start, by_end = _parts_of(network, edge, share)
    at_start, at_end = _ends(network, edge, share, leaving=toward)
    cost = np.minimum(
        np.where(at_start, nodes[network.start[edge]] + by_start, np.inf),
        np.where(at_end, nodes[network.end[edge]] + by_end, np.inf),
    )
    cost = np.minimum(cost, _on_one_stretch(network, one, edge, share, toward=toward))
    access = many.access_m[known]
    cost = cost + pack(_access_s(network, access), access)
    total = np.full(len(many.edge), np.inf)
    total[known] = cost
    seconds, metres = unpack(total)
    straight = np.where(np.isfinite(total), many.access_m + one.access_m.min(initial=np.inf), 0.0)
    return Times(seconds, metres, straight)


def way(network: RoadNetwork, from_: Feet, to: Feet) -> Way | None:
    """The quickest way between two feet (the first of each), or None."""
    if from_.edge[0] < 0 or to.edge[0] < 0:
        return None
    start, goal = _bare(from_), _bare(to)
    source, target = len(network.nodes), len(network.nodes) + 1
    graph = network.forward.copy()
    graph.add_nodes_from([source, target])
    graph.add_edges_from([(source, n, c) for n, c in _seeds(network, start, toward=False)])
    graph.add_edges_from([(n, target, c) for n, c in _seeds(network, goal, toward=True)])
    direct = float(_on_one_stretch(network, start, goal.edge, goal.share, toward=False)[0])
    if np.isfinite(direct):
        graph.add_edge(source, target, direct)
    found = rx.digraph_dijkstra_shortest_paths(graph, source, target, weight_fn=float)
    if target not in found:
        return None
    parts = _parts(network, graph, list(found[target]), from_, to)
    return Way(tuple(parts), float(from_.access_m[0]), float(to.access_m[0]))


def part_of(network: RoadNetwork, edge: int, share_from: float, share_to: float) -> Part:
    """A stretch from one share of it to another, driven in that direction."""
    line = network.line[edge]
    cut = (
        line
        if (share_from, share_to) == (0.0, 1.0)
        else substring(line, share_from, share_to, normalized=True)
    )
    xy = shapely.get_coordinates(cut)
    part = abs(share_to - share_from)
    return Part(edge, xy, float(part * network.length_m[edge]), float(part * network.seconds[edge]))


# -- inside -----------------------------------------------------------------------------
def _access_s(network: RoadNetwork, metres: Floats) -> Floats:
    return metres / (network.rules.access_kmh * KMH)


def _parts_of(network: RoadNetwork, edge: Ints, share: Floats) -> tuple[Floats, Floats]:
    """Costs of the parts of stretches before and behind a foot."""
    seconds, metres = network.seconds[edge], network.length_m[edge]
    return pack(seconds * share, metres * share), pack(seconds * (1 - share), metres * (1 - share))


def _ends(network: RoadNetwork, edge: Ints, share: Floats, *, leaving: bool) -> tuple[Bools, Bools]:
    """Whether feet are left (or else reached) by the start and by the end of their stretches.

    Who stands at a junction is in it, whichever way the stretch may be driven.
    """
    way, metres = network.one_way[edge], network.length_m[edge]
    by_start, by_end = (way <= 0, way >= 0) if leaving else (way >= 0, way <= 0)
    return by_start | (share * metres <= AT_JUNCTION_M), by_end | (
        (1 - share) * metres <= AT_JUNCTION_M
    )


def _seeds(network: RoadNetwork, feet: Feet, *, toward: bool) -> list[tuple[int, float]]:
    """Junctions that are reached first from some feet (or last before them), with their costs."""
    known = np.flatnonzero(feet.edge >= 0)
    edge, share = feet.edge[known], feet.share[known]
    access = feet.access_m[known]
    leg = pack(_access_s(network, access), access)
    by_start, by_end = _parts_of(network, edge, share)
    to_start, to_end = _ends(network, edge, share, leaving=not toward)
    ends = zip(
        [*network.end[edge][to_end].tolist(), *network.start[edge][to_start].tolist()],
        [*(leg + by_end)[to_end].tolist(), *(leg + by_start)[to_start].tolist()],
        strict=True,
    )
    return list(ends)


def _on_one_stretch(
    network: RoadNetwork, one: Feet, edge: Ints, share: Floats, *, toward: bool
) -> Floats:
    """Costs between feet on the same stretch without leaving it, with the leg of ``one``."""
    best = np.full(len(edge), np.inf)
    for at in np.flatnonzero(one.edge >= 0).tolist():
        same = np.flatnonzero(edge == one.edge[at])
        if not len(same):
            continue
        ahead = share[same] - one.share[at]
        if toward:
            ahead = -ahead
        way = int(network.one_way[one.edge[at]])
        part = np.abs(ahead)
        beside = part * network.length_m[edge[same]] <= AT_JUNCTION_M
        may = beside | (ahead * way >= 0)
        leg = one.access_m[at : at + 1]
        cost = pack(network.seconds[edge[same]] * part, network.length_m[edge[same]] * part) + pack(
            _access_s(network, leg), leg
        )
        best[same] = np.minimum(best[same], np.where(may, cost, np.inf))
    return best


def _bare(feet: Feet) -> Feet:
    """The first foot, without its leg of access."""
    return Feet(feet.edge[:1], feet.share[:1], np.zeros(1))


def _parts(
    network: RoadNetwork,
    graph: rx.PyDiGraph[int, float],
    nodes: list[int],
    from_: Feet,
    to: Feet,
) -> list[Part]:
    """The stretches along a run of nodes that begins at the source and ends at the target."""
    edge = network.arcs[0]
    along = int(np.count_nonzero(network.one_way >= 0))
    first, last = int(from_.edge[0]), int(to.edge[0])
    a, b = float(from_.share[0]), float(to.share[0])
    if len(nodes) == 2:
        return [part_of(network, first, a, b)]
    parts = [part_of(network, first, a, _end_at(network, first, nodes[1], a, leaving=True))]
    for here, there in itertools.pairwise(nodes[1:-1]):
        between = graph.edge_indices_from_endpoints(here, there)
        arc = min(between, key=lambda i: (graph.get_edge_data_by_index(i), i))
        ends = (0.0, 1.0) if arc < along else (1.0, 0.0)
        parts.append(part_of(network, int(edge[arc]), *ends))
    parts.append(part_of(network, last, _end_at(network, last, nodes[-2], b, leaving=False), b))
    return [p for p in parts if p.metres > 0.0] or parts[:1]


def _end_at(network: RoadNetwork, edge: int, node: int, share: float, *, leaving: bool) -> float:
    """Which end of a stretch, 0.0 or 1.0, is a junction; of a loop the one that is nearer."""
    by_start, by_end = _ends(network, np.array([edge]), np.array([share]), leaving=leaving)
    ends = []
    if int(network.end[edge]) == node and by_end[0]:
        ends.append((1.0 - share, 1.0))
    if int(network.start[edge]) == node and by_start[0]:
        ends.append((share, 0.0))
    return min(ends)[1]

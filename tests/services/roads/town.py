"""Small road networks for tests, drawn in metres round a place, and a second opinion on them."""

from __future__ import annotations

import itertools
import math
from typing import Any

import networkx as nx
import numpy as np

from services.roads.network import RoadNetwork
from services.roads.noding import RoadLine, build
from services.roads.plane import Plane
from services.roads.rules import load_rules

PLANE = Plane(101.8, 36.6)
RULES = load_rules()
Metres = tuple[float, float]


def degrees(*points: Metres) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in PLANE.lonlat(points))


def road(*points: Metres, name: str = "", **more: Any) -> RoadLine:
    return RoadLine(points=degrees(*points), names=(name,), **more)


def town(*roads: RoadLine, join_m: float = 1.0) -> RoadNetwork:
    return build(roads, RULES, join_m)


def grid(columns: int, rows: int, step_m: float = 200.0) -> RoadNetwork:
    """Streets named by number that cross as in a chess board: ``N3`` runs north, ``E2`` east."""
    wide, high = (columns - 1) * step_m, (rows - 1) * step_m
    north = [road((i * step_m, 0), (i * step_m, high), name=f"N{i}") for i in range(columns)]
    east = [road((0, j * step_m), (wide, j * step_m), name=f"E{j}") for j in range(rows)]
    return town(*north, *east)


def oracle(network: RoadNetwork) -> nx.MultiDiGraph:
    """The network as networkx sees it: seconds on every way that may be driven."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    for edge in range(len(network)):
        a, b = int(network.start[edge]), int(network.end[edge])
        seconds = float(network.length_m[edge] / network.mps[edge])
        if network.one_way[edge] >= 0:
            graph.add_edge(a, b, seconds=seconds)
        if network.one_way[edge] <= 0:
            graph.add_edge(b, a, seconds=seconds)
    return graph


def oracle_seconds(network: RoadNetwork, from_: Metres, to: Metres) -> float:
    """The quickest way between two places, searched with networkx on stretches cut at their feet;
    infinite where there is none."""
    graph = oracle(network)
    feet: list[tuple[str, int, float]] = []
    for name, place in (("from", from_), ("to", to)):
        graph.add_node(name)
        for row, (edge, share, seconds) in enumerate(_feet(network, place)):
            graph.add_edge(name, f"{name}{row}", seconds=seconds)
            graph.add_edge(f"{name}{row}", name, seconds=seconds)
            feet.append((f"{name}{row}", edge, share))
    for name, edge, share in feet:
        cuts = [(0.0, int(network.start[edge])), (share, name), (1.0, int(network.end[edge]))]
        cuts += [(s, n) for n, e, s in feet if e == edge and n != name]
        for (a, here), (b, there) in itertools.pairwise(sorted(cuts, key=lambda c: c[0])):
            seconds = (b - a) * float(network.length_m[edge] / network.mps[edge])
            at_junction = seconds * network.mps[edge] <= 1.0
            if network.one_way[edge] >= 0 or at_junction:
                graph.add_edge(here, there, seconds=seconds)
            if network.one_way[edge] <= 0 or at_junction:
                graph.add_edge(there, here, seconds=seconds)
    try:
        return float(nx.shortest_path_length(graph, "from", "to", weight="seconds"))
    except nx.NetworkXNoPath:
        return math.inf


def _feet(network: RoadNetwork, place: Metres) -> list[tuple[int, float, float]]:
    """The feet of a place, checked by looking at every stretch: the nearest of them is the nearest
    place on any, and each lies as far away as it says. Stretch, share, seconds on the leg."""
    (here,) = network.plane.xy(degrees(place))
    nearest = min(_distance(np.array(line.coords), here) for line in network.line)
    feet = network.feet(degrees(place))
    if nearest > RULES.longest_access_m:
        assert not len(feet)
        return []
    assert abs(float(feet.access_m.min()) - nearest) < 1e-6
    found = []
    for row in range(len(feet)):
        edge, share, metres = int(feet.edge[row]), float(feet.share[row]), float(feet.access_m[row])
        foot = _along(np.array(network.line[edge].coords), share)
        assert abs(float(np.hypot(*(foot - here))) - metres) < 1e-6
        kmh = metres / float(feet.access_s[row]) * 3.6 if metres > 1e-3 else RULES.access_kmh
        assert min(abs(kmh - RULES.access_kmh), abs(kmh - RULES.walk_kmh)) < 1e-6
        found.append((edge, share, float(feet.access_s[row])))
    return found


def _distance(points: np.ndarray, here: np.ndarray) -> float:
    """Metres from a place to a line."""
    found = []
    for a, b in itertools.pairwise(points):
        step = b - a
        part = min(1.0, max(0.0, float((here - a) @ step) / float(step @ step)))
        found.append(float(np.hypot(*(a + part * step - here))))
    return min(found)


def _along(points: np.ndarray, share: float) -> np.ndarray:
    """The place at a share of a line."""
    sizes = np.hypot(*np.diff(points, axis=0).T)
    left = share * float(sizes.sum())
    for a, b, size in zip(points, points[1:], sizes, strict=False):
        if left <= size:
            return a + (b - a) * (left / size)
        left -= size
    return points[-1]

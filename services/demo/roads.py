"""The road graph of the bundled schematic base map: where a team travels. No I/O after building.

The schematic draws no interchanges, so motorways are left out: a route uses surface roads.
Immutable after construction; any thread.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
from shapely.geometry import LineString
from shapely.geometry import Point as ShapelyPoint
from shapely.ops import substring

from services.demo.plane import Plane, Point

JOIN_M = 80.0
"""An end this near to another road meets it: the schematic is good to some hundred metres."""

Node = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Road:
    """One named road as a line in the plane, metres."""

    name: str
    line: LineString

    def name_at(self, chainage_m: float) -> str:
        """The street's name at a distance from its start; some lines run through several."""
        names = self.name.split("—")
        share = min(max(chainage_m / max(self.line.length, 1.0), 0.0), 0.999)
        return names[int(share * len(names))]


@dataclass(frozen=True, slots=True)
class Junction:
    """A place where streets meet: name, point in the plane, the directions that leave it."""

    name: str
    point: Point
    arms: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A way on roads: degrees from start to end, and its length along all points."""

    points: tuple[Point, ...]
    length_m: float


class RoadGraph:
    """Roads joined where they cross or nearly meet; answers routes between any two places."""

    def __init__(self, roads: Sequence[tuple[str, Sequence[Point]]]) -> None:
        """``roads``: names and runs of (longitude, latitude)."""
        flat = [p for _, run in roads for p in run]
        if not flat:
            raise ValueError("a road graph needs at least one road")
        self.plane = Plane(sum(p[0] for p in flat) / len(flat), sum(p[1] for p in flat) / len(flat))
        lines = [LineString([self.plane.xy(*p) for p in run]) for _, run in roads]
        self.roads = tuple(
            Road(name, line) for (name, _), line in zip(roads, _joined(lines), strict=True)
        )
        self._graph = self._noded()

    @classmethod
    def from_geojson(cls, path: Path) -> RoadGraph:
        """The graph of a base map file: features of kind ``road`` that are lines."""
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return cls(
            [
                (
                    _plain(f["properties"]["name"]),
                    [(c[0], c[1]) for c in f["geometry"]["coordinates"]],
                )
                for f in features
                if f["properties"].get("kind") == "road" and f["geometry"]["type"] == "LineString"
            ]
        )

    def route(self, lon1: float, lat1: float, lon2: float, lat2: float) -> Route:
        """The shortest way on roads between two places, each reached straight from the roadside.

        Where no road connects them, the straight line between the two is the route.
        """
        start, end = self.plane.xy(lon1, lat1), self.plane.xy(lon2, lat2)
        graph = self._graph.copy()
        self._enter(graph, start, "start")
        self._enter(graph, end, "end")
        self._same_stretch(graph, start, end)
        try:
            nodes = nx.shortest_path(graph, "start", "end", weight="length")
        except nx.NetworkXNoPath:
            return self._measured([start, end])
        points: list[Point] = [start]
        for a, b in itertools.pairwise(nodes):
            run = list(graph.edges[a, b]["line"].coords)
            points += run if _starts_at(run, graph.nodes[a]["at"]) else run[::-1]
        return self._measured([*points, end])

    def junctions(self, places: Iterable[tuple[str, float, float]] = ()) -> list[Junction]:
        """Where three or more arms meet, west to east; a place of ``places`` near one names it."""
        named = [(name, self.plane.xy(lon, lat)) for name, lon, lat in places]
        found = []
        for node in sorted(self._graph.nodes):
            edges = [data for _, _, data in self._graph.edges(node, data=True)]
            if len(edges) < 3:
                continue
            at: Point = self._graph.nodes[node]["at"]
            streets = list(dict.fromkeys(sorted(data["street"] for data in edges)))
            name = "".join(streets[:2]) + "路口"
            for place, point in named:
                if ShapelyPoint(at).distance(ShapelyPoint(point)) < JOIN_M:
                    name = place
            found.append(Junction(name, at, tuple(_arm(data["line"], at) for data in edges)))
        return found

    def _noded(self) -> nx.Graph:
        """Every road cut where another touches it; nodes carry ``at``, edges line and length."""
        graph = nx.Graph()
        for road in self.roads:
            cuts = {0.0, road.line.length}
            for other in self.roads:
                if other is not road:
                    cuts |= {road.line.project(p) for p in _touches(road.line, other.line)}
            for a, b in itertools.pairwise(sorted(cuts)):
                if b - a < 1.0:
                    continue
                line = substring(road.line, a, b)
                ends = _node(line.coords[0]), _node(line.coords[-1])
                for node, at in zip(ends, (line.coords[0], line.coords[-1]), strict=True):
                    graph.add_node(node, at=at)
                street = road.name_at((a + b) / 2)
                graph.add_edge(*ends, line=line, length=line.length, street=street)
        return graph

    def _enter(self, graph: nx.Graph, point: Point, name: str) -> None:
        """Bind a place to both ends of the nearest stretch of road."""
        a, b, along, line = self._nearest(point)
        graph.add_node(name, at=line.interpolate(along).coords[0])
        for node, part in (
            (a, substring(line, along, 0.0)),
            (b, substring(line, along, line.length)),
        ):
            graph.add_edge(name, node, line=part, length=max(part.length, 1e-6))

    def _same_stretch(self, graph: nx.Graph, start: Point, end: Point) -> None:
        """Two places on one stretch go along it, not round by its ends."""
        a, b, along1, line = self._nearest(start)
        a2, b2, along2, _ = self._nearest(end)
        if (a, b) == (a2, b2):
            part = substring(line, along1, along2)
            graph.add_edge("start", "end", line=part, length=max(part.length, 1e-6))

    def _nearest(self, point: Point) -> tuple[Node, Node, float, LineString]:
        """The nearest stretch: its end nodes in the line's direction, the distance along it."""
        here = ShapelyPoint(point)
        a, b, data = min(
            self._graph.edges(data=True), key=lambda e: (e[2]["line"].distance(here), e[0], e[1])
        )
        line: LineString = data["line"]
        if _node(line.coords[0]) != a:
            a, b = b, a
        return a, b, line.project(here), line

    def _measured(self, points: list[Point]) -> Route:
        kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
        length = sum(ShapelyPoint(a).distance(ShapelyPoint(b)) for a, b in itertools.pairwise(kept))
        degrees = [self.plane.lonlat(*p) for p in kept]
        return Route(tuple(degrees), length)


def _joined(lines: list[LineString]) -> list[LineString]:
    """Ends that almost reach another road are led onto it."""
    joined = []
    for i, line in enumerate(lines):
        coords = list(line.coords)
        for at_start in (True, False):
            end = ShapelyPoint(coords[0] if at_start else coords[-1])
            others = [o for j, o in enumerate(lines) if j != i and o.distance(end) <= JOIN_M]
            if not others:
                continue
            other = min(others, key=lambda o: o.distance(end))
            foot = other.interpolate(other.project(end)).coords[0]
            coords = [foot, *coords] if at_start else [*coords, foot]
        joined.append(LineString([p for i, p in enumerate(coords) if i == 0 or p != coords[i - 1]]))
    return joined


def _touches(a: LineString, b: LineString) -> list[ShapelyPoint]:
    """Points where two roads meet: crossings, and ends of ``b`` that lie on ``a``."""
    crossing = a.intersection(b)
    parts = getattr(crossing, "geoms", [crossing])
    points = [ShapelyPoint(p.coords[0]) for p in parts if not p.is_empty]
    ends = (ShapelyPoint(b.coords[0]), ShapelyPoint(b.coords[-1]))
    return points + [end for end in ends if a.distance(end) < 1.0]


def _node(point: Point) -> Node:
    """Ends within some metres are one node."""
    return round(point[0] / 5.0), round(point[1] / 5.0)


def _arm(line: LineString, at: Point) -> Point:
    """A point some way along an edge from the junction ``at``."""
    distance = min(40.0, line.length)
    forward = _starts_at(line.coords, at)
    point: Point = line.interpolate(distance if forward else line.length - distance).coords[0]
    return point


def _starts_at(run: Sequence[Point], at: Point) -> bool:
    """Whether a run begins at a node, rather than ends there."""
    return math.dist(run[0], at) <= math.dist(run[-1], at)


def _plain(name: str) -> str:
    """Names of the base map carry remarks in brackets."""
    return name.split("(")[0]

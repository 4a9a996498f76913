"""From lines to a network: ends that nearly meet are joined, crossings become junctions. Pure.

Lines of different levels (a bridge over a street) meet only where one of them ends on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import rustworkx as rx
import shapely
from shapely.ops import substring

from services.domain.errors import KnownError
from services.roads.network import RoadNetwork
from services.roads.plane import Floats, Ints, Lines, Plane, run_lengths_m
from services.roads.rules import KMH, RoadRules

TOUCH_M = 0.6
"""What lies nearer together is one place."""
SHORTEST_M = 0.5
WIDEST_DEG = 3.0
"""A flat map of more is not good enough, and no district is so wide."""
MAX_POINTS = 4_000_000
LEVELS = 99


@dataclass(frozen=True, slots=True)
class RoadLine:
    """One road as it was drawn: ``points`` in degrees; ``names`` along it, first to last.

    ``klass``: a class's id; ``one_way`` 1 along the points, -1 against, 0 both; ``level`` 0 on the
    ground, 1 on a bridge, -1 in a tunnel; ``kmh`` 0: as its class.
    """

    points: tuple[tuple[float, float], ...]
    names: tuple[str, ...] = ("",)
    klass: str = ""
    one_way: int = 0
    level: int = 0
    kmh: float = 0.0


@dataclass
class _Roads:
    """Lines in the plane, and of each what it was drawn from."""

    line: Lines
    source: Ints
    level: Ints
    cuts: list[list[float]] = field(default_factory=list)


def build(roads: Sequence[RoadLine], rules: RoadRules, join_m: float = 1.0) -> RoadNetwork:
    """The network of some lines. ``join_m``: an end this near to another road meets it.

    KnownError ``no_roads``, ``too_wide`` or ``too_many``.
    """
    roads = [r for r in roads if len(r.points) >= 2]
    if not roads:
        raise KnownError("no_roads", "There is no line among these roads.")
    lonlat = np.array([p for r in roads for p in r.points], np.float64)
    if len(lonlat) > MAX_POINTS:
        raise KnownError("too_many", f"More than {MAX_POINTS:,} points in one road network.")
    if not np.isfinite(lonlat).all():
        raise KnownError("not_finite", "A road has a coordinate that is no number.")
    if (np.ptp(lonlat, axis=0) > WIDEST_DEG).any():
        raise KnownError(
            "too_wide", f"The roads reach over more than {WIDEST_DEG:g}°; cut out the district."
        )
    plane = Plane.round(lonlat)
    drawn = _drawn(roads, plane)
    _join_ends(drawn, join_m)
    _find_cuts(drawn)
    return _network(drawn, roads, rules, plane)


def _drawn(roads: Sequence[RoadLine], plane: Plane) -> _Roads:
    """Lines in metres, without doubled points; those that cross themselves in simple pieces."""
    lines = [shapely.LineString(plane.xy(r.points)) for r in roads]
    found: list[tuple[shapely.LineString, int]] = []
    for i, line in enumerate(lines):
        if line.length < SHORTEST_M:
            continue
        pieces = [line] if line.is_simple else shapely.get_parts(shapely.node(line))
        found += [(p, i) for p in pieces if p.length >= SHORTEST_M]
    if not found:
        raise KnownError("no_roads", "There is no line of any length among these roads.")
    source = np.array([i for _, i in found], np.int64)
    levels = np.array([roads[i].level for _, i in found], np.int64)
    return _Roads(np.array([line for line, _ in found], object), source, levels)


def _join_ends(drawn: _Roads, join_m: float) -> None:
    """Lead ends that almost reach another road of their level onto it, one after another, so that
    two ends that miss each other are joined once."""
    line = drawn.line
    points = np.concatenate([shapely.get_point(line, 0), shapely.get_point(line, -1)])
    count = len(line)
    tree = shapely.STRtree(line)
    ends, others = tree.query(points, predicate="dwithin", distance=join_m)
    owner = ends % count
    real = (owner != others) & (drawn.level[owner] == drawn.level[others])
    near: dict[int, list[int]] = {}
    for end, other in zip(ends[real].tolist(), others[real].tolist(), strict=True):
        near.setdefault(end, []).append(other)
    for end in sorted(near):
        here = points[end]
        metres = shapely.distance(line[near[end]], here)
        if metres.min() <= TOUCH_M:
            continue
        other = line[near[end][int(metres.argmin())]]
        foot = shapely.line_interpolate_point(other, shapely.line_locate_point(other, here))
        at = end % count
        coords = shapely.get_coordinates(line[at])
        meet = shapely.get_coordinates(foot)
        line[at] = shapely.LineString(
            np.concatenate([meet, coords] if end < count else [coords, meet])
        )


def _find_cuts(drawn: _Roads) -> None:
    """Distances along each line at which others meet it."""
    line, level = drawn.line, drawn.level
    tree = shapely.STRtree(line)
    a, b = tree.query(line, predicate="intersects")
    once = (a < b) & (level[a] == level[b])
    a, b = a[once], b[once]
    points, pair = shapely.get_coordinates(
        shapely.intersection(line[a], line[b]), return_index=True
    )
    at = [(a[pair], points), (b[pair], points)]
    for end in (0, -1):
        tip = shapely.get_point(line, end)
        owner, other = tree.query(tip, predicate="dwithin", distance=TOUCH_M)
        foreign = owner != other
        at.append((other[foreign], shapely.get_coordinates(tip[owner[foreign]])))
    owner = np.concatenate([o for o, _ in at])
    places = shapely.points(np.concatenate([p for _, p in at]))
    along = shapely.line_locate_point(line[owner], places)
    cuts: list[list[float]] = [[] for _ in line]
    for i, metres in zip(owner.tolist(), along.tolist(), strict=True):
        cuts[i].append(metres)
    drawn.cuts = cuts


def _pieces(drawn: _Roads) -> tuple[Lines, Ints, Floats]:
    """The stretches, the line of each, and its middle as a share of that line."""
    lines: list[shapely.LineString] = []
    owner: list[int] = []
    middle: list[float] = []
    for i, line in enumerate(drawn.line):
        whole = float(line.length)
        stops = [0.0]
        for cut in sorted(drawn.cuts[i]):
            if cut - stops[-1] > TOUCH_M and whole - cut > TOUCH_M:
                stops.append(cut)
        stops.append(whole)
        for k in range(len(stops) - 1):
            a, b = stops[k], stops[k + 1]
            lines.append(line if len(stops) == 2 else substring(line, a, b))
            owner.append(i)
            middle.append((a + b) / 2 / whole)
    return np.array(lines, object), np.array(owner, np.int64), np.array(middle)


def _junctions(line: Lines) -> tuple[Floats, Ints, Ints]:
    """Ends that lie together as one junction: places (k, 2), and start and end of each line."""
    points = np.concatenate([shapely.get_point(line, 0), shapely.get_point(line, -1)])
    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=TOUCH_M)
    together: rx.PyGraph[int, None] = rx.PyGraph()
    together.add_nodes_from(range(len(points)))
    apart = a < b
    together.add_edges_from_no_data(list(zip(a[apart].tolist(), b[apart].tolist(), strict=True)))
    node = np.zeros(len(points), np.int64)
    groups = sorted(sorted(group) for group in rx.connected_components(together))
    for i, group in enumerate(groups):
        node[group] = i
    xy = shapely.get_coordinates(points)
    places = xy[[group[0] for group in groups]]
    return places, node[: len(line)], node[len(line) :]


def _network(
    drawn: _Roads, roads: Sequence[RoadLine], rules: RoadRules, plane: Plane
) -> RoadNetwork:
    line, owner, middle = _pieces(drawn)
    nodes, start, end = _junctions(line)
    source = drawn.source[owner]
    known = {c.id: i for i, c in enumerate(rules.classes)}
    last = len(rules.classes) - 1
    klass = np.array([known.get(roads[i].klass, last) for i in source.tolist()], np.int64)
    own = np.array([roads[i].kmh for i in source.tolist()])
    usual = np.array([c.kmh for c in rules.classes])[klass]
    words = [_name_at(roads[i].names, m) for i, m in zip(source.tolist(), middle, strict=True)]
    names = tuple(sorted(set(words)))
    number = {name: i for i, name in enumerate(names)}
    xy, run = shapely.get_coordinates(line, return_index=True)
    return RoadNetwork(
        plane=plane,
        rules=rules,
        names=names,
        nodes=nodes,
        start=start,
        end=end,
        line=line,
        length_m=run_lengths_m(plane.lonlat(xy), run, len(line)),
        mps=np.where(own > 0, own, usual) * KMH,
        one_way=np.array([roads[i].one_way for i in source.tolist()], np.int8),
        name=np.array([number[w] for w in words], np.int64),
        klass=klass,
        level=drawn.level[owner].clip(-LEVELS, LEVELS).astype(np.int8),
    )


def _name_at(names: tuple[str, ...], share: float) -> str:
    return names[min(int(share * len(names)), len(names) - 1)] if names else ""

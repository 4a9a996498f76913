"""A network with closed roads taken out: the closed part of a stretch goes, the rest stays. Pure.

So one may drive up to a closure from both sides, and through it nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.ops import substring

from services.domain.model import Ring
from services.roads.network import RoadNetwork, Sealed
from services.roads.spared import MARKS_DEG, Mark

LonLat = tuple[float, float]
LEAST_M = 1.0
"""A remainder shorter than this is no road to drive on."""
ROUND = 8
MAX_RADIUS_M = 2_000.0


@dataclass(frozen=True, slots=True)
class Closure:
    """A closed place: ``rings`` (an area, outline first), or ``run`` (a place or a line in degrees)
    with ``radius_m`` round it.

    ``id``: which thing, alarm or case closes; ``why``: the pack's closing by id, or ``ordered``;
    ``name``: that thing's or case's own; ``about``: its id. ``spared``: marks of stretches in the
    place that stay open; ``spares_above``: so does what lies higher than the lowest road there, as
    a bridge over water does.
    """

    id: str
    why: str
    name: str = ""
    run: tuple[LonLat, ...] = ()
    rings: tuple[Ring, ...] = ()
    radius_m: float = 0.0
    about: str = ""
    spared: frozenset[Mark] = frozenset()
    spares_above: bool = False


@dataclass(frozen=True, slots=True)
class ClosedStretch:
    """A part of a road that is closed: its course in degrees, by which closure (its id).

    ``mark`` tells it from all others in the place, whatever else is closed: a third of the way
    along it in hundred-thousandths of a degree, and its level.
    """

    closure: str
    road: str
    points: tuple[LonLat, ...]
    metres: float
    mark: Mark = (0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Closed:
    """What closures make of a network: ``network`` without them, and what they close."""

    network: RoadNetwork
    stretches: tuple[ClosedStretch, ...]

    def roads_of(self, closure_id: str) -> tuple[str, ...]:
        """Names of the roads that a closure closes, by the metres closed."""
        metres: dict[str, float] = {}
        for stretch in self.stretches:
            if stretch.closure == closure_id:
                metres[stretch.road] = metres.get(stretch.road, 0.0) + stretch.metres
        return tuple(sorted(metres, key=lambda name: (-round(metres[name]), name)))


def close(network: RoadNetwork, closures: Sequence[Closure]) -> Closed:
    """Take out what closures touch. Those that touch no road change nothing."""
    areas: dict[str, shapely.Geometry] = {}
    hit: dict[int, list[str]] = {}
    stretches: list[ClosedStretch] = []
    for closure in sorted(closures, key=lambda c: c.id):
        area = _area(network, closure)
        found = {} if area is None else _closed_by(network, closure, area)
        if any(found.values()):
            areas[closure.id] = area
            stretches += [s for edge in found.values() for s in edge]
            for edge in found:
                hit.setdefault(edge, []).append(closure.id)
    if not areas:
        return Closed(network, ())
    cut = {edge: shapely.union_all([areas[id_] for id_ in ids]) for edge, ids in hit.items()}
    return Closed(_without(network, shapely.union_all(list(areas.values())), cut), tuple(stretches))


def stretches_in(network: RoadNetwork, closure: Closure) -> tuple[ClosedStretch, ...]:
    """What a closure would close if it spared nothing, the longest first."""
    area = _area(network, replace(closure, spared=frozenset(), spares_above=False))
    found = {} if area is None else _all_in(network, closure, area)
    every = [s for edge in found.values() for s in edge]
    return tuple(sorted(every, key=lambda s: (-round(s.metres), s.road, s.mark)))


def _closed_by(
    network: RoadNetwork, closure: Closure, area: shapely.Geometry
) -> dict[int, list[ClosedStretch]]:
    """Stretches of the network that a closure touches, each with its parts that are closed; one
    of which a part is spared is spared whole."""
    found = _all_in(network, closure, area)
    if closure.spared:
        marks = closure.spared
        found = {e: parts for e, parts in found.items() if marks.isdisjoint(p.mark for p in parts)}
    closing = [edge for edge, parts in found.items() if parts]
    if closure.spares_above and closing:
        lowest = network.level[closing].min()
        found = {e: parts for e, parts in found.items() if network.level[e] <= lowest}
    return found


def _all_in(
    network: RoadNetwork, closure: Closure, area: shapely.Geometry
) -> dict[int, list[ClosedStretch]]:
    if area.is_empty:
        return {}
    found = {}
    for edge in sorted(network.whole_tree.query(area, predicate="intersects").tolist()):
        inside = shapely.intersection(network.line[edge], area)
        found[edge] = _stretches(network, closure, edge, inside)
    return found


def _area(network: RoadNetwork, closure: Closure) -> shapely.Geometry | None:
    """The closed area in the plane; None where the closure names no place that can be one."""
    if closure.rings:
        rings = [network.plane.xy(ring) for ring in closure.rings if len(ring) >= 4]
        if not rings:
            return None
        area = shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
        return shapely.buffer(area, closure.radius_m) if closure.radius_m > 0 else area
    if not closure.run:
        return None
    xy = network.plane.xy(closure.run)
    core = shapely.Point(xy[0]) if len(xy) == 1 else shapely.LineString(xy)
    radius = min(max(closure.radius_m, LEAST_M), MAX_RADIUS_M)
    return shapely.buffer(core, radius, quad_segs=ROUND)


def _stretches(
    network: RoadNetwork, closure: Closure, edge: int, inside: shapely.Geometry
) -> list[ClosedStretch]:
    found = []
    name = network.names[int(network.name[edge])]
    scale = float(network.length_m[edge]) / float(network.line[edge].length)
    for part in shapely.get_parts(inside):
        if part.geom_type != "LineString" or part.length < LEAST_M:
            continue
        degrees = network.plane.lonlat(shapely.get_coordinates(part)).round(7)
        points = tuple((float(x), float(y)) for x, y in degrees)
        mark = _mark(network, part, int(network.level[edge]))
        found.append(ClosedStretch(closure.id, name, points, float(part.length) * scale, mark))
    return found


def _mark(network: RoadNetwork, part: shapely.LineString, level: int) -> Mark:
    """From the western end on, so that it does not hang on how the road was drawn."""
    first, last = shapely.get_point(part, 0), shapely.get_point(part, -1)
    share = 1 / 3 if (first.x, first.y) <= (last.x, last.y) else 2 / 3
    place = shapely.line_interpolate_point(part, share, normalized=True)
    lon, lat = network.plane.lonlat((place.x, place.y))
    return round(float(lon) * MARKS_DEG), round(float(lat) * MARKS_DEG), level


def _without(
    network: RoadNetwork, closed: shapely.Geometry, cut: Mapping[int, shapely.Geometry]
) -> RoadNetwork:
    """All stretches but those that are cut, and of these what lies outside of what cuts them.
    ``closed``: all closed areas together."""
    parts = shapely.get_parts(closed)
    touched = np.array(sorted(cut), np.int64)
    kept = np.setdiff1d(np.arange(len(network)), touched)
    pieces = _Pieces(network, len(kept))
    for edge in touched.tolist():
        pieces.cut(edge, cut[edge])
    rows = np.concatenate([kept, np.array(pieces.source, np.int64)]).astype(np.int64)
    ends = np.array(pieces.ends, np.int64).reshape(-1, 2)
    share = np.concatenate([np.ones(len(kept)), np.array(pieces.shares, np.float64)])
    line = np.empty(len(rows), object)
    line[: len(kept)] = network.line[kept]
    line[len(kept) :] = pieces.lines
    return replace(
        network,
        nodes=np.array(pieces.nodes, np.float64).reshape(-1, 2),
        start=np.concatenate([network.start[kept], ends[:, 0]]),
        end=np.concatenate([network.end[kept], ends[:, 1]]),
        line=line,
        length_m=network.length_m[rows] * share,
        mps=network.mps[rows],
        one_way=network.one_way[rows],
        name=network.name[rows],
        klass=network.klass[rows],
        level=network.level[rows],
        sealed=_sealed(parts, pieces.dead_ends),
    )


class _Pieces:
    """What is left of stretches that are partly closed. ``dead_ends``: where a piece, counted
    behind the stretches that are whole, ends at a closure: (number, share, place)."""

    def __init__(self, network: RoadNetwork, first: int) -> None:
        self._network, self._first = network, first
        self.nodes: list[tuple[float, ...]] = list(map(tuple, network.nodes.tolist()))
        self.lines: list[shapely.LineString] = []
        self.source: list[int] = []
        self.shares: list[float] = []
        self.ends: list[tuple[int, int]] = []
        self.dead_ends: list[tuple[int, float, shapely.Point]] = []

    def cut(self, edge: int, closed: shapely.Geometry) -> None:
        """Keep the parts of a stretch that lie outside."""
        line = self._network.line[edge]
        for a, b in open_spans(line, closed):
            part = substring(line, a, b, normalized=True)
            start, end = int(self._network.start[edge]), int(self._network.end[edge])
            self.ends.append(
                (self._end(part, start, 0.0, a > 0.0), self._end(part, end, 1.0, b < 1))
            )
            self.lines.append(part)
            self.source.append(edge)
            self.shares.append(b - a)

    def _end(self, part: shapely.LineString, junction: int, share: float, cut: bool) -> int:
        """The junction at the end of a piece, or a new dead end where it was cut."""
        if not cut:
            return junction
        place = shapely.get_point(part, 0 if share == 0.0 else -1)
        self.dead_ends.append((self._first + len(self.lines), share, place))
        self.nodes.append((float(place.x), float(place.y)))
        return len(self.nodes) - 1


def _sealed(
    parts: Sequence[shapely.Geometry], dead_ends: Sequence[tuple[int, float, shapely.Point]]
) -> tuple[Sealed, ...]:
    """Each closed area with the dead ends that touch it."""
    found = []
    for area in parts:
        at = [(n, share) for n, share, place in dead_ends if area.distance(place) <= LEAST_M]
        found.append(Sealed(area, tuple(n for n, _ in at), tuple(s for _, s in at)))
    return tuple(found)


def open_spans(line: shapely.LineString, area: shapely.Geometry) -> list[tuple[float, float]]:
    """The parts of a line outside an area, as shares of it, that are long enough to be driven."""
    whole = float(line.length)
    found: list[tuple[float, float]] = []
    for part in shapely.get_parts(shapely.difference(line, area)):
        if part.geom_type != "LineString" or part.length < LEAST_M:
            continue
        ends = shapely.line_locate_point(
            line, [shapely.get_point(part, 0), shapely.get_point(part, -1)]
        )
        low, high = float(min(ends)) / whole, float(max(ends)) / whole
        low = 0.0 if low * whole < LEAST_M / 2 else low
        high = 1.0 if (1 - high) * whole < LEAST_M / 2 else high
        found.append((low, high))
    return sorted(found)

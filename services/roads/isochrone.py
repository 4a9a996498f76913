"""What is reached by road in so many minutes: stretches in parts, and areas round them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.ops import substring

from services.domain.model import Ring
from services.roads.network import RoadNetwork, unpack
from services.roads.plane import Floats, Ints, Plane
from services.roads.search import node_costs

MAX_BANDS = 8
PART = 3_000
"""So many roads are joined in one go; it takes a tenth of a second."""
_ROUND = 4
"""Corners of a quarter circle round an end."""


@dataclass(frozen=True, slots=True)
class Band:
    """The area reached within ``minutes``: polygons in degrees, each with its holes behind its
    outline, all closed. ``road_m``: metres of road reached."""

    minutes: float
    areas: tuple[tuple[Ring, ...], ...]
    road_m: float


def isochrone(
    network: RoadNetwork,
    lonlat: Sequence[tuple[float, float]],
    minutes: Sequence[float],
    *,
    toward: bool = False,
    check: Callable[[], None] = lambda: None,
) -> tuple[Band, ...]:
    """Areas reached from the nearest of some places, fewest minutes first.

    ``toward``: from where the places are reached. What lies within ``rules.corridor_m`` of a road
    that is reached counts as reached; a band holds the one before it. Nothing where all places are
    too far from roads. ``check`` is called several times a second, also with many roads, and may
    raise to end it. ValueError for no minutes, more than MAX_BANDS, or none above zero.
    """
    asked = sorted(set(minutes))
    if not asked or len(asked) > MAX_BANDS or not asked[0] > 0 or not np.isfinite(asked[-1]):
        raise ValueError("an isochrone needs a few numbers of minutes above zero")
    reach = Reach.of(network, lonlat, toward=toward)
    bands: list[Band] = []
    inner: shapely.Geometry | None = None
    for each in asked:
        check()
        roads, metres = reach.roads(each * 60.0)
        area = _round(roads, network.rules.corridor_m, check)
        if inner is not None:
            area = shapely.union(area, inner)
        inner = area
        bands.append(Band(each, rings(area, network.plane), metres))
    return tuple(bands)


@dataclass(frozen=True, slots=True)
class Reach:
    """Seconds at the ends of each stretch, from which it is entered; infinite where it may not be.

    ``seeds``: stretch, share and seconds of the feet themselves.
    """

    network: RoadNetwork
    at_start: Floats
    at_end: Floats
    seeds: tuple[tuple[int, float, float], ...]
    toward: bool

    @classmethod
    def of(
        cls, network: RoadNetwork, lonlat: Sequence[tuple[float, float]], *, toward: bool = False
    ) -> Reach:
        """Search once from all places together."""
        feet = network.feet(lonlat)
        nodes, _ = unpack(node_costs(network, feet, toward=toward))
        along, against = network.one_way >= 0, network.one_way <= 0
        if toward:
            along, against = against, along
        rows = (feet.edge.tolist(), feet.share.tolist(), feet.access_s.tolist())
        seeds = tuple(zip(*rows, strict=True))
        return cls(
            network,
            np.where(along, nodes[network.start], np.inf),
            np.where(against, nodes[network.end], np.inf),
            seeds,
            toward,
        )

    def roads(self, seconds: float) -> tuple[list[shapely.LineString], float]:
        """The roads reached in time, as lines in the plane, and their geodesic length together."""
        net = self.network
        ahead = np.clip((seconds - self.at_start) / net.seconds, 0.0, 1.0)
        back = np.clip((seconds - self.at_end) / net.seconds, 0.0, 1.0)
        whole = ahead + back >= 1.0
        spans: dict[int, list[tuple[float, float]]] = {}
        for edge in np.flatnonzero(~whole & (ahead + back > 0)).tolist():
            both = ((0.0, float(ahead[edge])), (1.0 - float(back[edge]), 1.0))
            spans[edge] = [span for span in both if span[0] < span[1]]
        for edge, share, access in self.seeds:
            if not whole[edge] and access <= seconds:
                spans.setdefault(edge, []).append(self._round_foot(edge, share, seconds - access))
        lines = list(net.line[whole])
        metres = float(net.length_m[whole].sum())
        for edge, parts in spans.items():
            for a, b in merged(parts):
                lines.append(substring(net.line[edge], a, b, normalized=True))
                metres += float((b - a) * net.length_m[edge])
        return lines, metres

    def _round_foot(self, edge: int, share: float, seconds: float) -> tuple[float, float]:
        part = min(1.0, float(seconds / self.network.seconds[edge]))
        way = int(self.network.one_way[edge]) * (-1 if self.toward else 1)
        low = share if way > 0 else max(0.0, share - part)
        return low, share if way < 0 else min(1.0, share + part)


def merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that touch or overlap as one, in order."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return found


def _round(
    lines: Sequence[shapely.LineString], metres: float, check: Callable[[], None]
) -> shapely.Geometry:
    """The area round lines. One by one and then together: a buffer round all of them at once takes
    forty times as long. Neighbours first, in parts between which it can be ended."""
    if not lines:
        return shapely.Polygon()
    roads = np.array(lines, object)
    roads = roads[_by_place(shapely.bounds(roads), len(roads))]
    areas = []
    for first in range(0, len(roads), PART):
        each = shapely.buffer(roads[first : first + PART], metres, quad_segs=_ROUND)
        areas.append(shapely.union_all(each))
        check()
    return shapely.union_all(areas)


def _by_place(bounds: Floats, count: int) -> Ints:
    """An order of boxes (n, 4) in which those of one part lie close together: in strips."""
    x, y = bounds[:, 0], bounds[:, 1]
    strips = max(1, round(np.sqrt(count / PART)))
    strip = np.floor((y - y.min()) / (np.ptp(y) + 1.0) * strips)
    return np.lexsort((x, strip)).astype(np.int64)


def rings(area: shapely.Geometry, plane: Plane) -> tuple[tuple[Ring, ...], ...]:
    """Polygons of the plane as closed rings of degrees, outlines first, the largest area first."""
    polygons = [p for p in shapely.get_parts(area) if p.geom_type == "Polygon" and not p.is_empty]
    polygons.sort(key=lambda p: (-p.area, p.bounds))
    return tuple(
        tuple(_degrees(ring, plane) for ring in (p.exterior, *p.interiors)) for p in polygons
    )


def _degrees(ring: shapely.LinearRing, plane: Plane) -> Ring:
    degrees = plane.lonlat(shapely.get_coordinates(ring)).round(7)
    return tuple((float(x), float(y)) for x, y in degrees)

"""Which tiles a region has: counted level by level, listed one by one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from services.basemaps.grid import world_xy
from services.domain.datum import from_wgs84
from services.domain.errors import KnownError

MOST_TILES = 500_000
MOST_POINTS = 20_000
Ring = Sequence[tuple[float, float]]
Tile = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Region:
    """An area in WGS-84 degrees, and levels from ``first`` to ``last``. ``rings``: outer borders.
    KnownError ``bad_region`` where it has no area, or too many corners."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last <= 23:
            raise _bad("levels go from 0 to 23, the first not after the last")
        if not 0 < sum(len(ring) for ring in self.rings) <= MOST_POINTS:
            raise _bad("its border has no corners, or too many")
        for ring in self.rings:
            if len(ring) < 3:
                raise _bad("a border needs three corners")
            if not all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in ring):
                raise _bad("a corner is no place")

    @staticmethod
    def box(west: float, south: float, east: float, north: float, first: int, last: int) -> Region:
        """A rectangle of degrees."""
        if not (west < east and south < north):
            raise _bad("west must be less than east, south less than north")
        corners = ((west, south), (east, south), (east, north), (west, north))
        return Region((corners,), first, last)


def counts(region: Region, datum: str = "wgs84") -> dict[int, int]:
    """How many tiles each level has on the grid of a source of this datum.

    KnownError ``region_too_large`` as soon as there are more than ``MOST_TILES``.
    """
    found: dict[int, int] = {}
    for level, tiles in _levels(region, datum):
        found[level] = len(tiles)
        if sum(found.values()) > MOST_TILES:
            raise _too_large()
    return found


def tiles(region: Region, datum: str = "wgs84") -> Iterator[Tile]:
    """Every tile, level by level, row by row. KnownError ``region_too_large``."""
    for level, places in _levels(region, datum):
        for x, y in sorted(places, key=lambda place: (place[1], place[0])):
            yield level, x, y


def bounds(region: Region) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    points = [point for ring in region.rings for point in ring]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def _levels(region: Region, datum: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """From the whole world down: only the quarters of what touches the area can touch it."""
    area = _area(region, datum)
    places = [(0, 0)]
    for level in range(region.last + 1):
        if level:
            places = [(2 * x + i, 2 * y + j) for x, y in places for j in (0, 1) for i in (0, 1)]
        size = 1.0 / (1 << level)
        boxes = shapely.box(
            [x * size for x, _ in places],
            [y * size for _, y in places],
            [(x + 1) * size for x, _ in places],
            [(y + 1) * size for _, y in places],
        )
        touching = shapely.intersects(area, boxes)
        places = [place for place, touches in zip(places, touching, strict=True) if touches]
        if len(places) > MOST_TILES:  # and no level further in has fewer
            raise _too_large()
        if level >= region.first:
            yield level, places


def _area(region: Region, datum: str) -> BaseGeometry:
    """The area on the square world of Web Mercator, prepared."""
    rings = []
    for ring in region.rings:
        lon, lat = from_wgs84(
            [p[0] for p in ring], [p[1] for p in ring], "gcj02" if datum == "gcj02" else "wgs84"
        )
        rings.append([world_xy(float(x), float(y)) for x, y in zip(lon, lat, strict=True)])
    area = shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in rings])
    if area.is_empty or area.area <= 0:
        raise _bad("it has no area")
    shapely.prepare(area)
    return area


def _too_large() -> KnownError:
    return KnownError(
        "region_too_large",
        f"The region has more than {MOST_TILES} tiles at these levels; take a smaller one, or fewer"
        " levels.",
        params={"most": MOST_TILES},
    )


def _bad(why: str) -> KnownError:
    return KnownError("bad_region", f"This region cannot be used: {why}.", params={"why": why})

"""Where the pixels of a tile come from: other levels, and grids that are shifted (GCJ-02). Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

from services.domain.datum import Datum, from_wgs84

GRID_PX = 256
_LAT_LIMIT = 85.05112877980659


@dataclass(frozen=True, slots=True)
class Window:
    """A square of a source's level: its corner and side in pixels of that level, west to east and
    north to south, counted in pictures of ``tile_px`` pixels."""

    level: int
    left: int
    top: int
    side: int
    tile_px: int

    def tiles(self) -> list[tuple[int, int]]:
        """Columns and rows that it touches, those beyond the world's edge left away."""
        last = (1 << self.level) - 1
        across = range(self.left // self.tile_px, (self.left + self.side - 1) // self.tile_px + 1)
        down = range(self.top // self.tile_px, (self.top + self.side - 1) // self.tile_px + 1)
        return [(x, y) for y in down for x in across if 0 <= x <= last and 0 <= y <= last]


def window(zoom: int, x: int, y: int, level: int, datum: str, tile_px: int = GRID_PX) -> Window:
    """What a tile of the WGS-84 grid shows of a source's ``level`` (at most ``zoom``).

    Within one tile the shift of GCJ-02 changes by less than a pixel, so the one of its middle
    stands for all of it, in whole pixels: nothing is blurred.
    """
    parts = 1 << (zoom - level)
    side = max(1, tile_px // parts)
    left, top = x * tile_px // parts, y * tile_px // parts
    if datum == "wgs84":
        return Window(level, left, top, side, tile_px)
    dx, dy = shift(zoom, x, y, datum)
    world = float(tile_px << level)
    return Window(level, left + round(dx * world), top + round(dy * world), side, tile_px)


def shift(zoom: int, x: int, y: int, datum: str) -> tuple[float, float]:
    """By how much a datum lies off at the middle of a tile, in widths of the world, east, south."""
    here = (x + 0.5) / (1 << zoom), (y + 0.5) / (1 << zoom)
    lon, lat = lonlat(*here)
    there_lon, there_lat = from_wgs84(lon, lat, cast(Datum, datum))
    there = world_xy(float(there_lon), float(there_lat))
    return there[0] - here[0], there[1] - here[1]


def world_xy(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator, 0 to 1 from west to east and from north to south."""
    lat = min(max(lat, -_LAT_LIMIT), _LAT_LIMIT)
    return lon / 360.0 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / math.tau


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Degrees of Web Mercator."""
    return (x - 0.5) * 360.0, math.degrees(math.atan(math.sinh((0.5 - y) * math.tau)))

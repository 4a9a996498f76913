"""Spherical web Mercator (EPSG:3857) in world units: the world is 1.0 wide, y grows southwards.

Local units are world units minus ``ORIGIN``: float32 then holds a district to a millimetre.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MAX_LAT = 85.051_128_78
TILE_PX = 256.0
EARTH_CIRCUMFERENCE_M = 40_075_016.685_578_5
"""2π × 6,378,137 m, the equator of EPSG:3857."""


def world_from_lonlat(lon: float, lat: float) -> tuple[float, float]:
    """One point, degrees to world units."""
    sine = math.sin(math.radians(max(-MAX_LAT, min(MAX_LAT, lat))))
    return lon / 360.0 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def lonlat_from_world(x: float, y: float) -> tuple[float, float]:
    """One point, world units to degrees."""
    return (x - 0.5) * 360.0, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def worlds_from_lonlats(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """(N,) degrees to (N,) world units."""
    sine = np.sin(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))
    return lon / 360.0 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)


ORIGIN = world_from_lonlat(101.84, 36.59)
"""Where local units begin: the middle of the district, so that its float32 error is smallest."""


def pixels_per_unit(zoom: float) -> float:
    """Screen pixels per world unit at a zoom level."""
    return float(TILE_PX * 2.0**zoom)


def units_per_metre(lat: float) -> float:
    """World units per metre on the ground at a latitude."""
    return 1.0 / (EARTH_CIRCUMFERENCE_M * math.cos(math.radians(lat)))

"""Datums that positions come in and go out in: GCJ-02, BD-09, CGCS2000 3-degree zones.

Inside, everything is WGS-84 / CGCS2000 longitude, latitude. GCJ-02 is what most Chinese tiles and
phones speak, BD-09 is GCJ-02 shifted once more by one provider. Neither has a published definition;
the formulas and constants are those that open implementations agree on. Degrees and metres; any
thread; scalars or arrays of any equal shape.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyproj

Floats = npt.NDArray[np.float64]
Pair = tuple[Floats, Floats]
Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")
"""``wgs84`` stands for CGCS2000 too: they differ by less than a map of a district shows."""

_A, _EE = 6378245.0, 0.00669342162296594323
"""Half axis in metres and squared eccentricity of the Krasovsky ellipsoid."""
_SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north: outside this box GCJ-02 is WGS-84."""
_BD_TURN = np.pi * 3000.0 / 180.0
_STEPS = 5
"""Of the inverse, which has no closed form: from the third on it moves less than a millimetre."""


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> Pair:
    """Positions of a datum as WGS-84."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if datum == "wgs84":
        return x, y
    if datum == "bd09":
        x, y = _bd09_to_gcj02(x, y)
    return _gcj02_to_wgs84(x, y)


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> Pair:
    """WGS-84 positions in another datum."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if datum == "wgs84":
        return x, y
    x, y = _wgs84_to_gcj02(x, y)
    return _gcj02_to_bd09(x, y) if datum == "bd09" else (x, y)


def zone_meridian(lon: float) -> int:
    """Central meridian, in degrees, of the CGCS2000 3-degree zone that a longitude lies in."""
    return 3 * round(lon / 3)


def to_zone(lon: npt.ArrayLike, lat: npt.ArrayLike, meridian: int) -> Pair:
    """Easting (500 km at the meridian, no zone prefix) and northing in metres, CGCS2000."""
    east, north = _zone(meridian).transform(lon, lat)
    return np.asarray(east, np.float64), np.asarray(north, np.float64)


def from_zone(east: npt.ArrayLike, north: npt.ArrayLike, meridian: int) -> Pair:
    """Longitude and latitude of metres in a CGCS2000 3-degree zone."""
    lon, lat = _zone(meridian).transform(east, north, direction="INVERSE")
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


@lru_cache(maxsize=64)
def _zone(meridian: int) -> pyproj.Transformer:
    """EPSG:4534 to 4554 are the zones of meridians 75 to 135 whose eastings have no prefix."""
    if meridian not in range(75, 136, 3):
        raise ValueError(f"no CGCS2000 3-degree zone has its meridian at {meridian}°")
    return pyproj.Transformer.from_crs(4490, 4534 + (meridian - 75) // 3, always_xy=True)


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    west, south, east, north = _SHIFTED
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    d_lon, d_lat = _shift(lon, lat)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def _gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    x, y = lon, lat
    for _ in range(_STEPS):
        there = _wgs84_to_gcj02(x, y)
        x, y = x + lon - there[0], y + lat - there[1]
    return x, y


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    far = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    turn = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return far * np.cos(turn) + 0.0065, far * np.sin(turn) + 0.006


def _bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 0.0065, lat - 0.006
    for _ in range(_STEPS):
        there = _gcj02_to_bd09(x, y)
        x, y = x + lon - there[0], y + lat - there[1]
    return x, y


def _shift(lon: Floats, lat: Floats) -> Pair:
    """By how many degrees GCJ-02 lies off."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    both = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    d_lat = np.degrees(north * magic * np.sqrt(magic) / (_A * (1.0 - _EE)))
    d_lon = np.degrees(east * np.sqrt(magic) / (_A * np.cos(phi)))
    return d_lon, d_lat

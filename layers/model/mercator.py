"""Web Mercator as the map uses it: world coordinates in 0..1, x east, y south. Pure numpy.

``fixed`` coordinates are world coordinates times 2**30 as integers (3.7 cm on the equator): sums of
millions of them are exact, and interleaving their bits gives the Morton code, whose prefixes are
the map's square cells.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]

LAT_LIMIT = 85.05112877980659
"""Degrees; the square world of Web Mercator ends here."""
BITS = 30
FIXED = 1 << BITS
TILE_PX = 256
PIXEL_M = 0.0254 / 96
"""Size of a pixel by which scales are told; what a screen says of itself is often wrong."""
EARTH_CIRCUMFERENCE_M = 2 * math.pi * 6_378_137.0

_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def world_xy(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """World coordinates of degrees; latitudes beyond the limit are moved onto it."""
    x = np.asarray(lon, dtype=np.float64) / 360.0 + 0.5
    clipped = np.clip(np.asarray(lat, dtype=np.float64), -LAT_LIMIT, LAT_LIMIT)
    y = 0.5 - np.arcsinh(np.tan(np.radians(clipped))) / (2 * math.pi)
    return x, y


def lonlat(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Degrees of world coordinates."""
    lon = (np.asarray(x, dtype=np.float64) - 0.5) * 360.0
    lat = np.degrees(np.arctan(np.sinh((0.5 - np.asarray(y, dtype=np.float64)) * 2 * math.pi)))
    return lon, lat


def fixed(values: npt.ArrayLike) -> Ints:
    """World coordinates as integers in 0 .. 2**30 - 1."""
    scaled = np.floor(np.asarray(values, dtype=np.float64) * FIXED)
    return np.clip(scaled, 0, FIXED - 1).astype(np.int64)


def morton(ix: npt.ArrayLike, iy: npt.ArrayLike) -> Codes:
    """Interleaved bits of fixed coordinates, y above x: nearby places have common prefixes."""
    return _spread(ix) | (_spread(iy) << np.uint64(1))


def unmorton(codes: Codes) -> tuple[Ints, Ints]:
    """The fixed coordinates of Morton codes."""
    return _gather(codes), _gather(codes >> np.uint64(1))


def world_px(zoom: float) -> float:
    """Width of the whole world in pixels at a zoom level."""
    return TILE_PX * float(2.0**zoom)


def metres_per_px(lat: float, zoom: float) -> float:
    """Ground metres that one pixel covers at a latitude."""
    return EARTH_CIRCUMFERENCE_M * math.cos(math.radians(lat)) / world_px(zoom)


def zoom_of(lat: float, metres: float) -> float:
    """The zoom level at which a pixel covers so many ground metres at a latitude."""
    return math.log2(EARTH_CIRCUMFERENCE_M * math.cos(math.radians(lat)) / metres / TILE_PX)


def _spread(values: npt.ArrayLike) -> Codes:
    bits = np.asarray(values).astype(np.uint64)
    for shift, mask in _SPREAD:
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def _gather(codes: Codes) -> Ints:
    bits = codes & np.uint64(_SPREAD[-1][1])
    for (shift, _), (_, mask) in zip(reversed(_SPREAD), reversed(_SPREAD[:-1]), strict=False):
        bits = (bits | (bits >> np.uint64(shift))) & np.uint64(mask)
    bits = (bits | (bits >> np.uint64(16))) & np.uint64(0xFFFFFFFF)
    return bits.astype(np.int64)

"""Lengths and areas on the ellipsoid, and what they are written in. Pure; degrees and metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from pyproj import Geod

Place = tuple[float, float]
LengthUnit = Literal["auto", "m", "km"]
AreaUnit = Literal["auto", "m2", "ha", "km2", "mu"]
LENGTH_UNITS: tuple[LengthUnit, ...] = ("auto", "m", "km")
AREA_UNITS: tuple[AreaUnit, ...] = ("auto", "m2", "ha", "km2", "mu")
MU_M2 = 2000.0 / 3.0
"""A mu 亩 is a fifteenth of a hectare."""
BEND_M = 20_000.0
"""A geodesic is drawn with a corner at least so often; shorter it looks straight on the map."""
MOST_CORNERS = 256
_GEOD = Geod(ellps="WGS84")
_AREA_M2 = {"m2": 1.0, "ha": 1e4, "km2": 1e6, "mu": MU_M2}
_AREA_SIGN = {"m2": "m²", "ha": "ha", "km2": "km²", "mu": "亩"}


@dataclass(frozen=True, slots=True)
class Measured:
    """``corners`` in degrees; ``segments`` and ``length_m`` in metres, for an area with the side
    that closes it; ``area_m2`` None for a line."""

    corners: tuple[Place, ...]
    segments: tuple[float, ...]
    length_m: float
    area_m2: float | None = None


def line(corners: Sequence[Place]) -> Measured:
    """A line along corners."""
    segments = _segments(corners)
    return Measured(tuple(corners), segments, sum(segments))


def area(corners: Sequence[Place]) -> Measured:
    """The area that corners enclose, whichever way round they run; below three it is nothing."""
    if len(corners) < 3:
        return Measured(tuple(corners), _segments(corners), sum(_segments(corners)), 0.0)
    lon, lat = np.asarray(corners, np.float64).T
    square, length = _GEOD.polygon_area_perimeter(lon, lat)
    closed = _segments([*corners, corners[0]])
    return Measured(tuple(corners), closed, float(length), abs(float(square)))


def distance(a: Place, b: Place) -> float:
    """Geodesic metres between two places."""
    return float(_GEOD.inv(*a, *b)[2])


def bent(corners: Sequence[Place]) -> tuple[Place, ...]:
    """Corners of the same line, so many more that it is seen to follow the ellipsoid."""
    found: list[Place] = list(corners[:1])
    for a, b in pairwise(corners):
        steps = min(MOST_CORNERS, int(distance(a, b) // BEND_M))
        if steps:
            found.extend((float(x), float(y)) for x, y in _GEOD.npts(*a, *b, steps))
        found.append(b)
    return tuple(found)


def length_words(metres: float, unit: LengthUnit = "auto") -> str:
    """A length with its unit: ``842.3 m``, ``12.350 km``."""
    if unit == "auto":
        unit = "m" if metres < 1000.0 else "km"
    return f"{metres:,.1f} m" if unit == "m" else f"{metres / 1000.0:,.3f} km"


def area_words(square: float, unit: AreaUnit = "auto", mu: str = _AREA_SIGN["mu"]) -> str:
    """An area with its unit; ``mu``: how the reader's language writes 亩."""
    if unit == "auto":
        unit = "m2" if square < 1e4 else "ha" if square < 1e6 else "km2"
    value = square / _AREA_M2[unit]
    digits = 1 if unit == "m2" else 3
    return f"{value:,.{digits}f} {mu if unit == 'mu' else _AREA_SIGN[unit]}"


def _segments(corners: Sequence[Place]) -> tuple[float, ...]:
    if len(corners) < 2:
        return ()
    at: npt.NDArray[np.float64] = np.asarray(corners, np.float64)
    lon, lat = at.T
    metres = _GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    return tuple(float(m) for m in metres)

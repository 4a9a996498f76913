"""A small flat map in metres around one point, good to 0.1 % over a district. Pure; any thread."""

from __future__ import annotations

import math

METRES_PER_DEGREE_LAT = 110_975.0
"""Of the meridian at 36.6° north."""
METRES_PER_DEGREE_LON_EQUATOR = 111_413.0
"""Scaled to the ellipsoid at 36.6° north; times the cosine of the latitude."""
DECIMALS = 6
"""Of degrees that are given out: a tenth of a metre."""

Point = tuple[float, float]


class Plane:
    """Degrees to metres east and north of an origin, and back."""

    def __init__(self, lon: float, lat: float) -> None:
        self._lon, self._lat = lon, lat
        self._east = METRES_PER_DEGREE_LON_EQUATOR * math.cos(math.radians(lat))

    def xy(self, lon: float, lat: float) -> Point:
        """Metres east and north of the origin."""
        return (lon - self._lon) * self._east, (lat - self._lat) * METRES_PER_DEGREE_LAT

    def lonlat(self, x: float, y: float) -> Point:
        """Degrees, rounded to ``DECIMALS``."""
        return (
            round(self._lon + x / self._east, DECIMALS),
            round(self._lat + y / METRES_PER_DEGREE_LAT, DECIMALS),
        )


def bearing_deg(a: Point, b: Point) -> float:
    """Direction from ``a`` to ``b`` in the plane: 0 north, 90 east, below 360."""
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1])) % 360.0


def moved(point: Point, bearing: float, distance_m: float) -> Point:
    """The point ``distance_m`` away in a direction."""
    angle = math.radians(bearing)
    return point[0] + distance_m * math.sin(angle), point[1] + distance_m * math.cos(angle)

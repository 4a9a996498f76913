"""Positions and distances on the WGS-84 / CGCS2000 ellipsoid. Degrees and metres; any thread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyproj

from services.domain.errors import KnownError
from services.domain.model import Ring

GEOD = pyproj.Geod(ellps="WGS84")
CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north
_FAR_NORTH = 73.0  # no district of ours lies there, but 73–90 is also a longitude of west China

Floats = npt.NDArray[np.float64]


def in_china(lon: float, lat: float) -> bool:
    """Whether a point lies in the box that holds China."""
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north


def check_position(lon: float, lat: float, where: str = "") -> None:
    """Refuse what is no position: KnownError ``not_finite``, ``swapped`` or ``out_of_range``.

    ``where`` names the owner of the two fields ("items[3]"); the field named is lon or lat.
    """
    prefix = f"{where}." if where else ""
    for name, value in (("lon", lon), ("lat", lat)):
        if not math.isfinite(value):
            raise KnownError("not_finite", f"{name} is not a finite number.", field=prefix + name)
    valid = abs(lon) <= 180.0 and abs(lat) <= 90.0
    exchanged = abs(lat) <= 180.0 and abs(lon) <= 90.0
    if (not valid and exchanged) or (lat >= _FAR_NORTH and in_china(lat, lon)):
        raise KnownError(
            "swapped",
            f"Longitude and latitude look exchanged: lon {lon:g}, lat {lat:g}.",
            field=prefix + "lat",
            params={"lon": lon, "lat": lat},
        )
    if not valid:
        name, value, limit = ("lon", lon, 180) if abs(lon) > 180.0 else ("lat", lat, 90)
        raise KnownError(
            "out_of_range",
            f"{name} {value:g} is outside -{limit} to {limit}.",
            field=prefix + name,
            params={"value": value},
        )


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Geodesic distance of two points in metres."""
    return float(GEOD.inv(lon1, lat1, lon2, lat2)[2])


def distances_m(
    lon: float, lat: float, lons: Sequence[float] | Floats, lats: Sequence[float] | Floats
) -> Floats:
    """Geodesic distances from one point to many, in metres, shape (n,)."""
    ends_lon = np.asarray(lons, dtype=np.float64)
    ends_lat = np.asarray(lats, dtype=np.float64)
    starts_lon = np.full(ends_lon.shape, lon)
    starts_lat = np.full(ends_lat.shape, lat)
    return np.asarray(GEOD.inv(starts_lon, starts_lat, ends_lon, ends_lat)[2], dtype=np.float64)


def circle(lon: float, lat: float, radius_m: float, points: int = 72) -> Ring:
    """A closed ring of ``points`` + 1 vertices at ``radius_m`` from a centre, clockwise."""
    azimuths = np.linspace(0.0, 360.0, points, endpoint=False)
    full = np.full(points, 1.0)
    lons, lats, _ = GEOD.fwd(full * lon, full * lat, azimuths, full * radius_m)
    ring = [(float(x), float(y)) for x, y in zip(lons, lats, strict=True)]
    return (*ring, ring[0])


def within(lon: float, lat: float, centre: tuple[float, float], radius_m: float) -> bool:
    """Whether a point lies in a circle; the edge belongs to it."""
    return distance_m(lon, lat, *centre) <= radius_m


def bounds(ring: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    """West, south, east, north of some points."""
    points = list(ring)
    lons = [p[0] for p in points]
    lats = [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def contains(rings: Sequence[Ring], lon: float, lat: float) -> bool:
    """Whether a polygon (outer ring first, then holes) holds a point; plane, for small areas."""
    if not rings or not _in_ring(rings[0], lon, lat):
        return False
    return not any(_in_ring(hole, lon, lat) for hole in rings[1:])


def _in_ring(ring: Ring, lon: float, lat: float) -> bool:
    inside = False
    for i in range(len(ring)):
        x1, y1 = ring[i - 1]
        x2, y2 = ring[i]
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def area_m2(rings: Sequence[Ring]) -> float:
    """Geodesic area of a polygon with holes, in square metres, never negative."""
    if not rings:
        return 0.0
    sizes = [
        abs(GEOD.polygon_area_perimeter([p[0] for p in r], [p[1] for p in r])[0]) for r in rings
    ]
    return max(0.0, float(sizes[0] - sum(sizes[1:])))

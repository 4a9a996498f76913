"""Finding what lies at a place of the screen: marks by pixel, lines, outlines. Pure."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from layers.model import mercator
from services.domain.model import Ring

_GEOD = Geod(ellps="WGS84")


def pick_mark(
    places: npt.NDArray[np.float64],
    radius: npt.NDArray[np.float64],
    x: float,
    y: float,
    reach: float,
) -> int | None:
    """The mark under a point, or the nearest whose rim is within ``reach`` pixels; None if none.

    ``places`` (n, 2) and ``radius`` (n,) in pixels, in drawing order: of several under the point
    the one on top wins.
    """
    if not len(places):
        return None
    gap = np.hypot(places[:, 0] - x, places[:, 1] - y) - radius
    under = np.flatnonzero(gap <= 0)
    if len(under):
        return int(under[-1])
    nearest = int(np.argmin(gap))
    return nearest if gap[nearest] <= reach else None


def to_segments(ends: mercator.Floats, x: float, y: float) -> float:
    """Distance of a place to the nearest of segments (n, 4), all in world coordinates."""
    start, along = ends[:, :2], ends[:, 2:] - ends[:, :2]
    length = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
    share = np.clip((((x, y) - start) * along).sum(axis=1) / length, 0.0, 1.0)
    gap = start + along * share[:, None] - (x, y)
    return float(np.sqrt((gap**2).sum(axis=1).min()))


def inside_rings(rings: tuple[Ring, ...], lon: float, lat: float) -> bool:
    """Whether a place lies inside an area (even-odd over all rings, so holes are outside)."""
    inside = False
    for ring in rings:
        x0, y0 = ring[-1]
        for x1, y1 in ring:
            if (y1 > lat) != (y0 > lat) and lon < (x0 - x1) * (lat - y1) / (y0 - y1) + x1:
                inside = not inside
            x0, y0 = x1, y1
    return inside


def fan_out(count: int, spacing: float = 34.0) -> npt.NDArray[np.float64]:
    """Pixel offsets (count, 2) of things at one place: a ring, from nine on a spiral."""
    steps = np.arange(count, dtype=np.float64)
    if count <= 8:
        ring = max(spacing, spacing * count / 6)
        angle = 2 * math.pi * steps / max(1, count) - math.pi / 2
        return ring * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    radius = spacing * np.sqrt(steps + 2.0)
    angle = math.pi * (3 - math.sqrt(5)) * steps
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def circle(lon: float, lat: float, radius_m: float, corners: int = 96) -> npt.NDArray[np.float64]:
    """World coordinates (corners, 2) of a geodesic circle."""
    azimuth = np.linspace(0.0, 360.0, corners, endpoint=False)
    n = np.ones(corners)
    lons, lats, _ = _GEOD.fwd(lon * n, lat * n, azimuth, radius_m * n)
    return np.stack(mercator.world_xy(lons, lats), axis=1)

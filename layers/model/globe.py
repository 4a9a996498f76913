"""Boxes of the map round and inside geodesic discs on the WGS-84 ellipsoid. Pure."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.cover import Boxes, Rect
from services.domain.nearness import chords_m, sure_chord_m

Mask = npt.NDArray[np.bool_]
_A, _F = 6_378_137.0, 1 / 298.257223563
_B = _A * (1 - _F)
_SMALL_M = 1_000_000.0
"""Up to this radius a box whose corners lie well inside a disc lies inside it."""


def disc_rects(lon: float, lat: float, radius_m: float) -> list[Rect]:
    """One or two world rects that hold everything within geodesic metres of a place."""
    reduced = (
        math.atan((1 - _F) * math.tan(math.radians(lat))) if abs(lat) < 90 else math.radians(lat)
    )
    arc = radius_m / _B  # on the auxiliary sphere of reduced latitudes it is at most this
    top, bottom = reduced + arc, reduced - arc
    if top >= math.pi / 2 or bottom <= -math.pi / 2:
        width = 360.0
    else:
        width = 2 * math.degrees(math.asin(min(1.0, math.sin(arc) / math.cos(reduced)))) + 1e-9
    lats = [_degrees(min(top, math.pi / 2)), _degrees(max(bottom, -math.pi / 2))]
    return world_rects(lon - width / 2, lats[1] - 1e-9, lon + width / 2, lats[0] + 1e-9)


def world_rects(west: float, south: float, east: float, north: float) -> list[Rect]:
    """A box of degrees as world rects: two where it crosses the date line."""
    _, (top, bottom) = mercator.world_xy([0.0, 0.0], [north, south])
    if east - west >= 360.0:
        spans = [(-180.0, 180.0)]
    elif west <= -180.0:  # both names of the date line are one meridian
        spans = [(west + 360.0, 180.0), (-180.0, east)]
    elif east >= 180.0:
        spans = [(west, 180.0), (-180.0, east - 360.0)]
    else:
        spans = [(west, east)]
    return [(w / 360.0 + 0.5, float(top), e / 360.0 + 0.5, float(bottom)) for w, e in spans]


def in_disc(lon: float, lat: float, radius_m: float, boxes: Boxes) -> Mask:
    """Boxes that surely lie within geodesic metres of a place."""
    inside = boxes.whole()
    if radius_m > _SMALL_M:
        return inside & False
    limit = sure_chord_m(radius_m) * 0.98
    for x, y in (
        (boxes.west, boxes.north),
        (boxes.west, boxes.south),
        (boxes.east, boxes.north),
        (boxes.east, boxes.south),
    ):
        lons, lats = mercator.lonlat(np.where(inside, x, 0.0), np.where(inside, y, 0.0))
        inside &= chords_m(lon, lat, lons, lats) <= limit
    return inside


def _degrees(reduced: float) -> float:
    if abs(reduced) >= math.pi / 2:
        return math.copysign(90.0, reduced)
    return math.degrees(math.atan(math.tan(reduced) / (1 - _F)))

"""Geodesic reach on the WGS-84 ellipsoid by straight lines through it: fast, and never wrong. Pure.

The chord between two places is at most their geodesic distance; and no geodesic is bent more than
a circle of ``BENT_M``, so (Schur's theorem) it is at most the arc over that chord on such a circle.
Only places between the two bounds need the slow exact answer.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.cover import Boxes, Rect
from services.domain.geodesy import distances_m

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_A, _F = 6_378_137.0, 1 / 298.257223563
_B, _E2 = _A * (1 - _F), _F * (2 - _F)
BENT_M = _A * (1 - _E2)
"""The least radius of curvature: along the meridian at the equator."""
_HAIR_M = 1e-5
_SMALL_M = 1_000_000.0
"""Up to this radius a box whose corners lie well inside a disc lies inside it."""


def chords_m(lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
    """Straight distances in metres from one place to many, all in degrees."""
    here, there = _xyz(np.array([lon]), np.array([lat])), _xyz(lons, lats)
    gap: Floats = np.sqrt(((there - here) ** 2).sum(axis=0))
    return gap


def longest_m(chord_m: float) -> float:
    """The most that a geodesic over a chord can measure; infinite for those through the core."""
    half = chord_m / (2 * BENT_M)
    return 2 * BENT_M * math.asin(half) if half < 1 else math.inf


def within(lon: float, lat: float, radius_m: float, lons: Floats, lats: Floats) -> Mask:
    """Whether each of many places lies within geodesic metres of one: a mask (n,)."""
    chord = chords_m(lon, lat, lons, lats)
    inside: Mask = chord <= _sure_chord(radius_m) - _HAIR_M
    doubt = np.flatnonzero(~inside & (chord <= radius_m + _HAIR_M))
    if len(doubt):
        inside[doubt] = distances_m(lon, lat, lons[doubt], lats[doubt]) <= radius_m
    return inside


def nearest(
    lon: float, lat: float, k: int, lons: Floats, lats: Floats
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Numbers of the ``k`` nearest of many places, nearest first, and their geodesic metres."""
    chord = chords_m(lon, lat, lons, lats)
    near = np.arange(len(chord))
    if len(chord) > k:
        bound = longest_m(float(np.partition(chord, k - 1)[k - 1]))
        near = np.flatnonzero(chord <= bound + _HAIR_M)
    metres = distances_m(lon, lat, lons[near], lats[near])
    first = np.argsort(metres, kind="stable")[:k]
    return near[first], metres[first]


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
    limit = _sure_chord(radius_m) * 0.98
    for x, y in (
        (boxes.west, boxes.north),
        (boxes.west, boxes.south),
        (boxes.east, boxes.north),
        (boxes.east, boxes.south),
    ):
        lons, lats = mercator.lonlat(np.where(inside, x, 0.0), np.where(inside, y, 0.0))
        inside &= chords_m(lon, lat, lons, lats) <= limit
    return inside


def _sure_chord(radius_m: float) -> float:
    """A chord up to which the geodesic is surely within the radius."""
    return 2 * BENT_M * math.sin(min(math.pi / 2, radius_m / (2 * BENT_M)))


def _degrees(reduced: float) -> float:
    if abs(reduced) >= math.pi / 2:
        return math.copysign(90.0, reduced)
    return math.degrees(math.atan(math.tan(reduced) / (1 - _F)))


def _xyz(lons: Floats, lats: Floats) -> Floats:
    lam, phi = np.radians(lons), np.radians(lats)
    sin = np.sin(phi)
    across = _A / np.sqrt(1 - _E2 * sin * sin)
    flat = across * np.cos(phi)
    return np.stack([flat * np.cos(lam), flat * np.sin(lam), across * (1 - _E2) * sin])

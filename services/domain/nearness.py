"""Who is near, and how far: what the map's queries and dispatch both ask. Pure, any thread.

By straight lines through the WGS-84 ellipsoid: fast, and never wrong. The chord between two places
is at most their geodesic distance; and no geodesic is bent more than a circle of ``BENT_M``, so
(Schur's theorem) it is at most the arc over that chord on such a circle. Only places between the
two bounds need the slow exact answer. Places are degrees, distances geodesic metres.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from services.domain.geodesy import Floats, distances_m

Mask = npt.NDArray[np.bool_]
_A, _F = 6_378_137.0, 1 / 298.257223563
_E2 = _F * (2 - _F)
BENT_M = _A * (1 - _E2)
"""The least radius of curvature: along the meridian at the equator."""
_HAIR_M = 1e-5


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
    inside: Mask = chord <= sure_chord_m(radius_m) - _HAIR_M
    doubt = np.flatnonzero(~inside & (chord <= radius_m + _HAIR_M))
    if len(doubt):
        inside[doubt] = distances_m(lon, lat, lons[doubt], lats[doubt]) <= radius_m
    return inside


def nearest(
    lon: float, lat: float, k: int, lons: Floats, lats: Floats
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Numbers of the ``k`` nearest of many places, nearest first, and their geodesic metres; of
    equally near ones the first by number. All if there are fewer."""
    near = np.arange(len(lons))
    if 0 < k < len(lons):
        chord = chords_m(lon, lat, lons, lats)
        bound = longest_m(float(np.partition(chord, k - 1)[k - 1]))
        near = np.flatnonzero(chord <= bound + _HAIR_M)
    metres = distances_m(lon, lat, lons[near], lats[near])
    first = np.argsort(metres, kind="stable")[:k]
    return near[first], metres[first]


def sure_chord_m(radius_m: float) -> float:
    """A chord up to which the geodesic is surely within the radius."""
    return 2 * BENT_M * math.sin(min(math.pi / 2, radius_m / (2 * BENT_M)))


def _xyz(lons: Floats, lats: Floats) -> Floats:
    lam, phi = np.radians(lons), np.radians(lats)
    sin = np.sin(phi)
    across = _A / np.sqrt(1 - _E2 * sin * sin)
    flat = across * np.cos(phi)
    return np.stack([flat * np.cos(lam), flat * np.sin(lam), across * (1 - _E2) * sin])

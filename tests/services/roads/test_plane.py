"""How far the flat map is off, by the ellipsoid; and that it takes nothing away on the way back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from services.domain.geodesy import GEOD
from services.roads.plane import Plane

EARTH_M = 6_371_000.0


@pytest.mark.parametrize("lat", [0.0, 18.0, 36.6, -36.6, 53.5, 70.0])
@pytest.mark.parametrize("reach_m", [10e3, 25e3, 100e3])
def test_distances_are_as_good_as_is_said(lat: float, reach_m: float) -> None:
    plane = Plane(101.8, lat)
    xy = np.random.default_rng(1).uniform(-reach_m, reach_m, (4_000, 2))
    places = plane.lonlat(xy[np.hypot(*xy.T) <= reach_m])
    a, b = places[: len(places) // 2], places[len(places) // 2 : len(places) // 2 * 2]
    true = GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]
    off = float(np.abs(np.hypot(*(plane.xy(a) - plane.xy(b)).T) / true - 1).max())
    said = reach_m * abs(math.tan(math.radians(lat))) / EARTH_M
    assert off <= said * 1.05 + 2e-4 * (reach_m / 100e3)
    if lat == 36.6:
        assert off <= {10e3: 0.0012, 25e3: 0.003, 100e3: 0.012}[reach_m]


def test_there_and_back_is_the_same_place() -> None:
    plane = Plane.round(np.array([(101.7, 36.5), (101.9, 36.7)]))
    places = np.array([(101.71, 36.52), (101.88, 36.69)])
    assert plane.lonlat(plane.xy(places)) == pytest.approx(places, abs=1e-12)

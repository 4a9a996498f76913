"""Datums: there and back, the size of the shift, zones against known numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain import datum
from services.domain.geodesy import distance_m

lons = st.floats(73.5, 135.0)
lats = st.floats(18.0, 53.0)


@given(lons, lats, st.sampled_from(datum.DATUMS))
def test_there_and_back_within_a_centimetre(lon: float, lat: float, name: datum.Datum) -> None:
    x, y = datum.from_wgs84(lon, lat, name)
    back = datum.to_wgs84(x, y, name)
    assert distance_m(lon, lat, float(back[0]), float(back[1])) < 0.01


@given(lons, lats)
def test_gcj_02_lies_off_by_some_hundred_metres_in_china(lon: float, lat: float) -> None:
    x, y = datum.from_wgs84(lon, lat, "gcj02")
    assert 20 < distance_m(lon, lat, float(x), float(y)) < 1_000


def test_known_places() -> None:
    # Tiananmen, as open implementations of the shift print it.
    x, y = datum.from_wgs84(116.404, 39.915, "gcj02")
    assert (float(x), float(y)) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    x, y = datum.from_wgs84(116.404, 39.915, "bd09")
    assert (float(x), float(y)) == pytest.approx((116.41662724378733, 39.922699552216216), abs=1e-6)


def test_outside_china_nothing_is_shifted() -> None:
    for lon, lat in ((-0.1, 51.5), (139.7, 35.7)):
        x, y = datum.from_wgs84(lon, lat, "gcj02")
        assert (float(x), float(y)) == (lon, lat)


def test_arrays_keep_their_shape() -> None:
    lon, lat = np.full((3, 2), 101.8), np.full((3, 2), 36.6)
    assert datum.from_wgs84(lon, lat, "bd09")[0].shape == (3, 2)


def test_zones() -> None:
    assert [datum.zone_meridian(v) for v in (101.8, 100.6, 103.4, 103.6)] == [102, 102, 102, 105]
    east, north = datum.to_zone(102.0, 0.0, 102)
    assert (float(east), float(north)) == pytest.approx((500_000.0, 0.0), abs=1e-6)
    east, north = datum.to_zone(101.8, 36.6, 102)
    assert float(east) == pytest.approx(500_000 - distance_m(101.8, 36.6, 102.0, 36.6), abs=10)
    lon, lat = datum.from_zone(east, north, 102)
    assert math.hypot(float(lon) - 101.8, float(lat) - 36.6) < 1e-9


def test_a_meridian_that_no_zone_has() -> None:
    with pytest.raises(ValueError, match="100"):
        datum.to_zone(100.0, 36.0, 100)

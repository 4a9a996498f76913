"""Reference systems and datums: round trips against pyproj, and what numbers look like."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.datum import DATUMS, from_wgs84
from services.domain.errors import KnownError
from services.ingest.gis.placing import LOOSE_M, Placing, info, parse
from services.ingest.gis.suggest import suggest

ZONES = range(4513, 4555)
OTHERS = (3857, 32647, 4491 + 4, 2326, 27700)
LONS, LATS = st.floats(75.0, 134.0), st.floats(18.0, 53.0)


@given(st.sampled_from(ZONES), st.floats(-1.4, 1.4), LATS)
@settings(max_examples=60, deadline=None)
def test_every_zone_leads_back_to_where_it_came_from(epsg: int, off: float, lat: float) -> None:
    number = (epsg - 4513) % 21 + 25
    lon = 3 * number + off
    there = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    east, north = there.transform(lon, lat)
    got = Placing(f"EPSG:{epsg}").move(east, north)
    assert pyproj.Geod(ellps="WGS84").inv(lon, lat, *map(float, got))[2] < 0.001
    (look,) = suggest((east, north, east, north), near_lon=lon)
    assert look.epsg == epsg
    assert not look.swapped
    (turned,) = suggest((north, east, north, east), near_lon=lon)
    assert (turned.epsg, turned.swapped) == (epsg, True)
    with pytest.raises(KnownError) as caught:
        Placing(str(epsg)).check(north, east)
    assert caught.value.code == "swapped"


@given(LONS, LATS, st.sampled_from(DATUMS), st.sampled_from((4326, 4490, 3857)))
@settings(max_examples=60, deadline=None)
def test_datums_are_turned_after_the_reference_system(
    lon: float, lat: float, datum: str, epsg: int
) -> None:
    shifted = from_wgs84(lon, lat, datum)
    told = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(*map(float, shifted))
    got = Placing(str(epsg), datum).move(*told)
    assert pyproj.Geod(ellps="WGS84").inv(lon, lat, *map(float, got))[2] < 0.01


@pytest.mark.parametrize("epsg", OTHERS)
def test_other_systems_agree_with_the_library(epsg: int) -> None:
    crs = pyproj.CRS.from_epsg(epsg)
    area = crs.area_of_use
    assert area is not None
    x, y = (area.west + area.east) / 2, (max(area.south, -80) + min(area.north, 80)) / 2
    there = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(x, y)
    lon, lat = Placing(f"urn:ogc:def:crs:EPSG::{epsg}").move(*there)
    assert (float(lon), float(lat)) == pytest.approx((x, y), abs=1e-6)


def test_a_shape_is_moved_vertex_by_vertex_and_flattened() -> None:
    ring = [(34482000, 4050000, 3), (34483000, 4050000, 3), (34483000, 4051000, 3)]
    shape = shapely.Polygon(ring)
    moved = Placing("4522").shapes(shape)
    assert not moved.has_z
    transform = pyproj.Transformer.from_crs(4522, 4490, always_xy=True).transform
    wanted = [transform(x, y) for x, y, _ in [*ring, ring[0]]]
    assert np.allclose(shapely.get_coordinates(moved), wanted, atol=1e-9)


@pytest.mark.parametrize(
    ("epsg", "at", "loose"),
    [
        (4326, (101.8, 36.6), False),
        (4490, (101.8, 36.6), False),
        (4522, (34482000.0, 4050000.0), False),
        (4610, (101.8, 36.6), True),  # Xi'an 80
        (2358, (34482000.0, 4050000.0), True),
        (4214, (101.8, 36.6), True),  # Beijing 54
    ],
)
def test_old_datums_are_warned_of(epsg: int, at: tuple[float, float], loose: bool) -> None:
    told = info(str(epsg), at)
    assert told.epsg == epsg
    assert (told.accuracy_m is None or told.accuracy_m > LOOSE_M) == loose


def test_the_description_beside_a_shapefile_is_known_by_its_number() -> None:
    wkt = pyproj.CRS.from_epsg(4522).to_wkt("WKT1_ESRI")
    assert info(wkt).epsg == 4522


@pytest.mark.parametrize(
    "crs",
    [
        *("", "WGS84", "+proj=longlat", "http://example.org/crs", "5773", "EPSG:0", "1" * 400),
        *("/vsicurl/x", 'LOCAL_CS["x",UNIT["m",1]]', "GEOGCS[" * 9_000, "ESRI:102100"),
    ],
)
def test_what_is_no_system_of_places_is_refused(crs: str) -> None:
    with pytest.raises(KnownError) as caught:
        parse(crs)
    assert caught.value.code == "unknown_crs"


@pytest.mark.parametrize(
    ("numbers", "epsg", "swapped"),
    [
        ((101.8, 36.6), 4326, False),
        ((36.6, 101.8), 4326, True),
        ((-2.4, 53.5), 4326, False),
        ((11_332_324.0, 4_383_000.0), 3857, False),
        ((17_750_000.0, 4_050_000.0), 4495, False),  # 6-degree zone 17
        ((482_000.0, 4_050_000.0), 4543, False),  # no zone in the number: this district's
        ((4_050_000.0, 482_000.0), 4543, True),
    ],
)
def test_numbers_look_like_something(
    numbers: tuple[float, float], epsg: int, swapped: bool
) -> None:
    look = suggest((*numbers, *numbers))[0]
    assert (look.epsg, look.swapped) == (epsg, swapped)
    assert str(epsg) in look.words()


def test_numbers_that_look_like_nothing_suggest_nothing() -> None:
    assert suggest((0.0, 1e9, 1.0, 1e9)) == ()
    assert suggest((math.inf, 0.0, 0.0, 0.0)) == ()
    assert suggest(None) == ()


def test_metres_that_are_no_place_are_refused() -> None:
    with pytest.raises(KnownError) as caught:
        Placing("4522").check(101.8, 36.6)
    assert caught.value.code == "wrong_crs"
    with pytest.raises(KnownError) as caught:
        Placing("4522").check(math.nan, 36.6)
    assert caught.value.code == "not_finite"

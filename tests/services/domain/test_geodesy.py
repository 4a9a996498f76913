from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from services.domain import geodesy
from services.domain.errors import KnownError

GEOD = Geod(ellps="WGS84")
lons = st.floats(-180, 180)
lats = st.floats(-89, 89)
near_lons = st.floats(101.5, 102.0)
near_lats = st.floats(36.5, 36.8)


@given(near_lons, near_lats, st.lists(st.tuples(near_lons, near_lats), max_size=20))
def test_distances_are_those_of_pyproj_one_by_one(
    lon: float, lat: float, others: list[tuple[float, float]]
) -> None:
    many = geodesy.distances_m(lon, lat, [o[0] for o in others], [o[1] for o in others])
    assert many.shape == (len(others),)
    for metres, (x, y) in zip(many, others, strict=True):
        assert metres == pytest.approx(GEOD.inv(lon, lat, x, y)[2], abs=1e-6)
        assert metres == pytest.approx(geodesy.distance_m(lon, lat, x, y), abs=1e-6)


@given(near_lons, near_lats, st.floats(1.0, 50_000.0), st.integers(8, 100))
def test_a_circle_is_everywhere_at_its_radius(
    lon: float, lat: float, radius_m: float, points: int
) -> None:
    ring = geodesy.circle(lon, lat, radius_m, points)
    assert len(ring) == points + 1
    assert ring[0] == ring[-1]
    for x, y in ring:
        assert geodesy.distance_m(lon, lat, x, y) == pytest.approx(radius_m, rel=1e-6)
    assert geodesy.contains([ring], lon, lat)
    assert geodesy.area_m2([ring]) <= math.pi * radius_m**2 * 1.001


def test_within_counts_the_edge() -> None:
    metres = geodesy.distance_m(101.0, 36.0, 101.1, 36.0)
    assert geodesy.within(101.1, 36.0, (101.0, 36.0), metres)
    assert not geodesy.within(101.1, 36.0, (101.0, 36.0), metres - 1e-6)


star = st.lists(st.floats(0.1, 1.0), min_size=3, max_size=12)


@given(star, st.floats(-1.2, 1.2), st.floats(-1.2, 1.2))
def test_containment_agrees_with_shapely(radii: list[float], x: float, y: float) -> None:
    corners = [
        (r * math.cos(2 * math.pi * i / len(radii)), r * math.sin(2 * math.pi * i / len(radii)))
        for i, r in enumerate(radii)
    ]
    outer = (*corners, corners[0])
    hole = tuple((px / 2, py / 2) for px, py in outer)
    polygon = shapely.Polygon(outer, [hole])
    if polygon.boundary.distance(shapely.Point(x, y)) < 1e-9:
        return  # the edge itself belongs to neither side by rule
    assert geodesy.contains([outer, hole], x, y) == polygon.contains(shapely.Point(x, y))


def test_nothing_contains_nothing() -> None:
    assert not geodesy.contains([], 0.0, 0.0)
    assert geodesy.area_m2([]) == 0.0


def test_a_hole_takes_its_area_away() -> None:
    outer = geodesy.circle(101.7, 36.6, 1_000.0)
    hole = geodesy.circle(101.7, 36.6, 500.0)
    whole, ring = geodesy.area_m2([outer]), geodesy.area_m2([outer, hole])
    assert ring == pytest.approx(whole * 0.75, rel=1e-3)


def test_bounds() -> None:
    assert geodesy.bounds([(2.0, 5.0), (1.0, 7.0), (3.0, 6.0)]) == (1.0, 5.0, 3.0, 7.0)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(101.78, 36.62), (-71.06, 42.36), (-2.2, 53.5), (180.0, 90.0), (-45.0, 78.2), (25.0, 71.0)],
)
def test_true_positions_pass(lon: float, lat: float) -> None:
    geodesy.check_position(lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat", "code", "field"),
    [
        (36.62, 101.78, "swapped", "items[2].lat"),
        (36.62, -101.78, "swapped", "items[2].lat"),
        (31.5, 84.2, "swapped", "items[2].lat"),
        (200.0, 36.6, "out_of_range", "items[2].lon"),
        (-181.0, 12.0, "out_of_range", "items[2].lon"),
        (120.0, 91.0, "out_of_range", "items[2].lat"),
        (120.0, -200.0, "out_of_range", "items[2].lat"),
        (math.nan, 36.0, "not_finite", "items[2].lon"),
        (101.0, -math.inf, "not_finite", "items[2].lat"),
    ],
)
def test_what_is_no_position_is_named(lon: float, lat: float, code: str, field: str) -> None:
    with pytest.raises(KnownError) as caught:
        geodesy.check_position(lon, lat, "items[2]")
    assert (caught.value.code, caught.value.field) == (code, field)


@given(st.floats(73.0, 136.0), st.floats(3.0, 54.0))
def test_every_exchanged_place_in_china_that_cannot_be_meant_is_found(
    lon: float, lat: float
) -> None:
    """Exchanged, every longitude of China lies beyond the pole or where no district of ours is."""
    geodesy.check_position(lon, lat)
    with pytest.raises(KnownError) as caught:
        geodesy.check_position(lat, lon)
    assert caught.value.code == "swapped"


@given(st.floats(), st.floats())
def test_any_two_numbers_pass_or_are_named(lon: float, lat: float) -> None:
    try:
        geodesy.check_position(lon, lat)
    except KnownError as error:
        codes = {error.code}
    else:
        codes = set()
        assert abs(lon) <= 180.0
        assert abs(lat) <= 90.0
    assert codes <= {"swapped", "out_of_range", "not_finite"}

"""Distances, circles and areas against independent implementations."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from services.domain import geodesy
from services.domain.errors import KnownError

LON, LAT = 101.80, 36.61
WGS84 = Geod(ellps="WGS84")
near = st.floats(-0.2, 0.2)
square = ((101.0, 36.0), (102.0, 36.0), (102.0, 37.0), (101.0, 37.0), (101.0, 36.0))
hole = ((101.4, 36.4), (101.6, 36.4), (101.6, 36.6), (101.4, 36.6), (101.4, 36.4))


@given(near, near)
def test_distance_agrees_with_pyproj_and_the_vector_form(dx: float, dy: float) -> None:
    expected = WGS84.inv(LON, LAT, LON + dx, LAT + dy)[2]
    assert geodesy.distance_m(LON, LAT, LON + dx, LAT + dy) == pytest.approx(expected, abs=1e-6)
    many = geodesy.distances_m(LON, LAT, np.array([LON + dx]), np.array([LAT + dy]))
    assert many[0] == pytest.approx(expected, abs=1e-6)


@given(st.floats(10.0, 20_000.0), st.integers(8, 90))
def test_a_circle_is_closed_and_everywhere_at_its_radius(radius_m: float, points: int) -> None:
    ring = geodesy.circle(LON, LAT, radius_m, points)
    assert len(ring) == points + 1
    assert ring[0] == ring[-1]
    for lon, lat in ring:
        assert WGS84.inv(LON, LAT, lon, lat)[2] == pytest.approx(radius_m, abs=1e-3)
    west, south, east, north = geodesy.bounds(ring)
    assert west < LON < east
    assert south < LAT < north


def test_the_edge_of_a_circle_belongs_to_it() -> None:
    edge = geodesy.distance_m(LON, LAT, LON + 0.01, LAT)
    assert geodesy.within(LON, LAT, (LON + 0.01, LAT), edge)
    assert not geodesy.within(LON, LAT, (LON + 0.01, LAT), edge - 0.001)


@given(st.floats(100.9, 102.1), st.floats(35.9, 37.1))
def test_a_polygon_with_a_hole_holds_what_shapely_says(lon: float, lat: float) -> None:
    polygon = shapely.Polygon(square, [hole])
    point = shapely.Point(lon, lat)
    if polygon.boundary.distance(point) < 1e-9:
        return  # the edge is nobody's
    assert geodesy.contains((square, hole), lon, lat) is bool(polygon.contains(point))


def test_nothing_holds_nothing_and_has_no_area() -> None:
    assert not geodesy.contains((), LON, LAT)
    assert geodesy.area_m2(()) == 0.0


@pytest.mark.parametrize("direction", [1, -1])
def test_area_is_the_outer_ring_less_its_holes_however_it_is_drawn(direction: int) -> None:
    outer, inner = (
        abs(WGS84.polygon_area_perimeter(*zip(*r, strict=True))[0]) for r in (square, hole)
    )
    rings = (square[::direction], hole[::direction])
    assert geodesy.area_m2(rings) == pytest.approx(outer - inner, rel=1e-9)


@pytest.mark.parametrize("bad", [(200.0, 36.0), (36.6, 101.8), (math.nan, 36.0), (101.8, math.inf)])
def test_positions_that_cannot_be_are_refused_by_name(bad: tuple[float, float]) -> None:
    with pytest.raises(KnownError) as caught:
        geodesy.check_position(*bad, "items[0]")
    assert caught.value.code in ("out_of_range", "swapped", "not_finite")

"""Lengths and areas against other ways of finding them."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer
from shapely import Polygon

from layers.model import measure

near = st.tuples(st.floats(101.6, 101.9), st.floats(36.5, 36.7))


@given(st.lists(near, min_size=2, max_size=8))
def test_a_line_is_as_long_as_its_sides_on_a_plane_that_touches_there(
    corners: list[tuple[float, float]],
) -> None:
    """Each side against an azimuthal equidistant plane of its own, where it is a radius."""
    measured = measure.line(corners)
    for a, b, found in zip(corners, corners[1:], measured.segments, strict=False):
        plane = CRS.from_proj4(f"+proj=aeqd +lon_0={a[0]!r} +lat_0={a[1]!r} +ellps=WGS84")
        x, y = Transformer.from_crs(4326, plane, always_xy=True).transform(*b)
        assert found == pytest.approx(math.hypot(x, y), abs=1e-3)
    assert measured.length_m == pytest.approx(math.fsum(measured.segments))


@given(st.lists(near, min_size=3, max_size=8), st.booleans())
def test_an_area_is_that_of_an_equal_area_plane_whichever_way_it_runs(
    corners: list[tuple[float, float]], backwards: bool
) -> None:
    assume(Polygon(corners).is_valid and Polygon(corners).area > 1e-8)
    plane = CRS.from_proj4("+proj=laea +lon_0=101.75 +lat_0=36.6 +ellps=WGS84")
    dense: list[tuple[float, float]] = []
    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
        dense += [a, *Geod(ellps="WGS84").npts(*a, *b, 100)]
    lon, lat = zip(*dense, strict=True)
    x, y = Transformer.from_crs(4326, plane, always_xy=True).transform(lon, lat)
    flat = Polygon(zip(x, y, strict=True)).area
    measured = measure.area(corners[::-1] if backwards else corners)
    assert measured.area_m2 == pytest.approx(flat, rel=1e-5, abs=50.0)
    assert measured.length_m == pytest.approx(measure.line([*corners, corners[0]]).length_m)
    assert len(measured.segments) == len(corners)


def test_two_corners_enclose_nothing_and_one_is_no_line() -> None:
    assert measure.area([(101.0, 36.0), (101.1, 36.0)]).area_m2 == 0.0
    assert measure.line([(101.0, 36.0)]).segments == ()
    assert measure.line([]).length_m == 0.0


def test_a_long_side_bends_along_the_ellipsoid() -> None:
    run = measure.bent([(75.0, 40.0), (135.0, 40.0)])
    assert run[0] == (75.0, 40.0)
    assert run[-1] == (135.0, 40.0)
    assert max(lat for _, lat in run) > 42.0  # a great circle runs north of its parallel
    assert measure.bent([(101.0, 36.0), (101.01, 36.0)]) == ((101.0, 36.0), (101.01, 36.0))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (measure.length_words(842.34), "842.3 m"),
        (measure.length_words(12_350.0), "12.350 km"),
        (measure.length_words(12_350.0, "m"), "12,350.0 m"),
        (measure.area_words(950.0), "950.0 m²"),
        (measure.area_words(25_000.0), "2.500 ha"),
        (measure.area_words(2_500_000.0), "2.500 km²"),
        (measure.area_words(10_000.0, "mu"), "15.000 亩"),
        (measure.area_words(10_000.0, "mu", mu="mu"), "15.000 mu"),
    ],
)
def test_values_are_written_in_units_that_fit(words: str, said: str) -> None:
    assert words == said

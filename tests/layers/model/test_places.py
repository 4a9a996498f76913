"""Mercator, camera and picking, each against an independent answer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely import MultiLineString, Point, Polygon

from layers.model import mercator, pick
from layers.model.features import Feature
from layers.model.shapes import Shapes, segments, triangles
from layers.model.view import MAX_ZOOM, MIN_ZOOM, MapView
from services.domain.model import Ring
from tests.layers.model.scatter import store_of

lons, lats = st.floats(-180, 180), st.floats(-84, 84)
pixels = st.floats(0, 2_000)
HALF_M = math.pi * 6_378_137.0
_TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


@given(lons, lats)
def test_world_coordinates_are_those_of_epsg_3857(lon: float, lat: float) -> None:
    x, y = mercator.world_xy(lon, lat)
    east, north = _TO_METRES.transform(lon, lat)
    assert (x - 0.5) * 2 * HALF_M == pytest.approx(east, abs=1e-3)
    assert (0.5 - y) * 2 * HALF_M == pytest.approx(north, abs=1e-3)
    assert [float(v) for v in mercator.lonlat(x, y)] == pytest.approx([lon, lat], abs=1e-9)


@given(st.integers(0, mercator.FIXED - 1), st.integers(0, mercator.FIXED - 1))
def test_morton_codes_interleave_bits_and_come_apart_again(ix: int, iy: int) -> None:
    code = mercator.morton([ix], [iy])
    bits = "".join(f"{b}{a}" for a, b in zip(f"{ix:030b}", f"{iy:030b}", strict=True))
    assert int(code[0]) == int(bits, 2)
    assert [int(v[0]) for v in mercator.unmorton(code)] == [ix, iy]


@given(lons, lats, st.floats(MIN_ZOOM, MAX_ZOOM), pixels, pixels)
def test_screen_and_degrees_go_round(
    lon: float, lat: float, zoom: float, x: float, y: float
) -> None:
    view = MapView()
    view.resize(1_920, 1_080)
    view.look_at(lon, lat, zoom)
    assert view.screen_from_lonlat(lon, lat) == pytest.approx((960, 540), abs=1e-3)
    east, _ = _TO_METRES.transform(lon, 0)
    px = mercator.world_px(zoom)
    at = view.screen_from_lonlat(101.8, 0.0)[0]
    assert at == pytest.approx(
        (_TO_METRES.transform(101.8, 0)[0] - east) / (2 * HALF_M) * px + 960, abs=0.1
    )
    place = view.lonlat_from_screen(x, y)
    if abs(place[1]) < 85:
        assert view.screen_from_lonlat(*place) == pytest.approx((x, y), abs=1e-2)


@given(st.floats(0, 1_920), st.floats(0, 1_080), st.floats(-3, 3))
def test_zooming_keeps_what_is_under_the_pointer(x: float, y: float, steps: float) -> None:
    view = MapView(101.82, 36.6, 14)
    view.resize(1_920, 1_080)
    under = view.lonlat_from_screen(x, y)
    view.zoom_by(steps, x, y)
    assert view.screen_from_lonlat(*under) == pytest.approx((x, y), abs=1e-3)


def test_a_drag_moves_the_place_with_the_hand_and_fit_shows_the_box() -> None:
    view = MapView(101.82, 36.6, 14)
    view.resize(800, 600)
    under = view.lonlat_from_screen(100, 100)
    view.pan(30, -20)
    assert view.screen_from_lonlat(*under) == pytest.approx((130, 80), abs=1e-6)
    view.fit(101.77, 36.52, 101.91, 36.65)
    left, bottom = view.screen_from_lonlat(101.77, 36.52)
    right, top = view.screen_from_lonlat(101.91, 36.65)
    assert 0 <= left < right <= 800
    assert 0 <= top < bottom <= 600
    assert max((right - left) / 800, (bottom - top) / 600) == pytest.approx(0.9)


@pytest.mark.parametrize("bad", [(math.nan, 36, 14), (101, math.inf, 14), (101, 36, math.nan)])
def test_no_view_is_refused(bad: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="no view"):
        MapView().look_at(*bad)


marks = st.lists(st.tuples(st.floats(0, 200), st.floats(0, 200), st.floats(3, 20)), max_size=40)


@given(marks, st.floats(0, 200), st.floats(0, 200))
def test_picking_takes_the_top_mark_under_the_point_else_the_nearest(
    drawn: list[tuple[float, float, float]], x: float, y: float
) -> None:
    table = np.array(drawn).reshape(-1, 3)
    hit = pick.pick_mark(table[:, :2], table[:, 2], x, y, 6.0)
    gaps = [math.dist((mx, my), (x, y)) - r for mx, my, r in drawn]
    under = [i for i, gap in enumerate(gaps) if gap <= 0]
    if under:
        assert hit == under[-1]
    elif gaps and min(gaps) <= 6.0:
        assert hit is not None
        assert gaps[hit] == pytest.approx(min(gaps))
    else:
        assert hit is None


NOTCHED = ((101.80, 36.60), (101.84, 36.60), (101.84, 36.64), (101.82, 36.61), (101.80, 36.64))
RING = (*NOTCHED, NOTCHED[0])
_W, _S, _E, _N = 101.805, 36.602, 101.81, 36.606
HOLE = ((_W, _S), (_E, _S), (_E, _N), (_W, _N), (_W, _S))


@given(st.floats(101.79, 101.85), st.floats(36.59, 36.65))
def test_inside_an_area_agrees_with_shapely(lon: float, lat: float) -> None:
    area, point = Polygon(RING, [HOLE]), Point(lon, lat)
    if area.boundary.distance(point) > 1e-9:
        assert pick.inside_rings((RING, HOLE), lon, lat) == area.contains(point)


@given(st.floats(-50, 150), st.floats(-50, 50))
def test_distance_to_a_line_agrees_with_shapely(x: float, y: float) -> None:
    ends = np.array([[0.0, 0.0, 100.0, 0.0], [100.0, 0.0, 100.0, 30.0], [7.0, 7.0, 7.0, 7.0]])
    lines = MultiLineString([((0, 0), (100, 0)), ((100, 0), (100, 30))])
    expected = min(lines.distance(Point(x, y)), math.dist((x, y), (7, 7)))
    assert pick.to_segments(ends, x, y) == pytest.approx(expected, abs=1e-9)


def test_triangles_cover_the_area_and_leave_the_hole() -> None:
    corners = triangles((RING, HOLE)).reshape(-1, 3, 2)
    total = sum(Polygon(t).area for t in corners)

    def world(ring: tuple) -> list[tuple[float, float]]:
        x, y = mercator.world_xy(*np.array(ring).T)
        return list(zip(x.tolist(), y.tolist(), strict=True))

    assert total == pytest.approx(Polygon(world(RING), [world(HOLE)]).area, rel=1e-6)
    assert len(triangles((RING[:3],))) == 0
    bow_tie = ((101.8, 36.6), (101.81, 36.61), (101.81, 36.6), (101.8, 36.61), (101.8, 36.6))
    assert len(triangles((bow_tie,))) > 0


def test_shapes_know_their_segments_by_entry() -> None:
    store = store_of([])
    store.upsert(
        [
            Feature("a", "grid", "a", 101.82, 36.61, rings=(RING, HOLE)),
            Feature("b", "grid", "b", 101.9, 36.7, rings=(HOLE,)),
        ]
    )
    shapes = Shapes.of(store)
    ends, owner = shapes.segments_of(np.array([1, 0]))
    assert owner.tolist() == [0] * 4 + [1] * 9
    assert np.array_equal(ends[:4], shapes.segments[9:])
    (x,), (y,) = (v[None] for v in mercator.world_xy(101.84, 36.60))
    assert shapes.touching((float(x), float(y), float(x), float(y))).tolist() == [0]


CORNER = st.tuples(st.floats(101.0, 102.0), st.floats(36.0, 37.0))
AREAS = st.lists(st.lists(CORNER, min_size=2, max_size=6).map(tuple), min_size=1, max_size=3)


@given(st.lists(AREAS.map(tuple), max_size=8))
def test_shapes_of_many_are_the_shapes_of_each(many: list[tuple[Ring, ...]]) -> None:
    store = store_of([])
    store.upsert(
        [Feature(str(i), "grid", "", 101.5, 36.5, rings=rings) for i, rings in enumerate(many)]
    )
    shapes = Shapes.of(store)
    assert len(shapes.row) == len(many)
    for entry, row in enumerate(shapes.row.tolist()):
        each = np.concatenate([segments(ring) for ring in store.rings[row]])
        own, _ = shapes.segments_of(np.array([entry]))
        assert np.array_equal(own, each)
        x, y = each[:, 0::2], each[:, 1::2]
        assert shapes.box[entry].tolist() == [x.min(), y.min(), x.max(), y.max()]


@given(st.integers(1, 60))
def test_fanned_out_marks_do_not_cover_each_other(count: int) -> None:
    offsets = pick.fan_out(count)
    assert offsets.shape == (count, 2)
    for i in range(count):
        others = np.delete(offsets, i, axis=0)
        if len(others):
            assert np.hypot(*(others - offsets[i]).T).min() > 20


def test_a_circle_is_geodesic() -> None:
    rim = pick.circle(101.82, 36.6, 1_000.0)
    lon, lat = mercator.lonlat(rim[:, 0], rim[:, 1])
    n = len(lon)
    distance = Geod(ellps="WGS84").inv([101.82] * n, [36.6] * n, lon, lat)[2]
    assert distance == pytest.approx([1_000.0] * n, abs=0.01)

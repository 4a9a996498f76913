"""Asking by place: as a loop over all features with pyproj and shapely as judges would answer.

The stores are large enough to have a sorted part, and have changed since it was sorted.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.model import mercator, query
from layers.model.features import Feature, FeatureStore
from layers.model.order import SpatialOrder

GEOD = Geod(ellps="WGS84")
SEEDS = st.integers(0, 3)
DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
CITY = st.tuples(st.floats(101.7, 101.95), st.floats(36.5, 36.7))
PLACE = st.one_of(DEGREES, CITY, st.sampled_from([(180.0, 0.0), (-180.0, 60.0), (10.0, 90.0)]))
MASKS = st.sampled_from(["all", "half", "few", "short", "none"])


def _places(seed: int, count: int) -> list[tuple[float, float]]:
    """A city, the whole earth with its date line and poles, and one crowded spot."""
    random = np.random.default_rng(seed)
    lon = np.concatenate(
        [random.normal(101.82, 0.03, count), random.uniform(-180, 180, count // 4)]
    )
    lat = np.concatenate([random.normal(36.6, 0.02, count), random.uniform(-90, 90, count // 4)])
    spots = [(180.0, 0.0), (-180.0, 60.0), (0.0, 90.0), (0.0, -90.0)] + [(101.8, 36.6)] * 20
    return [*zip(lon.tolist(), lat.tolist(), strict=True), *spots]


@cache
def town(seed: int) -> FeatureStore:
    store = FeatureStore()
    places = _places(seed, 2_400)
    store.upsert(Feature(f"f{i}", "camera", "", *place) for i, place in enumerate(places))
    query.rows_in_rect(store, 0, 0, 1, 1)  # sorts
    random = np.random.default_rng(seed + 100)
    for i in random.integers(0, len(places), 60).tolist():
        store.remove([f"f{i}"])
    fresh = _places(seed + 7, 40)
    store.upsert(Feature(f"f{i * 31}", "team", "", *place) for i, place in enumerate(fresh))
    query.rows_in_rect(store, 0, 0, 1, 1)
    assert len(store.order.base.rows) > 2_000, "no large part"
    assert 0 < len(store.order.recent.rows) < 200, "nothing has changed since it was sorted"
    return store


def mask_of(store: FeatureStore, name: str) -> np.ndarray | None:
    count = len(store.ids)
    numbers = np.arange(count)
    return {
        "all": None,
        "half": numbers % 2 == 0,
        "few": numbers % 301 == 0,
        "short": (numbers % 2 == 0)[: count // 2],
        "none": numbers < 0,
    }[name]


def visible(store: FeatureStore, mask: np.ndarray | None) -> list[int]:
    rows = store.rows().tolist()
    return rows if mask is None else [r for r in rows if r >= len(mask) or mask[r]]


def metres(store: FeatureStore, row: int, lon: float, lat: float) -> float:
    return float(GEOD.inv(lon, lat, store.lon[row], store.lat[row])[2])


@given(SEEDS, PLACE, PLACE, MASKS)
@example(0, (170.0, -40.0), (-170.0, 40.0), "all")
@example(1, (-180.0, -90.0), (180.0, 90.0), "half")
@example(2, (101.8, 36.6), (101.8, 36.6), "all")
def test_a_rectangle(
    seed: int, one: tuple[float, float], other: tuple[float, float], name: str
) -> None:
    store = town(seed)
    mask = mask_of(store, name)
    west, east = one[0], other[0]
    south, north = sorted([one[1], other[1]])
    found = query.rows_in_rect(store, west, south, east, north, mask)
    assert found.tolist() == [
        r
        for r in visible(store, mask)
        if south <= store.lat[r] <= north
        and (
            west <= store.lon[r] <= east
            if west <= east
            else store.lon[r] >= west or store.lon[r] <= east
        )
    ]


@given(SEEDS, PLACE, st.one_of(st.floats(0, 2e7), st.floats(0, 8_000)), MASKS)
@example(0, (101.8, 36.6), 0.0, "all")
@example(1, (0.0, 89.0), 300_000.0, "all")
@example(2, (179.9, 0.0), 500_000.0, "all")
@example(3, (-70.0, -36.0), 2.1e7, "half")
def test_a_radius(seed: int, at: tuple[float, float], radius_m: float, name: str) -> None:
    store = town(seed)
    mask = mask_of(store, name)
    found = query.rows_in_radius(store, *at, radius_m, mask)
    assert found.tolist() == [r for r in visible(store, mask) if metres(store, r, *at) <= radius_m]


@given(SEEDS, PLACE, st.integers(1, 150), MASKS)
@settings(max_examples=60)
@example(0, (101.8, 36.6), 20, "all")
@example(1, (180.0, -90.0), 100, "all")
@example(2, (-78.0, -36.6), 5_000, "all")
def test_the_nearest(seed: int, at: tuple[float, float], k: int, name: str) -> None:
    store = town(seed)
    mask = mask_of(store, name)
    _nearest_agrees(store, at, k, mask)


def _nearest_agrees(
    store: FeatureStore, at: tuple[float, float], k: int, mask: np.ndarray | None
) -> None:
    rows, far = query.nearest(store, *at, k, mask)
    real = sorted(metres(store, r, *at) for r in visible(store, mask))[:k]
    assert far.tolist() == pytest.approx(real, abs=1e-6)
    assert far.tolist() == sorted(far.tolist())
    assert far.tolist() == pytest.approx([metres(store, r, *at) for r in rows.tolist()], abs=1e-6)
    assert len(set(rows.tolist())) == len(rows)
    assert set(rows.tolist()) <= set(visible(store, mask))


@given(SEEDS, PLACE, st.integers(1, 150), MASKS)
@settings(max_examples=60)
def test_the_nearest_among_more_than_are_gone_through_directly(
    seed: int, at: tuple[float, float], k: int, name: str
) -> None:
    store = town(seed)
    mask = mask_of(store, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(query, "_DIRECT", 30)
        _nearest_agrees(store, at, k, mask)


CORNERS = st.lists(st.one_of(CITY, DEGREES), min_size=3, max_size=7)


@given(SEEDS, CORNERS, st.booleans(), MASKS)
@settings(max_examples=60)
def test_a_polygon(seed: int, corners: list[tuple[float, float]], holed: bool, name: str) -> None:
    store = town(seed)
    mask = mask_of(store, name)
    area = shapely.MultiPoint(corners).convex_hull
    if holed:
        middle = area.centroid
        area = area.difference(middle.buffer(math.sqrt(area.area) / 4))
    found = query.rows_in_polygon(store, area, mask)
    points = {r: shapely.Point(store.lon[r], store.lat[r]) for r in visible(store, mask)}
    assert found.tolist() == [r for r, point in points.items() if area.intersects(point)]


@given(SEEDS, CITY, st.floats(0, 40), st.sampled_from([8.0, 13.0, 17.0]), MASKS)
@settings(max_examples=60)
def test_a_click(
    seed: int, at: tuple[float, float], reach_px: float, zoom: float, name: str
) -> None:
    store = town(seed)
    mask = mask_of(store, name)
    x, y = (float(v) for v in mercator.world_xy(*at))
    reach = reach_px / mercator.world_px(zoom)
    found = query.pick(store, x, y, reach, mask)
    rows = np.array(visible(store, mask), np.int64)
    all_x, all_y = mercator.world_xy(store.lon[rows], store.lat[rows])
    gap = np.hypot(all_x - x, all_y - y)
    hair = 2.0 / mercator.FIXED
    if found is None:
        assert not len(gap) or gap.min() >= reach - hair
    else:
        own = gap[rows.tolist().index(found)]
        assert own <= min(gap.min(), reach) + hair


STEPS = st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), CITY)), min_size=1, max_size=6)


@given(st.lists(STEPS, max_size=6), st.integers(1, 40))
def test_an_answer_is_right_at_once_after_every_change(
    rounds: list[list[tuple[int, tuple[float, float] | None]]], limit: int
) -> None:
    store = FeatureStore()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layers.model.order._LOOSE_LEAST", limit)
        for steps in rounds:
            for number, place in steps:
                if place is None:
                    store.remove([f"f{number}"])
                else:
                    store.upsert([Feature(f"f{number}", "camera", "", *place)])
            found = query.rows_in_rect(store, 101.75, 36.55, 101.9, 36.65)
            assert found.tolist() == [
                r
                for r in store.rows().tolist()
                if 101.75 <= store.lon[r] <= 101.9 and 36.55 <= store.lat[r] <= 36.65
            ]
    store.clear()
    assert len(query.rows_in_rect(store, -180, -90, 180, 90)) == 0


@pytest.mark.parametrize(("moves", "asked"), [(0, False), (40, False), (400, True)])
def test_an_order_made_elsewhere_is_taken_over_unless_the_own_is_newer(
    moves: int, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.model.order._LOOSE_LEAST", 10)
    store = FeatureStore()
    random = np.random.default_rng(9)
    at = random.uniform((101.7, 36.5), (101.9, 36.7), (500, 2)).tolist()
    store.upsert(Feature(f"f{i}", "camera", "", *place) for i, place in enumerate(at))
    columns = store.columns()
    made = SpatialOrder.of(columns)
    for i in random.integers(0, 500, moves).tolist():
        store.upsert(
            [Feature(f"f{i}", "camera", "", *random.uniform((101.7, 36.5), (101.9, 36.7)))]
        )
    store.remove(["f3"])
    if asked:
        query.rows_in_rect(store, 0, 0, 1, 1)
    store.adopt(made, columns.version)
    assert (store.order.base is made) == (not asked)
    found = query.rows_in_rect(store, 101.75, 36.55, 101.85, 36.65)
    assert found.tolist() == [
        r
        for r in store.rows().tolist()
        if 101.75 <= store.lon[r] <= 101.85 and 36.55 <= store.lat[r] <= 36.65
    ]


def test_moves_that_nobody_asks_about_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.model.order._HEARD_MOST", 50)
    store = FeatureStore()
    for i in range(400):
        store.upsert([Feature(f"f{i % 7}", "camera", "", 101.8 + i * 1e-4, 36.6)])
        assert sum(map(len, store.order._heard)) <= 51
    assert len(query.rows_in_rect(store, 101.8, 36.5, 101.9, 36.7)) == 7


def test_what_is_no_place_is_refused() -> None:
    store = town(0)
    with pytest.raises(ValueError, match="no place"):
        query.rows_in_radius(store, math.nan, 36.6, 10.0)
    with pytest.raises(ValueError, match="no radius"):
        query.rows_in_radius(store, 101.8, 36.6, -1.0)
    with pytest.raises(ValueError, match="no place"):
        query.rows_in_rect(store, 101.0, 36.0, math.inf, 37.0)
    assert len(query.rows_in_polygon(store, shapely.Polygon())) == 0
    assert len(query.rows_in_rect(store, 190.0, -90.0, 200.0, 90.0)) == 0
    assert len(query.rows_in_rect(store, 101.0, 37.0, 102.0, 36.0)) == 0
    assert query.nearest(store, 101.8, 36.6, 0)[0].tolist() == []


def test_the_rows_of_kinds() -> None:
    store = town(0)
    mask = query.kind_mask(store, frozenset({"team"}))
    teams = query.rows_in_rect(store, -180, -90, 180, 90, mask)
    assert {store.kinds[store.kind[r]] for r in teams.tolist()} == {"team"}
    assert len(teams) == store.counts()["team"].total
    row, far = query.nearest(store, 101.82, 36.6, 1, mask)
    assert query.metres_to(store, row, 101.82, 36.6).tolist() == far.tolist()

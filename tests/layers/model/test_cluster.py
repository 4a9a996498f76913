"""Clusters: nothing is lost, nothing is counted twice, the worst always shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model import mercator
from layers.model.cluster import UNIT, ClusterRequest, ClusterResponse, cluster
from layers.model.cluster_index import updated_index
from layers.model.crowd import crowd
from layers.model.features import UNACKED, Feature, FeatureStore
from services.domain.model import Severity
from tests.layers.model.scatter import KINDS, features, index_of, store_of

WORLD = (0.0, 0.0, 1.0, 1.0)
CITY = tuple(
    float(v)
    for pair in zip(*mercator.world_xy([101.6, 102.0], [36.8, 36.4]), strict=True)
    for v in pair
)
zooms = st.floats(3.0, 19.0)


def _ask(store: FeatureStore, zoom: float, *, grouped: bool = True) -> ClusterResponse:
    w, n, e, s = CITY
    middle = ((w + e) / 2, (n + s) / 2)
    return cluster(index_of(store), ClusterRequest(zoom, (w, n, e, s), middle, cluster=grouped))


def _positions(response: ClusterResponse) -> np.ndarray:
    return response.xy.astype(np.float64) / UNIT + np.array(response.origin)


@given(features, zooms)
def test_each_feature_is_in_exactly_one_mark(rows: list, zoom: float) -> None:
    store = store_of(rows)
    response = _ask(store, zoom)
    members = [response.members(i) for i in range(len(response.count))]
    assert [len(m) for m in members] == response.count.tolist()
    everyone = np.sort(np.concatenate(members)) if members else np.zeros(0, int)
    assert everyone.tolist() == store.rows().tolist()


@given(features, zooms, st.lists(st.booleans(), max_size=120))
def test_rows_that_are_not_wanted_are_in_no_mark(
    rows: list, zoom: float, wanted: list[bool]
) -> None:
    store = store_of(rows)
    w, n, e, s = CITY
    request = ClusterRequest(zoom, (w, n, e, s), ((w + e) / 2, (n + s) / 2))
    response = cluster(index_of(store, wanted=np.array(wanted, np.bool_)), request)
    members = [response.members(i).tolist() for i in range(len(response.count))]
    assert sorted(row for mark in members for row in mark) == [
        r for r in store.rows().tolist() if r >= len(wanted) or wanted[r]
    ]


@given(features, zooms)
def test_marks_keep_the_worst_and_what_is_not_acknowledged(rows: list, zoom: float) -> None:
    store = store_of(rows)
    response = _ask(store, zoom)
    for i in range(len(response.count)):
        inside = response.members(i)
        assert response.severity[i] == store.severity[inside].max()
        assert bool(response.unacked[i]) == bool((store.flags[inside] & UNACKED).any())


@given(features, st.floats(3.0, 15.9))
def test_a_mark_stands_within_the_box_of_one_cell_of_its_members(rows: list, zoom: float) -> None:
    store = store_of(rows)
    response = _ask(store, zoom)
    places = _positions(response)
    cell = 1.0 / (1 << min(mercator.BITS, int(zoom) + 2))
    for i in range(len(response.count)):
        inside = response.members(i)
        x, y = mercator.world_xy(store.lon[inside], store.lat[inside])
        if response.row[i] >= 0:
            assert places[i] == pytest.approx([x[0], y[0]], abs=2e-8)
        assert np.abs(x - places[i, 0]).max() <= cell * 1.01
        assert np.abs(y - places[i, 1]).max() <= cell * 1.01


@given(features, zooms)
def test_worse_marks_are_drawn_later(rows: list, zoom: float) -> None:
    severity = _ask(store_of(rows), zoom).severity.astype(int)
    assert (np.diff(severity) >= 0).all()


@given(features, zooms)
def test_without_clustering_every_feature_is_its_own_mark(rows: list, zoom: float) -> None:
    store = store_of(rows)
    response = _ask(store, zoom, grouped=False)
    assert sorted(response.row.tolist()) == store.rows().tolist()


def _crowd(extra: Feature) -> FeatureStore:
    store = FeatureStore()
    store.upsert(
        Feature(f"c{i}", "camera", "c", 101.8 + i * 1e-5, 36.6 + i * 1e-5) for i in range(50)
    )
    store.upsert([extra])
    return store


@pytest.mark.parametrize(
    "extra",
    [
        Feature("x", "team", "t", 101.8002, 36.6002),
        Feature("x", "camera", "c", 101.8002, 36.6002, severity=Severity.MAJOR),
        Feature("x", "camera", "c", 101.8002, 36.6002, severity=Severity.MINOR, unacked=True),
    ],
)
def test_close_up_what_matters_stands_beside_the_cluster(extra: Feature) -> None:
    store = _crowd(extra)
    own = store.row_of("x")
    assert own in _ask(store, 14.0).row.tolist()
    assert own not in _ask(store, 10.0).row.tolist()


def test_several_that_matter_at_one_place_are_in_the_badge_they_would_lie_on() -> None:
    store = _crowd(Feature("x", "team", "t", 101.8002, 36.6002))
    store.upsert([Feature("y", "team", "t", 101.8002, 36.6002, severity=Severity.MAJOR)])
    response = _ask(store, 14.0)
    assert response.count.tolist() == [52]
    assert response.severity.tolist() == [Severity.MAJOR]
    assert sorted(response.members(0).tolist()) == store.rows().tolist()


shifts = st.floats(0, 2e-3)


@given(shifts, shifts, st.floats(0, 3e-4), st.floats(0, 3e-4), st.sampled_from([14.0, 14.9]))
def test_a_badge_gives_way_to_a_mark_of_its_cell_and_stays_in_it(
    crowd_east: float, crowd_north: float, east: float, north: float, zoom: float
) -> None:
    lon, lat = 101.8 + crowd_east, 36.6 + crowd_north
    store = FeatureStore()
    store.upsert(Feature(f"c{i}", "camera", "c", lon + i * 6e-6, lat + i * 6e-6) for i in range(50))
    store.upsert([Feature("x", "team", "t", lon + east, lat + north)])
    response = _ask(store, zoom)
    places = _positions(response)
    (mark,) = np.flatnonzero(response.row == store.row_of("x"))
    cell = 1.0 / (1 << int(zoom) + 2)
    for badge in np.flatnonzero(response.count > 4):
        members = response.members(int(badge))
        x, y = mercator.world_xy(store.lon[members], store.lat[members])
        home = [np.floor(x[0] / cell), np.floor(y[0] / cell)]
        assert np.floor(places[badge] / cell).tolist() == home
        if np.floor(places[mark] / cell).tolist() == home:
            px = np.hypot(*(places[badge] - places[mark])) * mercator.world_px(int(zoom))
            assert px >= 20.0


def test_far_out_the_cluster_shows_the_worst_inside() -> None:
    response = _ask(_crowd(Feature("x", "camera", "c", 101.8002, 36.6002, Severity.CRITICAL)), 9.0)
    assert response.count.tolist() == [51]
    assert response.severity.tolist() == [Severity.CRITICAL]


def test_only_what_lies_in_the_box_is_answered() -> None:
    store = FeatureStore()
    store.upsert([Feature("in", "camera", "a", 101.8, 36.6), Feature("out", "camera", "b", 10, 50)])
    response = _ask(store, 14.0)
    assert response.row.tolist() == [store.row_of("in")]
    w, n, e, s = CITY
    assert response.covers(14.7, (w, n, e, s))
    assert not response.covers(15.0, (w, n, e, s))
    assert not response.covers(14.0, (w - 0.01, n, e, s))


def test_what_shares_a_place_stays_on_it_at_every_zoom_that_cannot_part_it() -> None:
    store = FeatureStore()
    store.upsert(Feature(f"c{i}", "camera", "c", 101.8, 36.6) for i in range(7))
    x, y = (float(v) for v in mercator.world_xy(101.8, 36.6))
    near = (x - 1e-5, y - 1e-5, x + 1e-5, y + 1e-5)
    response = cluster(index_of(store), ClusterRequest(19.0, near, (x, y)))
    assert response.count.tolist() == [7]
    assert _positions(response)[0] == pytest.approx([x, y], abs=1e-9)


def test_a_request_for_the_whole_world_close_up_is_bounded() -> None:
    store = _crowd(Feature("x", "camera", "c", 101.8002, 36.6002))
    response = cluster(index_of(store), ClusterRequest(19.0, WORLD, (0.5, 0.5)))
    assert response.count.sum() == 51


@given(features, zooms)
def test_of_a_crowd_only_what_others_nearly_hide_is_left_out(rows: list, zoom: float) -> None:
    store = store_of(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layers.model.cluster.CROWD", 0)
        thinned = _ask(store, zoom, grouped=False)
    shown = set(thinned.row.tolist())
    x, y = mercator.world_xy(store.lon[: len(store.ids)], store.lat[: len(store.ids)])
    pixel = np.stack([x, y], axis=1) * mercator.world_px(np.floor(zoom))
    for row in store.rows().tolist():
        if row in shown:
            continue
        near = [r for r in shown if np.abs(pixel[r] - pixel[row]).max() <= 8.0]
        assert any(store.severity[r] >= store.severity[row] for r in near)


def test_of_a_crowd_one_mark_is_drawn_in_each_cell_and_it_is_the_worst() -> None:
    store = FeatureStore()
    rng = np.random.default_rng(4)
    store.upsert(
        Feature(f"p{i}", "camera", "", 101.8 + dx, 36.6 + dy, severity=Severity(i == 77))
        for i, (dx, dy) in enumerate(rng.uniform(0, 0.001, (6_000, 2)).tolist())
    )
    shown = _ask(store, 12.0, grouped=False).row  # the square is 3 by 4 pixels
    assert 1 <= len(shown) <= 4
    assert 77 in shown


def test_below_a_crowd_nothing_is_left_out() -> None:
    store = FeatureStore()
    store.upsert([Feature(f"p{i}", "camera", "", 101.8, 36.6) for i in range(50)])
    assert len(_ask(store, 12.0, grouped=False).row) == 50


def store_with_all_kinds(store: FeatureStore) -> FeatureStore:
    """Masks are by kinds, of which a store without things knows none."""
    store.upsert(Feature(f"k{n}", kind, "", 101.8, 36.6) for n, kind in enumerate(KINDS))
    return store


@given(features, features, zooms, st.booleans())
def test_a_crowd_found_by_sums_is_the_crowd_found_one_by_one(
    rows: list, later: list, zoom: float, changed: bool
) -> None:
    store = store_of(rows)
    index = index_of(store_with_all_kinds(store))
    if changed:  # what has changed lies beside what was sorted
        other = store_of(later)
        store.upsert(f for i in other.ids if (f := other.feature(i)) is not None)
        changes = store.changes(index.version)
        assert changes is not None
        index = updated_index(index, changes, index.masks)
    every = np.zeros(1, np.uint64), np.array([1 << 60], np.uint64)
    level = min(mercator.BITS, int(zoom) + 4)
    found = crowd(index, every, every, level)
    parts = [pool.each(*every) for pool in index.pools]
    codes, severity = (np.concatenate(part) for part in list(zip(*parts, strict=True))[1:3])
    cells = codes >> np.uint64(2 * (mercator.BITS - level))
    worst = {cell: int(severity[cells == cell].max()) for cell in set(cells.tolist())}
    mine = (found.marks.codes >> np.uint64(2 * (mercator.BITS - level))).tolist()
    assert dict(zip(mine, found.marks.severity.tolist(), strict=True)) == worst
    for row, code, at in zip(*found.marks[:3], strict=True):
        assert (store.code[row], store.severity[row]) == (code, at)
    for (lo, hi, _lo, _hi), cell in zip(found.spans.tolist(), mine, strict=True):
        assert lo <= found.marks.codes[mine.index(cell)] < hi
    under = sum(pool.count(found.spans[:, 0], found.spans[:, 1]).sum() for pool in index.pools)
    assert under == len(codes)


def test_so_many_prominent_things_that_they_hide_each_other_are_joined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = FeatureStore()
    rng = np.random.default_rng(9)
    store.upsert(
        Feature(f"p{i}", "team", "", 101.8 + dx, 36.6 + dy)
        for i, (dx, dy) in enumerate(rng.uniform(-0.01, 0.01, (3_000, 2)).tolist())
    )
    apart = _ask(store, 15.5, grouped=True)
    monkeypatch.setattr("layers.model.cluster.MOST_OWN", 300)
    joined = _ask(store, 15.5, grouped=True)
    assert len(apart.count) > 300 >= len(joined.count)
    assert apart.count.sum() == joined.count.sum() == 3_000

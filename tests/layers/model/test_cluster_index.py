"""An index that was updated answers as one made anew, whatever happened to the features."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.model import cluster_index, mercator
from layers.model.chosen import Chosen
from layers.model.cluster import ClusterRequest, ClusterResponse, cluster
from layers.model.cluster_index import ClusterIndex, Masks, build_index, updated_index
from layers.model.features import Feature, FeatureStore
from layers.model.order import SpatialOrder
from services.domain.model import Severity
from tests.layers.model.scatter import KINDS, features, places, store_of

CITY = tuple(
    float(v)
    for pair in zip(*mercator.world_xy([101.6, 102.0], [36.8, 36.4]), strict=True)
    for v in pair
)
ZOOMS = (5.0, 11.0, 14.0, 15.5, 17.0, 19.0)
put = st.tuples(
    st.integers(0, 140),
    places,
    st.sampled_from([*KINDS, "new kind"]),
    st.sampled_from(list(Severity)),
    st.booleans(),
)
steps = st.lists(st.one_of(st.integers(0, 140), put), max_size=14)
masks = st.tuples(
    st.tuples(*[st.booleans()] * 4),
    st.one_of(st.none(), st.lists(st.booleans(), max_size=150)),
)


def _masks(store: FeatureStore, hidden: tuple[bool, ...], wanted: list[bool] | None) -> Masks:
    names = [*KINDS, "new kind"]
    on = np.array([not hidden[names.index(kind)] for kind in store.kinds], np.bool_)
    prominent = np.array([kind == "team" for kind in store.kinds], np.bool_)
    rows = None if wanted is None else np.array(wanted, np.bool_)
    return Masks(on, on | prominent, prominent, rows)


def _do(store: FeatureStore, changes: list) -> None:
    for change in changes:
        if isinstance(change, int):
            store.remove([f"f{change}"])
        else:
            number, place, kind, severity, unacked = change
            store.upsert([Feature(f"f{number}", kind, "", *place, severity, unacked=unacked)])


def _marks(response: ClusterResponse) -> list[tuple]:
    return sorted(
        (
            *response.xy[i].tolist(),
            int(response.count[i]),
            int(response.row[i]),
            int(response.severity[i]),
            bool(response.unacked[i]),
            tuple(sorted(response.members(i).tolist())),
        )
        for i in range(len(response.count))
    )


def _agree(updated: ClusterIndex, anew: ClusterIndex, zoom: float, *, grouped: bool) -> None:
    w, n, e, s = CITY
    for rect in ((w, n, e, s), (w, n, (w + e) / 2, (n + s) / 2)):
        request = ClusterRequest(zoom, rect, ((w + e) / 2, (n + s) / 2), cluster=grouped)
        one, two = cluster(updated, request), cluster(anew, request)
        assert _marks(one) == _marks(two)
        counter = Chosen()
        counter.choose(range(0, 140, 3))
        assert [
            sum(row % 3 == 0 and row < 140 for row in one.members(i).tolist())
            for i in range(len(one.count))
        ] == counter.per_mark(one).tolist()


@settings(max_examples=60, deadline=None)
@given(features, st.lists(st.tuples(steps, masks), max_size=5), st.sampled_from([0, 3, 20, 500]))
def test_updated_equals_made_anew(rows: list, rounds: list, limit: int) -> None:
    store = store_of(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster_index, "_CHANGED_LEAST", limit)
        columns = store.columns()
        first = _masks(store, (False,) * 4, None)
        index = build_index(columns, SpatialOrder.of(columns), first)
        for changes, shown in rounds:
            _do(store, changes)
            now = _masks(store, *shown)
            since = store.changes(index.version)
            assert since is not None
            index = updated_index(index, since, now)
            assert index.version == store.version
            columns = store.columns()
            anew = build_index(columns, SpatialOrder.of(columns), now)
            for zoom in ZOOMS:
                _agree(index, anew, zoom, grouped=True)
            _agree(index, anew, 14.0, grouped=False)


@given(features, st.lists(steps, max_size=5))
def test_columns_with_changes_are_the_columns_of_that_version(rows: list, rounds: list) -> None:
    store = store_of(rows)
    columns = store.columns()
    for changes in rounds:
        _do(store, changes)
        since = store.changes(columns.version)
        assert since is not None
        columns = columns.with_changes(since)
        now = store.columns()
        assert columns.version == now.version
        for name in ("code", "severity", "kind", "flags"):
            assert getattr(columns, name).tolist() == getattr(now, name).tolist(), name


def test_few_changes_are_kept_beside_and_many_are_sorted_in() -> None:
    store = store_of([])
    store.upsert(Feature(f"f{i}", "camera", "", 101.8 + i * 1e-5, 36.6) for i in range(3_000))
    columns, every = store.columns(), Masks(*[np.ones(1, np.bool_)] * 3)
    first = build_index(columns, SpatialOrder.of(columns), every)
    store.upsert([Feature("f7", "camera", "", 101.9, 36.6)])
    changes = store.changes(first.version)
    assert changes is not None
    second = updated_index(first, changes, every)
    assert second.sorted is first.sorted
    assert second.prominent.base is first.prominent.base
    store.upsert(Feature(f"f{i}", "camera", "", 101.8, 36.6) for i in range(2_500))
    changes = store.changes(second.version)
    assert changes is not None
    third = updated_index(second, changes, every)
    assert third.sorted is not first.sorted
    assert not len(third.changes.rows)


def test_who_lags_too_far_behind_reads_everything_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.model.changelog.KEPT_ROWS", 10)
    store = store_of([])
    first = store.columns()
    for i in range(11):
        store.upsert([Feature(f"f{i}", "camera", "", 101.8, 36.6)])
    assert store.changes(first.version) is None
    second = store.columns()
    store.upsert([Feature("f3", "camera", "", 101.8, 36.6, Severity.MINOR)])
    changes = store.changes(second.version)
    assert changes is not None
    assert changes.rows.tolist() == [store.row_of("f3")]
    assert changes.severity.tolist() == [Severity.MINOR]
    store.clear()
    assert store.changes(second.version) is None

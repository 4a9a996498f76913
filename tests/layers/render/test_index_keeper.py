"""The keeper of a cluster index: what it leaves out, and that nothing is lost meanwhile."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from layers.model.cluster import ClusterRequest, ClusterResponse, cluster
from layers.model.cluster_index import ClusterIndex
from layers.model.features import Feature, FeatureStore
from layers.render import index_keeper
from layers.render.index_keeper import IndexKeeper

ALL = ClusterRequest(12.0, (0.0, 0.0, 1.0, 1.0), (0.5, 0.5))


def _store(count: int = 20) -> FeatureStore:
    store = FeatureStore()
    store.upsert(Feature(f"f{i}", "camera", "", 101.8 + i * 1e-3, 36.6) for i in range(count))
    return store


def _rows(keeper: IndexKeeper) -> list[int]:
    assert keeper.index is not None
    every = np.zeros(1, np.uint64), np.array([1 << 60], np.uint64)
    pools = (keeper.index.ordinary, keeper.index.prominent)
    return sorted(row for pool in pools for row in pool.rows_in(*every).tolist())


@pytest.mark.parametrize("inline", [100, 0])
def test_rows_are_left_out_and_come_back(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, inline: int
) -> None:
    monkeypatch.setattr(index_keeper, "INLINE_ROWS", inline)
    keeper = IndexKeeper(_store())
    told: list[int] = []
    keeper.ready.connect(lambda: told.append(1))
    try:
        wanted = np.arange(20) % 3 == 0
        keeper.refresh(ALL, None, 12, wanted)
        qtbot.waitUntil(lambda: bool(told))
        assert _rows(keeper) == [0, 3, 6, 9, 12, 15, 18]
        keeper.refresh(ALL, None, 12, wanted.copy())
        qtbot.waitUntil(lambda: len(told) == 2)
        first = keeper.index
        keeper.refresh(ALL, None, 12)
        qtbot.waitUntil(lambda: keeper.index is not first)
        assert _rows(keeper) == list(range(20))
    finally:
        keeper.close()


def test_of_wishes_while_it_is_busy_the_newest_is_made(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_keeper, "INLINE_ROWS", 0)
    store = _store()
    keeper = IndexKeeper(store)
    try:
        keeper.refresh(ALL, None, 12, np.zeros(20, np.bool_))
        keeper.refresh(ALL, None, 12, np.ones(20, np.bool_))
        store.remove(["f0"])
        keeper.refresh(ALL, None, 12, np.arange(20) < 2)
        qtbot.waitUntil(lambda: keeper.index is not None and _rows(keeper) == [1])
    finally:
        keeper.close()


def test_an_index_that_was_left_is_taken_up_again_and_brought_up_to_date() -> None:
    """Zooming over a kind's first level and back sorts nothing a second time."""
    store = _store()
    store.upsert([Feature("t", "team", "", 101.8, 36.6)])
    keeper = IndexKeeper(store)
    both, one = frozenset({"camera", "team"}), frozenset({"team"})
    keeper.refresh(ALL, both, 12)
    first = keeper.index
    keeper.refresh(ALL, one, 12)
    assert _rows(keeper) == [20]
    assert keeper.index is not None
    assert first is not None
    assert keeper.index.sorted is not first.sorted
    store.remove(["f3"])
    keeper.refresh(ALL, both, 12)
    assert keeper.index.sorted is first.sorted
    assert _rows(keeper) == [i for i in range(21) if i != 3]


def test_a_kind_that_nothing_is_of_sorts_nothing_anew() -> None:
    store = _store()
    store.upsert([Feature("t", "team", "", 101.8, 36.6)])
    store.remove(["t"])
    keeper = IndexKeeper(store)
    keeper.refresh(ALL, frozenset({"camera"}), 12)
    assert keeper.index is not None
    first = keeper.index.sorted
    keeper.refresh(ALL, frozenset({"camera", "team"}), 12)
    assert keeper.index.sorted is first
    store.upsert([Feature("t2", "team", "", 101.8, 36.6)])
    keeper.refresh(ALL, frozenset({"camera", "team"}), 12)
    assert len(_rows(keeper)) == 21
    keeper.refresh(ALL, frozenset({"camera"}), 12)
    assert len(_rows(keeper)) == 20


def _marks(keeper: IndexKeeper) -> int:
    """How many things the newest marks stand for; -1 before there are any."""
    return -1 if keeper.response is None else int(keeper.response.count.sum())


def test_marks_come_from_the_worker_and_those_under_way_are_known(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked for of one index makes no second; of several wishes the newest is kept."""
    threads: set[str] = set()

    def watched(index: ClusterIndex, request: ClusterRequest) -> ClusterResponse:
        threads.add(threading.current_thread().name.split("_")[0])
        return cluster(index, request)

    monkeypatch.setattr(index_keeper, "INLINE_ROWS", 0)
    monkeypatch.setattr(index_keeper, "cluster", watched)
    keeper = IndexKeeper(_store())
    west = ClusterRequest(12.0, (0.0, 0.0, 0.5, 1.0), (0.5, 0.5))
    inside = (0.1, 0.1, 0.9, 0.9)
    try:
        keeper.look(ALL)
        assert not keeper.awaits(12.3, inside)  # nothing to look at yet
        keeper.refresh(ALL, None, 12)
        assert _marks(keeper) == -1
        assert keeper.awaits(12.3, inside)
        assert not keeper.awaits(13.0, inside)
        qtbot.waitUntil(lambda: _marks(keeper) == 20)
        assert not keeper.awaits(12.3, inside)
        first = keeper.index
        keeper.look(west)
        keeper.look(ALL)
        keeper.refresh(west, frozenset(), 12)
        keeper.look(ALL)  # does not undo what was asked to be drawn
        qtbot.waitUntil(lambda: _marks(keeper) == 0 and keeper.index is not first)
        assert keeper.response is not None
        assert keeper.response.rect == ALL.rect
        assert threads == {"clusters"}
    finally:
        keeper.close()

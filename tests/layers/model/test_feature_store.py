"""The feature store against a plain dictionary."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from layers.model import mercator
from layers.model.features import Batch, Feature, FeatureStore
from services.domain.model import Link, Severity
from tests.layers.model.scatter import KINDS, places

ids = st.integers(0, 30).map("f{}".format)
made = st.builds(
    lambda i, place, kind, name, severity, link, flags, heading: Feature(
        i, kind, name, *place, severity, link, *flags, heading_deg=heading
    ),
    ids,
    places,
    st.sampled_from(KINDS),
    st.sampled_from(["康乐十字", "Bowen Road", "大寺沟 2"]),
    st.sampled_from(list(Severity)),
    st.sampled_from(list(Link)),
    st.tuples(st.booleans(), st.booleans()),
    st.one_of(st.none(), st.integers(0, 359).map(float)),
)
RING = ((101.8, 36.6), (101.81, 36.6), (101.81, 36.61), (101.8, 36.6))


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store = FeatureStore()
        self.model: dict[str, Feature] = {}

    @rule(batch=st.lists(made, max_size=8))
    def upsert(self, batch: list[Feature]) -> None:
        before = {i: self.store.row_of(i) for i in self.model}
        self.store.upsert(batch)
        self.model.update({f.id: f for f in batch})
        assert all(self.store.row_of(i) == row for i, row in before.items())

    @rule(gone=st.lists(ids, max_size=5))
    def remove(self, gone: list[str]) -> None:
        self.store.remove(gone)
        for i in gone:
            self.model.pop(i, None)

    @rule()
    def clear(self) -> None:
        self.store.clear()
        self.model.clear()

    @rule(text=st.sampled_from(["klsz", "bowen", "f1", "大寺", "dsg"]))
    def search(self, text: str) -> None:
        fits = {
            "klsz": lambda f: f.name == "康乐十字",
            "bowen": lambda f: f.name == "Bowen Road",
            "f1": lambda f: "f1" in f.id,
            "大寺": lambda f: f.name == "大寺沟 2",
            "dsg": lambda f: f.name == "大寺沟 2",
        }[text]
        assert set(self.store.search(text, 100)) == {i for i, f in self.model.items() if fits(f)}

    @invariant()
    def holds_what_was_put_in(self) -> None:
        assert len(self.store) == len(self.model)
        assert {i: self.store.feature(i) for i in self.model} == self.model
        rows = self.store.rows().tolist()
        assert sorted(self.store.ids[r] for r in rows) == sorted(self.model)
        assert len(self.store.ids) <= 31  # freed rows are used again

    @invariant()
    def counts_by_kind(self) -> None:
        counts = self.store.counts()
        for kind in {f.kind for f in self.model.values()}:
            mine = [f for f in self.model.values() if f.kind == kind]
            assert counts[kind] == (
                len(mine),
                sum(f.link is Link.ONLINE for f in mine),
                sum(f.link is Link.OFFLINE for f in mine),
                sum(f.link is Link.UNKNOWN for f in mine),
                sum(f.severity > Severity.NORMAL for f in mine),
                sum(f.severity >= Severity.MAJOR for f in mine),
            )


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    ("lon", "lat"), [(math.nan, 36.6), (101.8, math.inf), (181.0, 36.6), (101.8, -91.0)]
)
def test_no_place_is_refused_by_name_and_changes_nothing(lon: float, lat: float) -> None:
    store = FeatureStore()
    good = Feature("good", "camera", "g", 101.8, 36.6)
    with pytest.raises(ValueError, match="feature bad"):
        store.upsert([good, Feature("bad", "camera", "b", lon, lat)])
    assert len(store) == 0


def test_a_frozen_copy_does_not_change_with_the_store() -> None:
    store = FeatureStore()
    store.upsert([Feature("a", "camera", "a", 101.8, 36.6)])
    copy = store.columns()
    store.upsert([Feature("a", "camera", "a", 101.8, 36.6, Severity.CRITICAL)])
    assert copy.severity.tolist() == [Severity.NORMAL]
    assert not copy.code.flags.writeable


def test_only_a_changed_area_makes_shapes_old() -> None:
    store = FeatureStore()
    area = Feature("g", "grid", "g", 101.805, 36.605, rings=(RING,))
    store.upsert([area])
    first = store.shapes_version
    store.upsert([Feature("g", "grid", "g", 101.805, 36.605, Severity.MAJOR, rings=(RING,))])
    assert store.shapes_version == first
    store.remove(["g"])
    assert store.shapes_version > first


def test_what_is_as_it_was_changes_nothing_and_every_difference_does() -> None:
    store = FeatureStore()
    plain = Feature("a", "camera", "a", 101.8, 36.6)
    turned = Feature("b", "camera", "b", 101.8, 36.6, heading_deg=90.0, fov_deg=60.0)
    store.upsert([plain, turned])
    first = store.version
    store.upsert([plain, turned])
    store.upsert([turned])
    assert store.version == first
    for change in (
        {"kind": "other"}, {"name": "new"}, {"lon": 101.9}, {"lat": 36.7},
        {"severity": Severity.MINOR}, {"link": Link.ONLINE}, {"unacked": True}, {"stale": True},
        {"heading_deg": 1.0}, {"fov_deg": 2.0},
    ):  # fmt: skip
        before = store.version
        changed = replace(plain, **change)  # type: ignore[arg-type]  # fields by name
        store.upsert([changed])
        assert store.version > before, change
        assert store.feature("a") == changed
        store.upsert([plain])
    before = store.version
    store.remove(["a"])
    store.upsert([plain])
    assert store.version > before + 1


def test_the_store_grows_past_its_first_size() -> None:
    store = FeatureStore()
    store.upsert(Feature(f"f{i}", "camera", f"n{i}", 101.8, 36.6 + i * 1e-6) for i in range(5_000))
    assert len(store) == 5_000
    assert store.feature("f4999") == Feature("f4999", "camera", "n4999", 101.8, 36.6 + 4999 * 1e-6)
    ix, iy = mercator.unmorton(store.code[: len(store.ids)])
    x, y = mercator.world_xy(store.lon[:5_000], store.lat[:5_000])
    assert np.array_equal(ix, mercator.fixed(x))
    assert np.array_equal(iy, mercator.fixed(y))


def test_search_puts_whole_before_beginning_before_part() -> None:
    store = FeatureStore()
    names = {"a": "康乐", "b": "康乐十字", "c": "东康乐", "d": "中心", "康乐": "另一处"}
    store.upsert(Feature(i, "camera", name, 101.8, 36.6) for i, name in names.items())
    found = store.search(" 康乐 ", 10)
    assert set(found[:2]) == {"a", "康乐"}
    assert found[2:] == ["b", "c"]
    assert store.search("康乐", 2) == found[:2]
    assert store.search("  ", 10) == []


def test_a_batch_with_an_id_twice_is_refused_and_changes_nothing() -> None:
    store = FeatureStore()
    twice = Batch.of([Feature("a", "camera", "a", 101.8, 36.6)])
    twice.ids.append("a")
    with pytest.raises(ValueError, match="twice"):
        store.put(twice)
    assert len(store) == 0
    assert not store.ids


@pytest.mark.parametrize("text", ["kangle", "kangleshizi", "kang le shi zi", "KangLe", "shizi"])
def test_names_are_found_by_their_whole_pinyin(text: str) -> None:
    store = FeatureStore()
    store.upsert(
        Feature(str(n), "sensor", name, 101.8, 36.6)
        for n, name in enumerate(["康乐十字", "昆仑路", "Kang Hotel"])
    )
    assert store.search(text) == ["0"]
    store.upsert([Feature("0", "sensor", "东关大街", 101.8, 36.6)])
    assert store.search(text) == [], "an old name is forgotten"
    assert store.search("dongguan") == ["0"]
    assert store.search("do") == []

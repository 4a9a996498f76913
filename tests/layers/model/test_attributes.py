"""Attribute columns against plain dictionaries."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from layers.model.attributes import Column, column_of
from layers.model.features import Feature, FeatureStore
from services.domain.model import Scalar, Severity

NAMES = ("level", "road", "mixed")
scalars: st.SearchStrategy[Scalar] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from([0.5, -2.25, 10**400]),
    st.sampled_from(["", "康乐路", "7", "Bowen Road"]),
)  # fmt: skip
attrs = st.dictionaries(st.sampled_from(NAMES), scalars, max_size=3)
readings = st.dictionaries(st.sampled_from(NAMES[:2]), st.sampled_from([0.25, 3.0]), max_size=2)
made = st.builds(
    lambda i, facts, values, severity, name: Feature(
        i, "camera", name, 101.8, 36.6, severity, attrs=facts, readings=values
    ),
    st.integers(0, 12).map("f{}".format),
    attrs,
    readings,
    st.sampled_from([Severity.NORMAL, Severity.MAJOR]),
    st.sampled_from(["a", "b"]),
)


def cell(column: Column, row: int) -> Scalar:
    number = math.nan if column.numbers is None else float(column.numbers[row])
    text = None if column.texts is None else column.texts.strings()[row]
    assert math.isnan(number) or text is None
    return text if math.isnan(number) else number


def as_read(value: Scalar) -> Scalar:
    if value is None or isinstance(value, str):
        return value
    return math.inf if value == 10**400 else float(value)


class AttributesMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store = FeatureStore()
        self.model: dict[str, Feature] = {}

    @rule(batch=st.lists(made, max_size=6))
    def upsert(self, batch: list[Feature]) -> None:
        version = self.store.attributes.version
        last = {f.id: f for f in batch}
        different = {i for i, f in last.items() if self.model.get(i) != f}
        self.store.upsert(batch)
        self.model.update(last)
        said = {self.store.ids[r] for r in self.store.attributes.changed_since(version)}
        assert said == different

    @rule(gone=st.lists(st.integers(0, 12).map("f{}".format), max_size=3))
    def remove(self, gone: list[str]) -> None:
        version = self.store.attributes.version
        rows = {self.store.row_of(i) for i in gone} - {None}
        self.store.remove(gone)
        assert set(self.store.attributes.changed_since(version).tolist()) == rows
        for i in gone:
            self.model.pop(i, None)

    @rule()
    def clear(self) -> None:
        self.store.clear()
        self.model.clear()

    @rule(name=st.sampled_from(NAMES))
    def read(self, name: str) -> None:
        """Columns are asked for now and then, so that some are refreshed over many changes."""
        column = self.store.attributes.column(name)
        live = set()
        for i, feature in self.model.items():
            row = self.store.row_of(i)
            assert row is not None
            live.add(row)
            wanted = {**feature.attrs, **feature.readings}.get(name)
            assert cell(column, row) == as_read(wanted)
            assert self.store.attributes.value(row, name) == wanted
        for row in set(range(len(self.store.ids))) - live:
            assert cell(column, row) is None

    @invariant()
    def some_rows_say_the_same(self) -> None:
        chosen = self.store.rows()[::2]
        frozen = self.store.attributes.frozen(chosen)
        for name in NAMES:
            column = frozen.column(name)
            for at, row in enumerate(chosen.tolist()):
                assert cell(column, at) == as_read(self.store.attributes.value(row, name))

    @invariant()
    def names_are_those_that_occur(self) -> None:
        found = {n for f in self.model.values() for n in (*f.attrs, *f.readings)}
        assert self.store.attributes.names() == sorted(found)


TestAttributes = AttributesMachine.TestCase
TestAttributes.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


def test_a_reading_alone_draws_nothing_anew() -> None:
    store = FeatureStore()
    store.upsert([Feature("a", "s", "a", 101.8, 36.6, attrs={"road": "x"}, readings={"level": 1})])
    drawn, known = store.version, store.attributes.version
    store.upsert([Feature("a", "s", "a", 101.8, 36.6, attrs={"road": "y"}, readings={"level": 2})])
    assert store.version == drawn
    assert store.attributes.version > known


def test_a_column_that_was_given_away_does_not_change() -> None:
    store = FeatureStore()
    store.upsert([Feature("a", "s", "a", 101.8, 36.6, readings={"level": 1.0})])
    before = store.attributes.column("level")
    store.upsert([Feature("a", "s", "a", 101.8, 36.6, readings={"level": 2.0})])
    assert store.attributes.column("level").numbers is not before.numbers
    assert before.numbers is not None
    assert before.numbers.tolist() == [1.0]
    assert not before.numbers.flags.writeable


def test_rows_share_the_mappings_of_their_records() -> None:
    facts: dict[str, Scalar] = {"road": "x"}
    store = FeatureStore()
    store.upsert([Feature("a", "s", "a", 101.8, 36.6, attrs=facts)])
    assert store.attributes.attrs[0] is facts


def test_words_of_the_past_are_let_go() -> None:
    store = FeatureStore()
    for i in range(1_200):
        store.upsert([Feature("a", "s", "a", 101.8, 36.6, attrs={"road": f"road {i}"})])
        texts = store.attributes.column("road").texts
        assert texts is not None
        assert texts.strings()[0] == f"road {i}"
    assert len(texts.words) < 1_100


def test_one_word_is_kept_once() -> None:
    column = column_of(["x", None, "y", "x", 3])
    assert column.texts is not None
    assert column.texts.words.tolist() == ["x", "y"]
    assert column.texts.codes.tolist() == [0, -1, 1, 0, -1]
    assert column.numbers is not None
    assert np.isnan(column.numbers[:4]).all()

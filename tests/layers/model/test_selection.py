"""Selections against plain sets, while the store changes under them; regions against shapely."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
import shapely
from hypothesis import given
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from layers.model import measure
from layers.model.features import Feature, FeatureStore
from layers.model.region import Box, Circle, Outline, rows_in
from layers.model.selection import Mode, Selection

NAMES = [f"f{i}" for i in range(8)]
some = st.sets(st.sampled_from(NAMES))
near = st.tuples(st.floats(101.7, 101.8), st.floats(36.5, 36.6))


def _feature(name: str) -> Feature:
    number = NAMES.index(name)
    return Feature(name, "camera" if number % 2 else "sensor", name, 101.7 + number / 100, 36.5)


class SelectionOfSets(RuleBasedStateMachine):
    """The same said to a selection and to a set of ids."""

    def __init__(self) -> None:
        super().__init__()
        self.store = FeatureStore()
        self.selection = Selection(self.store)
        self.wanted: set[str] = set()

    @rule(names=some)
    def put(self, names: set[str]) -> None:
        self.store.upsert(_feature(n) for n in sorted(names))

    @rule(names=some)
    def remove(self, names: set[str]) -> None:
        self.store.remove(names)
        self.wanted -= names

    @rule()
    def clear(self) -> None:
        self.store.clear()
        self.wanted.clear()

    @rule(names=some, mode=st.sampled_from(["replace", "add", "toggle", "remove"]))
    def select(self, names: set[str], mode: Mode) -> None:
        there = {n for n in names if n in self.store}
        before = set(self.wanted)
        self.wanted = {
            "replace": there,
            "add": before | there,
            "toggle": before ^ there,
            "remove": before - there,
        }[mode]
        version = self.selection.version
        changed = self.selection.apply_ids(sorted(names), mode)
        assert changed == (self.wanted != before) or self.selection.version > version

    @invariant()
    def same(self) -> None:
        self.selection.refresh()
        assert sorted(self.selection.ids()) == sorted(self.wanted)
        counts: dict[str, int] = {}
        for name in self.wanted:
            kind = _feature(name).kind
            counts[kind] = counts.get(kind, 0) + 1
        assert self.selection.counts() == counts


TestSelectionOfSets = SelectionOfSets.TestCase


class Unread(list[str]):
    """Ids that nobody may look at: with a million of them a look at each is felt."""

    def __getitem__(self, _at: object) -> str:  # type: ignore[override]  # whatever is asked
        raise AssertionError("ids were read")

    __iter__ = __getitem__  # type: ignore[assignment]  # nor one after the other


def test_what_has_gone_leaves_without_a_look_at_the_ids() -> None:
    store = FeatureStore()
    store.upsert(_feature(n) for n in NAMES)
    selection = Selection(store)
    selection.apply(store.rows())
    store.remove(["f3", "f5"])
    store.upsert([Feature("new", "camera", "", 101.7, 36.5)])  # in a row that one of them had
    kept, store.ids = store.ids, Unread(store.ids)
    assert selection.refresh()
    assert not selection.refresh()
    assert not selection.apply(selection.rows)
    assert selection.box() is not None
    assert selection.counts() == {"sensor": 4, "camera": 2}
    store.ids = kept
    assert selection.ids() == [n for n in NAMES if n not in ("f3", "f5")]


def test_before_it_is_refreshed_it_names_none_that_has_gone() -> None:
    store = FeatureStore()
    store.upsert(_feature(n) for n in NAMES)
    selection = Selection(store)
    selection.apply_ids(["f1", "f2"])
    store.remove(["f1"])
    assert selection.ids() == ["f2"]
    assert selection.apply_ids(["f2"]), "one has left"
    store.clear()
    assert (selection.ids(), selection.box(), selection.counts()) == ([], None, {})
    assert not selection.mask().any()


@given(st.lists(near, min_size=1, max_size=40), near, st.floats(1.0, 9_000.0))
def test_a_circle_holds_what_is_no_farther_than_its_radius(
    places: list[tuple[float, float]], middle: tuple[float, float], radius: float
) -> None:
    store = FeatureStore()
    store.upsert(Feature(str(i), "camera", "", *p) for i, p in enumerate(places))
    found = {store.ids[row] for row in rows_in(store, Circle(*middle, radius)).tolist()}
    far = {str(i): measure.distance(middle, p) for i, p in enumerate(places)}
    assert found == {i for i, metres in far.items() if metres <= radius}


@given(st.lists(near, min_size=1, max_size=40), st.lists(near, min_size=3, max_size=7), near, near)
def test_an_outline_and_a_box_hold_what_shapely_says(
    places: list[tuple[float, float]],
    corners: list[tuple[float, float]],
    a: tuple[float, float],
    b: tuple[float, float],
) -> None:
    store = FeatureStore()
    store.upsert(Feature(str(i), "camera", "", *p) for i, p in enumerate(places))
    area = shapely.make_valid(shapely.Polygon(corners))
    for region, shape in ((Outline(tuple(corners)), area), (Box.between(a, b), None)):
        found = {store.ids[row] for row in rows_in(store, region).tolist()}
        shape = shape or shapely.box(*a, *b)
        said = {str(i) for i, p in enumerate(places) if shape.intersects(shapely.Point(p))}
        assert found == said


@pytest.mark.parametrize("region", [Box(1, 2, 3, 4), Outline(((1, 2), (3, 2), (3, 4)))])
def test_an_outline_is_closed(region: Box | Outline) -> None:
    run = region.outline()
    assert run[0] == run[-1]
    assert len(run) == len(set(run)) + 1

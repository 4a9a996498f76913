"""What each row looks like, against rules applied to one row at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.model import breaks, layer_fields
from layers.model.attributes import column_of
from layers.model.features import ALIVE, UNACKED, Feature, FeatureStore
from layers.model.layer_set import (
    Categorised,
    Graduated,
    Heat,
    Layer,
    LayerSet,
    Look,
    Single,
    default_set,
)
from layers.model.painter import Painter
from layers.model.painting import Painted, is_plain, looks_of, paint, tally
from layers.model.things import Things
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.domain.model import Severity
from tests.layers.model.layer_values import layer_sets, stores

levels = st.integers(0, 22)


def passes_in(store: FeatureStore, text: str) -> np.ndarray:
    if text == "broken":
        raise KnownError("bad_filter", "This is no filter.")
    return np.array([int(i[1:]) % 2 == 1 if i else False for i in store.ids], np.bool_)


def evaluated(layers: LayerSet, store: FeatureStore, level: int) -> Painted:
    return paint(layers, Things.live(store), level, lambda text: passes_in(store, text))


def class_of(layer: Layer, value: object) -> int:
    """The class of one value, slowly."""
    style = layer.style
    if isinstance(style, Categorised):
        text = (
            value if isinstance(value, str) else f"{float(value):g}" if value is not None else None
        )
        values = [c.value for c in style.classes]
        return values.index(text) if text in values else -1
    if isinstance(style, Graduated) and value is not None and not isinstance(value, str):
        uppers = [s.upper for s in style.steps]
        return next(i for i, u in enumerate(uppers) if u is None or float(value) <= u)
    return -1


def naive(layers: LayerSet, store: FeatureStore, row: int, level: int) -> tuple[str, Look] | None:
    """The layer and the look of one living row, None where nothing draws it."""
    kind = store.kinds[store.kind[row]]
    value = store.attributes.value(row, "f")
    alarm = store.severity[row] >= Severity.MAJOR or store.flags[row] & UNACKED
    chances: list[tuple[bool, str, Look]] = []
    for layer in layers.layers():
        if not layer.visible or kind not in layer.kinds:
            continue
        if layer.filter == "odd" and not passes_in(store, "odd")[row]:
            continue
        look = looks_of(layer)[class_of(layer, value)]
        low = layer.min_zoom or 0.0
        inside = low < level + 1 and (layer.max_zoom is None or level < layer.max_zoom)
        if look is not None:
            chances.append((inside and not isinstance(layer.style, Heat), layer.id, look))
    for in_range, layer_id, look in chances:
        if in_range:
            return layer_id, look
    return (chances[0][1], chances[0][2]) if chances and alarm else None


@settings(max_examples=60)
@given(layer_sets(), stores(), levels)
def test_each_row_is_drawn_by_the_topmost_layer_that_takes_it(
    layers: LayerSet, store: FeatureStore, level: int
) -> None:
    painted = evaluated(layers, store, level)
    assert painted.kinds == layers.visible_kinds()
    plain = is_plain(layers)
    assert (painted.number is None) == plain
    for row in range(len(store.ids)):
        expected = naive(layers, store, row, level) if store.flags[row] & ALIVE else None
        if painted.number is None:
            kind = store.kinds[store.kind[row]]
            if store.flags[row] & ALIVE:
                assert (expected is not None) == (kind in painted.kinds)
            continue
        found = painted.paints[painted.number[row]] if painted.number[row] else None
        assert (found and (found.layer, found.look)) == expected
        if found is not None:
            layer = layers.node(found.layer)
            assert isinstance(layer, Layer)
            assert found.opacity == layer.opacity
            assert found.rank == len(layers.layers()) - layers.layers().index(layer)


@settings(max_examples=60)
@given(layer_sets(), stores(), levels)
def test_heat_layers_weigh_every_thing_that_passes(
    layers: LayerSet, store: FeatureStore, level: int
) -> None:
    painted = evaluated(layers, store, level)
    wanted = {}
    for layer in layers.layers():
        low = layer.min_zoom or 0.0
        drawn = low < level + 1 and (layer.max_zoom is None or level < layer.max_zoom)
        if layer.visible and isinstance(layer.style, Heat) and drawn:
            odd = passes_in(store, "odd")
            wanted[layer.id] = [
                row
                for row in store.rows().tolist()
                if store.kinds[store.kind[row]] in layer.kinds
                and (layer.filter != "odd" or odd[row])
            ]
    assert {h.layer: h.rows.tolist() for h in painted.heats} == {
        layer: rows for layer, rows in wanted.items() if rows
    }


@settings(max_examples=60)
@given(layer_sets(), stores())
def test_numbers_of_a_layer(layers: LayerSet, store: FeatureStore) -> None:
    for layer in layers.layers():
        found = tally(layer, Things.live(store), lambda text: passes_in(store, text))
        rows = [r for r in store.rows().tolist() if store.kinds[store.kind[r]] in layer.kinds]
        odd = passes_in(store, "odd")
        passed = [r for r in rows if layer.filter != "odd" or odd[r]]
        assert (found.total, found.passed) == (len(rows), len(passed))
        if isinstance(layer.style, Categorised | Graduated):
            classes = [class_of(layer, store.attributes.value(r, "f")) for r in passed]
            count = len(looks_of(layer)) - 1
            assert list(found.classes) == [classes.count(i) for i in range(count)]
            assert found.other == classes.count(-1)


def test_a_filter_that_cannot_be_read_hides_nothing_and_is_named() -> None:
    store = FeatureStore()
    layers = LayerSet(items=(Layer(id="l", kinds=("camera",), filter="broken"),))
    painted = evaluated(layers, store, 12)
    assert [(layer, error.code) for layer, error in painted.problems] == [("l", "bad_filter")]


def test_the_packs_own_layers_cost_nothing_by_row() -> None:
    layers = default_set({"video": ("camera", "team")}, frozenset({"camera"}))
    painted = evaluated(layers, FeatureStore(), 12)
    assert painted.shown is None
    assert painted.kinds == {"camera"}
    assert painted.ranks == {"camera": 2}


def test_values_of_a_field_are_told_with_their_numbers() -> None:
    found = column_of(["b", "a", "b", None, 2.5, True, 2.5])
    assert layer_fields.values(found) == [("2.5", 2), ("b", 2), ("1", 1), ("a", 1)]
    assert layer_fields.classes(found, ["b", "2.5"], 7).tolist() == [0, -1, 0, -1, 1, -1, 1]
    assert layer_fields.steps(found, [1.0, 2.5], 7).tolist() == [-1, -1, -1, -1, 1, 0, 1]


numbers = st.lists(st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6)), max_size=60)


@given(numbers, st.integers(2, 9))
def test_equal_intervals_cut_the_range_evenly(values: list[float], count: int) -> None:
    known = [v for v in values if v == v]
    bounds = breaks.equal_interval(np.array(values, np.float64), count)
    assert list(bounds) == sorted(set(bounds))
    if known and max(known) - min(known) > 1e-3:
        assert len(bounds) == count - 1
        width = (max(known) - min(known)) / count
        for i, bound in enumerate(bounds):
            assert bound == pytest.approx(min(known) + (i + 1) * width, abs=width * 0.02 + 1e-2)
    else:
        assert len(bounds) <= count - 1


@given(st.lists(st.integers(0, 20), max_size=60), st.integers(2, 9))
def test_quantiles_put_as_many_into_each_step_as_equal_numbers_allow(
    values: list[int], count: int
) -> None:
    bounds = breaks.quantile(np.array(values, np.float64), count)
    assert list(bounds) == sorted(set(bounds))
    assert len(bounds) <= count - 1
    for bound in bounds:
        assert bound in values
        assert bound < max(values)
        below, at_most = sum(v < bound for v in values), sum(v <= bound for v in values)
        shares = [k / count * len(values) for k in range(1, count)]
        assert any(below <= share <= at_most + 1e-9 for share in shares)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=5), st.floats(-100, 100))
def test_steps_from_limits_turn_at_the_limit(bounds: list[float], value: float) -> None:
    column = column_of([value])
    above = layer_fields.steps(column, breaks.limits(bounds), 1)[0]
    assert above == len({b for b in bounds if value >= b})
    below = layer_fields.steps(column, breaks.limits(bounds, "below"), 1)[0]
    assert below == len({b for b in bounds if value > b})


def test_single_looks() -> None:
    assert looks_of(Layer(id="a", kinds=("x",), style=Single(look=Look(size=9)))) == (Look(size=9),)
    assert looks_of(Layer(id="a", kinds=("x",), style=Heat())) == (Look(),)


def test_a_filter_by_a_field_that_nothing_has_is_wrong_and_not_empty() -> None:
    store = FeatureStore()
    store.upsert([Feature("a", "camera", "", 101.8, 36.6, attrs={"Level": 2, "found": 1})])
    painter = Painter(Things.live(store))
    assert painter.problem("colour > 1") is None  # without packs any name may be one
    painter = Painter(Things.live(store))
    painter.known = frozenset({"Level"})
    for text in ("colour > 1", "link = online"):
        problem = painter.problem(text)
        assert problem is not None
        assert problem.code.startswith("expression_unknown_name")
    assert painter.passes("level > 1").tolist() == [True]  # any case of letters
    assert painter.passes("found = 1 and link = 'unknown'").tolist() == [True]
    layers = LayerSet(items=(Layer(id="l", kinds=("camera",), filter="colour > 1"),))
    painted = painter.painted(layers, 12)
    assert painted.shown is not None
    assert painted.shown.tolist() == [True]
    assert [layer for layer, _problem in painted.problems] == ["l"]


def test_a_picture_is_the_same_object_until_something_of_it_changes() -> None:
    store = FeatureStore()
    clock = ManualClock(1_000.0)
    thing = Feature("a", "camera", "", 101.8, 36.6, attrs={"f": 1}, observed_at=900.0)
    store.upsert([thing])
    painter = Painter(Things.live(store), clock())
    layers = LayerSet(items=(Layer(id="l", kinds=("camera",), filter="f = 1 and age_s < 150"),))
    first = painter.painted(layers, 12)
    assert painter.painted(layers, 12) is first
    store.upsert([Feature("b", "team", "", 101.8, 36.6)])
    painter.take(Things.live(store), clock())
    second = painter.painted(layers, 12)
    assert second.shown is not None
    assert second.shown.tolist() == [True, False]
    clock.advance(100.0)
    painter.take(Things.live(store), clock())
    third = painter.painted(layers, 12)
    assert third.shown is not None
    assert third.shown.tolist() == [False, False]

"""Looks of classes at first: never told apart by colour alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model.layer_set import MAX_CLASSES, Categorised, Category, Layer, LayerSet, Look, check
from layers.model.style_presets import categorised, graduated, only_by_colour, step_looks


@given(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=60))
def test_every_value_gets_a_form_of_its_own(values: list[str]) -> None:
    style = categorised("f", values)
    assert [c.value for c in style.classes] == values[:MAX_CLASSES]
    assert not only_by_colour(style)


def test_what_was_styled_before_stays() -> None:
    mine = Category(value="b", label="B", look=Look(shape="circle", size=18), visible=False)
    old = Categorised(field="f", classes=(mine,), other=None)
    new = categorised("f", ["a", "b", "c"], old)
    assert new.classes[0] == mine
    assert [c.value for c in new.classes] == ["b", "a", "c"]
    assert new.other is None
    assert not only_by_colour(new)
    assert categorised("g", ["a"], old).other == Look()


@given(st.lists(st.integers(-50, 50), unique=True, max_size=40))
def test_steps_ascend_in_size_and_can_be_kept(bounds: list[int]) -> None:
    style = graduated("f", [float(b) for b in sorted(bounds)], "manual")
    sizes = [step.look.size for step in style.steps]
    assert sizes == sorted(sizes)
    check(LayerSet(items=(Layer(id="l", kinds=("k",), style=style),)))
    if len(bounds) < 9:
        assert not only_by_colour(style)


def test_colour_alone_is_found() -> None:
    classes = tuple(
        Category(value=v, look=Look(shape="circle", color=c))
        for v, c in (("a", "series_1"), ("b", "series_2"))
    )
    assert only_by_colour(Categorised(field="f", classes=classes))
    hidden = Category(value="a", look=Look(shape="circle"), visible=False)
    assert not only_by_colour(Categorised(field="f", classes=(hidden, classes[1])))


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_a_ramp_is_used_from_end_to_end(count: int) -> None:
    looks = step_looks(count)
    assert looks[0].color == "ramp_1"
    assert looks[-1].color == ("ramp_5" if count > 1 else "ramp_1")

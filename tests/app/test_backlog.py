"""What waits is taken in order, each once, and does not pile up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import backlog
from app.backlog import Backlog

ids = st.lists(st.integers(0, 12).map(str), max_size=20)


@given(st.lists(st.one_of(ids, st.integers(1, 6)), max_size=20))
def test_everything_comes_once_for_each_time_it_was_put_in_or_less(steps: list) -> None:
    waiting, model = Backlog(), []
    for step in steps:
        if isinstance(step, list):
            waiting.add(step)
            model += step
        else:
            taken = waiting.take(step)
            assert taken == list(dict.fromkeys(model[:step]))
            del model[:step]
        assert len(waiting) == len(model)


def test_what_comes_again_and_again_keeps_its_first_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "_COMPACT_FROM", 8)
    waiting = Backlog()
    for n in range(100):
        waiting.add(["first", f"second {n % 3}"])
        assert len(waiting) <= 10
    assert waiting.take(2) == ["first", "second 0"]
    waiting.clear()
    assert not waiting
    assert waiting.take(5) == []

"""When a server counts as out, and how often it is tried then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.basemaps.health import FIRST_WAIT_S, LONGEST_WAIT_S, Health, TileError


def test_one_lost_answer_is_chance_two_are_an_outage() -> None:
    health = Health()
    health.failed(TileError("no_answer", ""), 100.0)
    assert not health.is_out
    assert health.may_ask(100.0)
    health.failed(TileError("no_answer", ""), 103.0)
    assert (health.trouble, health.since) == ("no_answer", 100.0)
    assert not health.may_ask(103.0)


def test_a_good_answer_between_starts_anew() -> None:
    health = Health()
    for moment in (1.0, 2.0, 3.0, 4.0):
        health.failed(TileError("no_answer", ""), moment)
        health.answered()
    assert not health.is_out


@pytest.mark.parametrize("trouble", ["wrong_key", "too_many", "redirected", "untrusted"])
def test_some_words_are_plain_at_once(trouble: str) -> None:
    health = Health()
    health.failed(TileError(trouble, ""), 5.0)  # type: ignore[arg-type]  # one of the literals
    assert health.trouble == trouble


def test_it_is_tried_less_and_less_often_and_by_one_at_a_time() -> None:
    health = Health()
    now, waits = 0.0, []
    for _ in range(2):
        health.failed(TileError("no_answer", ""), now)
    for _ in range(7):
        before = now
        while not health.may_ask(now):
            now += 0.5
        assert not health.may_ask(now)
        waits.append(now - before)
        health.failed(TileError("no_answer", ""), now)
    assert waits == [FIRST_WAIT_S, 10.0, 20.0, 40.0, LONGEST_WAIT_S, LONGEST_WAIT_S, LONGEST_WAIT_S]
    health.answered()
    assert not health.is_out
    assert health.may_ask(now)


@given(st.floats(-1e9, 1e9))
def test_a_servers_wish_is_followed_within_reason(seconds: float) -> None:
    health = Health()
    health.failed(TileError("too_many", "", seconds), 0.0)
    assert not health.may_ask(0.9)
    assert health.may_ask(10 * LONGEST_WAIT_S)

"""Idempotency keys outlive a clock that jumps: an order sent again is carried out once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.domain.clock import ManualClock
from services.hub.commands import Actor
from services.hub.deciding import command_call
from services.hub.key_hold import DAY_S, KEYS_KEPT_S, KeyHold
from services.hub.options import HubOptions
from services.hub.server import Hub

NOW = 1_750_000_000.0


def test_without_a_step_keys_are_kept_for_two_days() -> None:
    hold = KeyHold(None, NOW - 60.0, NOW, 0.0)
    assert hold.before(NOW + 600.0, 600.0) == NOW + 600.0 - KEYS_KEPT_S


@pytest.mark.parametrize("step", [61.0, 3 * DAY_S, 400 * DAY_S])
def test_after_a_step_ahead_nothing_goes_until_two_days_have_really_passed(step: float) -> None:
    hold = KeyHold(None, NOW, NOW, 0.0)
    steady = 10.0
    assert hold.before(NOW + step + steady, steady) == 0.0
    while steady < KEYS_KEPT_S:
        steady += 600.0
        before = hold.before(NOW + step + steady, steady)
        assert (before == 0.0) == (steady < KEYS_KEPT_S + 10.0)
    assert before == NOW + step + steady - KEYS_KEPT_S


@pytest.mark.parametrize(
    ("kept", "newest", "left"),
    [
        ("7200", NOW - 60.0, 7_200.0),  # a restart does not end a hold
        ("0", NOW - 60.0, 0.0),
        (None, NOW - 2 * DAY_S, KEYS_KEPT_S),  # set while no hub ran, as far as one can tell
        (None, None, KEYS_KEPT_S),
        ("1e99", NOW, KEYS_KEPT_S),
        ("nonsense", NOW, KEYS_KEPT_S),
    ],
)
def test_a_start_goes_on_with_what_is_left(
    kept: str | None, newest: float | None, left: float
) -> None:
    assert KeyHold(kept, newest, NOW, 5.0).left_s == left


def test_an_order_sent_again_after_a_jump_is_carried_out_once(tmp_path: Path) -> None:
    options = HubOptions(data=tmp_path, port=0)
    wall = ManualClock(NOW)

    async def order(hub: Hub) -> int:
        actor = Actor("duty1", "A", "1", ("duty_officer",), "")
        where = {"category": "E05-06", "lon": 101.77, "lat": 36.63, "title": "积水"}
        call = command_call(actor, "once", "case.create", where, None)
        assert (await hub.sequencer.submit_command(call)).error is None
        return await hub.sequencer.read(lambda world: len(world.cases))

    async def story() -> None:
        first = Hub(options, clock=wall)
        async with first.running():
            assert await order(first) == 1
            await first.keeper.keep()
        wall.advance(600.0)
        second = Hub(options, clock=wall, steady=lambda: 0.0)
        async with second.running():
            wall.advance(400 * DAY_S)
            actor = Actor("duty1", "A", "1", ("duty_officer",), "")
            note = command_call(actor, "other", "operator.note", {"name": "x"}, None)
            assert (await second.sequencer.submit_command(note)).error is None
            await second.keeper.keep()
        third = Hub(options, clock=wall, steady=lambda: 0.0)
        async with third.running():
            assert await order(third) == 1

    asyncio.run(story())

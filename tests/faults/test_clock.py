"""Clocks that jump, in the hub and at sources: order holds, nothing is lost, people are told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.domain.clock import LATEST, ManualClock
from services.feed.frames import Notice, Replay
from services.hub.clock_watch import step_of
from services.storage.reader import LogReader
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import console, past, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading

DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("wall", "steady", "step"),
    [
        ((100.0, 102.0), (7.0, 9.0), 0.0),
        ((100.0, 103.5), (7.0, 9.0), 0.0),  # a busy machine, or slewing
        ((100.0, 3_702.0), (7.0, 9.0), 3_600.0),
        ((3_702.0, 102.0), (7.0, 9.0), -3_602.0),
        ((100.0, 160.0), (7.0, 67.0), 0.0),  # asleep for a minute, by both clocks
    ],
)
def test_a_step_is_what_the_clock_that_nobody_sets_did_not_see(
    wall: tuple[float, float], steady: tuple[float, float], step: float
) -> None:
    assert step_of(wall, steady) == step


def test_the_hubs_clock_jumps(tmp_path: Path, faults: Faults) -> None:
    """Back and ahead, by seconds and by months, between readings, alarms and orders."""
    jumps, chance = faults.count("clock"), faults.chance("clock")
    clock, steady = ManualClock(), ManualClock(5.0)

    async def story() -> tuple[int, int]:
        acked = 0
        async with served(tmp_path, clock=clock, steady=steady) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty1"]) as desk:
                for jump in range(jumps):
                    clock.advance(1.0)
                    steady.advance(1.0)
                    step = chance.choice([-1, 1]) * chance.choice([3.0, 3_600.0, 40 * DAY_S])
                    clock.now = min(max(DAY_S, clock.now + step), LATEST - 400 * DAY_S)
                    acked += (await ingest(url, who["source"], [reading(jump % 9 / 10)]))[
                        "accepted"
                    ]
                    made = await desk.order(
                        f"k{jump}", "case.create", category="E05-06", lon=101.77, lat=36.63
                    )
                    assert made.error is None, made.error
                    acked += 1
                    if hub.clock_watch.look():
                        told = await desk.until(Notice)
                        assert told.code == ("clock_back" if step < 0 else "clock_ahead")
                        assert told.text
                await desk.reach(hub.broker.top)
                state = await fold_of(hub)
                assert desk.world.digest() == state.digest()
                assert past(tmp_path, state.offset).digest() == state.digest()
                assert hub.clock_watch.steps
        _log_is_in_order(tmp_path)
        return acked, len(state.cases)

    acked, cases = asyncio.run(story())
    faults.found(Row("clock jumps", jumps, acked, jumps - cases, 0))


def _log_is_in_order(data: Path) -> None:
    reader = LogReader(data / "onemap.sqlite")
    try:
        bounds = reader.bounds()
        events = list(reader.tail(0, bounds.last_offset))
    finally:
        reader.close()
    assert [e.offset for e in events] == list(range(1, bounds.last_offset + 1))
    times = [e.recv_time for e in events]
    assert times == sorted(times)


def test_a_replay_over_a_jump_lands_where_it_is_told(tmp_path: Path) -> None:
    clock = ManualClock()

    async def story() -> None:
        async with served(tmp_path, clock=clock) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            for step in (10.0, -7_200.0, 10.0, 9_000.0, 10.0):
                clock.advance(step)
                await ingest(url, who["source"], [reading(clock.now % 9 / 10)])
            async with console(url, who["trainer"], subscribe=False) as screen:
                await screen.replay("open")
                for offset in range(len(CITY), hub.sequencer.offset + 1):
                    state = await screen.replay("seek", offset=offset)
                    assert state.offset == offset
                    wanted = await asyncio.to_thread(past, tmp_path, offset)
                    assert screen.world.digest() == wanted.digest()
                await screen.send(Replay(action="close"))

    asyncio.run(story())


@pytest.mark.parametrize("skew_s", [-30 * DAY_S, -3_600.0, 3_600.0, 30 * DAY_S])
def test_an_alarm_of_a_source_whose_clock_is_wrong_is_never_dropped(
    tmp_path: Path, skew_s: float
) -> None:
    clock = ManualClock()

    async def story() -> None:
        async with served(tmp_path, clock=clock) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            late = {**reading(0.9), "time": clock.now + skew_s}
            alarm = {
                "type": "alarm",
                "object_id": "level:2",
                "severity": "major",
                "text": "积水",
                "rule": "mine",
                "time": clock.now + skew_s,
            }
            assert (await ingest(url, who["source"], [late, alarm]))["accepted"] == 2
            objects = {a.object_id for a in (await fold_of(hub)).alarms.values()}
            assert objects == {"level:1", "level:2"}

    asyncio.run(story())

"""The worst value of a standing alarm: exact in the log, and without an event per reading."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.domain.clock import ManualClock
from services.domain.events import AlarmChanged, Body, Observed
from services.domain.model import Severity
from services.hub.alarm_times import AlarmTimes
from services.hub.deciding import Decider
from services.hub.peaks import EVERY_S, AlarmPeaks
from services.packs.model import Catalogue, Limit
from tests.services.hub.slow_pack import LOUD, pump, reads, write
from tests.services.hub.test_alarm_times import START, Table, changes, log, run, table
from tests.services.small_city import PACK, City, sensor

KEY = "rule|level_high|sensor:s1"


def one_rule(direction: str, off_delay_s: float) -> Catalogue:
    """The small city's level with limits 2, 3 and 4, above or below minus that."""
    sign = 1.0 if direction == "above" else -1.0
    (rule,) = PACK.rule
    limits = tuple(Limit(severity=s.severity, at=sign * s.at) for s in rule.limits)
    rule = replace(rule, limits=limits, direction=direction, off_delay_s=off_delay_s)
    return Catalogue((replace(PACK, rule=(rule,)),))


class Deciding(City):
    """A city that decides as the sequencer does: stamp, fold, what follows."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.decider = Decider(catalogue, self.calendar, self.new_id)
        self.sort = AlarmPeaks(self.decider.peaks)
        self.add(sensor())

    def live(self, *bodies: Body) -> None:
        """Bodies and what follows from them."""
        queue = list(bodies)
        while queue:
            body = self.decider.peaks.stamp(queue.pop(0), self.clock())
            self.fold([body])
            queue += self.decider.consequences(self.world, body, self.clock())

    def tick(self) -> None:
        """What the clock does to alarms."""
        for sort, id_ in ((AlarmTimes(), KEY), (self.sort, "sensor:s1")):
            due = sort.due(self.world, id_)
            if due is not None and due <= self.clock():
                self.live(*sort.fire(self.world, id_, self.clock()))

    def told(self) -> list[AlarmChanged]:
        """What befell the alarm."""
        return [e.body for e in self.events if isinstance(e.body, AlarmChanged)]


values = st.floats(-6.0, 6.0).map(lambda v: round(v, 3))


@given(
    direction=st.sampled_from(["above", "below"]),
    off_delay_s=st.sampled_from([0.0, 20.0]),
    story=st.lists(st.tuples(values, st.sampled_from([1.0, 7.0, 30.0])), max_size=40),
)
def test_a_cleared_alarm_tells_the_worst_reading_while_it_stood(
    direction: str, off_delay_s: float, story: list[tuple[float, float]]
) -> None:
    worse = max if direction == "above" else min
    city = Deciding(one_rule(direction, off_delay_s))
    while_it_stood: list[float] = []
    for value, wait in story:
        before = len(city.told())
        city.live(Observed(id="sensor:s1", values={"level": value}))
        stood = bool(while_it_stood)
        if stood or any(c.change == "raised" for c in city.told()[before:]):
            while_it_stood.append(value)
        city.clock.advance(wait)
        city.tick()
        for change in city.told()[before:]:
            if change.change == "cleared":
                assert change.alarm.peak == worse(while_it_stood)
                assert change.alarm.value == while_it_stood[-1]
                while_it_stood.clear()
    alarm = city.world.alarms.get(KEY)
    assert bool(while_it_stood) == (alarm is not None and alarm.active)


def test_a_rising_value_is_written_by_itself_but_seldom() -> None:
    city = Deciding(one_rule("above", 0.0))
    for second in range(100):
        level = 2.0 + second / 110
        city.live(Observed(id="sensor:s1", values={"level": level}))
        city.tick()
        city.clock.advance(1.0)
    updates = [c for c in city.told() if c.change == "updated"]
    assert [c.change for c in city.told()] == ["raised", *["updated"] * len(updates)]
    assert 100 / EVERY_S - 2 <= len(updates) <= 100 / EVERY_S
    assert updates[-1].alarm.peak == pytest.approx(level, abs=(EVERY_S + 1) / 110)
    assert {c.alarm.version for c in city.told()} == {1}, "no decision about it became an old one"
    written = len(city.told())
    for _ in range(100):  # it stands still, or trembles by less than anybody sees
        city.live(Observed(id="sensor:s1", values={"level": level + 0.001}))
        city.tick()
        city.clock.advance(1.0)
    assert len(city.told()) <= written + 1


def test_the_hub_writes_the_true_peak_and_counts_nothing_twice(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        for noise in (91.0, 95.0, 120.4, 118.0):
            await at.send(reads(noise=noise))
        assert (await at.sure(LOUD)).peak == 91.0
        at.clock.advance(EVERY_S)
        while (await at.sure(LOUD)).peak == 91.0:
            await at.hub.ticker.turn()
            await asyncio.sleep(0.001)
        risen = await at.sure(LOUD)
        assert (risen.peak, risen.value, risen.count) == (120.4, 118.0, 1)
        await at.send(reads(noise=119.0))
        await at.send(reads(noise=20.0))

    events = run(tmp_path, story)
    assert [c[1] for c in changes(events, LOUD)] == ["raised", "updated", "cleared"]
    cleared = [b.alarm for _, b in events if isinstance(b, AlarmChanged)][-1]
    assert (cleared.peak, cleared.value, cleared.severity) == (120.4, 20.0, Severity.MINOR)


def test_a_peak_of_before_the_hub_was_ended_is_not_forgotten(tmp_path: Path) -> None:
    packs, clock = write(tmp_path / "packs"), ManualClock(START)

    async def scene() -> None:
        async with table(tmp_path / "data", packs, clock) as at:
            await at.send(pump(), reads(noise=91.0))
            await at.send(reads(noise=130.5))
            await at.send(reads(noise=95.0))
        async with table(tmp_path / "data", packs, clock) as at:
            await at.send(reads(noise=10.0))

    asyncio.run(scene())
    alarms = [b.alarm for _, b in log(tmp_path / "data") if isinstance(b, AlarmChanged)]
    assert not alarms[-1].active
    assert (alarms[-1].peak, alarms[-1].value) == (130.5, 10.0)

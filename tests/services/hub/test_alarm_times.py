"""Delays, shelves and service in a hub: decided in their turn, in the log, told with who did it."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.alarms.suppression import due_at
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, ServiceChanged
from services.domain.model import Alarm, Severity
from services.domain.suppression import reason_of
from services.domain.world import World
from services.feed.frames import Result
from services.hub.deciding import ItemBatch, command_call
from services.hub.options import HubOptions
from services.hub.scene import Actor
from services.hub.server import Hub
from services.ingest.items import read
from services.storage.reader import LogReader
from tests.services.hub.consoles import LIMIT_S
from tests.services.hub.slow_pack import HOT, LOUD, is_in, pump, reads, write

START = 1_750_000_000.0
OFFICER = Actor(user="duty1", name="值班员甲", seat="A1", roles=("duty_officer",))


class Table:
    """A hub in this process under a clock of the test's own."""

    def __init__(self, hub: Hub, clock: ManualClock) -> None:
        self.hub, self.clock = hub, clock
        self._orders = 0

    async def send(self, *items: dict[str, object]) -> None:
        batch = ItemBatch(list(read(msgspec.json.encode(list(items)))), "source")
        (outcomes,) = await asyncio.gather(*self.hub.sequencer.submit_items([batch]))
        assert not [o for o in outcomes if isinstance(o, KnownError)], outcomes

    async def order(self, name: str, actor: Actor = OFFICER, /, **args: Any) -> Result:
        self._orders += 1
        key = f"{name}{self._orders}{self.clock()}"
        return await self.hub.sequencer.submit_command(command_call(actor, key, name, args, None))

    async def done(self, name: str, /, **args: Any) -> dict[str, Any]:
        result = await self.order(name, **args)
        assert result.error is None, result.error
        return dict(result.value)

    async def alarm(self, key: str = HOT) -> Alarm | None:
        return await self.hub.sequencer.read(lambda world: world.alarms.get(key))

    async def sure(self, key: str = HOT) -> Alarm:
        alarm = await self.alarm(key)
        assert alarm is not None
        return alarm

    async def later(self, seconds: float) -> None:
        """Time passes, and what is due by then has happened, by this turn or the hub's own."""
        self.clock.advance(seconds)
        while await self.hub.sequencer.read(self._is_due):
            await self.hub.ticker.turn()
            await asyncio.sleep(0.001)

    def _is_due(self, world: World) -> bool:
        times = [at for a in world.alarms.values() if (at := due_at(a)) is not None]
        return min(times, default=math.inf) <= self.clock()


@contextlib.asynccontextmanager
async def table(data: Path, packs: Path, clock: ManualClock) -> AsyncIterator[Table]:
    hub = Hub(HubOptions(data=data, port=0, packs=(packs,)), clock=clock)
    async with hub.running():
        yield Table(hub, clock)


def run(tmp_path: Path, story: Callable[[Table], Awaitable[None]]) -> list[Any]:
    """Live a story in a new hub; the bodies of its log with their sources."""
    packs = write(tmp_path / "packs")
    data = tmp_path / "data"

    async def scene() -> None:
        async with asyncio.timeout(LIMIT_S), table(data, packs, ManualClock(START)) as at:
            await at.send(pump())
            await story(at)

    asyncio.run(scene())
    return log(data)


def log(data: Path) -> list[Any]:
    reader = LogReader(data / "onemap.sqlite")
    try:
        return [(e.source, e.body) for e in reader.tail(0, reader.bounds().last_offset)]
    finally:
        reader.close()


def changes(events: list[Any], key: str = HOT) -> list[tuple[str, str, str]]:
    """(source of the event, change, by) of everything that befell one alarm."""
    return [
        (source, body.change, body.by)
        for source, body in events
        if isinstance(body, AlarmChanged) and body.alarm.key == key
    ]


def test_a_delay_is_an_event_of_the_log_by_the_system(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(heat=85.0))
        assert not (await at.sure()).active
        await at.later(9.0)
        await at.send(reads(heat=84.0))
        assert not (await at.sure()).active
        await at.later(1.0)
        raised = await at.sure()
        assert (raised.active, raised.severity, raised.acknowledged) == (True, 2, False)
        assert (raised.value, raised.peak) == (84.0, 85.0)
        await at.send(reads(heat=20.0))
        await at.later(9.0)
        assert (await at.sure()).active
        await at.send(reads(heat=90.0))
        await at.later(60.0)
        assert (await at.sure()).active
        await at.send(reads(heat=20.0))
        await at.later(10.0)
        assert not (await at.sure()).active
        await at.done("alarm.acknowledge", alarm=HOT)
        assert await at.alarm() is None

    assert changes(run(tmp_path, story)) == [
        ("source", "pending", ""),
        ("system", "raised", "system"),
        ("source", "pending", ""),
        ("source", "updated", ""),
        ("source", "pending", ""),
        ("system", "cleared", "system"),
        ("duty1", "acknowledged", "值班员甲"),
    ]


def test_a_short_peak_raises_nothing(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(heat=85.0))
        await at.later(5.0)
        await at.send(reads(heat=20.0))
        await at.later(60.0)
        assert await at.alarm() is None

    assert [c[1] for c in changes(run(tmp_path, story))] == ["pending", "withdrawn"]


def test_a_shelf_says_who_and_why_and_ends_by_the_clock(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(noise=95.0))
        await at.done("alarm.acknowledge", alarm=LOUD)
        told = await at.done("alarm.shelve", alarm=LOUD, reason="works on site", for_s=300.0)
        assert told["until"] == START + 300.0
        hidden = reason_of(await at.sure(LOUD), at.clock())
        assert hidden is not None
        assert (hidden.by, hidden.seat, hidden.reason) == ("值班员甲", "A1", "works on site")
        again = await at.order("alarm.shelve", alarm=LOUD, reason="me too", for_s=60.0)
        assert again.error is not None
        assert again.error.code == "already_shelved"
        assert again.error.params["by"] == "值班员甲"
        await at.later(299.0)
        assert (await at.sure(LOUD)).suppressed
        await at.later(1.0)
        back = await at.sure(LOUD)
        assert (back.suppressed, back.acknowledged) == ((), False)

    assert changes(run(tmp_path, story), LOUD)[-1] == ("system", "expired", "system")


def test_orders_of_shelving_are_bounded_by_the_rule(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(noise=95.0, heat=85.0))
        long = await at.order("alarm.shelve", alarm=LOUD, reason="r", for_s=601.0)
        assert long.error is not None
        assert (long.error.code, long.error.params["minutes"]) == ("shelve_too_long", 10)
        told = await at.done("alarm.shelve", alarm=LOUD, reason="r", mode="one_shot")
        assert told["until"] == START + 600.0
        await at.done("alarm.unshelve", alarm=LOUD, note="enough")
        for bad in ({"reason": ""}, {"reason": "x" * 501}, {"reason": "r", "mode": "forever"}):
            refused = await at.order("alarm.shelve", alarm=LOUD, **bad)
            assert refused.error is not None, bad
        empty = await at.order("alarm.shelve", alarm=LOUD, reason="   ")
        assert empty.error is not None
        assert empty.error.code == "reason_required"
        assert not (await at.sure(LOUD)).suppressed

    events = run(tmp_path, story)
    assert ("duty1", "unsuppressed", "值班员甲") in changes(events, LOUD)


def test_a_thing_out_of_service_keeps_its_alarms_quiet_until_it_is_put_back(
    tmp_path: Path,
) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(noise=95.0))
        await at.done("alarm.out_of_service", object="pump:1", reason="rebuilt")
        hidden = reason_of(await at.sure(LOUD), at.clock())
        assert hidden is not None
        assert (hidden.kind, hidden.reason) == ("thing_out_of_service", "rebuilt")
        # what comes while it is out is recorded, and quiet
        external = {"type": "alarm", "object_id": "pump:1", "severity": "critical", "text": "x"}
        await at.send(reads(heat=110.0), external)
        await at.later(10.0)
        for key in (HOT, "source||pump:1"):
            alarm = await at.sure(key)
            assert alarm.active
            assert reason_of(alarm, at.clock()) is not None
        await at.send(pump())  # described anew: still out
        twice = await at.order("alarm.out_of_service", object="pump:1", reason="again")
        assert twice.error is not None
        assert twice.error.code == "already_out"
        await at.done("alarm.return_to_service", object="pump:1", note="done")
        for key in (HOT, LOUD, "source||pump:1"):
            alarm = await at.sure(key)
            assert (alarm.active, alarm.acknowledged, alarm.suppressed) == (True, False, ())
        refused = await at.order("alarm.return_to_service", object="pump:1")
        assert refused.error is not None
        assert refused.error.code == "not_out"

    events = run(tmp_path, story)
    service = [b for _, b in events if isinstance(b, ServiceChanged)]
    assert [(s.out is not None, s.by, s.note) for s in service] == [
        (True, "值班员甲", "rebuilt"),
        (False, "值班员甲", "done"),
    ]


def test_one_alarm_out_of_service_leaves_the_others_alone(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(noise=95.0, heat=110.0))
        await at.later(10.0)
        await at.done("alarm.out_of_service", alarm=LOUD, reason="sensor broken")
        await at.send(reads(noise=20.0))
        await at.later(99_999.0)
        assert [s.kind for s in (await at.sure(LOUD)).suppressed] == ["out_of_service"]
        assert not (await at.sure(HOT)).suppressed
        await at.done("alarm.return_to_service", alarm=LOUD)
        assert await at.alarm(LOUD) is None  # normal again, and not latched
        for bad in ({}, {"alarm": HOT, "object": "pump:1"}, {"object": "pump:9"}, {"alarm": "no"}):
            refused = await at.order("alarm.out_of_service", reason="r", **bad)
            assert refused.error is not None, bad

    run(tmp_path, story)


def test_maintenance_suppresses_by_design(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(noise=95.0))
        await at.send(is_in("maintenance"))
        hidden = reason_of(await at.sure(LOUD), at.clock())
        assert hidden is not None
        assert (hidden.kind, hidden.by, hidden.reason) == ("by_design", "system", "maintenance")
        await at.send(reads(noise=20.0))
        # state and reading in one item: what the rule does and what the state does, both
        await at.send({**reads(noise=99.0), "state": "running"})
        back = await at.sure(LOUD)
        assert (back.active, back.suppressed) == (True, ())
        await at.send({**reads(heat=120.0), "state": "maintenance"})
        await at.later(10.0)
        assert [s.kind for s in (await at.sure()).suppressed] == ["by_design"]

    run(tmp_path, story)


def test_a_state_that_follows_from_the_reading_suppresses_what_the_reading_raises(
    tmp_path: Path,
) -> None:
    vat = {**pump(), "id": "vat:1", "kind": "vat"}

    async def story(at: Table) -> None:
        await at.send(vat, {"type": "reading", "id": "vat:1", "values": {"fill": 99.0}})
        alarm = await at.sure("rule|full|vat:1")
        assert alarm.active
        assert [s.kind for s in alarm.suppressed] == ["by_design"]
        await at.send({"type": "reading", "id": "vat:1", "values": {"fill": 95.0}})
        back = await at.sure("rule|full|vat:1")
        assert (back.active, back.acknowledged, back.suppressed) == (True, False, ())

    run(tmp_path, story)


def test_a_thing_that_is_deleted_takes_its_suppressions_along_but_not_its_alarms(
    tmp_path: Path,
) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(heat=110.0))
        await at.later(10.0)
        await at.done("alarm.out_of_service", object="pump:1", reason="sold")
        await at.send(reads(noise=95.0), {"type": "delete", "id": "pump:1"})
        left = await at.sure()
        assert (left.active, left.acknowledged, left.suppressed) == (False, False, ())
        assert await at.alarm(LOUD) is None

    run(tmp_path, story)


def test_what_is_broken_about_a_pack_hides_no_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("services.alarms.surroundings._by_design", broken)

    async def story(at: Table) -> None:
        await at.send(is_in("maintenance"), reads(noise=95.0))
        alarm = await at.sure(LOUD)
        assert (alarm.active, alarm.suppressed) == (True, ())

    run(tmp_path, story)
    assert "they show" in caplog.text


def test_several_are_acknowledged_at_once_each_with_its_outcome(tmp_path: Path) -> None:
    async def story(at: Table) -> None:
        await at.send(reads(noise=95.0, heat=110.0))
        await at.later(10.0)
        await at.done("alarm.acknowledge", alarm=LOUD)
        told = await at.done("alarm.acknowledge", alarms=[HOT, LOUD, "gone", HOT], note="seen")
        assert told == {HOT: "", LOUD: "already_acknowledged", "gone": "unknown_alarm"}
        seen = await at.sure()
        assert (seen.ack_by, seen.ack_seat, seen.ack_note) == ("值班员甲", "A1", "seen")
        for bad in ({}, {"alarm": HOT, "alarms": [HOT]}, {"alarms": ["k"] * 201}):
            refused = await at.order("alarm.acknowledge", **bad)
            assert refused.error is not None, bad

    run(tmp_path, story)


def test_a_restart_amid_everything_goes_on(tmp_path: Path) -> None:
    """A new hub on the same store, with a clock that has gone on meanwhile."""
    packs, data, clock = write(tmp_path / "packs"), tmp_path / "data", ManualClock(START)

    async def before() -> None:
        async with table(data, packs, clock) as at:
            await at.send(pump(), pump(2), reads(noise=95.0), reads(2, noise=95.0))
            await at.done("alarm.shelve", alarm=LOUD, reason="r", for_s=60.0)
            await at.done("alarm.out_of_service", object="pump:2", reason="rebuilt")
            await at.send(reads(heat=110.0))

    async def after() -> None:
        async with table(data, packs, clock) as at:
            assert (await at.sure()).pending is not None
            assert (await at.sure(LOUD)).suppressed
            await at.later(5.0)
            assert (await at.sure()).severity == Severity.MAJOR
            assert (await at.sure()).active
            await at.later(55.0)
            assert not (await at.sure(LOUD)).suppressed
            assert (await at.sure("rule|loud|pump:2")).suppressed

    asyncio.run(before())
    clock.advance(5.0)
    asyncio.run(after())

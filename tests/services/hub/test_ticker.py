"""What happens by itself: the agenda's order, and the ticker's events in the log."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.domain.events import Body, EntityDeleted, EntityUpserted, Event, Observed
from services.domain.model import Entity
from services.domain.world import World
from services.hub.agenda import STUBBORN_LONGEST_S, STUBBORN_S, Agenda
from services.hub.deciding import Decider, ItemBatch
from services.hub.options import HubOptions
from services.hub.server import Hub
from services.ingest.items import read
from services.storage.reader import LogReader
from tests.services.hub.consoles import LIMIT_S, past

START = 1_750_000_000.0


def candle(name: str, ends: float) -> Entity:
    """A thing that goes out by itself at ``ends``."""
    return Entity(id=f"candle:{name}", kind="candle", name=name, values={"ends": ends})


class Candles:
    """A sort of timed thing: every candle is deleted when its time has come."""

    name = "candles"

    def standing(self, world: World) -> Iterable[str]:
        return list(world.entities)

    def subject(self, body: Body) -> str | None:
        return body.entity.id if isinstance(body, EntityUpserted) else None

    def due(self, world: World, id_: str) -> float | None:
        thing = world.entities.get(id_)
        return None if thing is None else thing.values["ends"]

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        del world, now
        yield EntityDeleted(id=id_)


class Table:
    """A world with an agenda, without a hub."""

    def __init__(self) -> None:
        self.world = World("epoch")
        self.sort = Candles()
        self.agenda = Agenda([self.sort])

    def put(self, *bodies: Body) -> None:
        for body in bodies:
            event = Event(
                offset=self.world.offset + 1,
                event_time=START,
                recv_time=START,
                source="test",
                body=body,
            )
            self.world.apply(event)
            self.agenda.note(self.world, [event])

    def light(self, name: str, ends: float) -> None:
        self.put(EntityUpserted(entity=candle(name, ends)))

    def take(self, now: float) -> list[str]:
        return [id_ for _, id_ in self.agenda.take(now).due]


def test_due_things_come_in_order_and_once() -> None:
    table = Table()
    table.light("late", START + 30)
    table.light("soon", START + 10)
    assert table.agenda.next_at() == START + 10
    assert table.take(START + 9) == []
    assert table.take(START + 30) == ["candle:soon", "candle:late"]
    assert table.take(START + 99) == []
    assert table.agenda.next_at() is None


def test_an_earlier_time_counts_and_a_later_one_is_found_out() -> None:
    table = Table()
    table.light("a", START + 30)
    table.agenda.changed.clear()
    table.light("a", START + 10)
    assert table.agenda.changed.is_set()
    assert table.agenda.next_at() == START + 10
    table.light("a", START + 50)  # put off: the old time comes up, is asked, and moves
    tick = table.agenda.take(START + 10)
    assert len(tick.due) == 1
    table.agenda.settle(table.world, tick, START + 10)
    assert table.agenda.next_at() == START + 50


def test_news_that_put_nothing_earlier_do_not_fill_the_heap() -> None:
    table = Table()
    for later in range(1_000):
        table.light("a", START + 30 + later)
    tick = table.agenda.take(START + 30)
    assert len(tick.due) == 1
    assert table.agenda.next_at() is None


def test_starting_asks_everything_that_stands() -> None:
    table = Table()
    table.light("a", START + 30)
    table.light("b", START + 10)
    fresh = Agenda([table.sort])
    fresh.start(table.world)
    assert fresh.next_at() == START + 10


def test_what_is_gone_is_not_due() -> None:
    table = Table()
    table.light("a", START + 10)
    table.put(EntityDeleted(id="candle:a"))
    tick = table.agenda.take(START + 10)
    table.agenda.settle(table.world, tick, START + 10)
    assert table.agenda.next_at() is None


def test_a_thing_that_stays_due_rests_instead_of_spinning() -> None:
    table = Table()
    table.light("a", START)
    tick = table.agenda.take(START)
    table.light("a", START - 1)  # dealing with it left it due
    table.agenda.settle(table.world, tick, START)
    assert table.take(START) == []
    assert table.agenda.next_at() == START + STUBBORN_S


def test_what_keeps_failing_rests_longer_each_time_and_says_so_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    table = Table()
    table.light("a", START)
    now, waits = START, []
    for number in range(10):
        tick = table.agenda.take(now)
        assert len(tick.due) == 1
        try:
            raise RuntimeError("no such grid")
        except RuntimeError as error:
            tick.fail(*tick.due[0], error)
        table.agenda.settle(table.world, tick, now)
        table.light("a", START - number)  # news of it do not wake it
        at = table.agenda.next_at()
        assert at is not None
        waits.append(at - now)
        now = at
    doubled = [STUBBORN_S * 2**n for n in range(7)]
    assert waits == [*doubled, *([STUBBORN_LONGEST_S] * 3)]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 10
    assert all("candle:a" in s and "no such grid (test_ticker.py:" in s for s in said)
    assert not any(
        "\n" in s or record.exc_info for s, record in zip(said, caplog.records, strict=True)
    )

    table.light("a", now + 60.0)  # it is well again, and begins anew when it is not
    tick = table.agenda.take(now)
    table.agenda.settle(table.world, tick, now)
    assert table.agenda.next_at() == now + 60.0
    table.light("a", START)
    tick = table.agenda.take(now)
    table.agenda.settle(table.world, tick, now)
    assert table.agenda.next_at() == now + STUBBORN_S


def test_two_sorts_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one name"):
        Agenda([Candles(), Candles()])


# -- in a hub -------------------------------------------------------------------
async def _light(hub: Hub, **ends: float) -> None:
    """Level sensors whose level says after how many seconds they end."""
    lights = [
        {
            "type": "entity",
            "id": f"level:{name}",
            "kind": "level_sensor",
            "name": name,
            "lon": 101.77,
            "lat": 36.63,
        }
        for name in ends
    ]
    levels = [
        {"type": "reading", "id": f"level:{name}", "values": {"level": at}}
        for name, at in ends.items()
    ]
    items = list(read(msgspec.json.encode([*lights, *levels])))
    (outcomes,) = await asyncio.gather(*hub.sequencer.submit_items([ItemBatch(items, "source")]))
    assert not [o for o in outcomes if isinstance(o, KnownError)]


class Sensors(Candles):
    """Level sensors are deleted ``level`` seconds after the start."""

    def subject(self, body: Body) -> str | None:
        return body.id if isinstance(body, Observed) else None

    def due(self, world: World, id_: str) -> float | None:
        thing = world.entities.get(id_)
        return None if thing is None or not thing.values else START + thing.values["level"]


async def _left(hub: Hub) -> list[str]:
    return await hub.sequencer.read(lambda world: sorted(world.entities))


def test_what_is_due_becomes_an_event_of_the_log_and_a_restart_goes_on(tmp_path: Path) -> None:
    async def scene() -> None:
        clock = ManualClock(START)
        options = HubOptions(data=tmp_path, port=0)
        first = Hub(options, clock=clock, timed=[Sensors()])
        async with first.running():
            await _light(first, a=1.0, b=2.0, c=3.0)
            before = first.sequencer.offset
            clock.advance(1.0)
            await until(lambda: first.sequencer.offset > before)
            assert await _left(first) == ["level:b", "level:c"]
        second = Hub(options, clock=clock, timed=[Sensors()])
        async with second.running():
            clock.advance(1.0)
            await until(lambda: second.sequencer.offset > before + 1)
            assert await _left(second) == ["level:c"]
        reader = LogReader(tmp_path / "onemap.sqlite")
        try:
            told = list(reader.tail(before, before + 2))
        finally:
            reader.close()
        assert [(e.source, e.recv_time) for e in told] == [
            ("system", START + 1.0),
            ("system", START + 2.0),
        ]

    asyncio.run(scene())


def test_what_is_due_while_the_disk_fails_happens_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.hub.sequencer.RETRY_S", 0.05)
    monkeypatch.setattr("services.hub.ticker.RETRY_S", 0.05)
    full = [False]

    def before_commit() -> None:
        if full[0]:
            raise sqlite3.OperationalError("database or disk is full")

    async def scene() -> None:
        clock = ManualClock(START)
        options = HubOptions(data=tmp_path, port=0)
        hub = Hub(options, clock=clock, timed=[Sensors()], before_commit=before_commit)
        async with hub.running():
            await _light(hub, a=1.0)
            before = hub.sequencer.offset
            full[0] = True
            clock.advance(1.0)
            await until(lambda: hub.sequencer.refusal is not None)
            full[0] = False
            await until(lambda: hub.sequencer.refusal is None)
            assert await _left(hub) == ["level:a"]
            clock.advance(1.0)
            await until(lambda: hub.sequencer.offset > before)
            assert await _left(hub) == []

    asyncio.run(scene())


async def until(question: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not question():
            await asyncio.sleep(0.005)


def test_a_bug_in_one_thing_does_not_keep_the_others(tmp_path: Path) -> None:
    class Broken(Sensors):
        def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
            if id_ == "level:a":
                raise RuntimeError("a bug")
            return super().fire(world, id_, now)

    async def scene() -> None:
        clock = ManualClock(START)
        hub = Hub(HubOptions(data=tmp_path, port=0), clock=clock, timed=[Broken()])
        async with hub.running():
            await _light(hub, a=1.0, b=1.0)
            before = hub.sequencer.offset
            clock.advance(1.0)
            await until(lambda: hub.sequencer.offset > before)
            assert await _left(hub) == ["level:a"]

    asyncio.run(scene())


def test_a_bug_in_telling_when_stops_neither_the_others_nor_the_hub(tmp_path: Path) -> None:
    class Broken(Sensors):
        def due(self, world: World, id_: str) -> float | None:
            if id_ == "level:a":
                raise RuntimeError("a bug")
            return super().due(world, id_)

    async def scene() -> None:
        clock = ManualClock(START)
        options = HubOptions(data=tmp_path, port=0)
        first = Hub(options, clock=clock, timed=[Broken()])
        async with first.running():
            await _light(first, a=1.0, b=2.0)
        second = Hub(options, clock=clock, timed=[Broken()])  # asks all of them at its start
        async with second.running() as work:
            before = second.sequencer.offset
            clock.advance(2.0)
            await until(lambda: second.sequencer.offset > before or work.done())
            assert await _left(second) == ["level:a"]

    asyncio.run(scene())


def test_a_bug_in_a_rule_does_not_keep_readings_from_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = Decider.consequences

    def broken(self: Decider, world: World, body: Body, now: float) -> Iterator[Body]:
        if isinstance(body, Observed) and body.id == "level:a":
            raise RuntimeError("a bug")
        return judged(self, world, body, now)

    monkeypatch.setattr(Decider, "consequences", broken)

    async def scene() -> None:
        hub = Hub(HubOptions(data=tmp_path, port=0))
        async with hub.running():
            await _light(hub, a=9.0, b=9.0)
            assert hub.sequencer.refusal is None
            world = await hub.sequencer.read(lambda w: w)
            assert world.entities["level:a"].values == {"level": 9.0}
            assert {a.object_id for a in world.alarms.values()} == {"level:b"}
        assert past(tmp_path, hub.sequencer.offset).entities == world.entities

    asyncio.run(scene())

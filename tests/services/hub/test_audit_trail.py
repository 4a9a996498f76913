"""The way into the audit: what waits while the store is away, what is lost, sources as sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from services.audit.record import Entry, entry
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.hub import auditing
from services.hub.audit_sources import IDLE_S, LONGEST_S, MAX_SOURCES, Sources
from services.hub.auditing import MAX_WAITING, AuditTrail


class Store:
    """Takes entries, or is away."""

    def __init__(self) -> None:
        self.taken: list[Entry] = []
        self.away = False

    def submit(self, entries: Sequence[Entry]) -> asyncio.Future[None]:
        if self.away:
            raise KnownError("storage_failed", "simulated")
        self.taken += entries
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


class Sink:
    """Keeps what is noted."""

    def __init__(self) -> None:
        self.noted: list[Entry] = []

    async def record(self, *entries: Entry) -> None:
        self.noted += entries

    def note(self, given: Entry) -> None:
        self.noted.append(given)


async def until(store: Store, count: int) -> None:
    async with asyncio.timeout(20):
        while len(store.taken) < count:
            await asyncio.sleep(0.005)


def test_what_is_noted_while_the_store_is_away_is_written_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(auditing, "LOOK_S", 0.01)

    async def story() -> Store:
        store, clock = Store(), ManualClock()
        store.away = True
        trail = AuditTrail(store.submit, clock)
        work = asyncio.create_task(trail.run())
        for number in range(MAX_WAITING + 7):
            trail.note(entry("session.closed", object_=str(number)))
            if number % 100 == 0:
                clock.advance(1)
                await asyncio.sleep(0)
        with pytest.raises(KnownError):
            await trail.record(entry("config.media"))
        store.away = False
        await until(store, MAX_WAITING + 1)
        work.cancel()
        return store

    store = asyncio.run(story())
    *kept, lost = store.taken
    assert [e.object for e in kept] == [str(n) for n in range(MAX_WAITING)]
    assert kept[0].time < kept[-1].time  # of the moment, not of the writing
    assert (lost.type, lost.detail) == ("audit.lost", {"lost": 7})


def test_at_the_end_nothing_that_waits_is_forgotten() -> None:
    async def story() -> list[Entry]:
        store, clock = Store(), ManualClock()
        store.away = True
        trail = AuditTrail(store.submit, clock)
        refused = entry("token.refused", reason="wrong_token")
        for _ in range(5):
            trail.note(refused)
        trail.note(entry("session.closed"))
        return trail.rest(entry("hub.stopped"))

    first, closed, more, stopped = asyncio.run(story())
    assert (first.type, closed.type) == ("token.refused", "session.closed")
    assert more.detail["more"] == 4
    assert stopped.type == "hub.stopped"
    assert all(e.time for e in (first, closed, more, stopped))


def test_a_silent_source_has_ended_and_a_loud_one_is_told_hourly() -> None:
    sink, clock = Sink(), ManualClock()
    sources = Sources(sink, clock)
    sources.took("source", "10.0.0.7", 100, 90)
    for _ in range(int(IDLE_S)):
        clock.advance(1)
        sources.took("loud", "10.0.0.8", 1, 1)
    sources.look()
    assert [(e.type, e.actor) for e in sink.noted] == [
        ("source.began", "source"),
        ("source.began", "loud"),
        ("source.ended", "source"),
    ]
    assert sink.noted[-1].detail["refused"] == 10
    clock.advance(1)
    sources.took("source", "10.0.0.7", 1, 1)  # back again: another session
    assert sink.noted[-1].type == "source.began"
    for _ in range(int(LONGEST_S / 60)):
        clock.advance(60)
        sources.took("loud", "10.0.0.8", 1, 1)
        sources.look()
    told = [e for e in sink.noted if (e.type, e.actor) == ("source.ended", "loud")]
    assert len(told) == 1
    assert int(str(told[0].detail["requests"])) > IDLE_S


def test_a_clock_set_back_ends_sessions_instead_of_keeping_them_for_ever() -> None:
    sink, clock = Sink(), ManualClock()
    sources = Sources(sink, clock)
    sources.took("source", "10.0.0.7", 1, 1)
    clock.advance(-86_400)
    sources.look()
    assert [e.type for e in sink.noted] == ["source.began", "source.ended"]


def test_ever_new_sources_are_bounded() -> None:
    sink, clock = Sink(), ManualClock()
    sources = Sources(sink, clock)
    for number in range(MAX_SOURCES + 1):
        sources.took("source", f"10.1.{number // 250}.{number % 250}", 1, 1)
    ended = [e for e in sink.noted if e.type == "source.ended"]
    assert len(ended) == MAX_SOURCES

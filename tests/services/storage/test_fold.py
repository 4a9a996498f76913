"""One log, one fold: however a console is fed, it ends at the state of the hub."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.domain.events import EntityUpserted, Event
from services.domain.model import Entity
from services.domain.world import World
from services.feed.frames import Events
from services.feed.ranges import PART_BYTES, PLAIN_BYTES, conflate, fitting, split_tables
from tests.services.storage.histories import HISTORIES, fold, number


@given(HISTORIES, st.data())
def test_a_console_fed_by_ranges_has_the_hubs_digest(
    history: list[Event], data: st.DataObject
) -> None:
    """Snapshot anywhere, then ranges cut anywhere, over the wire and conflated."""
    position = data.draw(st.integers(0, len(history)), label="snapshot at")
    state = fold(history[:position])
    console = World.restore("e", state.offset, state.time, list(state.parts(2)))
    while position < len(history):
        last = data.draw(st.integers(position + 1, len(history)), label="range to")
        frame = conflate(position + 1, last, history[position:last])
        wire = msgspec.msgpack.decode(msgspec.msgpack.encode(frame), type=Events)
        assert len(wire.events) + len(wire.state) <= last - position
        console.apply_range(wire.events, wire.state, wire.last)
        position = last
    assert console.digest() == fold(history).digest()
    assert (console.offset, console.time) == (len(history), fold(history).time)


@given(HISTORIES, st.integers(1, 2_000), st.integers(1, 5))
def test_frames_and_parts_stay_small_and_lose_nothing(
    history: list[Event], budget: int, count: int
) -> None:
    state = fold(history)
    parts = split_tables(state.tables(), budget)
    assert all(len(p.entities) <= max(1, budget // PLAIN_BYTES) for p in parts)
    assert World.restore("e", state.offset, state.time, parts).digest() == state.digest()

    console, rest = World("e"), history
    while rest:
        taken = fitting(rest, count, budget)
        assert 1 <= taken <= min(count, max(1, budget // PLAIN_BYTES))
        frame = conflate(console.offset + 1, rest[taken - 1].offset, rest[:taken])
        console.apply_range(frame.events, frame.state, frame.last)
        rest = rest[taken:]
    assert console.digest() == state.digest()


def test_large_outlines_make_parts_of_their_own() -> None:
    ring = tuple((101.0 + i / 1e6, 36.0) for i in range(20_000))
    areas = [Entity(id=f"grid:{i}", kind="unit_grid", name="g", geometry=(ring,)) for i in range(5)]
    world = fold(number([EntityUpserted(entity=area) for area in areas]))
    parts = split_tables(world.tables())
    assert [len(p.entities) for p in parts] == [2, 2, 1]
    assert all(len(msgspec.msgpack.encode(p)) < 2 * PART_BYTES for p in parts)

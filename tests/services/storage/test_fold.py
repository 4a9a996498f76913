"""One log, one fold: however a console is fed, it ends at the state of the hub."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.domain.events import Event
from services.domain.world import World
from services.feed.frames import Events
from services.feed.ranges import conflate
from tests.services.storage.histories import HISTORIES, fold


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

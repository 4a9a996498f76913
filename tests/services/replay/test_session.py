"""A replay shows exactly what was, wherever it is sent: deletions, steps and jumps included."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.events import (
    AlarmChange,
    AlarmChanged,
    EntityDeleted,
    EntityUpserted,
    Event,
    Observed,
    is_state,
)
from services.domain.model import Alarm, Entity, Severity
from services.domain.world import Tables, World
from services.feed.frames import Events, HubFrame, Replay, ReplayState, Snapshot
from services.replay.session import SLICES, ReplaySession
from services.storage.reader import LogReader
from services.storage.records import pack_snapshot
from services.storage.writer import LogWriter
from tests.services.storage.histories import HISTORIES, START, fold, number


class Screen:
    """A console's World, fed with a replay's frames only."""

    def __init__(self) -> None:
        self.world = World()
        self.state: ReplayState | None = None
        self.snapshots = 0
        self._parts: list[Tables] = []

    def show(self, frames: list[HubFrame]) -> None:
        for frame in frames:
            match frame:
                case Snapshot():
                    self._parts = [*(self._parts if frame.part else []), frame.tables]
                    if frame.part + 1 == frame.parts:
                        self.world = World.restore("e", frame.offset, frame.time, self._parts)
                        self.snapshots += 1
                case Events():
                    assert frame.first == self.world.offset + 1
                    assert all(e.exercise for e in (*frame.events, *frame.state))
                    self.world.apply_range(frame.events, frame.state, frame.last)
                case ReplayState():
                    self.state = frame


@contextmanager
def recorded(history: list[Event], snapshot_at: int = 0) -> Iterator[LogReader]:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "log.sqlite"
        writer = LogWriter(path)
        reader = LogReader(path)
        try:
            writer.append(history)
            if snapshot_at:
                state = fold(history[:snapshot_at])
                writer.add_snapshot(state.offset, state.time, pack_snapshot(state.parts()))
            yield reader
        finally:
            reader.close()
            writer.close()


ORDERS = st.lists(
    st.one_of(
        st.builds(Replay, action=st.just("seek"), offset=st.integers(0, 70)),
        st.builds(Replay, action=st.just("seek"), at=st.floats(START - 5, START + 40)),
        st.builds(Replay, action=st.just("step"), steps=st.integers(-3, 3).filter(bool)),
        st.builds(Replay, action=st.just("speed"), speed=st.floats(1, 60)),
        st.builds(Replay, action=st.sampled_from(["play", "pause"])),
        st.floats(0, 2),  # let time pass
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(HISTORIES, ORDERS, st.data())
def test_every_moment_of_a_replay_is_the_fold_of_the_log_up_to_it(
    history: list[Event], orders: list[Replay | float], data: st.DataObject
) -> None:
    with recorded(history, data.draw(st.integers(0, len(history)))) as log:
        session = ReplaySession(log, None, None)
        screen, now = Screen(), 0.0
        screen.show(session.open())
        for order in orders:
            if isinstance(order, float):
                now += order
                screen.show(session.tick(now))
            else:
                screen.show(session.tick(now))
                if order.action == "play" and session.at >= session.end:
                    with pytest.raises(KnownError, match="at the end"):
                        session.handle(order, now)
                else:
                    screen.show(session.handle(order, now))
            assert screen.world.offset == session.offset
            wanted = fold(history[: session.offset])
            assert screen.world.digest() == wanted.digest()
            assert screen.state is not None
            assert screen.state.start <= screen.state.at <= screen.state.end


def _story() -> list[Event]:
    camera = EntityUpserted(entity=Entity(id="camera:1", kind="camera", name="甲"))
    seen = [Observed(id="camera:1", values={"level": float(i)}) for i in range(8)]
    return number([camera, *seen[:4], EntityDeleted(id="camera:1"), *seen[4:], camera])


def test_a_deleted_thing_comes_back_when_the_replay_goes_back() -> None:
    with recorded(_story()) as log:
        session, screen = ReplaySession(log, None, None), Screen()
        screen.show(session.open())
        screen.show(session.handle(Replay(action="seek", offset=8), 0.0))
        assert screen.world.entities == {}
        screen.show(session.handle(Replay(action="seek", offset=5), 0.0))
        assert screen.world.entities["camera:1"].values == {"level": 3.0}


def test_steps_stop_at_lossless_events_only() -> None:
    story = _story()
    lossless = [e.offset for e in story if not is_state(e.body)]
    with recorded(story) as log:
        session, screen = ReplaySession(log, None, None), Screen()
        screen.show(session.open())
        stops = []
        for steps in (1, 1, -1, -1):
            screen.show(session.handle(Replay(action="step", steps=steps), 0.0))
            stops.append(session.offset)
        assert stops == [lossless[1], lossless[2], lossless[1], lossless[0]]


def test_playing_runs_at_its_speed_and_ends_at_the_end() -> None:
    story = _story()
    with recorded(story) as log:
        session, screen = ReplaySession(log, None, None), Screen()
        screen.show(session.open())
        session.handle(Replay(action="speed", speed=2.0), 100.0)
        screen.show(session.handle(Replay(action="play"), 100.0))
        screen.show(session.tick(101.0))
        assert session.at == story[0].recv_time + 2.0
        assert session.offset == log.offset_at(session.at)
        screen.show(session.tick(200.0))
        assert not session.playing
        assert screen.world.digest() == fold(story).digest()
        with pytest.raises(KnownError, match="end"):
            session.handle(Replay(action="play"), 200.0)


def test_opening_shows_the_span_and_its_alarms() -> None:
    with recorded(_story()) as log:
        frames = ReplaySession(log, START + 1, START + 2).open()
        state = frames[-1]
        assert isinstance(state, ReplayState)
        assert (state.start, state.end, state.at) == (START + 1, START + 2, START + 1)
        assert len(state.density) == SLICES
        assert isinstance(frames[0], Snapshot)
        assert frames[0].offset == log.offset_at(START + 1)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Replay(action="speed", speed=0.5), "bad_speed"),
        (Replay(action="speed", speed=61.0), "bad_speed"),
        (Replay(action="speed"), "bad_speed"),
        (Replay(action="seek"), "missing_field"),
        (Replay(action="step", steps=0), "bad_steps"),
        (Replay(action="step", steps=2_000), "bad_steps"),
        (Replay(action="open"), "bad_replay"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_changes_nothing(
    order: Replay, code: str
) -> None:
    with recorded(_story()) as log:
        session = ReplaySession(log, None, None)
        before = (session.at, session.offset, session.speed, session.playing)
        with pytest.raises(KnownError) as caught:
            session.handle(order, 0.0)
        assert caught.value.code == code
        assert (session.at, session.offset, session.speed, session.playing) == before


def test_nothing_recorded_and_an_empty_span_are_said_so() -> None:
    with recorded([]) as log:
        with pytest.raises(KnownError) as empty:
            ReplaySession(log, None, None)
        assert empty.value.code == "empty_log"
    with recorded(_story()) as log:
        with pytest.raises(KnownError) as span:
            ReplaySession(log, START + 900, START + 950)
        assert span.value.code == "bad_span"


def test_a_replay_has_nothing_to_write_with() -> None:
    """By type: what a session holds can only read."""
    with recorded(_story()) as log:
        session = ReplaySession(log, None, None)
        held = {type(v).__module__ for v in vars(session).values()}
        assert held <= {"builtins", "services.storage.reader"}
        writing = {"append", "write", "add_snapshot", "submit_command", "publish"}
        assert not writing & set(dir(log))


def befell(offset: int, key: str, severity: Severity, change: AlarmChange) -> Event:
    alarm = Alarm(key=key, source="s", rule="", object_id=key, severity=severity)
    body = AlarmChanged(alarm=alarm, change=change)
    at = START + offset * 10
    return Event(offset=offset, event_time=at, recv_time=at, source="s", body=body)


def test_an_alarm_that_becomes_worse_stands_on_the_strip_when_it_does() -> None:
    history = [
        befell(1, "before", Severity.MINOR, "raised"),
        befell(2, "a", Severity.MINOR, "raised"),
        befell(3, "a", Severity.MINOR, "updated"),
        befell(4, "a", Severity.CRITICAL, "updated"),
        befell(5, "a", Severity.CRITICAL, "updated"),
        befell(6, "a", Severity.MAJOR, "updated"),
        befell(7, "a", Severity.CRITICAL, "updated"),
        befell(8, "before", Severity.MAJOR, "updated"),
        befell(9, "before", Severity.MAJOR, "acknowledged"),
        befell(10, "end", Severity.INFO, "raised"),
    ]
    with recorded(history) as log:
        session = ReplaySession(log, START + 15, None)
        (state,) = (f for f in session.open() if isinstance(f, ReplayState))
    width = (session.end - session.start) / SLICES
    drawn = [
        (round((session.start + place * width - START) / 10), Severity(n + 1), count)
        for place, counts in enumerate(state.density)
        for n, count in enumerate(counts)
        if count
    ]
    assert drawn == [
        (2, Severity.MINOR, 1),
        (4, Severity.CRITICAL, 1),
        (7, Severity.CRITICAL, 1),
        (8, Severity.MAJOR, 1),
    ]

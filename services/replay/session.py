"""One replay: where it stands in the log, and the frames that bring a console there.

Pure but for the log reader it is given; ``now`` is any steady clock in seconds. There is no
writer, broker or sequencer here, so nothing of a replay can reach the live log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from services.access.sight import Sight
from services.domain.errors import KnownError
from services.domain.events import Event
from services.domain.model import Alarm, Severity
from services.domain.world import World
from services.feed.frames import HubFrame, Replay, ReplayState
from services.feed.ranges import conflate, fitting, snapshot_frames, split_tables

SLICES = 200
"""Slices of the density strip."""
MIN_SPEED, MAX_SPEED = 1.0, 60.0
FORWARD_EVENTS = 5_000
"""A seek forward over no more events than this sends them; a longer one sends a snapshot."""
FRAME_EVENTS = 5_000
MAX_STEPS = 1_000


class Ends(Protocol):
    """The ends of a log."""

    @property
    def epoch(self) -> str: ...  # noqa: D102
    @property
    def first_offset(self) -> int: ...  # noqa: D102
    @property
    def last_offset(self) -> int: ...  # noqa: D102
    @property
    def first_time(self) -> float: ...  # noqa: D102
    @property
    def last_time(self) -> float: ...  # noqa: D102


class Log(Protocol):
    """What a replay may ask of the log; times are receipt times in UNIX seconds."""

    def bounds(self) -> Ends:
        """The ends of the log."""
        ...

    def offset_at(self, time: float) -> int:
        """The newest offset received at or before a time, 0 when there is none."""
        ...

    def time_of(self, offset: int) -> float | None:
        """When an event was received."""
        ...

    def lossless(self, offset: int, count: int) -> list[int]:
        """Offsets of the lossless events after (or, negative count, before) an offset."""
        ...

    def tail(self, after: int, last: int) -> Iterable[Event]:
        """The events after ``after`` up to ``last``."""
        ...

    def world_at(self, offset: int, epoch: str) -> World:
        """The state after an offset."""
        ...

    def alarm_counts(
        self,
        start: float,
        end: float,
        bucket_s: float,
        keep: Callable[[Alarm], bool] | None = None,
        before: Mapping[str, Severity] | None = None,
    ) -> list[tuple[float, int, int, int, int]]:
        """Alarms raised per bucket, and with ``before``, the severities at ``start``, those that
        became worse, of those that ``keep`` lets through."""
        ...


def _nobody(_id: str) -> None:
    return None


class ReplaySession:
    """A span of the log with a clock that runs, stands and jumps. One thread at a time.

    ``sight`` is what the reader may see; without one it is everything.

    Every method returns the frames to send, in order. Refusals are KnownError and change nothing.
    """

    def __init__(
        self, log: Log, start: float | None, end: float | None, sight: Sight | None = None
    ) -> None:
        bounds = log.bounds()
        if not bounds.last_offset:
            raise KnownError("empty_log", "nothing has been recorded yet")
        if end is not None and bounds.first_offset > 1 and end < bounds.first_time:
            begin = datetime.fromtimestamp(bounds.first_time, UTC).isoformat(timespec="seconds")
            raise KnownError(
                "too_old",
                f"the record is kept from {begin} on; what was before is no longer there",
                field="end",
                params={"first_time": bounds.first_time},
            )
        self._log = log
        self._sight = sight
        self._world: World | None = None  # kept for a limited sight only
        self._epoch = bounds.epoch
        self.start = max(bounds.first_time, bounds.first_time if start is None else start)
        self.end = min(bounds.last_time, bounds.last_time if end is None else end)
        if self.end < self.start:
            raise KnownError("bad_span", "nothing was recorded in this span", field="start")
        self.playing = False
        self.speed = 1.0
        self.at = self.start
        self.offset = log.offset_at(self.start)
        self._last = log.offset_at(self.end)
        self._now = 0.0  # steady time at which ``at`` was right, while playing

    def open(self) -> list[HubFrame]:
        """The state at the start, and the strip of alarms over the span: each when it was raised,
        and when it became worse."""
        width = max((self.end - self.start) / SLICES, 0.001)
        world = self._log.world_at(self.offset, self._epoch)
        before = {alarm.key: alarm.severity for alarm in world.alarms.values()}
        state = self._shown(world)
        keep: Callable[[Alarm], bool] | None = None
        if self._sight is not None and self._world is not None:
            keep = partial(self._sight.sees_alarm, find=self._world.entities.get)
        counts = self._log.alarm_counts(self.start, self.end, width, keep, before)
        density = tuple((a, b, c, d) for _, a, b, c, d in counts)
        return [*state, replace(self._state(), density=density)]

    def handle(self, frame: Replay, now: float) -> list[HubFrame]:
        """Do what the console asks, after a ``tick`` to the same moment.

        ``open`` and ``close`` are the connection's to answer, not ours.
        """
        frames: list[HubFrame] = []
        match frame.action:
            case "play":
                self._run(now)
            case "pause":
                self.playing = False
            case "speed":
                self._set_speed(frame.speed, now)
            case "seek":
                frames += self._seek(frame, now)
            case "step":
                frames += self._step(frame.steps)
            case _:
                raise KnownError("bad_replay", f"a replay cannot {frame.action} here")
        return [*frames, self._state()]

    def tick(self, now: float) -> list[HubFrame]:
        """Go on to ``now``; nothing while it stands."""
        if not self.playing:
            return []
        self.at = min(self.end, self.at + max(0.0, now - self._now) * self.speed)
        self._now = now
        if self.at >= self.end:
            self.playing = False
        frames = self._forward(self._log.offset_at(self.at))
        return [*frames, self._state()]

    # -- orders -------------------------------------------------------------------
    def _run(self, now: float) -> None:
        if self.at >= self.end:
            raise KnownError("at_end", "the replay stands at the end of its span; seek first")
        if not self.playing:
            self.playing, self._now = True, now

    def _set_speed(self, speed: float | None, now: float) -> None:
        if speed is None or not MIN_SPEED <= speed <= MAX_SPEED:
            raise KnownError(
                "bad_speed", f"the speed must be {MIN_SPEED:.0f} to {MAX_SPEED:.0f}", field="speed"
            )
        self.speed, self._now = speed, now

    def _seek(self, frame: Replay, now: float) -> list[HubFrame]:
        if frame.offset is not None:
            offset = min(max(frame.offset, self._log.offset_at(self.start)), self._last)
            at = self._log.time_of(offset)
            self.at = self.start if at is None else min(max(at, self.start), self.end)
        elif frame.at is not None:
            self.at = min(max(frame.at, self.start), self.end)
            offset = self._log.offset_at(self.at)
        else:
            raise KnownError("missing_field", "a seek needs a time or an offset", field="at")
        self._now = now
        return self._go(offset)

    def _step(self, steps: int | None) -> list[HubFrame]:
        count = 1 if steps is None else steps
        if not 0 < abs(count) <= MAX_STEPS:
            raise KnownError("bad_steps", f"a step is 1 to {MAX_STEPS} events", field="steps")
        self.playing = False
        low, high = self._log.offset_at(self.start), self._last
        inside = [o for o in self._log.lossless(self.offset, count) if low <= o <= high]
        if not inside:
            return []
        at = self._log.time_of(inside[-1])
        self.at = self.at if at is None else min(max(at, self.start), self.end)
        return self._go(inside[-1])

    # -- frames -------------------------------------------------------------------
    def _go(self, offset: int) -> list[HubFrame]:
        if self.offset <= offset <= self.offset + FORWARD_EVENTS:
            return self._forward(offset)
        self.offset = offset
        return self._snapshot()

    def _forward(self, target: int) -> list[HubFrame]:
        frames: list[HubFrame] = []
        run = [replace(e, exercise=True) for e in self._log.tail(self.offset, target)]
        while run:
            count = fitting(run, FRAME_EVENTS)
            last = run[count - 1].offset
            frames.append(conflate(self.offset + 1, last, self._seen(run[:count])))
            self.offset, run = last, run[count:]
        if self._sight is not None and self._sight.stale:
            return self._snapshot()
        return frames

    def _seen(self, run: list[Event]) -> list[Event]:
        """The events as the reader's scope gets them."""
        sight, world = self._sight, self._world
        if sight is None:
            return run
        seen: list[Event] = []
        for event in run:
            if world is not None:
                world.apply(event)
            shown = sight.event(event, _nobody if world is None else world.entities.get)
            if shown is not None:
                seen.append(shown)
        return seen

    def _snapshot(self) -> list[HubFrame]:
        return self._shown(self._log.world_at(self.offset, self._epoch))

    def _shown(self, world: World) -> list[HubFrame]:
        """The World as the reader may see it."""
        whole = world.tables()
        if self._sight is not None:
            self._sight.start(world)
            self._world = None if self._sight.scope.whole else world
            whole = self._sight.tables(whole)
        parts = split_tables(whole)
        return [*snapshot_frames(world.epoch, world.offset, world.time, parts)]

    def _state(self) -> ReplayState:
        return ReplayState(
            at=self.at,
            offset=self.offset,
            start=self.start,
            end=self.end,
            playing=self.playing,
            speed=self.speed,
        )

"""Time and pixel of a time axis, its ticks, and what a window shows of a log. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.domain.clock import BEIJING, LATEST

Counts = tuple[int, int, int, int]
"""Events of one slice by severity: info, minor, major, critical."""
DAY = 86_400.0
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200)
"""Distances of named ticks in seconds; longer ones are whole days."""
DAY_STEPS = (1, 2, 5, 10, 30, 100, 365, 3_650)
SHARES = (5, 2, 1)
"""Into how many parts the distance of two named ticks is cut, the finest that has room."""


class AxisState(Protocol):
    """Where a replay stands; services.feed.frames.ReplayState is one. UNIX seconds."""

    @property
    def at(self) -> float:
        """The log's clock."""

    @property
    def start(self) -> float:
        """Begin of the span."""

    @property
    def end(self) -> float:
        """End of the span."""

    @property
    def playing(self) -> bool:
        """Whether the clock runs."""

    @property
    def speed(self) -> float:
        """Seconds of the log per second."""

    @property
    def density(self) -> Sequence[Counts]:
        """Events per equal slice of the span; empty when it did not change."""


@dataclass(frozen=True)
class Tick:
    """One mark of the axis; without a label it is a minor one."""

    time: float
    label: str


@dataclass(frozen=True)
class AxisScale:
    """A span of time on a run of pixels; linear both ways."""

    start: float
    end: float
    left: float
    width: float

    def x_of(self, time: float) -> float:
        """The pixel of a time; outside of the span it lies outside of the run."""
        if self.end <= self.start:
            return self.left
        return self.left + (time - self.start) / (self.end - self.start) * self.width

    def time_of(self, x: float) -> float:
        """The time of a pixel, kept inside the span."""
        if self.width <= 0:
            return self.start
        share = min(1.0, max(0.0, (x - self.left) / self.width))
        return min(self.end, self.start + share * (self.end - self.start))

    def ticks(self, label_px: float) -> list[Tick]:
        """Named ticks at least ``label_px`` apart at round local times, and minor ones between."""
        span = self.end - self.start
        if span <= 0 or self.width <= 0 or self.end > LATEST:
            return []
        least = span * label_px / self.width
        days = [n * DAY for n in DAY_STEPS]
        step = next((s for s in (*STEPS, *days) if s >= least), days[-1])
        share = next(n for n in SHARES if step / n >= least * 0.12 and step % n == 0)
        minor = step / share
        # Whole days are counted from the local midnight of the epoch's first day.
        shift = float(_offset().total_seconds())
        number = -int(-(self.start + shift) // minor)
        found = []
        while (time := number * minor - shift) <= self.end:
            label = _label(time, step) if number % share == 0 else ""
            found.append(Tick(time, label))
            number += 1
        return found


def _offset() -> timedelta:
    return BEIJING.utcoffset(None)


def _label(time: float, step: float) -> str:
    then = datetime.fromtimestamp(time, BEIJING)
    if step >= DAY or (then.hour, then.minute, then.second) == (0, 0, 0):
        return then.strftime("%m-%d")
    return then.strftime("%H:%M:%S" if step < 60 else "%H:%M")


def last_part(first: float, last: float, seconds: float) -> tuple[float, float]:
    """The last ``seconds`` of a log that reaches from ``first`` to ``last``."""
    return max(first, last - seconds), last

"""Time: clocks that are passed in, and times as people and machines write them."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from services.domain.errors import KnownError

Clock = Callable[[], float]
"""Answers UNIX seconds, UTC. Pass ``time.time`` in the product and a ManualClock in tests."""

BEIJING = timezone(timedelta(hours=8), "CST")
LATEST = 4_102_444_800.0
"""2100-01-01: a later time is a mistake of unit, not a time."""


class ManualClock:
    """A clock that stands still until it is told to go on. Any one thread."""

    def __init__(self, now: float = 1_750_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time it stands at."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.now += seconds


def parse_time(value: float | str, field: str = "time") -> float:
    """UNIX seconds from UNIX seconds or from ISO 8601 with an offset; KnownError ``bad_time``."""
    if isinstance(value, str):
        return _checked(_from_iso(value, field), value, field)
    return _checked(float(value), value, field)


def _from_iso(text: str, field: str) -> float:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise KnownError(
            "bad_time", f"“{text[:40]}” is not an ISO 8601 time.", field=field
        ) from None
    if moment.tzinfo is None:
        raise KnownError(
            "bad_time", f"“{text[:40]}” has no offset from UTC; add Z or +08:00.", field=field
        )
    return moment.timestamp()


def _checked(seconds: float, given: float | str, field: str) -> float:
    if not math.isfinite(seconds):
        raise KnownError("not_finite", f"{given} is not a time.", field=field)
    if not 0.0 <= seconds < LATEST:
        hint = " It looks like milliseconds." if LATEST <= seconds < LATEST * 1_000 else ""
        raise KnownError(
            "bad_time", f"{given} is outside the years 1970 to 2100.{hint}", field=field
        )
    return seconds


def iso(seconds: float) -> str:
    """ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def beijing_day(seconds: float) -> str:
    """The calendar day in Beijing as YYYYMMDD: the day that ids carry."""
    return datetime.fromtimestamp(seconds, BEIJING).strftime("%Y%m%d")

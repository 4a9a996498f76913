"""How much a seat has to look at: alarms an hour against the targets, and who makes them. Pure.

Targets after ISA-18.2 and EEMUA 191: on the mean 5 an hour, 15 at the peak, about 5/15/80 per cent
of critical, major and lesser ones. What was suppressed when it was raised asked for nobody.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence

from services.domain.model import Alarm, Record, Severity
from services.domain.suppression import reason_of

HOUR_S = 3_600.0
DAY_S = 86_400.0
TARGET_MEAN, TARGET_PEAK = 5, 15
TARGET_SHARES = (5.0, 15.0, 80.0)
CHATTER_TIMES, CHATTER_S = 3, 60.0
"""An alarm that is raised so often within so many seconds chatters."""
STALE_S = DAY_S
KEPT = 20_000


class Raise(Record, frozen=True, kw_only=True):
    """One alarm was raised and asked for attention."""

    time: float
    key: str
    severity: Severity
    source: str = ""
    rule: str = ""
    object_id: str = ""


class Load(Record, frozen=True, kw_only=True):
    """The load of one seat. ``hours``: raised in each of the last hours, oldest first; the last is
    the one that ends now. ``shares``: per cent critical, major, lesser; empty without any alarm."""

    hours: tuple[int, ...]
    shares: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """Alarms an hour on the mean of the hours."""
        return sum(self.hours) / len(self.hours) if self.hours else 0.0

    @property
    def peak(self) -> int:
        """Of the worst hour."""
        return max(self.hours, default=0)

    @property
    def last_hour(self) -> int:
        """Of the hour that ends now."""
        return self.hours[-1] if self.hours else 0


class Frequent(Record, frozen=True, kw_only=True):
    """An alarm point that makes much of the load; ``share`` is per cent of all raises."""

    key: str
    rule: str
    object_id: str
    source: str
    count: int
    share: float


class RaiseLog:
    """What was raised lately, each raise once, however often and wherever from it is told."""

    def __init__(self) -> None:
        self._known: set[tuple[str, float]] = set()
        self._raises: deque[Raise] = deque()

    def add(self, raises: Iterable[Raise]) -> None:
        """Take raises in; the oldest are forgotten beyond ``KEPT``."""
        for each in raises:
            if (each.key, each.time) not in self._known:
                self._known.add((each.key, each.time))
                self._raises.append(each)
        while len(self._raises) > KEPT:
            gone = self._raises.popleft()
            self._known.discard((gone.key, gone.time))

    def clear(self) -> None:
        """Forget everything: another hub, another time."""
        self._known.clear()
        self._raises.clear()

    def since(self, start: float, end: float) -> list[Raise]:
        """What was raised in (start, end], oldest first."""
        return sorted(
            (r for r in self._raises if start < r.time <= end), key=lambda r: (r.time, r.key)
        )


def raises_of(alarm: Alarm, now: float) -> tuple[Raise, ...]:
    """The raises that an alarm remembers; none while it is suppressed, for nobody was asked."""
    if reason_of(alarm, now) is not None:
        return ()
    return tuple(
        Raise(
            time=time,
            key=alarm.key,
            severity=alarm.severity,
            source=alarm.source,
            rule=alarm.rule,
            object_id=alarm.object_id,
        )
        for time in alarm.recent
    )


def load_of(raises: Sequence[Raise], now: float, hours: int = 8) -> Load:
    """The load of the last ``hours`` hours before ``now``."""
    counts = [0] * hours
    mix: Counter[int] = Counter()
    for each in raises:
        back = int((now - each.time) // HOUR_S)
        if 0 <= back < hours and each.time <= now:
            counts[hours - 1 - back] += 1
            mix[max(0, Severity.CRITICAL - each.severity)] += 1
    total = sum(mix.values())
    if not total:
        return Load(hours=tuple(counts))
    parts = (mix[0], mix[1], total - mix[0] - mix[1])
    return Load(hours=tuple(counts), shares=tuple(100.0 * n / total for n in parts))


def bad_actors(raises: Sequence[Raise], most: int = 10) -> list[Frequent]:
    """The few points that make most of the load, worst first; once is no habit."""
    counts = Counter(r.key for r in raises)
    newest = {r.key: r for r in raises}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [_frequent(newest[key], count, len(raises)) for key, count in ranked[:most] if count > 1]


def chattering(raises: Sequence[Raise]) -> list[Frequent]:
    """Points that were raised ``CHATTER_TIMES`` times within ``CHATTER_S``, most first."""
    times: dict[str, list[float]] = {}
    newest: dict[str, Raise] = {}
    for each in sorted(raises, key=lambda r: r.time):
        times.setdefault(each.key, []).append(each.time)
        newest[each.key] = each
    ranked = sorted(
        (key for key, of_key in times.items() if _chatters(of_key)),
        key=lambda key: (-len(times[key]), key),
    )
    return [_frequent(newest[key], len(times[key]), len(raises)) for key in ranked]


def stale(alarms: Iterable[Alarm], now: float) -> list[Alarm]:
    """Alarms whose condition has stood for longer than a day, oldest first."""
    old = [a for a in alarms if a.active and now - raised_at(a) > STALE_S]
    return sorted(old, key=lambda a: (raised_at(a), a.key))


def raised_at(alarm: Alarm) -> float:
    """When its present condition was raised."""
    return alarm.recent[-1] if alarm.recent else alarm.first_time


def _chatters(times: Sequence[float]) -> bool:
    step = CHATTER_TIMES - 1
    return any(b - a <= CHATTER_S for a, b in zip(times, times[step:], strict=False))


def _frequent(last: Raise, count: int, total: int) -> Frequent:
    return Frequent(
        key=last.key,
        rule=last.rule,
        object_id=last.object_id,
        source=last.source,
        count=count,
        share=100.0 * count / total,
    )

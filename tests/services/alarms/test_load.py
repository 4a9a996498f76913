"""The load of a seat: hours, targets, bad actors, chattering, stale. Numbers worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms import load
from services.alarms.load import Raise, RaiseLog
from services.domain.model import Alarm, Severity, Suppression

NOW = 1_750_000_000.0
HOUR = 3_600.0


def raised(ago_s: float, key: str = "k", severity: Severity = Severity.MINOR) -> Raise:
    return Raise(time=NOW - ago_s, key=key, severity=severity)


def alarm(*recent: float, **more: object) -> Alarm:
    facts = {"key": "k", "source": "s", "rule": "r", "object_id": "o", "severity": Severity.MAJOR}
    return Alarm(recent=recent, **{"first_time": NOW - 9 * HOUR, **facts, **more})  # type: ignore[arg-type]  # fields of Alarm by name


def test_hours_end_now_and_the_mean_is_over_all_of_them() -> None:
    raises = [raised(1), raised(HOUR - 1), raised(HOUR), raised(3 * HOUR - 1), raised(99 * HOUR)]
    found = load.load_of(raises, NOW, hours=4)
    assert found.hours == (0, 1, 1, 2)
    assert (found.mean, found.peak, found.last_hour) == (1.0, 2, 2)


def test_shares_are_of_critical_major_and_the_rest() -> None:
    severities = [
        Severity.CRITICAL,
        *[Severity.MAJOR] * 3,
        *[Severity.MINOR] * 14,
        Severity.INFO,
        1,
    ]
    raises = [raised(n, severity=Severity(s)) for n, s in enumerate(severities)]
    assert load.load_of(raises, NOW).shares == (5.0, 15.0, 80.0)
    assert load.load_of([], NOW).shares == ()


def test_bad_actors_are_few_and_make_most_of_it() -> None:
    raises = [
        *[raised(n, "pump") for n in range(6)],
        *[raised(n, "gate") for n in range(3)],
        raised(1, "once"),
    ]
    found = load.bad_actors(raises)
    assert [(f.key, f.count, f.share) for f in found] == [("pump", 6, 60.0), ("gate", 3, 30.0)]
    assert len(load.bad_actors(raises, most=1)) == 1


@pytest.mark.parametrize(
    ("ago", "chatters"),
    [
        ((0, 30, 60), True),
        ((0, 30, 61), False),
        ((0, 30), False),
        ((0, 500, 1_000, 1_020, 1_059, 3_000), True),
    ],
)
def test_three_times_in_a_minute_is_chattering(ago: tuple[float, ...], chatters: bool) -> None:
    found = load.chattering([raised(a) for a in ago])
    assert [f.key for f in found] == (["k"] if chatters else [])


def test_stale_is_what_has_stood_for_a_day_since_it_was_last_raised() -> None:
    old, young = NOW - 25 * HOUR, NOW - HOUR
    alarms = [
        alarm(old, key="old"),
        alarm(old, young, key="again"),
        alarm(old, key="over", active=False),
        alarm(key="older log", first_time=NOW - 30 * HOUR),
    ]
    assert [a.key for a in load.stale(alarms, NOW)] == ["older log", "old"]


def test_a_suppressed_alarm_asked_nobody() -> None:
    shelf = Suppression(kind="shelved", by="甲", reason="r", since=NOW, until=NOW + 60)
    assert load.raises_of(alarm(NOW, suppressed=(shelf,)), NOW) == ()
    assert [r.time for r in load.raises_of(alarm(NOW - 5, NOW), NOW)] == [NOW - 5, NOW]


def test_what_is_told_twice_counts_once() -> None:
    log = RaiseLog()
    log.add(load.raises_of(alarm(NOW - 5, NOW), NOW))
    log.add([Raise(time=NOW - 5, key="k", severity=Severity.MINOR), raised(9, "other")])
    assert [(r.time, r.key) for r in log.since(NOW - 60, NOW)] == [
        (NOW - 9, "other"),
        (NOW - 5, "k"),
        (NOW, "k"),
    ]
    assert [r.time for r in log.since(NOW - 5, NOW - 1)] == []
    log.clear()
    assert log.since(0, NOW) == []


def test_the_log_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "KEPT", 10)
    log = RaiseLog()
    log.add(raised(100 - n) for n in range(25))
    assert len(log.since(0, NOW)) == 10


@given(st.lists(st.tuples(st.floats(0, 10 * HOUR), st.sampled_from("abc")), max_size=60))
def test_every_raise_of_the_hours_is_in_one_of_them(made: list[tuple[float, str]]) -> None:
    raises = [raised(ago, key) for ago, key in made]
    found = load.load_of(raises, NOW, hours=8)
    inside = sum(1 for r in raises if NOW - r.time < 8 * HOUR)
    assert sum(found.hours) == inside
    assert found.shares == () or sum(found.shares) == pytest.approx(100.0)
    actors = load.bad_actors(raises)
    assert sum(a.count for a in actors) <= len(raises)
    assert [a.count for a in actors] == sorted((a.count for a in actors), reverse=True)

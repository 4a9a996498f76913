"""Alarm histories as sentences: what happened, comma by comma, and what is seen at the end."""

from __future__ import annotations

import pytest

from services.alarms import logic
from services.domain.errors import KnownError
from services.domain.model import Alarm, Severity

SEVERITIES = {
    "Normal": Severity.NORMAL,
    "Info": Severity.INFO,
    "Minor": Severity.MINOR,
    "Major": Severity.MAJOR,
    "Critical": Severity.CRITICAL,
}


def signal(severity: Severity, value: float | None = None) -> logic.Signal:
    return logic.Signal(source="gate", object_id="sensor:1", severity=severity, value=value)


def live(story: str) -> Alarm | None:
    """What stands after a story such as "Minor, Major, Ack, Normal"; one second a word."""
    standing: Alarm | None = None
    for now, word in enumerate(story.split(", "), start=1):
        if word == "Ack":
            assert standing is not None
            changed = logic.acknowledge(standing, "甲", "A1", float(now), "seen")
        else:
            received = logic.receive(standing, signal(SEVERITIES[word]), float(now))
            if received is None:
                continue
            changed = received
        standing = None if logic.is_gone(changed.alarm) else changed.alarm
    return standing


def words(alarm: Alarm | None) -> str:
    if alarm is None:
        return "gone"
    condition = alarm.severity.name.title() if alarm.active else "normal again"
    return f"{condition}, {'acknowledged' if alarm.acknowledged else 'unacknowledged'}"


@pytest.mark.parametrize(
    ("story", "end"),
    [
        ("Normal", "gone"),
        ("Minor", "Minor, unacknowledged"),
        ("Minor, Major", "Major, unacknowledged"),
        ("Minor, Major, Ack, Normal", "gone"),
        ("Minor, Normal", "normal again, unacknowledged"),
        ("Minor, Normal, Normal", "normal again, unacknowledged"),
        ("Minor, Normal, Ack", "gone"),
        ("Minor, Ack", "Minor, acknowledged"),
        ("Minor, Ack, Minor", "Minor, acknowledged"),
        ("Minor, Ack, Major", "Major, unacknowledged"),
        ("Major, Ack, Minor", "Minor, acknowledged"),
        ("Major, Ack, Minor, Major", "Major, unacknowledged"),
        ("Minor, Normal, Minor", "Minor, unacknowledged"),
        ("Minor, Ack, Normal, Minor", "Minor, unacknowledged"),
        ("Major, Normal, Minor, Ack, Normal", "gone"),
    ],
)
def test_story(story: str, end: str) -> None:
    assert words(live(story)) == end


def test_every_arrival_is_counted_and_the_first_time_stays() -> None:
    alarm = live("Minor, Minor, Major, Normal, Minor")
    assert alarm is not None
    assert (alarm.count, alarm.first_time, alarm.last_time) == (4, 1.0, 5.0)
    assert alarm.version == 5
    assert alarm.cleared_time is None


def test_acknowledging_says_who_where_when_and_what() -> None:
    alarm = live("Minor, Ack")
    assert alarm is not None
    assert (alarm.ack_by, alarm.ack_seat, alarm.ack_time, alarm.ack_note) == (
        "甲",
        "A1",
        2.0,
        "seen",
    )


def test_a_worse_alarm_forgets_who_saw_the_milder_one() -> None:
    alarm = live("Minor, Ack, Critical")
    assert alarm is not None
    assert (alarm.ack_by, alarm.ack_seat, alarm.ack_time, alarm.ack_note) == ("", "", None, "")


def test_acknowledging_twice_names_who_was_first() -> None:
    alarm = live("Minor, Ack")
    assert alarm is not None
    with pytest.raises(KnownError, match="甲 at A1") as caught:
        logic.acknowledge(alarm, "乙", "A2", 9.0)
    assert caught.value.code == "already_acknowledged"


def test_clearing_what_is_normal_is_refused() -> None:
    alarm = live("Minor, Normal")
    assert alarm is not None
    with pytest.raises(KnownError) as caught:
        logic.clear(alarm, 3.0)
    assert caught.value.code == "not_active"


def test_changes_are_named() -> None:
    raised = logic.raise_(signal(Severity.MINOR), 1.0)
    updated = logic.update(raised.alarm, signal(Severity.MAJOR), 2.0)
    cleared = logic.clear(updated.alarm, 3.0)
    again = logic.update(cleared.alarm, signal(Severity.MINOR), 4.0)
    assert [c.change for c in (raised, updated, cleared, again)] == [
        "raised",
        "updated",
        "cleared",
        "raised",
    ]


def test_facts_that_a_later_signal_leaves_out_stay() -> None:
    full = logic.Signal(
        source="gate",
        object_id="sensor:1",
        severity=Severity.MINOR,
        text="high",
        value=2.1,
        limit=2.0,
        lon=101.0,
        lat=36.0,
    )
    first = logic.raise_(full, 1.0).alarm
    second = logic.update(first, signal(Severity.MINOR), 2.0).alarm
    assert (second.text, second.value, second.limit, second.lon, second.lat) == (
        "high",
        2.1,
        2.0,
        101.0,
        36.0,
    )
    third = logic.update(second, full, 3.0).alarm
    assert (third.value, third.lat) == (2.1, 36.0)
    assert logic.clear(third, 4.0).alarm.value == 2.1
    assert logic.clear(third, 4.0, value=1.5).alarm.value == 1.5


def test_one_alarm_makes_one_case() -> None:
    alarm = logic.raise_(signal(Severity.MINOR), 1.0).alarm
    linked = logic.link(alarm, "6301022025061500001")
    assert (linked.change, linked.alarm.case_id) == ("linked", "6301022025061500001")
    with pytest.raises(KnownError) as caught:
        logic.link(linked.alarm, "6301022025061500002")
    assert caught.value.code == "already_linked"


def test_ten_thousand_duplicates_are_one_alarm() -> None:
    standing = logic.raise_(signal(Severity.MAJOR), 0.0).alarm
    for n in range(10_000):
        changed = logic.receive(standing, signal(Severity.MAJOR), float(n))
        assert changed is not None
        standing = changed.alarm
    assert standing.key == logic.key_of("gate", "", "sensor:1")
    assert standing.count == 10_001


@pytest.mark.parametrize(
    ("limit", "values", "worst"),
    [
        (0.30, [0.31, 0.62, 0.40], 0.62),
        (0.30, [0.31, 0.62, None], 0.62),
        (5.00, [4.00, 1.50, 3.00], 1.50),
        (None, [7.00, 9.00, 8.00], 9.00),
        (0.30, [None, 0.40, 0.35], 0.40),
    ],
    ids=["above its limit", "a signal without a value", "below its limit", "no limit", "late"],
)
def test_a_cleared_alarm_still_knows_its_worst_value(
    limit: float | None, values: list[float | None], worst: float
) -> None:
    alarm: Alarm | None = None
    for now, value in enumerate(values):
        told = logic.Signal(
            source="gate", object_id="sensor:1", severity=Severity.MINOR, value=value, limit=limit
        )
        changed = logic.receive(alarm, told, float(now))
        assert changed is not None
        alarm = changed.alarm
    assert alarm is not None
    over = logic.clear(alarm, 9.0, value=0.03).alarm
    assert (over.value, over.peak) == (0.03, worst)


def test_an_alarm_that_returns_forgets_the_worst_value_of_the_last_time() -> None:
    first = logic.raise_(signal(Severity.MINOR, 0.9), 1.0).alarm
    again = logic.update(logic.clear(first, 2.0, value=0.1).alarm, signal(Severity.MINOR, 0.4), 3.0)
    assert again.alarm.peak == 0.4

"""Delays, latch, shelving, design and service, each as a sentence and its end."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from services.alarms import logic, suppression
from services.alarms.logic import MAX_SHELVE_S, Policy
from services.alarms.suppression import Owner
from services.domain.errors import KnownError
from services.domain.model import Pending, Severity, Suppression
from services.domain.suppression import in_force, is_waiting, reason_of, stands
from tests.services.alarms.stories import OWNER, Story, signal

SLOW = Policy(on_delay_s=10.0, off_delay_s=20.0)
UNLATCHED = Policy(latched=False)


@pytest.mark.parametrize(
    ("sentence", "end", "changes"),
    [
        ("Minor", "waiting", "pending"),
        ("Minor, +9", "waiting", "pending"),
        ("Minor, +10", "Minor, unacknowledged", "pending, raised"),
        ("Minor, Minor, +9", "Minor, unacknowledged", "pending, raised"),
        ("Minor, OK", "gone", "pending, withdrawn"),
        ("Minor, OK, Minor, +9", "waiting", "pending, withdrawn, pending"),
        ("Minor, +5, Major, +5", "Major, unacknowledged", "pending, pending, raised"),
        ("Minor, +10, Major, +9", "Minor, unacknowledged", "pending, raised, pending"),
        (
            "Minor, +10, Ack, Major, +10",
            "Major, unacknowledged",
            "pending, raised, acknowledged, pending, updated",
        ),
        (
            "Minor, +10, Major, Minor, +20",
            "Minor, unacknowledged",
            "pending, raised, pending, updated",
        ),
        (
            "Minor, +10, Ack, OK, +19",
            "Minor, acknowledged",
            "pending, raised, acknowledged, pending",
        ),
        ("Minor, +10, Ack, OK, +20", "gone", "pending, raised, acknowledged, pending, cleared"),
        (
            "Minor, +10, OK, Minor, +99",
            "Minor, unacknowledged",
            "pending, raised, pending, updated",
        ),
        ("Minor, +10, OK, +20", "OK, unacknowledged", "pending, raised, pending, cleared"),
        (
            "Minor, +10, OK, +20, Minor, +10",
            "Minor, unacknowledged",
            "pending, raised, pending, cleared, pending, raised",
        ),
        (
            "Major, +10, Ack, Minor, Major, OK, +20",
            "gone",
            "pending, raised, acknowledged, pending, updated, pending, cleared",
        ),
    ],
)
def test_delays(sentence: str, end: str, changes: str) -> None:
    story = Story(SLOW).live(sentence)
    assert (story.end, story.changes) == (end, changes)


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("Minor, OK", "gone"),
        ("Minor, Ack, OK", "gone"),
        ("Minor", "Minor, unacknowledged"),
        ("Minor, Shelve 60, OK", "OK, acknowledged, shelved"),
        ("Minor, Shelve 60, OK, +60", "gone"),
        ("Minor, Shelve 60, OK, Minor, +60", "Minor, unacknowledged"),
    ],
)
def test_unlatched(sentence: str, end: str) -> None:
    assert Story(UNLATCHED).live(sentence).end == end


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("Minor, Shelve 60", "Minor, unacknowledged, shelved"),
        ("Minor, Shelve 60, +59", "Minor, unacknowledged, shelved"),
        ("Minor, Shelve 60, +60", "Minor, unacknowledged"),
        ("Minor, Ack, Shelve 60", "Minor, acknowledged, shelved"),
        ("Minor, Ack, Shelve 60, +60", "Minor, unacknowledged"),
        ("Minor, Shelve 60, Ack, +60", "Minor, unacknowledged"),
        ("Minor, Ack, Shelve 60, OK", "OK, acknowledged, shelved"),
        ("Minor, Ack, Shelve 60, OK, +60", "gone"),
        ("Minor, Ack, Shelve 60, OK, Minor", "Minor, unacknowledged, shelved"),
        ("Minor, Shelve 60, OK, +60", "OK, unacknowledged"),
        ("Minor, Shelve 60, Unshelve", "Minor, unacknowledged"),
        ("Minor, Ack, Shelve 60, Unshelve", "Minor, unacknowledged"),
        ("Minor, Shelve once, +60", "Minor, unacknowledged, shelved"),
        ("Minor, Shelve once, OK", "OK, unacknowledged"),
        ("Minor, Ack, Shelve once, OK", "gone"),
        ("Minor, Shelve once, OK, Minor", "Minor, unacknowledged"),
        ("Minor, Shelve once, +28800", "Minor, unacknowledged"),
        # worse than what was shelved: that was never put aside
        ("Minor, Shelve 60, Major", "Major, unacknowledged"),
        ("Major, Minor, Shelve 60, Major", "Major, unacknowledged"),
        ("Major, Shelve 60, Minor, Major", "Major, unacknowledged, shelved"),
        ("Minor, Out", "Minor, unacknowledged, out_of_service"),
        ("Minor, Out, +99999", "Minor, unacknowledged, out_of_service"),
        ("Minor, Out, Critical", "Critical, unacknowledged, out_of_service"),
        ("Minor, Out, OK, Ack", "OK, acknowledged, out_of_service"),
        ("Minor, Out, OK, Ack, Back", "gone"),
        ("Minor, Ack, Out, Back", "Minor, unacknowledged"),
        ("Minor, Shelve 60, Out, +60", "Minor, unacknowledged, out_of_service"),
        ("Minor, Ack, Shelve 60, Out, +60", "Minor, acknowledged, out_of_service"),
        ("Minor, Ack, Shelve 60, Out, Back", "Minor, acknowledged, shelved"),
        ("Minor, Thing out", "Minor, unacknowledged, thing_out_of_service"),
        ("Thing out, Minor", "Minor, unacknowledged, thing_out_of_service"),
        ("Thing out, Minor, Thing back", "Minor, unacknowledged"),
        ("Design on, Minor, Critical", "Critical, unacknowledged, by_design"),
        ("Minor, Ack, Design on, Design off", "Minor, unacknowledged"),
        ("Minor, Ack, Design on, OK", "OK, acknowledged, by_design"),
        ("Minor, Ack, Design on, OK, Design off", "gone"),
        ("Design on, Minor, Thing out, Design off", "Minor, unacknowledged, thing_out_of_service"),
        ("Minor, Shelve 60, Design on, Design off", "Minor, unacknowledged, shelved"),
    ],
)
def test_suppression(sentence: str, end: str) -> None:
    assert Story().live(sentence).end == end


def test_a_suppressed_alarm_lives_on_and_the_listener_hears_it() -> None:
    story = Story().live("Minor, Ack, Shelve 60, OK, Minor, OK, Minor, +60")
    assert story.changes == (
        "raised, acknowledged, suppressed, cleared, raised, cleared, raised, expired"
    )
    assert story.alarm is not None
    assert (story.alarm.count, len(story.alarm.recent)) == (3, 3)


def test_delays_run_on_while_an_alarm_is_shelved() -> None:
    story = Story(SLOW).live("Minor, +10, Shelve 60, OK, +20, Minor, +60")
    assert story.changes == (
        "pending, raised, suppressed, pending, cleared, pending, raised, expired"
    )
    assert story.end == "Minor, unacknowledged"


def test_changes_say_who() -> None:
    story = Story().live("Minor, Shelve 60, +60, Out, Back")
    assert [(c.change, c.by, c.seat, c.note) for c in story.heard] == [
        ("raised", "", "", ""),
        ("suppressed", "甲", "A1", "works"),
        ("expired", "system", "", ""),
        ("suppressed", "甲", "A1", "works"),
        ("unsuppressed", "甲", "A1", "works"),
    ]


def test_a_shelf_says_who_where_why_and_until_when() -> None:
    alarm = Story().live("Minor, Shelve 60").alarm
    assert alarm is not None
    (shelf,) = alarm.suppressed
    assert (shelf.by, shelf.seat, shelf.reason) == ("甲", "A1", "works")
    assert (shelf.since, shelf.until) == (1_002.0, 1_062.0)


@pytest.mark.parametrize(
    ("for_s", "policy", "code"),
    [
        (MAX_SHELVE_S + 1, Policy(), "shelve_too_long"),
        (61.0, Policy(max_shelve_s=60.0), "shelve_too_long"),
        (0.0, Policy(), "shelve_too_long"),
        (-5.0, Policy(), "shelve_too_long"),
        (math.nan, Policy(), "shelve_too_long"),
        (math.inf, Policy(max_shelve_s=math.inf), "shelve_too_long"),
        (60.0, Policy(max_shelve_s=0.0), "not_shelvable"),
        (60.0, Policy(max_shelve_s=math.nan), "not_shelvable"),
    ],
)
def test_no_shelf_beyond_what_the_rule_allows(for_s: float, policy: Policy, code: str) -> None:
    alarm = Story().live("Minor").alarm
    assert alarm is not None
    with pytest.raises(KnownError) as caught:
        suppression.shelve(alarm, OWNER, 1.0, for_s, policy)
    assert caught.value.code == code


@pytest.mark.parametrize("order", [suppression.shelve, suppression.take_out])
def test_nothing_is_put_aside_without_a_reason(order: object) -> None:
    alarm = Story().live("Minor").alarm
    with pytest.raises(KnownError) as caught:
        order(alarm, Owner(name="甲", reason="  "), 1.0)  # type: ignore[operator]
    assert caught.value.code == "reason_required"


@pytest.mark.parametrize(
    ("sentence", "word", "code"),
    [
        ("Minor, Shelve 60", "Shelve 30", "already_shelved"),
        ("Minor, Out", "Out", "already_out"),
        ("Minor", "Unshelve", "not_shelved"),
        ("Minor, Thing out", "Back", "not_out"),
        ("Minor, Ack", "Ack", "already_acknowledged"),
    ],
)
def test_what_is_so_already_is_refused(sentence: str, word: str, code: str) -> None:
    story = Story().live(sentence)
    with pytest.raises(KnownError) as caught:
        story.step(word)
    assert caught.value.code == code


def test_nothing_to_acknowledge_names_nobody() -> None:
    with pytest.raises(KnownError, match="Nothing is left"):
        Story(UNLATCHED).live("Minor, Shelve 60, OK, Ack")


# -- fails open -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "broken",
    [
        Suppression(kind="mystery", by="甲", reason="r", until=9e9),
        Suppression(kind="shelved", by="", reason="r", until=2_000.0),
        Suppression(kind="shelved", by="甲", reason="", until=2_000.0),
        Suppression(kind="shelved", by="甲", reason="r"),
        Suppression(kind="shelved", by="甲", reason="r", since=1_000.0, until=math.nan),
        Suppression(kind="shelved", by="甲", reason="r", since=1_000.0, until=math.inf),
        Suppression(kind="shelved", by="甲", reason="r", since=1_000.0, until=9e9),
        Suppression(kind="shelved", by="甲", reason="r", since=math.nan, until=2_000.0),
        Suppression(kind="out_of_service", by="", reason="r"),
    ],
)
def test_a_broken_suppression_hides_nothing(broken: Suppression) -> None:
    alarm = Story().live("Minor").alarm
    assert alarm is not None
    hidden = replace(alarm, suppressed=(broken,))
    assert reason_of(hidden, 1_500.0) is None
    assert stands(hidden, 1_500.0)


def test_a_shelf_is_over_on_the_screen_even_if_the_hubs_clock_stands_still() -> None:
    alarm = Story().live("Minor, Shelve 60").alarm
    assert alarm is not None
    (shelf,) = alarm.suppressed
    assert in_force(shelf, 1_062.0)  # its event may still be on its way
    assert not in_force(shelf, 1_070.0)
    assert stands(alarm, 1_070.0)


@pytest.mark.parametrize("delay", [math.nan, math.inf, -1.0, 4_000.0])
def test_a_broken_delay_is_not_waited_for(delay: float) -> None:
    assert Story(Policy(on_delay_s=delay)).live("Minor").end == "Minor, unacknowledged"


@pytest.mark.parametrize("due", [math.nan, math.inf])
def test_a_wait_without_an_end_shows(due: float) -> None:
    story = Story(SLOW).live("Minor")
    assert story.alarm is not None
    pending = Pending(severity=Severity.MINOR, since=1_000.0, due=due)
    story.alarm = replace(story.alarm, pending=pending)
    assert not is_waiting(story.alarm, story.now)
    assert stands(story.alarm, story.now)
    assert suppression.due_at(story.alarm) == 0.0


def test_a_signal_after_the_delay_raises_though_the_clock_never_came() -> None:
    story = Story(SLOW).live("Minor")
    assert story.alarm is not None
    assert stands(story.alarm, story.now + 60)
    change = logic.receive(story.alarm, signal(Severity.MAJOR), story.now + 11, SLOW)
    assert change is not None
    assert (change.change, change.alarm.severity) == ("raised", Severity.MAJOR)


def test_due_is_what_ends_first() -> None:
    story = Story(SLOW).live("Minor")
    assert story.alarm is not None
    assert suppression.due_at(story.alarm) == story.now + 10
    story.live("+10, Shelve 60")
    assert suppression.due_at(story.alarm) == story.now + 60
    story.live("OK")
    assert suppression.due_at(story.alarm) == story.now + 20
    story.live("+60")
    assert story.alarm is not None
    assert suppression.due_at(story.alarm) is None


def test_the_value_that_waited_is_the_value_that_is_raised() -> None:
    first = logic.receive(None, replace(signal(Severity.MINOR, 2.2), limit=2.0), 1.0, SLOW)
    assert first is not None
    (raised,) = suppression.tick(first.alarm, 11.0)
    assert (raised.alarm.value, raised.alarm.limit, raised.alarm.count) == (2.2, 2.0, 1)
    assert raised.alarm.first_time == 11.0
    assert raised.by == "system"

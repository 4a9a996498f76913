"""Whatever happens in whatever order: no abnormal alarm is lost, and a restart changes nothing."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from services.alarms.logic import Policy
from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, Event
from services.domain.model import Severity
from services.domain.suppression import reason_of, stands
from services.domain.world import World
from tests.services.alarms.stories import SIGNALS, Story

WORDS = (
    *SIGNALS,
    *("Ack", "Shelve 40", "Shelve once", "Unshelve", "Out", "Back"),
    *("Thing out", "Thing back", "Design on", "Design off"),
    *("+1", "+5", "+15", "+50", "+30000"),
)
words = st.lists(st.sampled_from(WORDS), max_size=40)
delays = st.sampled_from([0.0, 0.0, 4.0, 20.0])
policies = st.builds(
    Policy,
    on_delay_s=delays,
    off_delay_s=delays,
    latched=st.booleans(),
    max_shelve_s=st.sampled_from([0.0, 60.0, 28_800.0]),
)


def live(story: Story, history: list[str]) -> None:
    for word in history:
        step(story, word)


def step(story: Story, word: str) -> None:
    """One word; an order that is refused, or has no alarm to be about, changes nothing."""
    story.now += 1.0
    if story.alarm is not None:
        story.step("+1")  # the hub's clock is there before every order
    with contextlib.suppress(KnownError):
        if story.alarm is not None or word.split()[0] in (*SIGNALS, "Thing", "Design"):
            story.step(word)


def end_all_suppressions(story: Story) -> None:
    for word in ("Thing back", "Design off", "Back", "Unshelve"):
        step(story, word)


@given(policies, words, st.sampled_from(list(SIGNALS)))
def test_the_last_word_of_the_source_is_what_the_list_says_in_the_end(
    policy: Policy, history: list[str], last: str
) -> None:
    """Once delays are over and nothing suppresses: abnormal stands, whatever was done before."""
    story = Story(policy)
    live(story, history)
    step(story, last)
    step(story, "+50")
    end_all_suppressions(story)
    if SIGNALS[last] == Severity.NORMAL:
        assert story.alarm is None or not story.alarm.active
        return
    assert story.alarm is not None
    assert story.alarm.active
    assert story.alarm.severity == SIGNALS[last]
    assert stands(story.alarm, story.now)


@given(policies, words)
def test_an_alarm_that_nobody_has_seen_is_in_the_list_or_somebody_answers_for_it(
    policy: Policy, history: list[str]
) -> None:
    story = Story(policy)
    for word in history:
        before = story.alarm
        step(story, word)
        alarm = story.alarm
        if alarm is not None and alarm.active and not alarm.acknowledged:
            hidden = reason_of(alarm, story.now)
            assert stands(alarm, story.now) == (hidden is None)
            assert hidden is None or (hidden.by and hidden.reason)
        if alarm is None and before is not None and before.active and not before.acknowledged:
            # left in one step: only one that is not latched may, and only because it is normal
            assert not policy.latched
            assert story.heard[-1].change in ("cleared", "unsuppressed", "expired")
            assert not story.heard[-1].alarm.active


@given(policies, words)
def test_shelves_end_by_themselves(policy: Policy, history: list[str]) -> None:
    story = Story(policy)
    live(story, history)
    step(story, "+30000")
    for word in ("Thing back", "Design off", "Back"):
        step(story, word)
    assert story.alarm is None or not story.alarm.suppressed


@given(policies, words, st.integers(0, 40))
def test_a_restart_at_any_point_changes_nothing(
    policy: Policy, history: list[str], cut: int
) -> None:
    """The fold of the log, and the fold of a snapshot and the rest, is the state that was left."""
    story = Story(policy)
    live(story, history[:cut])
    again = Story(policy, story.now, None, story.automatic, list(story.heard))
    world = fold(story.heard)
    restored = World.restore("e", world.offset, world.time, world.parts())
    again.alarm = restored.alarms.get("gate||sensor:1")
    assert again.alarm == story.alarm
    live(story, history[cut:])
    live(again, history[cut:])
    assert again.alarm == story.alarm
    assert again.heard == story.heard
    assert fold(again.heard).digest() == fold(story.heard).digest()


def fold(heard: list[AlarmChanged]) -> World:
    world = World("e")
    for offset, body in enumerate(heard, 1):
        event = Event(offset=offset, event_time=1.0, recv_time=1.0, source="s", body=body)
        world.apply(event)
    return world

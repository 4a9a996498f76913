"""Sounds: when, how often, what is told, and that nothing fails where nothing can be heard."""

from __future__ import annotations

import array
import importlib.util
import wave
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QMediaDevices

from app.resources import resource
from app.sounding import MUTE_S, QUIET_S, SOUND_OF, SoundPolicy
from app.sounds import DeviceSpeaker, Sounds
from services.domain.model import Alarm, Severity, Suppression
from services.domain.world import Delta
from services.feed.source import LinkUpdate

MINOR, MAJOR, CRITICAL = Severity.MINOR, Severity.MAJOR, Severity.CRITICAL


# -- when ---------------------------------------------------------------------------
def test_the_first_sounds_at_once_and_the_rest_as_one() -> None:
    policy = SoundPolicy()
    first = policy.alarms([MINOR], 0.0)
    assert first is not None
    assert (first.name, first.held) == ("minor", 0)
    assert policy.alarms([MINOR, MINOR], 3.0) is None
    assert policy.due(QUIET_S - 0.1) is None
    rest = policy.due(QUIET_S)
    assert rest is not None
    assert (rest.name, rest.held) == ("minor", 2)
    assert policy.due(3 * QUIET_S) is None


def test_something_worse_is_never_held_back() -> None:
    policy = SoundPolicy()
    policy.alarms([MINOR], 0.0)
    worse = policy.alarms([MAJOR], 1.0)
    assert worse is not None
    assert worse.name == "major"
    assert policy.alarms([MAJOR], 2.0) is None
    worst = policy.alarms([MINOR, CRITICAL], 2.5)
    assert worst is not None
    assert worst.name == "critical"


def test_information_is_silent() -> None:
    assert SoundPolicy().alarms([Severity.INFO, Severity.NORMAL], 0.0) is None


def test_mute_ends_by_itself_and_what_came_meanwhile_stays_silent() -> None:
    policy = SoundPolicy()
    policy.mute(0.0)
    assert policy.alarms([CRITICAL], 1.0) is None
    assert policy.feed(True, 2.0) is None
    assert policy.muted_s(MUTE_S - 1.0) == 1.0
    assert policy.muted_s(MUTE_S) is None
    assert policy.due(MUTE_S + 1.0) is None
    assert policy.alarms([MINOR], MUTE_S + 2.0) is not None


def test_a_dead_feed_sounds_once_each_time_it_dies() -> None:
    policy = SoundPolicy()
    told = [policy.feed(old, 0.0) for old in (False, True, True, False, True)]
    assert [sound is not None for sound in told] == [False, True, False, False, True]


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(list(Severity))), max_size=60))
def test_every_loud_alarm_is_in_exactly_one_sound(steps: list[tuple[float, Severity]]) -> None:
    policy, now, played = SoundPolicy(), 0.0, []
    for gap, severity in steps:
        now += gap
        played += [s for s in (policy.due(now), policy.alarms([severity], now)) if s]
    last = policy.due(now + 2 * QUIET_S)
    played += [last] if last else []
    loud = sum(severity in SOUND_OF for _gap, severity in steps)
    assert sum(sound.held or 1 for sound in played) == loud


# -- for what -----------------------------------------------------------------------
class Model(QObject):
    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.alarms: dict[str, Alarm] = {}

    def now(self) -> float:
        return 1_000.0


class Session(QObject):
    link_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    def say(self, alarm: Alarm | None, key: str = "k", *, reset: bool = False) -> None:
        if alarm is None:
            self.model.alarms.pop(key, None)
        else:
            self.model.alarms[key] = alarm
        self.model.changed.emit(Delta(reset=reset, alarms={key: alarm}))


class Ear:
    """A speaker that notes what it was to play."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.there = True

    def audible(self) -> bool:
        return self.there

    def play(self, name: str) -> bool:
        self.heard.append(name)
        return self.there

    def close(self) -> None:
        self.heard.append("closed")


@pytest.fixture
def seat(qtbot) -> Iterator[SimpleNamespace]:
    session, ear, time = Session(), Ear(), [0.0]
    sounds = Sounds(session, ear, lambda: time[0])
    session.model.changed.emit(Delta(reset=True))
    yield SimpleNamespace(session=session, ear=ear, sounds=sounds, time=time)
    sounds.close()


def alarm(severity: Severity = MAJOR, **facts: object) -> Alarm:
    return Alarm(key="k", source="s", rule="", object_id="o", severity=severity, **facts)


SHELF = Suppression(kind="shelved", by="甲", reason="works", since=900.0, until=2_000.0)


@pytest.mark.parametrize(
    ("story", "heard"),
    [
        ([alarm()], ["major"]),
        ([alarm(MINOR), alarm(MINOR, count=2)], ["minor"]),
        ([alarm(MINOR), alarm(MAJOR)], ["minor", "major"]),
        ([alarm(MAJOR), alarm(MAJOR, acknowledged=True)], ["major"]),
        ([alarm(acknowledged=True)], []),
        ([alarm(active=False)], []),
        ([alarm(suppressed=(SHELF,))], []),
        ([alarm(suppressed=(SHELF,)), alarm()], ["major"]),
        ([None], []),
    ],
    ids=[
        "raised", "again", "worse", "seen", "seen before", "over", "shelved",
        "shelf ended", "gone",
    ],
)  # fmt: skip
def test_what_asks_for_attention_sounds_once(
    seat: SimpleNamespace, story: list[Alarm | None], heard: list[str]
) -> None:
    for step in story:
        seat.session.say(step)
    assert seat.ear.heard == heard


def test_what_stood_before_the_seat_was_taken_is_no_news_but_what_came_in_a_break_is(
    qtbot,
) -> None:
    session, ear = Session(), Ear()
    sounds = Sounds(session, ear, lambda: 0.0)
    session.say(alarm(), reset=True)
    assert ear.heard == []
    session.say(alarm(CRITICAL), "k2", reset=True)
    assert ear.heard == ["critical"]
    sounds.close()


def test_one_sound_for_several_says_how_many(qtbot, seat: SimpleNamespace) -> None:
    told = []
    seat.sounds.told.connect(lambda severity, text: told.append((severity, text)))
    for n in range(4):
        seat.session.say(alarm(MINOR), f"k{n}")
    seat.time[0] = QUIET_S
    seat.sounds.tick()
    assert seat.ear.heard == ["minor", "minor"]
    assert told == [(MINOR, "3 more alarms have come, the worst: minor.")]
    for n in range(5):
        seat.session.say(alarm(MINOR), f"later{n}")
        seat.time[0] += QUIET_S
        seat.sounds.tick()
    assert len(told) == 1  # words come no more often than once a minute
    seat.session.say(alarm(MAJOR), "worse")
    seat.session.say(alarm(MAJOR), "worse still")
    seat.time[0] += QUIET_S
    seat.sounds.tick()
    assert len(told) == 2
    assert told[1][0] is MAJOR


def test_a_dead_feed_sounds_and_connecting_again_is_neither(seat: SimpleNamespace) -> None:
    for state in ("live", "stale", "offline", "connecting", "offline", "live", "offline"):
        seat.session.link_changed.emit(LinkUpdate(state, 900.0))
    assert seat.ear.heard == ["stale", "stale"]


def test_how_the_sounds_stand_is_told(qtbot, seat: SimpleNamespace) -> None:
    told = []
    seat.sounds.changed.connect(lambda muted, audible: told.append((muted, audible)))
    seat.sounds.toggle_mute()
    seat.time[0] = 60.0
    seat.sounds.tick()
    seat.sounds.toggle_mute()
    seat.ear.there = False
    seat.session.say(alarm())
    assert told == [(MUTE_S, True), (MUTE_S - 60.0, True), (None, True), (None, False)]
    seat.time[0] = 61.0
    seat.sounds.toggle_mute()
    seat.time[0] = 61.0 + MUTE_S
    seat.sounds.tick()
    assert told[-1] == (None, False)


# -- with what ----------------------------------------------------------------------
def test_without_a_device_nothing_fails_and_it_is_said(
    qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMediaDevices, "audioOutputs", staticmethod(list))
    speaker = DeviceSpeaker()
    assert speaker.play("critical") is False
    speaker.close()


def test_the_shipped_sounds_are_what_the_script_makes(tmp_path: Path) -> None:
    source = resource("sounds", "make.py")
    spec = importlib.util.spec_from_file_location("make_sounds", source)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    made.write(tmp_path)
    names = {*SOUND_OF.values(), "stale"}
    assert {p.stem for p in tmp_path.iterdir()} == names
    for name in names:
        shipped = resource("sounds", f"{name}.wav")
        assert shipped.read_bytes() == (tmp_path / shipped.name).read_bytes()
        with wave.open(str(shipped)) as file:
            assert file.getnframes() / file.getframerate() < 1.0
            samples = array.array("h", file.readframes(file.getnframes()))
        assert (samples[0], samples[-1]) == (0, 0)  # no click
        assert 5_000 < max(map(abs, samples)) < 32_000

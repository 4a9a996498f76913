"""The read model and the session: tables, features, one clock, commands answered once."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from PySide6.QtCore import QTimer

from app.bridge import ThreadBridge
from app.overview import help_for, worst_alarms
from app.projection import CASE_PREFIX
from app.readmodel import CHUNK, ReadModel
from app.session import ConsoleSession
from layers.model.features import FeatureStore
from services.domain.model import (
    Alarm,
    Case,
    Dispatch,
    Entity,
    Link,
    Severity,
    Task,
)
from services.domain.world import Delta
from services.feed.frames import ErrorInfo, ReplayState, Result
from services.feed.source import LinkUpdate, ReplayUpdate, ResultUpdate, StateUpdate, Update
from services.packs.loader import default_directory, load


class FakeSource:
    """A source that the test speaks for."""

    capabilities = frozenset({"command"})

    def __init__(self, sink):
        self.sink = sink
        self.commands: list[tuple] = []
        self.replays: list[tuple] = []
        self.closed = False

    def start(self) -> None:
        self.say(LinkUpdate(state="live", since=1.0))

    def leave(self) -> None: ...

    def close(self, _timeout_s: float = 5.0) -> None:
        self.closed = True

    def command(self, key, name, args, expect_version=None) -> None:
        self.commands.append((key, name, args, expect_version))

    def replay(self, action, **arguments) -> None:
        self.replays.append((action, {k: v for k, v in arguments.items() if v is not None}))

    def say(self, update: Update) -> None:
        self.sink(update)


class Stage:
    def __init__(self, qtbot, replay: bool = False) -> None:
        self.bridge = ThreadBridge()
        sources: list[FakeSource] = []

        def make(sink, _request):
            sources.append(FakeSource(sink))
            return sources[0]

        catalogue = load(default_directory())
        self.session = ConsoleSession(catalogue, self.bridge, make, replay=replay)
        self.session.start()
        self.source = sources[0]
        self.model = self.session.model
        self.told: list[Delta] = []
        self.model.changed.connect(self.told.append)
        self.qtbot = qtbot

    def say(self, **tables) -> None:
        self.source.say(StateUpdate(Delta(**tables)))
        before = len(self.told)
        self.qtbot.waitUntil(lambda: len(self.told) > before, timeout=3_000)

    def close(self) -> None:
        self.session.close()
        self.bridge.close()


@pytest.fixture
def stage(qtbot):
    made = Stage(qtbot)
    yield made
    made.close()


SENSOR = Entity(
    id="level_sensor:0001",
    kind="level_sensor",
    name="康乐十字",
    lon=101.81,
    lat=36.6,
    link=Link.ONLINE,
    values={"level": 0.2},
)


def alarm(severity: Severity = Severity.MAJOR, **more) -> Alarm:
    return Alarm(
        key="hub|level_high|level_sensor:0001",
        source="hub",
        rule="level_high",
        object_id="level_sensor:0001",
        severity=severity,
        **more,
    )


def test_an_alarm_colours_its_thing_and_its_end_takes_the_colour_away(stage):
    stage.say(reset=True, entities={SENSOR.id: SENSOR})
    assert stage.model.store.feature(SENSOR.id).severity == Severity.NORMAL
    a = alarm()
    stage.say(alarms={a.key: a}, entities={SENSOR.id: SENSOR})
    mark = stage.model.store.feature(SENSOR.id)
    assert mark.severity == Severity.MAJOR
    assert mark.unacked
    stage.say(alarms={a.key: None}, entities={SENSOR.id: SENSOR})
    assert stage.model.store.feature(SENSOR.id).severity == Severity.NORMAL
    assert stage.model.alarms_of(SENSOR.id) == []


def test_a_deleted_thing_leaves_tables_map_and_counts(stage):
    stage.say(reset=True, entities={SENSOR.id: SENSOR})
    assert stage.model.store.counts()["level_sensor"].total == 1
    stage.say(entities={SENSOR.id: None})
    assert stage.model.store.counts()["level_sensor"].total == 0
    assert SENSOR.id not in stage.model.entities


def test_a_closed_case_leaves_the_map_but_not_the_table(stage):
    case = Case(
        id="1", category="E05-06", title="t", severity=Severity.MINOR, state="handling",
        lon=101.8, lat=36.6, reported_at=0.0, limit_s=10.0, deadline_at=10.0,
    )  # fmt: skip
    stage.say(reset=True, cases={"1": case})
    assert stage.model.store.feature(CASE_PREFIX + "1").severity == Severity.MAJOR  # long overdue
    closed = Case(id="1", category="E05-06", title="t", severity=Severity.MINOR, state="closed")
    stage.say(cases={"1": closed})
    assert stage.model.store.feature(CASE_PREFIX + "1") is None
    assert stage.model.cases["1"].state == "closed"


def test_a_burst_is_told_in_few_signals_and_loses_nothing(stage):
    stage.say(reset=True, entities={SENSOR.id: SENSOR})
    before = len(stage.told)
    for n in range(5_000):
        entity = Entity(id=f"team:{n:05}", kind="team", name="队", lon=101.8, lat=36.6)
        stage.source.say(StateUpdate(Delta(offset=n, entities={entity.id: entity})))
    stage.qtbot.waitUntil(lambda: len(stage.model.entities) == 5_001, timeout=5_000)
    stage.qtbot.waitUntil(lambda: len(stage.told) > before, timeout=3_000)
    assert len(stage.told) - before < 50
    stage.qtbot.waitUntil(lambda: stage.model.store.counts()["team"].total == 5_000, timeout=5_000)


def district(count: int, lon: float) -> dict[str, Entity]:
    ids = [f"team:{n:05}" for n in range(count)]
    return {i: Entity(id=i, kind="team", name="队", lon=lon, lat=36.6) for i in ids}


class Drawn(FeatureStore):
    """Notes what is put in and taken out, and in ``turns`` how often Qt had its turn before."""

    def __init__(self, catalogue) -> None:
        super().__init__(tuple(catalogue.kinds.values()))
        self.steps: list[tuple[int, str, list[str]]] = []
        self.turns = 0
        self._turn = QTimer()
        self._turn.timeout.connect(self._count)
        self._turn.start(0)

    def _count(self) -> None:
        self.turns += 1

    def put(self, batch):
        self.steps.append((self.turns, "put", list(batch.ids)))
        return super().put(batch)

    def remove(self, ids) -> None:
        self.steps.append((self.turns, "take", list(ids)))
        super().remove(ids)

    def stop(self) -> None:
        self._turn.stop()


@pytest.fixture
def slow(qtbot):
    """A model whose clock says after every chunk that its slice is over."""
    catalogue = load(default_directory())
    steady = itertools.count()
    drawn = Drawn(catalogue)
    model = ReadModel(catalogue, drawn, steady=lambda: float(next(steady)))
    yield model
    model.close()
    drawn.stop()


def test_a_snapshot_is_drawn_in_slices_and_readers_know_all_records_from_the_first(qtbot, slow):
    told: list[tuple[bool, int, int]] = []
    slow.changed.connect(lambda d: told.append((d.reset, len(d.entities), len(slow.entities))))
    a = alarm()
    things = {**district(6 * CHUNK, 101.8), SENSOR.id: SENSOR}
    slow.absorb(Delta(reset=True, offset=7, entities=things, alarms={a.key: a}))
    assert (len(slow.entities), slow.offset) == (len(things), 7)
    qtbot.waitUntil(lambda: len(slow.store) == len(things), timeout=5_000)
    steps = slow.store.steps
    assert [len(ids) for _, _, ids in steps] == [CHUNK] * 6 + [2]
    assert steps[0][2][0] == SENSOR.id, "what is in alarm before what is well"
    assert steps[-1][0] - steps[0][0] >= 3, "the windows had turns in between"
    qtbot.waitUntil(lambda: len(told) == 1, timeout=5_000)
    assert told == [(True, len(things), len(things))]


def test_marks_that_come_after_their_records_are_told_too(qtbot, slow):
    seen: list[int] = []
    slow.changed.connect(lambda _: seen.clear())
    slow.marks_changed.connect(lambda: seen.append(len(slow.store)))
    slow.absorb(Delta(reset=True, entities=district(40 * CHUNK, 101.8)))
    qtbot.waitUntil(lambda: seen[-1:] == [40 * CHUNK], timeout=20_000)


def test_what_is_newer_is_never_overdrawn_by_a_snapshot_that_still_waits(qtbot, slow):
    things = district(4 * CHUNK, 101.8)
    last = list(things)[-1]
    slow.absorb(Delta(reset=True, entities=dict(things)))
    moved = Entity(id=last, kind="team", name="队", lon=101.9, lat=36.7)
    slow.absorb(Delta(entities={last: moved, "team:00000": None}))
    qtbot.waitUntil(lambda: len(slow.store) == len(things) - 1, timeout=5_000)
    assert slow.store.feature(last).lon == 101.9
    assert "team:00000" not in slow.store


def test_a_second_snapshot_takes_away_what_it_does_not_have_and_leaves_no_empty_map(qtbot, slow):
    slow.absorb(Delta(reset=True, entities=district(3 * CHUNK, 101.8)))
    qtbot.waitUntil(lambda: len(slow.store) == 3 * CHUNK, timeout=5_000)
    del slow.store.steps[:]
    slow.absorb(Delta(reset=True, entities=district(2 * CHUNK, 101.9)))
    assert len(slow.store) == 3 * CHUNK, "what stays is there until its turn"
    qtbot.waitUntil(
        lambda: {slow.store.feature(i).lon for i in slow.entities} == {101.9}, timeout=5_000
    )
    assert [what for _, what, _ in slow.store.steps] == ["take", "put", "put"]
    assert len(slow.store) == 2 * CHUNK


def test_what_a_snapshot_replaces_is_freed_a_slice_at_a_time(qtbot, slow):
    old = district(4 * CHUNK, 101.8)
    slow.absorb(Delta(reset=True, entities=old))
    qtbot.waitUntil(lambda: len(slow.store) == 4 * CHUNK, timeout=5_000)
    assert slow.entities is old, "a million records are not copied"
    slow.absorb(Delta(reset=True, entities=district(2 * CHUNK, 101.9)))
    assert len(old) == 4 * CHUNK, "not in the turn in which the windows wait for the news"
    qtbot.waitUntil(lambda: not old, timeout=5_000)
    assert len(slow.store) == len(slow.entities) == 2 * CHUNK


def test_readers_are_told_a_snapshot_as_it_is_when_they_are_told(qtbot, slow):
    told: list[tuple[bool, int, int]] = []
    slow.changed.connect(lambda d: told.append((d.reset, d.offset, len(d.entities))))
    gone = {"team:00000": None, SENSOR.id: SENSOR}
    slow.absorb(Delta(reset=True, offset=5, entities={**district(CHUNK, 101.8), **gone}))
    slow.absorb(Delta(offset=6, entities={"team:00001": None}))
    qtbot.waitUntil(lambda: bool(told), timeout=5_000)
    assert told == [(True, 6, CHUNK - 1)]
    assert set(slow.entities) == set(district(CHUNK, 101.8)) - set(gone) - {"team:00001"} | {
        SENSOR.id
    }


def test_a_snapshot_of_another_city_empties_the_map_at_once(qtbot, slow):
    slow.absorb(Delta(reset=True, entities=district(2 * CHUNK, 101.8)))
    qtbot.waitUntil(lambda: len(slow.store) == 2 * CHUNK, timeout=5_000)
    slow.absorb(Delta(reset=True, entities={SENSOR.id: SENSOR}))
    assert [slow.store.ids[row] for row in slow.store.rows()] == [SENSOR.id]
    assert slow.store.emptied_at > 0, "no row of before means anything any more"


def test_an_alarm_that_moves_to_another_thing_leaves_the_first(stage):
    other = Entity(id="level_sensor:0002", kind="level_sensor", name="s", lon=101.8, lat=36.6)
    a = alarm()
    both = {SENSOR.id: SENSOR, other.id: other}
    stage.say(reset=True, entities=both, alarms={a.key: a})
    moved = msgspec.structs.replace(a, object_id=other.id)
    stage.say(alarms={a.key: moved}, entities=both)
    assert stage.model.alarms_of(SENSOR.id) == []
    assert stage.model.alarms_of(other.id) == [moved]


def test_silence_makes_a_thing_stale_and_a_word_brings_it_back(stage):
    now = [1_000.0]
    stage.model.now = lambda: now[0]
    heard = Entity(**{**{f: getattr(SENSOR, f) for f in SENSOR.__struct_fields__},
                      "observed_at": 1_000.0})  # fmt: skip
    stage.say(reset=True, entities={heard.id: heard})
    assert not stage.model.store.feature(heard.id).stale
    now[0] += 10_000
    stage.model.sweep()
    assert stage.model.store.feature(heard.id).stale


def test_a_command_is_answered_once_and_sent_again_with_its_key_after_a_break(stage):
    answers: list[Result] = []
    stage.session.command("case.close", {"case": "1"}, answers.append, 3)
    key = stage.source.commands[0][0]
    assert stage.source.commands == [(key, "case.close", {"case": "1"}, 3)]
    stage.qtbot.waitUntil(lambda: stage.session.link.state == "live", timeout=2_000)
    stage.source.say(LinkUpdate(state="offline", since=2.0))
    stage.source.say(LinkUpdate(state="live", since=3.0))
    stage.qtbot.waitUntil(lambda: len(stage.source.commands) == 2, timeout=2_000)
    assert stage.source.commands[1] == stage.source.commands[0]
    for _ in range(2):
        stage.source.say(ResultUpdate(Result(key=key, error=ErrorInfo(code="x", text="no"))))
    stage.qtbot.waitUntil(lambda: len(answers) == 1, timeout=2_000)
    stage.source.say(LinkUpdate(state="stale", since=4.0))
    stage.qtbot.waitUntil(lambda: stage.session.link.state == "stale", timeout=2_000)
    assert len(answers) == 1


def test_an_order_is_not_called_unsent_because_its_repetition_was_not_sent(stage):
    answers: list[Result] = []
    stage.session.command("case.create", {}, answers.append)
    key = stage.source.commands[0][0]
    stage.source.say(LinkUpdate(state="offline", since=2.0))
    stage.source.say(LinkUpdate(state="live", since=3.0))
    stage.qtbot.waitUntil(lambda: len(stage.source.commands) == 2, timeout=2_000)
    unsent = ErrorInfo(code="offline", text="not sent")
    stage.source.say(ResultUpdate(Result(key=key, level="memory", error=unsent)))
    stage.source.say(LinkUpdate(state="offline", since=4.0))
    stage.source.say(LinkUpdate(state="live", since=5.0))
    stage.qtbot.waitUntil(lambda: len(stage.source.commands) == 3, timeout=2_000)
    assert answers == []
    stage.source.say(ResultUpdate(Result(key=key, value={"case": "1"})))
    stage.qtbot.waitUntil(lambda: bool(answers), timeout=2_000)
    assert [a.value for a in answers] == [{"case": "1"}]


def test_a_replay_lives_by_the_logs_clock_and_keeps_its_density(qtbot):
    stage = Stage(qtbot, replay=True)
    try:
        first = ReplayState(
            at=100.0, offset=1, start=0.0, end=200.0, playing=False, speed=1.0,
            density=((1, 0, 0, 0),),
        )  # fmt: skip
        stage.source.say(ReplayUpdate(first))
        moved = ReplayState(at=150.0, offset=2, start=0.0, end=200.0, playing=True, speed=10.0)
        stage.source.say(ReplayUpdate(moved))
        qtbot.waitUntil(lambda: stage.model.now() == 150.0, timeout=2_000)
        assert stage.session.replay_state.density == ((1, 0, 0, 0),)
        assert not stage.session.can_command
        stage.session.replay("seek", at=120.0)
        assert stage.source.replays == [("seek", {"at": 120.0})]
    finally:
        stage.close()


def test_the_worst_three_are_the_worst_and_say_who_is_on_it(stage):
    alarms = {}
    for n, severity in enumerate((1, 2, 3, 4, 4)):
        a = Alarm(
            key=f"k{n}", source="s", rule="", object_id=f"o{n}", severity=Severity(severity),
            first_time=float(n), case_id="c" if n == 3 else "",
        )  # fmt: skip
        alarms[a.key] = a
    case = Case(
        id="c", category="E05-06", title="t", severity=Severity.MAJOR, state="handling",
        dispatch_ids=("d",),
    )  # fmt: skip
    tasks = (
        Task(id="1", entity_id="team:1", name="一队", state="sent"),
        Task(id="2", entity_id="team:2", name="二队", state="en_route"),
    )
    dispatch = Dispatch(id="d", case_id="c", by="", seat="", created_at=0.0, tasks=tasks)
    stage.say(reset=True, alarms=alarms, cases={"c": case}, dispatches={"d": dispatch})
    worst = worst_alarms(stage.model, stage.model.now())
    assert [a.key for a in worst] == ["k4", "k3", "k2"]
    assert help_for(stage.model, worst[1]).task.name == "二队"
    assert help_for(stage.model, worst[0]) is None


def test_moving_units_leave_a_trail_and_a_jump_back_takes_its_end_away(slow):
    team = next(k.id for k in slow.catalogue.kinds.values() if "mobile" in k.traits)

    def at(step: int, lon: float) -> dict[str, Entity]:
        unit = Entity(id="u", kind=team, name="", lon=lon, lat=36.6, observed_at=float(step))
        return {"u": unit, SENSOR.id: msgspec.structs.replace(SENSOR, observed_at=float(step))}

    slow.now = lambda: 4.0
    for step in range(4):
        slow.absorb(Delta(entities=at(step, 101.8 + step * 1e-3)))
    trails = slow.store.trails
    trails.tick(4.0)
    assert len(trails.lines().ends) == 3
    assert trails.lines().ids == ("u",)  # a sensor does not move
    slow.absorb(Delta(reset=True, entities=at(1, 101.801)))  # a replay that went back
    trails.tick(2.0)
    assert len(trails.lines().ends) == 1
    slow.absorb(Delta(entities={"u": None}))
    assert len(trails) == 0

"""The client's protocol without a socket, against a model of the hub that may do its worst."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.events import EntityUpserted, Event
from services.domain.model import Entity
from services.domain.world import Delta, World
from services.feed.codec import CodecName, decode_client, encode
from services.feed.frames import (
    Bye,
    ClientFrame,
    Command,
    Events,
    Heartbeat,
    Hello,
    HubFrame,
    Notice,
    Pong,
    Position,
    Replay,
    ReplayState,
    Result,
    Snapshot,
    Subscribe,
    Welcome,
)
from services.feed.protocol import (
    Changed,
    ClientProtocol,
    Drop,
    Identity,
    Live,
    Send,
    Stale,
    Step,
    Told,
)
from services.feed.ranges import conflate
from services.feed.source import ReplayRequest
from tests.services.storage.histories import HISTORIES, fold, number

ME = Identity(token="t", client="test", seat="A1")


class Reader:
    """What stands behind a sink: knows nothing but the deltas."""

    def __init__(self) -> None:
        self.view = Delta()

    def take(self, delta: Delta) -> None:
        self.view.absorb(delta)

    def tables(self) -> tuple[dict[str, Any], ...]:
        view = self.view
        tables = (view.entities, view.alarms, view.cases, view.dispatches, view.stock)
        return tuple({k: v for k, v in t.items() if v is not None} for t in tables)


def tables_of(world: World) -> tuple[dict[str, Any], ...]:
    return (world.entities, world.alarms, world.cases, world.dispatches, world.stock)


class Line:
    """A protocol, the model of a hub with its log, and the wire between them."""

    def __init__(self, history: list[Event], codec: CodecName = "msgpack") -> None:
        self.log = history
        self.epoch = "e1"
        self.protocol = ClientProtocol(ME, codec=codec)
        self.reader = Reader()
        self.position = 0  # what the hub believes the console has
        self.now = 0.0
        self.dropped: Drop | None = None
        self.told: list[Any] = []
        self.live = 0

    def hear(self, frame: HubFrame) -> list[Step]:
        steps = self.protocol.receive(encode(self.protocol.codec, frame), self.now)
        self.follow(steps)
        return steps

    def follow(self, steps: list[Step]) -> list[ClientFrame]:
        said = []
        for step in steps:
            match step:
                case Send(data):
                    said.append(decode_client(self.protocol.codec, data))
                case Changed(delta):
                    self.reader.take(delta)
                case Drop():
                    self.dropped = step
                case Told(frame):
                    self.told.append(frame)
                case Live():
                    self.live += 1
        return said

    def connect(self, *, can_resume: bool = True, parts: int = 2, lag: int = 0) -> Hello:
        """A new connection, answered as a hub would: resumed, or with a snapshot."""
        self.protocol.disconnected()
        self.dropped = None
        hello, subscribe = self.follow(self.protocol.connected(self.now))
        assert isinstance(hello, Hello)
        assert isinstance(subscribe, Subscribe)
        resume = hello.resume
        recovered = can_resume and resume is not None and resume.epoch == self.epoch
        self.hear(self.welcome(recovered))
        if recovered and resume is not None:
            self.position = resume.offset
        else:
            self.snapshot(max(0, len(self.log) - lag), parts)
        return hello

    def welcome(self, recovered: bool) -> Welcome:
        return Welcome(
            epoch=self.epoch,
            top=len(self.log),
            server_time=0.0,
            user="甲",
            recovered=recovered,
            reason="" if recovered else "too_old",
        )

    def snapshot(self, at: int, parts: int, only: int | None = None) -> None:
        world = fold(self.log[:at], self.epoch)
        tables = list(world.parts(parts))
        for part, table in enumerate(tables[:only]):
            self.hear(
                Snapshot(
                    part=part,
                    parts=len(tables),
                    epoch=self.epoch,
                    offset=at,
                    time=world.time,
                    tables=table,
                )
            )
        if only is None or only >= len(tables):
            self.position = at

    def range(self, first: int, last: int) -> list[Step]:
        return self.hear(conflate(first, last, self.log[first - 1 : last]))

    def send_rest(self) -> None:
        if self.position < len(self.log):
            self.range(self.position + 1, len(self.log))
            self.position = len(self.log)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("range"), st.integers(1, 12)),
        st.tuples(st.just("repeat"), st.integers(1, 12)),
        st.tuples(st.just("gap"), st.integers(1, 5)),
        st.tuples(st.just("cut"), st.integers(0, 1)),
        st.tuples(st.just("cut in snapshot"), st.integers(0, 2)),
        st.tuples(st.just("snapshot"), st.integers(1, 3)),
        st.tuples(st.just("heartbeat"), st.just(0)),
        st.tuples(st.just("restore"), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(HISTORIES, ACTIONS, st.sampled_from(["json", "msgpack"]))
def test_whatever_happens_on_the_way_the_world_ends_as_the_naive_fold(
    history: list[Event], actions: list[tuple[str, int]], codec: CodecName
) -> None:
    """Ranges split anywhere, repetitions, gaps, cuts, snapshots in between, restored logs."""
    line = Line(history, codec)
    line.connect(lag=len(history))
    top = len(history)
    for action, size in actions:
        at = line.position
        if action == "range" and at < top:
            line.range(at + 1, min(top, at + size))
            line.position = min(top, at + size)
        elif action == "repeat" and at > 0:
            line.range(max(1, at - size), min(top, at + size - 1))
            line.position = max(at, min(top, at + size - 1))
        elif action == "gap" and at + size < top:
            line.range(at + 1 + size, top)
            assert line.dropped is not None
            assert line.dropped.code == "gap"
            assert line.dropped.at_once
        elif action == "cut":
            line.connect(can_resume=bool(size), lag=size)
        elif action == "cut in snapshot":
            line.protocol.disconnected()
            line.follow(line.protocol.connected(0.0))
            line.hear(line.welcome(False))
            line.snapshot(top, 1, only=size)
            line.connect()
        elif action == "snapshot":
            line.snapshot(at, size)
        elif action == "heartbeat":
            line.hear(Heartbeat(top=line.position, server_time=0.0))
        elif action == "restore":
            line.epoch += "x"
            line.connect()
        if line.dropped is not None:
            hello = line.connect()
            assert hello.resume is not None
    line.send_rest()
    assert line.dropped is None
    assert line.protocol.phase == "live"
    assert line.protocol.world.digest() == fold(history).digest()
    assert line.protocol.world.offset == top
    assert line.reader.tables() == tables_of(line.protocol.world)


# -- the order of things ----------------------------------------------------------------
def thing(n: int) -> EntityUpserted:
    return EntityUpserted(entity=Entity(id=f"camera:{n}", kind="camera", name=str(n)))


HISTORY = number([thing(n) for n in range(6)])


@pytest.fixture
def line() -> Line:
    return Line(HISTORY)


def test_the_first_hello_wants_a_snapshot_the_next_resumes(line: Line) -> None:
    assert line.connect().resume is None
    assert line.live == 1
    assert line.connect().resume == Position(epoch="e1", offset=6)
    assert line.live == 2
    assert line.reader.tables() == tables_of(line.protocol.world)


def test_a_console_is_live_only_when_it_has_what_the_welcome_promised(line: Line) -> None:
    line.connect(lag=2)
    assert (line.live, line.protocol.phase) == (0, "syncing")
    assert line.protocol.ready
    line.range(5, 5)
    assert line.live == 0
    line.range(6, 6)
    assert (line.live, line.protocol.phase) == (1, "live")


@pytest.mark.parametrize(("name", "called"), [("值班员甲", "值班员甲"), ("", "duty1")])
def test_people_are_called_by_their_name(line: Line, name: str, called: str) -> None:
    line.follow(line.protocol.connected(line.now))
    line.hear(Welcome(epoch="e1", top=0, server_time=0.0, user="duty1", name=name))
    assert line.protocol.user == called


def test_a_recovered_world_is_the_same_world(line: Line) -> None:
    line.connect()
    world = line.protocol.world
    line.connect()
    assert line.protocol.world is world


def test_until_the_snapshot_is_whole_the_old_world_stands(line: Line) -> None:
    line.connect()
    world = line.protocol.world
    line.epoch = "e2"
    line.protocol.disconnected()
    line.follow(line.protocol.connected(0.0))
    line.hear(line.welcome(False))
    line.snapshot(6, 2, only=2)
    assert line.protocol.world is world
    hello = line.connect()
    assert hello.resume is None, "a world that the hub has disowned is not resumed"
    assert line.protocol.world.epoch == "e2"


def test_a_heartbeat_is_answered_with_the_position(line: Line) -> None:
    line.connect()
    (step,) = line.protocol.receive(encode("msgpack", Heartbeat(top=6, server_time=0.0)), 1.0)
    assert line.follow([step]) == [Pong(top=6)]


def test_events_that_two_heartbeats_promise_and_nobody_sends_are_a_gap(line: Line) -> None:
    line.connect(lag=2)
    line.hear(Heartbeat(top=6, server_time=0.0))
    assert line.dropped is None, "they may be on their way"
    line.range(5, 5)
    line.hear(Heartbeat(top=6, server_time=0.0))
    assert line.dropped is None, "they are coming"
    line.hear(Heartbeat(top=6, server_time=0.0))
    assert line.dropped is not None
    assert (line.dropped.code, line.dropped.at_once) == ("gap", True)


def test_a_heartbeat_overtaken_by_events_is_no_gap(line: Line) -> None:
    line.connect()
    line.hear(Heartbeat(top=3, server_time=0.0))
    line.hear(Heartbeat(top=3, server_time=0.0))
    assert line.dropped is None


def test_silence_is_stale_and_ends_the_connection(line: Line) -> None:
    line.connect()
    line.now = 5.0
    line.hear(Heartbeat(top=6, server_time=0.0))
    assert line.protocol.next_tick == 15.0
    assert line.protocol.tick(14.9) == []
    stale, drop = line.protocol.tick(15.0)
    assert stale == Stale(5.0)
    assert isinstance(drop, Drop)
    assert (drop.code, drop.retry, drop.at_once) == ("silent", True, False)
    assert line.protocol.tick(30.0) == []
    assert line.protocol.receive(b"late", 30.0) == []


@pytest.mark.parametrize(("retry", "phase"), [(True, "closed"), (False, "ended")])
def test_a_bye_says_whether_to_come_back(line: Line, retry: bool, phase: str) -> None:
    line.connect()
    line.hear(Bye(code="why", retry=retry, text="because"))
    assert line.dropped == Drop("why", "because", retry)
    assert line.protocol.phase == phase


def test_a_bye_before_the_welcome_counts(line: Line) -> None:
    line.follow(line.protocol.connected(0.0))
    line.hear(Notice(code="n", text="wait"))
    line.hear(Bye(code="unauthorized", retry=False, text="no"))
    assert line.told == [Notice(code="n", text="wait")]
    assert line.dropped == Drop("unauthorized", "no", False)


def test_results_notices_and_replay_states_are_told(line: Line) -> None:
    line.connect()
    state = ReplayState(at=1.0, offset=1, start=0.0, end=2.0, playing=False, speed=1.0)
    frames: list[HubFrame] = [Result(key="k"), Notice(code="c", text="t"), state]
    for frame in frames:
        line.hear(frame)
    assert line.told == frames


def test_a_command_goes_out_as_it_is(line: Line) -> None:
    line.connect()
    command = Command(key="k", name="case.close", args={"case": "1"}, expect_version=3)
    assert line.follow(line.protocol.command(command)) == [command]


def snapshot(part: int, parts: int, offset: int = 6, epoch: str = "e1") -> Snapshot:
    return Snapshot(
        part=part, parts=parts, epoch=epoch, offset=offset, time=0.0, tables=World().tables()
    )


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([Heartbeat(top=1, server_time=0.0)], "bad_order"),
        ([Events(first=1, last=1)], "bad_order"),
        ([Welcome(epoch="e", top=0, server_time=0, user="u")] * 2, "bad_order"),
        ([Welcome(epoch="e", top=0, server_time=0, user="u", recovered=True)], "bad_order"),
        (
            [Welcome(epoch="e", top=0, server_time=0, user="u"), Events(first=1, last=1)],
            "bad_order",
        ),
        (
            [
                Welcome(epoch="e", top=0, server_time=0, user="u"),
                snapshot(0, 2),
                Events(first=7, last=7),
            ],
            "bad_order",
        ),
        ([Welcome(epoch="e", top=0, server_time=0, user="u"), snapshot(1, 2)], "bad_snapshot"),
        ([Welcome(epoch="e", top=0, server_time=0, user="u"), snapshot(0, 0)], "bad_snapshot"),
        ([Welcome(epoch="e", top=0, server_time=0, user="u"), snapshot(0, 10**9)], "bad_snapshot"),
        *(
            (
                [Welcome(epoch="e", top=0, server_time=0, user="u"), snapshot(0, 3), other],
                "bad_snapshot",
            )
            for other in (
                snapshot(2, 3),
                snapshot(1, 2),
                snapshot(1, 3, offset=7),
                snapshot(1, 3, epoch="other"),
            )
        ),
    ],
)
def test_a_hub_that_breaks_the_order_is_left_and_tried_again(
    frames: list[HubFrame], code: str
) -> None:
    line = Line(HISTORY)
    line.follow(line.protocol.connected(0.0))
    for frame in frames:
        assert line.dropped is None
        line.hear(frame)
    assert line.dropped is not None
    assert (line.dropped.code, line.dropped.retry) == (code, True)
    line.connect()
    assert line.protocol.world.digest() == fold(HISTORY).digest()


def test_a_snapshot_may_begin_anew_before_it_is_whole(line: Line) -> None:
    line.follow(line.protocol.connected(0.0))
    line.hear(line.welcome(False))
    line.snapshot(4, 2, only=1)
    line.snapshot(6, 2)
    assert line.dropped is None
    assert line.protocol.world.digest() == fold(HISTORY).digest()


@pytest.mark.parametrize("codec", ["json", "msgpack"])
def test_bytes_that_are_no_frame_end_the_connection(codec: CodecName) -> None:
    line = Line(HISTORY, codec)
    line.connect()
    line.follow(line.protocol.receive(b"\xc1\xff nonsense", 0.0))
    assert line.dropped is not None
    assert line.dropped.code == "bad_frame"


def test_a_frame_over_the_limit_is_not_decoded() -> None:
    protocol = ClientProtocol(ME, max_bytes=100)
    protocol.connected(0.0)
    (drop,) = protocol.receive(b"\x00" * 101, 0.0)
    assert isinstance(drop, Drop)
    assert drop.code == "too_large"


def test_unknown_fields_of_a_newer_hub_are_passed_over(line: Line) -> None:
    line.follow(line.protocol.connected(0.0))
    frame = msgspec.to_builtins(line.welcome(False)) | {"colour": {"deep": [1, [2, [3]]]}}
    line.follow(line.protocol.receive(msgspec.msgpack.encode(frame), 0.0))
    assert line.dropped is None
    assert line.protocol.ready


# -- replay -----------------------------------------------------------------------------
def test_a_replay_asks_for_its_span_and_for_nothing_live() -> None:
    protocol = ClientProtocol(ME, replay=ReplayRequest(start=1.0, end=9.0))
    hello, open_ = (decode_client("msgpack", s.data) for s in protocol.connected(0.0))  # type: ignore[union-attr]  # both are Send
    assert isinstance(hello, Hello)
    assert hello.resume is None
    assert open_ == Replay(action="open", start=1.0, end=9.0)


def test_a_replay_seeks_back_and_forth_and_opens_again_after_a_cut() -> None:
    line = Line(HISTORY)
    line.protocol = ClientProtocol(ME, replay=ReplayRequest())
    line.follow(line.protocol.connected(0.0))
    line.hear(line.welcome(False))
    line.snapshot(5, 10)
    assert line.live == 1
    line.range(6, 6)
    line.snapshot(2, 10)
    assert line.protocol.world.offset == 2
    assert line.reader.tables() == tables_of(fold(HISTORY[:2]))
    line.hear(Heartbeat(top=6, server_time=0.0))
    line.hear(Heartbeat(top=6, server_time=0.0))
    assert line.dropped is None, "a replay owes nothing"
    assert line.follow(line.protocol.steer(Replay(action="open", start=3.0))) == [
        Replay(action="open", start=3.0)
    ]
    assert line.follow(line.protocol.steer(Replay(action="play"))) == [Replay(action="play")]
    line.protocol.disconnected()
    said = line.follow(line.protocol.connected(0.0))
    assert said[1] == Replay(action="open", start=3.0)

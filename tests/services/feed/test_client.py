"""The feed client against a real socket: silence, cuts, refusals, orders, ends."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import CloseCode

from services.domain.events import EntityUpserted, Observed
from services.domain.model import Entity
from services.domain.world import Delta
from services.feed.client import FeedClient
from services.feed.codec import CodecName
from services.feed.dialing import Timing, feed_url
from services.feed.frames import (
    Bye,
    Command,
    Events,
    Heartbeat,
    Hello,
    Notice,
    Pong,
    Position,
    Replay,
    ReplayState,
    Result,
    Welcome,
)
from services.feed.ranges import conflate
from services.feed.source import (
    LinkUpdate,
    NoticeUpdate,
    ReplayRequest,
    ReplayUpdate,
    ResultUpdate,
    Source,
    StateUpdate,
    Update,
)
from tests.services.feed.scripted_hub import LIMIT_S, Scene, ScriptedHub, Stage
from tests.services.storage.histories import fold, number

QUICK = Timing(silence=1.0, connect=5.0, first_wait=0.01, longest_wait=0.05)
PATIENT = Timing(silence=LIMIT_S, connect=5.0, first_wait=0.01, longest_wait=0.05)

HISTORY = number(
    [
        *(
            EntityUpserted(entity=Entity(id=f"level:{n}", kind="level", name=str(n)))
            for n in range(5)
        ),
        *(Observed(id=f"level:{n}", values={"level": float(n)}) for n in range(5)),
    ]
)


class Ear:
    """A sink that remembers and lets the test wait for what it needs."""

    def __init__(self) -> None:
        self.arrived: queue.Queue[Update] = queue.Queue()
        self.view = Delta()
        self.links: list[str] = []

    def __call__(self, update: Update) -> None:
        self.arrived.put(update)

    def until(self, wanted: Callable[[Update], bool]) -> Update:
        """Take updates in until one is wanted; a limit, never a sleep."""
        end = time.monotonic() + LIMIT_S
        while True:
            update = self.arrived.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(update, StateUpdate):
                self.view.absorb(update.delta)
            if isinstance(update, LinkUpdate) and (
                not self.links or self.links[-1] != update.state
            ):
                self.links.append(update.state)
            if wanted(update):
                return update

    def link(self, state: str) -> LinkUpdate:
        update = self.until(lambda u: isinstance(u, LinkUpdate) and u.state == state)
        assert isinstance(update, LinkUpdate)
        return update

    def result(self, key: str) -> Result:
        update = self.until(lambda u: isinstance(u, ResultUpdate) and u.result.key == key)
        assert isinstance(update, ResultUpdate)
        return update.result


@contextmanager
def console(url: str, timing: Timing = PATIENT, **more: Any) -> Iterator[tuple[FeedClient, Ear]]:
    ear = Ear()
    client = FeedClient(url, "token", seat="A1", client="test", sink=ear, timing=timing, **more)
    client.start()
    try:
        yield client, ear
    finally:
        client.close(LIMIT_S)
        assert not any(t.name == "feed-client" for t in threading.enumerate())


def first_visit(offset: int) -> Scene:
    """Hello, welcome, snapshot at ``offset``, then whatever follows."""

    def scene(stage: Stage) -> None:
        hello = stage.hear(Hello)
        assert (hello.token, hello.client, hello.seat, hello.resume) == (
            "token",
            "test",
            "A1",
            None,
        )
        stage.welcome("e", offset)
        stage.snapshot(fold(HISTORY[:offset], "e"))

    return scene


def then(*scenes: Scene) -> Scene:
    def scene(stage: Stage) -> None:
        for part in scenes:
            part(stage)

    return scene


def resumed(offset: int) -> Scene:
    """The console comes back with its position and gets what it missed."""

    def scene(stage: Stage) -> None:
        assert stage.hear(Hello).resume == Position(epoch="e", offset=offset)
        stage.welcome("e", len(HISTORY), recovered=True)
        stage.say(conflate(offset + 1, len(HISTORY), HISTORY[offset:]))

    return scene


def whole(view: Delta) -> bool:
    world = fold(HISTORY)
    return view.entities == world.entities and view.offset == world.offset


@pytest.mark.parametrize("codec", ["json", "msgpack"])
def test_silence_then_stale_then_back_with_the_position(codec: CodecName) -> None:
    started = time.time()
    with (
        ScriptedHub(then(first_visit(4), Stage.stay), then(resumed(4), Stage.stay)) as hub,
        console(hub.url, QUICK, codec=codec) as (client, ear),
    ):
        live = ear.link("live")
        assert live.since >= started
        stale = ear.link("stale")
        assert started <= stale.since <= time.time()
        assert stale.detail
        ear.link("live")
        assert ear.links == ["connecting", "live", "stale", "connecting", "live"]
        assert whole(ear.view)
        assert ear.view.reset, "the snapshot; what followed was folded on the same world"
        assert client._protocol.world.digest() == fold(HISTORY).digest()


def test_a_cut_line_is_offline_and_comes_back() -> None:
    def cut(stage: Stage) -> None:
        stage.socket.socket.shutdown(socket.SHUT_RDWR)

    with (
        ScriptedHub(then(first_visit(4), cut), then(resumed(4), Stage.stay)) as hub,
        console(hub.url) as (_, ear),
    ):
        ear.link("live")
        assert ear.link("offline").detail
        ear.link("live")
        assert ear.links == ["connecting", "live", "offline", "connecting", "live"]
        assert whole(ear.view)


def test_a_gap_is_noticed_and_resumed_at_once() -> None:
    def skip(stage: Stage) -> None:
        stage.say(Events(first=6, last=6, events=(HISTORY[5],)))
        stage.stay()

    never = Timing(silence=LIMIT_S, first_wait=3_600.0, longest_wait=3_600.0)
    with (
        ScriptedHub(then(first_visit(4), skip), then(resumed(4), Stage.stay)) as hub,
        console(hub.url, never) as (_, ear),
    ):
        ear.link("live")
        assert "Events 5 to 5 are missing" in ear.link("offline").detail
        ear.link("live")
        assert whole(ear.view)


@pytest.mark.parametrize("junk", [b"\xc1 nonsense", b"\x91" * 100_000])
def test_junk_ends_the_connection_not_the_client(junk: bytes) -> None:
    def scene(stage: Stage) -> None:
        stage.socket.send(junk)
        stage.stay()

    with (
        ScriptedHub(then(first_visit(4), scene), then(resumed(4), Stage.stay)) as hub,
        console(hub.url) as (_, ear),
    ):
        ear.link("offline")
        ear.link("live")
        assert whole(ear.view)


def test_the_hub_may_send_the_console_away_for_now_and_for_good() -> None:
    def bye(retry: bool) -> Scene:
        def scene(stage: Stage) -> None:
            stage.say(Bye(code="c", retry=retry, text=f"come back: {retry}"))

        return scene

    with (
        ScriptedHub(then(first_visit(4), bye(True)), then(resumed(4), bye(False))) as hub,
        console(hub.url) as (client, ear),
    ):
        assert ear.link("offline").detail == "come back: True"
        assert ear.link("refused").detail == "come back: False"
        client.command("k", "case.close", {})
        assert ear.result("k").error is not None
        assert hub.connections == 2


def test_a_refused_token_is_final() -> None:
    with (
        ScriptedHub(refuse=HTTPStatus.UNAUTHORIZED) as hub,
        console(hub.url) as (_, ear),
    ):
        assert "401" in ear.link("refused").detail


def test_a_hub_that_is_busy_is_tried_again() -> None:
    with (
        ScriptedHub(
            then(first_visit(10), Stage.stay), refuse=HTTPStatus.SERVICE_UNAVAILABLE
        ) as hub,
        console(hub.url) as (_, ear),
    ):
        assert "503" in ear.link("offline").detail
        hub.refuse = None
        ear.link("live")


@pytest.mark.parametrize(("code", "state"), [(4401, "refused"), (4500, "offline")])
def test_close_codes_are_final_or_not(code: int, state: str) -> None:
    def close(stage: Stage) -> None:
        stage.hear(Hello)
        stage.socket.close(code, "why")

    with ScriptedHub(close) as hub, console(hub.url) as (_, ear):
        assert f"({code} why)" in ear.link(state).detail


def test_a_message_over_the_limit_ends_the_connection() -> None:
    def huge(stage: Stage) -> None:
        stage.hear(Hello)
        stage.socket.send(b"\x00" * (64 * 1024 * 1024 + 1))
        stage.stay()

    with (
        ScriptedHub(huge, then(first_visit(10), Stage.stay)) as hub,
        console(hub.url) as (_, ear),
    ):
        assert ear.link("offline").detail
        ear.link("live")


# -- orders -----------------------------------------------------------------------------
def test_an_order_goes_out_and_its_result_comes_back() -> None:
    def desk(stage: Stage) -> None:
        order = stage.hear(Command)
        assert order == Command(key="k1", name="case.close", args={"case": "1"}, expect_version=2)
        stage.say(Result(key="k1", value={"case": "1"}))
        stage.say(Notice(code="n", text="对"))
        stage.say(Heartbeat(top=10, server_time=0.0))
        stage.hear(Pong)
        stage.stay()

    with (
        ScriptedHub(then(first_visit(10), desk)) as hub,
        console(hub.url) as (client, ear),
    ):
        ear.link("live")
        client.command("k1", "case.close", {"case": "1"}, 2)
        assert ear.result("k1").value == {"case": "1"}
        assert ear.until(lambda u: isinstance(u, NoticeUpdate)) == NoticeUpdate("n", "对")
        assert client.capabilities == {"command"}


def test_an_order_without_a_connection_is_refused_at_once_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, never answers
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}"
        with console(url) as (client, ear):
            ear.link("connecting")
            client.command("k", "case.close", {})
            error = ear.result("k").error
            assert error is not None
            assert (error.code, bool(error.text)) == ("offline", True)
            client.replay("play")


def test_an_order_before_the_start_is_refused_too() -> None:
    ear = Ear()
    client = FeedClient("ws://127.0.0.1:1", "t", seat="", client="", sink=ear)
    client.command("k", "case.close", {})
    assert ear.result("k").error is not None
    client.close()
    client.command("k2", "case.close", {})
    assert ear.arrived.empty(), "after close nothing is pushed"


# -- ends -------------------------------------------------------------------------------
def test_nobody_there_is_offline_and_tried_until_somebody_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with console(f"http://127.0.0.1:{port}") as (_, ear):
        assert ear.link("offline").detail
        ear.link("offline")
        assert "live" not in ear.links


def test_a_hub_that_never_answers_the_handshake_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with console(url, Timing(connect=0.1, first_wait=0.01)) as (_, ear):
            assert "0.1 s" in ear.link("offline").detail


def test_a_hub_that_never_says_welcome_is_stale() -> None:
    def mute(stage: Stage) -> None:
        stage.hear(Hello)
        stage.stay()

    with ScriptedHub(mute) as hub, console(hub.url, QUICK) as (_, ear):
        ear.link("stale")
        assert "live" not in ear.links


def test_close_ends_the_thread_though_the_hub_hangs() -> None:
    release = threading.Event()

    def hang(stage: Stage) -> None:
        release.wait(LIMIT_S)

    try:
        with ScriptedHub(then(first_visit(10), hang)) as hub:
            with console(hub.url) as (client, ear):
                ear.link("live")
                client.close(LIMIT_S)
                client.close(LIMIT_S)
            release.set()
    finally:
        release.set()


def test_a_hub_that_takes_nothing_is_left() -> None:
    release = threading.Event()

    def deaf(stage: Stage) -> None:
        release.wait(LIMIT_S)  # reads nothing, and the buffers fill
        stage.socket.socket.shutdown(socket.SHUT_RDWR)

    timing = Timing(silence=LIMIT_S, send=0.2, first_wait=0.01)
    try:
        with (
            ScriptedHub(then(first_visit(10), deaf), then(first_visit_again, Stage.stay)) as hub,
            console(hub.url, timing) as (client, ear),
        ):
            ear.link("live")
            for n in range(400):
                client.command(str(n), "operator.note", {"text": "x" * 100_000})
            assert "took nothing for 0.2 s" in ear.link("offline").detail
            release.set()
            ear.link("live")
    finally:
        release.set()


def first_visit_again(stage: Stage) -> None:
    assert stage.hear(Hello).resume == Position(epoch="e", offset=10)
    stage.welcome("e", 10, recovered=True)


def test_the_round_trip_is_told() -> None:
    timing = Timing(silence=LIMIT_S, ping=0.02)

    def beat(stage: Stage) -> None:
        while True:
            stage.say(Heartbeat(top=10, server_time=0.0))
            stage.hear(Pong)

    with (
        ScriptedHub(then(first_visit(10), beat)) as hub,
        console(hub.url, timing) as (_, ear),
    ):
        update = ear.until(lambda u: isinstance(u, LinkUpdate) and u.latency_s is not None)
        assert isinstance(update, LinkUpdate)
        assert update.state == "live"
        assert update.latency_s is not None
        assert update.latency_s > 0.0


def test_close_returns_though_the_sink_is_stuck(caplog: pytest.LogCaptureFixture) -> None:
    release = threading.Event()
    stuck = threading.Event()

    def sink(update: Update) -> None:
        stuck.set()
        release.wait(LIMIT_S)

    client = FeedClient("ws://127.0.0.1:1", "t", seat="", client="", sink=sink)
    client.start()
    assert stuck.wait(LIMIT_S)
    client.leave()
    assert not client.ended, "it waits for nobody"
    client.close(0.01)
    assert "did not end" in caplog.text
    release.set()
    client.close(LIMIT_S)
    assert client.ended
    assert not any(t.name == "feed-client" for t in threading.enumerate())


def test_an_address_that_is_none_is_not_tried_again() -> None:
    with console("http://") as (_, ear):
        assert "Not an address" in ear.link("refused").detail


# -- replay -----------------------------------------------------------------------------
def test_a_replay_opens_its_span_and_is_steered() -> None:
    state = ReplayState(at=1.0, offset=4, start=0.0, end=9.0, playing=False, speed=1.0)

    def past(stage: Stage) -> None:
        assert stage.hear(Hello).resume is None
        assert stage.hear(Replay) == Replay(action="open", start=0.0, end=9.0)
        stage.say(Welcome(epoch="e", top=10, server_time=0.0, user="甲"))
        stage.snapshot(fold(HISTORY[:4], "e"))
        stage.say(state)
        assert stage.hear(Replay) == Replay(action="seek", at=5.0)
        stage.snapshot(fold(HISTORY[:2], "e"))
        stage.say(state)
        stage.stay()

    with (
        ScriptedHub(past) as hub,
        console(hub.url, replay=ReplayRequest(start=0.0, end=9.0)) as (client, ear),
    ):
        assert ear.until(lambda u: isinstance(u, ReplayUpdate)) == ReplayUpdate(state)
        assert len(ear.view.entities) == 4
        client.replay("seek", at=5.0)
        ear.until(lambda u: isinstance(u, ReplayUpdate))
        assert len(ear.view.entities) == 2
        assert client.capabilities == {"replay"}


# -- small things -----------------------------------------------------------------------
def test_a_client_is_a_source() -> None:
    source: Source = FeedClient("ws://h", "t", seat="", client="", sink=Ear())
    source.close()


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("http://127.0.0.1:8630", "ws://127.0.0.1:8630/feed"),
        ("https://hub/", "wss://hub/feed"),
        ("ws://hub:1/feed", "ws://hub:1/feed"),
        ("WSS://hub", "wss://hub/feed"),
    ],
)
def test_the_feed_lies_beside_the_hub(given_: str, expected: str) -> None:
    assert feed_url(given_) == expected


@pytest.mark.parametrize("bad", ["127.0.0.1:8630", "ftp://hub", ""])
def test_what_is_no_address_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="address"):
        feed_url(bad)


@given(st.integers(0, 10_000))
def test_waits_grow_with_jitter_and_never_beyond_the_longest(attempt: int) -> None:
    wait = Timing().wait_before(attempt)
    assert 0.0 <= wait <= min(30.0, 0.5 * 2.0 ** min(attempt, 16))


def test_an_ordinary_close_is_no_refusal() -> None:
    def close(stage: Stage) -> None:
        stage.hear(Hello)
        stage.socket.close(CloseCode.GOING_AWAY)

    with ScriptedHub(close, then(first_visit(10), Stage.stay)) as hub, console(hub.url) as (_, ear):
        assert "1001" in ear.link("offline").detail
        ear.link("live")

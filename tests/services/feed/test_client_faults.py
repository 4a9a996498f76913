"""Faults of our own on the feed thread: said, and survived with a world fetched anew."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import pytest

from services.domain.events import Event
from services.domain.world import Delta, World
from services.feed.client import FeedClient
from services.feed.ranges import conflate
from services.feed.source import LinkUpdate, NoticeUpdate, StateUpdate, Update
from tests.services.feed.scripted_hub import LIMIT_S, ScriptedHub, Stage
from tests.services.feed.test_client import HISTORY, PATIENT, console, first_visit, then, whole


def more(stage: Stage) -> None:
    stage.say(conflate(5, len(HISTORY), HISTORY[4:]))
    stage.stay()


def test_a_fault_in_the_fold_is_told_and_the_world_fetched_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    apply = World.apply_range
    faults = [RuntimeError("torn fold")]

    def torn(
        self: World, events: Iterable[Event], state: Iterable[Event], top: int, delta: Delta
    ) -> None:
        if faults:  # the position has moved on, what belongs to it is not folded
            apply(self, (), (), top, delta)
            raise faults.pop()
        apply(self, events, state, top, delta)

    monkeypatch.setattr(World, "apply_range", torn)
    # first_visit wants a hello without a position: what was half folded is not gone on from
    with (
        ScriptedHub(then(first_visit(4), more), then(first_visit(4), more)) as hub,
        console(hub.url) as (client, ear),
    ):
        ear.link("live")
        notice = ear.until(lambda u: isinstance(u, NoticeUpdate))
        assert isinstance(notice, NoticeUpdate)
        assert (notice.code, "torn fold" in notice.text) == ("feed_failed", True)
        assert notice.params == {"what": "RuntimeError: torn fold"}
        assert "torn fold" in ear.link("offline").detail
        ear.link("live")
        ear.until(lambda _: whole(ear.view))
        assert ear.links == ["connecting", "live", "offline", "connecting", "live"]
        assert client.capabilities == {"command"}
    assert "torn fold" in caplog.text, "with its traceback, for whoever reads the log"


def test_a_fault_with_every_snapshot_is_tried_with_longer_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts: list[int] = []
    enough = threading.Event()

    def waited(_self: object, attempt: int) -> float:
        attempts.append(attempt)
        if len(attempts) >= 4:
            enough.set()
        return 0.001

    def broken(_self: World) -> Delta:
        raise RuntimeError("always")

    monkeypatch.setattr(type(PATIENT), "wait_before", waited)
    monkeypatch.setattr(World, "reset_delta", broken)
    with ScriptedHub(then(first_visit(4), Stage.stay)) as hub, console(hub.url):
        assert enough.wait(LIMIT_S)
    assert attempts[:4] == [1, 2, 3, 4]


def test_a_sink_that_fails_once_gets_the_world_anew() -> None:
    seen: list[Update] = []
    back = threading.Event()

    def sink(update: Update) -> None:
        seen.append(update)
        if isinstance(update, StateUpdate) and sum(isinstance(u, StateUpdate) for u in seen) == 1:
            raise ValueError("broken sink")
        if isinstance(update, LinkUpdate) and update.state == "live":
            back.set()

    with ScriptedHub(then(first_visit(10), Stage.stay)) as hub:
        client = FeedClient(hub.url, "token", seat="A1", client="test", sink=sink, timing=PATIENT)
        client.start()
        try:
            assert back.wait(LIMIT_S)
        finally:
            client.close(LIMIT_S)
    notice = next(u for u in seen if isinstance(u, NoticeUpdate))
    assert (notice.code, "broken sink" in notice.text) == ("feed_failed", True)
    states = [u.delta for u in seen if isinstance(u, StateUpdate)]
    assert [delta.reset for delta in states] == [True, True]

"""A real hub that carries out an order whose answer is lost: given again, there is one case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import app.orders
from app.bridge import ThreadBridge
from app.session import ConsoleSession
from services.feed.client import FeedClient
from services.feed.frames import Result
from services.feed.source import ReplayRequest, ResultUpdate, Update
from services.packs.loader import default_directory, load
from tests.harness import LIMIT_S, hub_process

LIMIT_MS = int(LIMIT_S * 1_000)
CASE: dict[str, object] = {"category": "E05-06", "title": "积水", "lon": 101.8, "lat": 36.6}


def test_an_order_whose_answer_is_lost_makes_one_case_when_it_is_given_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.orders, "ANSWER_LIMIT_S", 0.5)
    lost: list[Result] = []

    def source(sink: Callable[[Update], None], request: ReplayRequest | None) -> FeedClient:
        def ears(update: Update) -> None:
            if isinstance(update, ResultUpdate) and not lost:
                lost.append(update.result)
            else:
                sink(update)

        token = hub.token("duty1")
        return FeedClient(hub.url, token, seat="1", client="test", sink=ears, replay=request)

    told: list[Result] = []
    with hub_process(tmp_path) as hub:
        bridge = ThreadBridge()
        session = ConsoleSession(load(default_directory()), bridge, source)
        try:
            session.start()
            qtbot.waitUntil(lambda: session.link.state == "live", timeout=LIMIT_MS)
            session.command("case.create", CASE, told.append)
            qtbot.waitUntil(lambda: len(told) == 1, timeout=LIMIT_MS)
            assert told[0].error is not None
            assert told[0].error.code == "no_answer"
            assert lost[0].error is None, "the hub has carried it out"

            session.command("case.create", dict(CASE), told.append)
            qtbot.waitUntil(lambda: len(told) == 2, timeout=LIMIT_MS)
            assert told[1] == lost[0]
            session.command("operator.note", {"text": "end"}, told.append)
            qtbot.waitUntil(lambda: len(told) == 3, timeout=LIMIT_MS)
            assert list(session.model.cases) == [lost[0].value["case"]]
            assert hub.request("GET", "/api/v1/summary")["cases"] == 1
        finally:
            session.close()
            bridge.close()

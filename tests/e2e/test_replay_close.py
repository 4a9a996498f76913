"""Closing a replay window: its line ends by itself, the GUI thread waits for nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from services.feed.client import FeedClient
from tests.e2e.hands import Hands
from tests.e2e.seats import OpenConsole
from tests.e2e.test_past import old
from tests.harness import hub_process

__all__ = ["old"]  # the fixture


def lines() -> int:
    return sum(thread.name == "feed-client" for thread in threading.enumerate())


def test_a_replay_window_closes_without_waiting_for_its_line(
    old: float,
    console: OpenConsole,
    hands: Hands,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[FeedClient] = []
    close = FeedClient.close

    def note(self: FeedClient, timeout_s: float = 5.0) -> None:
        waited.append(self)
        close(self, timeout_s)

    monkeypatch.setattr(FeedClient, "close", note)
    with hub_process(tmp_path) as hub:
        one = console(hub)
        for _ in range(2):
            one.open_window("replay")
            hands.until(lambda: lines() == 2, "a line of the replay's own")
            one.close_window("replay")
            assert waited == []
            hands.until(lambda: lines() == 1, "its end")

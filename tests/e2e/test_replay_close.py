"""A replay window: it leaves the present alone, and closing it waits for nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from services.feed.client import FeedClient
from tests.e2e.hands import Hands, reads
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


def test_a_key_in_a_replay_does_not_silence_the_present(
    old: float, console: OpenConsole, hands: Hands, tmp_path: Path
) -> None:
    with hub_process(tmp_path) as hub:
        one = console(hub, windows=("desk", "replay"))
        told: list[object] = []
        one._sounds.changed.connect(lambda muted, _audible: told.append(muted))
        past, present = one.windows["replay"], one.windows["desk"]
        hands.to_front(past)
        hands.key("ctrl+m")
        hands.until(lambda: reads(past, "it has no sounds"), "why not")
        assert told == []
        hands.to_front(present)
        hands.key("ctrl+m")
        hands.until(lambda: bool(told) and told[-1] is not None, "silence, asked for at the desk")

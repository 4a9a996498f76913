"""Waiting for a hub aloud: silence would look like work."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

FIRST_WORD_S = 2.0
NEXT_WORD_S = 30.0
ANEW_S = 30.0
"""A hub that was not waited for during so long was there; the next wait is another one."""


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Patience:
    """The pauses of a HubClient: ``wait`` says for whom it waits, after two seconds and then
    every thirty. ``pause(seconds)`` answers True when waiting is to end. One thread.
    """

    def __init__(
        self,
        url: str,
        pause: Callable[[float], bool],
        *,
        say: Callable[[str], None] = _say,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._text = f"waiting for the hub at {url}"
        self._pause, self._say, self._steady = pause, say, steady
        self._last = float("-inf")
        self._due = 0.0

    def wait(self, seconds: float) -> bool:
        """One pause between two tries; True when trying must end."""
        now = self._steady()
        if now - self._last > ANEW_S:
            self._due = now + FIRST_WORD_S
        if now >= self._due:
            self._say(self._text)
            self._due = now + NEXT_WORD_S
        self._last = now
        return self._pause(seconds)

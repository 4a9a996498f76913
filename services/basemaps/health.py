"""Whether a tile server answers, and when it is tried again. Pure: the time is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Trouble = Literal[
    "", "no_answer", "wrong_key", "no_key", "too_many", "server_error", "no_picture", "redirected",
    "untrusted", "file",
]  # fmt: skip
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 60.0
_PATIENCE: dict[str, int] = {"no_answer": 2, "server_error": 3, "no_picture": 3}
"""Failures in a row after which the server counts as out; of all others one is enough."""


class TileError(Exception):
    """Why a tile did not come; ``retry_after``: seconds that the server asked for."""

    def __init__(self, trouble: Trouble, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble: Trouble = trouble
        self.detail = detail
        self.retry_after = retry_after


@dataclass
class Health:
    """What is known of one server. ``since``: UNIX seconds from when on it has failed."""

    trouble: Trouble = ""
    detail: str = ""
    since: float = 0.0
    _failures: int = 0
    _first_failure: float = 0.0
    _wait_s: float = FIRST_WAIT_S
    _next: float = 0.0

    @property
    def is_out(self) -> bool:
        """Whether it is left alone but for a try now and then."""
        return bool(self.trouble)

    def may_ask(self, now: float) -> bool:
        """Whether a question may go out now. While the server is out this grants one at a time:
        whoever is told yes must report what came of it."""
        if not self.is_out:
            return True
        if now < self._next:
            return False
        self._next = now + max(self._wait_s, FIRST_WAIT_S)
        return True

    def hurry(self) -> None:
        """Somebody asks for the next try now."""
        self._next = 0.0

    def answered(self) -> None:
        """A tile came, or the word that there is none."""
        self.trouble, self.detail = "", ""
        self._failures = 0
        self._wait_s = FIRST_WAIT_S

    def failed(self, error: TileError, now: float) -> None:
        """A question failed."""
        if self._failures == 0:
            self._first_failure = now
        self._failures += 1
        if not self.is_out and self._failures < _PATIENCE.get(error.trouble, 1):
            return
        if not self.is_out:
            self.since = self._first_failure
        else:
            self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
        self.trouble, self.detail = error.trouble, error.detail
        asked = error.retry_after
        wait = self._wait_s if asked is None else min(max(asked, 1.0), 10 * LONGEST_WAIT_S)
        self._next = now + wait

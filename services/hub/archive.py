"""Slow questions to the record, a few at once.

They share threads and connections with what the hub itself asks: however many people search at
once, new sessions, ingest and replays get theirs. Event loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from services.domain.errors import KnownError

T = TypeVar("T")
AT_ONCE = 2
MOST_WAITING = 64
"""Questions that wait for their turn; more is refused."""


class Archive:
    """Has questions answered off the loop, in the order in which they came."""

    def __init__(self) -> None:
        self._few = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def ask(self, question: Callable[[], T]) -> T:
        """The answer; KnownError ``busy`` when too many wait, or the question's own."""
        if self._waiting >= MOST_WAITING:
            raise KnownError("busy", "too many searches at once; try again in a moment")
        self._waiting += 1
        try:
            async with self._few:
                return await asyncio.to_thread(question)
        finally:
            self._waiting -= 1

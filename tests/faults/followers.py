"""Real feed clients for fault tests: what they were told, and whether it is the hub's state."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from services.domain.world import Delta, World
from services.feed.client import FeedClient
from services.feed.dialing import Timing
from services.feed.source import LinkUpdate, ResultUpdate, StateUpdate, Update

TIMING = Timing(silence=1.0, connect=2.0, send=2.0, first_wait=0.02, longest_wait=0.2)
LIMIT_S = 30.0
"""What the quality page allows a console to be in step again after a bad line."""


class Follower:
    """What one console has been told. Written by its feed thread, read under the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._view = Delta()
        self.links: list[str] = []
        self.results: dict[str, list[ResultUpdate]] = {}
        self.resets = 0

    def __call__(self, update: Update) -> None:
        with self._lock:
            match update:
                case StateUpdate():
                    self.resets += update.delta.reset
                    self._view.absorb(update.delta)
                case LinkUpdate():
                    if not self.links or self.links[-1] != update.state:
                        self.links.append(update.state)
                case ResultUpdate():
                    self.results.setdefault(update.result.key, []).append(update)
                case _:
                    pass

    def in_step(self, world: World) -> bool:
        """Whether it shows exactly this state."""
        with self._lock:
            view = self._view
            pairs = (
                (view.entities, world.entities),
                (view.alarms, world.alarms),
                (view.cases, world.cases),
                (view.dispatches, world.dispatches),
                (view.stock, world.stock),
            )
            return all(
                {k: v for k, v in mine.items() if v is not None} == theirs for mine, theirs in pairs
            )

    async def reach(self, world: World) -> None:
        """Wait until it shows this state."""
        async with asyncio.timeout(LIMIT_S):
            while not self.in_step(world):
                await asyncio.sleep(0.02)

    async def link(self, state: str, since: int = 0) -> None:
        """Wait until the line has been in a state after the ``since``-th change."""
        async with asyncio.timeout(LIMIT_S):
            while state not in self.links[since:]:
                await asyncio.sleep(0.02)


@contextlib.contextmanager
def follower(
    url: str, token: str, timing: Timing = TIMING
) -> Iterator[tuple[FeedClient, Follower]]:
    """A feed client at a hub, perhaps behind a bad line."""
    told = Follower()
    client = FeedClient(url, token, seat="seat 1", client="test", sink=told, timing=timing)
    client.start()
    try:
        yield client, told
    finally:
        client.close(LIMIT_S)

"""Every scope that somebody looks with: its events beside the ring's, shared by equal sessions.

Belongs to the event loop's thread. A scope that sees everything needs no memory: its events are
masked when a frame is made. Any other has each event translated once, when it is published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from services.access.masking import Masks
from services.access.scope import Scope
from services.access.sight import Find, Sight
from services.domain.events import Event
from services.domain.world import World

MOST = 256
"""Scopes kept; one that nobody has used for long costs a snapshot when it comes back."""
RENEW_S = 1.0
"""A view is made anew at most so often, while its areas are being loaded."""
Read = Callable[[Callable[[World], None]], Coroutine[Any, Any, None]]
"""Asks a question of the World as it stands at the newest published event."""


class View:
    """A sight with the events after ``since`` as it gives them; ``generation`` counts starts."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.since = 0
        self.generation = 0
        self.started_at = float("-inf")  # the loop's clock
        self._events: list[Event | None] = []

    def start(self, world: World) -> None:
        """Begin at a world that stands exactly at the newest published event."""
        self.sight.start(world)
        self.since, self._events = world.offset, []
        self.generation += 1
        self.started_at = asyncio.get_running_loop().time()

    def publish(self, batch: Sequence[Event], find: Find, keep: int) -> None:
        """Take new events in; at most ``keep`` are remembered."""
        sight = self.sight
        if sight.scope.whole:
            return
        for event in batch:
            if sight.stale:
                break
            self._events.append(sight.event(event, find))
        if sight.stale:
            self.since, self._events = batch[-1].offset, []
            return
        excess = len(self._events) - keep
        if excess > 0:
            del self._events[:excess]
            self.since += excess

    def run(self, events: Sequence[Event]) -> list[Event]:
        """A run of the log's events as this scope gets them; of a limited one, after ``since``."""
        if self.sight.scope.whole:
            return [e for e in map(self._alone, events) if e is not None]
        if not events:
            return []
        start = events[0].offset - self.since - 1
        return [e for e in self._events[start : start + len(events)] if e is not None]

    def _alone(self, event: Event) -> Event | None:
        return self.sight.event(event, _nothing)


class Sights:
    """Gives each scope its view, made when it is first asked for."""

    def __init__(self, masks: Masks) -> None:
        self.masks = masks
        self._views: dict[Scope, View] = {}
        self._one = asyncio.Lock()

    def publish(self, batch: Sequence[Event], find: Find, keep: int) -> None:
        """Let every view take new events in."""
        for view in self._views.values():
            view.publish(batch, find, keep)

    def restart(self) -> None:
        """The log has another epoch: what views remember no longer holds."""
        for view in self._views.values():
            view.sight.outdate()

    async def view(self, scope: Scope, read: Read) -> View:
        """The view of a scope, up to date; KnownError while the store has failed."""
        known = self._views.get(scope)
        if known is not None and known.sight.stale:
            await asyncio.sleep(known.started_at + RENEW_S - asyncio.get_running_loop().time())
        async with self._one:
            view = self._views.pop(scope, None) or View(Sight(scope, self.masks))
            if not scope.whole and (not view.generation or view.sight.stale):
                await read(view.start)
            while len(self._views) >= MOST:  # whoever still looks with it comes here again
                self._views.pop(next(iter(self._views))).sight.outdate()
            self._views[scope] = view
            return view


class Look:
    """One session's hold on the view of its scope, which may be made anew under it."""

    def __init__(self, sights: Sights, scope: Scope, read: Read) -> None:
        self._sights, self._scope, self._read = sights, scope, read
        self.view = View(Sight(scope, sights.masks))
        self._generation = -1

    @property
    def fresh(self) -> bool:
        """Whether what was sent so far can be gone on from."""
        return self.view.generation == self._generation and not self.view.sight.stale

    async def renew(self) -> None:
        """Take the view as it is now; KnownError while the store has failed."""
        self.view = await self._sights.view(self._scope, self._read)
        self._generation = self.view.generation


def _nothing(_id: str) -> None:
    return None

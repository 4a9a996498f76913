"""Hands committed events to every session from one shared ring; nobody waits for anybody.

Belongs to the event loop's thread. There are no queues per session: a session has a position
and asks for the next frame, which is conflated and encoded once per range, codec, kinds and scope.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeVar

from services.access.scope import Scope
from services.access.sight import Find
from services.domain.events import EntityUpserted, Event, Observed
from services.feed.codec import CodecName, encode
from services.feed.frames import Events
from services.feed.ranges import conflate, fitting
from services.hub.limits import Limits
from services.hub.sights import Sights, View

Kinds = frozenset[str] | None
SHARED_FRAMES = 128
K = TypeVar("K")
V = TypeVar("V")


class Broker:
    """The ring of the newest events. ``find`` gives an entity as it stands, None when unknown."""

    def __init__(self, epoch: str, top: int, limits: Limits, find: Find, sights: Sights) -> None:
        self.epoch = epoch
        self.top = top  # newest committed event
        self.cut = top  # newest event that sessions may take: moves in steps they share
        self.delivered = 0  # events handed to sessions, for the metrics
        self._limits = limits
        self._find, self._sights = find, sights
        self._ring: list[Event] = []
        self._ends: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._ranges: OrderedDict[tuple[int, int, Scope], Events] = OrderedDict()
        self._frames: OrderedDict[tuple[int, int, CodecName, Kinds, Scope], bytes] = OrderedDict()
        self._news = asyncio.Event()
        self._wakes: set[asyncio.Event] = set()

    # -- writing side -----------------------------------------------------------
    def publish(self, batch: Sequence[Event]) -> None:
        """Take committed events in; offsets follow on from ``top``."""
        if not batch:
            return
        self._ring.extend(batch)
        excess = len(self._ring) - self._limits.ring_events
        if excess > 0:
            del self._ring[:excess]
        self.top = batch[-1].offset
        self._sights.publish(batch, self._find, self._limits.ring_events)
        self._news.set()

    def restart(self, epoch: str, top: int) -> None:
        """A new epoch: what was published before is history that no longer holds."""
        self.epoch, self.top, self.cut = epoch, top, top
        self._ring.clear()
        self._ends.clear()
        self._ranges.clear()
        self._frames.clear()
        self._sights.restart()
        self.wake_all()

    async def run(self) -> None:
        """Move the cut at most once per frame interval, so that bursts share frames."""
        while True:
            await self._news.wait()
            self._news.clear()
            self.cut = self.top
            self.wake_all()
            await asyncio.sleep(self._limits.frame_interval_s)

    # -- reading side -----------------------------------------------------------
    def join(self, wake: asyncio.Event) -> None:
        """Have an event set whenever there may be something new."""
        self._wakes.add(wake)

    def leave(self, wake: asyncio.Event) -> None:
        """Stop that."""
        self._wakes.discard(wake)

    def wake_all(self) -> None:
        """Let every session look."""
        for wake in self._wakes:
            wake.set()

    def holds(self, position: int) -> bool:
        """Whether a reader at ``position`` can go on from the ring."""
        return position + 1 >= self._first()

    def next_frame(
        self, position: int, codec: CodecName, kinds: Kinds, view: View
    ) -> tuple[int, bytes]:
        """The frame that follows ``position`` (below the cut) and the position after it.

        The view of a limited scope must be up to date and reach back to ``position``.
        """
        last = position + self._fitting(position)
        key = (position + 1, last, codec, kinds, view.sight.scope)
        data = self._frames.get(key)
        if data is None:
            frame = self._range(position + 1, last, view)
            data = encode(codec, self.filtered(frame, kinds))
            _remember(self._frames, key, data)
        self.delivered += last - position
        return last, data

    def filtered(self, frame: Events, kinds: Kinds) -> Events:
        """The frame without the things of other kinds. Alarms, cases and deletions always go."""
        if kinds is None:
            return frame
        return Events(
            first=frame.first,
            last=frame.last,
            events=tuple(e for e in frame.events if self._wanted(e, kinds)),
            state=tuple(e for e in frame.state if self._wanted(e, kinds)),
        )

    # -- inside -------------------------------------------------------------------
    def _first(self) -> int:
        return self._ring[0].offset if self._ring else self.top + 1

    def _fitting(self, position: int) -> int:
        """How many events after ``position`` make the next frame; the same for all who ask."""
        cut, count = self.cut, self._limits.frame_events
        key = (position, cut)
        found = self._ends.get(key)
        if found is None:
            start = position + 1 - self._first()
            found = fitting(self._ring[start : start + min(cut - position, count)], count)
            _remember(self._ends, key, found)
        return found

    def _range(self, first: int, last: int, view: View) -> Events:
        key = (first, last, view.sight.scope)
        frame = self._ranges.get(key)
        if frame is None:
            base = self._first()
            run = view.run(self._ring[first - base : last - base + 1])
            frame = conflate(first, last, run)
            _remember(self._ranges, key, frame)
        return frame

    def _wanted(self, event: Event, kinds: frozenset[str]) -> bool:
        match event.body:
            case EntityUpserted():
                return event.body.entity.kind in kinds
            case Observed():
                entity = self._find(event.body.id)
                return entity is None or entity.kind in kinds
            case _:
                return True


def _remember(cache: OrderedDict[K, V], key: K, value: V) -> None:
    cache[key] = value
    if len(cache) > SHARED_FRAMES:
        cache.popitem(last=False)

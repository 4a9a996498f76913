"""What will happen by itself and when: a heap by due time, kept by the events that move it.

Nothing looks through the whole World to find what is due. Each event names at most one id per
``Timed``; that id's due time is asked and pushed when it has become earlier. A due time that has
become later, or has gone, is found out when the old one comes up. Event loop's thread.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from services.domain.events import Body, Event
from services.domain.world import World

log = logging.getLogger(__name__)

SYSTEM = "system"
"""The source of events that happen by themselves, and their actor in a flow record."""
STUBBORN_S, STUBBORN_LONGEST_S = 5.0, 600.0
"""How long a thing rests that is due at once again after it was dealt with: twice as long each
time, or one thing that cannot be decided would fill the log."""


class Timed(Protocol):
    """One sort of thing that happens by itself: a pause that ends, a deadline that passes.

    Pure: all answers come from the World and the arguments. Times are UNIX seconds.
    """

    @property
    def name(self) -> str:
        """A name of its own among all sorts."""

    def standing(self, world: World) -> Iterable[str]:
        """Every id that may have a due time, for a hub that has just started."""

    def subject(self, body: Body) -> str | None:
        """The id whose due time a body that was folded may have changed; None: none of ours."""

    def due(self, world: World, id_: str) -> float | None:
        """When the id is to be dealt with next; None while nothing waits."""

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        """What happens to the id, whose due time has come. Its due time must be later after it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What has come due, to be decided in one turn of the sequencer. ``failed``: why what could
    not be decided could not, by sort and id; the sequencer says so here."""

    due: tuple[tuple[Timed, str], ...]
    failed: dict[tuple[str, str], str] = field(default_factory=dict)

    def fail(self, sort: Timed, id_: str, error: Exception) -> None:
        """Remember a bug of ours with one thing, with the place where it happened."""
        last = traceback.extract_tb(error.__traceback__)[-1:]
        where = "".join(f" ({Path(f.filename).name}:{f.lineno})" for f in last)
        self.failed[sort.name, id_] = f"{type(error).__name__}: {error}"[:300] + where


class _Rest(NamedTuple):
    until: float
    wait_s: float


class Agenda:
    """The due times of all sorts. ``changed`` is set when the next one has become earlier."""

    def __init__(self, sorts: Sequence[Timed] = ()) -> None:
        self._sorts = {sort.name: sort for sort in sorts}
        if len(self._sorts) != len(sorts):
            raise ValueError("two sorts of timed things have one name")
        self._heap: list[tuple[float, str, str]] = []
        self._pushed: dict[tuple[str, str], float] = {}
        self._resting: dict[tuple[str, str], _Rest] = {}
        self.changed = asyncio.Event()

    def start(self, world: World) -> None:
        """Forget everything and ask anew: at the start, or when the World was replaced."""
        self._heap.clear()
        self._pushed.clear()
        self._resting.clear()
        for sort in self._sorts.values():
            for id_ in sort.standing(world):
                self._ask(world, sort, id_)
        self.changed.set()

    def note(self, world: World, events: Iterable[Event]) -> None:
        """Take in what is on the disk now; ``world`` has it folded."""
        for event in events:
            for sort in self._sorts.values():
                id_ = sort.subject(event.body)
                if id_ is not None:
                    self._ask(world, sort, id_)

    def next_at(self) -> float | None:
        """When to look again at the latest; None: not before something happens."""
        while self._heap:
            at, name, id_ = self._heap[0]
            if self._pushed.get((name, id_)) == at:
                return at
            heapq.heappop(self._heap)  # it has become earlier meanwhile and was dealt with
        return None

    def take(self, now: float, most: int = 500) -> Tick:
        """What may be due, off the heap; give it back with ``rest`` or ``settle``."""
        due: list[tuple[Timed, str]] = []
        while self._heap and self._heap[0][0] <= now and len(due) < most:
            at, name, id_ = heapq.heappop(self._heap)
            if self._pushed.get((name, id_)) == at:
                del self._pushed[name, id_]
                due.append((self._sorts[name], id_))
        return Tick(tuple(due))

    def settle(self, world: World, tick: Tick, now: float) -> None:
        """After a tick was dealt with: ask each when it is due next."""
        for sort, id_ in tick.due:
            key = sort.name, id_
            at = _due(world, sort, id_)
            why = tick.failed.get(key, "")
            if at is not None and at <= now:
                at = self._lay_down(key, now, why or "it is due again at once")
            else:
                self._resting.pop(key, None)
                if why:
                    log.error("%s of %s could not be decided: %s", *key, why)
            if at is not None:
                self._push(*key, at)

    def rest(self, tick: Tick, until: float) -> None:
        """A tick that could not be dealt with comes again at ``until``."""
        for sort, id_ in tick.due:
            self._push(sort.name, id_, until)

    def _lay_down(self, key: tuple[str, str], now: float, why: str) -> float:
        """Have a thing rest, longer each time; until when."""
        before = self._resting.get(key)
        wait = STUBBORN_S if before is None else min(2.0 * before.wait_s, STUBBORN_LONGEST_S)
        self._resting[key] = _Rest(now + wait, wait)
        self._pushed.pop(key, None)
        log.error("%s of %s rests for %.0f s: %s", *key, wait, why)
        return now + wait

    def _ask(self, world: World, sort: Timed, id_: str) -> None:
        at = _due(world, sort, id_)
        if at is not None:
            rest = self._resting.get((sort.name, id_))
            self._push(sort.name, id_, at if rest is None else max(at, rest.until))

    def _push(self, name: str, id_: str, at: float) -> None:
        known = self._pushed.get((name, id_))
        if known is not None and known <= at:
            return
        self._pushed[name, id_] = at
        heapq.heappush(self._heap, (at, name, id_))
        if self._heap[0] == (at, name, id_):
            self.changed.set()


def _due(world: World, sort: Timed, id_: str) -> float | None:
    """When an id is due. A bug of ours with one thing must stop neither the others nor the hub: it
    is asked at every start, so that a hub which it stops would not start again."""
    try:
        return sort.due(world, id_)
    except Exception:
        log.exception("when %s of %s is due could not be told", sort.name, id_)
        return None

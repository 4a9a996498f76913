"""What the hub's parts say to the audit, and the way it gets there.

Commands are recorded by the sequencer, in the transaction that holds their effect. All else goes
through an ``AuditTrail``: event loop's thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from services.audit.flood import Flood
from services.audit.record import Entry, entry
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.events import Event, subject
from services.feed.frames import ErrorInfo
from services.hub.deciding import CommandCall
from services.hub.scene import Actor

log = logging.getLogger(__name__)
MAX_WAITING = 1_000
AT_ONCE = 200
LOOK_S = 1.0
DRAIN_S = 2.0
_NAMES = ("alarm", "object", "case", "dispatch", "subject", "id", "entity")
"""Arguments that name what a refused command was about, the likeliest first."""


def command_entry(
    call: CommandCall,
    now: float,
    error: ErrorInfo | None,
    events: Sequence[Event],
    first: int,
) -> Entry:
    """A command and what became of it; ``first``: offset of the first event it made, if any.

    The digest covers everything that the command said: it proves later which order was given.
    """
    made = [e for e in events if e.offset >= first]
    detail: dict[str, object] = {"key": call.key, "sha256": call.fingerprint.hex()}
    if made:
        detail |= {"first_offset": made[0].offset, "last_offset": made[-1].offset}
    if call.expect_version is not None:
        detail["expect_version"] = call.expect_version
    about = subject(made[0].body) if made else _named(call.args)
    return _of_command(call.actor, call.name, about, error.code if error else "", detail, now)


def refused_command(
    actor: Actor, key: str, name: str, args: dict[str, object], error: KnownError
) -> Entry:
    """A command that was refused before it was decided: role, pace, or a store that is away."""
    return _of_command(actor, name, _named(args), error.code, {"key": key}, 0.0)


def of_actor(type_: str, actor: Actor, **more: object) -> Entry:
    """Something that a person at a seat did that is no command; ``more`` is its detail."""
    return entry(type_, actor=actor.user, seat=actor.seat, address=actor.address, detail=more)


def _of_command(
    actor: Actor, name: str, about: str, reason: str, detail: dict[str, object], time: float
) -> Entry:
    return entry(
        f"command.{name}",
        actor=actor.user,
        seat=actor.seat,
        address=actor.address,
        object_=about,
        reason=reason,
        detail=detail,
        time=time,
    )


def _named(args: dict[str, object]) -> str:
    return next((str(args[name]) for name in _NAMES if name in args), "")


class AuditTrail:
    """The hub's ``services.audit.sink.AuditSink``; writes through the sequencer."""

    def __init__(
        self, submit: Callable[[Sequence[Entry]], asyncio.Future[None]], clock: Clock
    ) -> None:
        self._submit, self._clock = submit, clock
        self._flood = Flood()
        self._waiting: deque[Entry] = deque()
        self._lost = 0
        self._wake = asyncio.Event()

    async def record(self, *entries: Entry) -> None:
        """On the disk before this returns; KnownError when not."""
        await self._submit([self._stamped(e) for e in entries])

    def note(self, given: Entry) -> None:
        """Soon on the disk; repeated refusals are counted together."""
        stamped = self._stamped(given)
        if stamped.reason:
            passed = self._flood.take(stamped, self._clock())
            if passed is None:
                return
            stamped = passed
        self._put(stamped)

    async def run(self) -> None:
        """Write what waits, until cancelled. While the store is away it waits on."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            self._wake.clear()
            for told in self._flood.due(self._clock()):
                self._put(told)
            await self._write()

    async def drain(self) -> None:
        """Wait a moment for what waits to be written, while the sequencer still works."""
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                while self._waiting:
                    await asyncio.sleep(0.01)

    def rest(self, *last: Entry) -> list[Entry]:
        """Everything not yet written and ``last``, at the end of the hub."""
        left = [*self._waiting, *self._flood.due(self._clock(), everything=True)]
        self._waiting.clear()
        return [*left, *(self._stamped(e) for e in last)]

    async def _write(self) -> None:
        while self._waiting:
            some = [self._waiting[i] for i in range(min(AT_ONCE, len(self._waiting)))]
            try:
                await self._submit(some)
            except KnownError:
                await asyncio.sleep(LOOK_S)
                return
            for _ in some:
                self._waiting.popleft()
            if self._lost:
                lost, self._lost = self._lost, 0
                self._put(self._stamped(entry("audit.lost", reason="full", detail={"lost": lost})))

    def _put(self, given: Entry) -> None:
        if len(self._waiting) >= MAX_WAITING:
            if not self._lost:
                log.error("the audit's waiting room is full: what only waits there is lost")
            self._lost += 1
            return
        self._waiting.append(given)
        self._wake.set()

    def _stamped(self, given: Entry) -> Entry:
        return given if given.time else msgspec.structs.replace(given, time=self._clock())

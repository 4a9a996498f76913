"""A live session: a snapshot or the missing events, then everything new, at its own pace."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace

from services.audit.sink import AuditSink
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.events import Event
from services.feed.codec import encode
from services.feed.frames import (
    ClientFrame,
    Command,
    Heartbeat,
    HubFrame,
    Notice,
    Result,
    Subscribe,
    Unsubscribe,
)
from services.feed.ranges import conflate, fitting
from services.hub.auditing import refused_command
from services.hub.broker import Broker
from services.hub.commands import Actor
from services.hub.connection import Connection
from services.hub.deciding import command_call
from services.hub.limits import Limits, Rate
from services.hub.metrics import Metrics
from services.hub.sequencer import Sequencer
from services.hub.sights import Look, View
from services.hub.snapshots import SnapshotShop
from services.hub.web import error_info
from services.storage.reader import LogReader
from services.storage.records import Bounds


@dataclass(frozen=True, slots=True)
class LiveParts:
    """What live sessions share."""

    broker: Broker
    sequencer: Sequencer
    shop: SnapshotShop
    reader: LogReader
    limits: Limits
    metrics: Metrics
    clock: Clock
    audit: AuditSink


class LiveSession:
    """One console's live feed. All of it on the event loop's thread.

    ``position`` is the newest event sent, None while a snapshot is to be sent first. Nothing but
    results and heartbeats is sent before the first subscription.
    """

    def __init__(
        self,
        connection: Connection,
        parts: LiveParts,
        actor: Actor,
        look: Look,
        position: int | None,
    ) -> None:
        self._connection, self._parts, self._actor = connection, parts, actor
        self._look = look
        self._epoch = parts.broker.epoch
        self.position = position
        self._outbox: deque[HubFrame] = deque()
        self._subscriptions: dict[int, frozenset[str] | None] = {}
        self._anew = False
        self._live = False  # in step: to be fed from the ring only
        self._waiting = 0
        self._wake = asyncio.Event()
        loop = asyncio.get_running_loop()
        limits = parts.limits
        self._rate = Rate(limits.commands_per_s, limits.command_burst, loop.time)
        self._subscribes = Rate(limits.subscribes_per_s, limits.subscriptions, loop.time)

    # -- what the client says ---------------------------------------------------
    def handle(self, frame: ClientFrame) -> None:
        """Take one frame; KnownError ends the session."""
        match frame:
            case Subscribe():
                self.subscribe(frame)
            case Unsubscribe():
                self._subscriptions.pop(frame.id, None)
            case Command():
                self.command(frame)
            case _:
                pass  # a pong: that it was heard is all it says

    def subscribe(self, frame: Subscribe) -> None:
        """Begin or widen what is sent. A wider set of kinds starts anew with a snapshot, which
        costs the hub much: so not many a second, KnownError ``too_fast``."""
        if not self._subscribes.take():
            raise KnownError("too_fast", "too many subscriptions at once", field="id")
        if len(self._subscriptions) >= self._parts.limits.subscriptions:
            raise KnownError("too_many", "too many subscriptions", field="id")
        if frame.kinds is not None and len(frame.kinds) > self._parts.limits.kinds:
            most = self._parts.limits.kinds
            raise KnownError(
                "too_many", f"name at most {most} kinds, or all of them", field="kinds"
            )
        before = self._kinds()
        had = bool(self._subscriptions)
        self._subscriptions[frame.id] = None if frame.kinds is None else frozenset(frame.kinds)
        self._anew = self._anew or (had and self._kinds() != before)
        self._wake.set()

    def command(self, frame: Command) -> None:
        """Ask the sequencer; the result is sent when the effect is on the disk."""
        try:
            if self._waiting >= self._parts.limits.commands_waiting or not self._rate.take():
                raise KnownError("too_fast", "too many commands at once; wait a moment")
            actor = replace(self._actor, sight=self._look.view.sight)
            call = command_call(actor, frame.key, frame.name, frame.args, frame.expect_version)
            future = self._parts.sequencer.submit_command(call)
        except KnownError as error:
            self._refused(frame, error)
            return
        self._waiting += 1
        future.add_done_callback(lambda done: self._answered(frame, done))

    def notice(self, code: str, text: str) -> None:
        """Tell the person something."""
        self.say(Notice(code=code, text=text))

    def say(self, frame: HubFrame) -> None:
        """Send a small frame at the next turn."""
        self._outbox.append(frame)
        self._wake.set()

    # -- what the client gets -----------------------------------------------------
    async def pump(self) -> None:
        """Send until the session ends (ConnectionEnded) or falls behind (KnownError)."""
        self._parts.broker.join(self._wake)
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._flush()
                if self._subscriptions:
                    await self._send_new()
        finally:
            self._parts.broker.leave(self._wake)

    async def beat(self) -> None:
        """A heartbeat every few seconds; a peer that has been silent too long is KnownError."""
        limits, loop = self._parts.limits, asyncio.get_running_loop()
        while True:
            await asyncio.sleep(limits.heartbeat_s)
            if loop.time() - self._connection.heard_at > limits.silence_s:
                raise KnownError("silent", f"nothing was heard for {limits.silence_s:.0f} s")
            self._check_pace()
            top = self._parts.broker.cut if self.position is None else self.position
            self.say(Heartbeat(top=top, server_time=self._parts.clock()))

    async def _flush(self) -> None:
        while self._outbox:
            await self._connection.send(self._outbox.popleft())

    async def _send_new(self) -> None:
        broker = self._parts.broker
        if self._epoch != broker.epoch:
            raise KnownError("epoch", "the log has been restored; start anew")
        if not self._look.fresh:
            await self._look.renew()
            self._anew = True
        if self.position is None or self._anew:
            self._live = self._anew = False
            await self._send_snapshot()
            if not self._look.fresh:  # its areas have changed meanwhile: once more
                self._wake.set()
                return
        if not self._live:
            await self._send_missing()
            self._live = True
        while (position := self.position) is not None and position < broker.cut and not self._anew:
            self._check_pace()
            if not self._look.fresh:
                self._wake.set()
                return
            after, data = broker.next_frame(
                position, self._connection.codec, self._kinds(), self._look.view
            )
            await self._connection.send_bytes(data)
            self.position = after
            await self._flush()

    def _check_pace(self) -> None:
        """A session that the ring has left behind goes, even while a send to it is stuck."""
        if self._live and self.position is not None and not self._parts.broker.holds(self.position):
            self._parts.metrics.slow_sessions += 1
            raise KnownError("too_slow", "the session fell too far behind; resume")

    async def _send_snapshot(self) -> None:
        snapshot = await self._parts.shop.get(
            self._connection.codec, self._kinds(), self._look.view
        )
        for data in snapshot.frames:
            await self._connection.send_bytes(data)
            self._connection.heard_at = asyncio.get_running_loop().time()  # it takes data: alive
        self.position = snapshot.offset

    async def _send_missing(self) -> None:
        """Catch up from the log, in chunks, until the ring holds the rest."""
        broker, limits = self._parts.broker, self._parts.limits
        while (position := self.position) is not None and not broker.holds(position):
            last = min(position + limits.frame_events, broker.top)
            run = await asyncio.to_thread(_all_of, self._parts.reader, position, last)
            run = run[: fitting(run, limits.frame_events)]
            last = run[-1].offset
            seen = self._look.view.run(run)
            frame = broker.filtered(conflate(position + 1, last, seen), self._kinds())
            await self._connection.send_bytes(encode(self._connection.codec, frame))
            broker.delivered += last - position
            self.position = last
            await self._flush()

    # -- inside -------------------------------------------------------------------
    def _kinds(self) -> frozenset[str] | None:
        """The union of all subscriptions; None is everything."""
        union: frozenset[str] = frozenset()
        for kinds in self._subscriptions.values():
            if kinds is None:
                return None
            union |= kinds
        return union

    def _answered(self, frame: Command, done: asyncio.Future[Result]) -> None:
        self._waiting -= 1
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self.say(done.result())
        elif isinstance(error, KnownError):
            self._refused(frame, error)

    def _refused(self, frame: Command, error: KnownError) -> None:
        """Refused before or instead of being decided, so that the sequencer did not record it."""
        self._parts.audit.note(
            refused_command(self._actor, frame.key, frame.name, frame.args, error)
        )
        self.say(Result(key=frame.key, error=error_info(error)))


def _all_of(reader: LogReader, after: int, last: int) -> list[Event]:
    """The events of a range, all of them, or KnownError: never a silent gap."""
    return list(reader.tail(after, last))


def resume_reason(
    epoch: str, offset: int, broker: Broker, bounds: Bounds, limits: Limits, view: View
) -> str:
    """Why a reader at (epoch, offset) cannot go on, "" when it can."""
    if epoch != view.sight.scope.epoch(broker.epoch) or offset > broker.top or offset < 0:
        return "epoch"
    if offset + 1 < bounds.first_offset:
        return "too_old"
    if broker.top - offset > limits.resume_events:
        return "too_many"
    if not view.sight.scope.whole and (offset < view.since or not broker.holds(offset)):
        return "too_old"  # what a limited scope saw is remembered only as long as the ring
    return ""

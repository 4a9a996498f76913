"""Runs one replay on a connection: its own pace, its own reader, no way to the live log."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from services.access.sight import Sight
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.feed.frames import (
    ClientFrame,
    Command,
    ErrorInfo,
    Heartbeat,
    HubFrame,
    Notice,
    Replay,
    Result,
    Snapshot,
)
from services.hub.connection import Connection
from services.hub.limits import Limits
from services.replay.session import Log, ReplaySession

TICK_S = 0.1
MAX_ORDERS = 64


class ReplayFeed:
    """A console's replay. Event loop's thread; the reading and folding happens off it."""

    def __init__(
        self,
        connection: Connection,
        log: Log,
        limits: Limits,
        clock: Clock,
        opening: Replay,
        sight: Sight,
    ) -> None:
        self._connection, self._log, self._limits, self._clock = connection, log, limits, clock
        self._sight = sight
        self._opening = opening
        self._orders: deque[Replay] = deque()
        self._outbox: deque[HubFrame] = deque()
        self._wake = asyncio.Event()
        self._offset = 0

    def handle(self, frame: ClientFrame) -> None:
        """Queue an order; only the newest of several seeks counts. A command is refused here."""
        if isinstance(frame, Command):
            error = ErrorInfo(
                code="replay_readonly", text="this is a replay; nothing can be ordered here"
            )
            self._say(Result(key=frame.key, error=error))
        elif isinstance(frame, Replay):
            if frame.action == "close":
                raise KnownError("replay_closed", "the replay has been closed")
            if frame.action == "seek" and self._orders and self._orders[-1].action == "seek":
                self._orders.pop()
            if len(self._orders) >= MAX_ORDERS:
                self._say(Notice(code="too_fast", text="too many replay orders at once"))
                return
            self._orders.append(frame)
            self._wake.set()

    def notice(self, code: str, text: str) -> None:
        """Nothing live reaches a replay, not even a notice."""

    async def pump(self) -> None:
        """Send the replay until the session ends. KnownError when it cannot be opened."""
        session = await self._open(self._opening)
        loop = asyncio.get_running_loop()
        while True:
            await self._pause(TICK_S if session.playing else None)
            await self._flush()
            while self._orders:
                order = self._orders.popleft()
                if order.action == "open":
                    session = await self._open_another(order, session)
                    continue
                now = loop.time()
                await self._do(partial(session.tick, now), session)
                await self._do(partial(session.handle, order, now), session)
            if session.playing:
                await self._do(partial(session.tick, loop.time()), session)

    async def beat(self) -> None:
        """A heartbeat every few seconds; a peer that has been silent too long is KnownError."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._limits.heartbeat_s)
            if loop.time() - self._connection.heard_at > self._limits.silence_s:
                raise KnownError("silent", f"nothing was heard for {self._limits.silence_s:.0f} s")
            self._say(Heartbeat(top=self._offset, server_time=self._clock()))

    # -- inside -------------------------------------------------------------------
    async def _open(self, order: Replay) -> ReplaySession:
        session = await asyncio.to_thread(
            ReplaySession, self._log, order.start, order.end, self._sight
        )
        await self._send(await asyncio.to_thread(session.open), session)
        return session

    async def _open_another(self, order: Replay, session: ReplaySession) -> ReplaySession:
        """Another span of the log; where there is nothing of it, the one that is open stays."""
        try:
            return await self._open(order)
        except KnownError as error:
            await self._connection.send(Notice(code=error.code, text=str(error)))
            return session

    async def _do(self, work: Callable[[], list[HubFrame]], session: ReplaySession) -> None:
        try:
            frames = await asyncio.to_thread(work)
        except KnownError as error:
            frames = [Notice(code=error.code, text=str(error))]
        await self._send(frames, session)

    async def _send(self, frames: Sequence[HubFrame], session: ReplaySession) -> None:
        for frame in frames:
            await self._connection.send(frame)
            if isinstance(frame, Snapshot):
                self._connection.heard_at = asyncio.get_running_loop().time()  # it takes data
            await self._flush()
        self._offset = session.offset

    async def _flush(self) -> None:
        while self._outbox:
            await self._connection.send(self._outbox.popleft())

    async def _pause(self, limit_s: float | None) -> None:
        try:
            async with asyncio.timeout(limit_s):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    def _say(self, frame: HubFrame) -> None:
        self._outbox.append(frame)
        self._wake.set()

"""``/feed``: hello, welcome, and then a live session or a replay, until one side ends it.

What goes over the line: Hello first; the hub answers Welcome. Data flows after the first
Subscribe: the missing events when Welcome said ``recovered``, else a snapshot, then everything
new. ``replay open`` turns the session into a replay for good; nothing live is sent after it and
nothing it says can reach the log, because a replay is given neither sequencer nor broker.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator

from starlette.websockets import WebSocket

from services.access.scope import Account
from services.audit.record import entry
from services.domain.errors import KnownError
from services.domain.text import plain
from services.feed.frames import Hello, Replay, Welcome
from services.hub.auditing import of_actor
from services.hub.codec import negotiate
from services.hub.commands import Actor
from services.hub.connection import Connection, ConnectionEnded
from services.hub.gate import Gate
from services.hub.live import LiveParts, LiveSession, resume_reason
from services.hub.replays import ReplayFeed
from services.hub.sights import Look, View

MAX_SEAT = 60
CAPABILITIES = ("commands", "replay", "kinds")
RETRYABLE = frozenset(
    {
        "too_slow",
        "too_old",
        "silent",
        "epoch",
        "storage_failed",
        "bad_tokens",
        "no_tokens",
        "disk_full",
        "audit_failed",
        "busy",
        "full",
        "hub_stopping",
        "token_expired",
    }
)
"""Reasons for which coming back makes sense; every other ends the console's attempts."""


class FeedEndpoint:
    """The WebSocket endpoint; one call per session, all on the event loop's thread."""

    def __init__(self, parts: LiveParts, gate: Gate) -> None:
        self._parts, self._gate = parts, gate
        self._sessions: dict[LiveSession | ReplayFeed, Connection] = {}
        self._known = 0
        self._strangers: Counter[str] = Counter()

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one session."""
        chosen = negotiate(list(websocket.scope["subprotocols"]))
        if chosen is None:
            await websocket.close(4400)
            return
        codec, subprotocol = chosen
        await websocket.accept(subprotocol)
        connection = Connection(websocket, codec, self._parts.limits)
        metrics = self._parts.metrics
        metrics.sessions += 1
        try:
            await self._serve(connection)
        except ConnectionEnded:
            pass
        except KnownError as error:
            retry = error.code in RETRYABLE
            metrics.refused_sessions += not retry
            await connection.bye(error.code, str(error), retry=retry)
        finally:
            metrics.sessions -= 1

    def notify(self, code: str, text: str) -> None:
        """Tell every live session something a person should read."""
        for session in self._sessions:
            session.notice(code, text)

    async def close_all(self) -> None:
        """Send everybody away for now: the hub is stopping."""
        await asyncio.gather(
            *(
                c.bye("hub_stopping", "the hub is stopping; it will be back", retry=True)
                for c in list(self._sessions.values())
            )
        )

    # -- one session ----------------------------------------------------------------
    async def _serve(self, connection: Connection) -> None:
        with self._as_stranger(connection.address):
            hello, account = await self._hello(connection)
        if self._known >= self._parts.limits.sessions:
            raise _full()
        self._known += 1
        over = asyncio.create_task(self._until_over(hello.token, account))
        try:
            await self._serve_known(connection, hello, account, over)
        finally:
            self._known -= 1
            over.cancel()
            await asyncio.gather(over, return_exceptions=True)

    @contextlib.contextmanager
    def _as_stranger(self, address: str) -> Iterator[None]:
        """Who has not said who they are takes no place from who has, and one machine few of its
        own kind: or a stranger with many lines would keep the consoles out."""
        if self._strangers[address] >= self._parts.limits.strangers:
            raise _full()
        self._strangers[address] += 1
        try:
            yield
        finally:
            self._strangers[address] -= 1
            if not self._strangers[address]:
                del self._strangers[address]

    async def _until_over(self, token: str, account: Account) -> None:
        raise await self._gate.until_over(token, account)

    async def _serve_known(
        self, connection: Connection, hello: Hello, account: Account, over: asyncio.Task[None]
    ) -> None:
        parts = self._parts
        look = self._gate.look(account)
        await look.renew()
        seat = plain(hello.seat, "seat", MAX_SEAT)
        position = await self._welcome(connection, hello, account, look.view)
        connection.trust()
        permission = self._gate.permission(account)
        actor = Actor(
            account.user, account.name, seat, account.roles, connection.address, permission
        )
        parts.audit.note(of_actor("session.opened", actor))
        try:
            await self._sessions_of(connection, actor, look, account, position, over)
        finally:
            parts.audit.note(of_actor("session.closed", actor))

    async def _sessions_of(
        self,
        connection: Connection,
        actor: Actor,
        look: Look,
        account: Account,
        position: int | None,
        over: asyncio.Task[None],
    ) -> None:
        parts = self._parts
        live = LiveSession(connection, parts, actor, look, position)
        if (warning := self._gate.warning(account)) is not None:
            live.notice(*warning)
        if (refusal := parts.sequencer.refusal) is not None:  # those who were here have been told
            live.notice(refusal.code, refusal.text)
        opening = await self._run(connection, live, over)
        parts.audit.note(of_actor("replay.opened", actor, start=opening.start, end=opening.end))
        parts.metrics.replays += 1
        try:
            sight = self._gate.sight_of_the_past(account)
            replay = ReplayFeed(connection, parts.reader, parts.limits, parts.clock, opening, sight)
            await self._run(connection, replay, over)
        finally:
            parts.metrics.replays -= 1

    async def _hello(self, connection: Connection) -> tuple[Hello, Account]:
        """Who is there."""
        parts = self._parts
        try:
            async with asyncio.timeout(parts.limits.hello_timeout_s):
                hello = await connection.receive()
        except TimeoutError:
            # Retryable, unlike a wrong first frame: a busy machine's hello may just be late.
            raise KnownError("silent", "no hello came in time") from None
        if not isinstance(hello, Hello):
            raise KnownError("no_hello", "the first frame must be a hello")
        try:
            return hello, self._gate.account(hello.token, connection.address)
        except KnownError as error:
            parts.audit.note(entry("session.opened", address=connection.address, reason=error.code))
            raise

    async def _welcome(
        self, connection: Connection, hello: Hello, account: Account, view: View
    ) -> int | None:
        """Say where the reader stands in the log; None wants a snapshot."""
        parts = self._parts
        broker, position, reason = parts.broker, None, ""
        if hello.resume is not None:
            bounds = await asyncio.to_thread(parts.reader.bounds)
            epoch, offset = hello.resume.epoch, hello.resume.offset
            reason = resume_reason(epoch, offset, broker, bounds, parts.limits, view)
            position = None if reason else offset
        await connection.send(
            Welcome(
                epoch=view.sight.scope.epoch(broker.epoch),
                top=broker.top,
                server_time=parts.clock(),
                user=account.user,
                name=account.name,
                roles=account.roles,
                capabilities=CAPABILITIES,
                limits=parts.limits.public(),
                recovered=position is not None,
                reason=reason,
            )
        )
        return position

    async def _run(
        self, connection: Connection, session: LiveSession | ReplayFeed, over: asyncio.Task[None]
    ) -> Replay:
        """Run a session until it ends by an exception, or asks to become a replay.

        ``over`` fails when the token has lost its right to be here.
        """
        self._sessions[session] = connection
        listen = asyncio.create_task(self._listen(connection, session))
        tasks = {listen, asyncio.create_task(session.pump()), asyncio.create_task(session.beat())}
        try:
            done, _ = await asyncio.wait({*tasks, over}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            return listen.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            del self._sessions[session]

    async def _listen(self, connection: Connection, session: LiveSession | ReplayFeed) -> Replay:
        while True:
            frame = await connection.receive()
            if isinstance(frame, Hello):
                raise KnownError("bad_frame", "hello was said already")
            if isinstance(session, LiveSession) and isinstance(frame, Replay):
                if frame.action != "open":
                    raise KnownError("bad_replay", "open a replay first", field="action")
                return frame
            session.handle(frame)


def _full() -> KnownError:
    return KnownError("full", "the hub serves as many sessions as it can")

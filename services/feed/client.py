"""The live or replayed world over a WebSocket: a thread with its own loop, which never gives up.

It connects, says hello, keeps the World, pushes immutable updates to the sink, and comes back with
its position after every break, waiting longer each time but never more than 30 s. A fault of our
own costs the World, which may be half folded: it says so and comes back for a snapshot.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import threading
import time
from collections.abc import Callable

import websockets.asyncio.client as ws
from websockets.exceptions import ConnectionClosed

from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.feed.codec import CodecName
from services.feed.dialing import End, Timing, closed_by, dial, feed_url
from services.feed.frames import Command, ErrorInfo, Notice, Replay, ReplayState, Result
from services.feed.http import RENEWABLE, TokenSource, fixed
from services.feed.protocol import (
    Changed,
    ClientProtocol,
    Drop,
    Identity,
    Live,
    Send,
    Stale,
    Step,
    Told,
)
from services.feed.source import (
    Capability,
    LinkState,
    LinkUpdate,
    NoticeUpdate,
    ReplayAction,
    ReplayRequest,
    ReplayUpdate,
    ResultUpdate,
    StateUpdate,
    Update,
)

log = logging.getLogger(__name__)
LOGIN_ENDED = "login_ended"


class FeedClient:
    """A Source over ``url`` ("http://host:port" or "ws://host:port", or https and wss).

    Methods may be called from any thread and return at once, save ``close``. ``sink`` is called on
    the feed thread only; it must not block. After ``leave`` or ``close`` it is not called any more.
    """

    def __init__(
        self,
        url: str,
        token: str | TokenSource,
        *,
        seat: str,
        client: str,
        sink: Callable[[Update], None],
        codec: CodecName = "msgpack",
        replay: ReplayRequest | None = None,
        timing: Timing | None = None,
        clock: Clock = time.time,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._url, self._trust = feed_url(url), trust
        self._sink = sink
        self._clock = clock
        self._timing = timing or Timing()
        self._is_replay = replay is not None
        self._tokens = fixed(token) if isinstance(token, str) else token
        self._refused = ""  # a token that the hub did not take any more
        self._protocol = ClientProtocol(
            Identity(token="", client=client, seat=seat),
            codec=codec,
            replay=replay,
            silence_s=self._timing.silence,
        )
        self._lock = threading.Lock()  # over the next two, which other threads read
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="feed-client", daemon=True)
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._heard_wall = clock()
        self._state: LinkState = "connecting"
        self._was_live = False
        self._stuck = False
        self._since = clock()
        self._latency: float | None = None

    # -- the Source ---------------------------------------------------------------
    @property
    def capabilities(self) -> frozenset[Capability]:
        """Orders in the present, steering in the past."""
        return frozenset({"replay"} if self._is_replay else {"command"})

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def leave(self) -> None:
        """Begin to end the connection; the thread ends by itself, even if the hub hangs."""
        with self._lock:
            self._closing = True
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stop.set)

    @property
    def ended(self) -> bool:
        """Whether the thread does not run (any more)."""
        return not self._thread.is_alive()

    def close(self, timeout_s: float = 5.0) -> None:
        """End the connection and join the thread; within ``timeout_s`` even if the hub hangs."""
        self.leave()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                log.error("The feed thread did not end within %.1f s", timeout_s)

    def command(
        self, key: str, name: str, args: dict[str, object], expect_version: int | None = None
    ) -> None:
        """Give an order; offline it is refused at once, with code ``offline``."""
        frame = Command(key=key, name=name, args=args, expect_version=expect_version)
        if not self._call(lambda: self._order(frame)):
            self._push(_offline(key))

    def replay(
        self,
        action: ReplayAction,
        *,
        start: float | None = None,
        end: float | None = None,
        at: float | None = None,
        offset: int | None = None,
        speed: float | None = None,
        steps: int | None = None,
    ) -> None:
        """Control the replay; offline it is let go, for the replay opens anew on return."""
        frame = Replay(
            action=action, start=start, end=end, at=at, offset=offset, speed=speed, steps=steps
        )
        self._call(lambda: self._steer(frame))

    # -- into the thread ------------------------------------------------------------
    def _call(self, what: Callable[[], None]) -> bool:
        with self._lock:
            if self._closing or self._loop is None:
                return False
            self._loop.call_soon_threadsafe(what)
        return True

    def _order(self, frame: Command) -> None:
        if not self._protocol.ready:
            self._push(_offline(frame.key))
            return
        for step in self._protocol.command(frame):
            self._do(step)

    def _steer(self, frame: Replay) -> None:
        if self._protocol.ready:
            for step in self._protocol.steer(frame):
                self._do(step)

    # -- the thread -----------------------------------------------------------------
    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._main())
        except Exception as error:
            log.exception("The feed thread has ended")
            self._link("refused", f"The feed has ended: {error}", since=self._heard_wall)

    async def _main(self) -> None:
        with self._lock:
            if self._closing:
                return
            self._loop = asyncio.get_running_loop()
        life = asyncio.create_task(self._live_on())
        ended = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({life, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not life.done() or life.exception() is None:
                await ended  # refused for good: orders are still answered
        finally:
            with self._lock:
                self._loop = None  # no order is handed in any more; what was runs below
            for task in (life, ended):
                task.cancel()
            results = await asyncio.gather(life, ended, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _live_on(self) -> None:
        """Connect again and again, until the hub says that there is no sense in it."""
        self._link("connecting")
        attempt = 0
        hurried = False
        while True:
            before, began = self._state, self._now()
            try:
                end, was_live = await self._connection()
            except Exception as error:
                end = self._failed(error)
                was_live = self._now() - began > self._timing.longest_wait
            if not end.retry:
                self._link("refused", end.detail, code=end.code)
                return
            if self._state != "stale" or before == "stale":
                self._link("offline", end.detail, since=self._heard_wall, code=end.code)
            attempt = 0 if was_live else attempt + 1
            hurried = end.at_once and was_live and not hurried
            if not hurried:
                await asyncio.sleep(self._timing.wait_before(attempt))

    def _failed(self, error: Exception) -> End:
        """A fault of this program, not of the line. It may come with every snapshot again, so
        having been live for a moment is no reason to hurry."""
        log.exception("The feed has failed; the world is fetched anew")
        self._protocol.forget()
        what = f"{type(error).__name__}: {error}"
        text = f"The feed has failed and is fetched anew ({what})."
        self._push(NoticeUpdate("feed_failed", text, {"what": what}))
        return End(text, code="feed_failed")

    async def _connection(self) -> tuple[End, bool]:
        """One connection from beginning to end: how it ended, and whether it was live once."""
        try:
            token = await asyncio.to_thread(self._tokens, self._refused)
        except KnownError as error:
            return End(error.text, retry=error.code != LOGIN_ENDED, code=error.code), False
        self._protocol.take_token(token)
        socket = await dial(self._url, self._protocol.codec, self._timing, self._trust)
        if isinstance(socket, End):
            return socket, False
        try:
            end = await self._converse(socket)
            return end, self._was_live
        finally:
            self._protocol.disconnected()
            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._timing.close * 2):
                        await socket.close()
            finally:  # closing may be cancelled too, and must not leave the socket behind
                socket.transport.abort()

    async def _converse(self, socket: ws.ClientConnection) -> End:
        self._outbox = asyncio.Queue()
        self._was_live = self._stuck = False
        writer = asyncio.create_task(self._write(socket))
        try:
            self._do_all(self._protocol.connected(self._now()))
            while True:
                steps = await self._next(socket)
                if self._protocol.ready and self._state in ("offline", "stale"):
                    self._link("connecting", "Catching up.")
                end = self._do_all(steps)
                if end is not None:
                    return end
        except ConnectionClosed as error:
            if self._stuck:
                return End(f"The hub took nothing for {self._timing.send:g} s.")
            return closed_by(error)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _next(self, socket: ws.ClientConnection) -> list[Step]:
        """The steps of the next message, or of silence; raises ConnectionClosed."""
        left = self._protocol.next_tick - self._now()
        try:
            async with asyncio.timeout(max(0.0, left)):
                message = await socket.recv(decode=False)
        except TimeoutError:
            return self._protocol.tick(self._now())
        self._heard_wall = self._clock()
        self._measured(socket.latency)
        return self._protocol.receive(message, self._now())

    async def _write(self, socket: ws.ClientConnection) -> None:
        """Send what is in the outbox. A hub that takes nothing for too long is cut off, so that
        the reading side ends too; any other end is the reading side's to explain."""
        text = self._protocol.codec == "json"
        try:
            while True:
                data = await self._outbox.get()
                async with asyncio.timeout(self._timing.send):
                    await socket.send(data, text=text)
        except TimeoutError:
            self._stuck = True
            socket.transport.abort()
        except ConnectionClosed:
            return

    # -- steps ----------------------------------------------------------------------
    def _do_all(self, steps: list[Step]) -> End | None:
        for step in steps:
            end = self._do(step)
            if end is not None:
                return end
        return None

    def _do(self, step: Step) -> End | None:
        match step:
            case Send(data):
                self._outbox.put_nowait(data)
            case Changed(delta):
                self._push(StateUpdate(delta))
            case Live():
                self._was_live = True
                self._link("live")
            case Told(frame):
                self._told(frame)
            case Stale():
                text = f"Nothing heard for {self._timing.silence:g} s."
                self._link("stale", text, since=self._heard_wall, code="silent")
            case Drop(code, text, retry, at_once):
                if code == RENEWABLE:
                    self._refused, at_once = self._protocol.token, True
                return End(text, retry, at_once, code)
        return None

    def _told(self, frame: Result | Notice | ReplayState) -> None:
        match frame:
            case Result():
                self._push(ResultUpdate(frame))
            case Notice():
                self._push(NoticeUpdate(frame.code, frame.text))
            case ReplayState():
                self._push(ReplayUpdate(frame))

    def _measured(self, latency: float) -> None:
        """Say the round trip when it is first known and when it has changed much."""
        if not latency or self._state != "live":
            return
        old = self._latency
        if old is None or not 0.5 < latency / old < 2.0:
            self._latency = latency
            self._link("live", since=self._since)

    def _link(
        self, state: LinkState, detail: str = "", *, since: float | None = None, code: str = ""
    ) -> None:
        self._state = state
        self._since = self._clock() if since is None else since
        if state != "live":
            self._latency = None
        known = self._protocol
        whose = (known.user, known.roles)
        self._push(LinkUpdate(state, self._since, detail, self._latency, *whose, code))

    def _push(self, update: Update) -> None:
        if not self._closing:
            self._sink(update)

    @staticmethod
    def _now() -> float:
        return time.monotonic()


def _offline(key: str) -> ResultUpdate:
    text = "There is no connection to the hub; the order was not sent."
    return ResultUpdate(Result(key=key, level="memory", error=ErrorInfo(code="offline", text=text)))

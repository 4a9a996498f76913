"""One WebSocket as frames: bounded in, patient but not for ever out, closed with a reason."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypedDict, cast

import h11
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from services.domain.errors import KnownError
from services.feed.codec import CodecName, encode
from services.feed.frames import Bye, ClientFrame, HubFrame
from services.hub.codec import decode
from services.hub.limits import Limits

EXTENSION = "onemap"
CLOSE_FINAL, CLOSE_RETRY = 4400, 4500
"""Close codes beside the Bye frame: 44xx do not come back, 45xx come back."""
BYE_TIMEOUT_S = 2.0
MAX_PINGS_UNREAD = 100
"""From a peer that takes nothing; a slow line has one or two on the way."""
MAX_PIECES = 1_000
"""Of one message; ours come in one."""


class Line(TypedDict):
    """What the protocol class below offers beyond ASGI."""

    allow: Callable[[int], None]
    abort: Callable[[], None]


class HttpProtocol(H11Protocol):
    """uvicorn's protocol, with a limit to the time in which a request's headers come.

    Nobody is behind a connection that says nothing, or a letter now and then; each of them would
    take a place among those that the machine can serve. Bodies have a limit of their own.
    """

    header_timeout_s = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Count from the first moment on."""
        super().connection_made(transport)
        self._late: asyncio.TimerHandle | None = None
        self._count()

    def data_received(self, data: bytes) -> None:
        """Count from the first byte of a request until its headers are complete, and again when
        its body goes on after it was answered."""
        self._count()
        super().data_received(data)
        conn = self.conn
        begun = conn.their_state is h11.IDLE and conn.trailing_data[0]
        goes_on = conn.their_state is h11.SEND_BODY and conn.our_state is h11.DONE
        if not (begun or goes_on) or self.transport.is_closing():
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to count any more."""
        self._stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """The feed has limits of its own."""
        self._stop()
        super().handle_websocket_upgrade(event)

    def _count(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.header_timeout_s, self.transport.abort)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def protocol_of(limits: Limits) -> type[asyncio.Protocol]:
    """The HTTP protocol with a hub's limits; uvicorn makes one per connection, of a class."""

    class Limited(HttpProtocol):
        header_timeout_s = limits.header_timeout_s

    return Limited


class FeedProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, with a message limit per session and a way to drop a dead peer."""

    _pings_unread = 0

    def handle_ping(self) -> None:
        """Answer; but who sends pings and does not read the answers is dropped, or they pile up."""
        self._pings_unread = 0 if self.writable.is_set() else self._pings_unread + 1
        if self._pings_unread <= MAX_PINGS_UNREAD:
            super().handle_ping()
        else:
            self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        """Hand a message on; text that is none ends the session without a page in the log."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.frames = []
                self.conn.send_close(1007)
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    def handle_cont(self, event: Frame) -> None:
        """Put a message together; not one of endless empty pieces, which no size limit stops."""
        super().handle_cont(event)
        if len(self.frames) > MAX_PIECES:
            self.transport.abort()

    async def run_asgi(self) -> None:
        """Offer both to the application in the scope's extensions."""
        line: Line = {"allow": self._allow, "abort": self.transport.abort}
        cast("dict[str, object]", self.scope["extensions"])[EXTENSION] = line
        await super().run_asgi()

    def _allow(self, size: int) -> None:
        self.conn.max_message_size = size


class ConnectionEnded(Exception):  # noqa: N818 - an end is not an error
    """The peer is gone or was sent away; the session just returns."""


class Connection:
    """Frames over one accepted WebSocket. Sends may come from several tasks, one frame each."""

    def __init__(self, websocket: WebSocket, codec: CodecName, limits: Limits) -> None:
        self._websocket = websocket
        self._limits = limits
        self._line = cast(Line, websocket.scope["extensions"][EXTENSION])
        self.codec: CodecName = codec
        self.address = websocket.client.host if websocket.client is not None else ""
        self.heard_at = asyncio.get_running_loop().time()
        self._line["allow"](limits.hello_bytes)

    def trust(self) -> None:
        """After the hello: allow frames of the ordinary size."""
        self._line["allow"](self._limits.frame_bytes)

    async def receive(self) -> ClientFrame:
        """The next frame. KnownError for one that is refused, ConnectionEnded at the end."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise ConnectionEnded
        self.heard_at = asyncio.get_running_loop().time()
        text, data = message.get("text"), message.get("bytes")
        if self.codec == "json" and isinstance(text, str):
            return decode("json", text.encode())
        if self.codec == "msgpack" and isinstance(data, bytes):
            return decode("msgpack", data)
        kind = "text" if self.codec == "json" else "binary"
        raise KnownError("bad_frame", f"this session speaks {kind} frames only")

    async def send(self, frame: HubFrame) -> None:
        """Send one frame."""
        await self.send_bytes(encode(self.codec, frame))

    async def send_bytes(self, data: bytes) -> None:
        """Send an encoded frame once the peer has taken the ones before.

        A peer that takes nothing for the send time-out is dropped: ConnectionEnded.
        """
        try:
            async with asyncio.timeout(self._limits.send_timeout_s):
                await self._write(data)
        except TimeoutError:
            self._line["abort"]()
            raise ConnectionEnded from None
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            raise ConnectionEnded from error

    async def bye(self, code: str, text: str, *, retry: bool) -> None:
        """Say why and close; a peer that does not listen is dropped."""
        number = CLOSE_RETRY if retry else CLOSE_FINAL
        try:
            async with asyncio.timeout(BYE_TIMEOUT_S):
                await self._write(encode(self.codec, Bye(code=code, retry=retry, text=text)))
                await self._websocket.close(number, code)
        except TimeoutError:
            self._line["abort"]()
        except (WebSocketDisconnect, RuntimeError, OSError):
            with contextlib.suppress(RuntimeError):
                self._line["abort"]()

    async def _write(self, data: bytes) -> None:
        if self.codec == "json":
            await self._websocket.send_text(data.decode())
        else:
            await self._websocket.send_bytes(data)

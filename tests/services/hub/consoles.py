"""A console for tests: the feed spoken by hand, folded into a World of its own."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from services.access.tokens import TokenFile
from services.domain.clock import Clock
from services.domain.world import Tables, World
from services.feed.frames import (
    SUBPROTOCOL_JSON,
    SUBPROTOCOL_MSGPACK,
    Bye,
    ClientFrame,
    Command,
    Events,
    Heartbeat,
    Hello,
    HubFrame,
    Pong,
    Position,
    Replay,
    ReplayState,
    Result,
    Snapshot,
    Subscribe,
    Welcome,
)
from services.hub.limits import Limits
from services.hub.main import http_server, listen
from services.hub.options import HubOptions
from services.hub.server import Hub
from services.storage.reader import LogReader

LIMIT_S = 20.0
F = TypeVar("F")
FrameT = TypeVar("FrameT", bound=HubFrame)


class Console:
    """One session; ``world`` is folded from what was received."""

    def __init__(self, socket: ClientConnection, codec: str) -> None:
        self.socket = socket
        self.codec = codec
        self.world = World()
        self.frames: list[HubFrame] = []
        self.raw = bytearray()  # every byte that was sent to it
        self.welcome: Welcome | None = None
        self._parts: list[Tables] = []

    async def send(self, frame: ClientFrame) -> None:
        if self.codec == "json":
            await self.socket.send(msgspec.json.encode(frame).decode())
        else:
            await self.socket.send(msgspec.msgpack.encode(frame))

    async def frame(self) -> HubFrame:
        """The next frame, folded; heartbeats are answered."""
        data = await asyncio.wait_for(self.socket.recv(), LIMIT_S)
        self.raw += data.encode() if isinstance(data, str) else data
        frame: HubFrame
        if isinstance(data, str):
            frame = msgspec.json.decode(data, type=HubFrame)
        else:
            frame = msgspec.msgpack.decode(data, type=HubFrame)
        self.frames.append(frame)
        match frame:
            case Snapshot():
                self._parts = [*(self._parts if frame.part else []), frame.tables]
                if frame.part + 1 == frame.parts:
                    self.world = World.restore(frame.epoch, frame.offset, frame.time, self._parts)
            case Events():
                assert frame.first == self.world.offset + 1, "a gap or an overlap"
                self.world.apply_range(frame.events, frame.state, frame.last)
            case Heartbeat():
                with contextlib.suppress(ConnectionClosed):  # frames before a Bye may wait here
                    await self.send(Pong(top=frame.top))
            case Welcome():
                self.welcome = frame
                self.world.epoch = frame.epoch
        return frame

    async def until(
        self, type_: type[FrameT], match: Callable[[FrameT], bool] | None = None
    ) -> FrameT:
        """The next frame of a type (for which something holds)."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                frame = await self.frame()
                if isinstance(frame, type_) and (match is None or match(frame)):
                    return frame

    async def reach(self, offset: int) -> None:
        """Read until the world stands at an offset."""
        async with asyncio.timeout(LIMIT_S):
            while self.world.offset < offset:
                await self.frame()

    async def order(self, key: str, command: str, /, **args: Any) -> Result:
        """Give a command and wait for its result."""
        await self.send(Command(key=key, name=command, args=args))
        return await self.until(Result, lambda r: r.key == key)

    async def replay(self, action: Any, **kw: Any) -> ReplayState:
        """Give a replay order and wait for where it stands then."""
        await self.send(Replay(action=action, **kw))
        return await self.until(ReplayState)


@contextlib.asynccontextmanager
async def console(
    url: str,
    token: str,
    *,
    codec: str = "msgpack",
    resume: Position | None = None,
    subscribe: bool = True,
) -> AsyncIterator[Console]:
    """A session that has said hello (and subscribed to everything)."""
    name = SUBPROTOCOL_JSON if codec == "json" else SUBPROTOCOL_MSGPACK
    address = url.replace("http", "ws", 1) + "/feed"
    async with connect(
        address,
        subprotocols=[name],
        max_size=None,
        proxy=None,
        compression=None,  # type: ignore[list-item]  # a NewType of str
    ) as socket:
        session = Console(socket, codec)
        await session.send(Hello(token=token, client="test", seat="seat 1", resume=resume))
        first = await session.frame()
        assert isinstance(first, Welcome | Bye)
        if subscribe and isinstance(first, Welcome):
            await session.send(Subscribe(id=1))
            if not first.recovered:
                await session.until(Snapshot, lambda s: s.part + 1 == s.parts)
                await session.reach(first.top)  # a shared snapshot may be a moment old
        yield session


@contextlib.asynccontextmanager
async def served(
    data: Path,
    *,
    limits: Limits | None = None,
    packs: tuple[Path, ...] = (),
    before_commit: Callable[[], None] = lambda: None,
    clock: Clock = time.time,
    steady: Clock = time.monotonic,
) -> AsyncIterator[tuple[Hub, str]]:
    """A hub in this process, on a free port."""
    options = HubOptions(data=data, port=0, packs=packs, limits=limits or Limits())
    hub = Hub(options, clock=clock, steady=steady, before_commit=before_commit)
    server = http_server(hub, options)
    async with hub.running():
        serving = asyncio.create_task(server.serve(sockets=[listen("127.0.0.1", 0)]))
        try:
            yield hub, f"http://127.0.0.1:{await _port(server)}"
        finally:
            await hub.feed.close_all()
            server.should_exit = True
            await serving


async def _port(server: uvicorn.Server) -> int:
    async with asyncio.timeout(LIMIT_S):
        while not server.started:
            await asyncio.sleep(0)
    return int(server.servers[0].sockets[0].getsockname()[1])


class HubProcess:
    """A real hub process on a data directory, on a port that it keeps over restarts."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = 0
        self.arguments: tuple[str, ...] = ()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "services.hub", "--child", "--data", str(self.data)]
        self.process = subprocess.Popen(
            [*command, *self.arguments, "--port", str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the hub ended before it was ready"
        self.port = int(msgspec.json.decode(line)["port"])

    def kill(self) -> None:
        """kill -9"""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def stop(self) -> int:
        """Close its stdin and wait for the end; its status."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self._reap()

    def _reap(self) -> int:
        process, self.process = self.process, None
        assert process is not None
        status = process.wait(LIMIT_S)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        return status

    def token(self, user: str) -> str:
        return TokenFile(self.data / "tokens.toml").token_of(user)

    def http(self, user: str = "source") -> httpx.Client:
        return client(self.url, self.token(user))


def http_client(url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=LIMIT_S,
    )


def past(data: Path, offset: int) -> World:
    """The state at an offset, folded from the very first event on."""
    reader = LogReader(data / "onemap.sqlite")
    try:
        world = World(reader.bounds().epoch)
        for event in reader.tail(0, offset):
            world.apply(event)
        return world
    finally:
        reader.close()


def client(url: str, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=LIMIT_S,
    )


@contextlib.contextmanager
def hub_process(data: Path) -> Iterator[HubProcess]:
    """A started hub process that is ended at the end."""
    hub = HubProcess(data)
    hub.start()
    try:
        yield hub
    finally:
        if hub.process is not None:
            hub.stop()


def tokens(data: Path) -> dict[str, str]:
    """Token by user."""
    file = TokenFile(data / "tokens.toml")
    users = ("duty1", "duty2", "leader", "trainer", "source", "field", "simulator")
    return {u: file.token_of(u) for u in users}

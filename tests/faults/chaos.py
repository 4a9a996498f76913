"""A TCP proxy that behaves like a bad network: late, in slices, slow, deaf, cut, reset."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass

RESET = struct.pack("ii", 1, 0)  # linger on, 0 s: closing sends a reset
TICK_S = 0.02


@dataclass(slots=True)
class Weather:
    """How the line behaves now; may be changed while it is used.

    ``slice_bytes``: what is passed on at once, 0 for all. ``rate_bps``: bytes a second towards the
    client, 0 for no limit. ``deaf``: takes everything and passes nothing on, in both directions.
    """

    latency_s: float = 0.0
    slice_bytes: int = 0
    rate_bps: float = 0.0
    deaf: bool = False


class Chaos:
    """One proxy in front of one port. Event loop's thread."""

    def __init__(self, target: int, chance: random.Random) -> None:
        self.weather = Weather()
        self.accepted = 0
        self._target, self._chance = target, chance
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen on a free port of the loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 14)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Cut everything and end."""
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def cut(self, *, reset: bool = False) -> None:
        """End every connection now, politely or by reset."""
        for writer in self._writers:
            sock = writer.get_extra_info("socket")
            if reset and sock is not None:
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort() if reset else writer.close()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            far_reader, far_writer = await asyncio.open_connection(
                "127.0.0.1", self._target, limit=1 << 14
            )
        except OSError:  # the hub is down: so is the line
            writer.close()
            return
        small = writer.get_extra_info("socket")
        small.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 14)
        self._writers |= {writer, far_writer}
        for source, sink, slow in ((reader, far_writer, False), (far_reader, writer, True)):
            task = asyncio.create_task(self._pump(source, sink, slow))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, slow: bool
    ) -> None:
        try:
            while data := await source.read(1 << 14):
                await self._pass(data, sink, slow)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            sink.close()

    async def _pass(self, data: bytes, sink: asyncio.StreamWriter, slow: bool) -> None:
        weather = self.weather
        if weather.latency_s:
            await asyncio.sleep(weather.latency_s * self._chance.random())
        while weather.deaf:
            await asyncio.sleep(TICK_S)
        rate = weather.rate_bps if slow else 0.0
        size = weather.slice_bytes or (max(1, int(rate * TICK_S * 4)) if rate else len(data))
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            sink.write(piece)
            await sink.drain()
            if rate:
                await asyncio.sleep(len(piece) / rate)
            elif weather.slice_bytes:
                await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def chaos(target: int, chance: random.Random) -> AsyncIterator[Chaos]:
    """A proxy for the time of the block."""
    proxy = Chaos(target, chance)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()

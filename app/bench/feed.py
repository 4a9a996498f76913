"""P6, P7 and the hub's part of P8: a real hub process, real sockets, no Qt.

The hub and all its clients share this machine, so the figures hold the cost of both ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.bench.rows import Row, percentile
from services.access.tokens import TokenFile
from services.feed.client import FeedClient
from services.feed.codec import encode
from services.feed.frames import (
    SUBPROTOCOL_MSGPACK,
    Hello,
    Pong,
    Position,
    Subscribe,
)
from services.feed.source import LinkUpdate, StateUpdate, Update

FEATURES = 35_000
LIMIT_S = 120.0
BATCH = 500
SENDERS = 4
P6_EVENTS = 60_000
SESSIONS = 50
P7_RATE = 12_000
P7_SECONDS = 8.0
RECONNECTS = 200
MISSED = 5_000
P8_RATE = 1_000
P8_SECONDS = 10
Items = list[dict[str, object]]


def rows() -> list[Row]:
    """Measure and return the rows; takes about two minutes."""
    with tempfile.TemporaryDirectory() as directory, _hub(Path(directory)) as bench:
        return asyncio.run(_measure(bench))


@dataclass(slots=True)
class _Bench:
    """A running hub and the tokens to speak to it."""

    port: int
    source: str
    officer: str

    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {self.source}"},
            trust_env=False,
            timeout=LIMIT_S,
        )


@contextlib.contextmanager
def _hub(data: Path) -> Iterator[_Bench]:
    command = [sys.executable, "-m", "services.hub", "--child", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(msgspec.json.decode(process.stdout.readline())["port"])
        tokens = TokenFile(data / "tokens.toml")
        yield _Bench(port, tokens.token_of("source"), tokens.token_of("duty1"))
    finally:
        process.stdin.close()
        process.wait(LIMIT_S)
        process.stdout.close()


async def _measure(bench: _Bench) -> list[Row]:
    await _fill(bench)
    return [
        *await _ingest(bench),
        *await _fan_out(bench),
        await _reconnect(bench),
        await _end_to_end(bench),
    ]


async def _fill(bench: _Bench) -> None:
    async with bench.http() as http:
        for start in range(0, FEATURES, BATCH):
            items: Items = [
                {
                    "type": "entity",
                    "id": f"level:{i}",
                    "kind": "level_sensor",
                    "name": f"sensor {i}",
                    "lon": 101.7 + i % 200 * 0.0005,
                    "lat": 36.5 + i // 200 * 0.0005,
                }
                for i in range(start, min(start + BATCH, FEATURES))
            ]
            await _send(http, msgspec.json.encode(items))


def _readings(first: int, count: int, level: float) -> bytes:
    items: Items = [
        {"type": "reading", "id": f"level:{i % FEATURES}", "values": {"level": level}}
        for i in range(first, first + count)
    ]
    return msgspec.json.encode(items)


async def _send(http: httpx.AsyncClient, body: bytes) -> int:
    """Ingest a batch; the offset of its last item, which is on the disk."""
    answer = await http.post("/api/v1/ingest", content=body)
    answer.raise_for_status()
    return int(msgspec.json.decode(answer.content)["items"][-1]["offset"])


# -- P6 ------------------------------------------------------------------------------------------
async def _ingest(bench: _Bench) -> list[Row]:
    """Throughput with every sender busy; ack time at the rate that is the target."""
    bodies = [_readings(i, BATCH, 0.1) for i in range(0, P6_EVENTS, BATCH)]
    queue = iter(bodies)

    async def sender() -> None:
        async with bench.http() as http:
            for body in queue:
                await _send(http, body)

    started = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    rate = P6_EVENTS / (time.perf_counter() - started)
    waits = await _acks_at(bench, 10_000, 100, 6.0)
    return [
        Row(
            figure="P6",
            name=f"ingest over HTTP, {SENDERS} senders, batches of {BATCH}, each on disk first",
            size=P6_EVENTS,
            value=rate,
            unit="events/s",
            target="≥ 10,000 events/s",
            ok=rate >= 10_000,
        ),
        Row.at_most(
            "P6",
            "ack p99 at 10,000 events/s in batches of 100",
            len(waits) * 100,
            percentile(waits, 99) * 1e3,
            "ms",
            50.0,
        ),
    ]


async def _acks_at(bench: _Bench, rate: int, batch: int, seconds: float) -> list[float]:
    """Ack times of batches sent on schedule, whether or not earlier ones are answered."""
    waits: list[float] = []
    bodies = [_readings(i * batch, batch, 0.1) for i in range(int(rate / batch * seconds))]
    async with bench.http() as http:

        async def one(body: bytes, due: float) -> None:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await _send(http, body)
            waits.append(time.perf_counter() - due)

        start = time.perf_counter() + 0.1
        await asyncio.gather(*(one(b, start + i * batch / rate) for i, b in enumerate(bodies)))
    return waits


# -- sessions ------------------------------------------------------------------------------------
class _Head(msgspec.Struct):
    """The part of a hub frame that a counting client needs; the rest is stepped over."""

    t: str
    first: int = 0
    last: int = 0
    offset: int = 0
    part: int = 0
    parts: int = 0
    epoch: str = ""
    recovered: bool = False


_HEAD = msgspec.msgpack.Decoder(_Head)


@dataclass(slots=True)
class _Session:
    """A client that keeps its position and the time of each frame, and folds nothing."""

    socket: ClientConnection
    offset: int = 0
    seen: list[tuple[int, float]] = field(default_factory=list)

    async def until(self, offset: int) -> None:
        """Read until the position is reached; a gap is an error."""
        while self.offset < offset:
            head = _HEAD.decode(await self.socket.recv(decode=False))
            if head.t == "snapshot" and head.part + 1 == head.parts:
                self.offset = head.offset
            elif head.t == "events":
                if head.first != self.offset + 1:
                    raise RuntimeError("a gap in the feed")
                self.offset = head.last
                self.seen.append((head.last, time.perf_counter()))
            elif head.t == "heartbeat":
                await self.socket.send(encode("msgpack", Pong(top=self.offset)))
            elif head.t == "bye":
                raise RuntimeError("the hub ended the session")


async def _session(bench: _Bench, stack: AsyncExitStack, resume: Position) -> _Session:
    """A session that goes on from a position; closed with the stack."""
    socket = await stack.enter_async_context(
        connect(
            f"ws://127.0.0.1:{bench.port}/feed",
            subprotocols=[Subprotocol(SUBPROTOCOL_MSGPACK)],
            max_size=None,
            compression=None,
            proxy=None,
            ping_interval=None,
            open_timeout=LIMIT_S,
        )
    )
    await socket.send(encode("msgpack", Hello(token=bench.officer, client="bench", resume=resume)))
    welcome = _HEAD.decode(await socket.recv(decode=False))
    if not welcome.recovered:
        raise RuntimeError("the hub did not take the position")
    await socket.send(encode("msgpack", Subscribe(id=1)))
    return _Session(socket, resume.offset)


async def _position(bench: _Bench) -> Position:
    async with bench.http() as http:
        log = (await http.get("/api/v1/log")).json()
        return Position(log["epoch"], log["last_offset"])


# -- P7 ------------------------------------------------------------------------------------------
async def _fan_out(bench: _Bench) -> list[Row]:
    """Sessions take every frame while batches come in on schedule; late is late for all."""
    at = await _position(bench)
    count = int(P7_RATE * P7_SECONDS)
    sent: dict[int, float] = {}
    async with AsyncExitStack() as stack:
        sessions = [await _session(bench, stack, at) for _ in range(SESSIONS)]
        http = await stack.enter_async_context(bench.http())
        start = time.perf_counter() + 0.1

        async def one(number: int) -> None:
            await asyncio.sleep(max(0.0, start + number * 100 / P7_RATE - time.perf_counter()))
            before = time.perf_counter()
            sent[await _send(http, _readings(number * 100, 100, 0.1))] = before

        top = at.offset + count
        await asyncio.gather(
            *(one(n) for n in range(count // 100)), *(s.until(top) for s in sessions)
        )
        seconds = max(s.seen[-1][1] for s in sessions) - start
    rate = count * SESSIONS / seconds
    delays = [delay for s in sessions for delay in _delays(sent, s.seen)]
    p99 = percentile(delays, 99)
    return [
        Row(
            figure="P7",
            name=f"deliveries to {SESSIONS} sessions at {P7_RATE:,} events/s offered",
            size=count * SESSIONS,
            value=rate,
            unit="events/s",
            target="≥ 500,000 events/s",
            ok=rate >= 500_000,
        ),
        Row.at_most(
            "P7",
            "sent to the hub → received by a session, p99, during that",
            len(delays),
            p99 * 1e3,
            "ms",
            200.0,
        ),
    ]


def _delays(sent: dict[int, float], seen: list[tuple[int, float]]) -> Iterator[float]:
    """Per batch (by its last offset): from its sending to the frame that held its end."""
    frames = iter(seen)
    last, when = next(frames)
    for offset in sorted(sent):
        while last < offset:
            last, when = next(frames)
        yield when - sent[offset]


async def _reconnect(bench: _Bench) -> Row:
    """Everybody comes back at once, each with a few thousand events to catch up."""
    at = await _position(bench)
    behind = Position(at.epoch, at.offset - MISSED)
    async with AsyncExitStack() as stack:
        started = time.perf_counter()

        async def back() -> None:
            await (await _session(bench, stack, behind)).until(at.offset)

        await asyncio.gather(*(back() for _ in range(RECONNECTS)))
        seconds = time.perf_counter() - started
    name = f"{RECONNECTS} sessions back at once, {MISSED:,} events behind, until all are current"
    return Row.at_most("P7", name, RECONNECTS, seconds, "s", 10.0)


# -- P8 ------------------------------------------------------------------------------------------
async def _end_to_end(bench: _Bench) -> Row:
    """The console's own feed client folds the feed; its painting is not in this row."""
    seen: list[tuple[int, float]] = []
    live = asyncio.Event()
    loop = asyncio.get_running_loop()

    def sink(update: Update) -> None:
        if isinstance(update, StateUpdate):
            seen.append((update.delta.offset, time.perf_counter()))
        elif isinstance(update, LinkUpdate) and update.state == "live":
            loop.call_soon_threadsafe(live.set)

    batch = 20
    sent: dict[int, float] = {}
    url = f"http://127.0.0.1:{bench.port}"
    feed = FeedClient(url, bench.officer, seat="bench", client="bench", sink=sink)
    feed.start()
    try:
        async with bench.http() as http:
            async with asyncio.timeout(LIMIT_S):
                await live.wait()
            start = time.perf_counter() + 0.1

            async def one(number: int) -> None:
                await asyncio.sleep(
                    max(0.0, start + number * batch / P8_RATE - time.perf_counter())
                )
                before = time.perf_counter()
                sent[await _send(http, _readings(number * batch, batch, 0.1))] = before

            await asyncio.gather(*(one(n) for n in range(P8_RATE * P8_SECONDS // batch)))
            async with asyncio.timeout(LIMIT_S):
                while seen[-1][0] < max(sent):
                    await asyncio.sleep(0.01)
    finally:
        feed.close(5.0)
    p99 = percentile(list(_delays(sent, [s for s in seen if s[0] > 0])), 99)
    return Row(
        figure="P8",
        name=f"reading sent to the hub → in the console's world, p99, {P8_RATE:,} readings/s",
        size=FEATURES,
        value=p99 * 1e3,
        unit="ms",
        target="≤ 250 ms until painted",
        ok=None if p99 <= 0.25 else False,
    )

"""Records what this version writes: ``python -m tests.golden.record store|feed NAME``.

``store NAME`` writes ``store-NAME.sqlite``: the scripted history below in this version's schema
(NAME is the newest revision in ``services/storage/migrations/versions``). ``feed NAME`` runs a hub
and writes what a session received, frame by frame, in both codecs. Each adds its expected digest to
``golden.json``. Do so once whenever the schema or the protocol grows, and never again for an old
name: a recording is what that version wrote, and every later version must open it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import struct
import sys
import tempfile
from pathlib import Path

import msgspec
from websockets.asyncio.client import connect

from services.domain.world import World
from services.feed.frames import (
    SUBPROTOCOL_JSON,
    SUBPROTOCOL_MSGPACK,
    Command,
    Events,
    Hello,
    HubFrame,
    Pong,
    Replay,
    ReplayState,
    Result,
    Snapshot,
    Subscribe,
)
from services.storage.records import KeyRow, pack_snapshot
from services.storage.writer import LogWriter
from tests.golden.history import EPOCH, HISTORY, SNAPSHOT_AT
from tests.services.hub.consoles import http_client, served, tokens
from tests.services.hub.test_feed import CITY, ingest, reading, thing

HERE = Path(__file__).parent
LENGTH = struct.Struct(">I")


class Golden(msgspec.Struct):
    """What a recording must fold to."""

    digest: str
    offset: int


def remember(name: str, golden: Golden) -> None:
    """Note the expected state of a recording; an old recording's is never changed."""
    path = HERE / "golden.json"
    known = msgspec.json.decode(path.read_bytes(), type=dict[str, Golden]) if path.exists() else {}
    if name in known:
        raise SystemExit(f"{name} is recorded already; a recording is never made anew")
    known[name] = golden
    path.write_bytes(msgspec.json.format(msgspec.json.encode(known)) + b"\n")


def record_store(name: str) -> None:
    """A database as this version writes it."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "onemap.sqlite"
        world = World(EPOCH)
        writer = LogWriter(path)
        try:
            for event in HISTORY[:SNAPSHOT_AT]:
                world.apply(event)
            writer.append(HISTORY[:SNAPSHOT_AT])
            writer.add_snapshot(world.offset, world.time, pack_snapshot(world.parts()))
            for event in HISTORY[SNAPSHOT_AT:]:
                world.apply(event)
            writer.append(HISTORY[SNAPSHOT_AT:], [KeyRow("key-1", b"f" * 32, b"r", world.time)])
        finally:
            writer.close()
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (EPOCH,))
            connection.commit()
            connection.execute("PRAGMA journal_mode=DELETE").close()
            connection.execute("VACUUM")
        remember(f"store-{name}.sqlite", Golden(world.digest(), world.offset))
        (HERE / f"store-{name}.sqlite").write_bytes(path.read_bytes())


async def record_feed(name: str) -> None:
    """What two sessions receive, one per codec: snapshot, events, a result, then a replay."""
    for codec, protocol in (("json", SUBPROTOCOL_JSON), ("msgpack", SUBPROTOCOL_MSGPACK)):
        with tempfile.TemporaryDirectory() as directory:
            frames, golden = await _session(Path(directory), codec, protocol)
        file = f"feed-{name}-{codec}.bin"
        remember(file, golden)
        (HERE / file).write_bytes(b"".join(LENGTH.pack(len(f)) + f for f in frames))


async def _session(data: Path, codec: str, protocol: str) -> tuple[list[bytes], Golden]:
    coder = msgspec.json if codec == "json" else msgspec.msgpack
    frames: list[bytes] = []
    async with (
        served(data) as (hub, url),
        http_client(url, tokens(data)["source"]),
        connect(
            url.replace("http", "ws", 1) + "/feed",
            subprotocols=[protocol],
            proxy=None,
            compression=None,  # type: ignore[list-item]  # a NewType of str
        ) as socket,
    ):
        who = tokens(data)

        async def say(frame: object) -> None:
            raw = coder.encode(frame)
            await socket.send(raw.decode() if codec == "json" else raw)

        async def until(type_: type) -> object:
            while True:
                got = await asyncio.wait_for(socket.recv(), 20)
                frames.append(got.encode() if isinstance(got, str) else got)
                frame: object = coder.decode(frames[-1], type=HubFrame)
                if isinstance(frame, type_):
                    return frame

        await ingest(url, who["source"], CITY)
        await say(Hello(token=who["duty1"], client="golden", seat="seat 1"))
        await say(Subscribe(id=1))
        await until(Snapshot)
        for level in (0.1, 0.9, 0.2):
            await ingest(url, who["source"], [reading(level)])
            await until(Events)
        await ingest(url, who["source"], [thing("level:9", "level_sensor")])
        await ingest(url, who["source"], [{"type": "delete", "id": "level:9"}])
        where = {"category": "E05-06", "lon": 101.77, "lat": 36.63, "title": "积水"}
        await say(Command(key="golden-1", name="case.create", args=where))
        await until(Result)
        await say(Pong(top=hub.broker.top))
        world = World()
        position = 0
        while position < hub.broker.top:
            world = replayed(frames, codec)
            position = world.offset
            if position < hub.broker.top:
                await until(Events)
        golden = Golden(world.digest(), world.offset)
        await say(Replay(action="open"))
        await until(ReplayState)
    return frames, golden


def frames_of(frames: list[bytes], codec: str) -> list[HubFrame]:
    """A recording's frames as this version reads them."""
    coder = msgspec.json if codec == "json" else msgspec.msgpack
    return [coder.decode(raw, type=HubFrame) for raw in frames]


def replayed(frames: list[bytes], codec: str) -> World:
    """The state that the live part of a recording folds to."""
    world, live = World(), False
    for frame in frames_of(frames, codec):
        if isinstance(frame, Snapshot):
            if live:
                break  # the replay's: its events are of another past
            assert frame.parts == 1
            world = World.restore(frame.epoch, frame.offset, frame.time, [frame.tables])
            live = True
        elif isinstance(frame, Events):
            assert frame.first == world.offset + 1
            world.apply_range(frame.events, frame.state, frame.last)
    return world


def split(data: bytes) -> list[bytes]:
    """The frames of a recording."""
    frames, at = [], 0
    while at < len(data):
        (length,) = LENGTH.unpack_from(data, at)
        frames.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return frames


if __name__ == "__main__":
    what, version = sys.argv[1:3]
    if what == "store":
        record_store(version)
    else:
        asyncio.run(record_feed(version))

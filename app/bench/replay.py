"""P9: seeking in a day of the log, playing it fast, and whether what is shown is what was.

The log holds ``size`` events of 24 hours on 35,000 things, with snapshots as a hub writes them.
A seek is timed to the encoded frames that a console would get.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

import msgspec

from app.bench.rows import Row, percentile
from services.domain.events import EntityUpserted, Event, Observed
from services.domain.model import Entity, Link
from services.domain.world import World
from services.feed.codec import encode
from services.feed.frames import HubFrame, Replay, Snapshot
from services.feed.ranges import split_tables
from services.hub.snapshots import KEEP_EVERY_EVENTS, KEEP_EVERY_S
from services.replay.session import ReplaySession
from services.storage.reader import LogReader
from services.storage.records import pack_snapshot
from services.storage.writer import LogWriter

EVENTS = 1_000_000
TARGET_EVENTS = 10_000_000
FEATURES = 35_000
DAY_S = 86_400.0
BATCH = 5_000
SEEKS, CHECKED = 60, 5
SPEED, PLAYED_S, TICK_S = 60.0, 3_600.0, 0.1
SEED = 630102
BEGIN = 1_750_000_000.0


def rows(size: int = EVENTS) -> list[Row]:
    """Measure and return the rows; a million events take about two minutes."""
    size = max(size, FEATURES + BATCH)
    with tempfile.TemporaryDirectory() as directory:
        chance = random.Random(SEED)
        checked = {chance.randrange(FEATURES, size) for _ in range(CHECKED)}
        digests = _fill(Path(directory), size, checked)
        reader = LogReader(Path(directory) / "onemap.sqlite")
        try:
            seeks = _seeks(reader, chance)
            same = [_state(reader, offset) == digest for offset, digest in digests.items()]
            speed = _play(reader)
        finally:
            reader.close()
    p95 = percentile([wall for wall, _ in seeks], 95) * 1e3
    whole = size >= TARGET_EVENTS
    return [
        Row(
            figure="P9",
            name=f"replay: seek to encoded frames, p95 of {SEEKS}, 24 h",
            size=size,
            value=p95,
            unit="ms",
            target="≤ 500 ms at 10,000,000",
            ok=p95 <= 500.0 if whole or p95 > 500.0 else None,
        ),
        Row(
            figure="P9",
            name="replay: processor time of these seeks, p95",
            size=size,
            value=percentile([cpu for _, cpu in seeks], 95) * 1e3,
            unit="ms",
        ),
        Row(
            figure="P9",
            name="replay: log seconds a second of work",
            size=size,
            value=speed,
            unit="×",
            target="≥ 60× at 10,000,000",
            ok=speed >= SPEED if whole or speed < SPEED else None,
        ),
        Row(
            figure="P9",
            name=f"replay: states of {len(same)} seeks that equal the live fold's hash",
            size=size,
            value=float(sum(same)),
            unit="",
            target=f"= {len(same)}",
            ok=all(same),
        ),
    ]


def _fill(data: Path, size: int, checked: set[int]) -> dict[int, str]:
    """A day of the log; the digests of the live fold at the offsets asked for."""
    writer = LogWriter(data / "onemap.sqlite")
    world = World(writer.epoch)
    digests: dict[int, str] = {}
    kept_offset, kept_time = 0, BEGIN
    try:
        for first in range(1, size + 1, BATCH):
            batch = [_event(n, size) for n in range(first, min(first + BATCH, size + 1))]
            writer.append(batch)
            for event in batch:
                world.apply(event)
                if event.offset in checked:
                    digests[event.offset] = world.digest()
            due = world.offset - kept_offset >= KEEP_EVERY_EVENTS
            if due or world.time - kept_time >= KEEP_EVERY_S:
                blob = pack_snapshot(split_tables(world.tables()))
                writer.add_snapshot(world.offset, world.time, blob)
                kept_offset, kept_time = world.offset, world.time
    finally:
        writer.close()
    return digests


def _event(number: int, size: int) -> Event:
    at = BEGIN + number * DAY_S / size
    if number <= FEATURES:
        entity = Entity(
            id=f"level:{number}",
            kind="level_sensor",
            name=f"sensor {number}",
            lon=101.7 + number % 200 * 0.0005,
            lat=36.5 + number // 200 * 0.0005,
        )
        return Event(
            offset=number,
            event_time=at,
            recv_time=at,
            source="bench",
            body=EntityUpserted(entity=entity),
        )
    body = Observed(
        id=f"level:{1 + number * 7_919 % FEATURES}",
        values={"level": number % 1_000 / 1_000},
        link=Link.ONLINE,
    )
    return Event(offset=number, event_time=at, recv_time=at, source="bench", body=body)


def _seeks(reader: LogReader, chance: random.Random) -> list[tuple[float, float]]:
    """(seconds, seconds of the processor) of each; they differ where others use it as well."""
    session = ReplaySession(reader, None, None)
    session.open()
    spent: list[tuple[float, float]] = []
    for _ in range(SEEKS):
        at = chance.uniform(session.start, session.end)
        started, used = time.perf_counter(), time.process_time()
        for frame in session.handle(Replay(action="seek", at=at), started):
            encode("msgpack", frame)
        spent.append((time.perf_counter() - started, time.process_time() - used))
    return spent


def _state(reader: LogReader, offset: int) -> str:
    """What a console shows after a seek, by the frames it gets."""
    session = ReplaySession(reader, None, None)
    session.open()
    parts = []
    snapshot: Snapshot | None = None
    for frame in session.handle(Replay(action="seek", offset=offset), 0.0):
        wire = msgspec.msgpack.decode(encode("msgpack", frame), type=HubFrame)
        if isinstance(wire, Snapshot):
            snapshot = wire
            parts.append(wire.tables)
    if snapshot is None:
        return ""
    return World.restore(snapshot.epoch, snapshot.offset, snapshot.time, parts).digest()


def _play(reader: LogReader) -> float:
    """How many seconds of the log one second of work plays, in ticks at the highest speed."""
    session = ReplaySession(reader, None, None)
    session.open()
    session.handle(Replay(action="seek", at=(session.start + session.end) / 2), 0.0)
    session.handle(Replay(action="speed", speed=SPEED), 0.0)
    session.handle(Replay(action="play"), 0.0)
    now, started = 0.0, time.perf_counter()
    while now * SPEED < PLAYED_S:
        now += TICK_S
        for frame in session.tick(now):
            encode("msgpack", frame)
    return PLAYED_S / (time.perf_counter() - started)

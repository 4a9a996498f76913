"""P11: how long a console takes to its first map frame, and a hub with a full log to serve."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.bench.rows import Row
from services.domain.events import EntityUpserted, Event
from services.domain.model import Entity
from services.domain.world import World
from services.storage.records import pack_snapshot
from services.storage.writer import LogWriter

HUB_SIZES = (35_000, 1_000_000)
BATCH = 20_000
LIMIT_S = 180.0
SCRIPT = Path(__file__).resolve().parents[2] / "main.py"


def rows() -> list[Row]:
    """Measure and return the rows; takes about two minutes, most of it filling logs."""
    return [_hub_start(size) for size in HUB_SIZES]


# -- hub ------------------------------------------------------------------------------------------
def _hub_start(size: int) -> Row:
    """Process start to ready line, on a log whose newest snapshot holds ``size`` features."""
    with tempfile.TemporaryDirectory() as directory:
        _fill(Path(directory), size)
        value = statistics.median(_until_ready(Path(directory)) for _ in range(3))
    return Row(
        figure="P11",
        name="hub start to ready",
        size=size,
        value=value,
        unit="s",
        target="≤ 5 s at 1,000,000",
        ok=value <= 5.0 if size >= 1_000_000 else None,
    )


def _fill(data: Path, size: int) -> None:
    """A log of ``size`` upserts and a snapshot of them, as a hub leaves it."""
    writer = LogWriter(data / "onemap.sqlite")
    try:
        world = World(writer.epoch)
        for start in range(1, size + 1, BATCH):
            batch = list(_events(start, min(start + BATCH, size + 1)))
            writer.append(batch)
            for event in batch:
                world.apply(event)
        writer.add_snapshot(world.offset, world.time, pack_snapshot(world.parts()))
    finally:
        writer.close()


def _events(first: int, end: int) -> Iterator[Event]:
    for number in range(first, end):
        entity = Entity(
            id=f"guard:{number}",
            kind="gas_guard",
            name=f"guard {number}",
            lon=101.7 + number % 1_000 * 0.0002,
            lat=36.5 + number // 1_000 * 0.0002,
        )
        body = EntityUpserted(entity=entity)
        yield Event(
            offset=number, event_time=1e9, recv_time=1e9 + number * 1e-3, source="bench", body=body
        )


def _until_ready(data: Path) -> float:
    command = [sys.executable, str(SCRIPT), "hub", "--data", str(data), "--port", "0", "--child"]
    started = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hub:
        assert hub.stdin is not None
        assert hub.stdout is not None
        try:
            assert msgspec.json.decode(hub.stdout.readline())["ready"] is True
            return time.perf_counter() - started
        finally:
            hub.stdin.close()
            hub.wait(LIMIT_S)

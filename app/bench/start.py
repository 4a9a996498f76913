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

from app.bench.hub import ROOT, running_hub
from app.bench.rows import Row
from services.domain.events import EntityUpserted, Event
from services.domain.model import Entity
from services.domain.world import World
from services.storage.records import pack_snapshot
from services.storage.writer import LogWriter

HUB_SIZES = (35_000, 1_000_000)
BATCH = 20_000
CONSOLE_RUNS = 5
LIMIT_S = 180.0


def rows() -> list[Row]:
    """Measure and return the rows; takes about two minutes, most of it filling logs."""
    return [*(_hub_start(size) for size in HUB_SIZES), *_console_start()]


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
            id=f"camera:{number}",
            kind="camera",
            name=f"camera {number}",
            lon=101.76 + number % 1_000 * 0.0001,
            lat=36.59 + number // 1_000 * 0.0001,  # within what a map shows first
        )
        body = EntityUpserted(entity=entity)
        yield Event(
            offset=number, event_time=1e9, recv_time=1e9 + number * 1e-3, source="bench", body=body
        )


def _until_ready(data: Path) -> float:
    started = time.perf_counter()
    with running_hub(data):
        return time.perf_counter() - started


# -- console --------------------------------------------------------------------------------------
def _console_start() -> list[Row]:
    """Process start to the map's first frame, on a hub that already runs."""
    size = HUB_SIZES[0]
    with tempfile.TemporaryDirectory() as directory:
        _fill(Path(directory), size)
        with running_hub(Path(directory)) as url:
            samples = [_first_frames(url, directory) for _ in range(CONSOLE_RUNS)]
    first = statistics.median(s["map"] for s in samples)
    data = statistics.median(s["data"] for s in samples)
    return [
        Row.at_most("P11", "console start to first map frame", size, first, "s", 3.0),
        Row(
            figure="P11",
            name="console start to first map frame with features",
            size=size,
            value=data,
            unit="s",
        ),
    ]


def _first_frames(url: str, data: str) -> dict[str, float]:
    command = [sys.executable, "-m", "app.bench.first_frame", url, data, repr(time.time())]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, timeout=LIMIT_S, check=True)
    return msgspec.json.decode(result.stdout, type=dict[str, float])

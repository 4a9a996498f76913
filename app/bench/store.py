"""P6, the store's part: events with their projections on the disk before the ack, no hub around.

How fast the one writer takes groups, and how long a group waits at the target's rate while the
rollups and the compaction take their turns on the same thread, as they do in a hub.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from app.bench.rows import Row, percentile
from services.domain.events import Event, Observed
from services.domain.model import Link
from services.domain.world import World
from services.hub.housekeeping import PAUSE_S
from services.storage.policy import FOREVER
from services.storage.reader import LogReader
from services.storage.records import pack_snapshot
from services.storage.upkeep import Upkeep
from services.storage.writer import LogWriter

SENSORS = 35_000
EVENTS, GROUP = 300_000, 500
RATE, SMALL, SECONDS = 10_000, 100, 20.0
KEPT_DAYS = 1e-4
"""About nine seconds: what was written for the first figure is compacted during the second."""


def rows() -> list[Row]:
    """Measure and return the rows; takes about a minute."""
    with tempfile.TemporaryDirectory() as directory, _store(Path(directory)) as (writer, reader):
        rate = _throughput(writer)
        last = reader.bounds()
        world = World(writer.epoch)  # a snapshot behind which everything may be compacted
        world.offset, world.time = last.last_offset, last.last_time
        writer.add_snapshot(world.offset, world.time, pack_snapshot(world.parts()))
        waits, steps = _beside_upkeep(writer, reader, last.last_offset)
    p99 = percentile(waits, 99) * 1e3
    return [
        Row(
            figure="P6",
            name=f"store: events with projections in groups of {GROUP}, each on disk",
            size=EVENTS,
            value=rate,
            unit="events/s",
            target="≥ 10,000 events/s",
            ok=rate >= 10_000,
        ),
        Row(
            figure="P6",
            name=f"store: ack p99 at {RATE:,} events/s beside {steps} steps of upkeep",
            size=len(waits) * SMALL,
            value=p99,
            unit="ms",
            target="≤ 50 ms",
            ok=p99 <= 50.0,
        ),
    ]


@contextmanager
def _store(directory: Path) -> Iterator[tuple[LogWriter, LogReader]]:
    writer = LogWriter(directory / "onemap.sqlite")
    reader = LogReader(directory / "onemap.sqlite")
    try:
        yield writer, reader
    finally:
        reader.close()
        writer.close()


def _batch(first: int, count: int, now: float) -> list[Event]:
    return [
        Event(
            offset=offset,
            event_time=now,
            recv_time=now,
            source="bench",
            body=Observed(
                id=f"level:{offset * 7_919 % SENSORS}",
                values={"level": offset % 100 / 100},
                link=Link.ONLINE,
            ),
        )
        for offset in range(first, first + count)
    ]


def _throughput(writer: LogWriter) -> float:
    """Groups one after the other; making the events is not counted."""
    spent = 0.0
    for first in range(1, EVENTS + 1, GROUP):
        batch = _batch(first, GROUP, time.time())
        started = time.perf_counter()
        writer.append(batch)
        spent += time.perf_counter() - started
    return EVENTS / spent


def _beside_upkeep(writer: LogWriter, reader: LogReader, last: int) -> tuple[Sequence[float], int]:
    """How long groups on a schedule wait for the thread that also looks after the store."""
    policy = replace(FOREVER, observed_days=KEPT_DAYS, readings_days=KEPT_DAYS)
    upkeep = Upkeep(writer, reader, policy)
    waits: list[float] = []
    end = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        steps: list[int] = []
        keeper = threading.Thread(target=lambda: steps.append(_look_after(upkeep, thread, end)))
        keeper.start()
        count = int(RATE / SMALL * SECONDS)
        start = time.perf_counter() + 0.1
        for number in range(count):
            due = start + number * SMALL / RATE
            batch = _batch(last + 1 + number * SMALL, SMALL, time.time())
            time.sleep(max(0.0, due - time.perf_counter()))
            done: Future[None] = thread.submit(writer.append, batch)
            done.add_done_callback(lambda _f, due=due: waits.append(time.perf_counter() - due))  # type: ignore[misc]  # a lambda's default
        end.set()
        keeper.join()
    return waits, steps[0]


def _look_after(upkeep: Upkeep, thread: ThreadPoolExecutor, end: threading.Event) -> int:
    """Upkeep as a hub does it, over and over; how many steps that were."""
    count = 0
    while not end.is_set():
        now = time.time()
        for work in (upkeep.roll_up(now + 700.0), upkeep.compact(upkeep.plan(now))):
            nothing: object = object()
            while thread.submit(next, work, nothing).result() is not nothing:
                count += 1
                if end.wait(PAUSE_S):
                    return count
    return count

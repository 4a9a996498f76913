"""P6, the store's part: events with their projections on the disk before the ack, no hub around.

How fast the one writer takes groups, and how long a group waits at the target's rate while the
rollups and the compaction take their turns on the same thread, as they do in a hub.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from app.bench.rows import Row, percentile
from services.domain.events import Event, Observed
from services.domain.model import Link
from services.domain.world import World
from services.hub.housekeeping import PACE, PAUSE_S
from services.hub.sequencer import GROUP_EVENTS
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


class _Line:
    """What waits for the writer; it takes all that is there at once, as the sequencer does."""

    def __init__(self, writer: LogWriter) -> None:
        self._writer = writer
        self._waiting: deque[tuple[float, list[Event]]] = deque()
        self.waits: list[float] = []

    def add(self, due: float, batch: list[Event]) -> None:
        """Queue a batch that was due at a moment."""
        self._waiting.append((due, batch))

    def turn(self) -> None:
        """One transaction, on the writer's thread."""
        taken: list[tuple[float, list[Event]]] = []
        while self._waiting and len(taken) * SMALL < GROUP_EVENTS:
            taken.append(self._waiting.popleft())
        if taken:
            self._writer.append([event for _, batch in taken for event in batch])
            now = time.perf_counter()
            self.waits += [now - due for due, _ in taken]


def _beside_upkeep(writer: LogWriter, reader: LogReader, last: int) -> tuple[Sequence[float], int]:
    """How long batches on a schedule wait for the thread that also looks after the store."""
    policy = replace(FOREVER, observed_days=KEPT_DAYS, readings_days=KEPT_DAYS)
    upkeep = Upkeep(writer, reader, policy)
    line, end, steps = _Line(writer), threading.Event(), [0]
    with ThreadPoolExecutor(1) as thread:
        keeper = threading.Thread(target=_look_after, args=(upkeep, thread, end, steps))
        keeper.start()
        start = time.perf_counter() + 0.1
        for number in range(int(RATE / SMALL * SECONDS)):
            due = start + number * SMALL / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            line.add(due, _batch(last + 1 + number * SMALL, SMALL, time.time()))
            thread.submit(line.turn)
        end.set()
        keeper.join()
    return line.waits, steps[0]


def _look_after(
    upkeep: Upkeep, thread: ThreadPoolExecutor, end: threading.Event, steps: list[int]
) -> None:
    """Upkeep at a hub's pace, over and over."""
    nothing = object()
    while not end.is_set():
        now = time.time()
        for work in (upkeep.roll_up(now + 700.0), upkeep.compact(upkeep.plan(now))):
            began = time.perf_counter()
            while thread.submit(next, work, nothing).result() is not nothing:
                steps[0] += 1
                if end.wait(max(PAUSE_S, PACE * (time.perf_counter() - began))):
                    return
                began = time.perf_counter()

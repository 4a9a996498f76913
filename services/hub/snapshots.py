"""Snapshots: encoded once for many sessions that arrive together, and kept on disk for starts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from msgspec.structs import replace

from services.access.scope import Scope
from services.access.sight import Sight
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.world import Tables, World
from services.feed.codec import CodecName, encode
from services.feed.ranges import snapshot_frames, split_tables
from services.hub.broker import Broker, Kinds
from services.hub.key_hold import KEPT_AS, KeyHold
from services.hub.metrics import Metrics
from services.hub.sequencer import Sequencer
from services.hub.sights import View
from services.storage.reader import LogReader
from services.storage.records import pack_snapshot
from services.storage.writer import LogWriter

log = logging.getLogger(__name__)
SHARE_S = 10.0
SHARE_EVENTS = 5_000
"""A snapshot serves later sessions while it is this young; the ring brings them up to date."""

KEEP_EVERY_EVENTS = 30_000
KEEP_EVERY_S = 600.0
KEEP_AT_MOST_S = 30.0
LOOK_S = 5.0
DAY_S, HOUR_S = 86_400.0, 3_600.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """A snapshot as frames of one codec."""

    epoch: str
    offset: int
    made_at: float
    frames: tuple[bytes, ...]


class SnapshotShop:
    """Makes snapshots for sessions. Event loop's thread; the encoding happens off it."""

    def __init__(self, sequencer: Sequencer, broker: Broker) -> None:
        self._sequencer, self._broker = sequencer, broker
        self._made: dict[tuple[CodecName, Kinds, Scope], Encoded] = {}
        self._one = asyncio.Lock()

    async def get(self, codec: CodecName, kinds: Kinds, view: View) -> Encoded:
        """A snapshot from which the ring goes on. KnownError while the store has failed."""
        key = (codec, kinds, view.sight.scope)
        loop = asyncio.get_running_loop()
        async with self._one:
            now = loop.time()
            self._made = {k: e for k, e in self._made.items() if self._fresh(e, now)}
            found = self._made.get(key)
            if found is not None and found.offset >= view.since:
                return found
            epoch, offset, time, whole = await self._sequencer.read(_take)
            named = view.sight.scope.epoch(epoch)
            frames = await asyncio.to_thread(
                _encode, codec, kinds, named, offset, time, whole, view.sight
            )
            made = Encoded(epoch, offset, now, frames)
            self._made[key] = made
            return made

    def _fresh(self, made: Encoded, now: float) -> bool:
        return (
            now - made.made_at < SHARE_S
            and self._broker.top - made.offset < SHARE_EVENTS
            and made.epoch == self._broker.epoch
            and self._broker.holds(made.offset)
        )


def _encode(
    codec: CodecName,
    kinds: Kinds,
    epoch: str,
    offset: int,
    time: float,
    whole: Tables,
    sight: Sight,
) -> tuple[bytes, ...]:
    whole = sight.tables(whole)
    if kinds is not None:
        whole = replace(whole, entities=tuple(e for e in whole.entities if e.kind in kinds))
    parts = split_tables(whole)
    return tuple(encode(codec, f) for f in snapshot_frames(epoch, offset, time, parts))


class SnapshotKeeper:
    """Writes snapshots to the store every so many events or minutes, and thins old ones."""

    def __init__(
        self,
        sequencer: Sequencer,
        writer: LogWriter,
        reader: LogReader,
        executor: ThreadPoolExecutor,
        metrics: Metrics,
        clock: Clock,
        steady: Clock,
    ) -> None:
        self._sequencer, self._writer, self._reader = sequencer, writer, reader
        self._executor, self._metrics, self._clock = executor, metrics, clock
        self._steady = steady
        stored = reader.snapshot_times()
        newest = stored[-1][1] if stored else None
        self._hold = KeyHold(reader.meta(KEPT_AS), newest, clock(), steady())
        self._offset = stored[-1][0] if stored else 0
        self._time = clock()

    async def run(self) -> None:
        """Look every few seconds whether one is due."""
        while True:
            await asyncio.sleep(LOOK_S)
            behind = self._sequencer.offset - self._offset
            age = self._clock() - self._time
            if (behind >= KEEP_EVERY_EVENTS and age >= KEEP_AT_MOST_S) or (
                behind > 0 and age >= KEEP_EVERY_S
            ):
                await self.keep()

    async def keep(self) -> None:
        """Write one now; a failure is logged, because the log itself holds everything."""
        if self._sequencer.refusal is not None or self._sequencer.offset == self._offset:
            return
        try:
            _, offset, time, whole = await self._sequencer.read(_take)
            blob = await asyncio.to_thread(lambda: pack_snapshot(split_tables(whole)))
            await self._off_loop(lambda: self._store(offset, time, blob))
        except KnownError as error:
            log.warning("no snapshot was written: %s", error)
            return
        self._offset, self._time = offset, self._clock()
        self._metrics.snapshots += 1

    def _store(self, offset: int, time: float, blob: bytes) -> None:
        self._writer.add_snapshot(offset, time, blob)
        now = self._clock()
        base = self._reader.floor()  # with which a compacted record begins
        old = [o for o in superfluous(self._reader.snapshot_times(), now) if o != base]
        held = self._hold.left_s
        before = self._hold.before(now, self._steady())
        if held or self._hold.left_s:
            self._writer.set_meta(KEPT_AS, f"{self._hold.left_s:.0f}")
        self._writer.prune(before, old)

    async def _off_loop(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._executor, work)


def superfluous(stored: list[tuple[int, float]], now: float) -> list[int]:
    """Offsets of snapshots to drop: of those older than a day, all but the first of each hour."""
    kept: set[int] = set()
    drop: list[int] = []
    for offset, time in stored:
        if now - time < DAY_S:
            continue
        hour = int(time // HOUR_S)
        if hour in kept:
            drop.append(offset)
        kept.add(hour)
    return drop


def _take(world: World) -> tuple[str, int, float, Tables]:
    return world.epoch, world.offset, world.time, world.tables()

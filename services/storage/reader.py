"""Questions to the event store, on read-only connections of its own. Any thread."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, EntityUpserted, Event, Observed
from services.domain.model import Severity
from services.domain.world import World
from services.storage.database import reader_engine, storage_error
from services.storage.records import Bounds, KeyRow, StoredSnapshot, row_event, unpack_snapshot
from services.storage.schema import ALARMS, LOSSLESS, events, idempotency, meta, snapshots

CHUNK = 5_000
"""Events folded or searched at a time: bounds memory."""
SKEW_S = 3_600.0
LATE_S = 86_400.0
"""A source's clock may run an hour ahead, and history may arrive a day late, to be found."""

_COLUMNS = (
    events.c.offset,
    events.c.recv_time,
    events.c.event_time,
    events.c.source,
    events.c.body,
)
Counts = tuple[float, int, int, int, int]


class LogReader:
    """Reads what is committed. Times are UNIX seconds by receipt unless said otherwise."""

    def __init__(self, path: Path) -> None:
        self._engine = reader_engine(path)

    def close(self) -> None:
        """Close all connections; do so before the writer's, whose end checkpoints."""
        self._engine.dispose()

    def meta(self, key: str) -> str | None:
        """A small fact kept beside the log."""
        rows = self._rows(select(meta.c.value).where(meta.c.key == key))
        return str(rows[0][0]) if rows else None

    # -- the log ----------------------------------------------------------------
    def bounds(self) -> Bounds:
        """Where the log starts and ends."""
        ends = select(func.min(events.c.offset), func.max(events.c.offset))
        first, last = self._rows(ends)[0]
        epoch = self._rows(select(meta.c.value).where(meta.c.key == "epoch"))[0][0]
        if last is None:
            return Bounds(epoch, 0, 0, 0.0, 0.0)
        query = select(events.c.offset, events.c.recv_time).where(
            events.c.offset.in_([first, last])
        )
        times = {row[0]: float(row[1]) for row in self._rows(query)}
        return Bounds(epoch, first, last, times[first], times[last])

    def events(self, first: int, last: int) -> list[Event]:
        """The events of [first, last] in order; keep ranges within a few thousand."""
        query = (
            select(*_COLUMNS).where(events.c.offset.between(first, last)).order_by(events.c.offset)
        )
        return [row_event(*row) for row in self._rows(query)]

    def offset_at(self, time: float) -> int:
        """The newest offset received at or before ``time``; 0 when there is none."""
        query = (
            select(events.c.offset)
            .where(events.c.recv_time <= time)
            .order_by(events.c.recv_time.desc(), events.c.offset.desc())
            .limit(1)
        )
        rows = self._rows(query)
        return int(rows[0][0]) if rows else 0

    def time_of(self, offset: int) -> float | None:
        """When an event was received."""
        rows = self._rows(select(events.c.recv_time).where(events.c.offset == offset))
        return float(rows[0][0]) if rows else None

    def lossless(self, offset: int, count: int) -> list[int]:
        """Offsets of the next ``count`` events of the lossless class after ``offset``, or the
        ones before it, newest first, when ``count`` is negative."""
        query = select(events.c.offset).where(literal_column(LOSSLESS))
        if count >= 0:
            query = query.where(events.c.offset > offset).order_by(events.c.offset)
        else:
            query = query.where(events.c.offset < offset).order_by(events.c.offset.desc())
        return [int(row[0]) for row in self._rows(query.limit(abs(count)))]

    # -- states -------------------------------------------------------------------
    def nearest_snapshot(self, offset: int) -> StoredSnapshot | None:
        """The newest readable snapshot at or before ``offset``; a damaged one is passed over."""
        limit = offset + 1
        while True:
            query = (
                select(snapshots.c.offset, snapshots.c.time, snapshots.c.blob)
                .where(snapshots.c.offset < limit)
                .order_by(snapshots.c.offset.desc())
                .limit(1)
            )
            rows = self._rows(query)
            if not rows:
                return None
            limit, time, blob = rows[0]
            try:
                return StoredSnapshot(limit, time, tuple(unpack_snapshot(blob)))
            except KnownError:
                continue  # the log holds everything; an older snapshot only costs time

    def snapshot_times(self) -> list[tuple[int, float]]:
        """(offset, time) of every snapshot, oldest first."""
        query = select(snapshots.c.offset, snapshots.c.time).order_by(snapshots.c.offset)
        return [(int(o), float(t)) for o, t in self._rows(query)]

    def world_at(self, offset: int, epoch: str) -> World:
        """The state after ``offset``: nearest snapshot plus fold. ``log_broken`` on a gap."""
        stored = self.nearest_snapshot(offset)
        world = (
            World.restore(epoch, stored.offset, stored.time, stored.parts)
            if stored
            else World(epoch)
        )
        for event in self.tail(world.offset, offset):
            world.apply(event)
        return world

    def tail(self, after: int, last: int) -> Iterator[Event]:
        """The events after ``after`` up to ``last``, read in chunks; a gap is ``log_broken``."""
        expected = after + 1
        while expected <= last:
            top = min(last, expected + CHUNK - 1)
            for event in self.events(expected, top):
                if event.offset != expected:
                    break
                yield event
                expected += 1
            if expected <= top:
                raise KnownError("log_broken", f"event {expected} is missing from the log")

    # -- keys and history -----------------------------------------------------------
    def keys(self, keys: Sequence[str]) -> dict[str, KeyRow]:
        """Which of the idempotency keys are known, with their results."""
        found: dict[str, KeyRow] = {}
        columns = (
            idempotency.c.key,
            idempotency.c.fingerprint,
            idempotency.c.result,
            idempotency.c.time,
        )
        for start in range(0, len(keys), 500):
            query = select(*columns).where(idempotency.c.key.in_(keys[start : start + 500]))
            found.update((row[0], KeyRow(*row)) for row in self._rows(query))
        return found

    def readings(
        self, entity_id: str, name: str, start: float, end: float, limit: int
    ) -> list[tuple[float, float]]:
        """The newest ``limit`` points (source's time, value) of a measure within [start, end]."""
        low, high = self.offset_at(start - SKEW_S), self.offset_at(end + LATE_S)
        points: list[tuple[float, float]] = []
        for event in self._backwards(events.c.subject == entity_id, low, high):
            body = event.body
            values = (
                body.values
                if isinstance(body, Observed)
                else body.entity.values
                if isinstance(body, EntityUpserted)
                else {}
            )
            if name in values and start <= event.event_time <= end:
                points.append((event.event_time, values[name]))
                if len(points) >= limit:
                    break
        return sorted(points)

    def alarm_counts(self, start: float, end: float, bucket_s: float) -> list[Counts]:
        """Alarms raised in [start, end): (bucket start, info, minor, major, critical) each."""
        count = max(1, -int(-(end - start) // bucket_s))
        table = [[0, 0, 0, 0] for _ in range(count)]
        low = self.offset_at(math.nextafter(start, -math.inf))  # ``start`` itself is inside
        high = self.offset_at(end)
        for event in self._backwards(literal_column(ALARMS), low, high):
            body = event.body
            if not (start <= event.recv_time < end) or not isinstance(body, AlarmChanged):
                continue
            if body.change == "raised" and body.alarm.severity > Severity.NORMAL:
                slot = min(count - 1, int((event.recv_time - start) / bucket_s))
                table[slot][body.alarm.severity - 1] += 1
        return [(start + i * bucket_s, a, b, c, d) for i, (a, b, c, d) in enumerate(table)]

    # -- inside -------------------------------------------------------------------
    def _backwards(self, where: ColumnElement[bool], low: int, high: int) -> Iterator[Event]:
        while high > low:
            query = (
                select(*_COLUMNS)
                .where(where, events.c.offset > low, events.c.offset <= high)
                .order_by(events.c.offset.desc())
                .limit(CHUNK)
            )
            rows = self._rows(query)
            for row in rows:
                yield row_event(*row)
            if len(rows) < CHUNK:
                return
            high = int(rows[-1][0]) - 1

    def _rows(self, query: Select[Any]) -> Sequence[Any]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query).all()
        except SQLAlchemyError as error:
            raise storage_error(error) from error

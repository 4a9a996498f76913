"""Questions to the event store, on read-only connections of its own. Any thread."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from services.domain.errors import KnownError
from services.domain.events import (
    AlarmChanged,
    CaseChanged,
    EntityDeleted,
    EntityUpserted,
    Event,
)
from services.domain.model import Alarm, Case, Dispatch, Severity
from services.domain.suppression import reason_of
from services.domain.world import World
from services.storage import charts, history
from services.storage.compacted import floors, too_old
from services.storage.database import reader_engine, storage_error
from services.storage.history import Page, PastAlarm, Wanted
from services.storage.records import (
    Bounds,
    KeyRow,
    StoredSnapshot,
    log_broken,
    row_event,
    unpack_snapshot,
)
from services.storage.schema import ALARMS, LOSSLESS, events, idempotency, meta, snapshots

CHUNK = 5_000
"""Events folded or searched at a time: bounds memory."""
_COLUMNS = (
    events.c.offset,
    events.c.recv_time,
    events.c.event_time,
    events.c.source,
    events.c.body,
    events.c.crc,
)
Counts = tuple[float, int, int, int, int]
RaisedRow = tuple[float, str, str, str, str, int]


class LogReader:
    """Reads what is committed. Times are UNIX seconds by receipt unless said otherwise."""

    def __init__(self, path: Path) -> None:
        self._engine = reader_engine(path)

    def close(self) -> None:
        """Close all connections; do so before the writer's, whose end checkpoints."""
        self._engine.dispose()

    def meta(self, key: str) -> str | None:
        """A small fact kept beside the log."""
        rows = self.rows(select(meta.c.value).where(meta.c.key == key))
        return str(rows[0][0]) if rows else None

    # -- the log ----------------------------------------------------------------
    def bounds(self) -> Bounds:
        """Where the log that can be folded and replayed starts and ends."""
        with self.connected() as connection:
            floor = floors(connection).observed
            # one by one: asked for both at once, SQLite goes through the whole log
            kept = events.c.offset > floor
            first = connection.execute(select(func.min(events.c.offset)).where(kept)).scalar()
            last = connection.execute(select(func.max(events.c.offset)).where(kept)).scalar()
            epoch = connection.execute(select(meta.c.value).where(meta.c.key == "epoch")).scalar()
            if first is None or last is None:
                return Bounds(str(epoch), 0, 0, 0.0, 0.0)
            query = select(events.c.offset, events.c.recv_time).where(
                events.c.offset.in_([first, last])
            )
            times = {row[0]: float(row[1]) for row in connection.execute(query)}
        return Bounds(str(epoch), first, last, times[first], times[last])

    def floor(self) -> int:
        """The offset after which nothing may be missing; 0 where the log was never compacted."""
        with self.connected() as connection:
            return floors(connection).observed

    def events(self, first: int, last: int) -> list[Event]:
        """What is left of the events of [first, last], in order, each checked; keep ranges within
        a few thousand. Whoever needs all of them asks ``tail``."""
        query = (
            select(*_COLUMNS).where(events.c.offset.between(first, last)).order_by(events.c.offset)
        )
        return [row_event(*row) for row in self.rows(query)]

    def filed(self, first: int, last: int) -> dict[int, tuple[str, str]]:
        """Type and subject by which the events of [first, last] are found, by offset."""
        query = select(events.c.offset, events.c.type, events.c.subject).where(
            events.c.offset.between(first, last)
        )
        return {int(o): (str(t), str(s)) for o, t, s in self.rows(query)}

    def offset_at(self, time: float) -> int:
        """The newest offset received at or before ``time``. Before the first event that is kept it
        is the offset the record begins after: 0, or the floor of a compacted log."""
        return max(self.received(time), self.floor())

    def received(self, time: float) -> int:
        """The newest offset still in the log that was received at or before ``time``, or 0."""
        query = (
            select(events.c.offset)
            .where(events.c.recv_time <= time)
            .order_by(events.c.recv_time.desc(), events.c.offset.desc())
            .limit(1)
        )
        rows = self.rows(query)
        return int(rows[0][0]) if rows else 0

    def time_of(self, offset: int) -> float | None:
        """When an event was received."""
        rows = self.rows(select(events.c.recv_time).where(events.c.offset == offset))
        return float(rows[0][0]) if rows else None

    def lossless(self, offset: int, count: int) -> list[int]:
        """Offsets of the next ``count`` events of the lossless class after ``offset``, or the
        ones before it, newest first, when ``count`` is negative."""
        query = select(events.c.offset).where(literal_column(LOSSLESS))
        if count >= 0:
            query = query.where(events.c.offset > offset).order_by(events.c.offset)
        else:
            query = query.where(events.c.offset < offset).order_by(events.c.offset.desc())
        return [int(row[0]) for row in self.rows(query.limit(abs(count)))]

    def changes(self, first: int, last: int) -> Iterator[Event]:
        """Of the events of (first, last] those that describe things and cases or take them away, in
        order, read in chunks."""
        while True:
            query = (
                select(*_COLUMNS)
                .where(literal_column(LOSSLESS), events.c.offset > first, events.c.offset <= last)
                .order_by(events.c.offset)
                .limit(CHUNK)
            )
            rows = self.rows(query)
            for row in rows:
                event = row_event(*row)
                if isinstance(event.body, EntityUpserted | EntityDeleted | CaseChanged):
                    yield event
            if len(rows) < CHUNK:
                return
            first = int(rows[-1][0])

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
            rows = self.rows(query)
            if not rows:
                return None
            limit, time, blob = rows[0]
            try:
                return StoredSnapshot(limit, time, tuple(unpack_snapshot(blob)))
            except KnownError:
                continue  # the log holds everything; an older snapshot only costs time

    def snapshot_blob(self, offset: int) -> bytes | None:
        """A snapshot as it is stored."""
        rows = self.rows(select(snapshots.c.blob).where(snapshots.c.offset == offset))
        return bytes(rows[0][0]) if rows else None

    def snapshot_times(self) -> list[tuple[int, float]]:
        """(offset, time) of every snapshot, oldest first."""
        query = select(snapshots.c.offset, snapshots.c.time).order_by(snapshots.c.offset)
        return [(int(o), float(t)) for o, t in self.rows(query)]

    def world_at(self, offset: int, epoch: str) -> World:
        """The state after ``offset``: nearest snapshot plus fold.

        ``too_old`` before the kept span; ``log_broken`` on a gap or damage inside it.
        """
        floor = self.floor()
        if offset < floor:
            raise self._too_old()
        stored = self.nearest_snapshot(offset)
        if floor and (stored is None or stored.offset < floor):
            raise log_broken(floor, "begins the record, but its snapshot cannot be read")
        world = (
            World.restore(epoch, stored.offset, stored.time, stored.parts)
            if stored
            else World(epoch)
        )
        for event in self.tail(world.offset, offset):
            world.apply(event)
        return world

    def tail(self, after: int, last: int) -> Iterator[Event]:
        """The events after ``after`` up to ``last``, read in chunks, all of them or KnownError.

        ``too_old`` when they were compacted, ``log_broken`` when one is missing or damaged.
        """
        if after < self.floor():
            raise self._too_old()
        expected = after + 1
        while expected <= last:
            top = min(last, expected + CHUNK - 1)
            for event in self.events(expected, top):
                if event.offset != expected:
                    break
                yield event
                expected += 1
            if expected <= top:
                if expected <= self.floor():  # compacted while it was being read
                    raise self._too_old()
                raise log_broken(expected, "is missing")

    def _too_old(self) -> KnownError:
        bounds = self.bounds()
        return too_old(bounds.first_offset, bounds.first_time)

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
            found.update((row[0], KeyRow(*row)) for row in self.rows(query))
        return found

    def readings(
        self, entity_id: str, name: str, start: float, end: float, limit: int
    ) -> list[tuple[float, float]]:
        """The newest ``limit`` points (source's time, value) of a measure within [start, end]."""
        with self.connected() as connection:
            return charts.points(connection, entity_id, name, start, end, limit)

    def extremes(self, entity_id: str, name: str, start: float) -> tuple[float, float] | None:
        """The least and the greatest reading of a measure from a time (the source's) on, of those
        that are still kept one by one; None where there is none."""
        with self.connected() as connection:
            return charts.extremes(connection, entity_id, name, start)

    def rolled(
        self, entity_id: str, name: str, start: float, end: float, step: int
    ) -> list[charts.Rolled]:
        """A measure within [start, end] by the minute or hour, oldest first."""
        with self.connected() as connection:
            return charts.rolled(connection, entity_id, name, start, end, step)

    def cases(self, wanted: Wanted) -> Page[Case]:
        """Cases of the whole record, newest first, one page."""
        with self.connected() as connection:
            return history.cases_of(connection, wanted)

    def alarms(self, wanted: Wanted) -> Page[PastAlarm]:
        """Alarms of the whole record, each time one stood, newest first, one page."""
        with self.connected() as connection:
            return history.alarms_of(connection, wanted)

    def dispatches(self, case_id: str) -> list[Dispatch]:
        """The dispatches of a case, oldest first."""
        with self.connected() as connection:
            return history.dispatches_of(connection, case_id)

    def alarm_counts(
        self,
        start: float,
        end: float,
        bucket_s: float,
        keep: Callable[[Alarm], bool] | None = None,
        before: Mapping[str, Severity] | None = None,
    ) -> list[Counts]:
        """Alarms raised in [start, end) that asked for attention: (bucket start, info, minor,
        major, critical) each.

        ``keep`` tells which of them count; None: all. ``before``: how bad each alarm was that
        stood at ``start``; with it, those that became worse count too, when they did, as bad as
        they became.
        """
        count = max(1, -int(-(end - start) // bucket_s))
        table = [[0, 0, 0, 0] for _ in range(count)]
        low = self.received(math.nextafter(start, -math.inf))  # ``start`` itself is inside
        high = self.received(end)
        later: dict[str, tuple[Severity, int]] = {}  # what it was before is not known yet
        for event in self._backwards(literal_column(ALARMS), low, high):
            body = event.body
            if not (start <= event.recv_time < end) or not isinstance(body, AlarmChanged):
                continue
            alarm = body.alarm
            severity, slot = later.pop(alarm.key, (Severity.NORMAL, 0))
            if severity > alarm.severity:
                table[slot][severity - 1] += 1
            if keep is not None and not keep(alarm):
                continue
            if reason_of(alarm, event.recv_time) is not None or alarm.severity <= Severity.NORMAL:
                continue
            slot = min(count - 1, int((event.recv_time - start) / bucket_s))
            if body.change == "raised":
                table[slot][alarm.severity - 1] += 1
            elif body.change == "updated" and before is not None:
                later[alarm.key] = (alarm.severity, slot)
        for key, (severity, slot) in later.items():
            if before is not None and severity > before.get(key, severity):
                table[slot][severity - 1] += 1
        return [(start + i * bucket_s, a, b, c, d) for i, (a, b, c, d) in enumerate(table)]

    def alarm_raises(
        self,
        start: float,
        end: float,
        limit: int,
        keep: Callable[[Alarm], bool] | None = None,
    ) -> list[RaisedRow]:
        """Of the alarms raised in (start, end] that asked for attention the newest ``limit``,
        newest first: (time, key, source, rule, object id, severity). ``keep``: which count."""
        found: list[RaisedRow] = []
        low, high = self.received(start), self.received(end)
        for event in self._backwards(literal_column(ALARMS), low, high):
            body = event.body
            if not isinstance(body, AlarmChanged) or body.change != "raised":
                continue
            alarm = body.alarm
            if reason_of(alarm, event.recv_time) is not None:
                continue
            if keep is not None and not keep(alarm):
                continue
            at = alarm.recent[-1] if alarm.recent else event.recv_time
            row = (at, alarm.key, alarm.source, alarm.rule, alarm.object_id, int(alarm.severity))
            found.append(row)
            if len(found) >= limit:
                break
        return found

    # -- inside -------------------------------------------------------------------
    def _backwards(self, where: ColumnElement[bool], low: int, high: int) -> Iterator[Event]:
        while high > low:
            query = (
                select(*_COLUMNS)
                .where(where, events.c.offset > low, events.c.offset <= high)
                .order_by(events.c.offset.desc())
                .limit(CHUNK)
            )
            rows = self.rows(query)
            for row in rows:
                yield row_event(*row)
            if len(rows) < CHUNK:
                return
            high = int(rows[-1][0]) - 1

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        """The rows of one question."""
        with self.connected() as connection:
            return connection.execute(query).all()

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection on which everything is seen as at one moment; KnownError if it fails."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise storage_error(error) from error

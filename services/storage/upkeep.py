"""What the store does for itself: rollups, compaction by policy, giving space back.

All of it in small steps, each one transaction of the one writer, so that ingest never waits long.
Compaction first says, in one transaction, from which snapshot on the record will begin; only what
lies before it is then deleted, and the offsets that may be missing are on record before they are.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from functools import partial

import msgspec
from sqlalchemy import Connection, and_, delete, func, insert, select, update

from services.domain.errors import KnownError
from services.storage import charts
from services.storage.compacted import (
    EVERYTHING,
    LET_GO,
    OBSERVED,
    WHOLE_BUCKET,
    floors,
    readings_let_go,
)
from services.storage.policy import Policy, limit
from services.storage.reader import LogReader
from services.storage.records import unpack_snapshot
from services.storage.schema import (
    BLOCK_STEPS,
    BUCKET_S,
    HOUR_S,
    MINUTE_S,
    alarms,
    cases,
    compacted,
    dispatches,
    meta,
    readings,
    rollups,
    rollups_due,
    snapshots,
)
from services.storage.writer import LogWriter

log = logging.getLogger(__name__)
LATE_S = 60.0
"""A bucket is rolled up this long after its end, when most of what belongs to it has come."""
OFFSETS, ROWS, PAGES, SOME = 2_000, 4_000, 256, 200
"""Sizes of one step: offsets of the log, rows of readings, pages given back, cases or alarms."""
KEPT_FREE = 1_000
"""Free pages that stay, for what comes next."""
_GONE = {
    OBSERVED: "DELETE FROM events WHERE \"offset\" BETWEEN ? AND ? AND type = 'entity.observed'",
    EVERYTHING: 'DELETE FROM events WHERE "offset" BETWEEN ? AND ?',
}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Up to which offsets the observed events, and all events, may go."""

    now: float
    observed: int
    everything: int


class Upkeep:
    """The upkeep of one store. Each step of its iterators belongs to the writer's thread."""

    def __init__(self, writer: LogWriter, reader: LogReader, policy: Policy) -> None:
        self._writer, self._reader, self._policy = writer, reader, policy

    def roll_up(self, now: float) -> Iterator[None]:
        """Bring the rollups up to the newest bucket that is over."""
        transact = self._writer.transact
        while (bucket := transact(lambda c: charts.due(c, now - LATE_S))) is not None:
            yield from self._roll(bucket)

    def _roll(self, bucket: int) -> Iterator[None]:
        after: int | None = -1
        while after is not None:
            done = after
            after = self._writer.transact(partial(charts.roll, bucket=bucket, after=done))
            yield

    def plan(self, now: float) -> Plan:
        """Where the record should begin, behind a snapshot that has just been read completely, as
        the newest has been. Any thread, and slow. KnownError ``snapshot_broken`` when one of them
        cannot be read: then nothing may be deleted."""
        policy, reader = self._policy, self._reader
        stored = reader.snapshot_times()
        last = reader.bounds().last_offset
        old = limit(now, policy.observed_days)
        base, floor = (
            max((o for o, t in stored if t <= old and o < last), default=0),
            reader.floor(),
        )
        if base > floor:
            self._verify(base)
            self._verify(stored[-1][0])
        base = max(base, floor)
        everything = min(base, reader.received(limit(now, policy.lossless_days)))
        return Plan(now=now, observed=base, everything=everything)

    def compact(self, plan: Plan) -> Iterator[None]:
        """Take out what the policy no longer keeps."""
        now = plan.now
        if self._writer.transact(partial(_set_floors, plan=plan)):
            log.info("the record is kept whole from event %d on", plan.observed + 1)
        yield
        for what in (OBSERVED, EVERYTHING):
            while self._writer.transact(partial(_thin, what=what)):
                yield
        while self._writer.transact(_drop_snapshot):
            yield
        yield from self._curves(now)
        yield from self._history(now)
        while self._writer.transact(_give_back):
            yield

    def _verify(self, offset: int) -> None:
        stored = self._reader.snapshot_blob(offset)
        if stored is None:
            raise KnownError("snapshot_broken", f"the snapshot at event {offset} is gone")
        for _ in unpack_snapshot(stored):
            pass

    # -- projections ------------------------------------------------------------------
    def _curves(self, now: float) -> Iterator[None]:
        transact, policy = self._writer.transact, self._policy
        old = limit(now, policy.readings_days)
        if old > 0:
            while transact(partial(_forget_readings, before=int(old // BUCKET_S))):
                yield
        for step, days in ((MINUTE_S, policy.minutes_days), (HOUR_S, policy.hours_days)):
            old = limit(now, days)
            if old > 0:
                block = int(old // (step * BLOCK_STEPS))
                while transact(partial(_forget_rollups, step=step, before=block)):
                    yield

    def _history(self, now: float) -> Iterator[None]:
        old = limit(now, self._policy.history_days)
        if old > -math.inf:
            while self._writer.transact(lambda c: _forget_history(c, old)):
                yield


# -- steps: each says whether there is more ------------------------------------------------------
def _set_floors(connection: Connection, plan: Plan) -> bool:
    """Say what may be missing from now on; whether that is more than before."""
    floor = floors(connection)
    base = select(snapshots.c.offset).where(snapshots.c.offset == plan.observed)
    if plan.observed > floor.observed and connection.execute(base).scalar() is None:
        return False  # thinned since the plan was made; the next one chooses another
    for what, last, known in (
        (OBSERVED, plan.observed, floor.observed),
        (EVERYTHING, plan.everything, floor.everything),
    ):
        if last <= known:
            continue
        values = {"last_offset": last, "time": plan.now}
        if known:
            connection.execute(update(compacted).where(compacted.c.what == what).values(values))
        else:
            connection.execute(insert(compacted).values(what=what, done_offset=0, **values))
    return plan.observed > floor.observed


def _thin(connection: Connection, what: str) -> bool:
    row = connection.execute(
        select(compacted.c.done_offset, compacted.c.last_offset).where(compacted.c.what == what)
    ).one_or_none()
    if row is None or row[0] >= row[1]:
        return False
    done, last = row
    top = min(last, done + OFFSETS)
    connection.exec_driver_sql(_GONE[what], (done + 1, top))
    connection.execute(update(compacted).where(compacted.c.what == what).values(done_offset=top))
    return True


def _drop_snapshot(connection: Connection) -> bool:
    floor = floors(connection).observed
    oldest = connection.execute(select(func.min(snapshots.c.offset))).scalar()
    if oldest is None or oldest >= floor:
        return False
    connection.execute(delete(snapshots).where(snapshots.c.offset == oldest))
    return True


def _forget_readings(connection: Connection, before: int) -> bool:
    """Let the oldest single readings go that the rollups tell of, and note how far that went."""
    c = readings.c
    waiting = c.bucket.in_(select(rollups_due.c.bucket))
    oldest = select(c.bucket).where(c.bucket < before, ~waiting).order_by(c.bucket).limit(1)
    bucket = connection.execute(oldest).scalar()
    if bucket is None:
        return False
    inside = c.bucket == bucket
    last = connection.execute(
        select(c.series).where(inside).order_by(c.series).limit(1).offset(ROWS)
    ).scalar()
    last = WHOLE_BUCKET if last is None else last
    connection.execute(delete(readings).where(inside, c.series <= last))
    mark = max(readings_let_go(connection), (bucket, last))
    connection.execute(delete(meta).where(meta.c.key == LET_GO))
    connection.execute(insert(meta).values(key=LET_GO, value=f"{mark[0]} {mark[1]}"))
    return True


def _forget_rollups(connection: Connection, step: int, before: int) -> bool:
    c = rollups.c
    oldest = select(c.block).where(c.step == step, c.block < before).order_by(c.block).limit(1)
    block = connection.execute(oldest).scalar()
    if block is None:
        return False
    inside = and_(c.step == step, c.block == block)
    last = connection.execute(
        select(c.series).where(inside).order_by(c.series).limit(1).offset(ROWS)
    ).scalar()
    if last is not None:
        inside = and_(inside, c.series <= last)
    connection.execute(delete(rollups).where(inside))
    return True


def _forget_history(connection: Connection, before: float) -> bool:
    old = select(cases.c.id).where(cases.c.closed_at < before).limit(SOME)
    ids = [row[0] for row in connection.execute(old)]
    connection.execute(delete(dispatches).where(dispatches.c.case_id.in_(ids)))
    connection.execute(delete(cases).where(cases.c.id.in_(ids)))
    gone = select(alarms.c.opened).where(alarms.c.gone_at < before).limit(SOME)
    opened = [row[0] for row in connection.execute(gone)]
    connection.execute(delete(alarms).where(alarms.c.opened.in_(opened)))
    return bool(ids or opened)


def _give_back(connection: Connection) -> bool:
    free = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())
    automatic = int(connection.exec_driver_sql("PRAGMA auto_vacuum").scalar_one())
    if automatic != 2 or free <= KEPT_FREE:
        return False
    plain = connection.connection.driver_connection
    if plain is None:
        return False
    for _ in range(min(PAGES, free)):  # Python's module takes one step of the pragma, not all
        plain.execute("PRAGMA incremental_vacuum(1)").close()
    return True

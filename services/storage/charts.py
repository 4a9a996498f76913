"""Readings for curves: single points, and rollups by the minute and hour made from them.

A rollup row says count, least, greatest and sum of one measure in one minute or hour of the
source's time. Buckets that got new readings are noted by the projector and rolled up afterwards,
one small transaction each.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, and_, delete, func, select

from services.storage.compacted import readings_let_go
from services.storage.schema import (
    BLOCK_STEPS,
    BUCKET_S,
    HOUR_S,
    MINUTE_S,
    STEPS,
    readings,
    rollups,
    rollups_due,
    series,
)

ROLLED_AT_ONCE = 4_000
"""Readings of one step, so that no commit waits long for the writer."""


FAR_S = 1e12
"""A moment after every reading."""


def _grouped(step: int, verb: str) -> str:
    """Insert rollups of the readings of (bucket, series after, series up to)."""
    length = step * BLOCK_STEPS
    return (
        f"{verb} INTO rollups (step, block, series, time, count, low, high, total) "
        f"SELECT {step}, CAST(time / {length} AS INTEGER), series, "
        f"CAST(time / {step} AS INTEGER) * {step} AS slot, "
        "count(*), min(value), max(value), sum(value) FROM readings "
        "WHERE bucket = ? AND series > ? AND series <= ? GROUP BY series, slot"
    )


_PUT = {step: _grouped(step, "INSERT OR REPLACE") for step in STEPS}
_MERGE = {
    step: f"{_grouped(step, 'INSERT')} ON CONFLICT (step, block, series, time) DO UPDATE SET "
    "count = count + excluded.count, low = min(low, excluded.low), "
    "high = max(high, excluded.high), total = total + excluded.total"
    for step in STEPS
}
_HOUR_OF_MINUTES = (
    "INSERT OR REPLACE INTO rollups (step, block, series, time, count, low, high, total) "
    f"SELECT {HOUR_S}, block / {BLOCK_STEPS}, series, block * {HOUR_S}, "
    "sum(count), min(low), max(high), sum(total) FROM rollups "
    f"WHERE step = {MINUTE_S} AND block = ? AND series > ? AND series <= ? GROUP BY series"
)
_LET_GO = "DELETE FROM readings WHERE bucket = ? AND series > ? AND series <= ?"


class Rolled(msgspec.Struct, frozen=True, array_like=True):
    """A measure in one minute or hour; ``time`` is its start in UNIX seconds."""

    time: float
    mean: float
    low: float
    high: float
    count: int


# -- questions ---------------------------------------------------------------------------------
def points(
    connection: Connection, entity_id: str, name: str, start: float, end: float, limit: int
) -> list[tuple[float, float]]:
    """The newest ``limit`` points (source's time, value) within [start, end], oldest first."""
    number = _number(connection, entity_id, name)
    if number is None:
        return []
    found: list[tuple[float, float]] = []
    for bucket in _buckets(connection, start, end):
        query = (
            select(readings.c.time, readings.c.value)
            .where(
                readings.c.bucket == bucket,
                readings.c.series == number,
                readings.c.time.between(start, end),
            )
            .order_by(readings.c.time.desc(), readings.c.offset.desc())
            .limit(limit - len(found))
        )
        found += [(float(t), float(v)) for t, v in connection.execute(query)]
        if len(found) >= limit:
            break
    return found[::-1]


def extremes(
    connection: Connection, entity_id: str, name: str, start: float
) -> tuple[float, float] | None:
    """The least and the greatest reading from ``start`` (the source's time) on; None without."""
    number = _number(connection, entity_id, name)
    if number is None:
        return None
    found: list[float] = []
    for bucket in _buckets(connection, start, FAR_S):
        query = select(func.min(readings.c.value), func.max(readings.c.value)).where(
            readings.c.bucket == bucket,
            readings.c.series == number,
            readings.c.time >= start,
        )
        found += [float(v) for v in connection.execute(query).one() if v is not None]
    return (min(found), max(found)) if found else None


def rolled(
    connection: Connection, entity_id: str, name: str, start: float, end: float, step: int
) -> list[Rolled]:
    """The rollups that begin within [start, end], oldest first."""
    number = _number(connection, entity_id, name)
    if number is None:
        return []
    length = step * BLOCK_STEPS
    blocks = range(int(start // length), int(end // length) + 1)
    found: list[Rolled] = []
    for first in range(0, len(blocks), 500):
        query = (
            select(rollups.c.time, rollups.c.count, rollups.c.low, rollups.c.high, rollups.c.total)
            .where(
                rollups.c.step == step,
                rollups.c.block.in_(blocks[first : first + 500]),
                rollups.c.series == number,
                rollups.c.time.between(start, end),
            )
            .order_by(rollups.c.time)
        )
        found += [Rolled(t, total / n, a, b, n) for t, n, a, b, total in connection.execute(query)]
    return found


def _number(connection: Connection, entity_id: str, name: str) -> int | None:
    query = select(series.c.id).where(series.c.entity == entity_id, series.c.measure == name)
    return connection.execute(query).scalar()


def _buckets(connection: Connection, start: float, end: float) -> Iterable[int]:
    """The buckets of [start, end] that can hold anything, newest first."""
    newest = connection.execute(
        select(readings.c.bucket).order_by(readings.c.bucket.desc()).limit(1)
    ).scalar()
    oldest = connection.execute(
        select(readings.c.bucket).order_by(readings.c.bucket).limit(1)
    ).scalar()
    if newest is None or oldest is None or end < start:
        return ()
    high, low = min(int(end // BUCKET_S), newest), max(int(start // BUCKET_S), oldest)
    return range(high, low - 1, -1)


# -- rolling up --------------------------------------------------------------------------------
def due(connection: Connection, before: float) -> int | None:
    """A bucket that ended before a moment and has readings which the rollups do not tell of."""
    query = (
        select(rollups_due.c.bucket)
        .where(rollups_due.c.bucket < int(before // BUCKET_S))
        .order_by(rollups_due.c.bucket)
        .limit(1)
    )
    return connection.execute(query).scalar()


def roll(connection: Connection, bucket: int, after: int = -1) -> int | None:
    """Roll up some of a bucket's series after one; the last one done, None when all are.

    Readings that came when those of their bucket had been let go already are added to what the
    rollups say, and let go as well.
    """
    last = _some_series(connection, bucket, after)
    if last is None:
        connection.execute(delete(rollups_due).where(rollups_due.c.bucket == bucket))
        return None
    let_go = readings_let_go(connection)
    if let_go[0] == bucket and after < let_go[1]:
        last = min(last, let_go[1])
    these = (bucket, after, last)
    if (bucket, last) <= let_go:
        for step in (MINUTE_S, HOUR_S):
            connection.exec_driver_sql(_MERGE[step], these)
        connection.exec_driver_sql(_LET_GO, these)
    else:
        connection.exec_driver_sql(_PUT[MINUTE_S], these)
        hour = bucket * BUCKET_S // HOUR_S
        connection.exec_driver_sql(_HOUR_OF_MINUTES, (hour, after, last))
    return last


def _some_series(connection: Connection, bucket: int, after: int) -> int | None:
    """The last of the next series whose readings together are not too many for one step."""
    inside = and_(readings.c.bucket == bucket, readings.c.series > after)
    query = select(readings.c.series).where(inside).order_by(readings.c.series)
    last = connection.execute(query.limit(1).offset(ROLLED_AT_ONCE)).scalar()
    if last is None:
        last = connection.execute(select(func.max(readings.c.series)).where(inside)).scalar()
    return last

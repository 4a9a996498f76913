"""Fills checksums and projections from the log: once after an upgrade, and whenever asked anew.

In small transactions, each of which notes how far it came, so that a process that is killed goes on
where it stopped and memory stays bounded whatever the log's length.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from services.domain.events import Event
from services.storage.compacted import floors, readings_let_go
from services.storage.projector import Projector
from services.storage.records import checksum, row_event, unchecked_event
from services.storage.schema import (
    alarms,
    cases,
    dispatches,
    events,
    meta,
    readings,
)

log = logging.getLogger(__name__)
MARK = "caught_up_to"
"""Key in ``meta``: events after this offset are still to be filled in; absent when none are."""
CHUNK = 5_000
TELL_S = 5.0
_CRC = 'UPDATE events SET crc = ? WHERE "offset" = ?'
T = TypeVar("T")
Transact = Callable[[Callable[[Connection], T]], T]
"""Runs a function inside one write transaction and gives its answer."""


def catch_up(transact: Transact[int | None], projector: Projector) -> None:
    """Do what an upgrade or ``start_anew`` left to do; nothing when there is nothing.

    Events that cannot be read are ``log_broken``: nothing is projected past them.
    """
    told = time.monotonic()
    while (done := transact(lambda c: _step(c, projector))) is not None:
        if time.monotonic() - told >= TELL_S:
            told = time.monotonic()
            log.info("bringing the store up to date: event %d is filled in", done)


def start_anew(connection: Connection) -> None:
    """Empty the projections of everything that the log still holds; ``catch_up`` fills them."""
    floor = floors(connection)
    let_go = readings_let_go(connection)
    if floor.observed or let_go[0] >= 0:
        told = readings.c.offset > floor.observed
        kept = tuple_(readings.c.bucket, readings.c.series) > tuple_(*let_go)
        connection.execute(delete(readings).where(told, kept))
    else:
        connection.execute(delete(readings))  # SQLite drops the pages instead of going row by row
    for table in (cases, dispatches, alarms):
        connection.execute(delete(table).where(table.c.opened > floor.everything))
    # what stood at the floor stands again, until the log tells what became of it
    connection.execute(
        update(alarms).where(alarms.c.changed > floor.everything).values(gone=False, gone_at=None)
    )
    connection.execute(delete(meta).where(meta.c.key == MARK))
    connection.execute(insert(meta).values(key=MARK, value=str(floor.everything)))


def _step(connection: Connection, projector: Projector) -> int | None:
    """The next events; the newest offset done, None when all are."""
    mark = connection.execute(select(meta.c.value).where(meta.c.key == MARK)).scalar()
    if mark is None:
        return None
    rows = connection.execute(
        select(
            events.c.offset,
            events.c.recv_time,
            events.c.event_time,
            events.c.source,
            events.c.body,
            events.c.crc,
        )
        .where(events.c.offset > int(mark))
        .order_by(events.c.offset)
        .limit(CHUNK)
    ).all()
    if not rows:
        connection.execute(delete(meta).where(meta.c.key == MARK))
        return None
    batch: list[Event] = []
    sums: list[tuple[int, int]] = []
    for offset, recv_time, event_time, source, body, crc in rows:
        if crc is None:
            batch.append(unchecked_event(offset, recv_time, event_time, source, body))
            sums.append((checksum(offset, recv_time, event_time, source, body), offset))
        else:
            batch.append(row_event(offset, recv_time, event_time, source, body, crc))
    if sums:
        connection.exec_driver_sql(_CRC, sums)
    projector.project(connection, batch, let_go=readings_let_go(connection))
    done = batch[-1].offset
    connection.execute(update(meta).where(meta.c.key == MARK).values(value=str(done)))
    return done

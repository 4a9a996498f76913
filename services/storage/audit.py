"""The audit in the event store: rows in, and what is asked of them without the hub.

Writing happens inside the log's own transactions (``LogWriter``); reading has connections of its
own that see text as bytes, so that a damaged row is a finding and not a failure.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from services.audit.chain import Head, Line, extend, genesis
from services.audit.page import AuditQuery
from services.audit.record import AuditRecord, Entry, decoded
from services.audit.signing import Checkpoint
from services.domain.errors import KnownError
from services.storage.database import reader_engine, storage_error
from services.storage.schema import audit, audit_checkpoint, meta

CHUNK = 2_000
CHAIN = "audit_chain"
_FACTS = (audit.c.time, audit.c.type, audit.c.actor, audit.c.object, audit.c.outcome)
_LINE = (audit.c.seq, audit.c.body, audit.c.hash, *_FACTS)


def _checkpoint(row: Sequence[Any]) -> Checkpoint:
    """A row as a checkpoint; one that is damaged is of no chain and has no signature."""
    names = ("chain", "number", "count", "hash", "time", "key", "signature")
    try:
        return msgspec.convert(dict(zip(names, row, strict=True)), Checkpoint)
    except msgspec.ValidationError:
        return Checkpoint(chain="", number=row[1], count=0, hash=b"", time=0.0, key="")


# -- writing, on the writer's connection --------------------------------------------
def stored_head(connection: Connection) -> Head:
    """Where the chain stands; its id is made with the first question."""
    chain = connection.execute(select(meta.c.value).where(meta.c.key == CHAIN)).scalar()
    if chain is None:
        chain = secrets.token_hex(16)
        connection.execute(insert(meta).values(key=CHAIN, value=chain))
        connection.commit()
    newest = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    return genesis(chain) if row is None else Head(chain, int(row[0]), bytes(row[1]))


def insert_entries(connection: Connection, head: Head, entries: Sequence[Entry]) -> Head:
    """Write entries behind ``head``; the new head counts once the transaction is committed.

    KnownError ``audit_failed``, or ``disk_full``.
    """
    lines, after = extend(head, entries)
    rows = [
        {
            "seq": line.seq,
            **dict(zip(("time", "type", "actor", "object", "outcome"), line.columns, strict=True)),
            "body": line.body,
            "hash": line.hash,
        }
        for line in lines
        if line.columns is not None
    ]
    try:
        connection.execute(insert(audit), rows)
    except SQLAlchemyError as error:
        known = storage_error(error)
        if known.code == "disk_full":
            raise known from error
        raise KnownError(
            "audit_failed",
            "the audit cannot be written, and nothing is done without it; "
            f"nothing is accepted until it can ({error.__cause__ or error})",
        ) from error
    return after


def insert_checkpoint(connection: Connection, checkpoint: Checkpoint) -> None:
    """Write a signed checkpoint."""
    c = checkpoint
    connection.execute(
        insert(audit_checkpoint).values(
            number=c.number,
            chain=c.chain,
            count=c.count,
            hash=c.hash,
            time=c.time,
            key=c.key,
            signature=c.signature,
        )
    )


# -- reading --------------------------------------------------------------------------
def _conditions(asked: AuditQuery) -> Iterator[ColumnElement[bool]]:
    if asked.start is not None:
        yield audit.c.time >= asked.start
    if asked.end is not None:
        yield audit.c.time < asked.end
    if asked.actor:
        yield audit.c.actor == asked.actor
    if asked.type:
        yield audit.c.type.startswith(asked.type, autoescape=True)
    if asked.object:
        yield audit.c.object.startswith(asked.object, autoescape=True)
    if asked.outcome:
        yield audit.c.outcome == asked.outcome


class AuditReader:
    """Reads the audit of a database file, of a running hub or of none. Any thread."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise KnownError("no_database", f"there is no event store {path}")
        carried = (
            not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
        )
        self._engine = reader_engine(path, text_as_stored=True, never_changes=carried)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def chain(self) -> str:
        """The id of the chain. KnownError ``no_audit`` for a store of an older version."""
        rows = self._rows(select(meta.c.value).where(meta.c.key == CHAIN))
        if not rows:
            raise KnownError("no_audit", "this event store has no audit; an older version wrote it")
        return str(rows[0][0])

    def head(self) -> Head:
        """Where the chain stands."""
        newest = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
        rows = self._rows(newest)
        chain = self.chain()
        return Head(chain, rows[0][0], rows[0][1]) if rows else genesis(chain)

    def head_at(self, count: int) -> Head:
        """Where the chain stood after ``count`` records; KnownError ``audit_broken``."""
        if count == 0:
            return genesis(self.chain())
        rows = self._rows(select(audit.c.hash).where(audit.c.seq == count))
        if not rows:
            raise KnownError("audit_broken", f"record {count} of the audit is missing")
        return Head(self.chain(), count, rows[0][0])

    def lines(
        self, after: int, last: int | None = None, pause: Callable[[], None] | None = None
    ) -> Iterator[Line]:
        """Records behind ``after`` in order, up to ``last``; in chunks, with a pause after each."""
        while True:
            query = select(*_LINE).where(audit.c.seq > after).order_by(audit.c.seq).limit(CHUNK)
            if last is not None:
                query = query.where(audit.c.seq <= last)
            rows = self._rows(query)
            for row in rows:
                yield Line(row[0], row[1], row[2], tuple(row[3:]))
            if len(rows) < CHUNK:
                return
            after = rows[-1][0]
            if pause is not None:
                pause()

    def checkpoints(self, first: int = 1) -> list[Checkpoint]:
        """Checkpoints in the order of their numbers, from number ``first`` on."""
        c = audit_checkpoint.c
        query = select(c.chain, c.number, c.count, c.hash, c.time, c.key, c.signature)
        rows = self._rows(query.where(c.number >= first).order_by(c.number))
        return [_checkpoint(row) for row in rows]

    def checkpoints_behind(self, count: int) -> list[Checkpoint]:
        """Checkpoints over more than ``count`` records, in the order of their numbers."""
        c = audit_checkpoint.c
        first = self._rows(select(func.min(c.number)).where(c.count > count))[0][0]
        return [] if first is None else self.checkpoints(first)

    def newest_checkpoint(self, upto: int | None = None) -> Checkpoint | None:
        """The checkpoint with the highest number (that covers no more than ``upto`` records)."""
        c = audit_checkpoint.c
        query = select(func.max(c.number))
        if upto is not None:
            query = query.where(c.count <= upto)
        number = self._rows(query)[0][0]
        return None if number is None else self.checkpoints(number)[0]

    def page(self, asked: AuditQuery, before: int | None, limit: int) -> list[AuditRecord]:
        """Up to ``limit`` records that match, newest first, older than number ``before``.

        A body that cannot be read is KnownError ``audit_broken``.
        """
        query = select(audit.c.body).where(*_conditions(asked)).order_by(audit.c.seq.desc())
        if before is not None:
            query = query.where(audit.c.seq < before)
        return [decoded(row[0]) for row in self._rows(query.limit(limit))]

    def types(self) -> list[str]:
        """Every type that is on record, in order."""
        rows = self._rows(select(audit.c.type).distinct().order_by(audit.c.type))
        return [str(row[0]) for row in rows]

    def _rows(self, query: Select[Any]) -> Sequence[Any]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query).all()
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise KnownError(
                "storage_failed", f"the event store cannot be read ({cause})"
            ) from error

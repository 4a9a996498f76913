"""The one writer of the event store. Every method belongs to one thread at a time."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from services.audit.record import Entry
from services.audit.signing import Checkpoint
from services.domain.errors import KnownError
from services.domain.events import Event
from services.storage.audit import insert_checkpoint, insert_entries, stored_head
from services.storage.catch_up import catch_up, start_anew
from services.storage.database import storage_error, unreadable, writer_engine
from services.storage.head import Head
from services.storage.lock import StoreLock
from services.storage.migrate import upgrade
from services.storage.projector import Projector, insert_sql
from services.storage.records import KeyRow, LoadSpan, event_row
from services.storage.schema import events, idempotency, load_spans, meta, snapshots

T = TypeVar("T")
_EVENTS = insert_sql(events)


def _nothing() -> None:
    """The commit hook of every hub that is not being tested."""


class LogWriter:
    """Appends to the log with fsync before it returns; any failure is KnownError, nothing kept.

    After a failure the connection is thrown away; ``reopen`` makes a new one and proves with a
    real write that the store takes writes again. ``before_commit`` runs inside every write
    transaction and may raise OSError: the faults of a disk, for tests. ``accept_loss`` opens a log
    that ends before what was acknowledged (``head.py``), which is refused otherwise.
    """

    def __init__(
        self,
        path: Path,
        *,
        before_commit: Callable[[], None] = _nothing,
        accept_loss: bool = False,
    ) -> None:
        self.path = path
        self._before_commit = before_commit
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = StoreLock(path.with_suffix(".lock"))
            path.touch(mode=0o600)  # the log holds personal data; SQLite's own files follow it
            self._head = Head(path.with_suffix(".head"))
        except OSError as error:
            raise storage_error(error) from error
        self._engine = writer_engine(path)
        self.projector = Projector()
        try:
            with self._engine.connect() as connection:
                upgrade(connection)
                self.epoch = self._epoch(connection)
                self.audit_head = stored_head(connection)
            if not accept_loss:
                self._head.check(self.epoch, self.last_offset())
            catch_up(self.transact, self.projector)
            self._head.write(self.epoch, self.last_offset())
        except SQLAlchemyError as error:
            self.close()
            raise storage_error(error) from error
        except KnownError:
            self.close()
            raise
        except Exception as error:  # a bit flipped in an index answers what cannot be
            self.close()
            raise unreadable(error) from error

    def close(self) -> None:
        """Close the connection (which checkpoints) and let the directory go."""
        self._engine.dispose()
        self._head.close()
        self._lock.close()

    # -- writes ---------------------------------------------------------------
    def append(
        self,
        batch: Sequence[Event],
        keys: Sequence[KeyRow] = (),
        audit: Sequence[Entry] = (),
        spans: Sequence[LoadSpan] = (),
    ) -> None:
        """One transaction: the events, keys of the commands that made them, the audit, and which
        of the events came of a load's rows. Durable."""

        def work(connection: Connection) -> None:
            if batch:
                connection.exec_driver_sql(_EVENTS, [event_row(e) for e in batch])
                self.projector.project(connection, batch)
            if keys:
                connection.execute(insert(idempotency), [msgspec.structs.asdict(k) for k in keys])
            if spans:
                connection.execute(insert(load_spans), [msgspec.structs.asdict(s) for s in spans])

        self.transact(work, audit)
        if batch:
            self._head.write(self.epoch, batch[-1].offset)

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a signed statement about the audit."""
        self.transact(lambda connection: insert_checkpoint(connection, checkpoint))

    def add_snapshot(self, offset: int, time: float, blob: bytes) -> None:
        """Keep a state; the same offset again is replaced."""

        def work(connection: Connection) -> None:
            connection.execute(delete(snapshots).where(snapshots.c.offset == offset))
            connection.execute(insert(snapshots).values(offset=offset, time=time, blob=blob))

        self.transact(work)

    def prune(self, keys_before: float, snapshot_offsets: Sequence[int]) -> None:
        """Forget idempotency keys older than a time, and snapshots by offset."""

        def work(connection: Connection) -> None:
            connection.execute(delete(idempotency).where(idempotency.c.time < keys_before))
            for start in range(0, len(snapshot_offsets), 500):
                some = snapshot_offsets[start : start + 500]
                connection.execute(delete(snapshots).where(snapshots.c.offset.in_(some)))

        self.transact(work)

    def set_meta(self, key: str, value: str, audit: Sequence[Entry] = ()) -> None:
        """Keep a small fact about the store beside the log (at most 128 characters)."""

        def work(connection: Connection) -> None:
            connection.execute(delete(meta).where(meta.c.key == key))
            connection.execute(insert(meta).values(key=key, value=value))

        self.transact(work, audit)

    def transact(self, work: Callable[[Connection], T], audit: Sequence[Entry] = ()) -> T:
        """Run something in one write transaction: all of it is kept, or nothing and KnownError."""
        head = self.audit_head
        try:
            with self._engine.begin() as connection:
                answer = work(connection)
                if audit:
                    head = insert_entries(connection, head, audit)
                self._before_commit()
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            self._give_up()
            raise storage_error(error) from error
        except BaseException:  # a bug of ours too: what was rolled back must not be believed
            self._give_up()
            raise
        self.audit_head = head
        return answer

    def _give_up(self) -> None:
        self.projector.forget()
        self._engine.dispose()

    # -- after a failure --------------------------------------------------------
    def reopen(self, audit: Sequence[Entry] = ()) -> None:
        """A new connection that has proved it can write and commit; KnownError if it cannot.

        ``audit``: what proves that the audit takes records again.
        """
        self._engine.dispose()
        self._engine = writer_engine(self.path)
        try:
            with self._engine.connect() as connection:
                # a commit that failed only in its answer has moved the chain on
                self.audit_head = stored_head(connection)
                connection.commit()
        except SQLAlchemyError as error:
            self._engine.dispose()
            raise storage_error(error) from error
        self.set_meta("probe", secrets.token_hex(8), audit)

    def new_epoch(self, *, lost: bool) -> str:
        """Start a new epoch: another log than the one that consoles know. ``lost``: because events
        that were acked are gone; then whatever else tells of them goes too."""
        epoch, last = secrets.token_hex(8), self.last_offset()

        def work(connection: Connection) -> None:
            connection.execute(update(meta).where(meta.c.key == "epoch").values(value=epoch))
            if lost:
                connection.execute(delete(snapshots).where(snapshots.c.offset > last))
                start_anew(connection)

        self.transact(work)
        catch_up(self.transact, self.projector)
        self.epoch = epoch
        self._head.write(epoch, last)
        return epoch

    def last_offset(self) -> int:
        """The newest offset that is really in the log."""
        try:
            with self._engine.connect() as connection:
                return connection.execute(select(func.max(events.c.offset))).scalar() or 0
        except SQLAlchemyError as error:
            raise storage_error(error) from error

    # -- inside -----------------------------------------------------------------
    @staticmethod
    def _epoch(connection: Connection) -> str:
        stored = connection.execute(select(meta.c.value).where(meta.c.key == "epoch")).scalar()
        if stored is None:
            stored = secrets.token_hex(8)
            connection.execute(insert(meta).values(key="epoch", value=stored))
        connection.commit()
        return str(stored)

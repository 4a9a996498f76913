"""The one writer of the event store. Every method belongs to one thread at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from services.audit.record import Entry
from services.audit.signing import Checkpoint
from services.domain.errors import KnownError
from services.domain.events import Event
from services.storage.audit import insert_checkpoint, insert_entries, stored_head
from services.storage.database import StoreLock, storage_error, writer_engine
from services.storage.migrate import upgrade
from services.storage.records import KeyRow, event_row
from services.storage.schema import events, idempotency, meta, snapshots


def _nothing() -> None:
    """The commit hook of every hub that is not being tested."""


class LogWriter:
    """Appends to the log with fsync before it returns; any failure is KnownError, nothing kept.

    After a failure the connection is thrown away; ``reopen`` makes a new one and proves with a
    real write that the store takes writes again. ``before_commit`` runs inside every write
    transaction and may raise OSError: the faults of a disk, for tests.
    """

    def __init__(self, path: Path, *, before_commit: Callable[[], None] = _nothing) -> None:
        self.path = path
        self._before_commit = before_commit
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = StoreLock(path.with_suffix(".lock"))
            path.touch(mode=0o600)  # the log holds personal data; SQLite's own files follow it
        except OSError as error:
            raise storage_error(error) from error
        self._engine = writer_engine(path)
        try:
            with self._engine.connect() as connection:
                upgrade(connection)
                self.epoch = self._epoch(connection)
                self.audit_head = stored_head(connection)
        except SQLAlchemyError as error:
            self.close()
            raise storage_error(error) from error
        except KnownError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection (which checkpoints) and let the directory go."""
        self._engine.dispose()
        self._lock.close()

    # -- writes ---------------------------------------------------------------
    def append(
        self, batch: Sequence[Event], keys: Sequence[KeyRow] = (), audit: Sequence[Entry] = ()
    ) -> None:
        """One transaction: the events, keys of the commands that made them, the audit. Durable."""

        def work(connection: Connection) -> None:
            if batch:
                connection.execute(insert(events), [event_row(e) for e in batch])
            if keys:
                connection.execute(insert(idempotency), [msgspec.structs.asdict(k) for k in keys])

        self._write(work, audit)

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a signed statement about the audit."""
        self._write(lambda connection: insert_checkpoint(connection, checkpoint))

    def add_snapshot(self, offset: int, time: float, blob: bytes) -> None:
        """Keep a state; the same offset again is replaced."""

        def work(connection: Connection) -> None:
            connection.execute(delete(snapshots).where(snapshots.c.offset == offset))
            connection.execute(insert(snapshots).values(offset=offset, time=time, blob=blob))

        self._write(work)

    def prune(self, keys_before: float, snapshot_offsets: Sequence[int]) -> None:
        """Forget idempotency keys older than a time, and snapshots by offset."""

        def work(connection: Connection) -> None:
            connection.execute(delete(idempotency).where(idempotency.c.time < keys_before))
            for start in range(0, len(snapshot_offsets), 500):
                some = snapshot_offsets[start : start + 500]
                connection.execute(delete(snapshots).where(snapshots.c.offset.in_(some)))

        self._write(work)

    def set_meta(self, key: str, value: str, audit: Sequence[Entry] = ()) -> None:
        """Keep a small fact about the store beside the log (at most 128 characters)."""

        def work(connection: Connection) -> None:
            connection.execute(delete(meta).where(meta.c.key == key))
            connection.execute(insert(meta).values(key=key, value=value))

        self._write(work, audit)

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

    def new_epoch(self) -> str:
        """Start a new epoch, because events that were acked are gone."""
        epoch = secrets.token_hex(8)
        self._write(
            lambda c: c.execute(update(meta).where(meta.c.key == "epoch").values(value=epoch))
        )
        self.epoch = epoch
        return epoch

    def last_offset(self) -> int:
        """The newest offset that is really in the log."""
        try:
            with self._engine.connect() as connection:
                return connection.execute(select(func.max(events.c.offset))).scalar() or 0
        except SQLAlchemyError as error:
            raise storage_error(error) from error

    # -- inside -----------------------------------------------------------------
    def _write(self, work: Callable[[Connection], object], audit: Sequence[Entry] = ()) -> None:
        head = self.audit_head
        try:
            with self._engine.begin() as connection:
                work(connection)
                if audit:
                    head = insert_entries(connection, head, audit)
                self._before_commit()
        except KnownError:
            self._engine.dispose()
            raise
        except (SQLAlchemyError, OSError) as error:
            self._engine.dispose()
            raise storage_error(error) from error
        self.audit_head = head

    @staticmethod
    def _epoch(connection: Connection) -> str:
        stored = connection.execute(select(meta.c.value).where(meta.c.key == "epoch")).scalar()
        if stored is None:
            stored = secrets.token_hex(8)
            connection.execute(insert(meta).values(key="epoch", value=stored))
        connection.commit()
        return str(stored)

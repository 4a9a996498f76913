"""Opening SQLite the way the log needs it: one writer, many readers, refusals in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from services.domain.errors import KnownError

BUSY_MS = 5_000
READERS = 4


def writer_engine(path: Path) -> Engine:
    """An engine with exactly one connection: WAL, ``synchronous=FULL``, explicit transactions.

    One connection alone writes and checkpoints, because SQLite before 3.51 can corrupt a WAL
    that two connections reset at once.
    """
    engine = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, so that DDL is inside too
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "auto_vacuum=INCREMENTAL",  # of a new file: what is deleted can be given back
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-64000",
            "wal_autocheckpoint=4000",  # 16 MB: fewer, and each page is written once for many
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reader_engine(
    path: Path, *, text_as_stored: bool = False, never_changes: bool = False
) -> Engine:
    """An engine of read-only connections for worker threads; none of them ever checkpoints.

    ``text_as_stored``: broken UTF-8 is given as surrogates and does not fail the question.
    ``never_changes``: on a medium that cannot be written, where SQLite can have no file beside it.
    """
    still = "&immutable=1" if never_changes else ""
    engine = create_engine(
        f"sqlite:///file:{quote(str(path.absolute()))}?mode=ro{still}&uri=true",
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        pool_timeout=30.0,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        if text_as_stored:
            connection.text_factory = _text_as_stored
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}").close()
        connection.execute("PRAGMA query_only=ON").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _text_as_stored(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def storage_error(error: Exception) -> KnownError:
    """What a failed write or read means for a person: ``disk_full`` or ``storage_failed``."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    full = isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_FULL
    if full or (isinstance(cause, OSError) and cause.errno in (28, 122)):  # ENOSPC, EDQUOT
        return KnownError(
            "disk_full",
            "the disk of the event store is full; nothing is accepted until there is room",
        )
    return KnownError(
        "storage_failed",
        f"the event store cannot be written; nothing is accepted until it can ({cause})",
    )


def unreadable(error: Exception) -> KnownError:
    """What it means that something stands in the store which no version of us ever wrote."""
    return KnownError(
        "store_damaged",
        "the event store is damaged: what it holds makes no sense "
        f"({type(error).__name__}: {error}). Look it over with “onemap doctor”, or bring back a "
        "backup with “onemap restore”",
    )

"""What stands in the projections, in a form that two stores can be compared by."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.storage.reader import LogReader
from services.storage.writer import LogWriter

TABLES = ("cases", "dispatches", "alarms")
_READINGS = (
    'SELECT s.entity, s.measure, r.time, r."offset", r.value, r.bucket FROM readings r '
    "JOIN series s ON s.id = r.series ORDER BY 1, 2, 3, 4"
)
_ROLLUPS = (
    "SELECT r.step, s.entity, s.measure, r.time, r.block, r.count, r.low, r.high, "
    "round(r.total, 6) FROM rollups r JOIN series s ON s.id = r.series ORDER BY 1, 2, 3, 4"
)


def dump(path: Path, *, rollups: bool = False) -> dict[str, list[tuple[object, ...]]]:
    """The projections of a store; ``rollups`` as well if asked."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = {t: connection.execute(f"SELECT * FROM {t} ORDER BY opened") for t in TABLES}
        answer = {table: list(rows) for table, rows in found.items()}
        answer["readings"] = list(connection.execute(_READINGS))
        if rollups:
            answer["rollups"] = list(connection.execute(_ROLLUPS))
    return answer


def sql(path: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Do something to a store behind its back."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(statement, values).fetchall()
        connection.commit()
        return rows


@contextmanager
def store(path: Path) -> Iterator[tuple[LogWriter, LogReader]]:
    """A store that is open for the block."""
    writer = LogWriter(path)
    reader = LogReader(path)
    try:
        yield writer, reader
    finally:
        reader.close()
        writer.close()


@contextmanager
def scratch() -> Iterator[tuple[LogWriter, LogReader]]:
    """A new store, for property tests."""
    with tempfile.TemporaryDirectory() as directory, store(Path(directory) / "log.sqlite") as both:
        yield both

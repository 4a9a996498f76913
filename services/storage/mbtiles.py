"""MBTiles: base map tiles in a SQLite file. Reading what others made, and writing our own.

A file from outside may hold anything, a view that never ends as well: it is opened read-only, no
value is larger than a tile may be, and every question is broken off after a while.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from services.domain.errors import KnownError, in_words

MAX_TILE_BYTES = 4 * 1024 * 1024
QUESTION_S = 2.0
READERS = 4
_MAGIC = b"SQLite format 3\x00"
_STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock."""
Tile = tuple[int, int, int]


class MbtilesReader:
    """Tiles of one file, rows counted from the north. Any thread.

    KnownError ``bad_mbtiles`` (it is none, or cannot be read) and ``vector_tiles``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._closed = False
        _check_file(path)
        self._engine = _reading(path)
        try:
            self.metadata = self._metadata()
            self.min_level, self.max_level = self._levels()
        except BaseException:
            self.close()
            raise
        if self.metadata.get("format", "").lower() in ("pbf", "mvt", "application/x-protobuf"):
            self.close()
            raise KnownError(
                "vector_tiles",
                f"{path.name} holds vector tiles; only pictures (PNG, JPEG, WebP) can be shown.",
            )

    def close(self) -> None:
        """Let go of the file; nothing is read after."""
        self._closed = True
        self._engine.dispose()

    def read(self, zoom: int, x: int, y: int) -> bytes | None:
        """The picture of a tile, None where there is none."""
        south = (1 << zoom) - 1 - y
        rows = self._ask(
            "SELECT tile_data FROM tiles WHERE zoom_level = :z AND tile_column = :x"
            " AND tile_row = :y LIMIT 1",
            {"z": zoom, "x": x, "y": south},
        )
        return bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None

    def _metadata(self) -> dict[str, str]:
        rows = self._ask("SELECT name, value FROM metadata LIMIT 500", {})
        return {str(name): str(value)[:4_000] for name, value in rows}

    def _levels(self) -> tuple[int, int]:
        """As the metadata say, else as there are."""
        told = [self.metadata.get(name, "") for name in ("minzoom", "maxzoom")]
        if all(level.isascii() and level.isdigit() and len(level) < 3 for level in told):
            low, high = int(told[0]), int(told[1])
        else:
            rows = self._ask("SELECT min(zoom_level), max(zoom_level) FROM tiles", {})
            low, high = (value if isinstance(value, int) else -1 for value in rows[0])
        if not 0 <= low <= high <= 30:
            raise _bad(self._path, "it has no tiles")
        return low, high

    def _ask(self, sql: str, values: dict[str, int]) -> list[Any]:
        if self._closed:
            raise _bad(self._path, "it has been closed")
        try:
            with self._engine.connect() as connection, _bounded(connection):
                return list(connection.execute(text(sql), values))
        except (DBAPIError, sqlite3.Error, OverflowError, ValueError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise _bad(self._path, str(cause)[:200]) from error


class MbtilesWriter:
    """A file of our own that grows while a region is downloaded. One thread at a time.

    Every batch is on the disk when ``add`` returns, so that a download goes on where it was.
    KnownError ``mbtiles_not_written``, ``bad_mbtiles``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.exists() and path.stat().st_size:
            _check_file(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._engine = _writing(path)
        self._do(
            (
                "CREATE TABLE IF NOT EXISTS metadata (name text PRIMARY KEY, value text)",
                "CREATE TABLE IF NOT EXISTS tiles (zoom_level integer, tile_column integer,"
                " tile_row integer, tile_data blob)",
                "CREATE UNIQUE INDEX IF NOT EXISTS tile_index"
                " ON tiles (zoom_level, tile_column, tile_row)",
                "CREATE TABLE IF NOT EXISTS onemap_empty (zoom_level integer, tile_column integer,"
                " tile_row integer, PRIMARY KEY (zoom_level, tile_column, tile_row))",
            )
        )

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def describe(self, metadata: dict[str, str]) -> None:
        """Set rows of the metadata."""
        rows = [{"name": name, "value": value} for name, value in metadata.items()]
        with self._transaction() as connection:
            connection.execute(
                text("INSERT OR REPLACE INTO metadata (name, value) VALUES (:name, :value)"), rows
            )

    def told(self, name: str) -> str:
        """A row of the metadata, "" where it is missing."""
        with self._transaction() as connection:
            query = text("SELECT value FROM metadata WHERE name = :name")
            return str(connection.execute(query, {"name": name}).scalar() or "")

    def add(self, tiles: Iterable[tuple[Tile, bytes]], empty: Iterable[Tile]) -> None:
        """Keep pictures, and which tiles have none; (zoom, column, row from the north)."""
        pictures = [{**_place(tile), "data": data} for tile, data in tiles]
        nothing = [_place(tile) for tile in empty]
        with self._transaction() as connection:
            if pictures:
                connection.execute(
                    text(
                        "INSERT OR REPLACE INTO tiles (zoom_level, tile_column, tile_row,"
                        " tile_data) VALUES (:z, :x, :y, :data)"
                    ),
                    pictures,
                )
            if nothing:
                connection.execute(
                    text("INSERT OR REPLACE INTO onemap_empty VALUES (:z, :x, :y)"), nothing
                )

    def present(self, zoom: int) -> set[tuple[int, int]]:
        """Columns and rows of a level that need not be asked for again."""
        last = (1 << zoom) - 1
        with self._transaction() as connection:
            rows = connection.execute(
                text(
                    "SELECT tile_column, tile_row FROM tiles WHERE zoom_level = :z UNION ALL"
                    " SELECT tile_column, tile_row FROM onemap_empty WHERE zoom_level = :z"
                ),
                {"z": zoom},
            )
            return {(x, last - y) for x, y in rows}

    def pictures(self) -> tuple[int, int]:
        """How many pictures there are, and their bytes."""
        query = text("SELECT count(*), total(length(tile_data)) FROM tiles")
        with self._transaction() as connection:
            count, size = connection.execute(query).one()
            return int(count), int(size)

    def _do(self, statements: Iterable[str]) -> None:
        with self._transaction() as connection:
            for statement in statements:
                connection.execute(text(statement))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._lock, self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0)
            full = code & 0xFF == sqlite3.SQLITE_FULL
            why = "the disk is full" if full else str(error.orig)[:200]
            raise KnownError(
                "mbtiles_disk_full" if full else "mbtiles_not_written",
                f"{self._path.name} cannot be written: {why}.",
                params={"why": why},
            ) from error


def _place(tile: Tile) -> dict[str, Any]:
    zoom, x, y = tile
    return {"z": zoom, "x": x, "y": (1 << zoom) - 1 - y}


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise _bad(path, in_words(error)) from error
    if magic != _MAGIC:
        raise _bad(path, "it is no SQLite database")


def _reading(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///file:{quote(str(path.absolute()))}?mode=ro&uri=true",
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        pool_timeout=10.0,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_TILE_BYTES)
        for pragma in ("query_only=ON", "trusted_schema=OFF", "busy_timeout=500"):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _writing(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("busy_timeout=2000", "journal_mode=DELETE", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


@contextlib.contextmanager
def _bounded(connection: Connection) -> Iterator[None]:
    """Break off what runs in here after a while."""
    raw: Any = connection.connection.dbapi_connection
    until = time.monotonic() + QUESTION_S
    raw.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


def _bad(path: Path, why: str) -> KnownError:
    return KnownError(
        "bad_mbtiles",
        f"{path.name} cannot be used as MBTiles: {why}.",
        params={"name": path.name, "why": why},
    )

"""Tiles that came from servers, kept on the disk up to a size; the longest unused go first.

What is lost here comes again, so a file that cannot be read is made anew, a full disk is said and
lived with, and nothing here ever stops a map.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from services.domain.errors import KnownError, in_words
from services.storage.lock import StoreLock

log = logging.getLogger(__name__)
FILE = "tiles.sqlite"
LOCK = "tiles.lock"
MAX_TILE_BYTES = 4 * 1024 * 1024
LOW_WATER = 0.9
"""Of the size, down to which is cleared when it is passed."""
CLEARED_AT_ONCE = 500
USED_AT_ONCE = 64
"""Reads that are remembered before their times are written in one go."""
REST_S = 60.0
"""How long nothing is written after the disk did not take it."""
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS tiles (source TEXT NOT NULL, z INTEGER NOT NULL,"
    " x INTEGER NOT NULL, y INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,"
    " stored REAL NOT NULL, expires REAL NOT NULL, used REAL NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (source, z, x, y))",
    "CREATE INDEX IF NOT EXISTS tiles_used ON tiles (used, size)",
)
_NOT_OURS = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT}
)
"""What a file says that is broken or has other tables. A disk that is full, locked or read-only
says something else, and gigabytes of tiles are not thrown away for that."""
Key = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class CachedTile:
    """A picture, and when it was ``stored`` and ``expires`` (UNIX seconds)."""

    data: bytes
    etag: str
    stored: float
    expires: float


class TileCache:
    """One folder's cache, for one process; ``source`` names whose tiles. Any thread; no errors.

    ``trouble`` says why nothing is kept at present, in a KnownError ``tile_cache_off`` or
    ``tile_cache_full``; None while all is well. ``clock`` gives UNIX seconds.
    """

    def __init__(self, folder: Path, max_bytes: int, clock: Callable[[], float]) -> None:
        self._path = folder / FILE
        self._max = max_bytes
        self._clock = clock
        self._mutex = threading.RLock()
        self._used: dict[Key, float] = {}
        self._rest_until = 0.0
        self._size = 0
        self._engine: Engine | None = None
        self._lock: StoreLock | None = None
        self.trouble: KnownError | None = None
        if max_bytes > 0:
            self._begin()

    def _begin(self) -> None:
        folder = self._path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = StoreLock(folder / LOCK)
        except KnownError:
            self.trouble = _off("another console of this data directory uses it")
        except OSError as error:
            self.trouble = _off(in_words(error))
        else:
            self._open()

    @property
    def size(self) -> int:
        """Bytes of the pictures that are kept."""
        return self._size

    @property
    def on_disk(self) -> int:
        """Bytes that the file takes, with what is free in it."""
        names = (self._path.name, f"{self._path.name}-wal")
        return sum(size_of(self._path.with_name(name)) for name in names)

    def resize(self, max_bytes: int) -> None:
        """Keep so much from now on; what is too much goes, and the file shrinks with it. Waits for
        the disk."""
        with self._mutex:
            self._max = max_bytes
            if self._lock is None and max_bytes > 0:
                self.trouble = None
                self._begin()
            if self._size > max_bytes:
                if max_bytes > 0:
                    self._clear()
                else:
                    self._empty()
                self._shrink()

    def clear(self) -> None:
        """Keep nothing of what is kept. Waits for the disk."""
        with self._mutex:
            self._empty()
            self._shrink()

    def close(self) -> None:
        """Write what is not written yet and close the file; later calls do nothing."""
        with self._mutex:
            self._note_used()
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None
            if self._lock is not None:
                self._lock.close()
            self._lock = None

    def get(self, source: str, zoom: int, x: int, y: int) -> CachedTile | None:
        """What is kept of a tile, however old."""
        key = (source, zoom, x, y)
        query = text(
            "SELECT data, etag, stored, expires FROM tiles"
            " WHERE source = :s AND z = :z AND x = :x AND y = :y"
        )
        row = None
        with self._doing() as connection:
            if connection is not None:
                row = connection.execute(query, _values(key)).one_or_none()
        if row is None or not isinstance(row[0], bytes):
            return None
        with self._mutex:
            self._used[key] = self._clock()
            full = len(self._used) >= USED_AT_ONCE
        if full:
            self._note_used()
        return CachedTile(row[0], str(row[1]), float(row[2]), float(row[3]))

    def put(
        self, source: str, zoom: int, x: int, y: int, data: bytes, etag: str, expires: float
    ) -> None:
        """Keep a picture until ``expires``, and after that for as long as there is room."""
        if len(data) > MAX_TILE_BYTES or len(data) > self._max:
            return
        now = self._clock()
        values = _values((source, zoom, x, y)) | {
            "size": len(data), "etag": etag[:200], "stored": now, "expires": expires,
            "used": now, "data": data,
        }  # fmt: skip
        before = text("SELECT size FROM tiles WHERE source = :s AND z = :z AND x = :x AND y = :y")
        with self._doing(writes=True) as connection:
            if connection is None:
                return
            had = connection.execute(before, values).scalar() or 0
            connection.execute(
                text(
                    "INSERT OR REPLACE INTO tiles"
                    " (source, z, x, y, size, etag, stored, expires, used, data) VALUES"
                    " (:s, :z, :x, :y, :size, :etag, :stored, :expires, :used, :data)"
                ),
                values,
            )
            self._size += len(data) - had
        if self._size > self._max:
            self._clear()

    def renew(self, source: str, zoom: int, x: int, y: int, expires: float) -> None:
        """What is kept is still good, says the server."""
        values = _values((source, zoom, x, y)) | {"stored": self._clock(), "expires": expires}
        with self._doing(writes=True) as connection:
            if connection is not None:
                connection.execute(
                    text(
                        "UPDATE tiles SET stored = :stored, expires = :expires"
                        " WHERE source = :s AND z = :z AND x = :x AND y = :y"
                    ),
                    values,
                )

    def forget(self, source: str) -> None:
        """Keep nothing of a source."""
        with self._doing(writes=True) as connection:
            if connection is not None:
                connection.execute(text("DELETE FROM tiles WHERE source = :s"), {"s": source})
                self._count(connection)

    def mean_size(self, source: str) -> float | None:
        """Bytes of a tile of a source on average, None where fewer than 20 are kept."""
        query = text(
            "SELECT count(*), avg(size) FROM (SELECT size FROM tiles WHERE source = :s LIMIT 2000)"
        )
        with self._doing() as connection:
            if connection is not None:
                count, mean = connection.execute(query, {"s": source}).one()
                return float(mean) if count >= 20 else None
        return None

    # -- the file ---------------------------------------------------------------------------
    def _open(self) -> None:
        """A file that is no database of ours is made anew; one that cannot be read for another
        reason is left as it is, and tried again after a while."""
        for attempt in (1, 2):
            self._engine = _engine(self._path)
            try:
                with self._engine.begin() as connection:
                    for statement in _SCHEMA:
                        connection.execute(text(statement))
                    self._count(connection)
            except (DBAPIError, sqlite3.Error, OSError) as error:
                self._engine.dispose()
                self._engine = None
                if attempt == 2 or _code(error) not in _NOT_OURS or not self._discard():
                    self.trouble = _off(_reason(error))
                    self._rest_until = self._clock() + REST_S
                    return
                log.warning("the cache of tiles is made anew: %s", _reason(error))
            else:
                self.trouble = None
                return

    def _discard(self) -> bool:
        try:
            for name in (self._path.name, f"{self._path.name}-wal", f"{self._path.name}-shm"):
                self._path.with_name(name).unlink(missing_ok=True)
        except OSError:
            return False
        return True

    def _count(self, connection: Connection) -> None:
        self._size = int(connection.execute(text("SELECT total(size) FROM tiles")).scalar() or 0)

    def _empty(self) -> None:
        self._used.clear()
        with self._doing(writes=True) as connection:
            if connection is not None:
                connection.execute(text("DELETE FROM tiles"))
                self._size = 0

    def _shrink(self) -> None:
        """Give back to the disk what is free in the file."""
        if self._engine is None:
            return
        try:
            with self._engine.connect() as connection:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                alone.execute(text("VACUUM"))
                alone.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        except DBAPIError as error:  # a full disk has no room for the copy: then it stays large
            log.warning("the cache of tiles was not made smaller: %s", _reason(error))

    def _clear(self) -> None:
        """The longest unused go, some hundred at a time, until there is room again."""
        self._note_used()
        while self._size > self._max * LOW_WATER:
            with self._doing(writes=True) as connection:
                if connection is None:
                    return
                went = connection.execute(
                    text(
                        "DELETE FROM tiles WHERE rowid IN (SELECT rowid FROM tiles"
                        " ORDER BY used LIMIT :n) RETURNING size"
                    ),
                    {"n": max(1, min(CLEARED_AT_ONCE, self._share()))},
                ).scalars()
                gone = list(went)
                self._size -= sum(gone)
                if not gone:
                    self._count(connection)
                    return

    def _share(self) -> int:
        """A few tiles of a small cache, hundreds of a large one."""
        return int((self._size - self._max * LOW_WATER) // 20_000) + 1

    def _note_used(self) -> None:
        with self._mutex:
            used, self._used = self._used, {}
        if not used:
            return
        with self._doing(writes=True) as connection:
            if connection is not None:
                connection.execute(
                    text(
                        "UPDATE tiles SET used = :used"
                        " WHERE source = :s AND z = :z AND x = :x AND y = :y"
                    ),
                    [_values(key) | {"used": at} for key, at in used.items()],
                )

    @contextlib.contextmanager
    def _doing(self, *, writes: bool = False) -> Iterator[Connection | None]:
        """A transaction, or None while there is no file, or none that can be written."""
        with self._mutex:
            rests = self._clock() < self._rest_until
            if self._engine is None and self._lock is not None and not rests:
                self._open()
            if self._engine is None or (writes and rests):
                yield None
                return
            try:
                with self._engine.begin() as connection:
                    yield connection
                if writes:
                    self.trouble = None
            except DBAPIError as error:
                self._failed(error)

    def _failed(self, error: DBAPIError) -> None:
        log.warning("the cache of tiles failed: %s", error.orig)
        code = _code(error)
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) and self._engine is not None:
            self._engine.dispose()
            self._engine = None
            if self._discard():
                self._open()
            return
        self._rest_until = self._clock() + REST_S
        if code == sqlite3.SQLITE_FULL:
            self.trouble = KnownError(
                "tile_cache_full", "The disk is full: tiles of the base map are not kept."
            )
        else:
            self.trouble = _off(_reason(error))


def _engine(path: Path) -> Engine:
    """One connection alone, which also checkpoints."""
    engine = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * MAX_TILE_BYTES)
        for pragma in ("busy_timeout=1000", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def size_of(path: Path) -> int:
    """Bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _values(key: Key) -> dict[str, object]:
    return dict(zip(("s", "z", "x", "y"), key, strict=True))


def _code(error: Exception) -> int:
    """SQLite's primary code, 0 where it says none."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(told, "sqlite_errorcode", 0)) & 0xFF


def _reason(error: Exception) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error)[:200]


def _off(why: str) -> KnownError:
    return KnownError(
        "tile_cache_off", f"Tiles of the base map are not kept: {why}.", params={"why": why}
    )

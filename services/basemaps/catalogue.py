"""The base maps of this console, in a file that only its owner reads, because keys stand in it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from services.basemaps.model import SCHEMATIC, SCHEMATIC_SOURCE, Source, check_source
from services.domain.errors import KnownError, in_words
from services.storage.turn import file_turn

FILE = "basemaps.json"
FOLDER = "basemaps"
"""In the data directory: the cache, and regions that were downloaded."""
MAX_BYTES = 1024 * 1024
MAX_SOURCES = 200
CACHE_MB, MOST_CACHE_MB = 512, 1_000_000


class _Content(msgspec.Struct, forbid_unknown_fields=True):
    sources: list[Source] = []
    cache_mb: int = CACHE_MB


class BasemapCatalogue:
    """The bundled schematic map and what was added. Any thread.

    Another process may change the file too (a command while a console runs): it is read again when
    it is another one. A file that cannot be read stays as it is: ``trouble`` says why, what was
    there before is there, and nothing is added before somebody has looked after it. Changes are on
    the disk when a call returns. KnownError ``bad_basemap_file``, ``bad_basemap_source``,
    ``basemap_bd09``, ``basemap_not_saved``, ``unknown_basemap``, ``too_many_basemaps``,
    ``file_busy``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._content = _Content()
        self._seen: tuple[int, int] | None = None
        self.trouble: KnownError | None = None
        self._look()

    @property
    def cache_mb(self) -> int:
        """How large the cache of tiles may grow on the disk, in megabytes; 0: none is kept."""
        return min(max(self._newest().cache_mb, 0), MOST_CACHE_MB)

    def set_cache_mb(self, megabytes: int) -> None:
        """Let the cache grow so far. KnownError also ``bad_cache_size``."""
        if not 0 <= megabytes <= MOST_CACHE_MB:
            raise KnownError(
                "bad_cache_size",
                f"The cache takes 0 to {MOST_CACHE_MB:,} MB.",
                params={"most": f"{MOST_CACHE_MB:,}"},
            )
        with self._changing():
            self._store(self._content.sources, megabytes)

    def sources(self) -> tuple[Source, ...]:
        """All of them, the schematic one first. Waits for nobody who changes them."""
        return (SCHEMATIC_SOURCE, *self._newest().sources)

    def get(self, id_: str) -> Source:
        """One by its id."""
        found = next((source for source in self.sources() if source.id == id_), None)
        if found is None:
            raise _unknown(id_)
        return found

    def put(self, source: Source) -> None:
        """Add a base map, or change the one of this id."""
        check_source(source)
        if source.id == SCHEMATIC or source.type == "schematic":
            raise KnownError(
                "bad_basemap_source", "The schematic map comes with the program.", field="id"
            )
        with self._changing():
            kept = self._content.sources
            ids = [old.id for old in kept]
            if source.id in ids:
                at = ids.index(source.id)
                fresh = [*kept[:at], source, *kept[at + 1 :]]
            else:
                fresh = [*kept, source]
            if len(fresh) > MAX_SOURCES:
                raise KnownError("too_many_basemaps", f"There are {MAX_SOURCES} base maps already.")
            self._store(fresh)

    def remove(self, id_: str) -> None:
        """Forget a base map; its files and its cache stay."""
        with self._changing():
            fresh = [source for source in self._content.sources if source.id != id_]
            if len(fresh) == len(self._content.sources):
                raise _unknown(id_)
            self._store(fresh)

    def free_id(self, wish: str) -> str:
        """An id that is not taken yet, like the wished one."""
        plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in wish.lower())
        base = plain.strip("-")[:48] or "map"
        taken = {source.id for source in self.sources()}
        names = (base, *(f"{base}-{n}" for n in range(2, MAX_SOURCES + 3)))
        return next(name for name in names if name not in taken)

    def _newest(self) -> _Content:
        """What the file says; what it said last while somebody is at it, who may wait for the
        disk, or for another program."""
        if self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._content

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """The file as it is now, and nobody else's turn to change it until it is written."""
        with self._lock, file_turn(self._path):
            self._look()
            yield

    def _look(self) -> None:
        """Read the file if it is another one than was read last."""
        try:
            told = self._path.stat()
            seen = (told.st_mtime_ns, told.st_ino)
        except OSError:
            seen = None
        if seen is not None and seen == self._seen:
            return
        self._seen = seen
        try:
            self._content, self.trouble = _read(self._path), None
        except KnownError as error:
            self.trouble = error

    def _store(self, sources: list[Source], cache_mb: int | None = None) -> None:
        """Write, then adopt."""
        if self.trouble is not None:
            raise self.trouble
        content = _Content(sources, self._content.cache_mb if cache_mb is None else cache_mb)
        _write(self._path, msgspec.json.format(msgspec.json.encode(content), indent=2))
        self._look()


def _read(path: Path) -> _Content:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return _Content()
    except OSError as error:
        raise _bad_file(in_words(error)) from error
    if len(raw) > MAX_BYTES:
        raise _bad_file("it is too large")
    try:
        content = msgspec.json.decode(raw, type=_Content)
    except msgspec.ValidationError as error:
        raise _bad_file(str(error)[:200]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _bad_file("it is no JSON") from None  # the text may quote a key
    ids = [source.id for source in content.sources]
    if len(ids) > MAX_SOURCES or len(set(ids)) < len(ids) or SCHEMATIC in ids:
        raise _bad_file(f"more than {MAX_SOURCES} base maps, or one id twice")
    for source in content.sources:
        try:
            check_source(source)
        except KnownError as error:
            raise _bad_file(f"{source.id[:64]}: {error.text}") from None
    return content


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise KnownError(
            "basemap_not_saved",
            f"{path.name} could not be written ({in_words(error)}); nothing was changed.",
        ) from error


def _bad_file(why: str) -> KnownError:
    return KnownError(
        "bad_basemap_file",
        f"{FILE} cannot be used: {why}. The schematic map is shown.",
        params={"why": why},
    )


def _unknown(id_: str) -> KnownError:
    return KnownError("unknown_basemap", f"There is no base map {id_[:64]!r}.")

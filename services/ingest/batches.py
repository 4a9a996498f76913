"""What was loaded, kept in the data directory to be listed, undone, and gone on with after a crash.

One thread at a time; a batch that is being worked on is locked against other processes. Of each
batch there are two files: ``ID.json``, written whole and atomically, says what it is; ``ID.ids``
grows line by line, on the disk before rows go to the hub, and says which ids they have. A line
counts from its newline on: what a crash leaves of one was never sent, or is asked of the hub again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

import msgspec

from services.domain.clock import Clock
from services.domain.errors import KnownError, in_words

DIRECTORY = "imports"
MAX_BATCHES = 200
MAX_HEADER = 1024 * 1024
MAX_IDS_BYTES = 512 * 1024 * 1024
MAX_LINE = 4 * 1024 * 1024
"""Far more than a thousand ids have."""
CHUNK = 64 * 1024
MAX_LEFT = 500
"""Of what was not undone so many are named."""
Kept = dict[str, str | bool | dict[str, str]]
State = Literal["loading", "loaded", "stopped", "undoing", "undone"]
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}", re.ASCII)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One load. ``epoch``, ``first``, ``last``: where in the hub's log; ``last`` 0: not known.
    ``source``: as whom the hub tells of it. ``left``: ids that an undo left alone, and why.
    ``options``: how the file was read, for going on after a crash. Times are UNIX seconds."""

    id: str
    file: str
    kind: str
    hub: str
    epoch: str
    first: int
    source: str
    by: str
    began_at: float
    state: State = "loading"
    last: int = 0
    read: int = 0
    loaded: int = 0
    refused: int = 0
    ended_at: float = 0.0
    deleted: int = 0
    restored: int = 0
    left: tuple[tuple[str, str, str], ...] = ()
    left_count: int = 0
    digest: str = ""
    options: Kept = {}


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """``ids`` are about to be sent; ``done``: as many of the newest line's were answered, and the
    newest offset told."""

    ids: list[str] = []
    done: bool = False
    last: int = 0


_LINE: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


class BatchStore:
    """The batches of a data directory. KnownError ``not_written`` where its disk takes nothing."""

    def __init__(self, data: Path, clock: Clock = time.time) -> None:
        self.directory = data / DIRECTORY
        self._clock = clock

    def all(self) -> list[Batch]:
        """The batches, newest first; what cannot be read is left out."""
        found = []
        names = sorted((p.stem for p in self.directory.glob("2*-*-*.json")), reverse=True)
        for name in names[:MAX_BATCHES]:
            with contextlib.suppress(KnownError):
                found.append(self.get(name))
        return found

    def get(self, id_: str) -> Batch:
        """One batch; KnownError ``unknown_batch``."""
        path = self._header(id_)
        try:
            if path.stat().st_size > MAX_HEADER:
                raise ValueError("too large")
            return msgspec.json.decode(path.read_bytes(), type=Batch)
        except FileNotFoundError:
            raise _unknown(id_) from None
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise KnownError("unknown_batch", f"batch {id_} cannot be read: {error}") from error

    # -- files --------------------------------------------------------------------
    def sent(self, id_: str) -> set[str]:
        """The ids that were given to the hub, or may have been."""
        return {each for line in self._lines(id_) for each in line.ids}

    def answered(self, id_: str) -> set[str]:
        """The ids of which the hub has answered."""
        found: set[str] = set()
        before: list[str] = []
        for line in self._lines(id_):
            if line.done:
                found.update(before)
            before = line.ids
        return found

    def _lines(self, id_: str) -> Iterator[Line]:
        path = self._ids(id_)
        try:
            if path.stat().st_size > MAX_IDS_BYTES:
                raise KnownError("unknown_batch", f"the ids of batch {id_} are too many")
            with path.open("rb") as file:
                number = 0
                while raw := file.readline(MAX_LINE):
                    number += 1
                    if not raw.endswith(b"\n") and len(raw) < MAX_LINE:
                        return  # half a line: what it would have named was never sent
                    yield _decoded(raw, id_, number)
        except FileNotFoundError:
            return
        except OSError as error:
            raise KnownError(
                "unknown_batch", f"the ids of batch {id_} cannot be read: {in_words(error)}"
            ) from error

    @contextlib.contextmanager
    def locked(self, id_: str) -> Iterator[IO[bytes]]:
        """The ids' file, for adding, while nobody else works on the batch; it ends in a newline."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            # without a buffer, which would fail once more when it is closed
            file = os.fdopen(
                os.open(self._ids(id_), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600),
                "ab",
                buffering=0,
            )
        except OSError as error:
            raise not_written(self.directory, error) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise KnownError("batch_busy", f"batch {id_} is being worked on") from error
            try:
                _cut_half_a_line(file.fileno())
                _sync_directory(self.directory)
            except OSError as error:
                raise not_written(self.directory, error) from error
            yield file

    def now(self) -> float:
        """The clock, UNIX seconds."""
        return self._clock()

    def keep(self, batch: Batch) -> None:
        """Write what is known of a batch."""
        path = self._header(batch.id)
        fresh = path.with_suffix(".new")
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                file.write(msgspec.json.encode(batch))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            _sync_directory(self.directory)
        except OSError as error:
            raise not_written(self.directory, error) from error

    def prune(self) -> None:
        """Forget the oldest beyond so many."""
        names = sorted((p.stem for p in self.directory.glob("2*-*-*.json")), reverse=True)
        for name in names[MAX_BATCHES:]:
            for path in (self._header(name), self._ids(name)):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _header(self, id_: str) -> Path:
        if not _ID.fullmatch(id_):
            raise _unknown(id_)
        return self.directory / f"{id_}.json"

    def _ids(self, id_: str) -> Path:
        return self._header(id_).with_suffix(".ids")


def _decoded(raw: bytes, id_: str, number: int) -> Line:
    try:
        return _LINE.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise KnownError(
            "batch_damaged",
            f"line {number} of the ids of batch {id_} cannot be read ({error}), so it is not known"
            " which rows are loaded; undo the batch and load the file again",
            params={"batch": id_, "line": number},
        ) from error


def _cut_half_a_line(file: int) -> None:
    """What a crash left behind the last newline goes, or the next line would be a part of it."""
    size = end = os.fstat(file).st_size
    while end:
        first = max(0, end - CHUNK)
        place = os.pread(file, end - first, first).rfind(b"\n")
        if place >= 0:
            end = first + place + 1
            break
        end = first
    if end < size:
        os.ftruncate(file, end)
        os.fsync(file)


def _sync_directory(directory: Path) -> None:
    """A file's name is on the disk only with its directory."""
    file = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _unknown(id_: str) -> KnownError:
    shown = "".join(c if c.isprintable() else "�" for c in id_[:40])
    return KnownError("unknown_batch", f"there is no batch “{shown}”; see onemap import list")


def not_written(directory: Path, error: OSError) -> KnownError:
    """Why what was loaded cannot be kept."""
    return KnownError(
        "not_written",
        f"{directory} cannot be written ({in_words(error)}); nothing was loaded that could not be"
        " undone",
    )

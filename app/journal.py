"""Orders that wait, on this desk's disk: they outlive the console and the machine's power.

One small file per account and hub, written whole and atomically with fsync; worker threads only,
but for ``open_journal`` and ``load``, which the console calls before its windows are there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec

from app.orders import MAX_ORDERS, Kept

log = logging.getLogger(__name__)
MAX_BYTES = 8 * 1024 * 1024
MAX_ASIDE = 100
MAX_DESKS = 16
"""Consoles of one account on one machine, each with a journal of its own."""


class JournalContent(msgspec.Struct, frozen=True):
    """What stands in a journal."""

    version: int
    hub: str
    user: str
    orders: tuple[Kept, ...]


class Journal:
    """The journal of one console. ``save`` from any thread; the newest content wins."""

    def __init__(self, path: Path, hub: str, user: str, lock: IO[bytes]) -> None:
        self.path = path
        self._hub, self._user = hub, user
        self._lock_file = lock
        self._lock = threading.Lock()
        self._asked = self._written = 0

    def close(self) -> None:
        """Let another console have it."""
        self._lock_file.close()

    def load(self) -> tuple[Kept, ...]:
        """What an earlier run left. A journal that cannot be read is put aside, never lost."""
        try:
            if self.path.stat().st_size > MAX_BYTES:
                raise ValueError("it is too large")
            content = msgspec.json.decode(self.path.read_bytes(), type=JournalContent)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, RecursionError) as error:
            aside = self._aside()
            log.error(
                "the journal %s cannot be read (%s); it is kept as %s", self.path, error, aside
            )
            with contextlib.suppress(OSError):
                self.path.replace(aside)
            return ()
        return content.orders[:MAX_ORDERS]

    def _aside(self) -> Path:
        """Where what cannot be read is kept: beside what could not be read before."""
        names = [".unreadable", *(f".unreadable-{n}" for n in range(2, MAX_ASIDE + 1))]
        paths = [self.path.with_suffix(name) for name in names]
        return next((path for path in paths if not path.exists()), paths[-1])

    def turn(self) -> int:
        """A number for the next ``save``; ask in the order in which the contents were true."""
        with self._lock:
            self._asked += 1
            return self._asked

    def save(self, orders: Sequence[Kept], turn: int) -> None:
        """Write the content of a turn; an older turn's does nothing. OSError when it fails."""
        data = msgspec.json.encode(JournalContent(1, self._hub, self._user, tuple(orders)))
        with self._lock:
            if turn <= self._written:
                return
            if orders:
                self._write(data)
            else:
                self.path.unlink(missing_ok=True)
            self._written = turn

    def _write(self, data: bytes) -> None:
        fresh = self.path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        directory = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def open_journal(directory: Path, hub: str, user: str) -> Journal | None:
    """A journal that no other console holds; None (and a line in the log) when none can be had.

    Another account's journal is never opened: its orders are not this person's.
    """
    name = hashlib.sha256(f"{hub}\n{user}".encode()).hexdigest()[:16]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for number in range(MAX_DESKS):
            path = directory / f"{name}-{number}.json"
            lock = path.with_suffix(".lock").open("ab")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                continue
            return Journal(path, hub, user, lock)
    except OSError as error:
        log.error("there is no journal for orders without a line: %s", error)
    return None

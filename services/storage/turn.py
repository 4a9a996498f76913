"""A small file that several programs change: one after the other reads, changes and writes it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from services.domain.errors import KnownError

WAIT_S = 1.0
"""Others need milliseconds; who takes longer than this hangs."""
_STEP_S = 0.01


@contextlib.contextmanager
def file_turn(path: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold others off a file that is replaced whole; blocking, any thread.

    The lock is a file beside it, because the file itself is another one after every change. Where
    none can be made there is none: writing will say what is wrong. KnownError ``file_busy``.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        until = time.monotonic() + wait_s
        while not _locked(lock):
            if time.monotonic() >= until:
                raise KnownError(
                    "file_busy",
                    f"Another program is changing {path.name}; try again.",
                    params={"name": path.name},
                )
            time.sleep(_STEP_S)
        yield
    finally:
        os.close(lock)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

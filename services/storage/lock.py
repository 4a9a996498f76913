"""One hub to a data directory. No database here: who only asks whether one runs is quick."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import IO

from services.domain.errors import KnownError, in_words

LOCK = "onemap.lock"


class StoreLock:
    """Keeps a second hub out of a data directory; released by ``close`` or by the process's end."""

    def __init__(self, path: Path) -> None:
        # nobody else's to open: whoever can, can lock it, and keep the hub from starting
        self._file: IO[bytes] = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "ab")
        with contextlib.suppress(PermissionError):  # owned by somebody else: locking decides
            os.fchmod(self._file.fileno(), 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise KnownError(
                "data_in_use", f"another hub already runs on the data directory {path.parent}"
            ) from error

    def close(self) -> None:
        """Let another hub in."""
        self._file.close()


def refuse_busy(data: Path) -> None:
    """Raise KnownError ``data_in_use`` while a hub runs on the directory; ``bad_data`` where it
    cannot be written. Whoever starts later is still held off by the lock itself."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        StoreLock(data / LOCK).close()
    except OSError as error:
        raise unusable(data, error) from error


def unusable(data: Path, error: OSError) -> KnownError:
    """Why a data directory cannot be used."""
    return KnownError("bad_data", f"{data} cannot be used as data directory: {in_words(error)}")

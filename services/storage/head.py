"""A witness beside the log of how far it was acknowledged, so that a lost tail is noticed.

A database that was cut, copied without its write-ahead log, or put back by hand opens without
complaint, only shorter. The newest committed offset is therefore also written to a small file of
its own, after the commit and without a second fsync: after a loss of power the witness may be
behind the log, never ahead of it.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from pathlib import Path

from services.domain.errors import KnownError

_RECORD = struct.Struct("<16sqI")


class Head:
    """The witness file of one store. The writer's thread."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)

    def write(self, epoch: str, offset: int) -> None:
        """Note that events up to ``offset`` are committed. Never fails: it only bears witness."""
        data = struct.pack("<16sq", epoch.encode(), offset)
        with contextlib.suppress(OSError):
            os.pwrite(self._file, _RECORD.pack(epoch.encode(), offset, zlib.crc32(data)), 0)

    def check(self, epoch: str, last: int) -> None:
        """Refuse a log of this epoch that ends before what was acknowledged: ``log_short``."""
        data = os.pread(self._file, _RECORD.size, 0)
        if len(data) < _RECORD.size:
            return
        name, offset, crc = _RECORD.unpack(data)
        if crc != zlib.crc32(data[:-4]) or name.rstrip(b"\0") != epoch.encode():
            return  # torn by a loss of power, or of another life of this directory
        if offset > last:
            raise KnownError(
                "log_short",
                f"the log ends at event {last}, but events up to {offset} were acknowledged: its "
                "end is lost. Bring back a backup with “onemap restore”, or accept the loss with "
                "“onemap doctor --accept-loss”, which starts a new epoch",
                params={"last": last, "acknowledged": offset},
            )

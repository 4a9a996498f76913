"""Writes the day's part of the audit to a file that an officer can carry away."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from services.audit.export import write_export
from services.audit.signing import Checkpoint
from services.domain.clock import Clock, beijing_day
from services.domain.errors import KnownError, in_words
from services.storage.audit import AuditReader

log = logging.getLogger(__name__)
EXPORTED = "audit_exported"
"""Under this name the store keeps the day and the number of records of the last export."""


def write_file(
    reader: AuditReader, directory: Path, after: int, newest: Checkpoint, now: float
) -> Path:
    """Export what lies behind record ``after`` up to a checkpoint; whole on the disk or not there.

    KnownError ``export_failed``.
    """
    name = f"audit-{beijing_day(now)}-{after + 1:09d}-{newest.count:09d}.jsonl"
    path, unfinished = directory / name, directory / f"{name}.tmp"
    covering = [c for c in reader.checkpoints() if after < c.count <= newest.count]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            lines = reader.lines(after, newest.count)
            write_export(file, reader.head_at(after), covering, lines, now)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise KnownError(
            "export_failed", f"the audit could not be exported to {path}: {in_words(error)}"
        ) from error
    return path


class DailyExport:
    """When a new day has come, what the last ones left. The hub's clock, days of Beijing."""

    def __init__(self, kept: str | None, clock: Clock) -> None:
        day, _, count = (kept or "").partition(" ")
        self._clock = clock
        self.day = day or beijing_day(clock())
        self.count = int(count) if count.isdecimal() else 0

    @property
    def due(self) -> bool:
        """Whether the day has changed since the last export (or the first start)."""
        return beijing_day(self._clock()) != self.day

    def done(self, count: int) -> str:
        """Remember that records up to ``count`` are exported; what the store is to keep."""
        self.day, self.count = beijing_day(self._clock()), count
        return self.kept

    @property
    def kept(self) -> str:
        """Day and count, as the store keeps them."""
        return f"{self.day} {self.count}"

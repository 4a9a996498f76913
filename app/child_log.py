"""What a child's log says to a person: its warnings and errors, few at a time. No Qt."""

from __future__ import annotations

import contextlib
import re
from collections import deque
from pathlib import Path

MOST_TOLD = 10
PER_S = 60.0
MAX_READ_BYTES = 65_536
MAX_TOLD = 300
_WARNING = re.compile(r"\d{4}-\d\d-\d\d [\d:,.]+ (?:WARNING|ERROR|CRITICAL) [\w.]+: (.*)")


class Warnings:
    """Follows a log from where it ends now; at most ``MOST_TOLD`` lines in ``PER_S`` seconds, and
    no line twice in a row. The whole log stays in its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place = self._size()
        self._last = ""
        self._told: deque[float] = deque(maxlen=MOST_TOLD)

    def new(self, now: float) -> list[str]:
        """What was warned of since the last call; ``now`` in seconds of any steady clock."""
        return [text for text in self._found() if self._may_tell(text, now)]

    def _may_tell(self, text: str, now: float) -> bool:
        full = len(self._told) == MOST_TOLD and now - self._told[0] < PER_S
        if full or text == self._last:
            return False
        self._last = text
        self._told.append(now)
        return True

    def _found(self) -> list[str]:
        size = self._size()
        if size < self._place:  # it was shortened
            self._place = 0
        if size == self._place:
            return []
        start = max(self._place, size - MAX_READ_BYTES)
        with contextlib.suppress(OSError), self._path.open("rb") as log:
            log.seek(start)
            whole, _, _ = log.read(size - start).rpartition(b"\n")
            self._place = start + len(whole) + 1 if whole else self._place
            lines = whole.decode("utf-8", "replace").split("\n")
            return [m[1][:MAX_TOLD] for line in lines if (m := _WARNING.match(line))]
        return []

    def _size(self) -> int:
        with contextlib.suppress(OSError):
            return self._path.stat().st_size
        return 0

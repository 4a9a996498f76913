"""Which rows of a store changed in which version, as far back as is worth remembering."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
KEPT_ROWS = 200_000
"""Whoever lags behind more changes than this reads everything again."""
_FEW = 4_096


class _Entry(NamedTuple):
    version: int
    changed: Rows
    moved: Rows


class ChangeLog:
    """``since`` and ``moved_since`` answer for versions from ``version`` on, later ones None."""

    def __init__(self, version: int) -> None:
        self._from = version
        self._entries: deque[_Entry] = deque()
        self._kept = 0

    def note(self, version: int, changed: Rows, moved: Rows) -> None:
        """In this version some rows changed; ``moved`` are those of another place or existence."""
        if not len(changed):
            return
        self._entries.append(_Entry(version, changed, moved))
        self._kept += len(changed)
        while self._kept > KEPT_ROWS:
            entry = self._entries.popleft()
            self._from = entry.version
            self._kept -= len(entry.changed)

    def since(self, version: int) -> Rows | None:
        """Rows that changed after a version, each once, ascending; None: perhaps all."""
        return self._rows(version, moved=False)

    def moved_since(self, version: int) -> Rows | None:
        """Rows that moved, came or went after a version."""
        return self._rows(version, moved=True)

    def _rows(self, version: int, *, moved: bool) -> Rows | None:
        if version < self._from:
            return None
        found: list[Rows] = []
        for entry in reversed(self._entries):
            if entry.version <= version:
                break
            found.append(entry.moved if moved else entry.changed)
        return _once(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _once(rows: Rows) -> Rows:
    """Each row once, ascending; of many without sorting them."""
    if len(rows) < _FEW:
        return np.unique(rows)
    has = np.zeros(int(rows.max()) + 1, np.bool_)
    has[rows] = True
    return np.flatnonzero(has)

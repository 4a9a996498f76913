"""Ids that wait for their turn, in order. Taking some costs the same however many wait behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

_COMPACT_FROM = 10_000


class Backlog:
    """An id that comes again while it waits keeps its first place. ``len`` may count it twice."""

    def __init__(self) -> None:
        self._ids: deque[str] = deque()
        self._compact_at = _COMPACT_FROM

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: Iterable[str]) -> None:
        """These wait now."""
        first = not self._ids
        self._ids.extend(ids)
        if first:
            self._compact_at = max(_COMPACT_FROM, 2 * len(self._ids))
        elif len(self._ids) > self._compact_at:  # what comes again and again does not pile up
            self._ids = deque(dict.fromkeys(self._ids))
            self._compact_at = max(_COMPACT_FROM, 2 * len(self._ids))

    def take(self, count: int) -> list[str]:
        """The first ``count``, each once."""
        pop = self._ids.popleft
        return list(dict.fromkeys([pop() for _ in range(min(count, len(self._ids)))]))

    def clear(self) -> None:
        """Nobody waits any more."""
        self._ids.clear()
        self._compact_at = _COMPACT_FROM

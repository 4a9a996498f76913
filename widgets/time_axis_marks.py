"""Bookmarks of a time axis: moments with a label, in order of time. Any one thread."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

from widgets.text import plain

MAX_BOOKMARKS = 500
LONGEST_LABEL = 80
SAME_S = 0.0005
"""Two bookmarks nearer than this are one; the log's clock counts milliseconds."""


@dataclass(frozen=True)
class Bookmark:
    """A moment of the log, UNIX seconds, and what a person calls it."""

    time: float
    label: str


class Bookmarks:
    """The bookmarks of one axis; at most ``MAX_BOOKMARKS``."""

    def __init__(self) -> None:
        self._marks: list[Bookmark] = []

    def all(self) -> tuple[Bookmark, ...]:
        """In order of time."""
        return tuple(self._marks)

    def replace_all(self, marks: Iterable[Bookmark]) -> None:
        """Take over a list, for example a stored one."""
        self._marks = []
        for mark in marks:
            self.add(mark.time, mark.label)

    def add(self, time: float, label: str) -> bool:
        """Add one; false when there is one already at that moment, or too many."""
        if len(self._marks) >= MAX_BOOKMARKS or self.at(time) is not None:
            return False
        place = bisect_left(self._marks, time, key=lambda mark: mark.time)
        self._marks.insert(place, Bookmark(time, _short(label)))
        return True

    def at(self, time: float) -> int | None:
        """The number of the one at that moment."""
        near = (i for i, mark in enumerate(self._marks) if abs(mark.time - time) < SAME_S)
        return next(near, None)

    def rename(self, index: int, label: str) -> None:
        """Give one another label."""
        self._marks[index] = replace(self._marks[index], label=_short(label))

    def remove(self, index: int) -> None:
        """Take one away."""
        del self._marks[index]

    def beside(self, time: float, start: float, end: float, *, later: bool) -> Bookmark | None:
        """The next one after, or the last one before ``time`` inside the span."""
        inside = [mark for mark in self._marks if start <= mark.time <= end]
        if later:
            return next((m for m in inside if m.time > time + SAME_S), None)
        return next((m for m in reversed(inside) if m.time < time - SAME_S), None)


def _short(label: str) -> str:
    return plain(label).strip()[:LONGEST_LABEL]

"""A long piece of work that tells how far it is and can be stopped. Any thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TypeVar

PART = 5_000
"""Entries that are worked on in one go. A call into C over a million of them would hold every
other thread, the GUI's as well, for as long as it takes."""
T = TypeVar("T")


class StoppedError(Exception):
    """Somebody wanted no more of it."""


class Work:
    """``total``: steps of it as far as they are known beforehand; a hint, more may come."""

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self._done = 0
        self._stopped = threading.Event()

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return min(1.0, self._done / self.total) if self.total else 0.0

    def stop(self) -> None:
        """Have whoever works on it end with StoppedError soon."""
        self._stopped.set()

    def step(self, count: int = 0) -> None:
        """So many more steps are done; StoppedError where it is to stop."""
        self._done += count
        if self._stopped.is_set():
            raise StoppedError


def in_parts(values: Sequence[T], work: Work | None = None) -> Iterator[tuple[int, Sequence[T]]]:
    """A list in pieces, each with the place where it begins; a step of the work for each entry."""
    for first in range(0, len(values), PART):
        part = values[first : first + PART]
        yield first, part
        if work is not None:
            work.step(len(part))

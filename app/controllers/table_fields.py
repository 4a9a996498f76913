"""Finds fields that no pack describes, in the rows of one table. GUI thread, some milliseconds of
each turn: a million rows are a million mappings to look at."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from layers.model.attributes import Attributes, Rows
from layers.model.features import FeatureStore
from layers.model.work import in_parts

TURN_S = 0.006


class FieldFinder(QObject):
    """``found(names)``, sorted, once for each ``look``."""

    found = Signal(list)

    def __init__(self, store: FeatureStore, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._names: set[str] = set()
        self._left: Iterator[set[str]] = iter(())
        self._as_of = -1
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._look)

    def look(self, rows: Rows) -> None:
        """Look at these rows of the store, and forget those of before."""
        self._names = set()
        self._as_of = self._store.attributes.cleared_at
        self._left = _names(self._store.attributes, rows)
        self._turn.start()

    def stop(self) -> None:
        """Look no further."""
        self._turn.stop()

    def _look(self) -> None:
        if self._as_of != self._store.attributes.cleared_at:
            self.stop()  # the rows mean nothing any more; whoever hears of that looks anew
            return
        end = time.perf_counter() + TURN_S
        for names in self._left:
            self._names |= names
            if time.perf_counter() > end:
                return
        self.stop()
        self.found.emit(sorted(self._names))


def _names(facts: Attributes, rows: Rows) -> Iterator[set[str]]:
    for _first, part in in_parts(range(len(rows))):
        yield set(facts.names(rows[part[0] : part[-1] + 1]))

"""Garbage collection on the GUI thread only.

A collection that runs on a worker thread may free a QObject there, which crashes; so automatic
collection is off and a timer collects here (architecture, decision 4). After a full collection what
was freed goes back to the system.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.memory import give_freed_back

TICK_MS = 1_000
MIDDLE_EVERY = 10
FULL_EVERY = 60


class GuiCollector(QObject):
    """Owns the process's collection policy from ``start`` to ``stop``."""

    def __init__(
        self,
        parent: QObject | None = None,
        give_back: Callable[[], object] = give_freed_back,
    ) -> None:
        super().__init__(parent)
        self._give_back = give_back
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Freeze what start-up built and take over."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give collection back to the interpreter."""
        self._timer.stop()
        gc.enable()
        gc.unfreeze()

    def _collect(self) -> None:
        self._ticks += 1
        if self._ticks % FULL_EVERY == 0:
            gc.collect(2)
            self._give_back()
        elif self._ticks % MIDDLE_EVERY == 0:
            gc.collect(1)
        else:
            gc.collect(0)

"""The one place that crosses threads: whatever a worker hands over is taken by the GUI thread.

Items queue up in a deque; at most one wake-up signal is under way, so a burst of ten thousand
items costs one Qt event, not ten thousand.
"""

from __future__ import annotations

import collections
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)

Job = Callable[[], None]


class ThreadBridge(QObject):
    """Runs callables on the thread it lives on (the GUI thread), in the order they were posted."""

    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: collections.deque[Job] = collections.deque()
        self._woken = False
        self._closed = False
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def post(self, job: Job) -> None:
        """Have ``job`` run on the GUI thread. Any thread; never waits; dropped once closed."""
        if self._closed:
            return
        self._jobs.append(job)
        if not self._woken:
            self._woken = True
            self._wake.emit()

    def close(self) -> None:
        """Forget what is queued and take nothing more. GUI thread."""
        self._closed = True
        self._jobs.clear()

    def _drain(self) -> None:
        # Cleared first: a job posted while draining wakes the bridge once more, none is lost.
        self._woken = False
        for _ in range(len(self._jobs)):
            if not self._jobs:  # closed by a job
                return
            job = self._jobs.popleft()
            try:
                job()
            except Exception:
                log.exception("a job handed to the GUI thread failed")
                raise
            finally:
                if self._jobs and not self._woken:
                    self._woken = True
                    self._wake.emit()

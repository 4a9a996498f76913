"""Work that may wait (HTTP, files) as operations: off the GUI thread, result back on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject

from app.bridge import ThreadBridge

log = logging.getLogger(__name__)
T = TypeVar("T")


class Operations:
    """A few worker threads; every operation ends in exactly one of ``done`` and ``failed``,
    unless its owner or these operations have ended before it."""

    def __init__(self, bridge: ThreadBridge, workers: int = 3) -> None:
        self._bridge = bridge
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="operation")
        self._closed = False

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject,
    ) -> None:
        """Run ``work`` on a worker thread, then ``done(result)`` or ``failed(error)`` on the GUI's.

        ``work`` must have its own time limits. Without ``failed`` an error is logged. ``owner`` is
        who asks: when it is gone (its window was closed), nobody is told.
        """
        if self._closed:
            return

        def finish(future: Future[T]) -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is None:
                result = future.result()
                self._bridge.post(lambda: _tell(owner, done, result))
            elif isinstance(error, Exception) and failed is not None:
                reason = error
                self._bridge.post(lambda: _tell(owner, failed, reason))
            else:
                log.warning("operation failed: %s", error, exc_info=error)

        self._pool.submit(work).add_done_callback(finish)

    def close(self) -> None:
        """Take no more work; what runs ends by its own limits and is waited for."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)


def _tell(owner: QObject, told: Callable[[T], None], what: T) -> None:
    if shiboken6.isValid(owner):
        told(what)

"""How long a GUI thread is held up. GUI thread."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """The longest time between two turns of the event loop, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self._longest_s, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        self._timer.start(0)

    def restart(self) -> None:
        """Measure from now on."""
        self._longest_s, self._last = 0.0, time.perf_counter()

    def longest_ms(self) -> float:
        """The longest so far, this turn included."""
        self._turn()
        return self._longest_s * 1e3

    def stop(self) -> None:
        """Measure no more."""
        self._timer.stop()

    def _turn(self) -> None:
        now = time.perf_counter()
        self._longest_s, self._last = max(self._longest_s, now - self._last), now

"""The one clock of what moves by itself on a map: pulses and marching dashes. GUI thread.

It stops when nothing on the map moves, and asks for no frame while nothing that moves is in view.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from layers.render.scene import MARCH_WRAP_PX

BEAT_MS = 160
"""Six frames a second are enough to see that something moves."""
PULSE_STEPS = 9
MARCH_PX = 2.0


class Beat(QObject):
    """``phase`` 0..1 of the pulse and ``march`` in pixels. ``moving()`` says whether anything moves
    at all, ``in_view()`` whether somebody would see it, ``draw()`` makes a frame."""

    def __init__(
        self,
        moving: Callable[[], bool],
        in_view: Callable[[], bool],
        draw: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.march = 0.0
        self._step = 0
        self._moving, self._in_view, self._draw = moving, in_view, draw
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def phase(self) -> float:
        """Where the pulse stands: it grows, then rests for two beats."""
        return min(self._step, PULSE_STEPS - 1) / (PULSE_STEPS - 1)

    @property
    def is_running(self) -> bool:
        """Whether the clock goes."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Something else is drawn: go on if any of it moves."""
        if not self._timer.isActive() and self._moving():
            self._timer.start()

    def reset(self) -> None:
        """Begin where everything stands as if at rest."""
        self._step, self.march = 0, 0.0

    def stop(self) -> None:
        """No more; the window is going."""
        self._timer.stop()

    def _tick(self) -> None:
        if not self._moving():
            self._timer.stop()
            self._step = 0
            self._draw()  # nothing stays half grown
        elif self._in_view():
            self._step = (self._step + 1) % (PULSE_STEPS + 2)
            self.march = (self.march + MARCH_PX) % MARCH_WRAP_PX
            self._draw()

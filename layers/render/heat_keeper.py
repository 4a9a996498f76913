"""Has the heat picture of one map window made, in a thread while there are many things."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, Qt, Signal

from layers.model.heat import HeatInput, HeatPicture, HeatRequest, picture
from layers.model.painting import Painted
from layers.render.theme import MapTheme

log = logging.getLogger(__name__)
RAMP = tuple(f"ramp_{i}" for i in range(1, 6))
MOVES_INLINE = 5_000
"""Up to so many things a picture takes a few milliseconds; more are counted in a thread."""


class HeatKeeper(QObject):
    """``ready(HeatPicture | None)``: another one is to be shown, None: none any more. GUI thread.

    Of wishes that come while one is made the newest counts, so a late answer never replaces a
    newer one, nor does it bring heat back that is no longer wanted."""

    ready = Signal(object)
    _made = Signal(object)

    def __init__(self, theme: MapTheme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        colors = [theme.color(name) for name in RAMP]
        self._ramp = tuple((c.red(), c.green(), c.blue()) for c in colors)
        self._busy = self._wanted = False
        self._wish: HeatRequest | None = None
        self._pool: ThreadPoolExecutor | None = None
        queued = Qt.ConnectionType.QueuedConnection  # a future may be done before it is handed over
        self._made.connect(self._take, queued)

    @property
    def is_busy(self) -> bool:
        """Whether a picture is being made in the thread."""
        return self._busy

    def draw(
        self,
        painted: Painted | None,
        rect: tuple[float, float, float, float],
        world_px: float,
        scale: float = 1.0,
    ) -> None:
        """Have a picture made of the heat layers over a rect in world coordinates; what is there
        stays until it comes. ``scale``: how much larger everything is drawn."""
        heats = () if painted is None else painted.heats
        if heats:
            self._wanted = True
            inputs = tuple(
                HeatInput(h.layer, h.lon, h.lat, h.weights, h.radius * scale, h.opacity)
                for h in heats
            )
            self._start(HeatRequest(inputs, rect, world_px, self._ramp))
        elif self._wanted:
            self._wanted, self._wish = False, None
            self.ready.emit(None)

    def close(self) -> None:
        """End the thread; nothing is handed over after."""
        self._made.disconnect(self._take)
        self._wish = None
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    def _start(self, request: HeatRequest) -> None:
        if self._busy:
            self._wish = request
            return
        if sum(len(given.lon) for given in request.inputs) <= MOVES_INLINE:
            self.ready.emit(picture(request))
            return
        self._busy = True
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="heat")
        self._pool.submit(picture, request).add_done_callback(self._hand_over)

    def _hand_over(self, future: Future[HeatPicture]) -> None:
        """In the worker's thread: the signal is queued to the GUI thread."""
        error = future.exception()
        if error is not None:
            log.error("the heat map could not be made: %s", error, exc_info=error)
        self._made.emit(None if error is not None else future.result())

    def _take(self, made: HeatPicture | None) -> None:
        self._busy = False
        if self._wish is not None:
            wish, self._wish = self._wish, None
            self._start(wish)
        if made is not None and self._wanted:
            self.ready.emit(made)

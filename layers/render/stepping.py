"""Marks by keyboard: a pointer that goes from mark to mark, and opens like a click. GUI thread."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from layers.model.view import MapView
from layers.render.clicks import Clicks
from layers.render.stage import Stage

_ON = {Qt.Key.Key_Period: 1, Qt.Key.Key_Comma: -1}
_IN_FAN = {
    **_ON,
    Qt.Key.Key_Tab: 1,
    Qt.Key.Key_Backtab: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ROW_PX = 48.0
"""Marks within one such band are gone through from left to right."""


class Stepping(QObject):
    """``pointed(x, y)``: the keyboard's pointer stands there, as if the mouse did."""

    pointed = Signal(float, float)

    def __init__(self, view: MapView, stage: Stage, clicks: Clicks, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._stage = stage
        self._clicks = clicks
        self._at: tuple[float, float] | None = None

    def key(self, key: Qt.Key) -> bool:
        """Take a key; False if it means nothing here. While a fan is open Tab and the arrows go
        round it, else full stop and comma go through the marks in view, worst first. Enter opens
        what the pointer stands on."""
        steps = _IN_FAN if self._stage.fan is not None else _ON
        if key in steps:
            self._step(steps[key])
            return True
        if key in _OPENS and self._at is not None:
            at, self._at = self._at, None
            self._clicks.click(*at)
            if self._stage.fan is not None:
                self._step(1)  # straight on into the fan that has opened
            return True
        return False

    def moved(self) -> None:
        """The map or the mouse has moved: the keyboard's pointer stands on nothing any more."""
        self._at = None

    def _step(self, by: int) -> None:
        places = self._places()
        if not len(places):
            return
        at = 0 if by > 0 else len(places) - 1
        if self._at is not None:
            gaps = np.hypot(*(places - np.array(self._at)).T)
            nearest = int(np.argmin(gaps))
            if gaps[nearest] < 1.0:
                at = (nearest + by) % len(places)
        x, y = places[at].tolist()
        self.pointed.emit(x, y)
        self._at = (x, y)

    def _places(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Screen pixels (n, 2) of what can be gone to, in the order of going."""
        stage = self._stage
        if stage.fan is not None:
            return stage.hits.fan_places(stage.fan)
        drawn = stage.drawn
        if drawn is None:
            return np.zeros((0, 2))
        places = stage.hits.places(drawn)
        seen = (places >= 0).all(axis=1)
        seen &= (places[:, 0] < self._view.width) & (places[:, 1] < self._view.height)
        at = np.flatnonzero(seen)
        severity = drawn.response.severity[at].astype(np.int64)
        band = np.floor(places[at, 1] / _ROW_PX)
        order = np.lexsort((places[at, 0], band, -severity))
        return places[at[order]]

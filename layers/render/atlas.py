"""The symbol atlas: every picture that is on the map, drawn once at its true size. GUI thread.

Pictures are drawn when first asked for and packed on shelves of one image. When that is full the
atlas starts again, and whoever holds texture coordinates has to ask for them again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

Draw = Callable[[QPainter], None]
_GAP = 1


class AtlasFullError(Exception):
    """No room for another picture; start again with ``reset``."""


class Atlas:
    """Pictures by key. ``scale`` draws all of them larger, for a wall.

    ``epoch`` rises when coordinates have become void.

    ``uv`` (n, 4) texture coordinates and ``size`` (n, 2) logical pixels by picture number;
    ``rects`` are the device pixels in the order of drawing, for uploading what is new.
    """

    def __init__(self, ratio: float = 1.0, side: int = 2048, scale: float = 1.0) -> None:
        self.side = side
        self.scale = scale
        self.ratio = ratio
        self.epoch = 0
        self._start()

    def _start(self) -> None:
        self.epoch += 1
        self.image = QImage(self.side, self.side, QImage.Format.Format_RGBA8888_Premultiplied)
        self.image.fill(Qt.GlobalColor.transparent)
        self.rects: list[QRect] = []
        self.uv: npt.NDArray[np.float32] = np.zeros((256, 4), np.float32)
        self.size: npt.NDArray[np.float32] = np.zeros((256, 2), np.float32)
        self._number: dict[Hashable, int] = {}
        self._x = self._y = self._shelf = 0

    def reset(self, ratio: float | None = None) -> None:
        """Forget all pictures, for want of room or for another device pixel ratio."""
        self.ratio = ratio or self.ratio
        self._start()

    def number(self, key: Hashable) -> int | None:
        """The number of a picture that is there already."""
        return self._number.get(key)

    def picture(self, key: Hashable, width: float, height: float, draw: Draw) -> int:
        """The number of a picture; ``draw`` paints it round the origin in logical pixels before
        scaling.

        Raises AtlasFullError.
        """
        number = self._number.get(key)
        if number is not None:
            return number
        w, h = (max(1, math.ceil(v * self.ratio * self.scale)) for v in (width, height))
        rect = self._room(w, h)
        painter = QPainter(self.image)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        painter.setClipRect(rect)
        painter.translate(rect.x() + w / 2, rect.y() + h / 2)
        painter.scale(self.ratio * self.scale, self.ratio * self.scale)
        draw(painter)
        painter.end()
        return self._keep(key, rect)

    def _room(self, w: int, h: int) -> QRect:
        if self._x + w > self.side:
            self._x, self._y, self._shelf = 0, self._y + self._shelf + _GAP, 0
        if self._y + h > self.side or w > self.side:
            raise AtlasFullError
        rect = QRect(self._x, self._y, w, h)
        self._x += w + _GAP
        self._shelf = max(self._shelf, h)
        return rect

    def _keep(self, key: Hashable, rect: QRect) -> int:
        number = len(self.rects)
        if number == len(self.uv):
            self.uv = np.concatenate([self.uv, np.zeros_like(self.uv)])
            self.size = np.concatenate([self.size, np.zeros_like(self.size)])
        box = QRectF(rect)
        self.uv[number] = np.array([box.left(), box.top(), box.right(), box.bottom()]) / self.side
        self.size[number] = rect.width() / self.ratio, rect.height() / self.ratio
        self.rects.append(rect)
        self._number[key] = number
        return number

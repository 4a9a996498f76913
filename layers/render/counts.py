"""Counts on badges, written digit by digit: the atlas holds a dozen pictures, not one per number.

GUI thread; work in Python grows with the number of different counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QFontMetricsF

from layers.render.atlas import Atlas
from layers.render.symbols import Symbols

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
SMALL_FROM = 10_000
PX, SMALL_PX = 12, 11


@dataclass(frozen=True, slots=True)
class Written:
    """Digits of many counts: of which count each is, its picture, its offset (n, 2) in pixels."""

    owner: Ints
    picture: Ints
    offset: Floats


class CountWriter:
    """Writes with one atlas. Raises AtlasFullError."""

    def __init__(self, atlas: Atlas, symbols: Symbols) -> None:
        self._atlas = atlas
        self._symbols = symbols
        self._epoch = -1
        self._known: dict[int, tuple[Ints, Floats]] = {}

    def write(self, counts: Ints) -> Written:
        """The digits of all counts, centred on the middle of each."""
        if self._epoch != self._atlas.epoch:
            self._known.clear()
            self._epoch = self._atlas.epoch
        values, back = np.unique(counts, return_inverse=True)
        words = [self._word(value) for value in values.tolist()]
        length = np.array([len(pictures) for pictures, _ in words], np.int64)
        first = np.cumsum(length) - length
        many = length[back]
        owner = np.repeat(np.arange(len(counts)), many)
        before = np.cumsum(many) - many
        at = np.arange(int(many.sum())) - before[owner] + first[back][owner]
        offset = np.zeros((len(at), 2), np.float32)
        if words:
            offset[:, 0] = np.concatenate([x for _, x in words])[at]
            return Written(owner, np.concatenate([p for p, _ in words])[at], offset)
        return Written(owner, owner, offset)

    def _word(self, value: int) -> tuple[Ints, Floats]:
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = self._set(value)
        return known

    def _set(self, value: int) -> tuple[Ints, Floats]:
        """Pictures of one number and how far from its middle each stands."""
        px = PX if value < SMALL_FROM else SMALL_PX
        metrics = QFontMetricsF(self._symbols.font(px))
        fine = self._atlas.ratio * self._atlas.scale  # digits stand on whole device pixels
        text = f"{value:,}"
        wide = [max(1, round(metrics.horizontalAdvance(c) * fine)) for c in text]
        left = np.cumsum(wide) - wide
        middle = left + np.array(wide) / 2 - sum(wide) / 2
        pictures = np.array([self._digit(c, px) for c in text], np.int64)
        return pictures, (middle / self._atlas.ratio).astype(np.float32)

    def _digit(self, digit: str, px: int) -> int:
        color = self._symbols.color("text")
        w, h = self._symbols.word_size(digit, px)
        return self._atlas.picture(
            ("word", digit, px, color.rgba(), False, False),
            w,
            h,
            lambda p: self._symbols.word(p, digit, px, color, bold=False, halo=False),
        )

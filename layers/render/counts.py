"""Counts on badges, written digit by digit: the atlas holds a dozen pictures, not one per number.

GUI thread. Nothing is kept of a number: counts of a crowd that changes are ever others.
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
        self._fonts = {px: _Digits(atlas, symbols, px) for px in (PX, SMALL_PX)}

    def write(self, counts: Ints) -> Written:
        """The digits of all counts, centred on the middle of each; those of one count follow each
        other from the left."""
        texts = [f"{count:,}" for count in counts.tolist()]
        length = np.array([len(text) for text in texts], np.int64)
        owner = np.repeat(np.arange(len(counts)), length)
        signs = np.frombuffer("".join(texts).encode("ascii"), np.uint8)
        picture = np.zeros(len(signs), np.int64)
        wide = np.zeros(len(signs), np.int64)
        small = counts[owner] >= SMALL_FROM
        for px, at in ((PX, np.flatnonzero(~small)), (SMALL_PX, np.flatnonzero(small))):
            picture[at], wide[at] = self._fonts[px].of(signs[at])
        # in device pixels, from the left end of everything: digits stand on whole ones
        left = np.cumsum(wide) - wide
        first = np.cumsum(length) - length
        whole = np.add.reduceat(wide, first) if len(first) else first
        middle = left + wide / 2 - (left[first] + whole / 2)[owner]
        offset = np.zeros((len(signs), 2), np.float32)
        offset[:, 0] = middle / self._atlas.ratio
        return Written(owner, picture, offset)


class _Digits:
    """Pictures of the digits and the comma in one size, and how wide each is in device pixels."""

    def __init__(self, atlas: Atlas, symbols: Symbols, px: int) -> None:
        self._atlas = atlas
        self._symbols = symbols
        self._px = px
        self._epoch = -1
        self._picture = np.zeros(128, np.int64)
        self._wide = np.zeros(128, np.int64)

    def of(self, signs: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
        """Picture and width of each sign (ASCII)."""
        if self._epoch != self._atlas.epoch:
            self._wide[:] = 0
            self._epoch = self._atlas.epoch
        missing = np.flatnonzero(np.bincount(signs[self._wide[signs] == 0], minlength=1))
        if len(missing):
            metrics = QFontMetricsF(self._symbols.font(self._px))
            fine = self._atlas.ratio * self._atlas.scale
            for sign in missing.tolist():
                self._picture[sign] = self._draw(chr(sign))
                self._wide[sign] = max(1, round(metrics.horizontalAdvance(chr(sign)) * fine))
        return self._picture[signs], self._wide[signs]

    def _draw(self, digit: str) -> int:
        color = self._symbols.color("text")
        w, h = self._symbols.word_size(digit, self._px)
        return self._atlas.picture(
            ("word", digit, self._px, color.rgba(), False, False),
            w,
            h,
            lambda p: self._symbols.word(p, digit, self._px, color, bold=False, halo=False),
        )

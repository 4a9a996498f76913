"""Pictures against references: with a tolerance, and what differs laid down as a picture.

Edges and letters are drawn a little differently by other versions of a font or a rasteriser, so
pixels are compared in blocks of four by four. ONEMAP_RECORD_IMAGES=1 writes the references anew;
look at them before they are kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

HERE = Path(__file__).resolve().parent / "references"
ARTEFACTS = Path(__file__).resolve().parent.parent.parent / "build" / "images"
BLOCK = 4
SLACK = 26
"""Levels of 255 by which a block may be off in one colour."""
MOST_OFF = 0.002
"""Share of blocks that may be further off."""
Pixels = npt.NDArray[np.int16]


def pixels(image: QImage) -> Pixels:
    """Height × width × 3."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.array(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(np.int16)


def difference(one: Pixels, other: Pixels) -> npt.NDArray[np.float64]:
    """How far blocks are off, by their worst colour."""
    high, wide = (n // BLOCK * BLOCK for n in one.shape[:2])
    apart = (one - other)[:high, :wide].astype(np.float64)
    blocks = apart.reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK, 3).mean(axis=(1, 3))
    worst: npt.NDArray[np.float64] = np.abs(blocks).max(axis=2)
    return worst


def check(name: str, image: QImage) -> None:
    """AssertionError if a picture does not look like its reference; then what came and where it
    differs lie in build/images."""
    path = HERE / f"{name}.png"
    if os.environ.get("ONEMAP_RECORD_IMAGES"):
        HERE.mkdir(exist_ok=True)
        image.convertToFormat(QImage.Format.Format_RGB888).save(str(path))
        return
    assert path.exists(), f"{name} has no reference; see {__name__}"
    got, wanted = pixels(image), pixels(QImage(str(path)))
    assert got.shape == wanted.shape, f"{name}: {got.shape} instead of {wanted.shape}"
    off = difference(got, wanted)
    share = float((off > SLACK).mean())
    if share > MOST_OFF:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        image.save(str(ARTEFACTS / f"{name}-got.png"))
        _picture(off).save(str(ARTEFACTS / f"{name}-diff.png"))
    assert share <= MOST_OFF, f"{name}: {share:.2%} of it differs, see {ARTEFACTS}/{name}-diff.png"


def _picture(off: npt.NDArray[np.float64]) -> QImage:
    """White where blocks differ."""
    levels = np.clip(off * 4, 0, 255).astype(np.uint8).repeat(BLOCK, 0).repeat(BLOCK, 1)
    levels = np.ascontiguousarray(levels)
    high, wide = levels.shape
    return QImage(levels.tobytes(), wide, high, wide, QImage.Format.Format_Grayscale8).copy()

"""Every state of a mark can be told from every other without colour."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from layers.render.symbols import MarkLook, Symbols, shape_path
from services.domain.model import Link, Severity

SIDE, RATIO = 52, 2
LEAST_DIFFERENT = 14
"""Device pixels at twice the size."""


class OneColour:
    """A theme for somebody who sees no colour at all."""

    def color(self, name: str) -> QColor:
        return QColor("black" if name in ("ground", "panel", "on_accent") else "white")

    def font(self, px: int = 0, *, bold: bool = False) -> QFont:
        font = QFont()
        font.setPixelSize(px or 14)
        font.setBold(bold)
        return font


def drawn(look: MarkLook) -> npt.NDArray[np.int64]:
    image = QImage(SIDE * RATIO, SIDE * RATIO, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(RATIO, RATIO)
    painter.translate(SIDE / 2, SIDE / 2)
    Symbols(OneColour()).mark(painter, look)
    painter.end()
    shape = image.height(), image.bytesPerLine()
    return np.array(image.constBits(), np.uint8).reshape(shape).astype(np.int64)


def looks(shape: str, size: int) -> list[MarkLook]:
    """All states; from minor on what is not acknowledged has a ring of its own besides. How a
    silent thing is connected is not known, so it looks alike whether it was or nobody knew."""
    found = []
    for severity, link, stale in itertools.product(Severity, Link, (False, True)):
        if stale and link is Link.UNKNOWN:
            continue
        for unacked in (False, True) if severity < Severity.MINOR else (False,):
            found.append(MarkLook(shape, "level", size, "", severity, link, stale, unacked=unacked))
    return found


@pytest.mark.parametrize(("shape", "size"), [("square", 24), ("circle", 18), ("triangle", 20)])
def test_no_two_states_look_alike_without_colour(shape: str, size: int) -> None:
    pictures = [(look, drawn(look)) for look in looks(shape, size)]
    alike = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(pictures, 2)
        if int((np.abs(a - b) > 96).sum()) < LEAST_DIFFERENT
    ]
    assert alike == []


def test_a_cross_has_no_hole() -> None:
    path = shape_path("cross", 10.0)
    assert path.contains(path.boundingRect().center())
    area = sum(
        path.contains(path.boundingRect().center() + type(path.boundingRect().center())(x, y))
        for x, y in itertools.product(range(-9, 10), repeat=2)
    )
    assert area > 200


def test_the_picture_has_room_for_everything_that_is_drawn() -> None:
    for look in looks("square", 24):
        edge = round((SIDE - look.side) / 2 * RATIO)
        picture = drawn(look)
        inside = picture[edge:-edge, edge:-edge]
        assert picture.sum() == inside.sum(), look

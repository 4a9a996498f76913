"""Every kind that ships has a mark of its own, told apart by eye and not by colour."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage, QPainter

from layers.render.glyphs import NAMES
from layers.render.symbols import MarkLook, Symbols
from layers.render.theme import TokenTheme
from services.domain.model import Link, Severity
from services.packs.loader import default_directory, load
from services.packs.model import Kind

SIDE = 40
KINDS = tuple(load(default_directory()).kinds.values())
LEAST_DIFFERENT = 12
"""Device pixels of a mark: with fewer an eye takes one for the other. A hollow mark has less to
see; at single size its shape and its name have to do."""


def drawn(kind: Kind, link: Link, ratio: int) -> npt.NDArray[np.int64]:
    """A mark as grey levels, as the map draws it at a device pixel ratio."""
    side = SIDE * ratio
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    painter.translate(SIDE / 2, SIDE / 2)
    symbol = kind.symbol
    look = MarkLook(symbol.shape, symbol.glyph, symbol.size, "", Severity.NORMAL, link, False)
    Symbols(TokenTheme()).mark(painter, look)
    painter.end()
    return np.array(image.constBits(), np.uint8).reshape(side, side).astype(np.int64)


@pytest.mark.parametrize(("link", "ratio"), [(Link.ONLINE, 1), (Link.UNKNOWN, 2)])
def test_marks_of_two_kinds_differ_without_colour(link: Link, ratio: int) -> None:
    pictures = {k.id: drawn(k, link, ratio) for k in KINDS if k.geometry == "point"}
    visible = 0.3 * max(picture.max() for picture in pictures.values())
    close = [
        (a, b, different)
        for (a, one), (b, other) in itertools.combinations(pictures.items(), 2)
        if (different := int((np.abs(one - other) > visible).sum())) < LEAST_DIFFERENT
    ]
    assert close == []


def test_every_glyph_that_a_pack_names_is_drawn_here() -> None:
    assert {k.symbol.glyph for k in KINDS} <= NAMES
    assert all(k.symbol.glyph for k in KINDS)

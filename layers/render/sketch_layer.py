"""What tools draw over the map: lines, areas, corners, words. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from layers.model import mercator
from layers.model.cluster import UNIT
from layers.model.shapes import segments, triangles
from layers.render.atlas import Atlas
from layers.render.marks import MarkBuilder
from layers.render.scene import FILL, LINE, SPRITE, Records, no_records
from layers.render.shape_layer import Place, fill_records, line_records, tint
from layers.render.symbols import Symbols
from layers.render.tools.base import Sketch, Word

LINE_PX, DOT_PX, WORD_PX, PIN_PX = 2.0, 9.0, 13, 32.0
FILL_OPACITY = 0.12
Tables = tuple[Records, Records, Records]
NO_TABLES: Tables = (no_records(FILL), no_records(LINE), no_records(SPRITE))


class SketchLayer:
    """Builds three tables of a scene. Raises AtlasFullError."""

    def __init__(self, atlas: Atlas, symbols: Symbols, marks: MarkBuilder) -> None:
        self._atlas = atlas
        self._symbols = symbols
        self._marks = marks

    def tables(self, sketches: Sequence[Sketch], origin: Place) -> Tables:
        """Lines, areas, corners and words of tools."""
        accent = self._symbols.color("accent")
        fills, lines, sprites = [no_records(FILL)], [no_records(LINE)], [no_records(SPRITE)]
        for sketch in sketches:
            if len(sketch.line) > 1:
                ends = segments(sketch.line)
                lines.append(line_records(ends, origin, tint(accent), LINE_PX))
            if sketch.filled and len(sketch.line) > 3:
                corners = triangles((sketch.line,))
                fills.append(fill_records(corners, origin, tint(accent, FILL_OPACITY)))
            sprites.append(self._dots(sketch.dots, origin))
            sprites.append(self._words(sketch.words, origin, 0.0 if sketch.pin is None else PIN_PX))
            if sketch.pin is not None:
                sprites.append(self._pin(sketch.pin, origin))
        return np.concatenate(fills), np.concatenate(lines), np.concatenate(sprites)

    def _dots(self, dots: Sequence[Place], origin: Place) -> Records:
        if not dots:
            return no_records(SPRITE)
        ring = self._marks.ring(DOT_PX, "accent", 2.0)
        return self._marks.records(_units(dots, origin), np.full(len(dots), ring, np.int64))

    def _pin(self, place: Place, origin: Place) -> Records:
        """A pin whose point is at the place."""
        accent, ground = self._symbols.color("accent"), self._symbols.ground
        number = self._atlas.picture(
            ("pin", accent.rgba()), PIN_PX, PIN_PX, lambda p: draw_pin(p, PIN_PX, accent, ground)
        )
        above = np.array([[0.0, -PIN_PX * self._atlas.scale / 2]], np.float32)
        return self._marks.records(_units([place], origin), np.array([number]), above)

    def _words(self, words: Sequence[Word], origin: Place, lift: float = 0.0) -> Records:
        if not words:
            return no_records(SPRITE)
        numbers = np.array([self._marks.word(w.text, WORD_PX, bold=True) for w in words], np.int64)
        above = np.zeros((len(words), 2), np.float32)
        above[:, 1] = -self._atlas.size[numbers, 1] * 0.7 - lift * self._atlas.scale
        return self._marks.records(_units([(w.lon, w.lat) for w in words], origin), numbers, above)


def draw_pin(painter: QPainter, side: float, color: QColor, ground: QColor) -> None:
    """A pin round the origin, ``side`` high, its point in the middle of the lower edge."""
    radius = side * 0.3
    head = QPointF(0.0, -side / 2 + radius + 1)
    path = QPainterPath(QPointF(0.0, side / 2))
    path.cubicTo(
        QPointF(-radius * 0.4, side * 0.15),
        QPointF(-radius, head.y() + radius),
        head - QPointF(radius, 0),
    )
    path.arcTo(head.x() - radius, head.y() - radius, 2 * radius, 2 * radius, 180, -180)
    path.cubicTo(
        QPointF(radius, head.y() + radius),
        QPointF(radius * 0.4, side * 0.15),
        QPointF(0.0, side / 2),
    )
    painter.setPen(QPen(ground, 1.4))
    painter.setBrush(color)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawEllipse(head, radius * 0.42, radius * 0.42)


def _units(places: Sequence[Place], origin: Place) -> npt.NDArray[np.float32]:
    lon, lat = np.asarray(places, np.float64).T
    x, y = mercator.world_xy(lon, lat)
    return (np.stack([x - origin[0], y - origin[1]], axis=1) * UNIT).astype(np.float32)

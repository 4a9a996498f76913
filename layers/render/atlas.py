"""The symbol atlas: every picture that a mark is made of, drawn once with QPainter into one image.

White where a mark is tinted at draw time, so one drawing serves every severity. GUI thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPolygonF

from layers.render.glyphs import draw_glyph

CELL = 64
COLUMNS = 16
DIGITS = "0123456789,"
SHAPES = ("circle", "diamond", "square", "triangle", "hexagon", "pentagon", "cross")
UV = tuple[float, float, float, float]
WHITE = QColor(255, 255, 255)


def shape_path(shape: str, half: float) -> QPainterPath:
    """The outline of a shape round the origin, ``half`` a side."""
    path = QPainterPath()
    if shape == "circle":
        path.addEllipse(QPointF(0, 0), half, half)
        return path
    if shape == "square":
        side = half * 0.88
        path.addRoundedRect(QRectF(-side, -side, 2 * side, 2 * side), side * 0.2, side * 0.2)
        return path
    if shape == "cross":
        arm = half * 0.42
        plus = QPainterPath()
        plus.addRect(QRectF(-half, -arm, 2 * half, 2 * arm))
        plus.addRect(QRectF(-arm, -half, 2 * arm, 2 * half))
        return plus.simplified()
    corners = {"diamond": 4, "triangle": 3, "hexagon": 6, "pentagon": 5}[shape]
    size = half * (1.12 if shape == "triangle" else 1.0)
    drop = half * 0.14 if shape == "triangle" else 0.0
    points = [
        QPointF(
            size * math.sin(2 * math.pi * i / corners),
            drop - size * math.cos(2 * math.pi * i / corners),
        )
        for i in range(corners)
    ]
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


class Atlas:
    """Pictures by name with their place in one image; ``uv(name)`` is (left, top, right, bottom).

    Names: ``SHAPE/fill``, ``SHAPE/hollow``, ``SHAPE/hatch``, ``glyph/NAME``, ``digit/C``,
    ``disc``, ``ring``, ``halo``, ``warn``.
    """

    def __init__(self, glyphs: Iterable[str], font: QFont, ground: QColor) -> None:
        names = [f"{shape}/{style}" for shape in SHAPES for style in ("fill", "hollow", "hatch")]
        names += [f"glyph/{name}" for name in sorted(set(glyphs))]
        names += [f"digit/{c}" for c in DIGITS]
        names += ["disc", "ring", "halo", "warn"]
        self._at = {name: i for i, name in enumerate(names)}
        rows = -(-len(names) // COLUMNS)
        self._width, self._height = COLUMNS * CELL, rows * CELL
        self._ground = ground
        self._font = QFont(font)
        self._font.setPixelSize(44)
        self._font.setBold(True)
        self.image = self._draw(names)

    def uv(self, name: str) -> UV:
        """Where a picture lies, as texture coordinates."""
        row, column = divmod(self._at[name], COLUMNS)
        return (
            column * CELL / self._width,
            row * CELL / self._height,
            (column + 1) * CELL / self._width,
            (row + 1) * CELL / self._height,
        )

    def _draw(self, names: list[str]) -> QImage:
        image = QImage(self._width, self._height, QImage.Format.Format_RGBA8888_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name in names:
            row, column = divmod(self._at[name], COLUMNS)
            painter.save()
            painter.translate(column * CELL + CELL / 2, row * CELL + CELL / 2)
            painter.setClipRect(QRectF(-CELL / 2, -CELL / 2, CELL, CELL))
            self._drawing_of(name)(painter)
            painter.restore()
        painter.end()
        return image

    def _drawing_of(self, name: str) -> Callable[[QPainter], None]:
        first, _, second = name.partition("/")
        if first in SHAPES:
            return lambda painter: self._shape(painter, first, second)
        if first == "glyph":
            return lambda painter: draw_glyph(painter, second, self._ground)
        if first == "digit":
            return lambda painter: self._digit(painter, second)
        return {"disc": self._disc, "ring": self._ring, "halo": self._halo, "warn": self._warn}[
            name
        ]

    def _shape(self, painter: QPainter, shape: str, style: str) -> None:
        path = shape_path(shape, CELL * 0.40)
        # A dark rim parts marks that lie side by side from each other and from the base map.
        painter.strokePath(path, QPen(self._ground, 9, j=Qt.PenJoinStyle.RoundJoin))
        if style == "fill":
            painter.fillPath(path, WHITE)
            return
        painter.fillPath(path, self._ground)
        if style == "hatch":
            painter.fillPath(path, QBrush(WHITE, Qt.BrushStyle.BDiagPattern))
            painter.save()
            painter.setClipPath(path)
            painter.setPen(QPen(WHITE, 4))
            for step in range(-64, 65, 11):
                painter.drawLine(step - 32, 32, step + 32, -32)
            painter.restore()
        painter.strokePath(path, QPen(WHITE, 6, j=Qt.PenJoinStyle.MiterJoin))

    def _digit(self, painter: QPainter, digit: str) -> None:
        painter.setFont(self._font)
        painter.setPen(WHITE)
        rect = QRectF(-CELL / 2, -CELL / 2, CELL, CELL)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, digit)

    def _disc(self, painter: QPainter) -> None:
        fill = QColor(self._ground)
        fill.setAlphaF(0.92)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QPointF(0, 0), 29, 29)

    def _ring(self, painter: QPainter) -> None:
        painter.setPen(QPen(WHITE, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(0, 0), 28, 28)

    def _halo(self, painter: QPainter) -> None:
        painter.setPen(QPen(WHITE, 5))
        soft = QColor(WHITE)
        soft.setAlphaF(0.22)
        painter.setBrush(soft)
        painter.drawEllipse(QPointF(0, 0), 28, 28)

    def _warn(self, painter: QPainter) -> None:
        path = shape_path("triangle", 24)
        painter.strokePath(path, QPen(self._ground, 8, j=Qt.PenJoinStyle.RoundJoin))
        painter.fillPath(path, WHITE)

"""Small drawings inside marks, by the names that packs use. All drawn here, 64 × 64, centred."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from layers.render.glyphs_city import CITY, draw_parts


def _polygon(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))


def _camera(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(-17, -9, 23, 18), 3, 3)
    _polygon(p, (8, -3), (18, -9), (18, 9), (8, 3))


def _eye(p: QPainter) -> None:
    p.drawEllipse(QPointF(0, 0), 17, 10)
    p.setBrush(Qt.GlobalColor.white)
    p.drawEllipse(QPointF(0, 0), 5, 5)


def _ptz(p: QPainter) -> None:
    p.drawRect(QRectF(-14, -4, 28, 5))
    p.drawChord(QRectF(-11, -9, 22, 24), 180 * 16, 180 * 16)


def _tunnel(p: QPainter) -> None:
    p.drawChord(QRectF(-15, -14, 30, 34), 0, 180 * 16)


def _speaker(p: QPainter) -> None:
    p.drawRect(QRectF(-15, -5, 8, 10))
    _polygon(p, (-7, -5), (4, -14), (4, 14), (-7, 5))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(QPen(p.pen().color(), 4))
    p.drawArc(QRectF(-2, -11, 18, 22), -60 * 16, 120 * 16)


def _screen(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(-16, -12, 32, 20), 2, 2)
    p.drawRect(QRectF(-8, 10, 16, 4))


def _warehouse(p: QPainter) -> None:
    _polygon(
        p, (-17, 14), (-17, -4), (0, -15), (17, -4), (17, 14), (9, 14), (9, 0), (-9, 0), (-9, 14)
    )


def _team(p: QPainter) -> None:
    p.drawEllipse(QPointF(0, -4), 6, 6)
    p.drawChord(QRectF(-12, 3, 24, 24), 0, 180 * 16)


def _shelter(p: QPainter) -> None:
    _polygon(p, (-16, 13), (0, -13), (16, 13), (5, 13), (0, 4), (-5, 13))


def _level(p: QPainter) -> None:
    p.setPen(QPen(p.pen().color(), 4))
    for y in (-5, 3, 11):
        p.drawLine(QPointF(-10 + abs(y) / 4, y), QPointF(10 - abs(y) / 4, y))


def _rain(p: QPainter) -> None:
    p.setPen(QPen(p.pen().color(), 4))
    for x in (-7, 0, 7):
        p.drawLine(QPointF(x + 2, 0), QPointF(x - 2, 12))


def _drop(p: QPainter) -> None:
    _polygon(p, (0, -16), (8, -2), (-8, -2))
    p.drawEllipse(QPointF(0, 4), 9.5, 9.5)


def _fuel(p: QPainter) -> None:
    p.drawRect(QRectF(-12, -14, 16, 28))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(QPen(p.pen().color(), 4))
    p.drawPolyline(QPolygonF([QPointF(5, -2), QPointF(11, 2), QPointF(11, 12), QPointF(11, -8)]))


def _regulator(p: QPainter) -> None:
    _polygon(p, (-14, -9), (14, 9), (14, -9), (-14, 9))


def _flame(p: QPainter) -> None:
    _polygon(p, (0, -17), (11, 2), (8, 13), (0, 16), (-8, 13), (-11, 2), (-4, -2))


def _case(p: QPainter) -> None:
    p.drawRect(QRectF(-2.5, -13, 5, 16))
    p.drawEllipse(QPointF(0, 9), 3.2, 3.2)


def _grid(p: QPainter) -> None:
    p.setPen(QPen(p.pen().color(), 3))
    for at in (-5, 5):
        p.drawLine(QPointF(at, -12), QPointF(at, 12))
        p.drawLine(QPointF(-12, at), QPointF(12, at))


def _dot(p: QPainter) -> None:
    p.drawEllipse(QPointF(0, 0), 6, 6)


GLYPHS: dict[str, Callable[[QPainter], None]] = {
    "camera": _camera,
    "case": _case,
    "drop": _drop,
    "eye": _eye,
    "flame": _flame,
    "fuel": _fuel,
    "grid": _grid,
    "level": _level,
    "ptz": _ptz,
    "rain": _rain,
    "regulator": _regulator,
    "screen": _screen,
    "shelter": _shelter,
    "speaker": _speaker,
    "team": _team,
    "tunnel": _tunnel,
    "warehouse": _warehouse,
}


NAMES = frozenset({*GLYPHS, *CITY})
"""What packs may name; anything else is drawn as a dot."""


def draw_glyph(painter: QPainter, name: str, color: QColor) -> None:
    """Draw a glyph in one colour; a name that is not known gets a dot, so that a new kind shows."""
    painter.scale(0.62, 0.62)
    painter.setPen(QPen(color, 1))
    painter.setBrush(color)
    if name in CITY:
        draw_parts(painter, CITY[name])
    else:
        GLYPHS.get(name, _dot)(painter)

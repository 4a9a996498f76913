"""Marks that differ by shape before they differ by colour. GUI thread."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from layers.render.symbols import GLYPH_FROM_PX, glyph_in
from services.domain.model import Link, Severity
from services.packs.model import Symbol
from widgets.theme import Theme

SEVERITY_SHAPE = {
    Severity.NORMAL: "circle",
    Severity.INFO: "square",
    Severity.MINOR: "circle",
    Severity.MAJOR: "triangle",
    Severity.CRITICAL: "diamond",
}
_CORNERS = {"triangle": 3, "diamond": 4, "pentagon": 5, "hexagon": 6}


@dataclass(frozen=True)
class Mark:
    """A shape in a colour; hollow means over, not there or not known.

    ``glyph``: a drawing inside, in the colour ``ground``, where the mark is large enough for it.
    """

    shape: str
    color: QColor
    filled: bool = True
    glyph: str = ""
    ground: QColor | None = None


def severity_mark(theme: Theme, severity: Severity, *, active: bool = True) -> Mark:
    """The mark of an alarm; a condition that is over is hollow."""
    color = theme.severity(severity)
    filled = active and severity is not Severity.INFO
    return Mark(SEVERITY_SHAPE[severity], color, filled)


def kind_mark(theme: Theme, symbol: Symbol) -> Mark:
    """The mark of a kind as the map draws it; neutral grey unless its pack names a colour."""
    color = QColor(symbol.fill) if symbol.fill else theme.color("normal")
    return Mark(symbol.shape, color, glyph=symbol.glyph, ground=theme.color("ground"))


def link_mark(theme: Theme, link: Link) -> Mark:
    """Online is a full circle, offline a cross, unknown a hollow circle."""
    if link is Link.ONLINE:
        return Mark("circle", theme.color("good"))
    if link is Link.OFFLINE:
        return Mark("cross", theme.color("critical"))
    return Mark("circle", theme.color("stale"), filled=False)


def draw_mark(painter: QPainter, rect: QRectF, mark: Mark) -> None:
    """Draw ``mark`` as large as fits into ``rect``, centred."""
    side = min(rect.width(), rect.height())
    box = QRectF(0, 0, side, side)
    box.moveCenter(rect.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mark.color)
    if not mark.filled:
        painter.setPen(QPen(mark.color, max(1.4, side / 9)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box.adjust(1, 1, -1, -1)
    _draw_shape(painter, box, mark.shape)
    painter.restore()
    if mark.ground is not None and side >= GLYPH_FROM_PX:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(box.center())
        glyph_in(painter, mark.shape, mark.glyph, side / 2, mark.ground)
        painter.restore()


def _draw_shape(painter: QPainter, box: QRectF, shape: str) -> None:
    if shape == "circle":
        painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    elif shape == "square":
        inset = box.width() * 0.08
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 2, 2)
    elif shape == "cross":
        _draw_cross(painter, box)
    else:
        painter.drawPolygon(_polygon(box, _CORNERS.get(shape, 8)))


def _draw_cross(painter: QPainter, box: QRectF) -> None:
    color = painter.brush().color() if painter.pen().style() == Qt.PenStyle.NoPen else None
    painter.setPen(QPen(color or painter.pen().color(), max(1.8, box.width() / 5)))
    inner = box.adjusted(*(box.width() * 0.15 * s for s in (1, 1, -1, -1)))
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _polygon(box: QRectF, corners: int) -> QPolygonF:
    radius = box.width() / 2
    center = box.center()
    if corners == 3:
        radius *= 1.12
        center += QPointF(0, radius * 0.2)
    turns = [2 * math.pi * i / corners for i in range(corners)]
    return QPolygonF([center + QPointF(radius * math.sin(t), -radius * math.cos(t)) for t in turns])


def mark_icon(mark: Mark, side: int) -> QIcon:
    """A mark as an icon, for lists that want one."""
    picture = QPixmap(side * 2, side * 2)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_mark(painter, QRectF(0, 0, side, side), mark)
    painter.end()
    return QIcon(picture)


class MarkView(QWidget):
    """A mark as a widget of its own, for headers and rows of forms."""

    def __init__(self, side: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark: Mark | None = None
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_mark(self, mark: Mark | None) -> None:
        """Show ``mark``, or nothing."""
        self._mark = mark
        self.update()

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        if self._mark is None:
            return
        painter = QPainter(self)
        draw_mark(painter, QRectF(self.rect()), self._mark)
        painter.end()

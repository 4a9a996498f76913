"""Draws marks, badges and words round the origin of a painter, in logical pixels. GUI thread.

Shape says what it is, severity is a ring with a corner mark of its own shape besides its colour,
hatching is stale, hollow is not known, a stroke through is offline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from layers.model.style import LIGHT_SHAPE, LIGHT_TOKEN
from layers.render.glyphs import draw_glyph
from layers.render.theme import SEVERITY_TOKENS, MapTheme
from services.domain.model import Link, Severity

GLYPH_FROM_PX = 16
"""Smaller marks are too small for a drawing inside; their shape has to do."""
GLYPH_ROOM = {
    "square": 1.55,
    "circle": 1.45,
    "hexagon": 1.45,
    "pentagon": 1.35,
    "diamond": 1.3,
    "triangle": 1.3,
}
"""How much larger a drawing can be in a shape than in a cross."""
_CORNERS = {"diamond": 4, "triangle": 3, "hexagon": 6, "pentagon": 5}
_CORNER_MARK = {
    Severity.INFO: "square",
    Severity.MINOR: "circle",
    Severity.MAJOR: "triangle",
    Severity.CRITICAL: "diamond",
}


def shape_path(shape: str, half: float) -> QPainterPath:
    """The outline of a shape round the origin, ``half`` a side."""
    path = QPainterPath()
    if shape == "square":
        side = half * 0.9
        path.addRoundedRect(QRectF(-side, -side, 2 * side, 2 * side), side * 0.2, side * 0.2)
    elif shape == "cross":
        arm = half * 0.42
        path.addRect(QRectF(-half, -arm, 2 * half, 2 * arm))
        upright = QPainterPath()
        upright.addRect(QRectF(-arm, -half, 2 * arm, 2 * half))
        path = path.united(upright)  # not simplified(): where both lie would be a hole
    elif shape in _CORNERS:
        n = _CORNERS[shape]
        size = half * (1.15 if shape in ("triangle", "diamond") else 1.05)
        drop = half * 0.16 if shape == "triangle" else 0.0
        turns = [2 * math.pi * i / n for i in range(n)]
        path.addPolygon(
            QPolygonF([QPointF(size * math.sin(t), drop - size * math.cos(t)) for t in turns])
        )
        path.closeSubpath()
    else:
        path.addEllipse(QPointF(0, 0), half, half)
    return path


def glyph_in(painter: QPainter, shape: str, glyph: str, half: float, color: QColor) -> None:
    """The drawing inside a shape round the origin, ``half`` a side, as large as it allows."""
    if not glyph:
        return
    painter.save()
    painter.translate(0, half * 0.22 if shape == "triangle" else 0.0)
    room = half / 27 * GLYPH_ROOM.get(shape, 1.0)
    painter.scale(room, room)
    draw_glyph(painter, glyph, color)
    painter.restore()


@dataclass(frozen=True, slots=True)
class MarkLook:
    """Everything that tells one mark from another; the key of its picture."""

    shape: str
    glyph: str
    size: int
    fill: str
    severity: Severity
    link: Link
    stale: bool
    light: str = ""  # "yellow" or "red": the severity is a deadline light
    tint: str = ""  # "#RRGGBB" of a layer's style, for what is well
    unacked: bool = False  # it is well again, and nobody has said that he knows

    @property
    def side(self) -> float:
        """Logical pixels that the picture needs on a side."""
        room = 12 if self.severity > Severity.NORMAL or self.unacked else 4
        return float(2 * math.ceil((self.size * self.growth + room) / 2))

    @property
    def growth(self) -> float:
        """What is bad is larger."""
        return (1.0, 1.0, 1.1, 1.25, 1.4)[self.severity]


ARC_PX, ARC_IN_PX = 3.4, 4.2
"""Width of the ring that tells what a cluster consists of, and how far in its middle is."""
SIZES_KEPT = 8_192
"""Measuring a word costs more than placing it; names come again with every view."""


class Symbols:
    """The drawings of one theme."""

    def __init__(self, theme: MapTheme) -> None:
        self._theme = theme
        self.ground = theme.color("ground")
        self._sizes: dict[tuple[str, int, bool], tuple[float, float]] = {}

    def color(self, token: str) -> QColor:
        """A colour of the theme."""
        return self._theme.color(token)

    def tint(self, color: str) -> str:
        """A colour of a layer's style as "#RRGGBB"; "" for the kind's own."""
        if not color or color.startswith("#"):
            return color
        return self._theme.color(color).name()

    def severity_color(self, severity: Severity) -> QColor:
        """The mark colour of a severity."""
        return self._theme.color(SEVERITY_TOKENS[severity])

    def mark(self, painter: QPainter, look: MarkLook) -> None:
        """A single feature."""
        half = look.size * look.growth / 2
        color = self._mark_color(look)
        if look.severity >= Severity.MAJOR:
            self._alarm_disc(painter, look.side / 2 - 1, color)
            half *= 0.8
        path = shape_path(look.shape, half)
        painter.strokePath(path, QPen(self.ground, 3, j=Qt.PenJoinStyle.RoundJoin))
        if look.stale:
            painter.fillPath(path, self.ground)
            self._hatch(painter, path, half, color)
            painter.strokePath(path, QPen(color, 1.2))
            self._hatched_glyph(painter, look, half, color)
        elif look.link is Link.ONLINE or (
            look.link is Link.OFFLINE and look.severity > Severity.NORMAL
        ):
            painter.fillPath(path, color)
            self._glyph(painter, look, half, self.ground)
        elif look.severity > Severity.NORMAL:  # how it is connected is not known, that it is bad is
            faint = QColor(color)
            faint.setAlphaF(0.3)
            painter.fillPath(path, self.ground)
            painter.fillPath(path, faint)
            painter.strokePath(path, QPen(color, 2.0))
            self._glyph(painter, look, half, color)
        else:
            painter.fillPath(path, self.ground)
            painter.strokePath(path, QPen(color, 1.4))
            self._glyph(painter, look, half, color)
        if look.link is Link.OFFLINE:
            self._strike(painter, half)
        if look.light:
            shape = LIGHT_SHAPE[look.light]
            self._corner(painter, shape, self._theme.color(LIGHT_TOKEN[look.light]), half + 2)
        else:
            self._severity_corner(painter, look.severity, half + 2)
        if look.unacked:
            self._open_corner(painter, half + 2)

    def cluster(
        self, painter: QPainter, diameter: float, severity: Severity, unacked: bool
    ) -> None:
        """The badge of a cluster without its count; a second ring says not acknowledged."""
        radius = diameter / 2
        fill = QColor(self._theme.color("panel"))
        fill.setAlphaF(0.93)
        color = self.severity_color(severity)
        painter.setBrush(fill)
        painter.setPen(QPen(color, 2.0 if severity > Severity.NORMAL else 1.5))
        painter.drawEllipse(QPointF(0, 0), radius - 1, radius - 1)
        if unacked and severity > Severity.NORMAL:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1.0))
            painter.drawEllipse(QPointF(0, 0), radius + 2, radius + 2)
        self.badge_corner(painter, diameter, severity)

    def badge_corner(self, painter: QPainter, diameter: float, severity: Severity) -> None:
        """The mark of a badge's severity by its shape."""
        self._severity_corner(painter, severity, diameter / 2 * 0.74)

    def arc(self, painter: QPainter, diameter: float, color: str, share: float) -> None:
        """A share of the ring inside a badge's rim, clockwise from north."""
        reach = diameter / 2 - ARC_IN_PX
        pen = QPen(QColor(color), ARC_PX)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(-reach, -reach, 2 * reach, 2 * reach)
        painter.drawArc(box, 90 * 16, -round(share * 360 * 16))

    def ring(
        self,
        painter: QPainter,
        diameter: float,
        color: QColor,
        width: float,
        *,
        soft: bool = False,
    ) -> None:
        """A ring, for what is selected, under the pointer (``soft``) or pulses."""
        inside = QColor(color)
        inside.setAlphaF(0.16)
        painter.setBrush(inside if soft else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, width))
        painter.drawEllipse(QPointF(0, 0), diameter / 2 - width, diameter / 2 - width)

    def number_disc(self, painter: QPainter, diameter: float, severity: Severity) -> None:
        """A filled disc with a white rim, for numbered markers."""
        painter.setBrush(self.severity_color(severity))
        painter.setPen(QPen(self._theme.color("text"), 2.0))
        painter.drawEllipse(QPointF(0, 0), diameter / 2 - 1.5, diameter / 2 - 1.5)

    def arrow(self, painter: QPainter, reach: float, size: float) -> None:
        """An arrow head ``reach`` pixels up (north) from the middle of a mark."""
        tip, foot = -reach + 1, -reach + size + 1
        head = QPolygonF(
            [
                QPointF(0, tip),
                QPointF(size * 0.72, foot),
                QPointF(0, foot - size * 0.28),
                QPointF(-size * 0.72, foot),
            ]
        )
        path = QPainterPath()
        path.addPolygon(head)
        path.closeSubpath()
        painter.strokePath(path, QPen(self.ground, 2.4, j=Qt.PenJoinStyle.RoundJoin))
        painter.fillPath(path, self._theme.color("text"))

    def cone(self, painter: QPainter, reach: float, fov_deg: float) -> None:
        """What a camera sees, looking up (north)."""
        color = QColor(self._theme.color("accent"))
        color.setAlphaF(0.22)
        painter.setBrush(color)
        rim = QColor(self._theme.color("accent"))
        rim.setAlphaF(0.7)
        painter.setPen(QPen(rim, 1.0))
        box = QRectF(-reach, -reach, 2 * reach, 2 * reach)
        if fov_deg >= 350:
            painter.drawEllipse(box)
        else:
            painter.drawPie(box, round((90 - fov_deg / 2) * 16), round(fov_deg * 16))

    # -- words ------------------------------------------------------------------------
    def font(self, px: int, *, bold: bool = False) -> QFont:
        """The map's font."""
        return self._theme.font(px, bold=bold)

    def word_size(self, text: str, px: int, *, bold: bool = False) -> tuple[float, float]:
        """Width and height of a word with its halo, even numbers of logical pixels."""
        size = self._sizes.get((text, px, bold))
        if size is None:
            metrics = QFontMetricsF(self.font(px, bold=bold))
            size = (
                float(2 * math.ceil((metrics.horizontalAdvance(text) + 6) / 2)),
                float(2 * math.ceil((metrics.height() + 2) / 2)),
            )
            if len(self._sizes) >= SIZES_KEPT:
                self._sizes.clear()
            self._sizes[text, px, bold] = size
        return size

    def word(
        self, painter: QPainter, text: str, px: int, color: QColor, *, bold: bool, halo: bool
    ) -> None:
        """A word centred on the origin."""
        font = self.font(px, bold=bold)
        metrics = QFontMetricsF(font)
        at = QPointF(
            -metrics.horizontalAdvance(text) / 2, (metrics.ascent() - metrics.descent()) / 2
        )
        if not halo:
            painter.setFont(font)
            painter.setPen(color)
            painter.drawText(at, text)
            return
        path = QPainterPath()
        path.addText(at, font, text)
        painter.strokePath(path, QPen(self.ground, 3.2, j=Qt.PenJoinStyle.RoundJoin))
        painter.fillPath(path, color)

    # -- parts --------------------------------------------------------------------------
    def _mark_color(self, look: MarkLook) -> QColor:
        if look.light:
            return self._theme.color(LIGHT_TOKEN[look.light])
        if look.severity > Severity.NORMAL:
            return self.severity_color(look.severity)
        if look.stale:
            return self._theme.color("stale")
        if look.tint:
            return QColor(look.tint)
        if look.link is not Link.ONLINE:
            return self._theme.color("neutral")
        return QColor(look.fill) if look.fill else self._theme.color("normal")

    def _alarm_disc(self, painter: QPainter, radius: float, color: QColor) -> None:
        soft = QColor(color)
        soft.setAlphaF(0.22)
        painter.setBrush(soft)
        painter.setPen(QPen(color, 1.8))
        painter.drawEllipse(QPointF(0, 0), radius - 1, radius - 1)

    def _glyph(self, painter: QPainter, look: MarkLook, half: float, color: QColor) -> None:
        if look.size >= GLYPH_FROM_PX:
            glyph_in(painter, look.shape, look.glyph, half, color)

    def _hatch(self, painter: QPainter, path: QPainterPath, half: float, color: QColor) -> None:
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(color, 1.2))
        reach = 2 * half + 2
        for i in range(-16, 17):
            painter.drawLine(QPointF(i * 3.4 - reach, -reach), QPointF(i * 3.4 + reach, reach))
        painter.restore()

    def _hatched_glyph(self, painter: QPainter, look: MarkLook, half: float, color: QColor) -> None:
        """The drawing on a clear spot within the hatching."""
        if look.size < GLYPH_FROM_PX or not look.glyph:
            return
        painter.save()
        painter.setClipPath(shape_path(look.shape, half * 0.6), Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(-half, -half, 2 * half, 2 * half), self.ground)
        painter.restore()
        self._glyph(painter, look, half * 0.66, color)

    def _open_corner(self, painter: QPainter, reach: float) -> None:
        """An open ring below the mark of the severity: little or nothing is wrong any more, but the
        alarm waits to be acknowledged."""
        at = QPointF(reach * 0.72, reach * 0.72)
        painter.setBrush(self.ground)
        for pen in (QPen(self.ground, 4.4), QPen(self._theme.color("text"), 1.6)):
            painter.setPen(pen)
            painter.drawEllipse(at, 3.2, 3.2)

    def _strike(self, painter: QPainter, half: float) -> None:
        """A stroke through, against the direction of hatching."""
        reach = half * 0.95
        for pen in (QPen(self.ground, 3.8), QPen(self._theme.color("text"), 1.6)):
            painter.setPen(pen)
            painter.drawLine(QPointF(-reach, reach), QPointF(reach, -reach))

    def _severity_corner(self, painter: QPainter, severity: Severity, reach: float) -> None:
        shape = _CORNER_MARK.get(severity)
        if shape is not None:
            self._corner(painter, shape, self.severity_color(severity), reach)

    def _corner(self, painter: QPainter, shape: str, color: QColor, reach: float) -> None:
        painter.save()
        at = reach * 0.72
        painter.translate(at, -at)
        path = shape_path(shape, 3.6 if shape == "circle" else 4.4)
        painter.strokePath(path, QPen(self.ground, 2.4, j=Qt.PenJoinStyle.MiterJoin))
        painter.fillPath(path, color)
        painter.restore()

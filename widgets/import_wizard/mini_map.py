"""A small map of what a file holds: the district's outline and the rows as dots. GUI thread."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from widgets.import_wizard.views import Point
from widgets.theme import Theme

Outline = Sequence[Sequence[tuple[float, float]]]
"""Rings in degrees."""
MARGIN_PX = 14.0
FAR = 4.0
"""Dots whose box is so many times the district's away are shown without it."""


class MiniMap(QWidget):
    """Shows where rows lie. What lies outside the district is said in words."""

    def __init__(self, theme: Theme, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._outline = theme, [list(ring) for ring in outline]
        self._points: tuple[Point, ...] = ()
        self.setMinimumSize(260, 200)
        self.setAccessibleName(self.tr("Where the rows lie"))

    def set_points(self, points: Sequence[Point]) -> None:
        """Show these."""
        self._points = tuple(p for p in points if math.isfinite(p[0]) and math.isfinite(p[1]))
        self.update()

    @property
    def inside(self) -> bool:
        """Whether district and dots are shown together."""
        return self._box_of_all()[1]

    def _box_of_all(self) -> tuple[QRectF, bool]:
        district = _box([p for ring in self._outline for p in ring])
        dots = _box([(p[0], p[1]) for p in self._points])
        if dots is None or district is None:
            return (district or dots or QRectF(0, 0, 1, 1)), dots is None
        both = district.united(dots)
        near = both.width() < FAR * district.width() and both.height() < FAR * district.height()
        return (both, True) if near else (dots, False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw outline, dots, and where they lie in words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.color("ground"))
        box, together = self._box_of_all()
        place = _fitted(box, QRectF(self.rect()))
        painter.setPen(QPen(self._theme.color("muted"), 1.2))
        for ring in self._outline if together else ():
            painter.drawPolyline(QPolygonF([place(lon, lat) for lon, lat in ring]))
        painter.setPen(Qt.PenStyle.NoPen)
        for lon, lat, good in sorted(self._points, key=lambda p: not p[2]):
            painter.setBrush(self._theme.color("accent" if good else "critical"))
            painter.drawEllipse(place(lon, lat), 3.0, 3.0)
        painter.setPen(self._theme.color("muted" if together else "major_text"))
        painter.setFont(self._theme.font(self._theme.sizes.small))
        area = QRectF(self.rect()).adjusted(8, 6, -8, -6)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignBottom), self._words(together))
        painter.end()

    def _words(self, together: bool) -> str:
        if not self._points:
            return self.tr("No positions yet")
        if together:
            return ""
        box = self._box_of_all()[0]
        text = self.tr("Far from this district: {0}, {1}")
        return text.format(f"{box.center().x():.3f}", f"{box.center().y():.3f}")


def _box(points: Sequence[tuple[float, float]]) -> QRectF | None:
    if not points:
        return None
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    west, south = min(lons), min(lats)
    return QRectF(west, south, max(max(lons) - west, 1e-4), max(max(lats) - south, 1e-4))


def _fitted(box: QRectF, area: QRectF) -> Callable[[float, float], QPointF]:
    """From degrees to pixels: the box in the middle of the area, with even scale on the ground."""
    narrow = math.cos(math.radians(min(max(box.center().y(), -85.0), 85.0)))
    inner = area.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    scale = min(inner.width() / (box.width() * narrow), inner.height() / box.height())
    middle, centre = box.center(), inner.center()

    def place(lon: float, lat: float) -> QPointF:
        return QPointF(
            centre.x() + (lon - middle.x()) * narrow * scale,
            centre.y() - (lat - middle.y()) * scale,
        )

    return place

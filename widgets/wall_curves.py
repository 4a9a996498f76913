"""A curve of the wall: what it is, its newest value, the line, its limit and its time range.

The items are made once and filled again and again, so that a wall can run for weeks. GUI thread.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from services.domain.model import Severity
from widgets.format import clock_ends
from widgets.gaps import with_gaps
from widgets.pens import curve_pen
from widgets.symbols import draw_mark, severity_mark
from widgets.text import plain
from widgets.theme import SEVERITY_TOKEN, Theme
from widgets.wall_items import Curve
from widgets.wall_scale import SMALLEST, WallScale
from widgets.wall_tiles import ALIGN_LEFT, ALIGN_RIGHT, LEADING, WallPart, draw_fitted
from widgets.words import severity_word

LABEL, NEWEST = 22.0, 36.0
HEAD, FOOT, LEAST_WELL = 46.0, SMALLEST * LEADING, 44.0
"""Heights at the design: header, time range, and the least that the line needs."""
DASHES, GAP = (26, 14, 0), 8
"""Lengths of a legend's dash, the longest that fits is taken, and the least between its words."""
FLAT_REACH = 4.0
"""A limit farther away than this many heights of the curve would flatten it and is left out."""


class CurveView(WallPart):
    """One curve; it never moves under the mouse."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.curve = Curve("", "", "", (), ())
        self._view = pg.GraphicsView(self, background=theme.color("ground"))
        self._view.setFrameStyle(QFrame.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # A plain view box: a whole plot item would bring menus that outlive the window.
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._box.disableAutoRange()
        self._view.setCentralItem(self._box)
        self._line = pg.PlotCurveItem(antialias=True, connect="finite")
        self._limit = pg.InfiniteLine(angle=0, movable=False)
        self._crossed = pg.InfiniteLine(angle=0, movable=False)
        for item in (self._line, self._limit, self._crossed):
            self._box.addItem(item, ignoreBounds=True)

    def set_curve(self, curve: Curve) -> None:
        """Show another curve; raises ValueError when times and values differ in length. The same
        one again, as it comes each second, draws nothing."""
        if curve == self.curve:
            return
        x, y = with_gaps(curve.times, curve.values, curve.silent_s)
        self.curve = curve
        x = x - x[0] if len(x) else x  # seconds since 1970 are too coarse for pixels
        self._line.setData(x, y)
        for mark, at in ((self._limit, curve.limit), (self._crossed, curve.crossed)):
            mark.setVisible(at is not None)
            if at is not None:
                mark.setValue(at)
        self._fit(x, y)
        self._set_pens()
        parts = [curve.label, f"{curve.newest} {curve.unit}".strip()]
        if curve.severity > Severity.INFO:
            parts.append(severity_word(curve.severity))
        self.setAccessibleName(plain(" · ".join(part for part in parts if part)))
        self.update()

    def set_scale(self, scale: WallScale) -> None:
        """Lines and words at another size."""
        super().set_scale(scale)
        self._set_pens()
        self._place()

    def item_count(self) -> int:
        """Graphics items of the scene; constant however often the curve changes."""
        return len(self._view.scene().items())

    def point_count(self) -> int:
        """Points that are drawn."""
        x, _y = self._line.getData()
        return 0 if x is None else len(x)

    def legend(self) -> list[tuple[pg.InfiniteLine, str]]:
        """The limits that are drawn, each with its line and its words; the crossed one first."""
        crossed, following = self.curve.crossed, self.curve.limit
        found = []
        if crossed is not None:
            found.append((self._crossed, self.tr("over {0}").format(f"{crossed:g}")))
        if following is not None:
            words = self.tr("limit {0}") if crossed is None else self.tr("next {0}")
            found.append((self._limit, words.format(f"{following:g}")))
        return found

    def well(self) -> QRectF:
        """Where line and time range are drawn, in pixels of this part."""
        top = self._scale.px(HEAD)
        return QRectF(0, top, self.width(), max(1, self.height() - top))

    # -- inside ---------------------------------------------------------------
    def _fit(self, x: np.ndarray, y: np.ndarray) -> None:
        finite = y[np.isfinite(y)]
        if not len(finite):
            return
        low, high = float(finite.min()), float(finite.max())
        reach = max(high - low, abs(high) * 0.05, 1e-9) * FLAT_REACH
        for limit in (self.curve.limit, self.curve.crossed):
            if limit is not None and low - reach <= limit <= high + reach:
                low, high = min(low, limit), max(high, limit)
        margin = max((high - low) * 0.12, abs(high) * 0.01, 1e-6)
        self._box.setRange(
            xRange=(0, max(float(x[-1]), 1.0)), yRange=(low - margin, high + margin), padding=0
        )

    def _set_pens(self) -> None:
        severity = self.curve.severity
        token = "info" if severity is Severity.NORMAL else SEVERITY_TOKEN[severity]
        color = self._theme.color(token)
        self._line.setPen(curve_pen(self, color, 3 * self._scale.factor))
        width = 1.5 * self._scale.factor
        muted = self._theme.color("muted")
        self._limit.setPen(curve_pen(self, muted, width, Qt.PenStyle.DashLine))
        crossed = muted if severity is Severity.NORMAL else color
        self._crossed.setPen(curve_pen(self, crossed, width, Qt.PenStyle.DashLine))

    def _foot_px(self) -> int:
        return 0 if self._scale.compact else self._scale.px(FOOT)

    def _place(self) -> None:
        well, pad = self.well(), self._scale.px(6)
        inner = well.adjusted(pad, pad, -pad, -pad - self._foot_px())
        self._view.setGeometry(inner.toRect())
        self._view.setVisible(inner.height() >= 8)

    def event(self, event: QEvent) -> bool:
        """Lines keep their thickness on a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._set_pens()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The line takes what words leave."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the header, the well and the time range."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        well = self.well()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("ground"))
        painter.drawRoundedRect(well, self._scale.px(6), self._scale.px(6))
        self._draw_head(painter, QRectF(0, 0, self.width(), well.top()))
        if self._foot_px() and len(self.curve.times):
            pad = self._scale.px(10)
            foot = QRectF(well.adjusted(pad, 0, -pad, -self._scale.px(3)))
            foot.setTop(foot.bottom() - self._foot_px())
            self._draw_foot(painter, foot)
        painter.end()

    def _draw_head(self, painter: QPainter, head: QRectF) -> None:
        newest, severity = plain(self.curve.newest), self.curve.severity
        head = head.adjusted(self._scale.px(6), 0, -self._scale.px(6), 0)
        font = self.font_px(NEWEST, bold=True)
        painter.setPen(self._theme.severity_text(severity))
        room = head.adjusted(head.width() * 0.4, 0, 0, 0)
        wide = draw_fitted(painter, room, newest, font, ALIGN_RIGHT, least=0.4)
        left = head.adjusted(0, 0, -wide - self._scale.px(14), 0)
        if severity > Severity.INFO:
            side = self._scale.px(18)
            spot = QRectF(left.right() - side, left.center().y() - side / 2, side, side)
            draw_mark(painter, spot, severity_mark(self._theme, severity))
            left.adjust(0, 0, -side * 1.4, 0)
        painter.setPen(self._theme.color("muted"))
        words = plain(f"{self.curve.label} {self.curve.unit}".strip())
        draw_fitted(painter, left, words, self.font_px(LABEL), ALIGN_LEFT)

    def _draw_foot(self, painter: QPainter, foot: QRectF) -> None:
        font = self.font_px(SMALLEST)
        painter.setPen(self._theme.color("faint"))
        first, last = clock_ends(self.curve.times[0], self.curve.times[-1])
        draw_fitted(painter, foot, first, font, ALIGN_LEFT)
        draw_fitted(painter, foot, last, font, ALIGN_RIGHT)
        measure = QFontMetricsF(font).horizontalAdvance
        room = foot.adjusted(measure(first), 0, -measure(last), 0)
        for mark, words, dash, beside in self.placed_legend(room):
            pen = QPen(mark.pen)
            painter.setPen(self._theme.color("faint") if dash else pen.color())
            painter.drawText(beside, int(ALIGN_LEFT), words)
            if not dash:  # the words have the line's colour then
                continue
            pen.setWidthF(pen.widthF() / self.devicePixelRatioF())  # curve_pen has counted it in
            pen.setCosmetic(False)
            painter.setPen(pen)
            left, middle = round(beside.left() - self._scale.px(GAP)), round(foot.center().y())
            painter.drawLine(left - dash, middle, left, middle)

    def placed_legend(self, room: QRectF) -> list[tuple[pg.InfiniteLine, str, int, QRectF]]:
        """The legend in the middle of ``room``: line, words, length of its dash and where the words
        stand. Where it is narrow, dashes go first, then the limit that is not crossed."""
        measure = QFontMetricsF(self.font_px(SMALLEST)).horizontalAdvance
        gap, legend = self._scale.px(GAP), self.legend()
        ways = [(self._scale.px(d) if d else 0, legend) for d in DASHES]
        for dash, shown in (*ways, (0, legend[:1])):
            wide = [measure(words) + 2 for _mark, words in shown]
            before = dash + 2 * gap if dash else gap
            whole = sum(wide) + before * len(wide) + gap
            if whole <= room.width() or len(shown) < len(legend):
                break
        placed, left = [], room.center().x() - whole / 2
        for (mark, words), width in zip(shown, wide, strict=True):
            left += before
            placed.append((mark, words, dash, QRectF(left, room.top(), width, room.height())))
            left += width
        return placed

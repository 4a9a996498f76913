"""How a time axis is drawn: density, ticks, flags, playhead. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from services.domain.model import Severity
from widgets.format import clock_hms
from widgets.symbols import Mark, draw_mark
from widgets.theme import Theme
from widgets.time_axis_marks import Bookmark
from widgets.time_axis_scale import AxisScale, Counts

MARGIN = 14
"""Pixels left and right of the run, so that the playhead has room at both ends."""
HEAD = 38
CLOCK_H = 20
"""Pixels on top for the clock of the playhead and for flags."""
FOOT = 22
"""Pixels below for the names of ticks."""
LABEL_PX = 84
FLAG_W, FLAG_H = 11, 13
LEAST_PX = 2.0
"""An event is seen even where it is one among thousands."""
MARK_GAP = 10
SEVERITIES = (Severity.INFO, Severity.MINOR, Severity.MAJOR, Severity.CRITICAL)


def run_of(width: int, height: int) -> QRectF:
    """Where the density is drawn in a strip of that size."""
    return QRectF(MARGIN, HEAD, max(1, width - 2 * MARGIN), max(1, height - HEAD - FOOT))


def draw_back(
    painter: QPainter, theme: Theme, run: QRectF, scale: AxisScale, density: Sequence[Counts]
) -> None:
    """Everything that stands still while the replay runs."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("ground"))
    painter.drawRoundedRect(run.adjusted(-3, 0, 3, 0), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _draw_ticks(painter, theme, run, scale)
    _draw_density(painter, theme, run, density)


def _draw_ticks(painter: QPainter, theme: Theme, run: QRectF, scale: AxisScale) -> None:
    painter.setFont(theme.font(theme.sizes.small))
    metrics = QFontMetricsF(painter.font())
    bounds = QRectF(0, run.bottom() + 5, run.right() + MARGIN, FOOT - 5)
    for tick in scale.ticks(LABEL_PX):
        x = round(scale.x_of(tick.time)) + 0.5
        if not tick.label:
            painter.setPen(theme.color("neutral"))
            painter.drawLine(QPointF(x, run.bottom() + 1), QPointF(x, run.bottom() + 4))
            continue
        painter.setPen(theme.color("line"))
        painter.drawLine(QPointF(x, run.top()), QPointF(x, run.bottom() + 5))
        wide = metrics.horizontalAdvance(tick.label)
        left = min(bounds.right() - wide - 1, max(1.0, x - wide / 2))
        place = QRectF(left, bounds.top(), wide, bounds.height())
        painter.setPen(theme.color("faint"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tick.label)


def _draw_density(painter: QPainter, theme: Theme, run: QRectF, density: Sequence[Counts]) -> None:
    """Stacked bars, the worst at the bottom; a slice with a critical one has a diamond on top."""
    most = max((sum(counts) for counts in density), default=0)
    if not most:
        return
    wide = run.width() / len(density)
    tall = run.height() - MARK_GAP
    colors = [theme.severity(severity) for severity in SEVERITIES]
    last_mark = -float(MARK_GAP)
    for place, counts in enumerate(density):
        left, right = run.left() + place * wide, run.left() + (place + 1) * wide
        bar = QRectF(left, 0, max(1.0, right - left - (1 if wide >= 4 else 0)), 0)
        top = _draw_bar(painter, bar, run.bottom(), tall / most, counts, colors)
        middle = bar.center().x()
        if counts[3] and middle - last_mark >= MARK_GAP:
            last_mark = middle
            spot = QRectF(middle - 4, max(run.top(), top - 9), 8, 8)
            draw_mark(painter, spot, Mark("diamond", colors[3]))


def _draw_bar(
    painter: QPainter,
    bar: QRectF,
    bottom: float,
    px_each: float,
    counts: Counts,
    colors: Sequence[QColor],
) -> float:
    """Draw one slice and answer its top."""
    for count, color in zip(reversed(counts), reversed(colors), strict=True):
        if not count:
            continue
        height = max(LEAST_PX, count * px_each)
        painter.fillRect(QRectF(bar.left(), bottom - height, bar.width(), height), color)
        bottom -= height
    return bottom


def draw_flags(
    painter: QPainter, theme: Theme, run: QRectF, scale: AxisScale, marks: Sequence[Bookmark]
) -> None:
    """Bookmarks inside the span as flags on a pole."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark in marks:
        if not scale.start <= mark.time <= scale.end:
            continue
        x = scale.x_of(mark.time)
        painter.setPen(QPen(theme.color("accent"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, flag_top(run)), QPointF(x, run.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawPolygon(_flag(x, flag_top(run)))


def flag_top(run: QRectF) -> float:
    """The upper edge of the flags."""
    return run.top() - FLAG_H - 2


def flag_rect(run: QRectF, x: float) -> QRectF:
    """Where a click hits the flag at ``x``."""
    return QRectF(x - 3, flag_top(run) - 2, FLAG_W + 5, FLAG_H + 4)


def _flag(x: float, top: float) -> QPolygonF:
    points = [(0, 0), (FLAG_W, 0), (FLAG_W - 4, FLAG_H / 2), (FLAG_W, FLAG_H), (0, FLAG_H)]
    return QPolygonF([QPointF(x + dx, top + dy) for dx, dy in points])


def draw_playhead(
    painter: QPainter, theme: Theme, run: QRectF, scale: AxisScale, at: float, token: str
) -> None:
    """The line at ``at``, what is past of it, and the log's clock in figures on top."""
    x = min(run.right(), max(run.left(), scale.x_of(at)))
    past = QRectF(run.left(), run.bottom(), x - run.left(), 2)  # below, where it hides no event
    painter.fillRect(past, theme.color(token))
    painter.setPen(QPen(theme.color("text"), 1.6))
    painter.drawLine(QPointF(x, CLOCK_H), QPointF(x, run.bottom() + 4))
    painter.setFont(theme.font(theme.sizes.small, bold=True))
    words = clock_hms(at)
    wide = QFontMetricsF(painter.font()).horizontalAdvance(words) + 14
    left = min(run.right() + MARGIN - wide - 1, max(1.0, x - wide / 2))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("text"))
    box = QRectF(left, 1, wide, CLOCK_H)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.color("ground"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

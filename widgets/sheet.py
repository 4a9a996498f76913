"""What stands round the map on a sheet of paper: title, legend, scale bar, north, source.

Painted with any painter in pixels of 1/96 inch; no widgets, so any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from layers.model.page import BAR_SHARE, Area, PageLayout, metres_per_px, scale_bar, scale_of
from layers.model.view import Camera
from widgets.mode_stamp import ModeStamp, draw_across, draw_band
from widgets.symbols import Mark, draw_mark
from widgets.text import plain
from widgets.theme import Theme

UNPRINTED_PX = 12.0
TITLE_PX, WORDS_PX, SMALL_PX, ROW_PX, MARK_PX = 22, 13, 11, 20.0, 16.0
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One layer that is shown, with how many of it lie on the map."""

    mark: Mark
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SheetWords:
    """``stamps``: what must not be overlooked, as stale or past data. ``lines`` stand below the
    map. ``rest``: of the legend, what found no room (a format with {0}). ``mode``: of a replay or
    a drill."""

    title: str
    moment: str
    legend_title: str
    legend: tuple[LegendRow, ...]
    rest: str
    lines: tuple[str, ...]
    north: str = "N"
    stamps: tuple[str, ...] = ()
    mode: ModeStamp | None = None


def draw_round(
    painter: QPainter, layout: PageLayout, words: SheetWords, camera: Camera, theme: Theme
) -> None:
    """Everything but the map itself, which is there already."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    _head(painter, _rect(layout.head), words, theme)
    painter.setPen(QPen(theme.color("muted"), 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_rect(layout.map))
    _legend(painter, _rect(layout.legend), words, theme)
    _north(painter, _rect(layout.map), words.north, theme)
    _scale(painter, _rect(layout.map), camera, theme)
    _foot(painter, _rect(layout.foot), words.lines, theme)
    if words.mode is not None:
        _mode(painter, layout, words.mode, theme)


def _mode(painter: QPainter, layout: PageLayout, stamp: ModeStamp, theme: Theme) -> None:
    """Inside of what printers leave white at the edges of a sheet."""
    page = _rect(layout.page).adjusted(UNPRINTED_PX, UNPRINTED_PX, -UNPRINTED_PX, -UNPRINTED_PX)
    band = QRectF(page.x(), page.y(), page.width(), layout.head.y - page.y() - 2)
    draw_across(painter, _rect(layout.map), stamp, theme)
    draw_band(painter, page, band, stamp, theme)


def _rect(area: Area) -> QRectF:
    return QRectF(area.x, area.y, area.width, area.height)


def _text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    theme: Theme,
    *,
    px: int = WORDS_PX,
    token: str = "text",
    bold: bool = False,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """One line, cut to its room."""
    font = theme.font(px, bold=bold)
    painter.setFont(font)
    painter.setPen(theme.color(token))
    cut = QFontMetricsF(font).elidedText(plain(text), Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align), cut)


def _head(painter: QPainter, rect: QRectF, words: SheetWords, theme: Theme) -> None:
    left = rect.right()
    for stamp in words.stamps:
        font = theme.font(WORDS_PX + 2, bold=True)
        width = min(rect.width() * 0.45, QFontMetricsF(font).horizontalAdvance(stamp) + 20)
        box = QRectF(left - width, rect.y() + 4, width, 26)
        painter.setPen(QPen(theme.color("critical"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        _text(
            painter,
            box,
            stamp,
            theme,
            px=WORDS_PX + 2,
            token="critical_text",
            bold=True,
            align=CENTRE,
        )
        left -= width + 10
    room = QRectF(rect.x(), rect.y(), left - rect.x(), rect.height() * 0.6)
    _text(painter, room, words.title, theme, px=TITLE_PX, bold=True)
    below = QRectF(rect.x(), rect.y() + rect.height() * 0.6, rect.width(), rect.height() * 0.4)
    _text(painter, below, words.moment, theme, token="muted")


def _legend(painter: QPainter, rect: QRectF, words: SheetWords, theme: Theme) -> None:
    painter.setPen(QPen(theme.color("line"), 0.8))
    painter.drawRect(rect)
    inner = rect.adjusted(8, 6, -8, -6)
    _text(
        painter,
        QRectF(inner.x(), inner.y(), inner.width(), 18),
        words.legend_title,
        theme,
        bold=True,
    )
    top = inner.y() + 24
    fits = max(0, int((inner.bottom() - top) // ROW_PX))
    shown: Sequence[LegendRow] = words.legend
    if len(shown) > fits:
        shown = shown[: fits - 1]
    for number, row in enumerate(shown):
        line = QRectF(inner.x(), top + number * ROW_PX, inner.width(), ROW_PX)
        middle = line.center().y() - MARK_PX / 2
        draw_mark(painter, QRectF(line.x(), middle, MARK_PX, MARK_PX), row.mark)
        count = f"{row.count:,}"
        width = QFontMetricsF(theme.font(SMALL_PX)).horizontalAdvance(count) + 4
        _text(painter, line.adjusted(MARK_PX + 6, 0, -width - 4, 0), row.label, theme, px=SMALL_PX)
        _text(painter, line, count, theme, px=SMALL_PX, token="muted", align=RIGHT)
    left = words.legend[len(shown) :]
    if left:
        line = QRectF(inner.x(), top + len(shown) * ROW_PX, inner.width(), ROW_PX)
        many = sum(row.count for row in left)
        said = words.rest.format(f"{len(left):,}", f"{many:,}")
        _text(painter, line, said, theme, px=SMALL_PX, token="muted")


def _plate(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    ground = QColor(theme.color("panel"))
    ground.setAlphaF(0.85)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, 4, 4)


def _north(painter: QPainter, chart: QRectF, word: str, theme: Theme) -> None:
    """The map is Mercator, so north is up everywhere on it."""
    box = QRectF(chart.right() - 44, chart.y() + 10, 34, 54)
    _plate(painter, box, theme)
    x, top, bottom = box.center().x(), box.y() + 20, box.bottom() - 6
    for side, token in ((-1, "text"), (1, "panel")):
        half = QPainterPath(QPointF(x, top))
        half.lineTo(QPointF(x + side * 8, bottom))
        half.lineTo(QPointF(x, bottom - 7))
        half.closeSubpath()
        painter.setPen(QPen(theme.color("text"), 1))
        painter.setBrush(theme.color(token))
        painter.drawPath(half)
    _text(
        painter, QRectF(box.x(), box.y() + 2, box.width(), 17), word, theme, bold=True, align=CENTRE
    )


def _scale(painter: QPainter, chart: QRectF, camera: Camera, theme: Theme) -> None:
    """A bar of two halves, true in the middle of the map, with the scale as a number."""
    metres, width = scale_bar(metres_per_px(camera), chart.width() * BAR_SHARE)
    number = round(scale_of(camera), -1)
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    box = QRectF(chart.x() + 10, chart.bottom() - 46, max(width + 28, 120), 36)
    _plate(painter, box, theme)
    left, base = box.x() + 12, box.bottom() - 8
    painter.setPen(QPen(theme.color("text"), 1))
    for half, shade in ((0, "text"), (1, "panel")):
        painter.setBrush(theme.color(shade))
        painter.drawRect(QRectF(left + half * width / 2, base - 5, width / 2, 5))
    words = QRectF(box.x() + 12, box.y() + 3, box.width() - 20, 18)
    _text(painter, words, f"{said}    1:{number:,.0f}", theme, px=SMALL_PX)


def _foot(painter: QPainter, rect: QRectF, lines: Sequence[str], theme: Theme) -> None:
    height = rect.height() / max(3, len(lines))
    for number, line in enumerate(lines):
        room = QRectF(rect.x(), rect.y() + number * height, rect.width(), height)
        _text(painter, room, line, theme, px=SMALL_PX, token="muted")

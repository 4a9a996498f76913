"""The stamp that tells a picture of the past or of a drill from one of the live city.

A picture leaves the window that has the coloured frame, so it takes the frame along: a band on top,
a line round it, and the word across it. Painted with any painter; no widgets, so any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from widgets.text import plain
from widgets.theme import Theme

WORD_PX, MEANING_PX = 20, 14
EDGE_PX, BAND_PX = 6.0, 30.0
ACROSS_ALPHA, ACROSS_SHARE = 0.30, 0.55
"""How strong the word across is, and its length as a share of the diagonal it lies on."""
TILT_DEG = -24.0
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class ModeStamp:
    """``word``: 回放, REPLAY; ``meaning``: what that is, in a line; ``moment``: the log's clock."""

    word: str
    meaning: str
    moment: str


def draw_band(
    painter: QPainter, page: QRectF, band: QRectF, stamp: ModeStamp, theme: Theme
) -> None:
    """A coloured line round the page, and the band with the word, the moment and the meaning."""
    color = theme.color("exercise")
    painter.setPen(QPen(color, EDGE_PX))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = EDGE_PX / 2
    painter.drawRect(page.adjusted(half, half, -half, -half))
    painter.fillRect(band, color)
    ink, inner = theme.color("on_exercise"), band.adjusted(12, 0, -12, 0)
    painter.setPen(ink)
    painter.setFont(theme.font(WORD_PX, bold=True))
    word = plain(f"{stamp.word}  {stamp.moment}")
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), word)
    left = QFontMetricsF(painter.font()).horizontalAdvance(word) + 24
    font = theme.font(MEANING_PX, bold=True)
    painter.setFont(font)
    room = inner.adjusted(left, 0, 0, 0)
    cut = QFontMetricsF(font).elidedText(
        plain(stamp.meaning), Qt.TextElideMode.ElideRight, max(0.0, room.width())
    )
    painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), cut)


def draw_across(painter: QPainter, chart: QRectF, stamp: ModeStamp, theme: Theme) -> None:
    """The word across the map, so that no part cut out of it passes for the live city."""
    word = plain(stamp.word)
    font = theme.font(100, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(word)
    wanted = ACROSS_SHARE * (chart.width() ** 2 + chart.height() ** 2) ** 0.5
    font.setPixelSize(max(24, round(100 * min(wanted / wide, chart.height() * 0.4 / 100))))
    color = QColor(theme.color("exercise"))
    color.setAlphaF(ACROSS_ALPHA)
    painter.save()
    painter.setClipRect(chart)
    painter.translate(chart.center())
    painter.rotate(TILT_DEG)
    painter.setFont(font)
    painter.setPen(color)
    box = QRectF(QPointF(-2_000, -500), QPointF(2_000, 500))
    painter.drawText(box, int(CENTRE), word)
    painter.restore()


def stamped(picture: QImage, stamp: ModeStamp, theme: Theme) -> QImage:
    """A picture of a window with the stamp on it: the band over its upper edge, the word across."""
    found = picture.copy()
    ratio = found.devicePixelRatio()
    page = QRectF(0, 0, found.width() / ratio, found.height() / ratio)
    painter = QPainter(found)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    draw_across(painter, page, stamp, theme)
    draw_band(painter, page, QRectF(0, 0, page.width(), BAND_PX), stamp, theme)
    painter.end()
    return found

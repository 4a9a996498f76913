"""Parts of the wall that are painted: numbers, cards, words. All sizes from one scale. GUI thread.

Text is drawn letter by letter, so nothing of it is ever read as markup.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from services.domain.model import Severity
from widgets.symbols import draw_mark, severity_mark
from widgets.text import plain
from widgets.theme import Theme
from widgets.wall_items import KpiTile, WorstItem
from widgets.wall_scale import SMALLEST, WallScale
from widgets.words import severity_word

LABEL, VALUE, DETAIL = 24.0, 66.0, SMALLEST
LEADING = 1.32
"""Height of a line of words per pixel of its size."""
FIGURE_LEADING = 1.12
"""The same for a big number, which has nothing below its base line."""
SHRINK = 0.88
"""A title is drawn smaller down to this share before it takes a second line."""
_PARTING = re.compile(r"(?<=\d) | (?=/)|(?<=/) ")
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class WallPart(QWidget):
    """A painted part; ``activated`` by a click, Enter or Space where it can be activated."""

    activated = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, active: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self._active = active
        self._scale = WallScale(1.0, False)
        if active:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_scale(self, scale: WallScale) -> None:
        """Draw at another size."""
        self._scale = scale
        self.update()

    def font_px(self, design: float, *, bold: bool = False) -> QFont:
        """The theme's font at a size of the design."""
        return self._theme.font(self._scale.px(design), bold=bold)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that ends inside activates."""
        inside = self.rect().contains(event.position().toPoint())
        if self._active and inside and event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the release comes here."""
        event.setAccepted(self._active and event.button() == Qt.MouseButton.LeftButton)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space activate."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._active and event.key() in keys:
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def draw_focus(self, painter: QPainter) -> None:
        """A frame while this part has the keyboard."""
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)


class WallText(WallPart):
    """One line or a short paragraph; one line that is too wide is drawn smaller, then cut."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        size: float,
        token: str = "text",
        *,
        bold: bool = False,
        align: Qt.AlignmentFlag = ALIGN_LEFT,
        lines: int = 1,
    ) -> None:
        super().__init__(theme, parent)
        self._size, self._token, self._bold = size, token, bold
        self._align, self._lines = align, lines
        self._text = ""

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def set_text(self, text: str, token: str = "", size: float = 0.0) -> None:
        """Show ``text``, in another colour token or at another size of the design if given."""
        wanted = (plain(text), token or self._token, size or self._size)
        if wanted != (self._text, self._token, self._size):
            self._text, self._token, self._size = wanted
            self.setAccessibleName(self._text)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setPen(self._theme.color(self._token))
        font = self.font_px(self._size, bold=self._bold)
        rect = QRectF(self.rect())
        if self._lines == 1:
            draw_fitted(painter, rect, self._text, font, self._align)
        else:
            draw_lines(painter, rect, wrapped(self._text, font, rect.width(), self._lines), font)
        painter.end()


class KpiView(WallPart):
    """One number: label, value, detail; the value is drawn smaller rather than cut."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, active=True)
        self.tile = KpiTile("", "", "")

    def set_tile(self, tile: KpiTile) -> None:
        """Show another number."""
        if tile != self.tile:
            self.tile = tile
            parts = [tile.label, tile.value, tile.detail]
            if tile.severity > Severity.INFO:
                parts.append(severity_word(tile.severity))
            self.setAccessibleName(plain(" · ".join(part for part in parts if part)))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rule on top and the three lines, centred in the height."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, self.width(), 1), self._theme.color("line"))
        rows = self._rows()
        top = (self.height() - sum(rows)) / 2
        boxes = []
        for height in rows:
            boxes.append(QRectF(0, top, self.width(), height))
            top += height
        painter.setPen(self._theme.color("muted"))
        label_font = self.font_px(LABEL)
        draw_fitted(painter, boxes[0], plain(self.tile.label), label_font, ALIGN_LEFT)
        self._draw_value(painter, boxes[1])
        painter.setPen(self._theme.color("faint"))
        if not self._scale.compact:
            detail_font = self.font_px(DETAIL)
            draw_fitted(painter, boxes[2], plain(self.tile.detail), detail_font, ALIGN_LEFT)
        self.draw_focus(painter)
        painter.end()

    def _rows(self) -> tuple[float, float, float]:
        label = self._scale.px(LABEL * LEADING)
        detail = 0 if self._scale.compact else self._scale.px(DETAIL * LEADING)
        room = self.height() - label - detail - self._scale.px(10)
        return label, max(1.0, min(room, self._scale.px(VALUE * FIGURE_LEADING))), detail

    def _draw_value(self, painter: QPainter, box: QRectF) -> None:
        severity = self.tile.severity
        size = min(VALUE, box.height() / FIGURE_LEADING / self._scale.factor)
        side = self._scale.px(24) if severity > Severity.INFO else 0
        # Figures stand low in the line of a CJK font; this brings their middle to the box's.
        lift = size * self._scale.factor * 0.07
        room = box.adjusted(0, -lift, -side * 1.6, -lift)
        painter.setPen(self._theme.severity_text(severity))
        font = self.font_px(size, bold=True)
        wide = draw_fitted(painter, room, plain(self.tile.value), font, ALIGN_LEFT, least=0.4)
        if side:
            spot = QRectF(room.left() + wide + side * 0.5, box.center().y() - side / 2, side, side)
            draw_mark(painter, spot, severity_mark(self._theme, severity))


class WorstCard(WallPart):
    """One of the worst things: a numbered disc, what and where, and who is on it."""

    def __init__(self, theme: Theme, number: int, parent: QWidget) -> None:
        super().__init__(theme, parent, active=True)
        self._number = number
        self.item = WorstItem("", "", Severity.NORMAL)

    def set_item(self, item: WorstItem) -> None:
        """Show another thing."""
        if item != self.item:
            self.item = item
            words = (str(self._number), severity_word(item.severity), item.title, item.detail)
            self.setAccessibleName(plain(" · ".join(word for word in words if word)))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("ground"))
        painter.drawRoundedRect(QRectF(self.rect()), self._scale.px(6), self._scale.px(6))
        pad, side = self._scale.px(14), self._scale.px(40)
        disc = QRectF(pad, (self.height() - side) / 2, side, side)
        draw_disc(painter, disc, self._number, self._theme, self.item.severity)
        mark = self._scale.px(16)
        left = disc.right() + pad
        room = QRectF(left, 0, self.width() - left - pad - mark * 1.5, self.height())
        spot = QRectF(self.width() - pad - mark, (self.height() - mark) / 2, mark, mark)
        draw_mark(painter, spot, severity_mark(self._theme, self.item.severity))
        self._draw_words(painter, room)
        self.draw_focus(painter)
        painter.end()

    def _draw_words(self, painter: QPainter, room: QRectF) -> None:
        title_font, detail_font = self.font_px(21, bold=True), self.font_px(DETAIL)
        words = kept_together(plain(self.item.title))
        wide = QFontMetricsF(title_font).horizontalAdvance(words)
        if room.width() < wide <= room.width() / SHRINK:  # rather than one character alone
            title_font.setPixelSize(int(title_font.pixelSize() * room.width() / wide))
        title_font, title = fitted(words, title_font, room.width(), 2)
        line_h, detail_h = self._scale.px(21 * LEADING), self._scale.px(DETAIL * LEADING)
        detail = plain(self.item.detail)
        top = (self.height() - line_h * len(title) - (detail_h if detail else 0)) / 2
        painter.setPen(self._theme.color("text"))
        box = QRectF(room.left(), top, room.width(), line_h * len(title))
        draw_lines(painter, box, title, title_font)
        painter.setPen(self._theme.color("muted"))
        below = QRectF(room.left(), box.bottom(), room.width(), detail_h)
        draw_fitted(painter, below, detail, detail_font, ALIGN_LEFT)


def draw_disc(
    painter: QPainter, box: QRectF, number: int, theme: Theme, severity: Severity
) -> None:
    """A disc with a number, as the map marks the same place."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.severity(severity))
    painter.drawEllipse(box)
    painter.setPen(theme.color("on_accent"))
    painter.setFont(theme.font(max(1, round(box.height() * 0.58)), bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))


def draw_fitted(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    align: Qt.AlignmentFlag,
    *,
    least: float = 0.8,
) -> float:
    """One line, drawn down to ``least`` of its size to fit, then cut; answers its width in px."""
    metrics = QFontMetricsF(font)
    wide = metrics.horizontalAdvance(text)
    if wide > rect.width() > 0:
        font = QFont(font)
        share = max(least, rect.width() / wide * 0.99)
        font.setPixelSize(max(1, int(font.pixelSize() * share)))
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        wide = metrics.horizontalAdvance(text)
    painter.setFont(font)
    # Commas and tails may stand out of a box that is only as high as its figures.
    painter.drawText(rect, int(align) | int(Qt.TextFlag.TextDontClip), text)
    return wide


def kept_together(text: str) -> str:
    """Words in which a number, its unit and its limit do not part at the end of a line."""
    return _PARTING.sub("\u00a0", text)


def wrapped(text: str, font: QFont, width: float, most: int) -> list[str]:
    """``text`` on at most ``most`` lines; what is left over is cut with an ellipsis."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[str] = []
    layout.beginLayout()
    while (row := layout.createLine()).isValid():
        row.setLineWidth(max(1.0, width))
        if len(lines) == most - 1:
            rest = text[row.textStart() :].strip()
            shown = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
            lines.append(shown)
            break
        lines.append(text[row.textStart() : row.textStart() + row.textLength()].strip())
    layout.endLayout()
    return lines


def fitted(text: str, font: QFont, width: float, most: int) -> tuple[QFont, list[str]]:
    """``text`` on at most ``most`` lines in a font shrunk by up to ``SHRINK``, before any of it is
    cut: what stands last is the worst value. The font, and the lines."""
    smaller = QFont(font)
    for size in range(font.pixelSize(), int(font.pixelSize() * SHRINK) - 1, -1):
        smaller.setPixelSize(max(1, size))
        lines = wrapped(text, smaller, width, most)
        if "".join("".join(lines).split()) == "".join(text.split()):
            return smaller, lines
    return font, wrapped(text, font, width, most)


def draw_lines(painter: QPainter, rect: QRectF, lines: list[str], font: QFont) -> None:
    """Lines below each other, spread over ``rect``."""
    painter.setFont(font)
    height = font.pixelSize() * LEADING
    for place, text in enumerate(lines):
        box = QRectF(rect.topLeft() + QPointF(0, place * height), rect.size())
        box.setHeight(height)
        painter.drawText(box, int(ALIGN_LEFT), text)

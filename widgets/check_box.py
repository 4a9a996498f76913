"""A check box whose state is plain to see on every surface; also for delegates. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from widgets.text import plain
from widgets.theme import Theme

SIDE = 15
GAP = 9


def draw_check(
    painter: QPainter, box: QRectF, theme: Theme, *, on: bool, able: bool, partly: bool = False
) -> None:
    """Draw a box of ``SIDE`` pixels: outlined, filled with a tick, or with a bar for ``partly``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if partly:
        painter.setPen(QPen(theme.color("neutral"), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        painter.fillRect(box.adjusted(3.5, 6, -3.5, -6), theme.color("accent"))
        return
    if not on:
        painter.setPen(QPen(theme.color("neutral" if able else "line"), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent" if able else "neutral"))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QPen(theme.color("on_accent"), 2))
    corners = ((0.22, 0.52), (0.42, 0.72), (0.80, 0.30))
    points = [QPointF(box.x() + SIDE * x, box.y() + SIDE * y) for x, y in corners]
    painter.drawPolyline(points)


class CheckBox(QCheckBox):
    """A check box with a bold, plain text that is cut where it does not fit."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = plain(text)
        self.setAccessibleName(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(bold=True))

    def sizeHint(self) -> QSize:
        """Box and text."""
        width = self.fontMetrics().horizontalAdvance(self._text)
        return QSize(SIDE + GAP + width + 4, max(SIDE, self.fontMetrics().height()) + 4)

    def minimumSizeHint(self) -> QSize:
        """The text may be cut."""
        return QSize(SIDE + GAP + 40, self.sizeHint().height())

    def hitButton(self, _place: object) -> bool:
        """All of it can be clicked."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw box, text and the keyboard's frame."""
        painter = QPainter(self)
        box = QRectF(1, (self.height() - SIDE) / 2, SIDE, SIDE)
        draw_check(painter, box, self._theme, on=self.isChecked(), able=self.isEnabled())
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 4, 4)
        painter.setFont(self.font())
        painter.setPen(self._theme.color("text" if self.isEnabled() else "faint"))
        rect = self.rect().adjusted(SIDE + GAP, 0, 0, 0)
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()

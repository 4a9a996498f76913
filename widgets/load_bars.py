"""The alarm load of a seat as small bars, one per hour. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.theme import Theme

TARGET_MEAN = 5
"""Alarms an hour that one officer can work off (ISA-18.2)."""
TARGET_PEAK = 15
BAR = 8
GAP = 2


class LoadBars(QWidget):
    """Alarms per hour, oldest left; an hour above the mean is coloured, above the peak red."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_counts(self, counts: Sequence[int]) -> None:
        """Alarms of each hour, oldest first."""
        if tuple(counts) != self._counts:
            self._counts = tuple(counts)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its bars."""
        return QSize(max(1, len(self._counts)) * (BAR + GAP), 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars; the scale reaches the peak target at least."""
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        top = max([TARGET_PEAK, *self._counts])
        for place, count in enumerate(self._counts):
            height = max(2.0, (self.height() - 2) * count / top)
            painter.setBrush(self._theme.color(load_token(count, "neutral")))
            painter.drawRect(QRectF(place * (BAR + GAP), self.height() - height, BAR, height))
        painter.end()


def load_token(count: int, normal: str) -> str:
    """The colour token of an hour with ``count`` alarms."""
    if count > TARGET_PEAK:
        return "critical"
    return "major" if count > TARGET_MEAN else normal

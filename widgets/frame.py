"""The coloured frame that tells replay and drill from the live city, on every window of theirs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.text import PlainLabel
from widgets.theme import Theme

EDGE_PX = 6
STRIP_PX = 30


class ModeFrame(QWidget):
    """A frame round ``inner`` with a strip on top: the mode's word, and what it means."""

    def __init__(
        self, theme: Theme, inner: QWidget, word: str, meaning: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._color = theme.color("exercise")
        self._word = PlainLabel(word)
        self._meaning = PlainLabel(meaning)
        self._clock = PlainLabel()
        ink = theme.color("on_exercise").name()
        for label, px in (
            (self._word, theme.sizes.title),
            (self._meaning, theme.sizes.strong),
            (self._clock, theme.sizes.strong),
        ):
            label.setStyleSheet(
                f"color: {ink}; background: transparent; font-size: {px}px; font-weight: bold;"
            )
        strip = QHBoxLayout()
        strip.setContentsMargins(12, 0, 12, 0)
        strip.setSpacing(16)
        strip.addWidget(self._word)
        strip.addWidget(self._clock)
        strip.addStretch(1)
        strip.addWidget(self._meaning)
        top = QWidget()
        top.setFixedHeight(STRIP_PX)
        top.setLayout(strip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE_PX, 0, EDGE_PX, EDGE_PX)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(inner, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def word(self) -> str:
        """The mode's word as it is shown."""
        return self._word.text()

    def set_clock(self, text: str) -> None:
        """The log's clock, beside the word."""
        self._clock.setText(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill with the mode's colour; the inner widget covers all but the frame."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._color)
        painter.end()

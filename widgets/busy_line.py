"""What is being worked on, how far it is, and a way to stop it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from widgets.panel import button, line
from widgets.text import plain_label

BAR_PX = (120, 6)
FINE = 1_000


class BusyLine(QWidget):
    """``stop_asked()``. Nothing of it is seen until something is being worked on."""

    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = plain_label(role="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, FINE)
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(*BAR_PX)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.stop = button(self.tr("Stop"), "tool")
        self.stop.clicked.connect(self.stop_asked)
        self.setLayout(line(self.words, self.bar, self.stop))
        self.set_busy("")

    def set_busy(self, text: str, share: float = 0.0, *, stoppable: bool = False) -> None:
        """Say what is being worked on, "" for nothing; ``share``: of it, from 0 to 1."""
        self.words.setText(text)
        self.bar.setValue(round(share * FINE))
        self.bar.setVisible(bool(text))
        self.stop.setVisible(bool(text) and stoppable)

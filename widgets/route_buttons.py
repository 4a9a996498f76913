"""Two buttons of a card: a route to what it shows, and from it. GUI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.panel import button


class RouteButtons(QWidget):
    """``chosen("to")`` or ``chosen("from")``."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.to = button(self.tr("Route to here"), "tool")
        self.from_ = button(self.tr("Route from here"), "tool")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for made, end in ((self.to, "to"), (self.from_, "from")):
            made.clicked.connect(partial(self._choose, end))
            row.addWidget(made)
        row.addStretch(1)

    def _choose(self, end: str, _on: bool = False) -> None:
        self.chosen.emit(end)

"""The way back to a dispatch that is open behind the card. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from widgets.panel import Panel, button, line
from widgets.text import plain_label
from widgets.theme import Theme


class ReturnBar(Panel):
    """Says that a dispatch is open; hidden while none is.

    ``back_requested()``, ``drop_requested()``: leave the dispatch without sending.
    """

    back_requested = Signal()
    drop_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._text = plain_label(role="muted")
        self.back_button = button(self.tr("Back to the dispatch"), "tool")
        self.drop_button = button(self.tr("Drop it"), "link")
        self.back_button.clicked.connect(self.back_requested)
        self.drop_button.clicked.connect(self.drop_requested)
        layout = line(self.back_button, self._text, None, self.drop_button, margin=14)
        layout.setContentsMargins(14, 10, 14, 0)
        self.setLayout(layout)
        self.hide()

    def set_text(self, text: str) -> None:
        """What is open, in a few words; "" when nothing is."""
        self._text.setText(text)
        self.setVisible(bool(text))

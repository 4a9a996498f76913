"""The one door for messages to the user: a line that does not stop the work. GUI thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from services.domain.clock import Clock
from services.domain.model import Severity
from widgets.format import clock_hms
from widgets.panel import Panel, button, line
from widgets.symbols import MarkView, severity_mark
from widgets.text import ElidedLabel, button_text, plain_label, set_tooltip
from widgets.theme import Theme

KEPT = 50
SHOWN_IN_MENU = 15
STAYS_MS = 12_000
"""A message below major leaves by itself; a worse one stays until it is closed."""


@dataclass(frozen=True)
class Message:
    """One message as it was given."""

    time: float
    severity: Severity
    text: str
    details: str = ""


class MessageBar(Panel):
    """Shows the newest message and keeps the last fifty; hidden while there is none.

    ``shown(text)`` is emitted for every message.
    """

    shown = Signal(str)

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._clock = clock
        self._past: deque[Message] = deque(maxlen=KEPT)
        self._mark = MarkView(12)
        self._text = ElidedLabel(role="strong")
        self._time = plain_label(role="muted")
        self._earlier = button(self.tr("Earlier messages"), "link")
        self._close = button(self.tr("Close"), "link", self.tr("Close this message"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self.hide)
        self._earlier.clicked.connect(self._open_list)
        self._close.clicked.connect(self.hide)
        layout = line(self._mark, self._time, gap=10, margin=16)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._earlier)
        layout.addWidget(self._close)
        self.setLayout(layout)
        self.setFixedHeight(36)
        self.hide()

    def show_message(self, severity: Severity, text: str, details: str = "") -> None:
        """Show a message over an older one, which stays in the list."""
        message = Message(self._clock(), severity, text, details)
        self._past.appendleft(message)
        self._mark.set_mark(severity_mark(self.theme, severity))
        self._text.setText(text)
        set_tooltip(self._text, details or text)
        self._time.setText(clock_hms(message.time))
        self._earlier.setVisible(len(self._past) > 1)
        self.show()
        if severity >= Severity.MAJOR:
            self._timer.stop()
        else:
            self._timer.start()
        self.shown.emit(text)

    def take_back(self, text: str) -> None:
        """Hide this message, if it is the one that shows: it is not so any more."""
        if text and self._text.text() == text:
            self._timer.stop()
            self.hide()

    def messages(self) -> list[Message]:
        """What was said, newest first."""
        return list(self._past)

    def build_menu(self) -> QMenu:
        """The list of earlier messages; each one's tip has its details."""
        menu = QMenu(self)
        for message in list(self._past)[:SHOWN_IN_MENU]:
            entry = menu.addAction(button_text(f"{clock_hms(message.time)}  {message.text}"))
            set_tooltip(entry, message.details or message.text)
        return menu

    def _open_list(self) -> None:
        menu = self.build_menu()
        menu.exec(self._earlier.mapToGlobal(self._earlier.rect().bottomLeft()))
        menu.deleteLater()

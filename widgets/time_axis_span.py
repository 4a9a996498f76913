"""The choice of a span of the log: from, to, and the usual ones at one click. GUI thread."""

from __future__ import annotations

import math

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal
from PySide6.QtWidgets import QDateTimeEdit, QPushButton, QWidget

from services.domain.clock import BEIJING
from widgets.format import date_time
from widgets.panel import button, line
from widgets.text import plain_label, set_tooltip
from widgets.time_axis_scale import last_part

FORMAT = "yyyy-MM-dd HH:mm:ss"
TEN_MINUTES, HOUR = 600.0, 3_600.0


class SpanChoice(QWidget):
    """From – to, and buttons. ``span_requested(start, end)`` in UNIX seconds."""

    span_requested = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bounds: tuple[float, float] | None = None
        self._loaded = False
        self.start_edit = _edit(self.tr("Begin of the span"))
        self.end_edit = _edit(self.tr("End of the span"))
        self.show_button = _button(self.tr("Show"), self.tr("Load this span (Enter)"))
        self.ten_button = _button(self.tr("Last 10 min"))
        self.hour_button = _button(self.tr("Last hour"))
        self.all_button = _button(self.tr("All"))
        self.problem = plain_label(role="critical")
        self.problem.hide()
        self.setLayout(
            line(
                self.problem,
                self.start_edit,
                plain_label("–", "muted"),
                self.end_edit,
                self.show_button,
                self.ten_button,
                self.hour_button,
                self.all_button,
                gap=6,
            )
        )
        self.show_button.clicked.connect(lambda: self.request())
        self.ten_button.clicked.connect(lambda: self._request_last(TEN_MINUTES))
        self.hour_button.clicked.connect(lambda: self._request_last(HOUR))
        self.all_button.clicked.connect(lambda: self._request_last(math.inf))
        for edit in (self.start_edit, self.end_edit):
            edit.dateTimeChanged.connect(lambda: self._say(""))
            edit.lineEdit().returnPressed.connect(self.request)
        self._show_bounds()

    def set_span(self, start: float, end: float) -> None:
        """The span that is loaded; whole seconds that contain it are shown."""
        self._loaded = True
        self.start_edit.setDateTime(_moment(math.floor(start)))
        self.end_edit.setDateTime(_moment(math.ceil(end)))
        self._show_bounds()

    def set_bounds(self, first: float, last: float) -> None:
        """The ends of the log; the usual spans count from its last moment."""
        self._bounds = (first, last)
        if not self._loaded:
            self.set_span(first, last)
        self._show_bounds()

    def request(self) -> None:
        """Ask for the span of the two fields, or say what is wrong with it."""
        start = float(self.start_edit.dateTime().toSecsSinceEpoch())
        end = float(self.end_edit.dateTime().toSecsSinceEpoch())
        problem = self._problem(start, end)
        self._say(problem)
        if not problem:
            self.span_requested.emit(start, end)

    def _problem(self, start: float, end: float) -> str:
        if end <= start:
            return self.tr("The begin must lie before the end.")
        if self._bounds is not None and (end < self._bounds[0] or start > self._bounds[1]):
            return self.tr("The log holds {0} – {1} only.").format(*map(date_time, self._bounds))
        return ""

    def _request_last(self, seconds: float) -> None:
        if self._bounds is not None:
            start, end = last_part(*self._bounds, seconds)
            self._say("")
            self.span_requested.emit(start, end)

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _show_bounds(self) -> None:
        if self._bounds is None:
            tip = self.tr("The ends of the log are not known yet.")
        else:
            words = self.tr("The log holds {0} – {1}.")
            tip = words.format(*(date_time(time) for time in self._bounds))
        for choice in (self.ten_button, self.hour_button, self.all_button):
            choice.setEnabled(self._bounds is not None)
            set_tooltip(choice, tip)
        for part in (self.start_edit, self.end_edit, self.show_button):
            part.setEnabled(self._loaded)


def _button(text: str, tip: str = "") -> QPushButton:
    made = button(text, "tool", tip)
    # A click leaves the keyboard with the strip; Tab still reaches the button.
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _edit(name: str) -> QDateTimeEdit:
    edit = QDateTimeEdit()
    # The district's time, wherever the seat stands.
    edit.setTimeZone(_zone())
    edit.setDisplayFormat(FORMAT)
    edit.setMinimumDateTime(_moment(0))
    edit.setSpecialValueText("–")  # instead of 1970, while nothing is known
    edit.setDateTime(_moment(0))
    edit.setButtonSymbols(QDateTimeEdit.ButtonSymbols.NoButtons)
    edit.setAccessibleName(name)
    set_tooltip(edit, name)
    return edit


def _moment(time: float) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(time), _zone())


def _zone() -> QTimeZone:
    return QTimeZone(int(BEIJING.utcoffset(None).total_seconds()))

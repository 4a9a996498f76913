"""What to look for in the audit: time, person, what was done, to what, with what outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDateTime, QTimeZone, Signal
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QLineEdit, QWidget

from services.audit.page import AuditQuery
from services.domain.clock import BEIJING, Clock
from widgets.panel import button, column, line
from widgets.text import plain, plain_label, set_tooltip

HOUR_S, DAY_S = 3_600.0, 86_400.0
SPANS: tuple[float | None, ...] = (HOUR_S, DAY_S, 7 * DAY_S, 30 * DAY_S, None)
"""Seconds back from now of the first choices; None asks for everything. Then: from – to."""
OWN = len(SPANS)
FIRST = 2
ZONE = QTimeZone(BEIJING.utcoffset(None).seconds)


class AuditFilter(QWidget):
    """The filter bar. ``asked(query)`` on Search and Enter; GUI thread.

    ``words`` turns a type into words for the person who reads.
    """

    asked = Signal(AuditQuery)

    def __init__(
        self, words: Callable[[str], str], clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._clock = words, clock
        self.span = QComboBox()
        self.span.addItems(
            [
                self.tr("The last hour"),
                self.tr("The last 24 hours"),
                self.tr("The last 7 days"),
                self.tr("The last 30 days"),
                self.tr("Everything"),
                self.tr("From – to"),
            ]
        )
        self.start, self.end = self._moment(clock() - DAY_S), self._moment(clock())
        self.actor = self._edit(self.tr("Account"), 150)
        self.object = self._edit(self.tr("Number or id, from its beginning"), 240)
        self.type = QComboBox()
        self.type.setMinimumWidth(220)
        self.outcome = QComboBox()
        self.outcome.addItem(self.tr("Done and refused"), "")
        self.outcome.addItem(self.tr("Done"), "success")
        self.outcome.addItem(self.tr("Refused or failed"), "failure")
        self.search = button(self.tr("Search"), "tool")
        self.set_types(())
        self._build()

    # -- setters --------------------------------------------------------------
    def set_types(self, types: Sequence[str]) -> None:
        """Offer these types, and all orders together; the choice stays where it still exists."""
        chosen = self.type.currentData()
        self.type.clear()
        self.type.addItem(self.tr("Everything that is recorded"), "")
        self.type.addItem(self.tr("All orders"), "command.")
        for name in types:
            self.type.addItem(plain(self._words(name)), name)
        self.type.setCurrentIndex(max(0, self.type.findData(chosen)))

    # -- reading --------------------------------------------------------------
    def query(self) -> AuditQuery:
        """What is asked for now; relative spans begin from this moment."""
        start, end = self._ends()
        return AuditQuery(
            start=start,
            end=end,
            actor=self.actor.text().strip(),
            type=str(self.type.currentData()),
            object=self.object.text().strip(),
            outcome=self.outcome.currentData(),
        )

    def ask(self) -> None:
        """Say what is asked for."""
        self.asked.emit(self.query())

    # -- inside ---------------------------------------------------------------
    def _build(self) -> None:
        for name, part in (
            (self.tr("Time"), self.span),
            (self.tr("What"), self.type),
            (self.tr("Outcome"), self.outcome),
        ):
            part.setAccessibleName(name)
        layout = column(self, gap=6)
        layout.addLayout(line(self.span, self.start, self.end, self.type, self.outcome, None))
        labels = plain_label(self.tr("Who"), "muted"), plain_label(self.tr("To what"), "muted")
        layout.addLayout(line(labels[0], self.actor, labels[1], self.object, self.search, None))
        self.span.setCurrentIndex(FIRST)
        self.span.currentIndexChanged.connect(self._show_moments)
        self.search.clicked.connect(self.ask)
        for edit in (self.actor, self.object):
            edit.returnPressed.connect(self.ask)
        self._show_moments()

    def _edit(self, hint: str, width: int) -> QLineEdit:
        edit = QLineEdit()
        edit.setPlaceholderText(hint)
        edit.setAccessibleName(hint)
        edit.setMaxLength(400)
        edit.setFixedWidth(width)
        return edit

    def _moment(self, time: float) -> QDateTimeEdit:
        edit = QDateTimeEdit()
        edit.setTimeZone(ZONE)
        edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        edit.setCalendarPopup(True)
        edit.setDateTime(QDateTime.fromSecsSinceEpoch(int(time), ZONE))
        set_tooltip(edit, self.tr("Beijing time"))
        return edit

    def _show_moments(self) -> None:
        own = self.span.currentIndex() == OWN
        self.start.setVisible(own)
        self.end.setVisible(own)

    def _ends(self) -> tuple[float | None, float | None]:
        place = self.span.currentIndex()
        if place == OWN:
            ends = (self.start.dateTime(), self.end.dateTime())
            return (float(ends[0].toSecsSinceEpoch()), float(ends[1].toSecsSinceEpoch()))
        seconds = SPANS[place]
        return (None if seconds is None else self._clock() - seconds, None)

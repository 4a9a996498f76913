"""The cells of the alarm list, of single alarms and of groups. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from services.domain.clock import Clock
from services.domain.model import Severity
from widgets.alarm_grouping import Grouping, ListRow
from widgets.format import clock_hm, day_clock, short_id
from widgets.keyed_model import Column
from widgets.rows import AlarmRow, GroupRow
from widgets.symbols import Mark, severity_mark
from widgets.theme import Theme
from widgets.words import severity_word

INDENT = "    "


class AlarmCells:
    """What the columns of the alarm list say about a line."""

    def __init__(self, theme: Theme, clock: Clock, grouping: Grouping) -> None:
        self._theme, self._clock, self._grouping = theme, clock, grouping

    def columns(self) -> list[Column[ListRow]]:
        """The columns from left to right."""
        translate = QCoreApplication.translate
        return [
            Column("", self._severity_word, 28, mark=self._mark),
            Column(
                translate("AlarmListPanel", "Time"),
                self._time,
                100,
                color=self._muted,
                leaves=3,
                snug=True,
            ),
            Column(translate("AlarmListPanel", "Alarm"), self._text, 0, 5.0, bold=is_open),
            Column(
                translate("AlarmListPanel", "Place"),
                lambda row: row.place,
                0,
                3.0,
                color=self._muted,
                leaves=2,
            ),
            Column(
                translate("AlarmListPanel", "Acknowledgement"),
                self._status,
                190,
                color=self._status_color,
                bold=is_open,
                right=True,
                snug=True,
            ),
        ]

    def _mark(self, row: ListRow) -> Mark:
        if isinstance(row, GroupRow):
            return severity_mark(self._theme, row.worst, active=row.active)
        return severity_mark(self._theme, row.alarm.severity, active=row.alarm.active)

    def _severity_word(self, row: ListRow) -> str:
        return severity_word(row.worst if isinstance(row, GroupRow) else row.alarm.severity)

    def _time(self, row: ListRow) -> str:
        last = row.last_time if isinstance(row, GroupRow) else row.alarm.last_time
        return day_clock(last, self._clock())

    def _muted(self, _row: ListRow) -> QColor:
        return self._theme.color("muted")

    def _text(self, row: ListRow) -> str:
        if isinstance(row, GroupRow):
            sign = "▾" if self._grouping.is_open(row) else "▸"
            words = QCoreApplication.translate("AlarmListPanel", "{0} · {1} alarms")
            return f"{sign} {words.format(row.text, len(row.keys))}"
        count = row.alarm.count
        text = f"{row.text} ×{count}" if count > 1 else row.text
        return INDENT + text if self._grouping.is_member(row) else text

    def _status(self, row: ListRow) -> str:
        translate = QCoreApplication.translate
        if isinstance(row, GroupRow):
            if not row.waiting:
                return translate("AlarmListPanel", "All acknowledged")
            return translate("AlarmListPanel", "{0} unacknowledged").format(row.waiting)
        alarm = row.alarm
        if alarm.case_id:
            return translate("AlarmListPanel", "Case {0}").format(short_id(alarm.case_id))
        if alarm.acknowledged:
            when = clock_hm(alarm.ack_time) if alarm.ack_time is not None else ""
            return translate("AlarmListPanel", "{0} acknowledged {1}").format(alarm.ack_by, when)
        if not alarm.active:
            return translate("AlarmListPanel", "Over, unacknowledged")
        return translate("AlarmListPanel", "Unacknowledged")

    def _status_color(self, row: ListRow) -> QColor:
        return self._theme.color("text" if is_open(row) else "muted")


def is_open(row: ListRow) -> bool:
    """Whether somebody still has to acknowledge it, or one of it."""
    return row.waiting > 0 if isinstance(row, GroupRow) else not row.alarm.acknowledged


def worst_first(row: AlarmRow) -> tuple[int, int, float]:
    """What stands and nobody has seen, then what is seen but stands and is major or worse, then
    what is over but unseen, then the rest; each worst first, then newest."""
    alarm = row.alarm
    if alarm.active and not alarm.acknowledged:
        turn = 0
    elif alarm.active and alarm.severity >= Severity.MAJOR:
        turn = 1
    else:
        turn = 3 if alarm.acknowledged else 2
    return (turn, -alarm.severity, -alarm.last_time)


def newest_first(row: AlarmRow) -> tuple[float]:
    """Newest first."""
    return (-row.alarm.last_time,)

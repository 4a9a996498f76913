"""Working time 工作时间: when the clock of a limit in 工作时 or 工作日 runs. Pure; Beijing time.

Working periods repeat every working day; weekly rest days, holidays and make-up working days 调休
decide which days those are. Times are UNIX seconds, spans are seconds of working time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from services.domain.clock import BEIJING
from services.domain.errors import KnownError

DAY_S = 86_400
WORKING_DAY_S = 8 * 3_600
"""1 工作日 = 8 h, after the standard; the periods of a calendar must add up to it."""
MOST_DAYS = 40_000
"""How far a span is followed; a limit that is not used up by then is a mistake."""

_BEIJING_S = int(BEIJING.utcoffset(None).total_seconds())
_EPOCH = date(1970, 1, 1)
_PERIOD = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
WeekDay = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEK: tuple[WeekDay, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: an unknown field is an error, so a typing mistake is found."""


class Holiday(_Row, frozen=True, kw_only=True):
    """Days off, both ends included."""

    name: str
    first: date
    last: date


class Year(_Row, frozen=True, kw_only=True):
    """One year's arrangement; ``announced`` is false where only the law's own days are known."""

    year: int
    source: str
    announced: bool
    holiday: tuple[Holiday, ...] = ()
    workday: tuple[date, ...] = ()


class CalendarFile(_Row, frozen=True, kw_only=True):
    """What a calendar file says."""

    periods: tuple[str, ...]
    rest_days: tuple[WeekDay, ...]
    year: tuple[Year, ...] = ()


class Calendar:
    """Working time as a calendar file describes it. Immutable after; any thread.

    KnownError ``bad_calendar`` names the field that cannot be.
    """

    def __init__(self, file: CalendarFile) -> None:
        self._periods = tuple(_periods(file.periods))
        self._rest = frozenset(_WEEK.index(day) for day in file.rest_days)
        if len(self._rest) == len(_WEEK):
            raise _bad("rest_days", "no day of the week is left to work on")
        self._off: set[int] = set()
        self._on: set[int] = set()
        for index, year in enumerate(file.year):
            self._take(year, f"year[{index}]")
        self.years = {year.year: year for year in file.year}
        encoded = msgspec.json.Encoder(order="deterministic").encode(file)
        self.version = hashlib.sha256(encoded).hexdigest()[:12]
        """Changes with anything that the file says."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on a day of Beijing."""
        return self._works((day - _EPOCH).days)

    def add(self, start: float, seconds: float) -> float:
        """The first moment at which ``seconds`` of working time have passed since ``start``."""
        left = seconds
        if left <= 0.0:
            return start
        for begin, end in self._spans(start):
            begin = max(begin, start)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise KnownError("bad_calendar", "The limit does not end within the calendar.")

    def subtract(self, end: float, seconds: float) -> float:
        """The last moment from which ``seconds`` of working time pass until ``end``."""
        left = seconds
        if left <= 0.0:
            return end
        for begin, until in self._spans_back(end):
            until = min(until, end)
            if until - begin >= left:
                return until - left
            left -= until - begin
        raise KnownError("bad_calendar", "The limit does not begin within the calendar.")

    def elapsed(self, start: float, end: float) -> float:
        """Working time from ``start`` to ``end``; 0.0 where ``end`` is not later."""
        total = 0.0
        for begin, until in self._spans(start):
            if max(begin, start) >= end:
                break
            total += min(until, end) - max(begin, start)
        return total

    # -- inside -----------------------------------------------------------------
    def _works(self, day: int) -> bool:
        if day in self._on:
            return True
        return day not in self._off and (day + 3) % 7 not in self._rest  # day 0 was a Thursday

    def _spans(self, start: float) -> Iterator[tuple[float, float]]:
        """Working periods that end after ``start``, in order."""
        first = int((start + _BEIJING_S) // DAY_S)
        for day in range(first, first + MOST_DAYS):
            if self._works(day):
                midnight = day * DAY_S - _BEIJING_S
                for begin, end in self._periods:
                    if midnight + end > start:
                        yield float(midnight + begin), float(midnight + end)

    def _spans_back(self, end: float) -> Iterator[tuple[float, float]]:
        """Working periods that begin before ``end``, newest first."""
        last = int((end + _BEIJING_S) // DAY_S)
        for day in range(last, last - MOST_DAYS, -1):
            if self._works(day):
                midnight = day * DAY_S - _BEIJING_S
                for begin, until in reversed(self._periods):
                    if midnight + begin < end:
                        yield float(midnight + begin), float(midnight + until)

    def _take(self, year: Year, where: str) -> None:
        for index, holiday in enumerate(year.holiday):
            place = f"{where}.holiday[{index}]"
            span = (holiday.last - holiday.first).days
            if not 0 <= span <= 31:
                raise _bad(place, f"{holiday.name} ends before it begins, or lasts over a month")
            for n in range(span + 1):
                self._off.add(self._day(year, holiday.first + timedelta(n), place))
        for index, day in enumerate(year.workday):
            place = f"{where}.workday[{index}]"
            number = self._day(year, day, place)
            if number in self._off or (number + 3) % 7 not in self._rest:
                raise _bad(place, f"{day} is a holiday, or people work on it anyway")
            self._on.add(number)

    @staticmethod
    def _day(year: Year, day: date, where: str) -> int:
        if day.year != year.year:
            raise _bad(where, f"{day} is not in {year.year}")
        return (day - _EPOCH).days


def _periods(texts: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    last = total = 0
    for index, text in enumerate(texts):
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise _bad(f"periods[{index}]", f"“{text[:20]}” is not of the form 08:00-12:00")
        begin, end = (3_600 * int(match[h]) + 60 * int(match[m]) for h, m in ((1, 2), (3, 4)))
        if not last <= begin < end <= DAY_S:
            raise _bad(f"periods[{index}]", f"{text} is empty, or overlaps the one before")
        last, total = end, total + end - begin
        yield begin, end
    if total != WORKING_DAY_S:
        raise _bad("periods", "together they must be 8 hours, because 1 工作日 is 8 hours")


def _bad(field: str, what: str) -> KnownError:
    return KnownError("bad_calendar", f"The calendar: {what}.", field=field)

"""A case's limit on its own clock: deadline, lights, time used and left. Pure.

The clock of 紧急工作时 and 自然日 runs on day and night; that of 工作时 and 工作日 in working time.
It starts with the report, stands still during a suspension, and is judged at the hand-back.
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from services.cases.calendar import Calendar
from services.domain.model import Case

Light = Literal["green", "yellow", "red"]
WORKING_UNITS = frozenset({"working_hours", "working_days"})
YELLOW_FROM = 0.8


def in_working_time(case: Case) -> bool:
    """Whether the limit counts working time only."""
    return case.limit_unit in WORKING_UNITS


def with_deadline(case: Case, calendar: Calendar) -> Case:
    """The case with deadline and yellow light computed anew from its limit, its granted
    extensions (one original limit each) and its suspension; unchanged without a limit."""
    limit = case.limit_s
    if limit is None:
        if case.deadline_at is None:
            return case
        limit = case.deadline_at - case.reported_at  # a source's own deadline runs on
    total = limit * (1 + sum(e.granted for e in case.extensions))
    return replace(
        case,
        limit_s=limit,
        deadline_at=_moment(case, calendar, total),
        yellow_at=_moment(case, calendar, YELLOW_FROM * total),
        calendar=calendar.version,
    )


def judged_at(case: Case, now: float) -> float:
    """The moment at which the limit is looked at: the hand-back, else the end, else the beginning
    of a suspension that lasts, else now."""
    if case.handed_back_at is not None:
        return case.handed_back_at
    if case.closed_at is not None:
        return case.closed_at
    if case.state == "suspended" and case.suspension is not None:
        return case.suspension.since
    return now


def lights(case: Case, now: float) -> Light | None:
    """Green up to 80 % of the limit's own time, yellow up to 100 %, red beyond; None without one.

    Needs no calendar: the hub has computed both moments.
    """
    if case.deadline_at is None:
        return None
    at = judged_at(case, now)
    if at > case.deadline_at:
        return "red"
    turns = case.yellow_at
    if turns is None:  # of before there were calendars
        turns = case.reported_at + YELLOW_FROM * (case.deadline_at - case.reported_at)
    return "yellow" if at > turns else "green"


def used_s(case: Case, now: float, calendar: Calendar) -> float:
    """Time used up on the limit's own clock, seconds, without a suspension."""
    at = judged_at(case, now)
    used = _elapsed(case, calendar, case.reported_at, at)
    pause = case.suspension
    if pause is not None and pause.ended_at is not None:
        used -= _elapsed(case, calendar, pause.since, min(pause.ended_at, at))
    return max(0.0, used)


def left_s(case: Case, now: float, calendar: Calendar) -> float | None:
    """Time left on the limit's own clock, seconds, below zero once over; None without a limit."""
    if case.deadline_at is None:
        return None
    at = judged_at(case, now)
    if at <= case.deadline_at:
        return _elapsed(case, calendar, at, case.deadline_at)
    return -_elapsed(case, calendar, case.deadline_at, at)


def _moment(case: Case, calendar: Calendar, seconds: float) -> float:
    """When so much of the limit's clock has passed."""
    pause = case.suspension
    if pause is not None and pause.ended_at is not None:
        used = _elapsed(case, calendar, case.reported_at, pause.since)
        if used < seconds:
            return _add(case, calendar, pause.ended_at, seconds - used)
    return _add(case, calendar, case.reported_at, seconds)


def _add(case: Case, calendar: Calendar, start: float, seconds: float) -> float:
    return calendar.add(start, seconds) if in_working_time(case) else start + seconds


def _elapsed(case: Case, calendar: Calendar, start: float, end: float) -> float:
    return calendar.elapsed(start, end) if in_working_time(case) else max(0.0, end - start)

"""Cases of other systems: told to us, amended, ended from there until they are ours. Pure."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from services.cases.calendar import Calendar
from services.cases.limits import with_deadline
from services.cases.logic import Report, Who, flow_line, report_case, words
from services.cases.table import ENDED, STATES, State
from services.domain.errors import KnownError
from services.domain.model import Case

FOREIGN_STATES: tuple[State, ...] = tuple(s for s in STATES if s not in ("returned", "suspended"))
"""States in which another system may tell a case; the others need a story that is ours."""

DESK_SOURCES = frozenset({"operator", "alarm"})
"""Sources of the cases that were opened at a desk here."""


def take_over(
    standing: Case | None,
    report: Report,
    who: Who,
    now: float,
    calendar: Calendar,
    *,
    state: State | None = None,
    closed_at: float | None = None,
) -> Case:
    """A case as another system tells it: new, or its description amended; the flow only grows.

    ``state`` None keeps the state of a standing one. A case on which we have set somebody to work
    is ours: another state from outside is refused with ``wrong_state``.
    """
    told = report_case(report, who, now, calendar)
    if standing is None:
        if state is None or state == "reported":
            return told
        came = replace(told.flow[0], action="take_over", state=state)
        return replace(told, state=state, closed_at=closed_at, flow=(came,))
    if state is not None and state != standing.state and is_ours(standing):
        raise KnownError(
            "wrong_state",
            f"Case {standing.id} is handled here and {words(standing.state)}.",
            field="state",
            params={"state": standing.state},
        )
    now_state = state or cast(State, standing.state)
    line = flow_line("amend", now_state, who, now, kind="mark")
    amended = replace(
        standing,
        state=now_state,
        category=told.category,
        title=told.title,
        severity=max(told.severity, standing.severity) if standing.supervision else told.severity,
        lon=told.lon,
        lat=told.lat,
        radius_m=told.radius_m,
        address=told.address,
        source=told.source,
        department=standing.department if is_ours(standing) else told.department,
        reported_at=told.reported_at,
        limit_s=told.limit_s,
        limit_unit=told.limit_unit,
        deadline_at=told.deadline_at,
        closed_at=closed_at if now_state in ENDED else None,
        attrs={**standing.attrs, **report.attrs},
        flow=(*standing.flow, line),
        version=standing.version + 1,
    )
    return with_deadline(amended, calendar)


def is_ours(case: Case) -> bool:
    """Whether somebody here works on it, so that its own system no longer ends it."""
    return bool(case.dispatch_ids) or case.assigned_at is not None or case.suspension is not None

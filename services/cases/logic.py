"""A case 案件 moved through its table: a pure state machine with an append-only flow record.

Time and calendar are passed in. What only marks or stops the clock is in ``oversight``.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from services.cases.calendar import Calendar
from services.cases.limits import Light, lights, with_deadline
from services.cases.table import (
    BEFORE,
    CELLS,
    ENDED,
    KIND_OF,
    NEEDS_NO_OPEN_TASK,
    NEEDS_REASON,
    OPEN_STATES,
    REPAIR_ROLES,
    REPAIRER,
    SAME,
    STATES,
    SYSTEM,
    WAITING,
    Command,
    State,
)
from services.domain.errors import KnownError
from services.domain.model import Case, FlowStep, Record, Scalar, Severity

__all__ = [
    "OPEN_STATES",
    "STATES",
    "Amendment",
    "Command",
    "Light",
    "Report",
    "State",
    "Who",
    "amend",
    "flow_line",
    "hub",
    "is_open",
    "lights",
    "move",
    "open_case",
    "report_case",
    "step",
    "words",
]


class Who(Record, frozen=True, kw_only=True):
    """Who acts, from which seat, in which roles."""

    name: str
    seat: str = ""
    roles: tuple[str, ...] = ()


class Report(Record, frozen=True, kw_only=True):
    """What is known when a case is reported. ``limit_s`` is its category's, in seconds of the
    clock of ``limit_unit``; ``deadline_at`` is a source's own. Neither: no limit."""

    id: str
    category: str
    title: str
    severity: Severity
    reported_at: float
    limit_s: float | None = None
    limit_unit: str = ""
    deadline_at: float | None = None
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    address: str = ""
    grid_id: str = ""
    source: str = ""
    department: str = ""
    alarm_key: str = ""
    attrs: dict[str, Scalar] = msgspec.field(default_factory=dict)


class Amendment(Record, frozen=True, kw_only=True):
    """What a repair or an amendment changes; None keeps what there is."""

    category: str | None = None
    title: str | None = None
    severity: Severity | None = None
    department: str | None = None
    address: str | None = None
    grid_id: str | None = None
    lon: float | None = None
    lat: float | None = None
    limit_s: float | None = None
    limit_unit: str | None = None


def is_open(case: Case) -> bool:
    """Whether there is still something to do."""
    return case.state not in ENDED


def report_case(report: Report, who: Who, now: float, calendar: Calendar) -> Case:
    """A new case that nobody has accepted yet; its limit runs from when it was reported."""
    case = Case(
        id=report.id,
        category=report.category,
        title=report.title,
        severity=report.severity,
        state="reported",
        lon=report.lon,
        lat=report.lat,
        radius_m=report.radius_m,
        address=report.address,
        grid_id=report.grid_id,
        source=report.source,
        department=report.department,
        reported_at=report.reported_at,
        deadline_at=report.deadline_at,
        limit_s=None if report.deadline_at is not None else report.limit_s,
        limit_unit="" if report.deadline_at is not None else report.limit_unit,
        alarm_key=report.alarm_key,
        flow=(flow_line("report", "reported", who, now),),
        attrs=report.attrs,
    )
    if case.limit_s is None and case.deadline_at is None:
        return case
    return with_deadline(case, calendar)


def open_case(report: Report, who: Who, now: float, calendar: Calendar) -> Case:
    """A new case that the desk has seen itself: reported and registered in one go, both on record,
    so that it can be dispatched at once."""
    case = report_case(report, who, now, calendar)
    opened = flow_line("register", "pending_dispatch", who, now, kind="forward")
    return replace(case, state="pending_dispatch", flow=(*case.flow, opened))


def step(
    case: Case,
    command: Command,
    who: Who,
    now: float,
    *,
    note: str = "",
    open_tasks: int = 0,
    dispatch_id: str = "",
    handler: str = "",
    department: str = "",
) -> Case:
    """The case after a command of the main line.

    KnownError ``wrong_state``, ``not_allowed``, ``note_required``, ``open_tasks``,
    ``missing_field``. ``open_tasks``: tasks of its dispatches that have not ended. ``handler``:
    whom the department puts on it (take). ``department``: who gets it (assign).
    """
    after = move(case, command, who, now, note=note, open_tasks=open_tasks)
    match command:
        case "dispatch":
            return _dispatched(case, after, dispatch_id)
        case "assign":
            if not (department or case.department):
                raise KnownError("missing_field", "Name the department.", field="department")
            return replace(after, department=department or case.department, assigned_at=now)
        case "take":
            if not handler:
                raise KnownError("missing_field", "Name who handles it.", field="handler")
            return replace(after, handler=handler)
        case "revoke" | "withdraw":
            return replace(after, handler="")
        case "hand_back":
            return _handed_back(case, after, who, now)
        case "check":
            return replace(after, checked_by=who.name, checked_at=now)
        case "close":
            return _closed(case, after, who, now)
        case "refuse" | "void":
            return replace(after, closed_at=now)
        case "return":
            return _returned(case, after)
        case _:
            return after


def amend(
    case: Case,
    command: Command,
    change: Amendment,
    who: Who,
    now: float,
    calendar: Calendar,
    *,
    note: str = "",
) -> Case:
    """The case described better: ``amend`` before it is open, ``repair`` after a return.

    A repaired case stands where it was returned from, and nowhere further. Raises as ``step``.
    """
    after = move(case, command, who, now, note=note)
    if command == "repair":
        needed = REPAIR_ROLES[case.returned_to]
        if not needed & set(who.roles):
            raise _not_yours(command, needed)
        again = {"handed_back_at": now, "late": _is_late(case, now)}
        after = replace(
            after,
            returned_from="",
            returned_to="",
            **(again if case.returned_from == "pending_check" else {}),
        )
    fields: dict[str, Any] = {
        name: value
        for name in change.__struct_fields__
        if (value := getattr(change, name)) is not None
    }
    changed = replace(after, **fields)
    return with_deadline(changed, calendar) if "limit_s" in fields else changed


def move(
    case: Case, command: Command, who: Who, now: float, *, note: str = "", open_tasks: int = 0
) -> Case:
    """Take one cell of the table: state, version and flow record; raises as ``step``."""
    cell = next((row for s, row in CELLS.items() if s == case.state), {}).get(command)
    if cell is None:
        raise _wrong_state(case, command)
    if not cell.roles & set(who.roles):
        raise _not_yours(command, cell.roles)
    if command in NEEDS_REASON and not note:
        raise KnownError("note_required", f"“{words(command)}” needs a reason.", field="note")
    if open_tasks and command in NEEDS_NO_OPEN_TASK:
        raise KnownError(
            "open_tasks",
            f"{open_tasks} tasks of this case are still open; recall them first.",
            params={"count": open_tasks},
        )
    state = _target(case, cell.to)
    line = flow_line(command, state, who, now, note=note, kind=KIND_OF[command])
    return replace(case, state=state, version=case.version + 1, flow=(*case.flow, line))


def _target(case: Case, to: str) -> str:
    if to == SAME:
        return case.state
    if to == WAITING:
        return "pending_handle" if case.assigned_at is not None else "pending_dispatch"
    if to != BEFORE:
        return to
    if case.state == "suspended" and case.suspension is not None:
        return case.suspension.state_before
    return case.returned_from


def _dispatched(case: Case, after: Case, dispatch_id: str) -> Case:
    if case.state == "returned" and case.returned_to != "department":
        raise KnownError(
            "wrong_state",
            "A returned case is repaired by whom it was returned to before anybody is sent.",
            params={"state": case.state, "command": "dispatch"},
        )
    ids = (*case.dispatch_ids, dispatch_id) if dispatch_id else case.dispatch_ids
    return replace(
        after,
        dispatch_ids=ids,
        handed_back_at=None,  # the work starts again, and so does the clock
        late=None,
        returned_from="",
        returned_to="",
        checked_by="",
        checked_at=None,
    )


def _handed_back(case: Case, after: Case, who: Who, now: float) -> Case:
    """The department's clock stops here, and here it is judged. Handed back out of the work itself,
    the end of the work is on record too."""
    flow = after.flow
    if case.state == "handling":
        done = flow_line("finish", "handle_finished", who, now, kind="forward")
        flow = (*flow[:-1], done, flow[-1])
    return replace(after, handed_back_at=now, late=_is_late(case, now), flow=flow)


def _closed(case: Case, after: Case, who: Who, now: float) -> Case:
    """Closing what nobody has checked is checking it: both are on record."""
    if case.checked_at is not None:
        return replace(after, closed_at=now)
    seen = flow_line("check", "pending_check", who, now, kind="mark")
    flow = (*after.flow[:-1], seen, after.flow[-1])
    return replace(after, closed_at=now, checked_by=who.name, checked_at=now, flow=flow)


def _returned(case: Case, after: Case) -> Case:
    to = REPAIRER[case.state]
    rework = case.state == "pending_check"
    return replace(
        after,
        returned_from=case.state,
        returned_to=to,
        rework=case.rework + rework,
        handed_back_at=None if rework else case.handed_back_at,
        late=None if rework else case.late,
        checked_by="" if rework else case.checked_by,
        checked_at=None if rework else case.checked_at,
    )


def _is_late(case: Case, now: float) -> bool | None:
    return None if case.deadline_at is None else now > case.deadline_at


def flow_line(
    action: str, state: str, who: Who, now: float, *, note: str = "", kind: str = "forward"
) -> FlowStep:
    """One line of the flow record."""
    return FlowStep(
        time=now,
        actor=who.name,
        seat=who.seat,
        action=action,
        state=state,
        note=note,
        kind=kind,
    )


# -- refusals -------------------------------------------------------------------
def words(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def _wrong_state(case: Case, command: Command) -> KnownError:
    text = f"“{words(command)}” is not possible: the case is {words(case.state)}."
    if command == "return" and case.state == "handling":
        text = "Revoke the assignee first; then the case can be returned."
    return KnownError("wrong_state", text, params={"state": case.state, "command": command})


def _not_yours(command: Command, roles: frozenset[str]) -> KnownError:
    names = ", ".join(words(role) for role in sorted(roles))
    return KnownError(
        "not_allowed",
        f"“{words(command)}” is for these roles here: {names}.",
        params={"command": command, "roles": names},
    )


def hub(who: Who) -> Who:
    """The same person where the hub acts on what they have reported."""
    return replace(who, roles=(SYSTEM,))

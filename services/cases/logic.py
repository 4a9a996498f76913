"""The life of a case 案件: a pure state machine with an append-only flow record. Time passed in.

pending_dispatch → handling → pending_check → closed
(any open one → voided; pending_check → handling again when the check finds it undone)
"""

from __future__ import annotations

from typing import Literal, cast, get_args

import msgspec
from msgspec.structs import replace

from services.domain.errors import KnownError
from services.domain.model import Case, FlowStep, Record, Scalar, Severity

State = Literal["pending_dispatch", "handling", "pending_check", "closed", "voided"]
Command = Literal["dispatch", "hand_back", "withdraw", "close", "void"]
Light = Literal["green", "yellow", "red"]

STATES: tuple[State, ...] = get_args(State)
COMMANDS: tuple[Command, ...] = get_args(Command)
OPEN_STATES: frozenset[str] = frozenset({"pending_dispatch", "handling", "pending_check"})

NEXT: dict[tuple[str, Command], State] = {
    ("pending_dispatch", "dispatch"): "handling",
    ("pending_dispatch", "void"): "voided",
    ("handling", "dispatch"): "handling",
    ("handling", "hand_back"): "pending_check",
    ("handling", "withdraw"): "pending_dispatch",
    ("handling", "close"): "closed",
    ("handling", "void"): "voided",
    ("pending_check", "dispatch"): "handling",
    ("pending_check", "close"): "closed",
    ("pending_check", "void"): "voided",
}
"""Every cell that is allowed; every other is refused."""

NEEDS_NO_OPEN_TASK: frozenset[Command] = frozenset({"hand_back", "withdraw", "close", "void"})

_REASONS: dict[Command, str] = {
    "dispatch": "A {state} case cannot be dispatched.",
    "hand_back": "Only a case that is being handled can be handed back; this one is {state}.",
    "withdraw": "Only a case that is being handled can be withdrawn; this one is {state}.",
    "close": "A {state} case cannot be closed.",
    "void": "A {state} case cannot be voided.",
}


class Who(Record, frozen=True, kw_only=True):
    """Who acts, from which seat."""

    name: str
    seat: str = ""


class Report(Record, frozen=True, kw_only=True):
    """What is known when a case is opened. ``limit_s`` is its category's; None: no limit."""

    id: str
    category: str
    title: str
    severity: Severity
    reported_at: float
    limit_s: float | None = None
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


def open_case(report: Report, who: Who, now: float) -> Case:
    """A new case, waiting for dispatch; its deadline runs from when it was reported."""
    deadline = report.deadline_at
    if deadline is None and report.limit_s is not None:
        deadline = report.reported_at + report.limit_s
    step = FlowStep(
        time=now, actor=who.name, seat=who.seat, action="create", state="pending_dispatch"
    )
    return Case(
        id=report.id,
        category=report.category,
        title=report.title,
        severity=report.severity,
        state="pending_dispatch",
        lon=report.lon,
        lat=report.lat,
        radius_m=report.radius_m,
        address=report.address,
        grid_id=report.grid_id,
        source=report.source,
        department=report.department,
        reported_at=report.reported_at,
        deadline_at=deadline,
        limit_s=report.limit_s,
        alarm_key=report.alarm_key,
        flow=(step,),
        attrs=report.attrs,
    )


def step(
    case: Case,
    command: Command,
    who: Who,
    now: float,
    *,
    note: str = "",
    dispatch_id: str = "",
    open_tasks: int = 0,
) -> Case:
    """The case after a command; KnownError ``wrong_state``, ``open_tasks`` or ``note_required``.

    ``open_tasks``: tasks of its dispatches that are neither done, declined nor recalled.
    """
    state = NEXT.get((case.state, command))
    if state is None:
        raise KnownError(
            "wrong_state",
            _REASONS[command].format(state=case.state.replace("_", " ")),
            params={"state": case.state, "command": command},
        )
    if open_tasks and command in NEEDS_NO_OPEN_TASK:
        raise KnownError(
            "open_tasks",
            f"{open_tasks} tasks of this case are still open; recall them first.",
            params={"count": open_tasks},
        )
    if command == "void" and not note:
        raise KnownError("note_required", "Voiding a case needs a reason.", field="note")
    return replace(
        case,
        state=state,
        version=case.version + 1,
        dispatch_ids=(*case.dispatch_ids, dispatch_id) if dispatch_id else case.dispatch_ids,
        handed_back_at=_handed_back(case, command, now),
        closed_at=now if command in ("close", "void") else case.closed_at,
        flow=(
            *case.flow,
            FlowStep(
                time=now, actor=who.name, seat=who.seat, action=command, state=state, note=note
            ),
        ),
    )


def _handed_back(case: Case, command: Command, now: float) -> float | None:
    """The department's clock stops at the hand-back and runs on when the work starts again."""
    if command == "hand_back":
        return now
    return None if command == "dispatch" else case.handed_back_at


def take_over(
    standing: Case | None,
    report: Report,
    who: Who,
    now: float,
    *,
    state: State | None = None,
    closed_at: float | None = None,
) -> Case:
    """A case as another system tells it: new, or its description amended; the flow only grows.

    ``state`` None keeps the state of a standing one. A case that we have dispatched or ended is
    ours: another state from outside is refused with ``wrong_state``.
    """
    told = open_case(report, who, now)
    if standing is None:
        if state is None or state == "pending_dispatch":
            return told
        came = replace(told.flow[0], action="take_over", state=state)
        return replace(told, state=state, closed_at=closed_at, flow=(came,))
    if state is not None and state != standing.state and standing.dispatch_ids:
        raise KnownError(
            "wrong_state",
            f"Case {standing.id} is handled here and {standing.state.replace('_', ' ')}.",
            field="state",
            params={"state": standing.state},
        )
    state = state or cast(State, standing.state)
    amended = FlowStep(time=now, actor=who.name, seat=who.seat, action="amend", state=state)
    return replace(
        told,
        state=state,
        grid_id=standing.grid_id,
        alarm_key=standing.alarm_key,
        dispatch_ids=standing.dispatch_ids,
        handed_back_at=standing.handed_back_at,
        closed_at=closed_at if state in ("closed", "voided") else None,
        attrs={**standing.attrs, **report.attrs},
        flow=(*standing.flow, amended),
        version=standing.version + 1,
    )


def is_open(case: Case) -> bool:
    """Whether there is still something to do."""
    return case.state in OPEN_STATES


def elapsed_share(case: Case, now: float) -> float | None:
    """The used part of its time limit, 1.0 at the deadline; None where no limit applies.

    Judged at the hand-back, else at the closing, else now.
    """
    if case.deadline_at is None:
        return None
    until = case.handed_back_at if case.handed_back_at is not None else case.closed_at
    used = (now if until is None else until) - case.reported_at
    span = case.deadline_at - case.reported_at
    if span <= 0.0:
        return 0.0 if used <= span else float("inf")
    return max(0.0, used / span)


def lights(case: Case, now: float) -> Light | None:
    """Green up to 80 % of the limit, yellow up to 100 %, red beyond; None without a limit."""
    share = elapsed_share(case, now)
    if share is None:
        return None
    if share <= 0.8:
        return "green"
    return "yellow" if share <= 1.0 else "red"

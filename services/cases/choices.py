"""What may be done with a case now, by somebody in these roles: for buttons. Pure.

Narrower than a row of the table: an approval only where one is asked for, a repair only by whom the
case was returned to. The hub decides again when the order arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from services.cases.oversight import FIRST_APPROVAL, MOST_EXTENSIONS, SECOND_APPROVAL
from services.cases.table import NEEDS_NO_OPEN_TASK, REPAIR_ROLES, Command, commands_in
from services.domain.model import Case

_Fits = Callable[[Case, frozenset[str], float], bool]


def choices(
    case: Case, roles: Collection[str], now: float, *, open_tasks: int = 0
) -> list[Command]:
    """The commands that the hub would take, but for their arguments, in the table's order."""
    held = frozenset(roles)
    return [
        command
        for command in commands_in(case.state, held)
        if not (open_tasks and command in NEEDS_NO_OPEN_TASK)
        and (command not in _FITS or _FITS[command](case, held, now))
    ]


def _in_time(case: Case, now: float) -> bool:
    return case.deadline_at is None or now <= case.deadline_at


def _may_ask(case: Case, _roles: frozenset[str], now: float) -> bool:
    granted = sum(e.granted for e in case.extensions)
    waits = any(e.waits for e in case.extensions)
    limited = case.deadline_at is not None
    return limited and _in_time(case, now) and granted < MOST_EXTENSIONS and not waits


def _may_approve(case: Case, roles: frozenset[str], now: float) -> bool:
    if not _waits(case, roles, now) or not _in_time(case, now):
        return False
    level = SECOND_APPROVAL if case.extensions[-1].first_by else FIRST_APPROVAL
    return bool(level & roles)


def _waits(case: Case, _roles: frozenset[str], _now: float) -> bool:
    return bool(case.extensions) and case.extensions[-1].waits


def _may_suspend(case: Case, _roles: frozenset[str], now: float) -> bool:
    return case.suspension is None and _in_time(case, now)


def _may_repair(case: Case, roles: frozenset[str], _now: float) -> bool:
    return bool(REPAIR_ROLES.get(case.returned_to, frozenset()) & roles)


def _may_send(case: Case, _roles: frozenset[str], _now: float) -> bool:
    return case.state != "returned" or case.returned_to == "department"


def _may_appeal(case: Case, _roles: frozenset[str], _now: float) -> bool:
    return bool(case.late) and case.appeal is None


def _appeal_waits(case: Case, _roles: frozenset[str], _now: float) -> bool:
    return case.appeal is not None and case.appeal.decided_at is None


def _unchecked(case: Case, _roles: frozenset[str], _now: float) -> bool:
    return case.checked_at is None


_FITS: Mapping[Command, _Fits] = {
    "extend_request": _may_ask,
    "extend_approve": _may_approve,
    "extend_refuse": _waits,
    "suspend": _may_suspend,
    "repair": _may_repair,
    "dispatch": _may_send,
    "appeal": _may_appeal,
    "appeal_decide": _appeal_waits,
    "check": _unchecked,
}

"""What is done about a case beside its main line: more time, a pause, urging, an appeal, the clock.

Pure; time and calendar are passed in. Each is a cell of the table, and a line of the flow record.
"""

from __future__ import annotations

from msgspec.structs import replace

from services.cases.calendar import Calendar
from services.cases.limits import in_working_time, with_deadline
from services.cases.logic import Who, is_open, move
from services.cases.table import SYSTEM
from services.domain.errors import KnownError
from services.domain.model import Appeal, Case, Extension, Severity, Suspension

MOST_EXTENSIONS = 2
LONGEST_SUSPENSION_S = 366 * 86_400.0
FIRST_APPROVAL = frozenset({"dispatcher", "duty_officer", "subcentre"})
SECOND_APPROVAL = frozenset({"leader", "duty_officer"})
WORKING_STATES = frozenset(
    {
        "reported",
        "pending_verify",
        "pending_register",
        "pending_dispatch",
        "pending_handle",
        "handling",
        "returned",
        "handle_finished",
    }
)
"""States in which the limit runs: not handed back, not suspended, not ended."""


# -- extension 延期 ----------------------------------------------------------------
def extend_request(case: Case, who: Who, now: float, reason: str) -> Case:
    """Ask for one original limit more; at most two are granted, none once overdue."""
    after = move(case, "extend_request", who, now, note=reason)
    if case.deadline_at is None:
        raise KnownError("no_limit", "This case has no limit that could be extended.")
    if any(e.waits for e in case.extensions):
        raise KnownError("wrong_state", "An extension is waiting for its approval already.")
    if sum(e.granted for e in case.extensions) >= MOST_EXTENSIONS:
        raise KnownError("too_many", f"A case is extended {MOST_EXTENSIONS} times at most.")
    _not_overdue(case, now)
    wanted = Extension(requested_by=who.name, requested_at=now, reason=reason)
    return replace(after, extensions=(*case.extensions, wanted))


def extend_approve(case: Case, who: Who, now: float, calendar: Calendar, note: str = "") -> Case:
    """The first or the second approval, by two persons of whom none has asked; with the second the
    deadline moves by one original limit."""
    after = move(case, "extend_approve", who, now, note=note)
    wanted = _waiting(case)
    _not_overdue(case, now)
    first = not wanted.first_by
    _approver(wanted, who, FIRST_APPROVAL if first else SECOND_APPROVAL)
    if first:
        decided = replace(wanted, first_by=who.name, first_at=now)
    else:
        decided = replace(wanted, second_by=who.name, second_at=now)
    after = replace(after, extensions=(*case.extensions[:-1], decided))
    return after if first else with_deadline(after, calendar)


def extend_refuse(case: Case, who: Who, now: float, reason: str) -> Case:
    """The request is refused, at either level; the deadline stays."""
    after = move(case, "extend_refuse", who, now, note=reason)
    refused = replace(_waiting(case), refused_by=who.name, refused_at=now)
    return replace(after, extensions=(*case.extensions[:-1], refused))


def _waiting(case: Case) -> Extension:
    if not case.extensions or not case.extensions[-1].waits:
        raise KnownError("wrong_state", "No extension waits for an approval.")
    return case.extensions[-1]


def _approver(wanted: Extension, who: Who, roles: frozenset[str]) -> None:
    if not roles & set(who.roles):
        names = ", ".join(role.replace("_", " ") for role in sorted(roles))
        raise KnownError("not_allowed", f"This approval is for these roles: {names}.")
    if who.name in (wanted.requested_by, wanted.first_by):
        raise KnownError("second_person", "Another person must approve this.")


def _not_overdue(case: Case, now: float) -> None:
    if case.deadline_at is not None and now > case.deadline_at:
        raise KnownError("overdue", "The case is overdue; it is not extended any more.")


# -- suspension 挂账 ----------------------------------------------------------------
def suspend(
    case: Case, who: Who, now: float, until: float, reason: str, *, open_tasks: int = 0
) -> Case:
    """Put a case aside with its clock stopped: once, for at most a year, not once overdue."""
    after = move(case, "suspend", who, now, note=reason, open_tasks=open_tasks)
    if case.suspension is not None:
        raise KnownError("too_many", "A case is suspended once at most.")
    if not now < until <= now + LONGEST_SUSPENSION_S:
        raise KnownError(
            "out_of_range", "A suspension ends later than now, within a year.", field="until"
        )
    _not_overdue(case, now)
    pause = Suspension(since=now, until=until, by=who.name, reason=reason, state_before=case.state)
    return replace(after, suspension=pause)


def resume(case: Case, who: Who, now: float, calendar: Calendar, note: str = "") -> Case:
    """The clock goes on where it stood, in the state that was left."""
    after = move(case, "resume", who, now, note=note)
    if case.suspension is None:
        raise KnownError("wrong_state", "The case is not suspended.")
    ended = min(now, case.suspension.until)  # a hub that was off does not lengthen the pause
    after = replace(after, suspension=replace(case.suspension, ended_at=ended))
    return with_deadline(after, calendar)


# -- urging 督办 and appeal 申诉 --------------------------------------------------------
def supervise(case: Case, who: Who, now: float, note: str = "") -> Case:
    """Mark the case as urged and raise it one severity; each further time once more."""
    after = move(case, "supervise", who, now, note=note)
    worse = Severity(min(case.severity + 1, Severity.CRITICAL))
    return replace(after, supervision=case.supervision + 1, severity=worse)


def appeal(case: Case, who: Who, now: float, reason: str) -> Case:
    """Object to being counted late; once, and only by whom was judged late."""
    after = move(case, "appeal", who, now, note=reason)
    if not case.late:
        raise KnownError(
            "not_late", "The case was handed back in time; there is nothing to appeal."
        )
    if case.appeal is not None:
        raise KnownError("too_many", "A case is appealed once at most.")
    return replace(after, appeal=Appeal(by=who.name, at=now, reason=reason))


def appeal_decide(case: Case, who: Who, now: float, *, granted: bool, note: str = "") -> Case:
    """Grant or refuse the appeal. Granted, statistics leave the case out; it stays late."""
    after = move(case, "appeal_decide", who, now, note=note)
    asked = case.appeal
    if asked is None or asked.decided_at is not None:
        raise KnownError("wrong_state", "No appeal waits for a decision.")
    if who.name == asked.by:
        raise KnownError("second_person", "Another person must decide on this.")
    if not granted and not note:
        raise KnownError("note_required", "Refusing an appeal needs a reason.", field="note")
    decided = replace(asked, decided_by=who.name, decided_at=now, granted=granted)
    return replace(after, appeal=decided)


def is_exempt(case: Case) -> bool:
    """Whether statistics of lateness leave the case out."""
    return case.appeal is not None and case.appeal.granted


# -- what happens by itself -------------------------------------------------------
THE_HUB = Who(name=SYSTEM, roles=(SYSTEM,))


def due_at(case: Case) -> float | None:
    """When the clock does something to the case next: the end of its suspension, or just after its
    deadline, once; None while nothing waits."""
    if case.state == "suspended" and case.suspension is not None:
        return case.suspension.until
    if case.deadline_at is None or case.overdue_at is not None:
        return None
    return case.deadline_at + 1e-3 if case.state in WORKING_STATES else None


def when_due(case: Case, now: float, calendar: Calendar) -> Case | None:
    """The case after what is due by ``now``; None where nothing is."""
    at = due_at(case)
    if at is None or now < at:
        return None
    if case.state == "suspended":
        return resume(case, THE_HUB, now, calendar)
    return replace(move(case, "overdue", THE_HUB, now), overdue_at=case.deadline_at)


def is_outdated(case: Case, calendar: Calendar) -> bool:
    """Whether the deadline of an open case was computed with another calendar."""
    return is_open(case) and in_working_time(case) and case.calendar != calendar.version


def recompute(case: Case, now: float, calendar: Calendar) -> Case:
    """The deadline of an open case after another calendar, whose version is noted in the record.

    A case that is no longer overdue under the new calendar loses that mark.
    """
    fresh = with_deadline(case, calendar)
    moved = move(case, "recompute", THE_HUB, now, note=calendar.version)
    overdue = case.overdue_at
    if overdue is not None and fresh.deadline_at is not None and now <= fresh.deadline_at:
        overdue = None
    return replace(
        moved,
        deadline_at=fresh.deadline_at,
        yellow_at=fresh.yellow_at,
        limit_s=fresh.limit_s,
        calendar=fresh.calendar,
        overdue_at=overdue,
        late=None
        if case.handed_back_at is None or fresh.deadline_at is None
        else case.handed_back_at > fresh.deadline_at,
    )

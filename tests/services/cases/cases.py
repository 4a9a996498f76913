"""Cases for these tests: in any state, as the lifecycle itself would leave them."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from services.cases import logic
from services.cases.calendar_file import load_calendar
from services.domain.clock import BEIJING
from services.domain.model import Appeal, Case, Extension, Severity, Suspension

NOW = 1_750_000_000.0
CALENDAR = load_calendar()
REPORT = logic.Report(
    id="6301022025061500001",
    category="flood",
    title="积水",
    severity=Severity.MAJOR,
    reported_at=NOW,
    limit_s=1_000.0,
    limit_unit="urgent_hours",
    department="water",
)


def at(text: str) -> float:
    """``2026-09-30 17:00`` in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp()


def who(role: str, name: str = "") -> logic.Who:
    """Somebody in a role, named after it."""
    return logic.Who(name=name or role, seat="A1", roles=(role,))


OFFICER = who("duty_officer")
HUB = who("system")


def opened(**report: object) -> Case:
    """A case that waits for dispatch."""
    return logic.open_case(replace(REPORT, **report), OFFICER, NOW, CALENDAR)


def case_in(state: str) -> Case:
    """A case in a state, with what the state needs: late, so that it may be appealed, and with an
    extension and an appeal that wait."""
    case = replace(opened(), state=state)
    if state == "returned":
        return replace(case, returned_from="pending_check", returned_to="department")
    if state == "suspended":
        pause = Suspension(
            since=NOW, until=NOW + 900, by="x", reason="y", state_before="pending_handle"
        )
        return replace(case, suspension=pause)
    if state in ("pending_handle", "handling"):
        asked = Extension(requested_by="x", requested_at=NOW, reason="y")
        return replace(case, extensions=(asked,), assigned_at=NOW)
    if state in ("pending_check", "closed"):
        return replace(case, handed_back_at=NOW + 2_000, late=True)
    return case


def appealed(case: Case) -> Case:
    """The case with an appeal that waits."""
    return replace(case, appeal=Appeal(by="x", at=NOW, reason="y"))


def approved_once(case: Case) -> Case:
    """The case whose extension has its first approval."""
    (waiting,) = case.extensions or (None,)
    if waiting is None:
        return case
    return replace(case, extensions=(replace(waiting, first_by="p", first_at=NOW),))


def asked(case: Case) -> Case:
    """The case without anything that waits."""
    return replace(case, extensions=())

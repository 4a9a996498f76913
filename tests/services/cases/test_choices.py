"""The buttons of a case: whatever is offered is taken by the lifecycle, and nothing is missing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.access.roles import GRANTS
from services.cases.choices import choices
from services.cases.table import STATES, commands_in
from services.domain.errors import KnownError
from services.domain.model import Case
from tests.services.cases.cases import NOW, appealed, approved_once, asked, case_in, who
from tests.services.cases.test_case_table import carry_out

SEEN = NOW + 5


def situations(state: str) -> list[Case]:
    case = case_in(state)
    found = [case, asked(case), approved_once(case), appealed(case), replace(case, late=False)]
    found.append(replace(case, deadline_at=NOW + 1, yellow_at=NOW))  # overdue
    found.append(replace(case, deadline_at=None, yellow_at=None))
    if state == "returned":
        for origin, to in (("pending_verify", "acceptor"), ("pending_handle", "dispatcher")):
            found.append(replace(case, returned_from=origin, returned_to=to))
    return found


def taken(case: Case, command: str, role: str) -> bool:
    """Whether the lifecycle takes the command, with all arguments given."""
    try:
        carry_out(case, command, who(role))  # type: ignore[arg-type]  # a command by name
    except KnownError:
        return False
    return True


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_exactly_what_is_taken(state: str) -> None:
    for case in situations(state):
        for role in GRANTS:
            offered = choices(case, [role], SEEN)
            for command in commands_in(state, [role]):
                if command in ("extend_request", "appeal_decide", "extend_approve", "check"):
                    continue  # carry_out puts what these need in place itself
                assert (command in offered) == taken(case, command, role), (role, command)


@pytest.mark.parametrize(
    ("situation", "role", "command", "offered"),
    [
        ("plain", "department", "extend_request", True),
        ("asked", "department", "extend_request", False),
        ("late", "department", "extend_request", False),
        ("free", "department", "extend_request", False),
        ("asked", "dispatcher", "extend_approve", True),
        ("asked", "leader", "extend_approve", False),
        ("once", "leader", "extend_approve", True),
        ("once", "dispatcher", "extend_approve", False),
        ("plain", "leader", "extend_refuse", False),
        ("asked", "leader", "extend_refuse", True),
    ],
)
def test_approvals_are_offered_where_one_waits(
    situation: str, role: str, command: str, offered: bool
) -> None:
    waiting = case_in("handling")
    case = {
        "plain": asked(waiting),
        "asked": waiting,
        "once": approved_once(waiting),
        "late": replace(asked(waiting), deadline_at=NOW),
        "free": replace(asked(waiting), deadline_at=None),
    }[situation]
    assert (command in choices(case, [role], SEEN)) == offered


def test_an_appeal_is_decided_where_one_waits_and_a_check_is_made_once() -> None:
    late = case_in("pending_check")
    assert "appeal_decide" not in choices(late, ["leader"], SEEN)
    assert "appeal_decide" in choices(appealed(late), ["leader"], SEEN)
    assert "check" in choices(late, ["field"], SEEN)
    assert "check" not in choices(replace(late, checked_at=NOW), ["field"], SEEN)


def test_people_on_the_way_take_the_endings_away() -> None:
    ends = {"void", "suspend", "finish", "hand_back", "revoke"}
    free = set(choices(asked(case_in("handling")), ["duty_officer"], SEEN))
    assert free >= ends
    assert (
        free - set(choices(asked(case_in("handling")), ["duty_officer"], SEEN, open_tasks=1))
        == ends
    )

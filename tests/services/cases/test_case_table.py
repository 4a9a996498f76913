"""Every cell of states × commands × roles, against the table written down again by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from services.access.roles import ADMINISTRATORS, GRANTS
from services.cases import logic, oversight
from services.cases.logic import Amendment, Who
from services.cases.table import (
    CELLS,
    COMMANDS,
    ENDED,
    KIND_OF,
    LINK_OF,
    LINKS,
    NEEDS_REASON,
    OPEN_STATES,
    REPAIRER,
    STATES,
    SYSTEM,
    Command,
    commands_in,
    roles_of,
)
from services.domain import world
from services.domain.errors import KnownError
from services.domain.model import Case
from services.packs import kpi
from tests.services.cases.cases import (
    CALENDAR,
    NOW,
    appealed,
    approved_once,
    asked,
    case_in,
    who,
)

ROLES = (*sorted(GRANTS), SYSTEM)
LETTER = {
    "D": "duty_officer",
    "S": "subcentre",
    "P": "dispatcher",
    "H": "department",
    "L": "leader",
    "F": "field",
    "*": SYSTEM,
}
ANY_OPEN = {"void": ("voided", "D"), "supervise": ("=", "DL"), "recompute": ("=", "*")}
RUNNING = {**ANY_OPEN, "overdue": ("=", "*")}
MORE_TIME = {
    "extend_request": ("=", "DH"),
    "extend_approve": ("=", "DSPL"),
    "extend_refuse": ("=", "DSPL"),
}
APPEAL = {"appeal": ("=", "DH"), "appeal_decide": ("=", "DL")}
PAUSE = {"suspend": ("suspended", "DL")}
TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "reported": {
        "amend": ("=", "DS"),
        "accept": ("pending_register", "DS"),
        "send_verify": ("pending_verify", "DS"),
        "register": ("pending_dispatch", "DS"),
        "refuse": ("not_accepted", "DS"),
        **RUNNING,
    },
    "pending_verify": {
        "amend": ("=", "DS"),
        "verify": ("pending_register", "DSF"),
        "refuse": ("not_accepted", "DS"),
        "return": ("returned", "DSF"),
        **RUNNING,
    },
    "pending_register": {
        "amend": ("=", "DS"),
        "register": ("pending_dispatch", "DS"),
        "refuse": ("not_accepted", "DS"),
        "return": ("returned", "DS"),
        **RUNNING,
    },
    "not_accepted": {},
    "pending_dispatch": {
        "assign": ("pending_handle", "DSP"),
        "dispatch": ("handling", "DSP"),
        "return": ("returned", "DSP"),
        **PAUSE,
        **RUNNING,
    },
    "pending_handle": {
        "assign": ("=", "DSP"),
        "take": ("handling", "DH"),
        "dispatch": ("handling", "DSPH"),
        "return": ("returned", "DH"),
        **PAUSE,
        **MORE_TIME,
        **RUNNING,
    },
    "handling": {
        "dispatch": ("=", "DSPH"),
        "revoke": ("pending_handle", "DH"),
        "finish": ("handle_finished", "DH*"),
        "hand_back": ("pending_check", "DH*"),
        "withdraw": ("pending_handle", "*"),
        **PAUSE,
        **MORE_TIME,
        **RUNNING,
    },
    "returned": {  # here to the department, out of the check
        "repair": ("pending_check", "DH"),
        "dispatch": ("handling", "DSPH"),
        **RUNNING,
    },
    "handle_finished": {
        "hand_back": ("pending_check", "DH"),
        "dispatch": ("handling", "DSPH"),
        "return": ("returned", "DSP"),
        **RUNNING,
    },
    "pending_check": {
        "check": ("=", "DSF"),
        "close": ("closed", "D"),
        "return": ("returned", "DSF"),
        "dispatch": ("handling", "DSP"),
        **APPEAL,
        **ANY_OPEN,
    },
    "closed": APPEAL,
    "voided": {},
    "suspended": {"resume": ("pending_handle", "DL*"), **ANY_OPEN},
}


def carry_out(case: Case, command: Command, actor: Who, note: str = "原因") -> Case:
    """One command with all that it needs."""
    now = NOW + 5
    special: dict[str, Callable[[], Case]] = {
        "amend": lambda: logic.amend(
            case, "amend", Amendment(title="t"), actor, now, CALENDAR, note=note
        ),
        "repair": lambda: logic.amend(
            case, "repair", Amendment(title="t"), actor, now, CALENDAR, note=note
        ),
        "suspend": lambda: oversight.suspend(case, actor, now, now + 60, note),
        "resume": lambda: oversight.resume(case, actor, now, CALENDAR, note),
        "extend_request": lambda: oversight.extend_request(asked(case), actor, now, note),
        "extend_approve": lambda: oversight.extend_approve(
            approved_once(case) if "leader" in actor.roles else case, actor, now, CALENDAR, note
        ),
        "extend_refuse": lambda: oversight.extend_refuse(case, actor, now, note),
        "supervise": lambda: oversight.supervise(case, actor, now, note),
        "appeal": lambda: oversight.appeal(case, actor, now, note),
        "appeal_decide": lambda: oversight.appeal_decide(
            appealed(case), actor, now, granted=True, note=note
        ),
        "overdue": lambda: logic.move(case, "overdue", actor, now),
        "recompute": lambda: logic.move(case, "recompute", actor, now),
    }
    if command in special:
        return special[command]()
    return logic.step(case, command, actor, now, note=note, handler="乙", department="water")


def test_the_tables_name_every_state_command_and_link() -> None:
    assert set(TABLE) == set(STATES) == set(CELLS)
    assert {c for row in TABLE.values() for c in row} == set(COMMANDS) == set(KIND_OF)
    assert set(LINK_OF) == set(STATES) - {"returned", "suspended"}
    assert [*dict.fromkeys(LINK_OF.values())] == list(LINKS)  # seven, in the standard's order


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("state", STATES)
def test_every_cell_for_every_role(state: str, command: Command) -> None:
    expected = TABLE[state].get(command)
    allowed = {LETTER[letter] for letter in expected[1]} if expected is not None else set()
    for role in ROLES:
        case = case_in(state)
        if expected is None or role not in allowed:
            with pytest.raises(KnownError) as caught:
                carry_out(case, command, who(role))
            code = "wrong_state" if expected is None else "not_allowed"
            assert (caught.value.code, caught.value.text[-1]) == (code, "."), role
            continue
        after = carry_out(case, command, who(role))
        to = state if expected[0] == "=" else expected[0]
        assert after.state == to, role
        assert after.version == case.version + 1
        assert after.flow[: len(case.flow)] == case.flow
        last = after.flow[-1]
        assert (last.action, last.state, last.actor) == (command, to, role)
        assert (last.time, last.seat, last.kind) == (NOW + 5, "A1", KIND_OF[command])


@pytest.mark.parametrize("state", STATES)
def test_what_a_role_may_do_is_what_the_table_says(state: str) -> None:
    for role in ROLES:
        expected = {
            command
            for command, (_, letters) in TABLE[state].items()
            if role in {LETTER[letter] for letter in letters}
            or (command == "repair" and role in ("subcentre", "dispatcher"))  # after another return
        }
        assert set(commands_in(state, [role])) == expected, role
    assert commands_in("no such state", ["duty_officer"]) == []


def test_the_hub_grants_exactly_what_the_table_gives_to_people() -> None:
    """A role that may give a command in some state is granted it, and none is granted in vain."""
    for command in COMMANDS:
        people = roles_of(command) - {SYSTEM}
        name = "dispatch.send" if command == "dispatch" else f"case.{command}"
        assert {role for role, granted in GRANTS.items() if name in granted} == people, command
    granted = {
        n.removeprefix("case.") for names in GRANTS.values() for n in names if n[:5] == "case."
    }
    assert granted - {"create"} <= set(COMMANDS)


def test_every_layer_knows_the_same_ended_states() -> None:
    """The fold and the wall's numbers lie below this package and keep lists of their own."""
    assert world.CLOSED_STATES == kpi.CLOSED == ENDED


def test_administrators_and_observers_move_no_case() -> None:
    for state in STATES:
        for role in (*ADMINISTRATORS, "observer", "trainer", "ingest"):
            assert commands_in(state, [role]) == []


@pytest.mark.parametrize("command", sorted(NEEDS_REASON))
def test_what_needs_a_reason_is_refused_without(command: Command) -> None:
    states = [s for s in STATES if command in TABLE[s]]
    assert states
    for state in states:
        role = LETTER[TABLE[state][command][1][0]]
        with pytest.raises(KnownError) as caught:
            carry_out(case_in(state), command, who(role), note="")
        assert (caught.value.code, caught.value.field) == ("note_required", "note")


@pytest.mark.parametrize("command", ["revoke", "finish", "hand_back", "withdraw", "suspend"])
def test_people_on_the_way_are_recalled_first(command: Command) -> None:
    role = LETTER[TABLE["handling"][command][1][-1]]
    act = partial(logic.step, case_in("handling"), command, who(role), NOW, note="n")
    if command == "suspend":
        act = partial(oversight.suspend, case_in("handling"), who(role), NOW, NOW + 60, "n")
    with pytest.raises(KnownError) as caught:
        act(open_tasks=2)
    assert (caught.value.code, caught.value.params) == ("open_tasks", {"count": 2})


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_voiding_needs_that_nobody_is_on_the_way(state: str) -> None:
    with pytest.raises(KnownError) as caught:
        logic.step(case_in(state), "void", who("duty_officer"), NOW, note="n", open_tasks=1)
    assert caught.value.code == "open_tasks"


# -- six return paths -----------------------------------------------------------------
PATHS = {
    "pending_verify": ("F", "acceptor", "S"),
    "pending_register": ("S", "acceptor", "S"),
    "pending_dispatch": ("P", "acceptor", "S"),
    "pending_handle": ("H", "dispatcher", "P"),
    "handle_finished": ("P", "department", "H"),
    "pending_check": ("F", "department", "H"),
}
"""From where, by whom, to whom, and who repairs it."""


def test_there_are_six_return_paths() -> None:
    assert {s: to for s, (_, to, _) in PATHS.items()} == dict(REPAIRER)


@pytest.mark.parametrize("state", PATHS)
def test_a_returned_case_is_repaired_and_stands_where_it_was(state: str) -> None:
    by, to, fixer = PATHS[state]
    case = case_in(state)
    back = logic.step(case, "return", who(LETTER[by]), NOW + 1, note="地址不清")
    assert (back.state, back.returned_from, back.returned_to) == ("returned", state, to)
    assert back.flow[-1].note == "地址不清"
    assert (back.title, back.deadline_at, back.attrs) == (case.title, case.deadline_at, case.attrs)
    for role in ROLES:  # nobody pushes it forward, and only the receiver repairs it
        for command in commands_in("returned", [role]):
            if command == "repair" and role in {LETTER[fixer], "duty_officer"}:
                continue
            if command in ("void", "supervise", "overdue", "recompute"):
                continue
            if to == "department" and command == "dispatch":
                continue  # the work is done again
            if to == "acceptor" and role in ("duty_officer", "subcentre") and command == "repair":
                continue
            if to == "dispatcher" and role == "subcentre" and command == "repair":
                continue
            with pytest.raises(KnownError) as caught:
                carry_out(back, command, who(role))
            assert caught.value.code in ("wrong_state", "not_allowed"), (role, command)
    fixed = logic.amend(
        back, "repair", Amendment(address="东关大街 12 号"), who(LETTER[fixer]), NOW + 9, CALENDAR
    )
    assert (fixed.state, fixed.address) == (state, "东关大街 12 号")
    assert (fixed.returned_from, fixed.returned_to) == ("", "")
    assert [s.kind for s in fixed.flow[-2:]] == ["return", "repair"]


def test_a_case_being_handled_is_not_returned_before_its_assignee_is_revoked() -> None:
    department = who("department")
    case = logic.step(case_in("pending_handle"), "take", department, NOW, handler="乙")
    with pytest.raises(KnownError, match="Revoke the assignee first"):
        logic.step(case, "return", department, NOW, note="非我部门")
    free = logic.step(case, "revoke", department, NOW)
    assert (free.state, free.handler) == ("pending_handle", "")
    back = logic.step(free, "return", department, NOW, note="非我部门")
    assert (back.state, back.returned_to) == ("returned", "dispatcher")
    assert [s.kind for s in back.flow[-3:]] == ["assign", "revoke_assign", "return"]


def test_rework_starts_the_clock_again_and_is_counted() -> None:
    case = case_in("pending_check")
    back = logic.step(case, "return", who("field"), NOW + 10, note="未修复")
    assert (back.rework, back.handed_back_at, back.late) == (1, None, None)
    again = logic.amend(back, "repair", Amendment(), who("department"), NOW + 500, CALENDAR)
    assert (again.handed_back_at, again.late) == (NOW + 500, False)

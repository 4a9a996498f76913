"""Stories of cases: the desk's fast path, a department's way, and what other systems tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.cases import foreign, logic
from services.cases.table import COMMANDS, ENDED, SYSTEM, Command
from services.domain.errors import KnownError
from services.domain.model import Case, FlowStep, Severity
from tests.services.cases.cases import (
    CALENDAR,
    HUB,
    NOW,
    OFFICER,
    REPORT,
    case_in,
    opened,
    who,
)

EVERYBODY = logic.Who(
    name="甲",
    roles=("duty_officer", "subcentre", "dispatcher", "department", "leader", "field", SYSTEM),
)
SPECIAL = {
    "suspend",
    "resume",
    "extend_request",
    "extend_approve",
    "extend_refuse",
    "appeal",
    "appeal_decide",
    "amend",
    "repair",
}


def actions(case: Case) -> list[str]:
    return [step.action for step in case.flow]


def test_the_desk_opens_a_case_in_one_go_with_both_steps_on_record() -> None:
    case = opened()
    assert (case.state, case.version) == ("pending_dispatch", 1)
    assert [(s.action, s.state) for s in case.flow] == [
        ("report", "reported"),
        ("register", "pending_dispatch"),
    ]
    assert {(s.actor, s.seat, s.time) for s in case.flow} == {("duty_officer", "A1", NOW)}


def test_the_whole_way_through_seven_links() -> None:
    case = logic.report_case(REPORT, who("subcentre"), NOW, CALENDAR)
    assert case.state == "reported"
    department = who("department")
    for command, actor in (
        ("send_verify", who("subcentre")),
        ("verify", who("field")),
        ("register", who("duty_officer")),
        ("assign", who("dispatcher")),
        ("take", department),
        ("finish", department),
        ("hand_back", department),
        ("check", who("field")),
        ("close", who("duty_officer")),
    ):
        case = logic.step(case, command, actor, case.flow[-1].time + 10, handler="乙")  # type: ignore[arg-type]  # a literal out of a tuple
    assert [s.state for s in case.flow] == [
        "reported",
        "pending_verify",
        "pending_register",
        "pending_dispatch",
        "pending_handle",
        "handling",
        "handle_finished",
        "pending_check",
        "pending_check",
        "closed",
    ]
    assert (case.department, case.handler, case.assigned_at) == ("water", "乙", NOW + 40)
    assert (case.handed_back_at, case.late) == (NOW + 70, False)
    assert (case.checked_by, case.checked_at, case.closed_at) == ("field", NOW + 80, NOW + 90)


@given(st.lists(st.sampled_from([c for c in COMMANDS if c not in SPECIAL]), max_size=30))
def test_the_flow_only_grows_and_tells_the_whole_story(commands: list[Command]) -> None:
    case = logic.report_case(REPORT, EVERYBODY, NOW, CALENDAR)
    for n, command in enumerate(commands):
        try:
            after = logic.step(case, command, EVERYBODY, NOW + n, note="n", handler="乙")
        except KnownError as error:
            if error.code not in ("wrong_state", "not_allowed"):
                raise
            continue
        assert after.flow[: len(case.flow)] == case.flow
        assert after.flow[-1].action == command
        assert after.version == case.version + 1
        assert after.flow[-1].state == after.state
        case = after
    assert logic.is_open(case) == (case.state not in ENDED)
    assert (case.closed_at is not None) == (not logic.is_open(case))


def test_a_dispatch_is_noted_on_the_case() -> None:
    case = logic.step(opened(), "dispatch", OFFICER, NOW, dispatch_id="dispatch:1")
    again = logic.step(case, "dispatch", OFFICER, NOW, dispatch_id="dispatch:2")
    assert again.dispatch_ids == ("dispatch:1", "dispatch:2")


def test_a_case_waits_where_it_came_from_when_nobody_is_left() -> None:
    desk = logic.step(opened(), "dispatch", OFFICER, NOW)
    assert logic.step(desk, "withdraw", HUB, NOW).state == "pending_dispatch"
    given_to = logic.step(opened(), "assign", OFFICER, NOW)
    sent = logic.step(given_to, "dispatch", who("department"), NOW)
    assert logic.step(sent, "withdraw", HUB, NOW).state == "pending_handle"


def test_handing_back_out_of_the_work_records_its_end_too() -> None:
    case = logic.step(case_in("handling"), "hand_back", HUB, NOW + 5, note="已处置")
    assert [(s.action, s.state) for s in case.flow[-2:]] == [
        ("finish", "handle_finished"),
        ("hand_back", "pending_check"),
    ]


def test_closing_what_nobody_has_checked_records_the_check_too() -> None:
    case = logic.step(case_in("pending_check"), "close", OFFICER, NOW + 9)
    assert actions(case)[-2:] == ["check", "close"]
    checked = logic.step(case_in("pending_check"), "check", who("field"), NOW + 8)
    closed = logic.step(checked, "close", OFFICER, NOW + 9)
    assert actions(closed)[-2:] == ["check", "close"]
    assert (closed.checked_by, closed.checked_at) == ("field", NOW + 8)


@pytest.mark.parametrize(("command", "state", "field"), [("take", "pending_handle", "handler")])
def test_what_a_command_needs_is_named(command: Command, state: str, field: str) -> None:
    with pytest.raises(KnownError) as caught:
        logic.step(case_in(state), command, OFFICER, NOW)
    assert (caught.value.code, caught.value.field) == ("missing_field", field)


def test_a_case_without_a_department_needs_one_to_be_assigned() -> None:
    bare = opened(department="")
    with pytest.raises(KnownError) as caught:
        logic.step(bare, "assign", OFFICER, NOW)
    assert (caught.value.code, caught.value.field) == ("missing_field", "department")
    assert logic.step(bare, "assign", OFFICER, NOW, department="power").department == "power"


def test_another_category_brings_its_limit() -> None:
    case = logic.report_case(REPORT, OFFICER, NOW, CALENDAR)
    change = logic.Amendment(category="other", limit_s=50.0, limit_unit="urgent_hours")
    amended = logic.amend(case, "amend", change, OFFICER, NOW, CALENDAR)
    assert (amended.category, amended.deadline_at, amended.yellow_at) == (
        "other",
        NOW + 50,
        NOW + 40,
    )
    named = logic.amend(case, "amend", logic.Amendment(title="t"), OFFICER, NOW, CALENDAR)
    assert (named.title, named.deadline_at) == ("t", case.deadline_at)


# -- cases of other systems ---------------------------------------------------------
def test_a_case_of_another_system_arrives_reported_or_where_its_source_has_it() -> None:
    fresh = foreign.take_over(None, REPORT, OFFICER, NOW, CALENDAR)
    assert [(s.action, s.state) for s in fresh.flow] == [("report", "reported")]
    case = foreign.take_over(
        None, REPORT, OFFICER, NOW, CALENDAR, state="closed", closed_at=NOW - 5
    )
    assert (case.state, case.closed_at) == ("closed", NOW - 5)
    assert [(s.action, s.state) for s in case.flow] == [("take_over", "closed")]


def test_amending_repairs_the_description_and_keeps_the_story() -> None:
    case = logic.step(
        replace(opened(), grid_id="g", alarm_key="a|b|c", attrs={"x": 1}),
        "dispatch",
        OFFICER,
        NOW,
        dispatch_id="dispatch:1",
    )
    told = replace(REPORT, title="路面积水", attrs={"y": 2}, department="power")
    amended = foreign.take_over(case, told, OFFICER, NOW + 9, CALENDAR)
    assert (amended.title, amended.state, amended.version) == ("路面积水", "handling", 3)
    assert (amended.grid_id, amended.alarm_key) == ("g", "a|b|c")
    assert (amended.dispatch_ids, amended.department) == (("dispatch:1",), "water")
    assert amended.attrs == {"x": 1, "y": 2}
    assert actions(amended) == ["report", "register", "dispatch", "amend"]


def test_what_was_urged_here_is_not_calmed_by_its_source() -> None:
    urged = replace(opened(), supervision=1, severity=Severity.CRITICAL)
    assert foreign.take_over(urged, REPORT, OFFICER, NOW, CALENDAR).severity == Severity.CRITICAL
    assert foreign.take_over(opened(), REPORT, OFFICER, NOW, CALENDAR).severity == Severity.MAJOR


def test_a_source_may_close_its_own_case_but_not_one_on_which_we_work() -> None:
    ours = opened()
    closed = foreign.take_over(ours, REPORT, OFFICER, NOW, CALENDAR, state="closed", closed_at=NOW)
    assert (closed.state, closed.closed_at) == ("closed", NOW)
    reopened = foreign.take_over(closed, REPORT, OFFICER, NOW, CALENDAR, state="handling")
    assert (reopened.state, reopened.closed_at) == ("handling", None)
    for taken in (
        logic.step(ours, "dispatch", OFFICER, NOW, dispatch_id="dispatch:1"),
        logic.step(ours, "assign", OFFICER, NOW),
    ):
        with pytest.raises(KnownError) as caught:
            foreign.take_over(taken, REPORT, OFFICER, NOW, CALENDAR, state="closed", closed_at=NOW)
        assert caught.value.code == "wrong_state"


# -- logs of before -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "command", "to"),
    [
        ("pending_dispatch", "dispatch", "handling"),
        ("handling", "hand_back", "pending_check"),
        ("pending_check", "close", "closed"),
    ],
)
def test_cases_of_before_go_on(state: str, command: Command, to: str) -> None:
    """A record of an older log has none of the newer fields, and states of the same names."""
    old = Case(
        id="6301022025061500001",
        category="flood",
        title="积水",
        severity=Severity.MAJOR,
        state=state,
        reported_at=NOW,
        deadline_at=NOW + 1_000,
        limit_s=1_000.0,
        flow=(FlowStep(time=NOW, actor="甲", seat="A1", action="create", state=state),),
    )
    after = logic.step(old, command, OFFICER, NOW + 5)
    assert after.state == to
    assert after.flow[0] == old.flow[0]
    assert logic.lights(old, NOW + 900) == "yellow"

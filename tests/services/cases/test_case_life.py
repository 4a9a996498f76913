from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.cases import logic
from services.domain.errors import KnownError
from services.domain.model import Case, Severity

NOW = 1_750_000_000.0
WHO = logic.Who(name="甲", seat="A1")
REPORT = logic.Report(
    id="6301022025061500001",
    category="flood",
    title="积水",
    severity=Severity.MAJOR,
    reported_at=NOW,
    limit_s=1_000.0,
)

CELLS: dict[str, dict[str, str]] = {
    "pending_dispatch": {"dispatch": "handling", "void": "voided"},
    "handling": {
        "dispatch": "handling",
        "hand_back": "pending_check",
        "withdraw": "pending_dispatch",
        "close": "closed",
        "void": "voided",
    },
    "pending_check": {"dispatch": "handling", "close": "closed", "void": "voided"},
    "closed": {},
    "voided": {},
}
"""The table of the domain, written down again by hand: state → command → next state."""

NEEDS_NO_OPEN_TASK = {"hand_back", "withdraw", "close", "void"}


def case_in(state: str) -> Case:
    return replace(logic.open_case(REPORT, WHO, NOW), state=state)


def test_the_table_covers_every_state_and_command() -> None:
    assert set(CELLS) == set(logic.STATES)
    assert {c for row in CELLS.values() for c in row} == set(logic.COMMANDS)


@pytest.mark.parametrize("open_tasks", [0, 3])
@pytest.mark.parametrize("command", logic.COMMANDS)
@pytest.mark.parametrize("state", logic.STATES)
def test_every_cell(state: logic.State, command: logic.Command, open_tasks: int) -> None:
    case = case_in(state)
    expected = CELLS[state].get(command)
    blocked = open_tasks > 0 and command in NEEDS_NO_OPEN_TASK

    def act() -> Case:
        return logic.step(case, command, WHO, NOW + 5, note="why", open_tasks=open_tasks)

    if expected is None or blocked:
        with pytest.raises(KnownError) as caught:
            act()
        assert caught.value.code == ("wrong_state" if expected is None else "open_tasks")
        assert caught.value.text.endswith(".")
        return
    after = act()
    assert after.state == expected
    assert after.version == case.version + 1
    assert after.flow[:-1] == case.flow
    last = after.flow[-1]
    assert (last.time, last.actor, last.seat) == (NOW + 5, "甲", "A1")
    assert (last.action, last.state, last.note) == (command, expected, "why")


def test_voiding_needs_a_reason() -> None:
    with pytest.raises(KnownError) as caught:
        logic.step(case_in("handling"), "void", WHO, NOW)
    assert (caught.value.code, caught.value.field) == ("note_required", "note")


@given(st.lists(st.sampled_from(logic.COMMANDS), max_size=20))
def test_the_flow_only_grows_and_tells_the_whole_story(commands: list[logic.Command]) -> None:
    case = logic.open_case(REPORT, WHO, NOW)
    story = ["create"]
    for n, command in enumerate(commands):
        try:
            after = logic.step(case, command, WHO, NOW + n, note="n", dispatch_id="")
        except KnownError:
            continue
        assert after.flow[: len(case.flow)] == case.flow
        story.append(command)
        case = after
    assert [step.action for step in case.flow] == story
    assert case.version == len(story)
    assert logic.is_open(case) == (case.state not in ("closed", "voided"))
    assert (case.closed_at is not None) == (not logic.is_open(case))


def test_a_dispatch_is_noted_on_the_case() -> None:
    case = logic.step(case_in("pending_dispatch"), "dispatch", WHO, NOW, dispatch_id="dispatch:1")
    again = logic.step(case, "dispatch", WHO, NOW, dispatch_id="dispatch:2")
    assert again.dispatch_ids == ("dispatch:1", "dispatch:2")


def test_the_deadline_comes_from_the_limit_unless_the_source_sets_one() -> None:
    assert logic.open_case(REPORT, WHO, NOW).deadline_at == NOW + 1_000
    fixed = logic.open_case(replace(REPORT, deadline_at=NOW + 50), WHO, NOW)
    assert fixed.deadline_at == NOW + 50
    free = logic.open_case(replace(REPORT, limit_s=None), WHO, NOW)
    assert free.deadline_at is None
    assert logic.lights(free, NOW + 1e9) is None


@pytest.mark.parametrize(
    ("after_s", "light"),
    [
        (-10, "green"),
        (0, "green"),
        (800, "green"),
        (800.5, "yellow"),
        (1_000, "yellow"),
        (1_000.5, "red"),
        (90_000, "red"),
    ],
)
def test_lights(after_s: float, light: str) -> None:
    assert logic.lights(logic.open_case(REPORT, WHO, NOW), NOW + after_s) == light


def test_the_light_is_judged_at_the_hand_back() -> None:
    case = case_in("handling")
    handed = logic.step(case, "hand_back", WHO, NOW + 500)
    assert logic.lights(handed, NOW + 5_000) == "green"
    closed = logic.step(handed, "close", WHO, NOW + 6_000)
    assert (closed.handed_back_at, closed.closed_at) == (NOW + 500, NOW + 6_000)
    assert logic.lights(closed, NOW + 9_000) == "green"


def test_work_taken_up_again_makes_the_clock_run_on() -> None:
    handed = logic.step(case_in("handling"), "hand_back", WHO, NOW + 500)
    again = logic.step(handed, "dispatch", WHO, NOW + 600)
    assert again.handed_back_at is None
    assert logic.lights(again, NOW + 1_500) == "red"


def test_a_case_closed_without_hand_back_is_judged_at_its_closing() -> None:
    closed = logic.step(case_in("handling"), "close", WHO, NOW + 900)
    assert logic.lights(closed, NOW + 9_000) == "yellow"


def test_a_deadline_before_the_report_is_red_once_passed() -> None:
    case = logic.open_case(replace(REPORT, deadline_at=NOW - 10), WHO, NOW)
    assert logic.lights(case, NOW) == "red"
    assert logic.lights(case, NOW - 20) == "green"


# -- cases of other systems ---------------------------------------------------------
def test_a_case_taken_over_starts_where_its_source_has_it() -> None:
    case = logic.take_over(None, REPORT, WHO, NOW, state="closed", closed_at=NOW - 5)
    assert (case.state, case.closed_at) == ("closed", NOW - 5)
    assert [(s.action, s.state) for s in case.flow] == [("take_over", "closed")]
    fresh = logic.take_over(None, REPORT, WHO, NOW)
    assert [(s.action, s.state) for s in fresh.flow] == [("create", "pending_dispatch")]


def test_amending_repairs_the_description_and_keeps_the_story() -> None:
    case = logic.step(
        replace(case_in("pending_dispatch"), grid_id="g", alarm_key="a|b|c", attrs={"x": 1}),
        "dispatch",
        WHO,
        NOW,
        dispatch_id="dispatch:1",
    )
    amended = logic.take_over(case, replace(REPORT, title="路面积水", attrs={"y": 2}), WHO, NOW + 9)
    assert (amended.title, amended.state, amended.version) == ("路面积水", "handling", 3)
    assert (amended.grid_id, amended.alarm_key) == ("g", "a|b|c")
    assert amended.dispatch_ids == ("dispatch:1",)
    assert amended.attrs == {"x": 1, "y": 2}
    assert [s.action for s in amended.flow] == ["create", "dispatch", "amend"]


def test_a_source_may_close_its_own_case_but_not_one_that_we_have_dispatched() -> None:
    ours = logic.open_case(REPORT, WHO, NOW)
    closed = logic.take_over(ours, REPORT, WHO, NOW, state="closed", closed_at=NOW)
    assert (closed.state, closed.closed_at) == ("closed", NOW)
    reopened = logic.take_over(closed, REPORT, WHO, NOW, state="handling")
    assert (reopened.state, reopened.closed_at) == ("handling", None)
    dispatched = logic.step(ours, "dispatch", WHO, NOW, dispatch_id="dispatch:1")
    with pytest.raises(KnownError) as caught:
        logic.take_over(dispatched, REPORT, WHO, NOW, state="closed", closed_at=NOW)
    assert caught.value.code == "wrong_state"

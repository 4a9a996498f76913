"""Limits on their own clock, extensions, suspension, urging, appeals, and what the clock does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.cases import limits, logic, oversight
from services.cases.calendar import Calendar, CalendarFile
from services.domain.errors import KnownError
from services.domain.model import Case, Severity
from tests.services.cases.cases import CALENDAR, HUB, NOW, OFFICER, at, case_in, opened, who

LEADER, DEPARTMENT, DISPATCHER = who("leader"), who("department"), who("dispatcher")
EVERY_DAY = Calendar(CalendarFile(periods=("08:00-12:00", "14:00-18:00"), rest_days=("sunday",)))
WORKDAY_S = 8 * 3_600.0


def handled(start: float = NOW, unit: str = "urgent_hours", limit_s: float = 1_000.0) -> Case:
    """A case at work, reported at ``start``."""
    case = opened(reported_at=start, limit_s=limit_s, limit_unit=unit)
    case = logic.step(case, "assign", OFFICER, start)
    return logic.step(case, "take", DEPARTMENT, start, handler="乙")


def refusal(act: object) -> str:
    with pytest.raises(KnownError) as caught:
        act()  # type: ignore[operator]  # any callable
    return caught.value.code


# -- lights ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("after_s", "light"),
    [
        (-10, "green"),
        (800, "green"),
        (800.5, "yellow"),
        (1_000, "yellow"),
        (1_000.5, "red"),
        (90_000, "red"),
    ],
)
def test_lights_of_a_clock_that_runs_on(after_s: float, light: str) -> None:
    assert limits.lights(opened(), NOW + after_s) == light


@pytest.mark.parametrize(
    ("moment", "light"),
    [
        ("2026-11-27 16:00", "green"),
        ("2026-11-29 12:00", "green"),  # two days later, and no working time has passed
        ("2026-11-30 13:24", "green"),
        ("2026-11-30 14:25", "yellow"),  # 80 % of 8 h: 2 h on Friday, 4.4 h on Monday
        ("2026-11-30 16:00", "yellow"),
        ("2026-11-30 16:01", "red"),
    ],
)
def test_lights_of_a_clock_of_working_time(moment: str, light: str) -> None:
    case = opened(reported_at=at("2026-11-27 16:00"), limit_s=WORKDAY_S, limit_unit="working_days")
    assert limits.lights(case, at(moment)) == light


def test_time_used_and_left_are_told_on_the_limits_own_clock() -> None:
    case = opened(reported_at=at("2026-11-27 16:00"), limit_s=WORKDAY_S, limit_unit="working_days")
    monday = at("2026-11-30 09:00")
    assert limits.used_s(case, monday, CALENDAR) == 3 * 3_600
    assert limits.left_s(case, monday, CALENDAR) == 5 * 3_600
    assert limits.left_s(case, at("2026-12-01 08:30"), CALENDAR) == -2.5 * 3_600
    free = opened(limit_s=None)
    assert (limits.left_s(free, NOW, CALENDAR), limits.lights(free, NOW)) == (None, None)


def test_a_deadline_of_the_source_itself_runs_on() -> None:
    case = opened(deadline_at=NOW + 50, limit_unit="working_days")
    assert (case.deadline_at, case.yellow_at, case.limit_s) == (NOW + 50, NOW + 40, 50.0)
    over = opened(deadline_at=NOW - 10)
    assert limits.lights(over, NOW) == "red"
    assert limits.lights(over, NOW - 20) == "green"


def test_the_light_is_judged_at_the_hand_back() -> None:
    handed = logic.step(handled(), "hand_back", DEPARTMENT, NOW + 500)
    assert (limits.lights(handed, NOW + 5_000), handed.late) == ("green", False)
    closed = logic.step(handed, "close", OFFICER, NOW + 6_000)
    assert limits.lights(closed, NOW + 9_000) == "green"
    late = logic.step(handled(), "hand_back", DEPARTMENT, NOW + 1_001)
    assert (limits.lights(late, NOW + 5_000), late.late) == ("red", True)
    again = logic.step(handed, "dispatch", OFFICER, NOW + 600)
    assert (again.handed_back_at, limits.lights(again, NOW + 1_500)) == (None, "red")


# -- extension ------------------------------------------------------------------------
def extended(case: Case, now: float) -> Case:
    case = oversight.extend_request(case, DEPARTMENT, now, "待料")
    case = oversight.extend_approve(case, DISPATCHER, now, CALENDAR)
    return oversight.extend_approve(case, LEADER, now, CALENDAR)


def test_two_persons_give_one_original_limit_more_twice_at_most() -> None:
    case = oversight.extend_request(handled(), DEPARTMENT, NOW + 10, "待料")
    assert refusal(lambda: oversight.extend_request(case, DEPARTMENT, NOW, "x")) == "wrong_state"
    once = oversight.extend_approve(case, DISPATCHER, NOW + 20, CALENDAR)
    assert once.deadline_at == NOW + 1_000
    done = oversight.extend_approve(once, LEADER, NOW + 30, CALENDAR)
    assert (done.deadline_at, done.yellow_at) == (NOW + 2_000, NOW + 1_600)
    (asked,) = done.extensions
    assert (asked.first_by, asked.second_by, asked.granted) == ("dispatcher", "leader", True)
    twice = extended(done, NOW + 40)
    assert twice.deadline_at == NOW + 3_000
    assert refusal(lambda: oversight.extend_request(twice, DEPARTMENT, NOW, "x")) == "too_many"


def test_an_extension_in_working_time_is_working_time() -> None:
    case = extended(
        handled(at("2026-09-29 16:00"), "working_days", WORKDAY_S), at("2026-09-30 08:00")
    )
    assert case.deadline_at == at("2026-10-08 16:00")  # over the national day


def test_no_extension_once_overdue_and_none_approved_then() -> None:
    case = handled()
    late = NOW + 1_001
    assert refusal(lambda: oversight.extend_request(case, DEPARTMENT, late, "x")) == "overdue"
    asked = oversight.extend_request(case, DEPARTMENT, NOW + 999, "x")
    assert refusal(lambda: oversight.extend_approve(asked, DISPATCHER, late, CALENDAR)) == "overdue"


def test_nobody_approves_their_own_request_or_both_levels() -> None:
    boss = who("duty_officer", "甲")
    own = oversight.extend_request(handled(), boss, NOW, "x")
    assert refusal(lambda: oversight.extend_approve(own, boss, NOW, CALENDAR)) == "second_person"
    asked = oversight.extend_request(handled(), DEPARTMENT, NOW, "x")
    once = oversight.extend_approve(asked, boss, NOW, CALENDAR)
    assert refusal(lambda: oversight.extend_approve(once, boss, NOW, CALENDAR)) == "second_person"
    assert refusal(lambda: oversight.extend_approve(once, DISPATCHER, NOW, CALENDAR)) == (
        "not_allowed"
    )
    assert refusal(lambda: oversight.extend_approve(asked, LEADER, NOW, CALENDAR)) == "not_allowed"


def test_a_refused_extension_changes_nothing_and_another_may_be_asked() -> None:
    asked = oversight.extend_request(handled(), DEPARTMENT, NOW, "x")
    refused = oversight.extend_refuse(asked, DISPATCHER, NOW, "不批")
    assert (refused.deadline_at, refused.extensions[0].refused_by) == (NOW + 1_000, "dispatcher")
    assert (
        refusal(lambda: oversight.extend_approve(refused, LEADER, NOW, CALENDAR)) == "wrong_state"
    )
    assert extended(refused, NOW).deadline_at == NOW + 2_000


def test_a_case_without_a_limit_has_nothing_to_extend() -> None:
    case = logic.step(opened(limit_s=None), "assign", OFFICER, NOW)
    assert refusal(lambda: oversight.extend_request(case, DEPARTMENT, NOW, "x")) == "no_limit"


# -- suspension -----------------------------------------------------------------------
def test_the_clock_stands_while_a_case_is_suspended_and_goes_on_by_itself() -> None:
    case = oversight.suspend(handled(), LEADER, NOW + 300, NOW + 10_300, "待审批")
    assert case.state == "suspended"
    assert limits.lights(case, NOW + 9_000) == "green"  # judged where the clock stands
    assert oversight.due_at(case) == NOW + 10_300
    assert oversight.when_due(case, NOW + 10_299, CALENDAR) is None
    back = oversight.when_due(case, NOW + 10_400, CALENDAR)  # the hub was late by 100 s
    assert back is not None
    assert (back.state, back.deadline_at) == ("handling", NOW + 11_000)
    assert (back.flow[-1].action, back.flow[-1].actor) == ("resume", "system")
    assert limits.used_s(back, NOW + 10_400, CALENDAR) == 400.0


def test_a_person_may_end_a_suspension_early() -> None:
    case = oversight.suspend(handled(), LEADER, NOW + 300, NOW + 10_300, "待审批")
    back = oversight.resume(case, OFFICER, NOW + 500, CALENDAR)
    assert (back.state, back.deadline_at) == ("handling", NOW + 1_200)
    assert refusal(lambda: oversight.suspend(back, LEADER, NOW, NOW + 9, "x")) == "too_many"


@given(
    st.integers(0, 40 * 3_600), st.integers(1, 30 * 86_400), st.sampled_from(["working_hours", ""])
)
def test_a_suspension_takes_nothing_from_the_limit(before: int, pause: int, unit: str) -> None:
    """Time used before and after it add up to the limit, wherever the pause lies."""
    start = at("2026-09-21 08:00")
    case = handled(start, unit, 20 * 3_600.0)
    since = start + before
    if case.deadline_at is None or since >= case.deadline_at:
        return
    held = oversight.suspend(case, LEADER, since, since + pause, "x")
    back = oversight.resume(held, OFFICER, since + pause, CALENDAR)
    assert back.deadline_at is not None
    assert limits.used_s(back, back.deadline_at, CALENDAR) == pytest.approx(20 * 3_600.0)


@pytest.mark.parametrize("until", [NOW, NOW - 5, NOW + 367 * 86_400, float("inf")])
def test_a_suspension_ends_within_a_year(until: float) -> None:
    assert refusal(lambda: oversight.suspend(handled(), LEADER, NOW, until, "x")) == "out_of_range"


def test_an_overdue_case_is_not_put_aside() -> None:
    late = NOW + 1_001
    assert refusal(lambda: oversight.suspend(handled(), LEADER, late, late + 9, "x")) == "overdue"


# -- urging and appeal ------------------------------------------------------------------
def test_urging_marks_and_escalates() -> None:
    case = replace(handled(), severity=Severity.MINOR)
    once = oversight.supervise(case, LEADER, NOW, "领导批示")
    assert (once.supervision, once.severity) == (1, Severity.MAJOR)
    thrice = oversight.supervise(oversight.supervise(once, LEADER, NOW), LEADER, NOW)
    assert (thrice.supervision, thrice.severity) == (3, Severity.CRITICAL)


def test_an_appeal_exempts_and_keeps_the_fact() -> None:
    late = logic.step(handled(), "hand_back", DEPARTMENT, NOW + 1_500)
    asked = oversight.appeal(late, DEPARTMENT, NOW + 1_600, "暴雨封路")
    assert not oversight.is_exempt(asked)
    closed = logic.step(asked, "close", OFFICER, NOW + 1_700)
    granted = oversight.appeal_decide(closed, LEADER, NOW + 1_800, granted=True)
    assert oversight.is_exempt(granted)
    assert (granted.late, limits.lights(granted, NOW + 9_000)) == (True, "red")
    for act in (
        lambda: oversight.appeal(granted, DEPARTMENT, NOW, "again"),
        lambda: oversight.appeal_decide(granted, LEADER, NOW, granted=False, note="n"),
    ):
        assert refusal(act) in ("too_many", "wrong_state")


def test_an_appeal_needs_lateness_another_person_and_for_a_no_a_reason() -> None:
    good = logic.step(handled(), "hand_back", DEPARTMENT, NOW + 500)
    assert refusal(lambda: oversight.appeal(good, DEPARTMENT, NOW, "x")) == "not_late"
    late = logic.step(handled(), "hand_back", DEPARTMENT, NOW + 1_500)
    asked = oversight.appeal(late, OFFICER, NOW, "x")
    assert refusal(lambda: oversight.appeal_decide(asked, OFFICER, NOW, granted=True)) == (
        "second_person"
    )
    assert refusal(lambda: oversight.appeal_decide(asked, LEADER, NOW, granted=False)) == (
        "note_required"
    )
    refused = oversight.appeal_decide(asked, LEADER, NOW, granted=False, note="无据")
    assert not oversight.is_exempt(refused)


# -- by itself --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "state",
    ["reported", "pending_register", "pending_dispatch", "pending_handle", "handling", "returned"],
)
def test_a_deadline_that_passes_is_told_once(state: str) -> None:
    case = case_in(state)
    assert oversight.when_due(case, NOW + 1_000, CALENDAR) is None
    due = oversight.due_at(case)
    assert due is not None
    assert NOW + 1_000 < due < NOW + 1_001
    over = oversight.when_due(case, due, CALENDAR)
    assert over is not None
    assert (over.state, over.overdue_at) == (state, NOW + 1_000)
    assert (over.flow[-1].action, over.flow[-1].kind) == ("overdue", "clock")
    assert oversight.due_at(over) is None


@pytest.mark.parametrize("state", ["pending_check", "closed", "voided", "not_accepted"])
def test_what_is_handed_back_or_ended_does_not_fall_due(state: str) -> None:
    assert oversight.due_at(case_in(state)) is None


def test_another_calendar_moves_the_deadlines_of_open_working_cases_only() -> None:
    friday = at("2026-11-27 16:00")
    case = handled(friday, "working_days", WORKDAY_S)
    assert case.deadline_at == at("2026-11-30 16:00")
    assert not oversight.is_outdated(case, CALENDAR)
    assert oversight.is_outdated(case, EVERY_DAY)
    moved = oversight.recompute(case, friday, EVERY_DAY)
    assert (moved.deadline_at, moved.calendar) == (at("2026-11-28 16:00"), EVERY_DAY.version)
    assert (moved.flow[-1].action, moved.flow[-1].note) == ("recompute", EVERY_DAY.version)
    assert not oversight.is_outdated(moved, EVERY_DAY)
    assert not oversight.is_outdated(handled(), EVERY_DAY)
    assert not oversight.is_outdated(replace(case, state="closed"), EVERY_DAY)


def test_a_case_that_is_not_overdue_any_more_loses_the_mark() -> None:
    saturday = at("2026-11-28 17:00")
    case = handled(at("2026-11-27 16:00"), "working_days", WORKDAY_S)
    strict = oversight.recompute(case, saturday, EVERY_DAY)
    over = oversight.when_due(strict, saturday, EVERY_DAY)
    assert over is not None
    assert over.overdue_at is not None
    assert oversight.recompute(over, saturday, CALENDAR).overdue_at is None
    handed = logic.step(over, "hand_back", DEPARTMENT, saturday)
    assert (handed.late, oversight.recompute(handed, saturday, CALENDAR).late) == (True, False)


def test_the_hub_alone_moves_the_clock() -> None:
    for command in ("overdue", "recompute"):
        assert refusal(lambda c=command: logic.move(handled(), c, OFFICER, NOW)) == "not_allowed"
    assert logic.move(handled(), "overdue", HUB, NOW).flow[-1].action == "overdue"

"""Orders about cases end to end: who may, what changes, what is on record."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.cases.calendar import Calendar, CalendarFile
from services.domain.events import CaseChanged
from services.domain.model import Severity
from services.packs.model import TimeLimit
from tests.services.commands.desks import OrderDesk, by
from tests.services.small_city import CENTRE, NOW, sensor, team, warehouse


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.add(team("a"), team("b", 0.01), warehouse("w"), sensor())
    desk.stock("warehouse:w", "pump", 5)
    return desk


def test_a_reported_case_goes_through_every_hand(desk: OrderDesk) -> None:
    case = desk.case(register=False)
    assert (case.state, [s.action for s in case.flow]) == ("reported", ["report"])
    case = desk.step(case, "send_verify", "subcentre")
    case = desk.step(case, "verify", "field", note="属实")
    case = desk.step(case, "register")
    case = desk.step(case, "assign", "dispatcher", department="power")
    assert (case.department, case.flow[-1].note) == ("power", "power")
    case = desk.step(case, "take", "department", handler="乙班")
    dispatch = desk.sent(case, "team:a")
    desk.report(dispatch, 1, "accepted", "en_route", "arrived", "done")
    case = desk.world.cases[case.id]
    assert case.state == "handle_finished"  # the department has it, so the department hands back
    case = desk.step(case, "hand_back", "department", note="已修复")
    case = desk.step(case, "check", "field")
    case = desk.step(case, "close")
    assert (case.state, case.late, case.handler) == ("closed", False, "乙班")
    body = desk.events[-1].body
    assert isinstance(body, CaseChanged)
    assert body.action == "close"


def test_a_return_is_repaired_with_another_place_and_category(desk: OrderDesk) -> None:
    case = desk.step(desk.case(), "return", "dispatcher", note="地址不清")
    assert (case.state, case.returned_to) == ("returned", "acceptor")
    args = {
        "case": case.id,
        "category": "other",
        "title": "井盖",
        "address": "北大街 3 号",
        "lon": CENTRE[0] + 0.01,
        "lat": CENTRE[1],
        "severity": 2,
        "department": "power",
    }
    assert desk.refuse("case.repair", args, actor=by("dispatcher")).code == "not_allowed"
    desk.do("case.repair", args, actor=by("subcentre"))
    fixed = desk.world.cases[case.id]
    assert fixed.state == "pending_dispatch"
    assert (fixed.category, fixed.title, fixed.severity) == ("other", "井盖", Severity.MINOR)
    assert (fixed.address, fixed.department) == ("北大街 3 号", "power")
    assert (fixed.lon, fixed.deadline_at) == (CENTRE[0] + 0.01, NOW + 3_600)
    assert desk.refuse("case.return", {"case": case.id}).field == "note"
    half = {"case": case.id, "lon": 101.0, "note": "n"}
    back = desk.step(fixed, "return", "dispatcher", note="again")
    assert desk.refuse("case.repair", half).code == "missing_field"
    swapped = {"case": back.id, "lon": 36.6, "lat": 101.7}
    assert desk.refuse("case.repair", swapped).code == "swapped"
    unknown = {"case": back.id, "category": "none"}
    assert desk.refuse("case.repair", unknown).code == "unknown_category"


def test_more_time_needs_two_persons(desk: OrderDesk) -> None:
    case = desk.step(desk.case(), "assign")
    case = desk.step(case, "extend_request", "department", note="待料")
    case = desk.step(case, "extend_approve", "dispatcher")
    assert case.deadline_at == NOW + 7_200
    case = desk.step(case, "extend_approve", "leader")
    assert case.deadline_at == NOW + 14_400


def test_a_suspended_case_resumes_by_itself(desk: OrderDesk) -> None:
    case = desk.step(desk.case(), "suspend", "leader", until=NOW + 600, note="待审批")
    assert case.state == "suspended"
    desk.pass_time(599)
    assert desk.world.cases[case.id].state == "suspended"
    desk.pass_time(1)
    after = desk.world.cases[case.id]
    assert (after.state, after.deadline_at) == ("pending_dispatch", NOW + 7_800)
    assert after.flow[-1].actor == "system"
    nan = {"case": case.id, "until": float("nan"), "note": "n"}
    assert desk.refuse("case.suspend", nan, actor=by("leader")).code == "not_finite"


def test_a_deadline_that_passes_is_an_event_and_told_once(desk: OrderDesk) -> None:
    case = desk.case()
    desk.pass_time(7_200)
    assert desk.world.cases[case.id].overdue_at is None
    desk.pass_time(1)
    desk.pass_time(500)
    over = desk.world.cases[case.id]
    assert over.overdue_at == NOW + 7_200
    assert [s.action for s in over.flow].count("overdue") == 1


def test_urging_and_appeal(desk: OrderDesk) -> None:
    case = desk.step(desk.case(), "supervise", "leader", note="批示")
    assert (case.supervision, case.severity) == (1, Severity.CRITICAL)
    case = desk.step(desk.step(case, "assign"), "take", "department", handler="乙")
    desk.pass_time(8_000)
    case = desk.step(case, "hand_back", "department")
    assert case.late
    case = desk.step(case, "appeal", "department", note="封路")
    args = {"case": case.id, "granted": True}
    assert desk.refuse("case.appeal_decide", args, actor=by("department")).code == "not_allowed"
    case = desk.step(case, "appeal_decide", "leader", granted=True)
    assert case.appeal is not None
    assert (case.appeal.granted, case.late) == (True, True)


def test_who_has_people_on_the_way_recalls_them_first(desk: OrderDesk) -> None:
    case = desk.case()
    desk.sent(case, "team:a")
    for command, more in (
        ("void", {}),
        ("hand_back", {}),
        ("suspend", {"until": NOW + 60}),
    ):
        args = {"case": case.id, "note": "n", **more}
        assert desk.refuse(f"case.{command}", args).code == "open_tasks"


def test_a_conflict_says_who_did_what_meanwhile(desk: OrderDesk) -> None:
    case = desk.case()
    desk.step(case, "supervise", "leader")
    error = desk.refuse("case.assign", {"case": case.id}, expect_version=1)
    assert error.code == "version_conflict"
    assert error.params == {"version": 2, "expected": 1, "by": "leader", "what": "supervise"}
    assert "leader (supervise)" in error.text


@pytest.mark.parametrize(
    ("name", "args", "code", "field"),
    [
        ("case.take", {"case": "x"}, "missing_field", "handler"),
        ("case.suspend", {"case": "x", "note": "n"}, "missing_field", "until"),
        ("case.appeal_decide", {"case": "x"}, "missing_field", "granted"),
        ("case.return", {"case": "x", "note": "n" * 501}, "too_long", "note"),
        ("case.amend", {"case": "x", "colour": "red"}, "unknown_field", "colour"),
        ("case.register", {"case": "x"}, "unknown_case", "case"),
    ],
)
def test_bad_arguments_name_the_field(
    desk: OrderDesk, name: str, args: dict[str, object], code: str, field: str
) -> None:
    error = desk.refuse(name, args)
    assert (error.code, error.field) == (code, field)


def test_another_calendar_is_applied_to_open_cases_at_the_start(desk: OrderDesk) -> None:
    slow = replace(
        desk.catalogue.categories["other"], limit=TimeLimit(amount=2, unit="working_days")
    )
    desk.catalogue.categories["slow"] = slow
    case = desk.case(category="slow")
    assert case.calendar == desk.calendar.version
    desk.calendar = Calendar(CalendarFile(periods=("08:00-16:00",), rest_days=()))
    desk.pass_time(0)
    moved = desk.world.cases[case.id]
    assert moved.calendar == desk.calendar.version
    assert moved.deadline_at != case.deadline_at
    assert (moved.flow[-1].action, moved.flow[-1].actor) == ("recompute", "system")
    before = desk.world.offset
    desk.pass_time(0)
    assert desk.world.offset == before

"""Orders end to end without a hub: decide, fold, look at the world."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from services.access.roles import GRANTS, RIGHTS
from services.alarms import logic as alarms
from services.domain.errors import KnownError
from services.domain.events import OperatorActed
from services.domain.model import Alarm, Entity, Severity
from services.hub.commands import COMMANDS
from tests.services.commands.desks import OrderDesk
from tests.services.small_city import CENTRE, NOW, OTHER, sensor, team
from tests.services.small_city import warehouse as store


class Desk(OrderDesk):
    """A desk with two teams, pumps and a sensor."""

    def __init__(self) -> None:
        super().__init__()
        self.add(team("a"), team("b", 0.01), store("w"), sensor())
        self.stock("warehouse:w", "pump", 5)

    def alarm(self, rule: str = "level_high") -> Alarm:
        signal = alarms.Signal(
            source="rule",
            rule=rule,
            object_id="sensor:s1",
            severity=Severity.CRITICAL,
            value=4.2,
            limit=4.0,
        )
        changed = alarms.raise_(signal, self.clock())
        self.fold([changed])
        return changed.alarm


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_every_command_is_granted_to_somebody_and_no_grant_is_void() -> None:
    granted = set().union(*GRANTS.values()) - RIGHTS
    assert granted == set(COMMANDS)


def test_an_unknown_command_is_refused(desk: Desk) -> None:
    assert desk.refuse("case.burn", {}).code == "unknown_command"


# -- the whole road -------------------------------------------------------------------
def test_from_click_to_closing(desk: Desk) -> None:
    case = desk.case(title="莫家街积水", address="莫家街口")
    assert (case.state, case.severity, case.radius_m) == ("pending_dispatch", 3, 2_000.0)
    assert (case.department, case.source, case.deadline_at) == ("water", "operator", NOW + 7_200)

    dispatch = desk.sent(case, "team:a", "team:b", stock={"pump": 3})
    assert desk.world.cases[case.id].state == "handling"
    assert desk.world.cases[case.id].dispatch_ids == (dispatch.id,)
    assert (dispatch.by, dispatch.seat, dispatch.case_id) == ("值班员甲", "A1", case.id)
    assert dispatch.tasks[0].distance_m == 0.0
    assert dispatch.tasks[1].distance_m == pytest.approx(894.3, abs=1.0)
    assert desk.world.stock["warehouse:w/pump"].free == 2
    assert [desk.world.entities[f"team:{t}"].state for t in "ab"] == ["busy", "busy"]

    desk.report(dispatch, 1, "accepted", "en_route", "arrived", "done")
    assert [desk.world.entities[f"team:{t}"].state for t in "ab"] == ["idle", "busy"]
    assert desk.world.cases[case.id].state == "handling"
    assert desk.refuse("case.close", {"case": case.id}).code == "wrong_state"
    assert desk.refuse("case.hand_back", {"case": case.id}).code == "open_tasks"

    desk.report(dispatch, 2, "accepted", "en_route", "arrived", "done")
    after = desk.world.cases[case.id]
    assert (after.state, after.handed_back_at) == ("pending_check", NOW)
    line = desk.world.stock["warehouse:w/pump"]
    assert (line.on_hand, line.reserved) == (2, 0)
    assert desk.world.dispatches[dispatch.id].state == "done"

    desk.do("case.close", {"case": case.id, "note": "已核查"})
    closed = desk.world.cases[case.id]
    assert (closed.state, closed.closed_at) == ("closed", NOW)
    assert [s.action for s in closed.flow] == [
        "report",
        "register",
        "dispatch",
        "finish",
        "hand_back",
        "check",
        "close",
    ]
    assert [s.actor for s in closed.flow] == [
        *(["值班员甲"] * 3),
        *(["处置队伍"] * 2),
        *(["值班员甲"] * 2),
    ]


def test_recalling_frees_teams_and_stock_and_the_case_waits_again(desk: Desk) -> None:
    case = desk.case()
    dispatch = desk.sent(case, "team:a", stock={"pump": 5})
    desk.do("dispatch.recall", {"dispatch": dispatch.id, "note": "误报"})
    assert desk.world.dispatches[dispatch.id].state == "recalled"
    assert desk.world.stock["warehouse:w/pump"].free == 5
    assert desk.world.entities["team:a"].state == "idle"
    assert desk.world.cases[case.id].state == "pending_dispatch"
    assert desk.world.cases[case.id].flow[-1].note == "误报"
    desk.do("case.void", {"case": case.id, "note": "误报"})
    assert desk.world.cases[case.id].state == "voided"


def test_a_case_with_two_dispatches_is_handed_back_with_the_last(desk: Desk) -> None:
    case = desk.case()
    first = desk.sent(case, "team:a", stock={"pump": 1})
    second = desk.sent(desk.world.cases[case.id], "team:b")
    desk.report(first, 1, "accepted", "en_route", "arrived", "done")
    assert desk.world.cases[case.id].state == "handling"
    desk.report(second, 1, "declined")
    desk.do("dispatch.recall", {"dispatch": second.id})  # nor the other one that is proposed
    assert desk.world.cases[case.id].state == "pending_check"
    assert desk.world.dispatches[second.id].state == "recalled"


def test_when_everybody_declines_the_case_waits_again(desk: Desk) -> None:
    case = desk.case()
    dispatch = desk.sent(case, "team:a")
    desk.report(dispatch, 1, "accepted", "declined")
    proposed = desk.world.dispatches[dispatch.id].tasks[1]
    assert (proposed.entity_id, proposed.state) == ("team:b", "proposed")
    assert desk.world.cases[case.id].state == "handling"
    desk.do("dispatch.confirm", {"dispatch": dispatch.id, "task": proposed.id})
    assert desk.world.entities["team:b"].state == "busy"
    desk.report(dispatch, 2, "declined")  # nobody is left to ask
    assert desk.world.dispatches[dispatch.id].state == "recalled"
    assert desk.world.cases[case.id].state == "pending_dispatch"
    assert desk.world.entities["team:a"].state == "idle"


def test_work_found_undone_is_dispatched_again(desk: Desk) -> None:
    case = desk.case()
    desk.report(desk.sent(case, "team:a"), 1, "accepted", "en_route", "arrived", "done")
    again = desk.sent(desk.world.cases[case.id], "team:a")
    assert desk.world.cases[case.id].state == "handling"
    assert desk.world.cases[case.id].handed_back_at is None
    desk.do("dispatch.recall", {"dispatch": again.id})
    assert desk.world.cases[case.id].state == "pending_check"


def test_reports_for_a_case_that_was_closed_elsewhere_settle_the_dispatch_only(
    desk: Desk,
) -> None:
    case = desk.case()
    dispatch = desk.sent(case, "team:a", "team:b", stock={"pump": 1})
    desk.world.cases[case.id] = replace(desk.world.cases[case.id], state="closed")
    desk.report(dispatch, 1, "declined")
    desk.report(dispatch, 2, "declined")
    assert desk.world.cases[case.id].state == "closed"
    assert desk.world.stock["warehouse:w/pump"].free == 5


# -- refusals of a dispatch -------------------------------------------------------------
def test_a_dispatch_that_cannot_be_is_refused_with_the_reason(desk: Desk) -> None:
    case = desk.case()
    desk.add(Entity(id="camera:1", kind="camera", name="c", lon=0.0, lat=0.0))

    def send(tasks: list[str], pumps: int = 0, case_id: str = case.id) -> KnownError:
        stock = [{"warehouse": "warehouse:w", "item": "pump", "quantity": pumps}] if pumps else []
        return desk.refuse(
            "dispatch.send",
            {"case": case_id, "tasks": [{"entity": t} for t in tasks], "stock": stock},
        )

    assert send(["team:a"], pumps=6).params["free"] == 5
    assert send(["team:x"]).code == "unknown_object"
    assert send(["camera:1"]).code == "not_dispatchable"
    assert send([]).code == "no_task"
    assert send(["team:a"], case_id="0").code == "unknown_case"
    desk.sent(case, "team:a")
    busy = send(["team:a"])
    assert (busy.code, busy.params["name"]) == ("busy", "a")
    other = desk.case()
    desk.do("case.void", {"case": other.id, "note": "n"})
    assert send(["team:b"], case_id=other.id).code == "wrong_state"


def test_what_one_officer_has_promised_the_other_cannot(desk: Desk) -> None:
    desk.sent(desk.case(), "team:a", stock={"pump": 3})
    case = desk.case()
    stock = [{"warehouse": "warehouse:w", "item": "pump", "quantity": 3}]
    args = {"case": case.id, "tasks": [{"entity": "team:b"}], "stock": stock}
    error = desk.refuse("dispatch.send", args, actor=OTHER)
    assert error.code == "stock_short"
    assert error.params == {"warehouse": "warehouse:w", "item": "pump", "free": 2, "wanted": 3}


def test_things_without_a_busy_state_or_a_place_can_be_sent_too(desk: Desk) -> None:
    engine = Entity(id="engine:1", kind="engine", name="消防车")
    desk.add(engine)
    dispatch = desk.sent(desk.case(), "engine:1")
    assert dispatch.tasks[0].distance_m is None
    assert desk.world.entities["engine:1"].state == ""


def test_a_team_that_was_deleted_meanwhile_does_not_block_the_recall(desk: Desk) -> None:
    dispatch = desk.sent(desk.case(), "team:a")
    del desk.world.entities["team:a"]
    desk.do("dispatch.recall", {"dispatch": dispatch.id})
    assert desk.world.dispatches[dispatch.id].state == "recalled"


@pytest.mark.parametrize("name", ["dispatch.recall", "dispatch.confirm", "task.update"])
def test_a_dispatch_that_is_not_there_is_refused(desk: Desk, name: str) -> None:
    args = {"dispatch": "dispatch:0"}
    if name != "dispatch.recall":
        args |= {"task": "t"}
    if name == "task.update":
        args |= {"state": "accepted"}
    assert desk.refuse(name, args).code == "unknown_dispatch"


# -- versions -------------------------------------------------------------------------
def test_an_older_version_seen_is_a_conflict_that_names_who_changed_it(desk: Desk) -> None:
    case = desk.case()
    desk.sent(case, "team:a")
    error = desk.refuse(
        "case.void", {"case": case.id, "note": "n"}, actor=OTHER, expect_version=case.version
    )
    assert error.code == "version_conflict"
    assert error.params == {"version": 2, "expected": 1, "by": "值班员甲", "what": "dispatch"}
    for name, args, version in (
        ("dispatch.send", {"case": case.id, "tasks": [{"entity": "team:b"}]}, 1),
        ("dispatch.recall", {"dispatch": desk.world.cases[case.id].dispatch_ids[0]}, 7),
    ):
        assert desk.refuse(name, args, expect_version=version).code == "version_conflict"


def test_the_version_seen_lets_the_order_pass(desk: Desk) -> None:
    case = desk.case()
    desk.do("case.void", {"case": case.id, "note": "n"}, expect_version=1)
    assert desk.world.cases[case.id].state == "voided"


# -- alarms ---------------------------------------------------------------------------
def test_acknowledging(desk: Desk) -> None:
    alarm = desk.alarm()
    desk.do("alarm.acknowledge", {"alarm": alarm.key, "note": "已看"})
    standing = desk.world.alarms[alarm.key]
    assert (standing.ack_by, standing.ack_seat, standing.ack_note) == ("值班员甲", "A1", "已看")
    error = desk.refuse("alarm.acknowledge", {"alarm": alarm.key}, actor=OTHER)
    assert (error.code, error.params["by"]) == ("already_acknowledged", "值班员甲")
    assert desk.refuse("alarm.acknowledge", {"alarm": "x"}).code == "unknown_alarm"


def test_one_action_makes_a_case_of_an_alarm_with_everything_filled_in(desk: Desk) -> None:
    square = ((101.0, 36.0), (103.0, 36.0), (103.0, 37.0), (101.0, 37.0), (101.0, 36.0))
    small = ((101.7, 36.6), (101.8, 36.6), (101.8, 36.7), (101.7, 36.7), (101.7, 36.6))
    desk.add(
        Entity(id="grid:big", kind="grid", name="全区", geometry=(square,)),
        Entity(id="grid:cell", kind="grid", name="东关 12 格", geometry=(small,)),
        Entity(id="grid:bare", kind="grid", name="未测", geometry=None),
        Entity(id="grid:hole", kind="grid", name="环", geometry=(small, small)),
    )
    alarm = desk.alarm()
    case = desk.world.cases[desk.do("alarm.to_case", {"alarm": alarm.key})["case"]]
    assert (case.category, case.department, case.deadline_at) == ("flood", "water", NOW + 7_200)
    assert (case.grid_id, case.address) == ("grid:cell", "东关 12 格")
    assert (case.lon, case.lat, case.severity) == (*CENTRE, Severity.CRITICAL)
    assert case.title == "street flooding（中） sensor s1"
    assert case.alarm_key == alarm.key
    assert case.attrs["alarm_value"] == 4.2
    assert desk.world.alarms[alarm.key].case_id == case.id
    error = desk.refuse("alarm.to_case", {"alarm": alarm.key})
    assert (error.code, error.params["case"]) == ("already_linked", case.id)


def test_an_alarm_that_suggests_no_category_needs_one(desk: Desk) -> None:
    alarm = desk.alarm(rule="of no pack")
    error = desk.refuse("alarm.to_case", {"alarm": alarm.key})
    assert (error.code, error.field) == ("missing_field", "category")
    args = {"alarm": alarm.key, "category": "other", "title": "看一看"}
    case = desk.world.cases[desk.do("alarm.to_case", args)["case"]]
    assert (case.category, case.title) == ("other", "看一看")


def test_an_alarm_of_a_thing_that_nobody_knows_still_makes_a_case(desk: Desk) -> None:
    signal = alarms.Signal(source="x", object_id="nothing", severity=Severity.MINOR, text="smoke")
    changed = alarms.raise_(signal, NOW)
    desk.fold([changed])
    args = {"alarm": changed.alarm.key, "category": "other"}
    case = desk.world.cases[desk.do("alarm.to_case", args)["case"]]
    assert (case.lon, case.grid_id, case.title) == (None, "", "other（中） smoke")


# -- arguments ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("args", "code", "field"),
    [
        ({}, "missing_field", "category"),
        ({"category": "flood", "lon": 101.7}, "missing_field", "lat"),
        ({"category": "flood", "lon": "101", "lat": 36}, "wrong_type", "lon"),
        ({"category": "flood", "lon": 36.6, "lat": 101.7}, "swapped", "lat"),
        ({"category": "flood", "lon": 181.0, "lat": 36.6}, "out_of_range", "lon"),
        ({"category": "flood", "lon": float("nan"), "lat": 36.6}, "not_finite", "lon"),
        ({"category": "none", "lon": 101.7, "lat": 36.6}, "unknown_category", "category"),
        (
            {"category": "flood", "lon": 101.7, "lat": 36.6, "radius_m": 0},
            "out_of_range",
            "radius_m",
        ),
        (
            {"category": "flood", "lon": 101.7, "lat": 36.6, "radius_m": float("nan")},
            "out_of_range",
            "radius_m",
        ),
        (
            {"category": "flood", "lon": 101.7, "lat": 36.6, "severity": 9},
            "out_of_range",
            "severity",
        ),
        ({"category": "flood", "lon": 101.7, "lat": 36.6, "colour": 1}, "unknown_field", "colour"),
        (
            {"category": "flood", "lon": 101.7, "lat": 36.6, "title": "a\u202eb"},
            "bad_character",
            "title",
        ),
        (
            {"category": "flood", "lon": 101.7, "lat": 36.6, "title": "x" * 201},
            "too_long",
            "title",
        ),
    ],
)
def test_bad_arguments_name_the_field(
    desk: Desk, args: dict[str, Any], code: str, field: str
) -> None:
    error = desk.refuse("case.create", args)
    assert (error.code, error.field) == (code, field)


def test_given_values_win_over_those_of_the_category(desk: Desk) -> None:
    case = desk.case(severity=4, radius_m=350.0, title=" 标题 ")
    assert (case.severity, case.radius_m, case.title) == (4, 350.0, "标题")


def test_a_remark_is_part_of_the_story(desk: Desk) -> None:
    desk.do(
        "operator.note", {"name": "broadcast", "subject": "x", "detail": {"text": "撤离", "n": 2}}
    )
    body = desk.events[-1].body
    assert isinstance(body, OperatorActed)
    assert (body.name, body.actor, body.seat, body.subject) == ("broadcast", "值班员甲", "A1", "x")
    assert body.detail == {"text": "撤离", "n": 2}
    nan = {"name": "n", "detail": {"f": float("nan")}}
    assert desk.refuse("operator.note", nan).code == "not_finite"
    bidi = {"name": "n", "detail": {"f": "\u202e"}}
    assert desk.refuse("operator.note", bidi).field == "detail.f"
    assert (
        desk.refuse("operator.note", {"name": "n", "detail": {"f": 2**60}}).code == "out_of_range"
    )

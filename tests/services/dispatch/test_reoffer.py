"""A declined or silent task is offered again: whom, when, and what an officer's word does."""

from __future__ import annotations

from typing import Any

import pytest

from services.dispatch.reoffer import ACCEPT_WITHIN_S
from services.domain.model import Dispatch, Link, Task
from tests.services.commands.desks import OrderDesk
from tests.services.small_city import NOW, team, warehouse


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.add(team("a"), team("b", 0.01), team("c", 0.05), warehouse("w"), warehouse("v", 0.02))
    desk.stock("warehouse:w", "pump", 5)
    return desk


def proposed(desk: OrderDesk, dispatch: Dispatch) -> list[Task]:
    return [t for t in desk.world.dispatches[dispatch.id].tasks if t.state == "proposed"]


def word(desk: OrderDesk, name: str, dispatch: Dispatch, task: Task, **more: Any) -> Dispatch:
    desk.do(f"dispatch.{name}", {"dispatch": dispatch.id, "task": task.id, **more})
    return desk.world.dispatches[dispatch.id]


def test_the_next_candidate_is_proposed_and_sent_with_one_word(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a", stock={"pump": 2})
    dispatch = desk.report(dispatch, 1, "declined", note="车坏了")
    (task,) = proposed(desk, dispatch)
    assert (task.entity_id, task.replaces, task.distance_m) == (
        "team:b",
        f"{dispatch.id}/1",
        pytest.approx(894.3, abs=1.0),
    )
    assert desk.world.entities["team:a"].state == "idle"
    assert desk.world.entities["team:b"].state == "idle"  # asked is the officer, not the team
    assert desk.world.stock["warehouse:w/pump"].reserved == 2
    dispatch = word(desk, "confirm", dispatch, task)
    sent = dispatch.tasks[1]
    assert (sent.state, sent.actors["sent"], sent.times["sent"]) == ("sent", "值班员甲", NOW)
    assert desk.world.entities["team:b"].state == "busy"
    assert dispatch.tasks[0].actors == {"sent": "值班员甲", "declined": "处置队伍"}


@pytest.mark.parametrize(
    "unfit",
    [
        {"link": Link.OFFLINE},
        {"state": "busy"},
        {"attrs": {"speciality": "power"}},
    ],
)
def test_who_cannot_go_is_not_proposed(desk: OrderDesk, unfit: dict[str, Any]) -> None:
    desk.add(team("b", 0.01, **unfit))
    dispatch = desk.report(desk.sent(desk.case(), "team:a"), 1, "declined")
    assert [t.entity_id for t in proposed(desk, dispatch)] == ["team:c"]


def test_among_teams_about_as_near_the_less_loaded_goes(desk: OrderDesk) -> None:
    desk.add(team("d", 0.004), team("e", 0.008))
    done = desk.sent(desk.case(), "team:d")
    desk.report(done, 1, "accepted", "en_route", "arrived", "done")
    dispatch = desk.report(desk.sent(desk.case(), "team:a"), 1, "declined")
    assert [t.entity_id for t in proposed(desk, dispatch)] == ["team:e"]


def test_a_team_on_another_task_is_not_proposed_nor_sent(desk: OrderDesk) -> None:
    other = desk.case()
    dispatch = desk.report(desk.sent(desk.case(), "team:a"), 1, "declined")
    (task,) = proposed(desk, dispatch)
    desk.sent(other, "team:b")
    error = desk.refuse("dispatch.confirm", {"dispatch": dispatch.id, "task": task.id})
    assert (error.code, error.params["name"]) == ("busy", "b")
    word(desk, "skip", dispatch, task)
    assert [t.entity_id for t in proposed(desk, dispatch)] == ["team:c"]


def test_skipping_to_the_last_ends_the_dispatch(desk: OrderDesk) -> None:
    case = desk.case()
    dispatch = desk.report(desk.sent(case, "team:a", stock={"pump": 5}), 1, "declined")
    for expected in ("team:b", "team:c"):
        (task,) = proposed(desk, dispatch)
        assert task.entity_id == expected
        dispatch = word(desk, "skip", dispatch, task, note="太远")
    assert dispatch.state == "recalled"
    assert desk.world.stock["warehouse:w/pump"].free == 5
    assert desk.world.cases[case.id].state == "pending_dispatch"


def test_a_silent_team_is_marked_and_somebody_else_proposed(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a")
    desk.pass_time(ACCEPT_WITHIN_S - 1)
    assert proposed(desk, dispatch) == []
    desk.pass_time(1)
    desk.pass_time(100)  # once
    (task,) = proposed(desk, dispatch)
    first = desk.world.dispatches[dispatch.id].tasks[0]
    assert (first.state, first.silent_at) == ("sent", NOW + ACCEPT_WITHIN_S)
    dispatch = word(desk, "confirm", dispatch, task)
    assert [t.state for t in dispatch.tasks] == ["recalled", "sent"]
    assert desk.world.entities["team:a"].state == "idle"


def test_a_silent_team_that_answers_after_all_keeps_its_task(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a")
    desk.pass_time(ACCEPT_WITHIN_S)
    assert len(proposed(desk, dispatch)) == 1
    dispatch = desk.report(dispatch, 1, "accepted")
    assert [t.state for t in dispatch.tasks] == ["accepted", "recalled"]


def test_a_silent_team_that_declines_does_not_bring_a_second_proposal(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a")
    desk.pass_time(ACCEPT_WITHIN_S)
    dispatch = desk.report(dispatch, 1, "declined")
    assert [t.entity_id for t in proposed(desk, dispatch)] == ["team:b"]


def test_one_team_is_called_back_and_the_others_go_on(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a", "team:b")
    first = dispatch.tasks[0]
    dispatch = word(desk, "recall", dispatch, first, note="够了")
    assert [t.state for t in dispatch.tasks] == ["recalled", "sent"]
    assert (dispatch.state, desk.world.entities["team:a"].state) == ("sent", "idle")
    error = desk.refuse("dispatch.recall", {"dispatch": dispatch.id, "task": first.id})
    assert error.code == "wrong_state"
    error = desk.refuse("dispatch.confirm", {"dispatch": dispatch.id, "task": first.id})
    assert error.code == "wrong_state"


# -- what was really used ---------------------------------------------------------------
def used(number: int, item: str = "pump") -> list[dict[str, object]]:
    return [{"warehouse": "warehouse:w", "item": item, "quantity": number}]


def test_what_was_not_used_is_free_again(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a", "team:b", stock={"pump": 4})
    desk.report(dispatch, 1, "accepted", "en_route", "arrived", "done", used=used(1))
    dispatch = desk.report(dispatch, 2, "accepted", "en_route", "arrived", "done", used=used(2))
    line = desk.world.stock["warehouse:w/pump"]
    assert (line.on_hand, line.reserved) == (2, 0)
    assert [(r.used, r.state) for r in dispatch.reservations] == [(3, "consumed")]


def test_nothing_used_is_said_too(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a", stock={"pump": 4})
    dispatch = desk.report(dispatch, 1, "accepted", "en_route", "arrived", "done", used=[])
    assert desk.world.stock["warehouse:w/pump"].on_hand == 5
    assert [(r.used, r.state) for r in dispatch.reservations] == [(0, "released")]


def test_no_more_is_used_than_was_promised(desk: OrderDesk) -> None:
    dispatch = desk.sent(desk.case(), "team:a", stock={"pump": 2})
    desk.report(dispatch, 1, "accepted", "en_route", "arrived")
    for lines in (used(3), used(1, "bag")):
        args = {
            "dispatch": dispatch.id,
            "task": f"{dispatch.id}/1",
            "state": "done",
            "used": lines,
        }
        assert desk.refuse("task.update", args).code == "not_promised"


# -- stock moves --------------------------------------------------------------------------
def test_stock_moves_between_warehouses(desk: OrderDesk) -> None:
    desk.sent(desk.case(), "team:a", stock={"pump": 2})
    args = {"warehouse": "warehouse:w", "to": "warehouse:v", "item": "pump", "quantity": 3}
    desk.do("stock.move", args)
    assert desk.world.stock["warehouse:w/pump"].free == 0
    assert desk.world.stock["warehouse:v/pump"].free == 3
    assert desk.refuse("stock.move", args).code == "stock_short"
    assert desk.refuse("stock.move", {**args, "to": "warehouse:w"}).code == "same_place"
    assert desk.refuse("stock.move", {**args, "to": "team:a"}).code == "unknown_object"

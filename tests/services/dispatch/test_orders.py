"""The life of a dispatch on its own: reservations, tasks, recall."""

from __future__ import annotations

import pytest

from services.dispatch import logic
from services.domain.errors import KnownError
from services.domain.model import Dispatch, Entity, StockLine, Task, TaskState

NOW = 1_000.0
A = Entity(id="team:a", kind="team", name="甲队")
B = Entity(id="team:b", kind="team", name="乙队")


def stock(**on_hand: int) -> dict[str, StockLine]:
    lines = [StockLine(warehouse_id="w", item=i, on_hand=n) for i, n in on_hand.items()]
    return {line.key: line for line in lines}


def line(item: str, quantity: int, warehouse: str = "w") -> logic.Line:
    return logic.Line(warehouse=warehouse, item=item, quantity=quantity)


def send(
    shelf: dict[str, StockLine],
    *lines: logic.Line,
    teams: tuple[Entity, ...] = (A, B),
    busy: dict[str, str] | None = None,
) -> logic.Outcome:
    outcome = logic.send(
        id_="dispatch:1",
        case_id="c",
        by="甲",
        seat="A1",
        now=NOW,
        picks=[logic.Pick(entity=t, distance_m=10.0) for t in teams],
        lines=lines,
        stock=shelf,
        busy=busy or {},
        note="快",
    )
    shelf.update((s.key, s) for s in outcome.stock)
    return outcome


def report(
    dispatch: Dispatch, shelf: dict[str, StockLine], number: int, *states: TaskState
) -> logic.Outcome:
    outcome = logic.Outcome(dispatch=dispatch)
    for state in states:
        outcome = logic.update_task(
            outcome.dispatch, f"dispatch:1/{number}", state, shelf, NOW + 1, f"{state}!"
        )
        shelf.update((s.key, s) for s in outcome.stock)
    return outcome


def test_sending_promises_stock_and_gives_every_team_a_task() -> None:
    shelf = stock(pump=5, bag=100)
    outcome = send(shelf, line("pump", 2), line("bag", 100))
    assert [(t.id, t.entity_id, t.name, t.state) for t in outcome.dispatch.tasks] == [
        ("dispatch:1/1", "team:a", "甲队", "sent"),
        ("dispatch:1/2", "team:b", "乙队", "sent"),
    ]
    assert (shelf["w/pump"].reserved, shelf["w/pump"].free) == (2, 3)
    assert (shelf["w/bag"].reserved, shelf["w/bag"].on_hand) == (100, 100)
    assert logic.busy_with([outcome.dispatch]) == {"team:a": "dispatch:1", "team:b": "dispatch:1"}
    assert logic.open_tasks([outcome.dispatch]) == 2


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([line("pump", 6)], "stock_short"),
        ([line("pump", 3), line("pump", 3)], "stock_short"),
        ([line("bag", 1)], "unknown_stock"),
        ([line("pump", 1, "elsewhere")], "unknown_stock"),
        ([line("pump", 0)], "out_of_range"),
        ([line("pump", -2)], "out_of_range"),
    ],
)
def test_stock_that_cannot_be_promised_refuses_the_whole(
    lines: list[logic.Line], code: str
) -> None:
    shelf = stock(pump=5)
    with pytest.raises(KnownError) as caught:
        send(shelf, *lines)
    assert (caught.value.code, caught.value.field) == (code, "stock")
    assert shelf == stock(pump=5)


def test_a_shortage_says_where_and_how_much_there_is() -> None:
    with pytest.raises(KnownError) as caught:
        send(stock(pump=5), line("pump", 6))
    assert caught.value.params == {"warehouse": "w", "item": "pump", "free": 5, "wanted": 6}


def test_nobody_to_send_or_the_same_twice_or_busy_is_refused() -> None:
    for teams, busy, code in (
        ((), {}, "no_task"),
        ((A, A), {}, "duplicate"),
        ((A, B), {"team:b": "dispatch:0"}, "busy"),
    ):
        with pytest.raises(KnownError) as caught:
            send(stock(), teams=teams, busy=busy)
        assert (caught.value.code, caught.value.field) == (code, "tasks")


EVERY: tuple[TaskState, ...] = logic.TASK_STATES
ALLOWED = {
    ("sent", "accepted"),
    ("sent", "declined"),
    ("accepted", "en_route"),
    ("accepted", "declined"),
    ("en_route", "arrived"),
    ("en_route", "declined"),
    ("arrived", "done"),
}


@pytest.mark.parametrize("wanted", EVERY)
@pytest.mark.parametrize("state", EVERY)
def test_every_cell_of_task_states(state: TaskState, wanted: TaskState) -> None:
    task = Task(id="dispatch:1/1", entity_id="team:a", name="a", state=state)
    other = Task(id="dispatch:1/2", entity_id="team:b", name="b")
    dispatch = Dispatch(
        id="dispatch:1", case_id="c", by="甲", seat="", created_at=0, tasks=(task, other)
    )
    if (state, wanted) not in ALLOWED:
        with pytest.raises(KnownError) as caught:
            logic.update_task(dispatch, task.id, wanted, {}, NOW)
        assert (caught.value.code, caught.value.field) == ("wrong_state", "state")
        return
    outcome = logic.update_task(dispatch, task.id, wanted, {}, NOW, "n")
    moved, untouched = outcome.dispatch.tasks
    assert (moved.state, moved.times[wanted], moved.note) == (wanted, NOW, "n")
    assert untouched == other
    assert outcome.dispatch.version == dispatch.version + 1
    assert outcome.dispatch.state == "sent"
    assert outcome.freed == (("team:a",) if wanted in ("done", "declined") else ())


def test_done_uses_the_stock_up() -> None:
    shelf = stock(pump=5)
    dispatch = send(shelf, line("pump", 2), line("pump", 1)).dispatch
    first = report(dispatch, shelf, 1, "accepted", "en_route", "arrived", "done")
    assert first.dispatch.state == "sent"
    assert shelf["w/pump"].reserved == 3
    last = report(first.dispatch, shelf, 2, "declined")
    assert last.dispatch.state == "done"
    assert {r.state for r in last.dispatch.reservations} == {"consumed"}
    assert (shelf["w/pump"].on_hand, shelf["w/pump"].reserved) == (2, 0)
    assert last.task_id == "dispatch:1/2"


def test_when_all_decline_the_stock_is_free_again() -> None:
    shelf = stock(pump=5)
    dispatch = send(shelf, line("pump", 2)).dispatch
    first = report(dispatch, shelf, 1, "declined")
    last = report(first.dispatch, shelf, 2, "accepted", "declined")
    assert last.dispatch.state == "recalled"
    assert shelf == stock(pump=5)
    assert {r.state for r in last.dispatch.reservations} == {"released"}


def test_recalling_frees_the_stock_and_only_those_still_on_it() -> None:
    shelf = stock(pump=5)
    dispatch = send(shelf, line("pump", 2)).dispatch
    half = report(dispatch, shelf, 1, "accepted", "en_route", "arrived", "done").dispatch
    outcome = logic.recall(half, shelf, NOW + 9, "雨停")
    assert outcome.freed == ("team:b",)
    assert [t.state for t in outcome.dispatch.tasks] == ["done", "recalled"]
    assert outcome.dispatch.note == "雨停"
    assert {s.key: s for s in outcome.stock} == stock(pump=5)
    assert logic.recall(half, shelf, NOW, "").dispatch.note == "快"


def test_an_ended_dispatch_takes_nothing_more() -> None:
    shelf = stock()
    ended = logic.recall(send(shelf).dispatch, shelf, NOW, "").dispatch
    for act in (
        lambda: logic.recall(ended, shelf, NOW, ""),
        lambda: logic.update_task(ended, "dispatch:1/1", "accepted", shelf, NOW),
    ):
        with pytest.raises(KnownError) as caught:
            act()
        assert caught.value.code == "wrong_state"
    assert logic.busy_with([ended]) == {}


def test_a_task_that_is_not_there_is_named() -> None:
    dispatch = send(stock()).dispatch
    with pytest.raises(KnownError, match="dispatch:1/9") as caught:
        logic.update_task(dispatch, "dispatch:1/9", "accepted", {}, NOW)
    assert caught.value.code == "unknown_task"

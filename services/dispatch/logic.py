"""Orders and promises: sending, recalling and finishing a dispatch. Pure; time is passed in.

Stock is promised in the same decision as the order, so two officers never promise the same pump:
a promise raises ``reserved``, and ``reserved`` never exceeds ``on_hand``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from msgspec.structs import replace

from services.domain.errors import KnownError
from services.domain.model import Dispatch, Entity, Record, Reservation, StockLine, Task, TaskState

OPEN_TASKS: frozenset[TaskState] = frozenset({"sent", "accepted", "en_route", "arrived"})
TASK_STATES: tuple[TaskState, ...] = get_args(TaskState)

NEXT_TASK: dict[TaskState, frozenset[TaskState]] = {
    "sent": frozenset({"accepted", "declined"}),
    "accepted": frozenset({"en_route", "declined"}),
    "en_route": frozenset({"arrived", "declined"}),
    "arrived": frozenset({"done"}),
    "done": frozenset(),
    "declined": frozenset(),
    "recalled": frozenset(),
}
"""What a team may report next; recalling is the officer's, see ``recall``."""


class Line(Record, frozen=True, kw_only=True):
    """So many of an item from one warehouse."""

    warehouse: str
    item: str
    quantity: int


class Pick(Record, frozen=True, kw_only=True):
    """One team asked, with its distance to the case in metres where both are located."""

    entity: Entity
    distance_m: float | None = None


class Outcome(Record, frozen=True, kw_only=True):
    """A dispatch as it is now, the stock lines that changed and the teams that are free again."""

    dispatch: Dispatch
    stock: tuple[StockLine, ...] = ()
    freed: tuple[str, ...] = ()
    task_id: str = ""


def busy_with(dispatches: Iterable[Dispatch]) -> dict[str, str]:
    """Entity id → id of the dispatch on which it has an open task."""
    return {
        task.entity_id: dispatch.id
        for dispatch in dispatches
        if dispatch.state == "sent"
        for task in dispatch.tasks
        if task.state in OPEN_TASKS
    }


def open_tasks(dispatches: Iterable[Dispatch]) -> int:
    """How many tasks of these dispatches are still open."""
    return sum(task.state in OPEN_TASKS for dispatch in dispatches for task in dispatch.tasks)


def reserve(stock: Mapping[str, StockLine], lines: Iterable[Line]) -> list[StockLine]:
    """The stock lines after promising ``lines``; KnownError ``unknown_stock``, ``stock_short``.

    All or nothing: the first line that falls short refuses the whole.
    """
    wanted: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.quantity < 1:
            raise KnownError("out_of_range", "A quantity must be at least 1.", field="stock")
        where = (line.warehouse, line.item)
        wanted[where] = wanted.get(where, 0) + line.quantity
    changed = []
    for (warehouse, item), quantity in wanted.items():
        standing = stock.get(StockLine(warehouse_id=warehouse, item=item, on_hand=0).key)
        if standing is None:
            raise KnownError(
                "unknown_stock",
                f"Warehouse {warehouse} has no {item}.",
                field="stock",
                params={"warehouse": warehouse, "item": item},
            )
        if standing.free < quantity:
            raise KnownError(
                "stock_short",
                f"Warehouse {warehouse} has {standing.free} {item} free, not {quantity}.",
                field="stock",
                params={
                    "warehouse": warehouse,
                    "item": item,
                    "free": standing.free,
                    "wanted": quantity,
                },
            )
        changed.append(replace(standing, reserved=standing.reserved + quantity))
    return changed


def send(
    *,
    id_: str,
    case_id: str,
    by: str,
    seat: str,
    now: float,
    picks: Iterable[Pick],
    lines: Iterable[Line],
    stock: Mapping[str, StockLine],
    busy: Mapping[str, str],
    note: str = "",
) -> Outcome:
    """A new order; KnownError ``no_task``, ``duplicate``, ``busy`` or those of ``reserve``."""
    tasks: list[Task] = []
    seen: set[str] = set()
    for pick in picks:
        team = pick.entity
        if team.id in seen:
            raise KnownError("duplicate", f"{team.name} is chosen twice.", field="tasks")
        seen.add(team.id)
        if team.id in busy:
            raise KnownError(
                "busy",
                f"{team.name} is already on dispatch {busy[team.id]}.",
                field="tasks",
                params={"entity": team.id, "name": team.name, "dispatch": busy[team.id]},
            )
        tasks.append(
            Task(
                id=f"{id_}/{len(tasks) + 1}",
                entity_id=team.id,
                name=team.name,
                times={"sent": now},
                distance_m=pick.distance_m,
            )
        )
    if not tasks:
        raise KnownError("no_task", "Choose at least one team.", field="tasks")
    lines = tuple(lines)
    reserved = reserve(stock, lines)
    dispatch = Dispatch(
        id=id_,
        case_id=case_id,
        by=by,
        seat=seat,
        created_at=now,
        tasks=tuple(tasks),
        reservations=tuple(
            Reservation(warehouse_id=n.warehouse, item=n.item, quantity=n.quantity) for n in lines
        ),
        note=note,
    )
    return Outcome(dispatch=dispatch, stock=tuple(reserved))


def recall(dispatch: Dispatch, stock: Mapping[str, StockLine], now: float, note: str) -> Outcome:
    """Call everybody back who is still on it; what was promised is free again."""
    _must_be_sent(dispatch)
    freed = tuple(t.entity_id for t in dispatch.tasks if t.state in OPEN_TASKS)
    tasks = tuple(
        _moved(task, "recalled", now, note) if task.state in OPEN_TASKS else task
        for task in dispatch.tasks
    )
    ended = replace(
        dispatch,
        tasks=tasks,
        state="recalled",
        note=note or dispatch.note,
        version=dispatch.version + 1,
    )
    return _settled(ended, stock, freed=freed)


def update_task(
    dispatch: Dispatch,
    task_id: str,
    state: TaskState,
    stock: Mapping[str, StockLine],
    now: float,
    note: str = "",
) -> Outcome:
    """A team's report. When the last task ends, so does the dispatch: done if anybody has done
    its task (the stock is used up), recalled if all declined (the stock is free again)."""
    _must_be_sent(dispatch)
    task = next((t for t in dispatch.tasks if t.id == task_id), None)
    if task is None:
        raise KnownError("unknown_task", f"There is no task {task_id}.", field="task")
    if state not in NEXT_TASK[task.state]:
        raise KnownError(
            "wrong_state",
            f"A task that is {task.state.replace('_', ' ')} cannot become "
            f"{state.replace('_', ' ')}.",
            field="state",
            params={"state": task.state, "wanted": state},
        )
    moved = _moved(task, state, now, note)
    tasks = tuple(moved if t.id == task_id else t for t in dispatch.tasks)
    updated = replace(dispatch, tasks=tasks, version=dispatch.version + 1)
    freed = () if state in OPEN_TASKS else (task.entity_id,)
    if any(t.state in OPEN_TASKS for t in tasks):
        return Outcome(dispatch=updated, freed=freed, task_id=task_id)
    ended = replace(updated, state="done" if any(t.state == "done" for t in tasks) else "recalled")
    return _settled(ended, stock, freed=freed, task_id=task_id)


def _must_be_sent(dispatch: Dispatch) -> None:
    if dispatch.state != "sent":
        raise KnownError(
            "wrong_state",
            f"Dispatch {dispatch.id} is {dispatch.state} already.",
            params={"state": dispatch.state},
        )


def _moved(task: Task, state: TaskState, now: float, note: str) -> Task:
    return replace(task, state=state, times={**task.times, state: now}, note=note or task.note)


def _settled(
    dispatch: Dispatch,
    stock: Mapping[str, StockLine],
    *,
    freed: tuple[str, ...],
    task_id: str = "",
) -> Outcome:
    """End every promise of an ended dispatch: consumed when done, released when recalled."""
    consumed = dispatch.state == "done"
    lines: dict[str, StockLine] = {}
    for promise in dispatch.reservations:
        key = StockLine(warehouse_id=promise.warehouse_id, item=promise.item, on_hand=0).key
        line = lines.get(key) or stock[key]
        lines[key] = replace(
            line,
            reserved=line.reserved - promise.quantity,
            on_hand=line.on_hand - (promise.quantity if consumed else 0),
        )
    settled = replace(
        dispatch,
        reservations=tuple(
            replace(p, state="consumed" if consumed else "released") for p in dispatch.reservations
        ),
    )
    return Outcome(dispatch=settled, stock=tuple(lines.values()), freed=freed, task_id=task_id)

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
"""A team is asked or at work."""
PENDING_TASKS: frozenset[TaskState] = OPEN_TASKS | {"proposed"}
"""Something is still to come of the task: the team's work, or an officer's word."""
TASK_STATES: tuple[TaskState, ...] = get_args(TaskState)

NEXT_TASK: dict[TaskState, frozenset[TaskState]] = {
    "proposed": frozenset(),
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
    """One team asked, with its straight distance to the case in metres where both are located, and
    seconds and metres by road where a way is known."""

    entity: Entity
    distance_m: float | None = None
    drive_s: float | None = None
    road_m: float | None = None


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
    """How many tasks of these dispatches have not ended."""
    return sum(task.state in PENDING_TASKS for dispatch in dispatches for task in dispatch.tasks)


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


def move_stock(stock: Mapping[str, StockLine], line: Line, to: str) -> list[StockLine]:
    """Both stock lines after moving free stock; KnownError ``same_place`` or those of
    ``reserve``."""
    if line.warehouse == to:
        raise KnownError("same_place", "Choose two warehouses.", field="to")
    reserve(stock, [line])  # refuses what is not there or not free
    source = stock[StockLine(warehouse_id=line.warehouse, item=line.item, on_hand=0).key]
    empty = StockLine(warehouse_id=to, item=line.item, on_hand=0)
    goal = stock.get(empty.key, empty)
    return [
        replace(source, on_hand=source.on_hand - line.quantity),
        replace(goal, on_hand=goal.on_hand + line.quantity),
    ]


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
                actors={"sent": by},
                distance_m=pick.distance_m,
                drive_s=pick.drive_s,
                road_m=pick.road_m,
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


def recall(
    dispatch: Dispatch, stock: Mapping[str, StockLine], now: float, note: str, *, by: str = ""
) -> Outcome:
    """Call everybody back who is still on it; what was promised and not used is free again."""
    _must_be_sent(dispatch)
    freed = tuple(t.entity_id for t in dispatch.tasks if t.state in OPEN_TASKS)
    tasks = tuple(
        moved(task, "recalled", now, by, note) if task.state in PENDING_TASKS else task
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
    *,
    by: str = "",
    used: Iterable[Line] | None = None,
    next_pick: Pick | None = None,
) -> Outcome:
    """A team's report. When the last task ends, so does the dispatch: done if anybody has done
    its task, recalled if all declined (the stock is free again).

    ``used``: what the team took of the promised stock; the rest is free again at the end. Where no
    team says anything, a done dispatch has used all of it. ``next_pick``: whom to propose instead
    of a team that declines.
    """
    _must_be_sent(dispatch)
    task = task_of(dispatch, task_id)
    if state not in NEXT_TASK[task.state]:
        raise KnownError(
            "wrong_state",
            f"A task that is {task.state.replace('_', ' ')} cannot become "
            f"{state.replace('_', ' ')}.",
            field="state",
            params={"state": task.state, "wanted": state},
        )
    changed = moved(task, state, now, by, note)
    tasks = tuple(
        changed if t.id == task_id else _overtaken(t, task, state, now, by) for t in dispatch.tasks
    )
    updated = replace(dispatch, tasks=tasks, version=dispatch.version + 1)
    if used is not None:
        updated = replace(updated, reservations=_used(updated.reservations, used))
    offered = any(t.state == "proposed" and t.replaces == task_id for t in tasks)
    if state == "declined" and next_pick is not None and not offered:
        updated = propose_task(updated, task, next_pick, now)
    freed = () if state in OPEN_TASKS else (task.entity_id,)
    return settle(updated, stock, freed=freed, task_id=task_id)


def settle(
    dispatch: Dispatch,
    stock: Mapping[str, StockLine],
    *,
    freed: tuple[str, ...] = (),
    task_id: str = "",
) -> Outcome:
    """End the dispatch if no task of it is pending any more, and its promises with it."""
    if any(t.state in PENDING_TASKS for t in dispatch.tasks):
        return Outcome(dispatch=dispatch, freed=freed, task_id=task_id)
    done = any(t.state == "done" for t in dispatch.tasks)
    ended = replace(dispatch, state="done" if done else "recalled")
    return _settled(ended, stock, freed=freed, task_id=task_id)


def task_of(dispatch: Dispatch, task_id: str) -> Task:
    """One task; KnownError ``unknown_task``."""
    task = next((t for t in dispatch.tasks if t.id == task_id), None)
    if task is None:
        raise KnownError("unknown_task", f"There is no task {task_id}.", field="task")
    return task


def moved(task: Task, state: TaskState, now: float, by: str, note: str = "") -> Task:
    """The task in another state, with time and actor."""
    return replace(
        task,
        state=state,
        times={**task.times, state: now},
        actors={**task.actors, state: by} if by else task.actors,
        note=note or task.note,
    )


def propose_task(dispatch: Dispatch, instead_of: Task, pick: Pick, now: float) -> Dispatch:
    """The dispatch with one more task that waits for an officer's word; no version of its own."""
    task = Task(
        id=f"{dispatch.id}/{len(dispatch.tasks) + 1}",
        entity_id=pick.entity.id,
        name=pick.entity.name,
        state="proposed",
        times={"proposed": now},
        distance_m=pick.distance_m,
        drive_s=pick.drive_s,
        road_m=pick.road_m,
        replaces=instead_of.id,
    )
    return replace(dispatch, tasks=(*dispatch.tasks, task))


def _overtaken(other: Task, task: Task, state: TaskState, now: float, by: str) -> Task:
    """A proposal to replace a silent team falls when the team answers after all."""
    if other.state == "proposed" and other.replaces == task.id and state != "declined":
        return moved(other, "recalled", now, by)
    return other


def _must_be_sent(dispatch: Dispatch) -> None:
    if dispatch.state != "sent":
        raise KnownError(
            "wrong_state",
            f"Dispatch {dispatch.id} is {dispatch.state} already.",
            params={"state": dispatch.state},
        )


def _used(promises: tuple[Reservation, ...], used: Iterable[Line]) -> tuple[Reservation, ...]:
    """The promises with a team's report added; KnownError ``not_promised`` for more than there
    is. What the report leaves out was not used by this team."""
    left = [(p.used or 0) for p in promises]
    for line in used:
        rest = line.quantity
        for index, promise in enumerate(promises):
            if (promise.warehouse_id, promise.item) == (line.warehouse, line.item):
                take = min(rest, promise.quantity - left[index])
                left[index] += take
                rest -= take
        if rest:
            raise KnownError(
                "not_promised",
                f"{rest} {line.item} of warehouse {line.warehouse} more than was promised.",
                field="used",
                params={"warehouse": line.warehouse, "item": line.item, "more": rest},
            )
    return tuple(replace(p, used=n) for p, n in zip(promises, left, strict=True))


def _settled(
    dispatch: Dispatch,
    stock: Mapping[str, StockLine],
    *,
    freed: tuple[str, ...],
    task_id: str = "",
) -> Outcome:
    """End every promise: what was used is gone from the shelf, the rest is free again. Where nobody
    has said what was used, a done dispatch has used all, a recalled one nothing."""
    done = dispatch.state == "done"
    lines: dict[str, StockLine] = {}
    promises: list[Reservation] = []
    for promise in dispatch.reservations:
        gone = promise.used
        if gone is None:
            gone = promise.quantity if done else 0
        key = StockLine(warehouse_id=promise.warehouse_id, item=promise.item, on_hand=0).key
        line = lines.get(key) or stock[key]
        lines[key] = replace(
            line, reserved=line.reserved - promise.quantity, on_hand=line.on_hand - gone
        )
        promises.append(replace(promise, state="consumed" if gone else "released"))
    settled = replace(dispatch, reservations=tuple(promises))
    return Outcome(dispatch=settled, stock=tuple(lines.values()), freed=freed, task_id=task_id)

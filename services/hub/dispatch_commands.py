"""Orders about dispatches: from a world to events, or a refusal with reason. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from services.cases import logic as cases
from services.dispatch import logic as dispatching
from services.dispatch import reoffer
from services.domain.errors import KnownError
from services.domain.events import Body, CaseChanged, DispatchChanged, Observed, StockChanged
from services.domain.geodesy import distance_m
from services.domain.model import Case, Dispatch, Entity, Scalar, Task
from services.domain.shape import convert
from services.domain.text import plain
from services.domain.world import World
from services.hub.command_args import (
    MoveArgs,
    ProposedArgs,
    RecallArgs,
    SendArgs,
    StockArg,
    TaskUpdateArgs,
    UsedArg,
)
from services.hub.scene import Decision, Scene, case_seen, check_version, dispatches_of
from services.packs.model import Catalogue

IDLE, BUSY = "idle", "busy"
"""States of a dispatchable kind; given only to kinds whose pack declares them."""


def send(scene: Scene, args: dict[str, object]) -> Decision:
    """dispatch.send: teams ordered, stock promised, the case in handling; all or nothing."""
    order = convert(args, SendArgs)
    case = case_seen(scene, order.case)
    note = plain(order.note, "note", 500)
    dispatch_id = scene.new_id("dispatch")
    changed = cases.step(case, "dispatch", scene.who, scene.now, note=note, dispatch_id=dispatch_id)
    outcome = dispatching.send(
        id_=dispatch_id,
        case_id=case.id,
        by=scene.actor.name,
        seat=scene.actor.seat,
        now=scene.now,
        picks=_picks(scene, case, [task.entity for task in order.tasks]),
        lines=[_line(s) for s in order.stock],
        stock=scene.world.stock,
        busy=dispatching.busy_with(scene.world.dispatches.values()),
        note=note,
    )
    bodies: list[Body] = [DispatchChanged(dispatch=outcome.dispatch, change="sent")]
    bodies += [StockChanged(line=line, reason="reserved") for line in outcome.stock]
    teams = [t.entity_id for t in outcome.dispatch.tasks]
    bodies += become(scene.world, scene.catalogue, teams, BUSY)
    bodies.append(CaseChanged(case=changed, action="dispatch"))
    return Decision(tuple(bodies), {"dispatch": dispatch_id, "case": case.id})


def _picks(scene: Scene, case: Case, entity_ids: list[str]) -> list[dispatching.Pick]:
    """The teams, with their ways to the case where both have a place."""
    teams = [_sendable(scene, id_) for id_ in entity_ids]
    lon, lat = case.lon, case.lat
    if lon is None or lat is None:
        return [dispatching.Pick(entity=team) for team in teams]
    placed = [team for team in teams if None not in (team.lon, team.lat)]
    trips = scene.travel(lon, lat, placed)
    picks = []
    for team in teams:
        if team.lon is None or team.lat is None:
            picks.append(dispatching.Pick(entity=team))
        else:
            metres = distance_m(lon, lat, team.lon, team.lat)
            picks.append(reoffer.pick_of(team, metres, trips.get(team.id)))
    return picks


def _sendable(scene: Scene, entity_id: str) -> Entity:
    team = scene.world.entities.get(entity_id)
    if team is None:
        raise KnownError("unknown_object", f"There is no {entity_id}.", field="tasks")
    kind = scene.catalogue.kinds.get(team.kind)
    if kind is None or "dispatchable" not in kind.traits:
        raise KnownError(
            "not_dispatchable", f"{team.name} is nothing that can be sent.", field="tasks"
        )
    return team


def recall(scene: Scene, args: dict[str, object]) -> Decision:
    """dispatch.recall: everybody still on it called back, or one task; the stock free again."""
    order = convert(args, RecallArgs)
    dispatch = _dispatch(scene, order.dispatch)
    note = plain(order.note, "note", 500)
    stock, by = scene.world.stock, scene.actor.name
    if order.task:
        outcome = reoffer.recall_task(dispatch, order.task, stock, scene.now, by=by, note=note)
    else:
        outcome = dispatching.recall(dispatch, stock, scene.now, note, by=by)
    return _settle(scene, outcome, "recalled", note)


def confirm(scene: Scene, args: dict[str, object]) -> Decision:
    """dispatch.confirm: the proposed team is sent, a silent one that it replaces called back."""
    order = convert(args, ProposedArgs)
    dispatch = _dispatch(scene, order.dispatch)
    task = dispatching.task_of(dispatch, order.task)
    _sendable(scene, task.entity_id)
    busy = dispatching.busy_with(scene.world.dispatches.values())
    outcome = reoffer.confirm(dispatch, task.id, busy, scene.now, by=scene.actor.name)
    bodies: list[Body] = [
        DispatchChanged(dispatch=outcome.dispatch, change="sent", task_id=task.id)
    ]
    bodies += become(scene.world, scene.catalogue, outcome.freed, IDLE)
    bodies += become(scene.world, scene.catalogue, (task.entity_id,), BUSY)
    value: dict[str, Scalar] = {"dispatch": dispatch.id, "version": outcome.dispatch.version}
    return Decision(tuple(bodies), value)


def skip(scene: Scene, args: dict[str, object]) -> Decision:
    """dispatch.skip: not this team; the next candidate is proposed where there is one."""
    order = convert(args, ProposedArgs)
    dispatch = _dispatch(scene, order.dispatch)
    task = dispatching.task_of(dispatch, order.task)
    pick = _next(scene, dispatch, task)
    outcome = reoffer.skip(
        dispatch,
        task.id,
        scene.world.stock,
        pick,
        scene.now,
        by=scene.actor.name,
        note=plain(order.note, "note", 500),
    )
    return _settle(scene, outcome, "skipped", order.note)


def task_update(scene: Scene, args: dict[str, object]) -> Decision:
    """task.update: what a team reports; the last one to end settles dispatch, stock and case."""
    order = convert(args, TaskUpdateArgs)
    dispatch = _dispatch(scene, order.dispatch)
    note = plain(order.note, "note", 500)
    task = dispatching.task_of(dispatch, order.task)
    outcome = dispatching.update_task(
        dispatch,
        order.task,
        order.state,
        scene.world.stock,
        scene.now,
        note,
        by=scene.actor.name,
        used=None if order.used is None else [_line(s) for s in order.used],
        next_pick=_next(scene, dispatch, task) if order.state == "declined" else None,
    )
    return _settle(scene, outcome, order.state, note)


def move_stock(scene: Scene, args: dict[str, object]) -> Decision:
    """stock.move: free stock from one warehouse to another; what is promised stays where it is."""
    order = convert(args, MoveArgs)
    for id_ in (order.warehouse, order.to):
        store = scene.world.entities.get(id_)
        kind = scene.catalogue.kinds.get(store.kind) if store is not None else None
        if kind is None or "stocked" not in kind.traits:
            raise KnownError("unknown_object", f"There is no warehouse {id_}.", field="warehouse")
    line = dispatching.Line(warehouse=order.warehouse, item=order.item, quantity=order.quantity)
    lines = dispatching.move_stock(scene.world.stock, line, order.to)
    return Decision(tuple(StockChanged(line=n, reason="moved") for n in lines))


def _line(arg: StockArg | UsedArg) -> dispatching.Line:
    return dispatching.Line(warehouse=arg.warehouse, item=arg.item, quantity=arg.quantity)


def _next(scene: Scene, dispatch: Dispatch, task: Task) -> dispatching.Pick | None:
    case = scene.world.cases.get(dispatch.case_id)
    if case is None:
        return None
    return reoffer.next_pick(
        scene.world, scene.catalogue, case, dispatch, task, scene.now, scene.travel
    )


def _settle(scene: Scene, outcome: dispatching.Outcome, change: str, note: str) -> Decision:
    """The events of a dispatch that moved on, with its stock, its teams and its case."""
    dispatch = outcome.dispatch
    bodies: list[Body] = [
        DispatchChanged(dispatch=dispatch, change=change, task_id=outcome.task_id)
    ]
    reason = "consumed" if dispatch.state == "done" else "released"
    bodies += [StockChanged(line=line, reason=reason) for line in outcome.stock]
    bodies += become(scene.world, scene.catalogue, outcome.freed, IDLE)
    bodies += _case_after(scene, dispatch, note)
    return Decision(tuple(bodies), {"dispatch": dispatch.id, "version": dispatch.version})


def _case_after(scene: Scene, dispatch: Dispatch, note: str) -> list[Body]:
    """The case when its last open dispatch has ended: the work is done if any team has ever done
    its task for it, else it waits for somebody again.

    A case that a department has is handed back by the department; one that the desk has sent teams
    to is handed back with their last report.
    """
    case = scene.world.cases.get(dispatch.case_id)
    if dispatch.state == "sent" or case is None or case.state != "handling":
        return []
    others = [d for d in dispatches_of(scene.world, case) if d.id != dispatch.id]
    if dispatching.open_tasks(others):
        return []
    finished = any(task.state == "done" for d in (*others, dispatch) for task in d.tasks)
    command: cases.Command = "withdraw"
    if finished:
        command = "finish" if case.assigned_at is not None else "hand_back"
    changed = cases.step(case, command, cases.hub(scene.who), scene.now, note=note)
    return [CaseChanged(case=changed, action=command)]


def become(world: World, catalogue: Catalogue, entity_ids: Iterable[str], state: str) -> list[Body]:
    """The teams in another state, where their kind knows it."""
    news: list[Body] = []
    for id_ in entity_ids:
        entity = world.entities.get(id_)
        kind = catalogue.kinds.get(entity.kind) if entity is not None else None
        if kind is not None and any(s.id == state for s in kind.state):
            news.append(Observed(id=id_, state=state))
    return news


def _dispatch(scene: Scene, id_: str) -> Dispatch:
    dispatch = scene.world.dispatches.get(id_)
    if dispatch is None:
        raise KnownError("unknown_dispatch", f"There is no dispatch {id_}.", field="dispatch")
    steps = [
        (time, task.actors.get(state, dispatch.by), state)
        for task in dispatch.tasks
        for state, time in task.times.items()
    ]
    _, by, what = max(steps, default=(0.0, dispatch.by, ""))
    check_version(scene, dispatch.version, by, what)
    return dispatch


ORDERS: Mapping[str, Callable[[Scene, dict[str, object]], Decision]] = {
    "dispatch.send": send,
    "dispatch.confirm": confirm,
    "dispatch.skip": skip,
    "dispatch.recall": recall,
    "task.update": task_update,
    "stock.move": move_stock,
}
"""Orders about dispatches and stock by command."""

"""Orders about dispatches: from a world to events, or a refusal with reason. Pure."""

from __future__ import annotations

from services.cases import logic as cases
from services.dispatch import logic as dispatching
from services.domain.errors import KnownError
from services.domain.events import Body, CaseChanged, DispatchChanged, Observed, StockChanged
from services.domain.geodesy import distance_m
from services.domain.model import Case, Dispatch
from services.domain.shape import convert
from services.domain.text import plain
from services.hub.command_args import RecallArgs, SendArgs, TaskUpdateArgs
from services.hub.scene import Decision, Scene, case_of, check_version, dispatches_of

IDLE, BUSY = "idle", "busy"
"""States of a dispatchable kind; given only to kinds whose pack declares them."""


def send(scene: Scene, args: dict[str, object]) -> Decision:
    """dispatch.send: teams ordered, stock promised, the case in handling; all or nothing."""
    order = convert(args, SendArgs)
    case = case_of(scene, order.case)
    check_version(scene, case.version, case.flow[-1].actor if case.flow else "")
    note = plain(order.note, "note", 500)
    dispatch_id = scene.new_id("dispatch")
    changed = cases.step(case, "dispatch", scene.who, scene.now, note=note, dispatch_id=dispatch_id)
    outcome = dispatching.send(
        id_=dispatch_id,
        case_id=case.id,
        by=scene.actor.name,
        seat=scene.actor.seat,
        now=scene.now,
        picks=[_pick(scene, case, task.entity) for task in order.tasks],
        lines=[
            dispatching.Line(warehouse=s.warehouse, item=s.item, quantity=s.quantity)
            for s in order.stock
        ],
        stock=scene.world.stock,
        busy=dispatching.busy_with(scene.world.dispatches.values()),
        note=note,
    )
    bodies: list[Body] = [DispatchChanged(dispatch=outcome.dispatch, change="sent")]
    bodies += [StockChanged(line=line, reason="reserved") for line in outcome.stock]
    bodies += _become(scene, [t.entity_id for t in outcome.dispatch.tasks], BUSY)
    bodies.append(CaseChanged(case=changed, action="dispatch"))
    return Decision(tuple(bodies), {"dispatch": dispatch_id, "case": case.id})


def _pick(scene: Scene, case: Case, entity_id: str) -> dispatching.Pick:
    team = scene.world.entities.get(entity_id)
    if team is None:
        raise KnownError("unknown_object", f"There is no {entity_id}.", field="tasks")
    kind = scene.catalogue.kinds.get(team.kind)
    if kind is None or "dispatchable" not in kind.traits:
        raise KnownError(
            "not_dispatchable", f"{team.name} is nothing that can be sent.", field="tasks"
        )
    if None in (case.lon, case.lat, team.lon, team.lat):
        return dispatching.Pick(entity=team)
    metres = distance_m(case.lon or 0.0, case.lat or 0.0, team.lon or 0.0, team.lat or 0.0)
    return dispatching.Pick(entity=team, distance_m=round(metres, 1))


def recall(scene: Scene, args: dict[str, object]) -> Decision:
    """dispatch.recall: everybody still on it called back, the stock free again."""
    order = convert(args, RecallArgs)
    dispatch = _dispatch(scene, order.dispatch)
    note = plain(order.note, "note", 500)
    outcome = dispatching.recall(dispatch, scene.world.stock, scene.now, note)
    return _settle(scene, outcome, "recalled", note)


def task_update(scene: Scene, args: dict[str, object]) -> Decision:
    """task.update: what a team reports; the last one to end settles dispatch, stock and case."""
    order = convert(args, TaskUpdateArgs)
    dispatch = _dispatch(scene, order.dispatch)
    note = plain(order.note, "note", 500)
    outcome = dispatching.update_task(
        dispatch, order.task, order.state, scene.world.stock, scene.now, note
    )
    return _settle(scene, outcome, order.state, note)


def _settle(scene: Scene, outcome: dispatching.Outcome, change: str, note: str) -> Decision:
    """The events of a dispatch that moved on, with its stock, its teams and its case."""
    dispatch = outcome.dispatch
    bodies: list[Body] = [
        DispatchChanged(dispatch=dispatch, change=change, task_id=outcome.task_id)
    ]
    reason = "consumed" if dispatch.state == "done" else "released"
    bodies += [StockChanged(line=line, reason=reason) for line in outcome.stock]
    bodies += _become(scene, outcome.freed, IDLE)
    bodies += _case_after(scene, dispatch, note)
    return Decision(tuple(bodies), {"dispatch": dispatch.id, "version": dispatch.version})


def _case_after(scene: Scene, dispatch: Dispatch, note: str) -> list[Body]:
    """The case when its last open dispatch has ended: to be checked if any team has ever done its
    task for it, else waiting for dispatch again."""
    case = scene.world.cases.get(dispatch.case_id)
    if dispatch.state == "sent" or case is None or case.state != "handling":
        return []
    others = [d for d in dispatches_of(scene.world, case) if d.id != dispatch.id]
    if dispatching.open_tasks(others):
        return []
    finished = any(task.state == "done" for d in (*others, dispatch) for task in d.tasks)
    command: cases.Command = "hand_back" if finished else "withdraw"
    changed = cases.step(case, command, scene.who, scene.now, note=note)
    return [CaseChanged(case=changed, action=command)]


def _become(scene: Scene, entity_ids: tuple[str, ...] | list[str], state: str) -> list[Body]:
    news: list[Body] = []
    for id_ in entity_ids:
        entity = scene.world.entities.get(id_)
        kind = scene.catalogue.kinds.get(entity.kind) if entity is not None else None
        if kind is not None and any(s.id == state for s in kind.state):
            news.append(Observed(id=id_, state=state))
    return news


def _dispatch(scene: Scene, id_: str) -> Dispatch:
    dispatch = scene.world.dispatches.get(id_)
    if dispatch is None:
        raise KnownError("unknown_dispatch", f"There is no dispatch {id_}.", field="dispatch")
    check_version(scene, dispatch.version, dispatch.by)
    return dispatch

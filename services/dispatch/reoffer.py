"""A declined or silent task is offered again: whom to ask next, and the officer's word. Pure.

The hub proposes; nobody is sent before an officer confirms.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from services.dispatch.logic import (
    PENDING_TASKS,
    Outcome,
    Pick,
    busy_with,
    moved,
    propose_task,
    settle,
    task_of,
)
from services.dispatch.proposal import WorldView
from services.dispatch.travel import Travel, Trip, no_roads
from services.domain.errors import KnownError
from services.domain.geodesy import distances_m
from services.domain.model import Case, Dispatch, Entity, Link, StockLine, Task
from services.packs.model import Catalogue

ACCEPT_WITHIN_S = 300.0
"""A team that has not accepted after so long is silent."""
ABOUT_AS_NEAR_M = 1_000.0
"""Teams within the same kilometre count as equally near; the less loaded goes first."""
ABOUT_AS_SOON_S = 120.0
"""So do teams that arrive within the same two minutes by road."""
LOAD_S = 8 * 3_600.0
"""A team's load: the tasks that it was sent in one shift."""


def next_pick(
    view: WorldView,
    catalogue: Catalogue,
    case: Case,
    dispatch: Dispatch,
    task: Task,
    now: float,
    travel: Travel = no_roads,
) -> Pick | None:
    """Whom to ask instead: of the same speciality, free, answering, not asked by this dispatch
    before; about the soonest there by road, then the least loaded; those without a known way after
    them by distance. None where there is nobody.

    The stock stays promised to the dispatch, so it is the same for everybody asked.
    """
    asked = {t.entity_id for t in dispatch.tasks}
    busy = busy_with(view.dispatches.values())
    kinds = {kind.id for kind in catalogue.with_trait("dispatchable")}
    wanted = view.entities.get(task.entity_id)
    speciality = wanted.attrs.get("speciality") if wanted is not None else None
    able = [
        e
        for e in view.entities.values()
        if e.kind in kinds
        and e.id not in asked
        and e.id not in busy
        and e.state != "busy"
        and e.link is not Link.OFFLINE
        and e.attrs.get("speciality") == speciality
    ]
    return _best(able, case, _load(view.dispatches, now), travel)


def _best(able: list[Entity], case: Case, load: Mapping[str, int], travel: Travel) -> Pick | None:
    if case.lon is None or case.lat is None:
        chosen = min(able, key=lambda e: (load.get(e.id, 0), e.id), default=None)
        return None if chosen is None else Pick(entity=chosen)
    near = [e for e in able if e.lon is not None and e.lat is not None]
    metres = distances_m(
        case.lon, case.lat, [e.lon or 0.0 for e in near], [e.lat or 0.0 for e in near]
    ).tolist()
    trips = travel(case.lon, case.lat, near)
    picks = [pick_of(e, m, trips.get(e.id)) for e, m in zip(near, metres, strict=True)]
    return min(picks, key=lambda p: (*_rank(p, load), p.entity.id), default=None)


def pick_of(entity: Entity, metres: float, trip: Trip | None) -> Pick:
    """A team with its straight distance and its way by road, rounded as they are kept."""
    if trip is None:
        return Pick(entity=entity, distance_m=round(metres, 1))
    return Pick(
        entity=entity,
        distance_m=round(metres, 1),
        drive_s=round(trip.seconds, 1),
        road_m=round(trip.metres, 1),
    )


def _rank(pick: Pick, load: Mapping[str, int]) -> tuple[bool, int, int, float]:
    metres, busy = pick.distance_m or 0.0, load.get(pick.entity.id, 0)
    if pick.drive_s is None:
        return True, int(metres // ABOUT_AS_NEAR_M), busy, metres
    return False, int(pick.drive_s // ABOUT_AS_SOON_S), busy, pick.drive_s


def _load(dispatches: Mapping[str, Dispatch], now: float) -> dict[str, int]:
    load: dict[str, int] = {}
    for dispatch in dispatches.values():
        for task in dispatch.tasks:
            if now - task.times.get("sent", 0.0) <= LOAD_S:
                load[task.entity_id] = load.get(task.entity_id, 0) + 1
    return load


# -- silence ------------------------------------------------------------------------
def silent_from(task: Task) -> float | None:
    """When a task that nobody accepts counts as silent; None where it does not wait."""
    if task.state != "sent" or task.silent_at is not None:
        return None
    return task.times.get("sent", 0.0) + ACCEPT_WITHIN_S


def next_silence(dispatch: Dispatch) -> float | None:
    """When the next task of a dispatch counts as silent."""
    if dispatch.state != "sent":
        return None
    return min((at for t in dispatch.tasks if (at := silent_from(t)) is not None), default=None)


def mark_silent(dispatch: Dispatch, task_id: str, pick: Pick | None, now: float) -> Dispatch:
    """The task marked, and somebody else proposed where there is anybody. The silent team may still
    answer; then the proposal falls."""
    tasks = tuple(replace(t, silent_at=now) if t.id == task_id else t for t in dispatch.tasks)
    marked = replace(dispatch, tasks=tasks, version=dispatch.version + 1)
    return marked if pick is None else propose_task(marked, task_of(marked, task_id), pick, now)


# -- the officer's word ---------------------------------------------------------------
def confirm(
    dispatch: Dispatch, task_id: str, busy: Mapping[str, str], now: float, *, by: str
) -> Outcome:
    """Send the proposed team; a silent one that it replaces is called back.

    KnownError ``wrong_state``, ``busy``.
    """
    task = _proposed(dispatch, task_id)
    if task.entity_id in busy:
        raise KnownError(
            "busy",
            f"{task.name} is already on dispatch {busy[task.entity_id]}.",
            field="task",
            params={
                "entity": task.entity_id,
                "name": task.name,
                "dispatch": busy[task.entity_id],
            },
        )
    tasks = []
    freed: tuple[str, ...] = ()
    for other in dispatch.tasks:
        if other.id == task_id:
            tasks.append(moved(other, "sent", now, by))
        elif other.id == task.replaces and other.state == "sent":
            freed = (other.entity_id,)
            tasks.append(moved(other, "recalled", now, by))
        else:
            tasks.append(other)
    sent = replace(dispatch, tasks=tuple(tasks), version=dispatch.version + 1)
    return Outcome(dispatch=sent, freed=freed, task_id=task_id)


def skip(
    dispatch: Dispatch,
    task_id: str,
    stock: Mapping[str, StockLine],
    pick: Pick | None,
    now: float,
    *,
    by: str,
    note: str = "",
) -> Outcome:
    """Not this one: the proposal falls, and the next candidate is proposed where there is one;
    without one the dispatch may end."""
    task = _proposed(dispatch, task_id)
    fallen = moved(task, "recalled", now, by, note)
    tasks = tuple(fallen if t.id == task_id else t for t in dispatch.tasks)
    updated = replace(dispatch, tasks=tasks, version=dispatch.version + 1)
    replaced = next((t for t in tasks if t.id == task.replaces), None)
    if pick is not None and replaced is not None:
        updated = propose_task(updated, replaced, pick, now)
    return settle(updated, stock, task_id=task_id)


def recall_task(
    dispatch: Dispatch,
    task_id: str,
    stock: Mapping[str, StockLine],
    now: float,
    *,
    by: str,
    note: str = "",
) -> Outcome:
    """Call one team back, and the proposal to replace it; the others go on."""
    task = task_of(dispatch, task_id)
    if dispatch.state != "sent" or task.state not in PENDING_TASKS:
        raise _ended(task)
    tasks = tuple(
        moved(t, "recalled", now, by, note)
        if t.id == task_id or (t.state == "proposed" and t.replaces == task_id)
        else t
        for t in dispatch.tasks
    )
    updated = replace(dispatch, tasks=tasks, version=dispatch.version + 1)
    freed = () if task.state == "proposed" else (task.entity_id,)
    return settle(updated, stock, freed=freed, task_id=task_id)


def _proposed(dispatch: Dispatch, task_id: str) -> Task:
    task = task_of(dispatch, task_id)
    if dispatch.state != "sent" or task.state != "proposed":
        raise _ended(task)
    return task


def _ended(task: Task) -> KnownError:
    return KnownError(
        "wrong_state",
        f"The task of {task.name} is {task.state.replace('_', ' ')}.",
        field="task",
        params={"state": task.state},
    )

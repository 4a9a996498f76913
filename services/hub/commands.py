"""Every order of an operator: from a world and its arguments to events, or a refusal with reason.

Pure: ``decide`` changes nothing. The hub checks the role first (``services.access.roles``), then
decides, commits and folds before it takes the next order, so that each sees the one before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.alarms import logic as alarms
from services.cases import logic as cases
from services.dispatch import logic as dispatching
from services.domain.errors import KnownError
from services.domain.events import (
    Body,
    CaseChanged,
    DispatchChanged,
    Observed,
    OperatorActed,
    StockChanged,
)
from services.domain.geodesy import area_m2, bounds, check_position, contains, distance_m
from services.domain.model import (
    Alarm,
    Case,
    Dispatch,
    Entity,
    Scalar,
    Severity,
)
from services.domain.shape import convert, finite
from services.domain.text import plain
from services.domain.world import World
from services.hub.command_args import (
    AlarmArgs,
    CaseArgs,
    CreateArgs,
    NoteArgs,
    RecallArgs,
    SendArgs,
    TaskUpdateArgs,
    ToCaseArgs,
)
from services.packs.model import Catalogue, Category

IDLE, BUSY = "idle", "busy"
"""States of a dispatchable kind; given only to kinds whose pack declares them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who orders: account, name to show, seat, roles."""

    user: str
    name: str
    seat: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What an order does: event bodies to commit together, and the answer to its sender."""

    bodies: tuple[Body, ...]
    value: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every order is decided upon."""

    world: World
    catalogue: Catalogue
    actor: Actor
    expect_version: int | None
    now: float
    new_id: Callable[[str], str]

    @property
    def who(self) -> cases.Who:
        return cases.Who(name=self.actor.name, seat=self.actor.seat)


def decide(
    world: World,
    catalogue: Catalogue,
    actor: Actor,
    name: str,
    args: dict[str, object],
    expect_version: int | None,
    now: float,
    new_id: Callable[[str], str],
) -> Decision:
    """The outcome of one order, or KnownError saying why not. ``now``: UNIX seconds.

    ``new_id("case")`` and ``new_id("dispatch")`` give unused ids (``services.domain.ids``).
    """
    handler = _HANDLERS.get(name)
    if handler is None:
        raise KnownError("unknown_command", f"There is no command “{name[:60]}”.", field="name")
    return handler(_Scene(world, catalogue, actor, expect_version, now, new_id), args)


# -- alarms ---------------------------------------------------------------------
def _acknowledge(scene: _Scene, args: dict[str, object]) -> Decision:
    order = convert(args, AlarmArgs)
    alarm = _standing(scene, order.alarm)
    changed = alarms.acknowledge(
        alarm, scene.actor.name, scene.actor.seat, scene.now, plain(order.note, "note", 500)
    )
    return Decision((changed,), {"alarm": alarm.key, "version": changed.alarm.version})


def _to_case(scene: _Scene, args: dict[str, object]) -> Decision:
    order = convert(args, ToCaseArgs)
    alarm = _standing(scene, order.alarm)
    rule = scene.catalogue.rules.get(alarm.rule)
    code = order.category or (rule.category if rule is not None else "")
    if not code:
        raise KnownError(
            "missing_field", "This alarm suggests no category; choose one.", field="category"
        )
    category = _category(scene, code)
    thing = scene.world.entities.get(alarm.object_id)
    lon, lat = alarm.lon, alarm.lat
    if (lon is None or lat is None) and thing is not None:
        lon, lat = thing.lon, thing.lat
    grid = _grid_at(scene, lon, lat)
    case = cases.open_case(
        cases.Report(
            id=scene.new_id("case"),
            category=code,
            title=plain(order.title, "title")
            or _title(category, thing.name if thing is not None else alarm.text),
            severity=alarm.severity,
            reported_at=scene.now,
            limit_s=category.limit_s,
            lon=lon,
            lat=lat,
            radius_m=category.radius_m,
            address=grid.name if grid is not None else "",
            grid_id=grid.id if grid is not None else "",
            source="alarm",
            department=category.department,
            alarm_key=alarm.key,
            attrs=_evidence(alarm),
        ),
        scene.who,
        scene.now,
    )
    linked = alarms.link(alarm, case.id)
    return Decision((CaseChanged(case=case, action="create"), linked), {"case": case.id})


def _evidence(alarm: Alarm) -> dict[str, Scalar]:
    """What the alarm said when the case was made of it: it will change, the case keeps this."""
    facts: dict[str, Scalar] = {
        "alarm_rule": alarm.rule,
        "alarm_object": alarm.object_id,
        "alarm_text": alarm.text,
        "alarm_value": alarm.value,
        "alarm_limit": alarm.limit,
        "alarm_first_time": alarm.first_time,
    }
    return {name: fact for name, fact in facts.items() if fact not in (None, "")}


def _standing(scene: _Scene, key: str) -> Alarm:
    alarm = scene.world.alarms.get(key)
    if alarm is None:
        raise KnownError("unknown_alarm", "This alarm is not standing any more.", field="alarm")
    _check_version(scene, alarm.version, alarm.ack_by)
    return alarm


# -- cases ----------------------------------------------------------------------
def _create(scene: _Scene, args: dict[str, object]) -> Decision:
    order = convert(args, CreateArgs)
    category = _category(scene, order.category)
    check_position(order.lon, order.lat)
    radius = category.radius_m if order.radius_m is None else finite(order.radius_m, "radius_m")
    grid = _grid_at(scene, order.lon, order.lat)
    address = plain(order.address, "address") or (grid.name if grid is not None else "")
    case = cases.open_case(
        cases.Report(
            id=scene.new_id("case"),
            category=order.category,
            title=plain(order.title, "title") or _title(category, address),
            severity=category.severity if order.severity is None else Severity(order.severity),
            reported_at=scene.now,
            limit_s=category.limit_s,
            lon=order.lon,
            lat=order.lat,
            radius_m=radius,
            address=address,
            grid_id=grid.id if grid is not None else "",
            source="operator",
            department=category.department,
        ),
        scene.who,
        scene.now,
    )
    return Decision((CaseChanged(case=case, action="create"),), {"case": case.id})


def _close(scene: _Scene, args: dict[str, object]) -> Decision:
    return _end(scene, args, "close")


def _void(scene: _Scene, args: dict[str, object]) -> Decision:
    return _end(scene, args, "void")


def _end(scene: _Scene, args: dict[str, object], command: cases.Command) -> Decision:
    order = convert(args, CaseArgs)
    case = _case(scene, order.case)
    _check_version(scene, case.version, case.flow[-1].actor if case.flow else "")
    changed = cases.step(
        case,
        command,
        scene.who,
        scene.now,
        note=plain(order.note, "note", 500),
        open_tasks=dispatching.open_tasks(_dispatches_of(scene.world, case)),
    )
    body = CaseChanged(case=changed, action=command)
    return Decision((body,), {"case": case.id, "version": changed.version})


def _case(scene: _Scene, id_: str) -> Case:
    case = scene.world.cases.get(id_)
    if case is None:
        raise KnownError("unknown_case", f"There is no case {id_}.", field="case")
    return case


def _category(scene: _Scene, code: str) -> Category:
    category = scene.catalogue.categories.get(code)
    if category is None:
        raise KnownError(
            "unknown_category", f"There is no case category “{code}”.", field="category"
        )
    return category


def _title(category: Category, place: str) -> str:
    """Case titles are content, written in the district's language."""
    return f"{category.label.zh} {place}".strip()[:200]


def _grid_at(scene: _Scene, lon: float | None, lat: float | None) -> Entity | None:
    """The smallest area that holds a place: its unit grid, where grids are loaded."""
    if lon is None or lat is None:
        return None
    kinds = {kind.id for kind in scene.catalogue.with_trait("area")}
    holding: list[tuple[float, str, Entity]] = []
    for entity in scene.world.entities.values():
        if entity.kind not in kinds or not entity.geometry:
            continue
        west, south, east, north = bounds(entity.geometry[0])
        inside = west <= lon <= east and south <= lat <= north
        if inside and contains(entity.geometry, lon, lat):
            holding.append((area_m2(entity.geometry), entity.id, entity))
    return min(holding)[2] if holding else None


def _dispatches_of(world: World, case: Case) -> list[Dispatch]:
    return [world.dispatches[i] for i in case.dispatch_ids if i in world.dispatches]


def _check_version(scene: _Scene, version: int, by: str) -> None:
    if scene.expect_version is not None and scene.expect_version != version:
        raise KnownError(
            "version_conflict",
            f"It has changed meanwhile (version {version}, you saw {scene.expect_version})"
            + (f"; last by {by}." if by else "."),
            params={"version": version, "expected": scene.expect_version, "by": by},
        )


# -- dispatches -----------------------------------------------------------------
def _send(scene: _Scene, args: dict[str, object]) -> Decision:
    order = convert(args, SendArgs)
    case = _case(scene, order.case)
    _check_version(scene, case.version, case.flow[-1].actor if case.flow else "")
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


def _pick(scene: _Scene, case: Case, entity_id: str) -> dispatching.Pick:
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


def _recall(scene: _Scene, args: dict[str, object]) -> Decision:
    order = convert(args, RecallArgs)
    dispatch = _dispatch(scene, order.dispatch)
    note = plain(order.note, "note", 500)
    outcome = dispatching.recall(dispatch, scene.world.stock, scene.now, note)
    return _settle(scene, outcome, "recalled", note)


def _task_update(scene: _Scene, args: dict[str, object]) -> Decision:
    order = convert(args, TaskUpdateArgs)
    dispatch = _dispatch(scene, order.dispatch)
    note = plain(order.note, "note", 500)
    outcome = dispatching.update_task(
        dispatch, order.task, order.state, scene.world.stock, scene.now, note
    )
    return _settle(scene, outcome, order.state, note)


def _settle(scene: _Scene, outcome: dispatching.Outcome, change: str, note: str) -> Decision:
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


def _case_after(scene: _Scene, dispatch: Dispatch, note: str) -> list[Body]:
    """The case when its last open dispatch has ended: to be checked if any team has ever done its
    task for it, else waiting for dispatch again."""
    case = scene.world.cases.get(dispatch.case_id)
    if dispatch.state == "sent" or case is None or case.state != "handling":
        return []
    others = [d for d in _dispatches_of(scene.world, case) if d.id != dispatch.id]
    if dispatching.open_tasks(others):
        return []
    finished = any(task.state == "done" for d in (*others, dispatch) for task in d.tasks)
    command: cases.Command = "hand_back" if finished else "withdraw"
    changed = cases.step(case, command, scene.who, scene.now, note=note)
    return [CaseChanged(case=changed, action=command)]


def _become(scene: _Scene, entity_ids: tuple[str, ...] | list[str], state: str) -> list[Body]:
    news: list[Body] = []
    for id_ in entity_ids:
        entity = scene.world.entities.get(id_)
        kind = scene.catalogue.kinds.get(entity.kind) if entity is not None else None
        if kind is not None and any(s.id == state for s in kind.state):
            news.append(Observed(id=id_, state=state))
    return news


def _dispatch(scene: _Scene, id_: str) -> Dispatch:
    dispatch = scene.world.dispatches.get(id_)
    if dispatch is None:
        raise KnownError("unknown_dispatch", f"There is no dispatch {id_}.", field="dispatch")
    _check_version(scene, dispatch.version, dispatch.by)
    return dispatch


# -- remarks --------------------------------------------------------------------
def _note(scene: _Scene, args: dict[str, object]) -> Decision:
    order = convert(args, NoteArgs)
    for key, value in order.detail.items():
        if isinstance(value, str):
            plain(value, f"detail.{key}", 500)
        elif isinstance(value, float):
            finite(value, f"detail.{key}")
    body = OperatorActed(
        name=plain(order.name, "name"),
        actor=scene.actor.name,
        seat=scene.actor.seat,
        subject=plain(order.subject, "subject", 400),
        detail=order.detail,
    )
    return Decision((body,))


_HANDLERS: dict[str, Callable[[_Scene, dict[str, object]], Decision]] = {
    "alarm.acknowledge": _acknowledge,
    "alarm.to_case": _to_case,
    "case.create": _create,
    "case.close": _close,
    "case.void": _void,
    "dispatch.send": _send,
    "dispatch.recall": _recall,
    "task.update": _task_update,
    "operator.note": _note,
}
COMMANDS: tuple[str, ...] = tuple(_HANDLERS)
"""Every command there is."""

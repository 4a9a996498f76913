"""Every order of an operator: from a world and its arguments to events, or a refusal with reason.

Pure: ``decide`` changes nothing. The hub checks the role first (``services.access.roles``), then
decides, commits and folds before it takes the next order, so that each sees the one before it.
"""

from __future__ import annotations

from collections.abc import Callable

from services.alarms import logic as alarms
from services.cases import logic as cases
from services.dispatch import logic as dispatching
from services.domain.errors import KnownError
from services.domain.events import (
    CaseChanged,
    OperatorActed,
)
from services.domain.geodesy import area_m2, bounds, check_position, contains
from services.domain.model import (
    Alarm,
    Entity,
    Scalar,
    Severity,
)
from services.domain.shape import convert, finite
from services.domain.text import plain
from services.domain.world import World
from services.hub import dispatch_commands
from services.hub.command_args import (
    AlarmArgs,
    CaseArgs,
    CreateArgs,
    NoteArgs,
    ToCaseArgs,
)
from services.hub.scene import (
    Actor,
    Decision,
    Scene,
    case_of,
    category_of,
    check_version,
    dispatches_of,
)
from services.packs.model import Catalogue, Category

__all__ = ["COMMANDS", "Actor", "Decision", "decide"]


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
    return handler(Scene(world, catalogue, actor, expect_version, now, new_id), args)


# -- alarms ---------------------------------------------------------------------
def _acknowledge(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, AlarmArgs)
    alarm = _standing(scene, order.alarm)
    changed = alarms.acknowledge(
        alarm, scene.actor.name, scene.actor.seat, scene.now, plain(order.note, "note", 500)
    )
    return Decision((changed,), {"alarm": alarm.key, "version": changed.alarm.version})


def _to_case(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, ToCaseArgs)
    alarm = _standing(scene, order.alarm)
    rule = scene.catalogue.rules.get(alarm.rule)
    code = order.category or (rule.category if rule is not None else "")
    if not code:
        raise KnownError(
            "missing_field", "This alarm suggests no category; choose one.", field="category"
        )
    category = category_of(scene, code)
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


def _standing(scene: Scene, key: str) -> Alarm:
    alarm = scene.world.alarms.get(key)
    if alarm is None:
        raise KnownError("unknown_alarm", "This alarm is not standing any more.", field="alarm")
    check_version(scene, alarm.version, alarm.ack_by)
    return alarm


# -- cases ----------------------------------------------------------------------
def _create(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, CreateArgs)
    category = category_of(scene, order.category)
    check_position(order.lon, order.lat)
    radius = category.radius_m if order.radius_m is None else order.radius_m
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


def _close(scene: Scene, args: dict[str, object]) -> Decision:
    return _end(scene, args, "close")


def _void(scene: Scene, args: dict[str, object]) -> Decision:
    return _end(scene, args, "void")


def _end(scene: Scene, args: dict[str, object], command: cases.Command) -> Decision:
    order = convert(args, CaseArgs)
    case = case_of(scene, order.case)
    check_version(scene, case.version, case.flow[-1].actor if case.flow else "")
    changed = cases.step(
        case,
        command,
        scene.who,
        scene.now,
        note=plain(order.note, "note", 500),
        open_tasks=dispatching.open_tasks(dispatches_of(scene.world, case)),
    )
    body = CaseChanged(case=changed, action=command)
    return Decision((body,), {"case": case.id, "version": changed.version})


def _title(category: Category, place: str) -> str:
    """Case titles are content, written in the district's language."""
    return f"{category.label.zh} {place}".strip()[:200]


def _grid_at(scene: Scene, lon: float | None, lat: float | None) -> Entity | None:
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


# -- remarks --------------------------------------------------------------------
def _note(scene: Scene, args: dict[str, object]) -> Decision:
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


_HANDLERS: dict[str, Callable[[Scene, dict[str, object]], Decision]] = {
    "alarm.acknowledge": _acknowledge,
    "alarm.to_case": _to_case,
    "case.create": _create,
    "case.close": _close,
    "case.void": _void,
    "dispatch.send": dispatch_commands.send,
    "dispatch.recall": dispatch_commands.recall,
    "task.update": dispatch_commands.task_update,
    "operator.note": _note,
}
COMMANDS: tuple[str, ...] = tuple(_HANDLERS)
"""Every command there is."""

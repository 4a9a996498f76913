"""Orders about cases: from a world to events, or a refusal with reason. Pure."""

from __future__ import annotations

from services.cases import logic as cases
from services.dispatch import logic as dispatching
from services.domain.events import CaseChanged
from services.domain.geodesy import check_position
from services.domain.model import Severity
from services.domain.shape import convert
from services.domain.text import plain
from services.hub.command_args import CaseArgs, CreateArgs
from services.hub.place import grid_at, title_of
from services.hub.scene import (
    Decision,
    Scene,
    case_of,
    category_of,
    check_version,
    dispatches_of,
)


def create(scene: Scene, args: dict[str, object]) -> Decision:
    """case.create: an officer's click on the map becomes a case."""
    order = convert(args, CreateArgs)
    category = category_of(scene, order.category)
    check_position(order.lon, order.lat)
    radius = category.radius_m if order.radius_m is None else order.radius_m
    grid = grid_at(scene, order.lon, order.lat)
    address = plain(order.address, "address") or (grid.name if grid is not None else "")
    case = cases.open_case(
        cases.Report(
            id=scene.new_id("case"),
            category=order.category,
            title=plain(order.title, "title") or title_of(category, address),
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


def close(scene: Scene, args: dict[str, object]) -> Decision:
    """case.close: checked and done."""
    return _end(scene, args, "close")


def void(scene: Scene, args: dict[str, object]) -> Decision:
    """case.void: it was no case; needs a reason."""
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

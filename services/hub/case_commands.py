"""Orders about cases: from a world to events, or a refusal with reason. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from services.cases import logic as cases
from services.cases import oversight
from services.cases.table import Command
from services.dispatch import logic as dispatching
from services.domain.errors import KnownError
from services.domain.events import CaseChanged
from services.domain.geodesy import check_position
from services.domain.model import Case, Severity
from services.domain.shape import convert, finite
from services.domain.text import plain
from services.hub.case_args import (
    AmendArgs,
    AppealDecideArgs,
    AssignArgs,
    CaseArgs,
    CreateArgs,
    SuspendArgs,
    TakeArgs,
)
from services.hub.place import grid_at, title_of
from services.hub.scene import (
    Decision,
    Scene,
    case_seen,
    category_of,
    dispatches_of,
)


def create(scene: Scene, args: dict[str, object]) -> Decision:
    """case.create: an officer's click on the map becomes a case, open at once."""
    order = convert(args, CreateArgs)
    category = category_of(scene, order.category)
    check_position(order.lon, order.lat)
    radius = category.radius_m if order.radius_m is None else order.radius_m
    grid = grid_at(scene, order.lon, order.lat)
    address = plain(order.address, "address") or (grid.name if grid is not None else "")
    begin = cases.open_case if order.register else cases.report_case
    case = begin(
        cases.Report(
            id=scene.new_id("case"),
            category=order.category,
            title=plain(order.title, "title") or title_of(category, address),
            severity=category.severity if order.severity is None else Severity(order.severity),
            reported_at=scene.now,
            limit_s=category.limit.seconds,
            limit_unit=category.limit.unit,
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
        scene.calendar,
    )
    return Decision((CaseChanged(case=case, action=case.flow[-1].action),), {"case": case.id})


def _changed(case: Case) -> Decision:
    body = CaseChanged(case=case, action=case.flow[-1].action)
    return Decision((body,), {"case": case.id, "version": case.version})


def _open_tasks(scene: Scene, case: Case) -> int:
    return dispatching.open_tasks(dispatches_of(scene.world, case))


def _step(command: Command, scene: Scene, args: dict[str, object]) -> Decision:
    """A command of the main line that needs no more than a note."""
    order = convert(args, CaseArgs)
    case = case_seen(scene, order.case)
    note = plain(order.note, "note", 500)
    open_tasks = _open_tasks(scene, case)
    return _changed(
        cases.step(case, command, scene.who, scene.now, note=note, open_tasks=open_tasks)
    )


def _assign(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, AssignArgs)
    case = case_seen(scene, order.case)
    department = plain(order.department, "department")
    note = plain(order.note, "note", 500) or department
    return _changed(
        cases.step(case, "assign", scene.who, scene.now, note=note, department=department)
    )


def _take(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, TakeArgs)
    case = case_seen(scene, order.case)
    handler = plain(order.handler, "handler", 100)
    note = plain(order.note, "note", 500) or handler
    return _changed(cases.step(case, "take", scene.who, scene.now, note=note, handler=handler))


def _amend(command: Command, scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, AmendArgs)
    case = case_seen(scene, order.case)
    change = _amendment(scene, case, order)
    note = plain(order.note, "note", 500)
    return _changed(
        cases.amend(case, command, change, scene.who, scene.now, scene.calendar, note=note)
    )


def _amendment(scene: Scene, case: Case, order: AmendArgs) -> cases.Amendment:
    """What an order changes; another category brings its limit, another place its grid."""
    category = None if order.category is None else category_of(scene, order.category)
    other = category is not None and category.code != case.category
    if (order.lon is None) != (order.lat is None):
        raise KnownError("missing_field", "Give both lon and lat, or neither.", field="lon")
    grid_id = None
    if order.lon is not None and order.lat is not None:
        check_position(order.lon, order.lat)
        grid = grid_at(scene, order.lon, order.lat)
        grid_id = grid.id if grid is not None else ""
    return cases.Amendment(
        category=order.category,
        title=_text(order.title, "title"),
        severity=None if order.severity is None else Severity(order.severity),
        department=_text(order.department, "department"),
        address=_text(order.address, "address"),
        grid_id=grid_id,
        lon=order.lon,
        lat=order.lat,
        limit_s=category.limit.seconds if category is not None and other else None,
        limit_unit=category.limit.unit if category is not None and other else None,
    )


def _text(given: str | None, field: str) -> str | None:
    return None if given is None else plain(given, field)


def _suspend(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, SuspendArgs)
    case = case_seen(scene, order.case)
    return _changed(
        oversight.suspend(
            case,
            scene.who,
            scene.now,
            finite(order.until, "until"),
            plain(order.note, "note", 500),
            open_tasks=_open_tasks(scene, case),
        )
    )


def _appeal_decide(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, AppealDecideArgs)
    case = case_seen(scene, order.case)
    note = plain(order.note, "note", 500)
    return _changed(
        oversight.appeal_decide(case, scene.who, scene.now, granted=order.granted, note=note)
    )


_Mark = Callable[[Scene, Case, str], Case]
_MARKS: Mapping[Command, _Mark] = {
    "resume": lambda s, c, note: oversight.resume(c, s.who, s.now, s.calendar, note),
    "extend_request": lambda s, c, note: oversight.extend_request(c, s.who, s.now, note),
    "extend_approve": lambda s, c, note: oversight.extend_approve(
        c, s.who, s.now, s.calendar, note
    ),
    "extend_refuse": lambda s, c, note: oversight.extend_refuse(c, s.who, s.now, note),
    "supervise": lambda s, c, note: oversight.supervise(c, s.who, s.now, note),
    "appeal": lambda s, c, note: oversight.appeal(c, s.who, s.now, note),
}


def _mark(command: Command, scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, CaseArgs)
    case = case_seen(scene, order.case)
    return _changed(_MARKS[command](scene, case, plain(order.note, "note", 500)))


_STEPS: tuple[Command, ...] = (
    "accept",
    "send_verify",
    "verify",
    "refuse",
    "register",
    "revoke",
    "finish",
    "hand_back",
    "check",
    "close",
    "return",
    "void",
)
Order = Callable[[Scene, dict[str, object]], Decision]
ORDERS: Mapping[str, Order] = {
    "create": create,
    "amend": partial(_amend, "amend"),
    "repair": partial(_amend, "repair"),
    **{command: partial(_step, command) for command in _STEPS},
    "assign": _assign,
    "take": _take,
    "suspend": _suspend,
    **{command: partial(_mark, command) for command in _MARKS},
    "appeal_decide": _appeal_decide,
}
"""Orders about cases by the command's name after ``case.``; dispatching has orders of its own."""

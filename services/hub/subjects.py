"""Holds an order to the things that its sender looks after. Pure; event loop's thread.

What an order is about is read from its arguments by their names, which mean the same in every
order: alarm, case, dispatch, entity, warehouse (and to, where stock goes), subject, and lon with
lat; alone, in lists, or in lists of records. What does not exist is left to the order itself to
name.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.access.scope import Permission
from services.access.sight import Sight
from services.domain.errors import KnownError
from services.domain.world import World

MOST = 1_000
"""Things looked at in one order; more are refused by the order itself."""
REPORT = "task.update"
"""What a team says of its own task, whosever case it is on."""
_THINGS = frozenset({"entity", "warehouse", "to", "camera", "column", "object"})
_SUBJECTS = ("entity", "case", "alarm", "dispatch")


def check_subjects(
    world: World, permission: Permission, sight: Sight, name: str, args: dict[str, object]
) -> None:
    """KnownError ``not_allowed`` where an order is about what its sender does not look after."""
    if not permission.may(name):  # a role alone does not do: an account may lack what it needs
        raise KnownError(
            "not_allowed", "your account may not do this", field="name", params={"name": name[:60]}
        )
    for count, (what, value) in enumerate(_subjects(args)):
        if count < MOST and not _may(world, permission, sight, name, what, value):
            raise KnownError(
                "not_allowed",
                "this is outside what your account looks after",
                field=what,
                params={"name": name[:60]},
            )
    lon, lat = args.get("lon"), args.get("lat")
    placed = isinstance(lon, int | float) and isinstance(lat, int | float)
    if placed and not sight.sees_place(float(str(lon)), float(str(lat))):
        raise KnownError(
            "not_allowed", "this place is outside what your account looks after", field="lon"
        )


def _subjects(args: object, depth: int = 3) -> Iterator[tuple[str, str]]:
    """(what it is, id) of everything named in arguments, records within lists included."""
    if depth == 0:
        return
    if isinstance(args, dict):
        for what, value in args.items():
            if isinstance(value, str):
                yield str(what), value
            elif isinstance(value, list | tuple):
                plain = str(what).removesuffix("s")
                yield from ((plain, v) for v in value if isinstance(v, str))
                yield from _subjects(value, depth - 1)
    elif isinstance(args, list | tuple):
        for item in args:
            yield from _subjects(item, depth - 1)


def _may(
    world: World, permission: Permission, sight: Sight, name: str, what: str, id_: str
) -> bool:
    if what in _THINGS:
        entity = world.entities.get(id_)
        return entity is None or (sight.sees(entity) and permission.may(name, entity.kind))
    if what == "alarm":
        alarm = world.alarms.get(id_)
        if alarm is None:
            return True
        entity = world.entities.get(alarm.object_id)
        kind = None if entity is None else entity.kind
        return sight.sees_alarm(alarm, world.entities.get) and permission.may(name, kind)
    if what == "case":
        case = world.cases.get(id_)
        return case is None or sight.sees_case(case)
    if what == "dispatch":
        dispatch = world.dispatches.get(id_)
        if dispatch is None:
            return True
        of = world.cases.get(dispatch.case_id)
        if of is not None and sight.sees_case(of):
            return True
        if of is not None and name != REPORT:
            return False  # a team of one's own on it does not make another's dispatch one's own
        teams = (world.entities.get(task.entity_id) for task in dispatch.tasks)
        return any(team is not None and sight.sees(team) for team in teams)
    if what == "subject":  # of a remark: whatever has this id
        return all(_may(world, permission, sight, name, sort, id_) for sort in _SUBJECTS)
    return True

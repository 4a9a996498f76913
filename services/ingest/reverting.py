"""Takes back what a load did to one thing or one case, unless somebody changed it since. Pure.

What came with a load as readings stays what it is, a reading; a case cannot be deleted, so one that
a load made is voided, and a later load of the same case begins it anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from services.alarms import surroundings
from services.cases import foreign
from services.cases.logic import Who, flow_line
from services.domain.errors import KnownError
from services.domain.events import Body, CaseChanged, EntityDeleted, EntityUpserted
from services.domain.model import Case, Entity
from services.domain.world import World
from services.packs.model import Catalogue

UNDO = "undo_import"
"""Action of the flow line by which a case is known whose load was undone."""


@dataclass(frozen=True, slots=True)
class Revert:
    """What is to be taken back. ``before``: the record as it was, None where there was none;
    ``made``: as the load told it. ``by``: name of who undoes it. ``used``: why a thing cannot go,
    see ``used_things``."""

    id: str
    before: Entity | Case | None
    made: Entity | Case
    by: str
    used: str = ""


def used_things(world: World) -> dict[str, str]:
    """Things that are in use, and how; asked once for many that are to be taken back."""
    found = {
        task.entity_id: "was dispatched since"
        for dispatch in world.dispatches.values()
        for task in dispatch.tasks
    }
    for line in world.stock.values():
        if line.on_hand or line.reserved:
            found[line.warehouse_id] = "holds stock"
    return found


def revert(world: World, catalogue: Catalogue, what: Revert, now: float) -> tuple[Body, ...]:
    """The bodies to commit; none where nothing is left to do. KnownError ``changed_since`` or
    ``in_use`` where it is left as it is."""
    if isinstance(what.made, Case):
        return _case(world, what, what.made, now)
    return _entity(world, catalogue, what, what.made, now)


# -- things ---------------------------------------------------------------------
def _entity(
    world: World, catalogue: Catalogue, what: Revert, made: Entity, now: float
) -> tuple[Body, ...]:
    current = world.entities.get(what.id)
    before = what.before if isinstance(what.before, Entity) else None
    kind = catalogue.kinds.get(made.kind)
    mobile = kind is not None and "mobile" in kind.traits
    if current is None:
        if before is None:
            return ()
        raise _changed(f"{made.id} was deleted since")
    if before is not None and _described(current, mobile) == _described(before, mobile):
        return ()
    if _described(current, mobile) != _described(made, mobile):
        raise _changed(f"{current.id} was changed since")
    if before is not None:
        return (EntityUpserted(entity=_restored(before, made, current, mobile)),)
    if current.out_of_service is not None:
        raise _changed(f"{current.id} was taken out of service since")
    if what.used:
        raise KnownError("in_use", f"{current.id} {what.used}; it stays")
    return (EntityDeleted(id=current.id), *surroundings.thing_gone(world, current.id, now))


def _described(entity: Entity, mobile: bool) -> tuple[object, ...]:
    """What a description says; of what moves by itself not where it is."""
    place = (None, None) if mobile else (entity.lon, entity.lat)
    return (entity.kind, entity.name, *place, entity.geometry, entity.attrs)


def _restored(before: Entity, made: Entity, current: Entity, mobile: bool) -> Entity:
    """The description as it was; readings as they are now, but for those that the load brought."""
    values = {
        name: before.values.get(name, value) if made.values.get(name) == value else value
        for name, value in current.values.items()
    }
    return replace(
        current,
        kind=before.kind,
        name=before.name,
        lon=current.lon if mobile else before.lon,
        lat=current.lat if mobile else before.lat,
        geometry=before.geometry,
        attrs=before.attrs,
        values=values,
        link=before.link if made.link and made.link == current.link else current.link,
        state=before.state if made.state and made.state == current.state else current.state,
    )


# -- cases ----------------------------------------------------------------------
def undone(case: Case) -> bool:
    """Whether a case is there only because its load was undone."""
    return case.state == "voided" and bool(case.flow) and case.flow[-1].action == UNDO


def _case(world: World, what: Revert, made: Case, now: float) -> tuple[Body, ...]:
    current = world.cases.get(what.id)
    if current is None:
        raise _changed("the case is closed and put away; it stays on record")
    if current.flow and current.flow[-1].action == UNDO:
        return ()
    if current.version != made.version or foreign.is_ours(current):
        raise _changed(f"case {current.id} was worked on since")
    before = what.before if isinstance(what.before, Case) else None
    who = Who(name=what.by)
    state = "voided" if before is None else before.state
    flow = (*current.flow, flow_line(UNDO, state, who, now, kind="mark"))
    version = current.version + 1
    if before is None:
        after = replace(current, state="voided", closed_at=now, flow=flow, version=version)
    else:
        after = replace(before, flow=flow, version=version)
    return (CaseChanged(case=after, action=UNDO),)


def begun_anew(known: Case, told: Case) -> Case:
    """A case that is loaded again after its load was undone: as told, its story going on."""
    return replace(told, flow=(*known.flow, *told.flow), version=known.version + 1)


def _changed(text: str) -> KnownError:
    return KnownError("changed_since", f"{text}; it stays as it is")

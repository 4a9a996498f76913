"""What readers of one scope get of the state and of every event after it. Pure; one thread.

Readers that see everything only have attributes masked. For the others a Sight remembers which
things are inside, because an event may bring a thing in (it is sent whole) or take it out (it is
sent as deleted). Offsets never change, so that one position describes every reader's place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from services.access.areas import Region, holds_id
from services.access.masking import Masks
from services.access.scope import Scope
from services.domain.events import (
    AlarmChanged,
    CaseChanged,
    DispatchChanged,
    EntityDeleted,
    EntityUpserted,
    Event,
    Observed,
    OperatorActed,
    ServiceChanged,
    StockChanged,
)
from services.domain.model import Alarm, Case, Dispatch, Entity
from services.domain.world import Tables, World

Find = Callable[[str], Entity | None]


@dataclass(slots=True)
class _Inside:
    """Ids of what has been shown; ``missed``: things and cases of rows that have not been."""

    entities: set[str]
    alarms: set[str]
    cases: set[str]
    dispatches: set[str]
    missed: set[str]


class Sight:
    """One scope's look at a world. ``start`` first, then ``event`` for each event in order.

    ``stale`` turns true where the areas themselves have changed, a case has gone to others, or
    something came in to which alarms, dispatches or stock belong that were not shown: then the
    reader needs ``start`` and a new snapshot.
    """

    def __init__(self, scope: Scope, masks: Masks) -> None:
        self.scope = scope
        self.stale = False
        self._masks = masks
        self._inside = _Inside(set(), set(), set(), set(), set())
        self._region = Region(())

    def outdate(self) -> None:
        """Say that what was remembered no longer holds, where anything is."""
        self.stale = not self.scope.whole

    # -- the whole state ------------------------------------------------------------
    def start(self, world: World) -> None:
        """Begin (anew) at the state of a world."""
        self.stale = False
        if self.scope.whole:
            return
        whole = world.tables()
        self._region = self._outline(whole.entities)
        seen = self._select(whole)
        self._inside = _Inside(
            {e.id for e in seen.entities},
            {a.key for a in seen.alarms},
            {c.id for c in seen.cases},
            {d.id for d in seen.dispatches},
            set(),
        )
        for alarm in whole.alarms:
            if alarm.key not in self._inside.alarms:
                self._inside.missed.add(alarm.object_id)
        for dispatch in whole.dispatches:
            if dispatch.id not in self._inside.dispatches:
                self._inside.missed |= _about(dispatch)
        self._inside.missed |= {s.warehouse_id for s in whole.stock}

    def tables(self, whole: Tables) -> Tables:
        """A state as these readers get it: filtered and masked. Any thread: nothing is kept."""
        seen = whole if self.scope.whole else self._select(whole)
        return replace(
            seen,
            entities=tuple(map(self.shown, seen.entities)),
            cases=tuple(map(self.shown_case, seen.cases)),
        )

    def shown(self, entity: Entity) -> Entity:
        """A thing with what is not for these readers masked."""
        attrs = self._masks.entity(entity.kind, entity.attrs, self.scope.shown(entity.kind))
        return entity if attrs is entity.attrs else replace(entity, attrs=attrs)

    def shown_case(self, case: Case) -> Case:
        """A case with what is not for these readers masked."""
        attrs = self._masks.case(case.attrs, self.scope.case_clear)
        return case if attrs is case.attrs else replace(case, attrs=attrs)

    # -- single things --------------------------------------------------------------
    def sees(self, entity: Entity) -> bool:
        """Whether a thing as it stands is shown."""
        scope = self.scope
        return scope.sees(entity.kind) and (
            not scope.areas or self._region.holds(entity.lon, entity.lat)
        )

    def sees_place(self, lon: float, lat: float) -> bool:
        """Whether a place is inside the areas; every place, where there are none."""
        return not self.scope.areas or self._region.holds(lon, lat)

    def sees_alarm(self, alarm: Alarm, find: Find) -> bool:
        """Whether an alarm is shown: with the thing it is about, or by its own place."""
        if self.scope.whole:
            return True
        thing = find(alarm.object_id)
        return (thing is not None and self.sees(thing)) or self._happens_inside(alarm)

    def sees_case(self, case: Case) -> bool:
        """Whether a case is shown: by its place or grid, and by its department."""
        scope = self.scope
        if not scope.cases or (scope.departments and case.department not in scope.departments):
            return False
        return (
            not scope.areas
            or holds_id(scope.areas, case.grid_id)
            or self._region.holds(case.lon, case.lat)
        )

    # -- events ---------------------------------------------------------------------
    def event(self, event: Event, find: Find) -> Event | None:
        """The event as these readers get it; None where it is not for them.

        ``find`` gives things as they stand at this event or soon after it.
        """
        if self.scope.whole:
            return self._masked(event)
        inside = self._inside
        match event.body:
            case EntityUpserted(entity=entity):
                return self._described(event, entity)
            case Observed() as body:
                return self._observed(event, body, find)
            case EntityDeleted(id=id_):
                return event if self._leave(id_) else None
            case AlarmChanged(alarm=alarm):
                return event if self._alarm(alarm, find) else None
            case CaseChanged(case=case):
                if not self.sees_case(case):  # handed to others: no event takes a case away
                    self.stale = self.stale or case.id in inside.cases
                    return None
                self._enter(inside.cases, case.id)
                return self._masked(event)
            case DispatchChanged(dispatch=dispatch):
                if dispatch.id not in inside.dispatches and not _concerns(
                    dispatch, inside.cases, inside.entities
                ):
                    inside.missed |= _about(dispatch)
                    return None
                inside.dispatches.add(dispatch.id)
                return event
            case StockChanged(line=line):
                if line.warehouse_id in inside.entities:
                    return event
                inside.missed.add(line.warehouse_id)
                return None
            case ServiceChanged(id=id_):
                return event if id_ in inside.entities else None
            case OperatorActed(subject=subject):
                known = subject in inside.entities or subject in inside.cases
                return event if known else None

    def _masked(self, event: Event) -> Event:
        body = event.body
        if isinstance(body, EntityUpserted):
            shown = self.shown(body.entity)
            if shown is not body.entity:
                return replace(event, body=replace(body, entity=shown))
        elif isinstance(body, CaseChanged):
            case = self.shown_case(body.case)
            if case is not body.case:
                return replace(event, body=replace(body, case=case))
        return event

    def _described(self, event: Event, entity: Entity) -> Event | None:
        if entity.geometry and holds_id(self.scope.areas, entity.id):
            self.stale = True
        if self.sees(entity):
            self._enter(self._inside.entities, entity.id)
            return self._masked(event)
        return self._gone(event, entity.id)

    def _observed(self, event: Event, body: Observed, find: Find) -> Event | None:
        was = body.id in self._inside.entities
        if body.lon is None or not self.scope.areas:
            return event if was else None
        if not self._region.holds(body.lon, body.lat):
            return self._gone(event, body.id)
        if was:
            return event
        entity = find(body.id)
        if entity is None or not self.scope.sees(entity.kind):
            return None
        self._enter(self._inside.entities, entity.id)
        return replace(event, body=EntityUpserted(entity=self.shown(entity)))

    def _gone(self, event: Event, id_: str) -> Event | None:
        return replace(event, body=EntityDeleted(id=id_)) if self._leave(id_) else None

    def _enter(self, shown: set[str], id_: str) -> None:
        if id_ not in shown:
            shown.add(id_)
            self.stale = self.stale or id_ in self._inside.missed

    def _leave(self, id_: str) -> bool:
        if id_ not in self._inside.entities:
            return False
        self._inside.entities.discard(id_)
        return True

    def _alarm(self, alarm: Alarm, find: Find) -> bool:
        shown = alarm.key in self._inside.alarms or self.sees_alarm(alarm, find)
        if shown and alarm.stays:
            self._inside.alarms.add(alarm.key)
        else:
            self._inside.alarms.discard(alarm.key)
        if not shown:
            self._inside.missed.add(alarm.object_id)
        return shown

    # -- inside ---------------------------------------------------------------------
    def _outline(self, entities: tuple[Entity, ...]) -> Region:
        areas = self.scope.areas
        return (
            Region(e for e in entities if e.geometry and holds_id(areas, e.id))
            if areas
            else (Region(()))
        )

    def _select(self, whole: Tables) -> Tables:
        """The rows of a state that are shown, as they are."""
        scope = self.scope
        entities = [e for e in whole.entities if scope.sees(e.kind)]
        if scope.areas:
            held = self._region.holding(entities)
            entities = [e for e in entities if e.id in held]
        ids = {e.id for e in entities}
        cases = tuple(c for c in whole.cases if self.sees_case(c))
        case_ids = {c.id for c in cases}
        return Tables(
            entities=tuple(entities),
            alarms=tuple(a for a in whole.alarms if a.object_id in ids or self._happens_inside(a)),
            cases=cases,
            dispatches=tuple(d for d in whole.dispatches if _concerns(d, case_ids, ids)),
            stock=tuple(s for s in whole.stock if s.warehouse_id in ids),
        )

    def _happens_inside(self, alarm: Alarm) -> bool:
        scope = self.scope
        return scope.kinds is None and (not scope.areas or self._region.holds(alarm.lon, alarm.lat))


def _about(dispatch: Dispatch) -> set[str]:
    return {dispatch.case_id, *(task.entity_id for task in dispatch.tasks)}


def _concerns(dispatch: Dispatch, cases: set[str], entities: set[str]) -> bool:
    return dispatch.case_id in cases or any(t.entity_id in entities for t in dispatch.tasks)

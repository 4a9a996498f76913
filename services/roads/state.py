"""Which roads are closed, as the state says: alarms, cases and things that packs name. Pure.

The same World gives the same closures in hub, console and replay, so a replay has the closures of
its moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from services.domain.model import Alarm, Case, Entity
from services.domain.suppression import BY_DESIGN, OUT_OF_SERVICE, THING_OUT, in_force
from services.domain.world import Delta
from services.packs.model import Catalogue, Closing
from services.roads.closing import Closure
from services.roads.spared import spared_marks

AT_WORK = frozenset({"pending_dispatch", "pending_handle", "handling", "returned", "suspended"})
"""A case that was found true and whose work is not done."""
NOT_TRUSTED = frozenset({OUT_OF_SERVICE, THING_OUT, BY_DESIGN})
"""Suppressions after which an alarm says nothing of the road; a shelf only says who knows of it."""
ORDERED = "ordered"
"""``why`` of a closure that an officer ordered, whose reason is an attribute of the thing."""
BY_HAND = "road-closing"
"""The trait of things that officers close roads with."""


class View(Protocol):
    """The part of a World that closures are read from."""

    @property
    def entities(self) -> Mapping[str, Entity]:
        """Things by id."""

    @property
    def alarms(self) -> Mapping[str, Alarm]:
        """Alarms by key."""

    @property
    def cases(self) -> Mapping[str, Case]:
        """Cases by id."""


class ClosureBook:
    """The closures of one state, kept up as it changes. One thread.

    ``version`` rises when a closure comes, goes or moves.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_rule: dict[str, list[Closing]] = {}
        self._by_category: dict[str, list[Closing]] = {}
        self._by_kind: dict[str, list[Closing]] = {}
        for closing in catalogue.closings:
            if closing.rule:
                self._by_rule.setdefault(closing.rule, []).append(closing)
            elif closing.category:
                self._by_category.setdefault(closing.category, []).append(closing)
            else:
                self._by_kind.setdefault(closing.kind, []).append(closing)
        self._by_hand = {k.id for k in catalogue.with_trait(BY_HAND)}
        self._closing_kinds = self._by_hand | self._by_kind.keys()
        self._lines = {k.id for k in catalogue.kinds.values() if k.geometry == "line"}
        self._found: dict[str, Closure] = {}
        self._alarms_of: dict[str, set[str]] = {}
        self.version = 0

    @property
    def closures(self) -> tuple[Closure, ...]:
        """All of them, by id."""
        return tuple(self._found[id_] for id_ in sorted(self._found))

    def read(self, view: View, now: float) -> None:
        """Begin anew with a whole state."""
        found: dict[str, Closure] = {}
        self._alarms_of.clear()
        for entity in view.entities.values():
            self._put(found, _thing_id(entity.id), self._of_thing(entity))
        for alarm in view.alarms.values():
            self._note(alarm)
            self._put(found, _alarm_id(alarm.key), self._of_alarm(alarm, view, now))
        for case in view.cases.values():
            self._put(found, _case_id(case.id), self._of_case(case))
        if found != self._found:
            self._found = found
            self.version += 1

    def follow(self, delta: Delta, view: View, now: float) -> None:
        """Take in what has changed; ``view`` is the state after it."""
        if delta.reset:
            self.read(view, now)
            return
        before = dict(self._found)
        keys = set(delta.alarms)
        for id_ in delta.entities:
            if id_ in self._alarms_of:
                keys |= self._alarms_of[id_]
            entity = view.entities.get(id_)
            closes = entity is not None and entity.kind in self._closing_kinds
            if closes or _thing_id(id_) in self._found:  # of most nothing is asked
                thing = None if entity is None else self._of_thing(entity)
                self._put(self._found, _thing_id(id_), thing)
        for key in keys:
            alarm = view.alarms.get(key)
            if alarm is not None:
                self._note(alarm)
            closed = None if alarm is None else self._of_alarm(alarm, view, now)
            self._put(self._found, _alarm_id(key), closed)
        for id_ in delta.cases:
            case = view.cases.get(id_)
            self._put(self._found, _case_id(id_), None if case is None else self._of_case(case))
        if self._found != before:
            self.version += 1

    # -- inside ---------------------------------------------------------------------
    def _note(self, alarm: Alarm) -> None:
        if alarm.rule in self._by_rule:
            self._alarms_of.setdefault(alarm.object_id, set()).add(alarm.key)

    @staticmethod
    def _put(found: dict[str, Closure], id_: str, closure: Closure | None) -> None:
        if closure is None:
            found.pop(id_, None)
        else:
            found[id_] = closure

    def _of_thing(self, entity: Entity) -> Closure | None:
        if entity.kind in self._by_hand:
            radius = entity.attrs.get("radius_m")
            metres = float(radius) if isinstance(radius, int | float) else 0.0
            placed = self._placed(_thing_id(entity.id), ORDERED, entity, metres)
            spared = spared_marks(entity.attrs.get("spared"))
            return replace(placed, spared=spared) if placed is not None and spared else placed
        for closing in self._by_kind.get(entity.kind, ()):
            if _fits(closing, entity) and (not closing.states or entity.state in closing.states):
                return self._placed_by(closing, _thing_id(entity.id), entity)
        return None

    def _of_alarm(self, alarm: Alarm, view: View, now: float) -> Closure | None:
        entity = view.entities.get(alarm.object_id)
        if not alarm.active or entity is None:
            return None
        if any(s.kind in NOT_TRUSTED and in_force(s, now) for s in alarm.suppressed):
            return None
        for closing in self._by_rule.get(alarm.rule, ()):
            if alarm.severity >= closing.severity and _fits(closing, entity):
                return self._placed_by(closing, _alarm_id(alarm.key), entity)
        return None

    def _placed_by(self, closing: Closing, id_: str, entity: Entity) -> Closure | None:
        placed = self._placed(id_, closing.id, entity, closing.radius_m)
        if placed is None or not closing.spares_above:
            return placed
        return replace(placed, spares_above=True)

    def _placed(self, id_: str, why: str, entity: Entity, radius_m: float) -> Closure | None:
        """The closure of a thing as it is drawn: its area, its line, or the place where it stands.
        A line that ends where it began is still a line: a kerb round a block closes no block."""
        rings = entity.geometry or ()
        outline = bool(rings) and len(rings[0]) >= 4 and rings[0][0] == rings[0][-1]
        if outline and entity.kind not in self._lines:
            return Closure(id_, why, entity.name, rings=rings, radius_m=radius_m, about=entity.id)
        run = tuple(rings[0]) if rings else ()
        if not run and entity.lon is not None and entity.lat is not None:
            run = ((entity.lon, entity.lat),)
        if not run:
            return None
        return Closure(id_, why, entity.name, run=run, radius_m=radius_m, about=entity.id)

    def _of_case(self, case: Case) -> Closure | None:
        if case.state not in AT_WORK or case.lon is None or case.lat is None:
            return None
        for closing in self._by_category.get(case.category, ()):
            if case.severity >= closing.severity:
                return Closure(
                    _case_id(case.id),
                    closing.id,
                    case.title,
                    run=((case.lon, case.lat),),
                    radius_m=closing.radius_m,
                    about=case.id,
                    spares_above=closing.spares_above,
                )
        return None


def closures(view: View, catalogue: Catalogue, now: float) -> tuple[Closure, ...]:
    """All closures of a state."""
    book = ClosureBook(catalogue)
    book.read(view, now)
    return book.closures


def _fits(closing: Closing, entity: Entity) -> bool:
    return all(entity.attrs.get(name) in values for name, values in closing.where.items())


def _thing_id(id_: str) -> str:
    return f"thing:{id_}"


def _alarm_id(key: str) -> str:
    return f"alarm:{key}"


def _case_id(id_: str) -> str:
    return f"case:{id_}"

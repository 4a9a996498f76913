"""The fold: one state from one log, the same code in hub, console and replay.

A World is owned by one thread. Its records are frozen, so what it hands out may cross threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

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
from services.domain.model import Alarm, Case, Dispatch, Entity, Record, Severity, StockLine

CLOSED_STATES = frozenset({"closed", "voided", "not_accepted"})
MAX_CLOSED_CASES = 2_000
"""Closed cases kept in memory with their dispatches, newest by event order; older ones live in the
log only."""


class Tables(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A snapshot's content, or one part of it."""

    entities: tuple[Entity, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    cases: tuple[Case, ...] = ()
    dispatches: tuple[Dispatch, ...] = ()
    stock: tuple[StockLine, ...] = ()


@dataclass(slots=True)
class Delta:
    """What changed since it was last taken: newest record per id, None where it is gone."""

    reset: bool = False
    offset: int = 0
    time: float = 0.0
    entities: dict[str, Entity | None] = field(default_factory=dict)
    alarms: dict[str, Alarm | None] = field(default_factory=dict)
    cases: dict[str, Case | None] = field(default_factory=dict)
    dispatches: dict[str, Dispatch | None] = field(default_factory=dict)
    stock: dict[str, StockLine | None] = field(default_factory=dict)

    def absorb(self, newer: Delta) -> None:
        """Put a newer delta on top of this one; a reset forgets what was here."""
        if newer.reset:
            self.reset = True
            for table in (self.entities, self.alarms, self.cases, self.dispatches, self.stock):
                table.clear()
        self.offset, self.time = newer.offset, newer.time
        self.entities.update(newer.entities)
        self.alarms.update(newer.alarms)
        self.cases.update(newer.cases)
        self.dispatches.update(newer.dispatches)
        self.stock.update(newer.stock)

    def __bool__(self) -> bool:
        return self.reset or any(
            (self.entities, self.alarms, self.cases, self.dispatches, self.stock)
        )


class World:
    """The state after ``offset`` events of ``epoch``. ``time``: newest receipt time."""

    def __init__(self, epoch: str = "") -> None:
        self.epoch = epoch
        self.offset = 0
        self.time = 0.0
        self.entities: dict[str, Entity] = {}
        self.alarms: dict[str, Alarm] = {}
        self.cases: dict[str, Case] = {}
        self.dispatches: dict[str, Dispatch] = {}
        self.stock: dict[str, StockLine] = {}
        self._alarm_keys_by_object: dict[str, set[str]] = {}
        self._closed: dict[str, None] = {}  # case ids, oldest first

    # -- fold ---------------------------------------------------------------
    def apply(self, event: Event, delta: Delta | None = None) -> None:
        """Fold one event in. Offsets must rise; an offset already folded is ignored."""
        if event.offset <= self.offset:
            return
        self.offset = event.offset
        self._fold(event, delta)

    def apply_range(
        self, events: Iterable[Event], state: Iterable[Event], top: int, delta: Delta | None = None
    ) -> None:
        """Fold a feed range up to ``top``: its lossless events, then its conflated state."""
        for event in events:
            self.apply(event, delta)
        for event in state:
            self.apply_state(event, delta)
        self.offset = max(self.offset, top)
        if delta is not None:
            delta.offset, delta.time = self.offset, self.time

    def apply_state(self, event: Event, delta: Delta | None = None) -> None:
        """Fold a conflated Observed: ignored when the thing is gone or something newer is known."""
        self._fold(event, delta)

    def _fold(self, event: Event, delta: Delta | None) -> None:
        self.time = max(self.time, event.recv_time)
        if delta is not None:
            delta.offset, delta.time = self.offset, self.time
        match event.body:
            case Observed():
                self._observed(event, event.body, delta)
            case EntityUpserted():
                self._upserted(event, event.body.entity, delta)
            case EntityDeleted():
                self.entities.pop(event.body.id, None)
                if delta is not None:
                    delta.entities[event.body.id] = None
            case AlarmChanged():
                self._alarm(event.body.alarm, delta)
            case ServiceChanged():
                self._service(event.body, delta)
            case CaseChanged():
                self._case(event.body.case, delta)
            case DispatchChanged():
                self.dispatches[event.body.dispatch.id] = event.body.dispatch
                if delta is not None:
                    delta.dispatches[event.body.dispatch.id] = event.body.dispatch
            case StockChanged():
                self.stock[event.body.line.key] = event.body.line
                if delta is not None:
                    delta.stock[event.body.line.key] = event.body.line
            case OperatorActed():
                pass

    def _observed(self, event: Event, body: Observed, delta: Delta | None) -> None:
        old = self.entities.get(body.id)
        if old is None or event.offset <= old.offset:
            return
        moved = body.lon is not None
        new = replace(
            old,
            values={**old.values, **body.values} if body.values else old.values,
            link=old.link if body.link is None else body.link,
            state=old.state if body.state is None else body.state,
            lon=body.lon if moved else old.lon,
            lat=body.lat if moved else old.lat,
            heading_deg=old.heading_deg if body.heading_deg is None else body.heading_deg,
            observed_at=event.event_time,
            offset=event.offset,
        )
        self.entities[body.id] = new
        if delta is not None:
            delta.entities[body.id] = new

    def _upserted(self, event: Event, entity: Entity, delta: Delta | None) -> None:
        old = self.entities.get(entity.id)
        if old is not None:
            entity = replace(
                entity,
                values={**old.values, **entity.values},
                link=entity.link or old.link,
                state=entity.state or old.state,
                observed_at=entity.observed_at or old.observed_at,
                out_of_service=old.out_of_service,
            )
        entity = replace(entity, offset=event.offset)
        self.entities[entity.id] = entity
        if delta is not None:
            delta.entities[entity.id] = entity

    def _service(self, body: ServiceChanged, delta: Delta | None) -> None:
        """Its offset stays: a conflated reading of before still comes after this on the feed."""
        old = self.entities.get(body.id)
        if old is None:
            return
        new = replace(old, out_of_service=body.out)
        self.entities[body.id] = new
        if delta is not None:
            delta.entities[body.id] = new

    def _alarm(self, alarm: Alarm, delta: Delta | None) -> None:
        keys = self._alarm_keys_by_object.setdefault(alarm.object_id, set())
        kept: Alarm | None = alarm
        if alarm.stays:
            self.alarms[alarm.key] = alarm
            keys.add(alarm.key)
        else:
            kept = None
            self.alarms.pop(alarm.key, None)
            keys.discard(alarm.key)
            if not keys:
                del self._alarm_keys_by_object[alarm.object_id]
        if delta is None:
            return
        delta.alarms[alarm.key] = kept
        entity = self.entities.get(alarm.object_id)
        if entity is not None:  # its symbol changes with its worst alarm
            delta.entities[entity.id] = entity

    def _case(self, case: Case, delta: Delta | None) -> None:
        self.cases[case.id] = case
        if delta is not None:
            delta.cases[case.id] = case
        if case.state not in CLOSED_STATES:
            self._closed.pop(case.id, None)
            return
        self._closed.setdefault(case.id)
        while len(self._closed) > MAX_CLOSED_CASES:
            oldest = next(iter(self._closed))
            del self._closed[oldest]
            dropped = self.cases.pop(oldest)
            if delta is not None:
                delta.cases[oldest] = None
            for dispatch_id in dropped.dispatch_ids:
                if self.dispatches.pop(dispatch_id, None) is not None and delta is not None:
                    delta.dispatches[dispatch_id] = None

    # -- questions ----------------------------------------------------------
    def alarms_of(self, object_id: str) -> list[Alarm]:
        """Alarms of one thing that are kept, worst first."""
        keys = self._alarm_keys_by_object.get(object_id, ())
        return sorted((self.alarms[k] for k in keys), key=lambda a: (-a.severity, a.key))

    def worst(self, object_id: str) -> Severity:
        """The worst active severity on a thing; NORMAL where nothing stands."""
        keys = self._alarm_keys_by_object.get(object_id, ())
        return max(
            (a.severity for k in keys if (a := self.alarms[k]).active), default=Severity.NORMAL
        )

    # -- snapshots ----------------------------------------------------------
    def tables(self) -> Tables:
        """The whole state as one table set, in fold order (which restoring keeps)."""
        open_cases = [c for i, c in self.cases.items() if i not in self._closed]
        closed = [self.cases[i] for i in self._closed]  # oldest first, so a restore drops the same
        return Tables(
            entities=tuple(self.entities.values()),
            alarms=tuple(self.alarms.values()),
            cases=(*open_cases, *closed),
            dispatches=tuple(self.dispatches.values()),
            stock=tuple(self.stock.values()),
        )

    def parts(self, size: int = 2_000) -> Iterator[Tables]:
        """The tables in parts of at most ``size`` entities; lists ride with the first part."""
        whole = self.tables()
        yield replace(whole, entities=whole.entities[:size])
        for start in range(size, len(whole.entities), size):
            yield Tables(entities=whole.entities[start : start + size])

    @classmethod
    def restore(cls, epoch: str, offset: int, time: float, parts: Iterable[Tables]) -> World:
        """A world from a snapshot's parts; later events fold on top."""
        world = cls(epoch)
        world.offset, world.time = offset, time
        for tables in parts:
            world.entities.update((e.id, e) for e in tables.entities)
            world.dispatches.update((d.id, d) for d in tables.dispatches)
            world.stock.update((s.key, s) for s in tables.stock)
            for alarm in tables.alarms:
                world._alarm(alarm, None)
            for case in tables.cases:
                world._case(case, None)
        return world

    def reset_delta(self) -> Delta:
        """A delta that carries everything, for a reader that starts anew."""
        return Delta(
            reset=True,
            offset=self.offset,
            time=self.time,
            entities=dict(self.entities),
            alarms=dict(self.alarms),
            cases=dict(self.cases),
            dispatches=dict(self.dispatches),
            stock=dict(self.stock),
        )

    def digest(self) -> str:
        """A hash of the state, equal exactly when two worlds are equal, whatever led there."""
        encoder = msgspec.msgpack.Encoder(order="deterministic")
        whole = self.tables()
        body = Tables(
            entities=tuple(sorted(whole.entities, key=lambda e: e.id)),
            alarms=tuple(sorted(whole.alarms, key=lambda a: a.key)),
            cases=tuple(sorted(whole.cases, key=lambda c: c.id)),
            dispatches=tuple(sorted(whole.dispatches, key=lambda d: d.id)),
            stock=tuple(sorted(whole.stock, key=lambda s: s.key)),
        )
        return hashlib.sha256(encoder.encode(body)).hexdigest()

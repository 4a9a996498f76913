"""The event catalogue: everything that can happen, as it stands in the log and on the feed.

Schema only grows: fields are added with defaults, names are never reused.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from services.domain.model import (
    Alarm,
    Case,
    Dispatch,
    Entity,
    Link,
    Record,
    Scalar,
    StockLine,
    Suppression,
)

AlarmChange = Literal[
    "raised",
    "updated",
    "cleared",
    "acknowledged",
    "linked",
    "pending",  # seen, but it has to hold before the alarm follows
    "withdrawn",  # it did not hold
    "suppressed",
    "unsuppressed",
    "expired",  # a shelf ended by the clock
]


class EntityUpserted(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entity.upserted"):
    """A thing is there, or its description changed. Readings of an existing one are kept."""

    entity: Entity


class EntityDeleted(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entity.deleted"):
    """A thing is gone."""

    id: str


class Observed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entity.observed"):
    """News of a thing: readings, position, online flag, state. Fields left out did not change.

    The only *state class* body: on the feed it is conflated to the newest per id.
    """

    id: str
    values: dict[str, float] = msgspec.field(default_factory=dict)
    link: Link | None = None
    state: str | None = None
    lon: float | None = None
    lat: float | None = None
    heading_deg: float | None = None


class AlarmChanged(Record, frozen=True, kw_only=True, omit_defaults=True, tag="alarm.changed"):
    """An alarm as it is now, and what made it so: who, at which seat, with what words.

    ``by`` is empty where a source's signal did it, "system" where the hub's clock or a pack did.
    """

    alarm: Alarm
    change: AlarmChange
    by: str = ""
    seat: str = ""
    note: str = ""


class ServiceChanged(Record, frozen=True, kw_only=True, omit_defaults=True, tag="service.changed"):
    """A thing was taken out of service by ``out``, or put back (None) by ``by``."""

    id: str
    out: Suppression | None = None
    by: str = ""
    seat: str = ""
    note: str = ""


class CaseChanged(Record, frozen=True, kw_only=True, omit_defaults=True, tag="case.changed"):
    """A case as it is now; ``action`` repeats the newest flow step's action."""

    case: Case
    action: str


class DispatchChanged(
    Record, frozen=True, kw_only=True, omit_defaults=True, tag="dispatch.changed"
):
    """A dispatch as it is now; ``task_id`` names the task that changed, if one did."""

    dispatch: Dispatch
    change: str
    task_id: str = ""


class StockChanged(Record, frozen=True, kw_only=True, omit_defaults=True, tag="stock.changed"):
    """A stock line as it is now, and why."""

    line: StockLine
    reason: str = ""


class OperatorActed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="operator.acted"):
    """An officer did something that changes nothing but is part of the story."""

    name: str
    actor: str
    seat: str
    subject: str = ""
    detail: dict[str, Scalar] = msgspec.field(default_factory=dict)


Body = (
    EntityUpserted
    | EntityDeleted
    | Observed
    | AlarmChanged
    | ServiceChanged
    | CaseChanged
    | DispatchChanged
    | StockChanged
    | OperatorActed
)


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the log: ``event_time`` is the source's clock, ``recv_time`` the hub's.

    ``exercise`` marks replay and drill: such an event never enters the live log.
    """

    offset: int
    event_time: float
    recv_time: float
    source: str
    body: Body
    exercise: bool = False


def is_state(body: Body) -> bool:
    """Whether the body belongs to the state class, which may be conflated."""
    return isinstance(body, Observed)


def subject(body: Body) -> str:
    """The id that the body is about: entity id, alarm key, case id, dispatch id, stock key."""
    match body:
        case EntityUpserted():
            return body.entity.id
        case EntityDeleted() | Observed() | ServiceChanged():
            return body.id
        case AlarmChanged():
            return body.alarm.key
        case CaseChanged():
            return body.case.id
        case DispatchChanged():
            return body.dispatch.id
        case StockChanged():
            return body.line.key
        case OperatorActed():
            return body.subject


def merge_observed(older: Event, newer: Event) -> Event:
    """Conflate two Observed events of one id into one that says what both said, newest first."""
    a, b = older.body, newer.body
    if not isinstance(a, Observed) or not isinstance(b, Observed) or a.id != b.id:
        raise ValueError("merge_observed needs two Observed events of one id")
    located = b if b.lon is not None else a
    body = Observed(
        id=b.id,
        values={**a.values, **b.values},
        link=b.link if b.link is not None else a.link,
        state=b.state if b.state is not None else a.state,
        lon=located.lon,
        lat=located.lat,
        heading_deg=b.heading_deg if b.heading_deg is not None else a.heading_deg,
    )
    return msgspec.structs.replace(newer, body=body)

"""What the projections say about events: rows as the tables take them. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from services.domain.events import EntityUpserted, Event, Observed
from services.domain.model import Alarm, Case, Dispatch
from services.storage.schema import BUCKET_S

MAX_TEXT = 4_000
Series = tuple[str, str]
"""(entity id, measure)"""
Value = str | int | float | bytes | bool | None
Row = tuple[Value, ...]
_encode = msgspec.msgpack.Encoder().encode


def measured(batch: Iterable[Event]) -> Iterator[tuple[Series, float, int, float]]:
    """((entity, measure), source's time, offset, value) of every reading in the events."""
    for event in batch:
        body = event.body
        if isinstance(body, Observed):
            for name, value in body.values.items():
                yield (body.id, name), event.event_time, event.offset, value
        elif isinstance(body, EntityUpserted):
            for name, value in body.entity.values.items():
                yield (body.entity.id, name), event.event_time, event.offset, value


def bucket_of(time: float) -> int:
    """The bucket of ``readings`` that a moment lies in."""
    return int(time // BUCKET_S)


def case_row(case: Case, opened: int, changed: int) -> Row:
    """A case as its newest event has it, in the order of the table's columns."""
    notes = (step.note for step in case.flow)
    words = (case.id, case.title, case.address, case.department, case.source, case.grid_id)
    return (
        case.id,
        opened,
        changed,
        case.state,
        case.category,
        case.reported_at,
        case.closed_at,
        searchable((*words, case.alarm_key, *notes)),
        _encode(case),
    )


def dispatch_row(dispatch: Dispatch, opened: int, changed: int) -> Row:
    """A dispatch as its newest event has it, in the order of the table's columns."""
    return (
        dispatch.id,
        opened,
        changed,
        dispatch.case_id,
        dispatch.state,
        dispatch.created_at,
        _encode(dispatch),
    )


def is_gone(alarm: Alarm) -> bool:
    """Whether an alarm has left the World: what the fold says, word for word."""
    return not alarm.stays


def never_raised(alarm: Alarm) -> bool:
    """Whether it only waits, or waited, for its delay: no alarm, so no history."""
    return alarm.count == 0


def alarm_row(alarm: Alarm, opened: int, raised_at: float, event: Event) -> Row:
    """One standing of an alarm as its newest event has it, in the order of the table's columns."""
    gone = is_gone(alarm)
    words = (alarm.object_id, alarm.rule, alarm.source, alarm.text, alarm.ack_by, alarm.ack_note)
    return (
        opened,
        event.offset,
        alarm.key,
        alarm.object_id,
        alarm.rule,
        int(alarm.severity),
        gone,
        raised_at,
        event.recv_time if gone else None,
        searchable((*words, alarm.case_id)),
        _encode(alarm),
    )


def searchable(words: Iterable[str]) -> str:
    """What a search looks through."""
    return "\n".join(w for w in words if w).casefold()[:MAX_TEXT]

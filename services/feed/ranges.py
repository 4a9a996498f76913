"""What goes over the feed for one range of the log: the conflation rule. Pure; any thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from services.domain.events import (
    EntityDeleted,
    EntityUpserted,
    Event,
    Observed,
    merge_observed,
)
from services.domain.model import Entity
from services.domain.world import Tables
from services.feed.frames import Events, Snapshot

FRAME_BYTES = 4 * 1024 * 1024
PART_BYTES = 1024 * 1024
PLAIN_BYTES = 250
"""About how large a frame of events and a part of a snapshot may become, and an ordinary event or
thing is; one alone always fits."""

Range = tuple[tuple[Event, ...], tuple[Event, ...]]


def build_range(events: Sequence[Event]) -> Range:
    """(lossless, state) of the log's events in their order, as an Events frame carries them.

    All events that are not Observed are lossless, in order. Observed ones are merged to one per id
    that carries the newest offset. An id that is upserted or deleted in the range keeps its
    Observed events unmerged among the lossless ones: merged behind the newer upsert, what an older
    one said would be lost.
    """
    described = {id_ for event in events if (id_ := _described(event)) is not None}
    lossless: list[Event] = []
    state: dict[str, Event] = {}
    for event in events:
        body = event.body
        if not isinstance(body, Observed) or body.id in described:
            lossless.append(event)
            continue
        older = state.pop(body.id, None)  # popped, so that state stays in order of offsets
        state[body.id] = event if older is None else merge_observed(older, event)
    return tuple(lossless), tuple(state.values())


def conflate(first: int, last: int, events: Sequence[Event]) -> Events:
    """The Events frame for the log from ``first`` to ``last``, both included."""
    lossless, state = build_range(events)
    return Events(first=first, last=last, events=lossless, state=state)


def _described(event: Event) -> str | None:
    match event.body:
        case EntityUpserted(entity=entity):
            return entity.id
        case EntityDeleted(id=id_):
            return id_
        case _:
            return None


def snapshot_frames(
    epoch: str, offset: int, time: float, parts: Sequence[Tables]
) -> list[Snapshot]:
    """A state's parts as numbered frames; there is always at least one."""
    return [
        Snapshot(part=i, parts=len(parts), epoch=epoch, offset=offset, time=time, tables=tables)
        for i, tables in enumerate(parts)
    ]


def split_tables(whole: Tables, budget: int = PART_BYTES) -> list[Tables]:
    """A state in parts of about ``budget`` bytes of things; the lists ride with the first."""
    parts: list[Tables] = []
    start = size = 0
    for index, entity in enumerate(whole.entities):
        weight = _entity_bytes(entity)
        if size and size + weight > budget:
            parts.append(Tables(entities=whole.entities[start:index]))
            start, size = index, 0
        size += weight
    parts.append(Tables(entities=whole.entities[start:]))
    parts[0] = replace(whole, entities=parts[0].entities)
    return parts


def fitting(events: Iterable[Event], count: int, budget: int = FRAME_BYTES) -> int:
    """How many of the events, from the first on, make one frame: at least one if there is one."""
    taken = size = 0
    for event in events:
        body = event.body
        size += _entity_bytes(body.entity) if isinstance(body, EntityUpserted) else PLAIN_BYTES
        if taken and (size > budget or taken >= count):
            break
        taken += 1
    return taken


def _entity_bytes(entity: Entity) -> int:
    """An estimate that is cheap: what makes a thing large is its outline and its texts."""
    points = sum(map(len, entity.geometry)) if entity.geometry else 0
    texts = sum(len(v) for v in entity.attrs.values() if isinstance(v, str))
    return PLAIN_BYTES + 20 * points + 3 * texts

"""What goes over the feed for one range of the log: the conflation rule. Pure; any thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.domain.events import (
    EntityDeleted,
    EntityUpserted,
    Event,
    Observed,
    merge_observed,
)

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


def _described(event: Event) -> str | None:
    match event.body:
        case EntityUpserted(entity=entity):
            return entity.id
        case EntityDeleted(id=id_):
            return id_
        case _:
            return None


def only_kinds(
    events: Iterable[Event], kinds: frozenset[str], kind_of: dict[str, str]
) -> list[Event]:
    """The events of a range that concern things of these kinds, and all that concern none.

    ``kind_of``: kind by entity id, as known at the end of the range. A thing that is not known
    (any more) passes: a deletion must reach everybody.
    """
    kept: list[Event] = []
    for event in events:
        match event.body:
            case EntityUpserted(entity=entity):
                kind: str | None = entity.kind
            case Observed(id=id_) | EntityDeleted(id=id_):
                kind = kind_of.get(id_)
            case _:
                kind = None
        if kind is None or kind in kinds:
            kept.append(event)
    return kept

"""Turning a run of the log into one Events frame: what is lossless, what may be conflated."""

from __future__ import annotations

from collections.abc import Sequence

from services.domain.events import (
    EntityDeleted,
    EntityUpserted,
    Event,
    Observed,
    merge_observed,
)
from services.feed.frames import Events


def conflate(first: int, last: int, run: Sequence[Event]) -> Events:
    """The frame for [first, last]: lossless events in order, newest state once per id.

    State of an id that is described or deleted within the run stays in order among the events:
    merged into one it would carry the newest offset, and an older value would be lost or a
    deletion undone.
    """
    pinned = {
        body.entity.id if isinstance(body, EntityUpserted) else body.id
        for event in run
        if isinstance(body := event.body, EntityUpserted | EntityDeleted)
    }
    events: list[Event] = []
    state: dict[str, Event] = {}
    for event in run:
        body = event.body
        if not isinstance(body, Observed) or body.id in pinned:
            events.append(event)
        elif (older := state.get(body.id)) is None:
            state[body.id] = event
        else:
            state[body.id] = merge_observed(older, event)
    return Events(first=first, last=last, events=tuple(events), state=tuple(state.values()))

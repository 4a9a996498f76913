"""What a load found and what it made of it, from the log. Worker threads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.domain.errors import KnownError
from services.domain.events import CaseChanged, EntityDeleted, EntityUpserted
from services.domain.model import Case, Entity
from services.storage.reader import LogReader

MAX_RECORDS = 300_000
"""Of one load: bounds memory."""


@dataclass(slots=True)
class Images:
    """By id: the record before the load's first word about it (None: there was none), and as the
    load told it last."""

    before: dict[str, Entity | Case | None] = field(default_factory=dict)
    made: dict[str, Entity | Case] = field(default_factory=dict)


def images(reader: LogReader, epoch: str, spans: Sequence[tuple[int, int]]) -> Images:
    """Everything that was told of things and cases in these parts (first, last] of the log, which
    are in order; what others told between them is not the load's.

    KnownError ``too_old`` where that is not kept any more, ``too_many``.
    """
    found = Images()
    if not spans:
        return found
    world = reader.world_at(spans[0][0], epoch)
    latest: dict[str, Entity | Case | None] = {}
    record: Entity | Case
    parts = iter(spans)
    first, last = next(parts)
    for event in reader.changes(spans[0][0], spans[-1][1]):
        while event.offset > last:
            first, last = next(parts)
        body = event.body
        match body:
            case EntityUpserted():
                id_, record = body.entity.id, body.entity
            case CaseChanged():
                id_, record = body.case.id, body.case
            case EntityDeleted():
                latest[body.id] = None
                continue
            case _:
                continue
        if event.offset > first:
            if id_ not in found.made and len(found.made) >= MAX_RECORDS:
                raise KnownError("too_many", f"more than {MAX_RECORDS:,} records were loaded")
            standing = world.cases.get(id_) if isinstance(record, Case) else world.entities.get(id_)
            found.before.setdefault(id_, latest.get(id_, standing))
            found.made[id_] = record
        latest[id_] = record
    return found

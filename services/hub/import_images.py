"""What a load found and what it made of it, from the log. Worker threads only."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.domain.errors import KnownError
from services.domain.events import CaseChanged, EntityDeleted, EntityUpserted
from services.domain.model import Case, Entity
from services.storage.reader import LogReader

MAX_RECORDS = 300_000
"""Of one source within one load's span: bounds memory."""


@dataclass(slots=True)
class Images:
    """By id: the record before the load's first word about it (None: there was none), and as the
    load told it last."""

    before: dict[str, Entity | Case | None] = field(default_factory=dict)
    made: dict[str, Entity | Case] = field(default_factory=dict)


def images(reader: LogReader, epoch: str, first: int, last: int, source: str) -> Images:
    """Everything that ``source`` told of things and cases in (first, last].

    KnownError ``too_old`` where that is not kept any more, ``too_many``.
    """
    world = reader.world_at(first, epoch)
    found = Images()
    latest: dict[str, Entity | Case | None] = {}
    record: Entity | Case
    for event in reader.changes(first, last):
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
        if event.source == source:
            if id_ not in found.made and len(found.made) >= MAX_RECORDS:
                raise KnownError("too_many", f"more than {MAX_RECORDS:,} records were loaded")
            standing = world.cases.get(id_) if isinstance(record, Case) else world.entities.get(id_)
            found.before.setdefault(id_, latest.get(id_, standing))
            found.made[id_] = record
        latest[id_] = record
    return found

"""What a source may send, as typed and bounded records; also what the published schema says."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from services.domain.model import Link, Severity

MAX_VERTICES = 20_000

Id = Annotated[str, Meta(min_length=1, max_length=100)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=2_000)]
Short = Annotated[str, Meta(max_length=100)]
Time = float | Annotated[str, Meta(max_length=64)]
Whole = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Attrs = Annotated[dict[Short, Text | Whole | float | bool | None], Meta(max_length=64)]
Values = Annotated[dict[Short, float], Meta(max_length=64)]
Rings = Annotated[
    tuple[Annotated[tuple[tuple[float, float], ...], Meta(max_length=MAX_VERTICES)], ...],
    Meta(max_length=100),
]
LinkName = Literal["unknown", "online", "offline"]
SeverityName = Literal["normal", "info", "minor", "major", "critical"]


class Base(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """Base of items: a field that is not known is refused, never overlooked."""


class EntityItem(Base, frozen=True, kw_only=True, tag="entity"):
    """A thing as it is now; ``geometry`` is a list of rings [[lon, lat], …] or one open run.

    ``observed_at``: its last sign of life, where the source knows of one.
    """

    id: Id
    kind: Id
    name: Name
    lon: float | None = None
    lat: float | None = None
    geometry: Rings | None = None
    attrs: Attrs = msgspec.field(default_factory=dict)
    link: LinkName | Literal[0, 1, 2] | None = None
    state: Short = ""
    values: Values = msgspec.field(default_factory=dict)
    heading_deg: float | None = None
    observed_at: Time | None = None


class DeleteItem(Base, frozen=True, kw_only=True, tag="delete"):
    """A thing is gone."""

    id: Id


class ReadingItem(Base, frozen=True, kw_only=True, tag="reading"):
    """Measured values of a thing, by the names its kind declares."""

    id: Id
    values: Annotated[dict[Short, float], Meta(min_length=1, max_length=64)]
    time: Time | None = None
    link: LinkName | Literal[0, 1, 2] | None = None
    state: Short | None = None


class PositionItem(Base, frozen=True, kw_only=True, tag="position"):
    """Where a mobile thing is; degrees, heading clockwise from north."""

    id: Id
    lon: float
    lat: float
    time: Time | None = None
    heading_deg: float | None = None
    state: Short | None = None


class StatusItem(Base, frozen=True, kw_only=True, tag="status"):
    """Whether a thing answers, and its state."""

    id: Id
    time: Time | None = None
    link: LinkName | Literal[0, 1, 2] | None = None
    state: Short | None = None


class AlarmItem(Base, frozen=True, kw_only=True, tag="alarm"):
    """What a source says is wrong, or right again (``active`` false)."""

    object_id: Id
    severity: SeverityName | Literal[0, 1, 2, 3, 4]
    text: Text
    active: bool = True
    source: Short = ""
    rule: Short = ""
    time: Time | None = None
    lon: float | None = None
    lat: float | None = None
    value: float | None = None
    limit: float | None = None


class CaseItem(Base, frozen=True, kw_only=True, tag="case"):
    """A case of another system; the same id again amends it."""

    category: Id
    title: Name
    id: Id | None = None
    severity: SeverityName | Literal[1, 2, 3, 4] | None = None
    lon: float | None = None
    lat: float | None = None
    address: Text = ""
    grid_id: Short = ""
    source: Short = ""
    reported_at: Time | None = None
    deadline_at: Time | None = None
    closed_at: Time | None = None
    state: Short = ""
    department: Short = ""
    attrs: Attrs = msgspec.field(default_factory=dict)


class StockItem(Base, frozen=True, kw_only=True, tag="stock"):
    """What a warehouse counts of one item."""

    warehouse_id: Id
    item: Id
    on_hand: Annotated[int, Meta(ge=0, le=1_000_000_000)]


Item = (
    EntityItem
    | DeleteItem
    | ReadingItem
    | PositionItem
    | StatusItem
    | AlarmItem
    | CaseItem
    | StockItem
)
TYPES = ("entity", "delete", "reading", "position", "status", "alarm", "case", "stock")


def severity_of(given: str | int) -> Severity:
    """``"major"`` or 3 as a Severity."""
    return Severity[given.upper()] if isinstance(given, str) else Severity(given)


def link_of(given: str | int | None) -> Link | None:
    """``"online"`` or 1 as a Link; None where nothing was said."""
    if given is None:
        return None
    return Link[given.upper()] if isinstance(given, str) else Link(given)

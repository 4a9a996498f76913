"""The city as a hub shows it to somebody, once, for an export without a window. No Qt."""

from __future__ import annotations

import queue
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from app.export_job import Taken, shapes_of
from app.projection import CASE_FACTS, CASE_KIND, case_feature, entity_batch
from layers.model.expression import Expression
from layers.model.features import FeatureStore
from layers.model.fields import field_table
from layers.model.table import Asked, arrange, rows_of_kinds
from services.domain.errors import KnownError
from services.domain.model import Alarm, Case, Entity, Scalar
from services.domain.world import Delta
from services.feed.client import FeedClient
from services.feed.http import TokenSource
from services.feed.source import LinkUpdate, StateUpdate, Update
from services.packs.model import Catalogue, Kind

Record = TypeVar("Record")
Content = Literal["words", "number", "time", "flag"]
FIRST = ("id", "name", "kind", "state", "severity", "link", "age_s", "lon", "lat")
WAIT_S = 60.0
"""How long a hub may take until it has told everything."""


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A column as programs read it: ``services.exports`` wants no words for it."""

    name: str
    content: Content = "words"
    unit: str = ""

    @property
    def title(self) -> str:
        """Its name."""
        return self.name

    @property
    def heading(self) -> str:
        """Its name and its unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    def text(self, value: Scalar) -> str:
        """A value as it is kept."""
        return "" if value is None else str(value)


def plain_columns(kinds: Sequence[Kind], found: Iterable[str]) -> list[PlainColumn]:
    """What every feature has, measures and attributes of the kinds, and what else there is."""
    made = {name: PlainColumn(name) for name in FIRST}
    if any(kind.id == CASE_KIND for kind in kinds):
        for name in CASE_FACTS:
            content: Content = "time" if name.endswith("_at") else "words"
            made.setdefault(name, PlainColumn(name, content))
    for kind in kinds:
        for measure in kind.measure:
            made.setdefault(measure.name, PlainColumn(measure.name, "number", measure.unit))
        for attribute in kind.attribute:
            sorts: dict[str, Content] = {"boolean": "flag", "text": "words"}
            sort = sorts.get(attribute.type, "number")
            made.setdefault(attribute.name, PlainColumn(attribute.name, sort, attribute.unit))
    for name in found:
        made.setdefault(name, PlainColumn(name))
    return list(made.values())


def chosen(columns: Sequence[PlainColumn], names: Sequence[str]) -> list[PlainColumn]:
    """The columns of these names, in their order; all without names. KnownError ``bad_option``."""
    if not names:
        return list(columns)
    known = {c.name: c for c in columns}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise KnownError(
            "bad_option",
            f"there is no column “{unknown[0]}”; there are {', '.join(known)}",
            field="columns",
        )
    return [known[name] for name in names]


def look(
    url: str,
    token: str | TokenSource,
    seat: str,
    trust: ssl.SSLContext | None,
    *,
    wait_s: float = WAIT_S,
    clock: Callable[[], float] = time.monotonic,
) -> Delta:
    """Everything that the hub tells this account, masked and filtered as for a desk.

    KnownError ``hub_unreachable``, or why the hub refused it.
    """
    updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
    feed = FeedClient(url, token, seat=seat, client="onemap-export", sink=updates.put, trust=trust)
    city, live = Delta(), False
    until = clock() + wait_s
    feed.start()
    try:
        while not (live and city.reset):
            try:
                update = updates.get(timeout=max(0.01, until - clock()))
            except queue.Empty:
                raise KnownError(
                    "hub_unreachable", f"the hub at {url} did not tell the city within {wait_s:g} s"
                ) from None
            if isinstance(update, StateUpdate):
                city.absorb(update.delta)
            elif isinstance(update, LinkUpdate):
                live = update.state == "live"
                if update.state == "refused":
                    raise KnownError(update.code or "hub_refused", update.detail)
    finally:
        feed.close(2.0)
    return city


def store_of(city: Delta, catalogue: Catalogue, now: float) -> FeatureStore:
    """Everything that has a place, as a map would hold it. ``now``: UNIX seconds."""
    standing: dict[str, dict[str, Alarm]] = {}
    for alarm in _there(city.alarms.values()):
        standing.setdefault(alarm.object_id, {})[alarm.key] = alarm
    things: list[Entity] = _there(city.entities.values())
    cases: list[Case] = _there(city.cases.values())
    store = FeatureStore(tuple(catalogue.kinds.values()))
    store.put(entity_batch(things, catalogue, standing, now))
    marks = (case_feature(case, now) for case in cases)
    store.upsert([mark for mark in marks if mark is not None])
    return store


def take(
    store: FeatureStore,
    catalogue: Catalogue,
    kinds: frozenset[str],
    where: Expression | None,
    now: float,
) -> Taken:
    """What some kinds hold that pass a filter."""
    rows = rows_of_kinds(store, kinds)
    found = arrange(field_table(store, rows, now), Asked(filter=where)).rows
    rings, shapes = shapes_of(store, found.tolist(), catalogue.kinds)
    return Taken(field_table(store, found, now), rings, shapes)


def _there(records: Iterable[Record | None]) -> list[Record]:
    return [record for record in records if record is not None]

"""What an evaluation reads of a store: live on the store's thread, frozen for a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from layers.model.column_jobs import ColumnJob, Key, ListSource, Source
from layers.model.columns import STALE, UNACKED, frozen
from layers.model.features import FeatureStore
from layers.model.style import KindStyle
from layers.model.values import Column, Floats, Texts
from layers.model.work import Work


@dataclass(slots=True)
class KeptColumns:
    """The columns of one evaluation: taken from ``jobs`` where one is kept already, else made from
    the sources. ``made`` is what the store is to keep; ``work`` hears how far a long one is."""

    jobs: Mapping[Key, ColumnJob]
    sources: Mapping[str, Source]
    fact: Callable[[str], Source]
    version: int
    count: int
    work: Work | None = None
    made: dict[Key, Column] = field(default_factory=dict)

    def get(self, key: Key) -> Column:
        """One column as it was at the version."""
        known = self.made.get(key)
        if known is not None:
            return known
        job = self.jobs.get(key)
        if job is None:
            source = self.fact(key[1]) if key[0] == "fact" else self.sources[key[1]]
            job = ColumnJob(source, self.version, self.count)
        column = self.made[key] = job.make(self.work)
        return column


@dataclass(frozen=True, slots=True)
class Things:
    """Rows of a store at one moment, those that are free included.

    ``version`` is of marks, ``facts_version`` of everything else; arrays are one entry per row.
    ``kinds`` and ``styles`` are the store's. A frozen one may go to one worker at a time.
    """

    version: int
    facts_version: int
    count: int
    kinds: tuple[str, ...]
    styles: Mapping[str, KindStyle]
    kind: npt.NDArray[np.uint16]
    severity: npt.NDArray[np.uint8]
    link: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    lon: Floats
    lat: Floats
    columns: KeptColumns

    @classmethod
    def live(cls, store: FeatureStore) -> Things:
        """Of the store's thread, for as long as the store is not changed."""
        return _things(store, lambda values: values)

    @classmethod
    def frozen(
        cls, store: FeatureStore, work: Work | None = None, *, places: bool = True
    ) -> Things:
        """For a worker; costs the store's thread copies of the arrays, a few milliseconds for a
        million rows. Without ``places`` nothing may ask where things are."""
        return _things(store, frozen, work, () if places else ("lon", "lat"))

    def fact(self, name: str) -> Column:
        """An attribute, or the newest reading of that name."""
        return self.columns.get(("fact", name))

    def own(self, name: str) -> Column:
        """``id``, ``name``, ``state`` or ``observed_at`` of every row."""
        return self.columns.get(("own", name))

    def adopt(self, store: FeatureStore) -> None:
        """Let the store keep the columns that were made. The store's thread."""
        for key, column in self.columns.made.items():
            store.attributes.adopt(key, self.facts_version, column)


def _things(
    store: FeatureStore,
    taken: Callable[[npt.NDArray[Any]], npt.NDArray[Any]],
    work: Work | None = None,
    left_out: tuple[str, ...] = (),
) -> Things:
    facts = store.attributes
    sources = {
        **facts.own_sources(),
        "id": ListSource(store.ids),
        "name": ListSource(store.names),
    }
    count = len(facts)
    names = ("kind", "severity", "link", "flags", "lon", "lat")
    jobs, facts_of = facts.jobs(sources), facts.sources()
    arrays = {
        name: taken(getattr(store, name)[: 0 if name in left_out else count]) for name in names
    }
    return Things(
        version=store.version,
        facts_version=facts.version,
        count=count,
        kinds=tuple(store.kinds),
        styles=store.styles,
        columns=KeptColumns(jobs, sources, facts_of, facts.version, count, work),
        **arrays,
    )


@dataclass(frozen=True, slots=True)
class ThingTable:
    """All rows as a table to ask expressions of; ``now`` in UNIX seconds."""

    things: Things
    now: float

    @property
    def count(self) -> int:
        """Rows, used and free."""
        return self.things.count

    def places(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes in degrees."""
        return self.things.lon, self.things.lat

    def column(self, name: str) -> Column:
        """A column that every thing has, else a fact."""
        build = _BUILT_IN.get(name)
        return build(self) if build is not None else self.things.fact(name)

    def numbers(self, values: npt.NDArray[np.generic]) -> Column:
        """An array as a column."""
        return Column(values.astype(np.float64), None)

    def words(self, codes: npt.NDArray[np.generic], words: Iterable[str]) -> Column:
        """Codes as a column of words."""
        return Column(None, Texts(codes.astype(np.int32), np.array(list(words), object)))

    def ages(self) -> Column:
        """Seconds since each was heard of."""
        seen = self.things.own("observed_at").numbers
        if seen is None:
            seen = np.full(self.count, np.nan)
        return Column(np.maximum(self.now - seen, 0.0), None)


_BUILT_IN: dict[str, Callable[[ThingTable], Column]] = {
    "id": lambda t: t.things.own("id"),
    "name": lambda t: t.things.own("name"),
    "kind": lambda t: t.words(t.things.kind, t.things.kinds),
    "state": lambda t: t.things.own("state"),
    "severity": lambda t: t.numbers(t.things.severity),
    "link": lambda t: t.numbers(t.things.link),
    "stale": lambda t: t.numbers(t.things.flags & STALE > 0),
    "unacked": lambda t: t.numbers(t.things.flags & UNACKED > 0),
    "lon": lambda t: t.numbers(t.things.lon),
    "lat": lambda t: t.numbers(t.things.lat),
    "age_s": lambda t: t.ages(),
}

"""Rows of a feature store as a table that expressions ask. Frozen for workers or live for a glance.

Every feature has the ``BUILT_IN`` fields; they hide attributes of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layers.model.attributes import (
    Column,
    Entry,
    Floats,
    FrozenFacts,
    Held,
    Rows,
    Texts,
    column_of,
)
from layers.model.features import STALE, UNACKED, FeatureStore
from layers.model.work import Work, in_parts
from services.domain.model import Scalar

BUILT_IN = (
    "id", "name", "kind", "state", "severity", "link", "stale", "unacked", "lon", "lat", "age_s",
)  # fmt: skip
BUILT_IN_SET = frozenset(BUILT_IN)


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Some rows as they were at one moment, in their order; any thread may read it.

    ``rows`` are rows of the store at its attributes' ``version``; ``now`` is UNIX seconds. Columns
    are worked out when they are asked for, and kept; each is so many steps of ``work``.
    """

    rows: Rows
    version: int
    now: float
    held_ids: Held[str]
    held_labels: Held[str]
    held_states: Held[str]
    held_times: Held[float | None]
    kinds: tuple[str, ...]
    kind: npt.NDArray[np.uint16]
    severity: npt.NDArray[np.uint8]
    link: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    lon: Floats
    lat: Floats
    facts: FrozenFacts
    work: Work | None = None
    _columns: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.rows)

    @property
    def ids(self) -> list[str]:
        """Ids, one per row."""
        return self.held_ids.all()

    @property
    def labels(self) -> list[str]:
        """Names, one per row."""
        return self.held_labels.all()

    def places(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes in degrees."""
        return self.lon, self.lat

    def column(self, name: str) -> Column:
        """The values of one name: built in, a reading or an attribute."""
        found = self._columns.get(name)
        if found is None:
            build = _BUILDERS.get(name)
            found = build(self) if build is not None else self.facts.column(name, self.work)
            self._columns[name] = found
        return found


def field_table(
    store: FeatureStore,
    rows: Rows,
    now: float,
    names: Collection[str] | None = None,
    work: Work | None = None,
) -> FieldTable:
    """What some rows hold now; of the fields ``names`` only, where they are told, for what is not
    copied takes no time. The store's thread only. ``work`` is told of columns that are made."""

    def wanted(name: str) -> bool:
        return names is None or name in names

    def some(values: list[Entry], name: str) -> Held[Entry]:
        return Held(values, rows if wanted(name) else rows[:0])

    facts = store.attributes
    other = names is None or not BUILT_IN_SET.issuperset(names)
    return FieldTable(
        rows=rows,
        version=facts.version,
        now=now,
        held_ids=some(store.ids, "id"),
        held_labels=some(store.names, "name"),
        held_states=some(facts.states, "state"),
        held_times=some(facts.observed_at, "age_s"),
        kinds=tuple(store.kinds),
        kind=store.kind[rows],
        severity=store.severity[rows],
        link=store.link[rows],
        flags=store.flags[rows],
        lon=store.lon[rows],
        lat=store.lat[rows],
        facts=facts.frozen(rows if other else rows[:0]),
        work=work,
    )


def _each(words: list[str]) -> Column:
    """Texts of which nearly every row has its own."""
    return Column(None, Texts(np.arange(len(words), dtype=np.int32), np.array(words, object)))


def _number(values: npt.NDArray[np.generic]) -> Column:
    return Column(values.astype(np.float64), None)


def _age(table: FieldTable) -> Column:
    seen = np.full(table.count, np.nan)
    for first, part in in_parts(table.held_times.all(), table.work):
        seen[first : first + len(part)] = np.array(part, np.float64)  # NaN for None
    return Column(np.maximum(table.now - seen, 0.0), None)


def _state(table: FieldTable) -> Column:
    return column_of([state or None for state in table.held_states.all()], table.work)


_BUILDERS: dict[str, Callable[[FieldTable], Column]] = {
    "id": lambda t: _each(t.ids),
    "name": lambda t: _each(t.labels),
    "kind": lambda t: Column(None, Texts(t.kind.astype(np.int32), np.array(t.kinds, object))),
    "state": _state,
    "severity": lambda t: _number(t.severity),
    "link": lambda t: _number(t.link),
    "stale": lambda t: _number(t.flags & STALE != 0),
    "unacked": lambda t: _number(t.flags & UNACKED != 0),
    "lon": lambda t: Column(t.lon, None),
    "lat": lambda t: Column(t.lat, None),
    "age_s": _age,
}


def value_at(store: FeatureStore, row: int, name: str, now: float) -> Scalar:
    """One value of one row, for a glance; severity and link are their numbers. The store's thread.
    ``now`` is UNIX seconds."""
    look = _GLANCES.get(name)
    return store.attributes.value(row, name) if look is None else look(store, row, now)


def _age_at(store: FeatureStore, row: int, now: float) -> float | None:
    seen = store.attributes.observed_at[row]
    return None if seen is None else max(0.0, now - seen)


_GLANCES: dict[str, Callable[[FeatureStore, int, float], Scalar]] = {
    "id": lambda s, row, _: s.ids[row],
    "name": lambda s, row, _: s.names[row],
    "kind": lambda s, row, _: s.kinds[s.kind[row]],
    "state": lambda s, row, _: s.attributes.states[row] or None,
    "severity": lambda s, row, _: int(s.severity[row]),
    "link": lambda s, row, _: int(s.link[row]),
    "stale": lambda s, row, _: bool(s.flags[row] & STALE),
    "unacked": lambda s, row, _: bool(s.flags[row] & UNACKED),
    "lon": lambda s, row, _: float(s.lon[row]),
    "lat": lambda s, row, _: float(s.lat[row]),
    "age_s": _age_at,
}

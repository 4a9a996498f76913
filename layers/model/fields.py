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
    Rows,
    Texts,
    column_of,
    picked,
)
from layers.model.features import STALE, UNACKED, FeatureStore
from services.domain.model import Scalar

BUILT_IN = (
    "id", "name", "kind", "state", "severity", "link", "stale", "unacked", "lon", "lat", "age_s",
)  # fmt: skip
BUILT_IN_SET = frozenset(BUILT_IN)


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Some rows as they were at one moment, in their order; any thread may read it.

    ``rows`` are rows of the store at its attributes' ``version``; ``now`` is UNIX seconds. Columns
    are worked out when they are asked for, and kept.
    """

    rows: Rows
    version: int
    now: float
    ids: list[str]
    labels: list[str]
    states: list[str]
    observed_at: list[float | None]
    kinds: tuple[str, ...]
    kind: npt.NDArray[np.uint16]
    severity: npt.NDArray[np.uint8]
    link: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    lon: Floats
    lat: Floats
    facts: FrozenFacts
    _columns: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.rows)

    def places(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes in degrees."""
        return self.lon, self.lat

    def column(self, name: str) -> Column:
        """The values of one name: built in, a reading or an attribute."""
        found = self._columns.get(name)
        if found is None:
            build = _BUILDERS.get(name)
            found = build(self) if build is not None else self.facts.column(name)
            self._columns[name] = found
        return found


def field_table(
    store: FeatureStore, rows: Rows, now: float, names: Collection[str] | None = None
) -> FieldTable:
    """What some rows hold now; of the fields ``names`` only, where they are told, for what is not
    copied takes no time. The store's thread only."""

    def wanted(name: str) -> bool:
        return names is None or name in names

    def some(values: list[Entry], name: str) -> list[Entry]:
        return picked(values, rows) if wanted(name) else []

    nothing = FrozenFacts([], [])
    facts = store.attributes
    other = names is None or not BUILT_IN_SET.issuperset(names)
    return FieldTable(
        rows=rows,
        version=facts.version,
        now=now,
        ids=some(store.ids, "id"),
        labels=some(store.names, "name"),
        states=some(facts.states, "state"),
        observed_at=some(facts.observed_at, "age_s"),
        kinds=tuple(store.kinds),
        kind=store.kind[rows],
        severity=store.severity[rows],
        link=store.link[rows],
        flags=store.flags[rows],
        lon=store.lon[rows],
        lat=store.lat[rows],
        facts=facts.frozen(rows) if other else nothing,
    )


def _each(words: list[str]) -> Column:
    """Texts of which nearly every row has its own."""
    return Column(None, Texts(np.arange(len(words), dtype=np.int32), np.array(words, object)))


def _number(values: npt.NDArray[np.generic]) -> Column:
    return Column(values.astype(np.float64), None)


def _age(table: FieldTable) -> Column:
    seen = np.array(table.observed_at, dtype=np.float64)  # NaN for None
    return Column(np.maximum(table.now - seen, 0.0), None)


def _state(table: FieldTable) -> Column:
    return column_of([state or None for state in table.states])


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

"""Rows of a feature store as a table that expressions ask. Frozen for workers or live for a glance.

Every feature has the ``BUILT_IN`` fields; they hide attributes of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layers.model.attributes import Column, Floats, FrozenFacts, Rows, Texts, column_of, picked
from layers.model.features import STALE, UNACKED, FeatureStore

BUILT_IN = (
    "id", "name", "kind", "state", "severity", "link", "stale", "unacked", "lon", "lat", "age_s",
)  # fmt: skip


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


def field_table(store: FeatureStore, rows: Rows, now: float) -> FieldTable:
    """What some rows hold now. The store's thread only."""
    chosen = rows.tolist()
    return FieldTable(
        rows=rows,
        version=store.attributes.version,
        now=now,
        ids=picked(store.ids, chosen),
        labels=picked(store.names, chosen),
        kinds=tuple(store.kinds),
        kind=store.kind[rows],
        severity=store.severity[rows],
        link=store.link[rows],
        flags=store.flags[rows],
        lon=store.lon[rows],
        lat=store.lat[rows],
        facts=store.attributes.frozen(rows),
    )


def _each(words: list[str]) -> Column:
    """Texts of which nearly every row has its own."""
    return Column(None, Texts(np.arange(len(words), dtype=np.int32), np.array(words, object)))


def _number(values: npt.NDArray[np.generic]) -> Column:
    return Column(values.astype(np.float64), None)


def _age(table: FieldTable) -> Column:
    seen = np.array(table.facts.observed_at, dtype=np.float64)  # NaN for None
    return Column(np.maximum(table.now - seen, 0.0), None)


def _state(table: FieldTable) -> Column:
    return column_of([state or None for state in table.facts.states])


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

"""Attributes and newest readings of features by row, and as columns. Owned by the store's thread.

A row shares the mappings of its record; nothing is copied. A column is made when it is first asked
for and afterwards only its rows that have changed are read again. Columns are frozen: a refresh
makes a new one, so a worker may keep the one it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

import numpy as np

from layers.model.column_jobs import ColumnJob, FactSource, Key, ListSource, Source, merged
from layers.model.values import Column, Floats, Rows, Texts, column_of
from layers.model.work import PART, Work, in_parts
from services.domain.model import Scalar

Facts = Mapping[str, Scalar]
NOTHING: Facts = MappingProxyType({})
NO_READINGS: Mapping[str, float] = MappingProxyType({})
_FIRST_CAPACITY = 1_024
_THIN = 8
Entry = TypeVar("Entry")

__all__ = [
    "NOTHING",
    "NO_READINGS",
    "Attributes",
    "Column",
    "Facts",
    "Floats",
    "FrozenFacts",
    "Held",
    "Rows",
    "Texts",
    "column_of",
    "merged",
]


class Attributes:
    """The facts of every row. ``version`` rises with every change of a row, seen on the map or not;
    rows noted before the version ``cleared_at`` mean nothing any more.

    ``attrs``, ``readings`` and ``states`` hold one entry per row; rows without a feature hold
    nothing. ``observed_at`` is UNIX seconds; ``born`` is the version at which a row was taken by
    the feature it holds. A reading hides an attribute of its name: it is the newer.
    """

    def __init__(self) -> None:
        self.version = 0
        self.cleared_at = 0
        self._reset()

    def _reset(self) -> None:
        self.attrs: list[Facts] = []
        self.readings: list[Mapping[str, float]] = []
        self.states: list[str] = []
        self.observed_at: list[float | None] = []
        self._stamp = np.zeros(_FIRST_CAPACITY, np.int64)
        self.born = np.zeros(_FIRST_CAPACITY, np.int64)
        self._columns: dict[Key, tuple[int, Column]] = {}

    def __len__(self) -> int:
        return len(self.attrs)

    # -- changing -----------------------------------------------------------------
    def extend(
        self,
        attrs: Sequence[Facts],
        readings: Sequence[Mapping[str, float]],
        states: Sequence[str],
        observed_at: Sequence[float | None],
    ) -> None:
        """Further rows and what they hold."""
        first = len(self.attrs)
        self.attrs += attrs
        self.readings += readings
        self.states += states
        self.observed_at += observed_at
        if len(self) > len(self._stamp):
            self.reserve(max(2 * len(self._stamp), len(self)))
        self.version += 1
        self._stamp[first : len(self)] = self.born[first : len(self)] = self.version

    def reserve(self, rows: int) -> None:
        """Make room for so many rows in all."""
        if rows > len(self._stamp):
            more = np.zeros(rows - len(self._stamp), np.int64)
            self._stamp = np.concatenate([self._stamp, more])
            self.born = np.concatenate([self.born, more])

    def bear(self, row: int) -> None:
        """A row is another feature's from now on."""
        self.version += 1
        self._stamp[row] = self.born[row] = self.version

    def put(
        self,
        rows: Sequence[int],
        attrs: Sequence[Facts],
        readings: Sequence[Mapping[str, float]],
        states: Sequence[str],
        observed_at: Sequence[float | None],
    ) -> None:
        """What rows hold from now on, one entry each. Mappings that say the same are no news."""
        held, read, stood, heard = self.attrs, self.readings, self.states, self.observed_at
        changed: list[int] = []
        for row, facts, values, state, time in zip(
            rows, attrs, readings, states, observed_at, strict=True
        ):
            if (
                heard[row] == time
                and stood[row] == state
                and (held[row] is facts or held[row] == facts)
                and (read[row] is values or read[row] == values)
            ):
                continue
            held[row], read[row], stood[row], heard[row] = facts, values, state, time
            changed.append(row)
        self.touch(changed)

    def touch(self, rows: Rows | Sequence[int]) -> None:
        """Something else of these rows has changed: place, name, severity."""
        if len(rows):
            self.version += 1
            self._stamp[rows] = self.version

    def drop(self, rows: Sequence[int]) -> None:
        """These rows hold nothing any more."""
        for row in rows:
            self.attrs[row], self.readings[row] = NOTHING, NO_READINGS
            self.states[row], self.observed_at[row] = "", None
        self.touch(rows)

    def clear(self) -> None:
        """Nothing of before is there; rows start again from zero."""
        self.version += 1
        self.cleared_at = self.version
        self._reset()

    # -- reading ------------------------------------------------------------------
    def changed_since(self, version: int) -> Rows:
        """Rows that may have changed after a version, ascending; also rows that are empty since."""
        return np.flatnonzero(self._stamp[: len(self)] > version)

    def value(self, row: int, name: str) -> Scalar:
        """The newest reading or the attribute of that name, None where there is neither."""
        readings = self.readings[row]
        return readings[name] if name in readings else self.attrs[row].get(name)

    def names(self, rows: Rows | None = None) -> list[str]:
        """Names of everything that these rows have, all without ``rows``; sorted."""
        chosen = range(len(self)) if rows is None else rows.tolist()
        found: set[str] = set()
        for row in chosen:
            found.update(self.attrs[row], self.readings[row])
        return sorted(found)

    def column(self, name: str) -> Column:
        """The newest values of all rows: kept, only what has changed is read again."""
        key = ("fact", name)
        job = self.job(key, self.source(name))
        column = job.make()
        self.adopt(key, job.version, column)
        return column

    def source(self, name: str) -> Source:
        """Where the values of a name are read from."""
        return FactSource(self.attrs, self.readings, name)

    def sources(self) -> Callable[[str], Source]:
        """The same for any name, of the rows that there are now, also when the store is emptied."""
        attrs, readings = self.attrs, self.readings
        return lambda name: FactSource(attrs, readings, name)

    def own_sources(self) -> dict[str, Source]:
        """Where what every row has is read from."""
        return {
            "state": ListSource(self.states, blank=True),
            "observed_at": ListSource(self.observed_at),
        }

    def job(self, key: Key, source: Source) -> ColumnJob:
        """What is to be done for a column to be as new as the facts are now; any thread may."""
        version, column = self._columns.get(key, (-1, None))
        rows = None if column is None else self.changed_since(version)
        return ColumnJob(source, self.version, len(self), column, rows)

    def jobs(self, sources: Mapping[str, Source]) -> dict[Key, ColumnJob]:
        """The same for all columns that are kept; ``sources``: of those that are no facts."""
        versions = {version for version, _column in self._columns.values()}
        changed = {version: self.changed_since(version) for version in versions}
        jobs = {}
        for key, (version, column) in self._columns.items():
            source = self.source(key[1]) if key[0] == "fact" else sources[key[1]]
            jobs[key] = ColumnJob(source, self.version, len(self), column, changed[version])
        return jobs

    def adopt(self, key: Key, version: int, column: Column) -> None:
        """Keep a column that was made for a version, unless the store was emptied since, or a
        newer one is kept."""
        known = self._columns.get(key, (-1, column))[0]
        if version >= self.cleared_at and version >= known:
            self._columns[key] = (version, column)

    def gather(self, rows: Rows, name: str) -> Column:
        """The newest values of some rows, in their order, without keeping a column."""
        return column_of(self.source(name).some(rows))

    def frozen(self, rows: Rows) -> FrozenFacts:
        """What some rows hold now, for a worker."""
        return FrozenFacts(Held(self.attrs, rows), Held(self.readings, rows))


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    """What some rows held at one moment; records never change, so any thread may read it."""

    attrs: Held[Facts]
    readings: Held[Mapping[str, float]]

    def names(self) -> list[str]:
        """Names of everything that the rows have, sorted."""
        found: set[str] = set()
        for _first, attrs in in_parts(self.attrs.all()):
            found.update(*attrs)
        for _first, readings in in_parts(self.readings.all()):
            found.update(*readings)
        return sorted(found)

    def column(self, name: str, work: Work | None = None) -> Column:
        """The values of one name, one per row; a step of the work for each."""
        return column_of(merged(self.attrs.all(), self.readings.all(), name), work)


class Held(Generic[Entry]):
    """Entries of a list, in the order of rows, as they were. The list's thread makes it, at the
    cost of a copy; picking them out is for whoever reads, on any thread."""

    __slots__ = ("_all", "_rows", "_values")

    def __init__(self, values: list[Entry], rows: Rows) -> None:
        low, high = (int(rows.min()), int(rows.max()) + 1) if len(rows) else (0, 0)
        self._all: list[Entry] | None = None
        if high - low > _THIN * len(rows):  # few out of many
            self._all = list(map(values.__getitem__, rows.tolist()))
            return
        self._values, self._rows = values[low:high], rows - low

    def all(self) -> list[Entry]:
        """All of them."""
        if self._all is None:
            if (self._rows == np.arange(len(self._rows))).all():  # in one run, as all are
                self._all = self._values
                return self._all
            found: list[Entry] = []
            for first in range(0, len(self._rows), PART):
                rows = self._rows[first : first + PART].tolist()
                found += map(self._values.__getitem__, rows)
            self._all = found
        return self._all

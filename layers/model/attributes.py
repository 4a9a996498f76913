"""Attributes and newest readings of features by row, and as columns. Owned by the store's thread.

A row shares the mappings of its record; nothing is copied. A column is made when it is first asked
for and afterwards only its rows that have changed are read again. Columns are frozen: a refresh
makes a new one, so a worker may keep the one it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from layers.model.work import PART, Work, in_parts
from services.domain.model import Scalar

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Facts = Mapping[str, Scalar]
NOTHING: Facts = MappingProxyType({})
NO_READINGS: Mapping[str, float] = MappingProxyType({})
_NUMBERS = {int, float, bool, type(None)}
_FIRST_CAPACITY = 1_024
_THIN = 8
AnyScalar = TypeVar("AnyScalar", bound=np.generic)
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by row: row i has ``words[codes[i]]``, none where the code is -1.

    A word may stand more than once. ``codes`` is int32 of shape (rows,), ``words`` an object array
    of str: what few distinct words say about many rows need be worked out once for each word.
    """

    codes: npt.NDArray[np.int32]
    words: npt.NDArray[np.object_]

    def take(self, rows: Rows) -> Texts:
        """The same for a choice of rows, in their order."""
        return Texts(self.codes[rows], self.words)

    def strings(self) -> npt.NDArray[np.object_]:
        """One str or None per row."""
        padded = np.concatenate([self.words, [None]])  # the code -1 finds the last
        return np.asarray(padded[self.codes], dtype=object)

    @classmethod
    def of(cls, values: Iterable[Scalar], count: int) -> Texts:
        """From one value per row; what is no str is none."""
        index: dict[str, int] = {}
        place = index.setdefault
        codes = np.fromiter(
            (place(v, len(index)) if isinstance(v, str) else -1 for v in values), np.int32, count
        )
        return cls(_frozen(codes), _frozen(np.array(list(index), dtype=object)))


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of all rows. A row holds a number, a text or nothing.

    ``numbers`` are NaN where there is none, yes and no are 1 and 0; None where no row has a number.
    ``texts`` is None where no row has a text.
    """

    numbers: Floats | None
    texts: Texts | None

    def take(self, rows: Rows) -> Column:
        """The same for a choice of rows, in their order."""
        return Column(
            None if self.numbers is None else self.numbers[rows],
            None if self.texts is None else self.texts.take(rows),
        )


def column_of(values: Sequence[Scalar], work: Work | None = None) -> Column:
    """A column from one value per row; a step of the work for each."""
    types: set[type] = set()
    for _first, part in in_parts(values):
        types.update(map(type, part))
    texts = Texts.of(values, len(values)) if str in types else None
    if not types & {int, float, bool}:
        if work is not None:
            work.step(len(values))
        return Column(None, texts)
    numbers = np.empty(len(values))
    for first, part in in_parts(values, work):
        numbers[first : first + len(part)] = _numbers(part, types)
    return Column(_frozen(numbers), texts)


def _numbers(values: Sequence[Scalar], types: set[type]) -> Floats:
    if types <= _NUMBERS:
        try:
            return np.array(values, dtype=np.float64)  # NaN for None
        except OverflowError:  # an integer beyond all floats: one by one
            pass
    return np.fromiter(map(_number, values), np.float64, len(values))


def _number(value: Scalar) -> float:
    if value is None or isinstance(value, str):
        return np.nan
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


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
        self._columns: dict[str, tuple[int, Column]] = {}

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
            more = max(len(self._stamp), len(self) - len(self._stamp))
            self._stamp = np.concatenate([self._stamp, np.zeros(more, np.int64)])
            self.born = np.concatenate([self.born, np.zeros(more, np.int64)])
        self.version += 1
        self._stamp[first : len(self)] = self.born[first : len(self)] = self.version

    def bear(self, row: int) -> None:
        """A row is another feature's from now on."""
        self.version += 1
        self._stamp[row] = self.born[row] = self.version

    def put(
        self,
        row: int,
        attrs: Facts,
        readings: Mapping[str, float],
        state: str,
        observed_at: float | None,
    ) -> None:
        """What a row holds from now on. Mappings that say the same are no news."""
        if (
            (self.attrs[row] is attrs or self.attrs[row] == attrs)
            and (self.readings[row] is readings or self.readings[row] == readings)
            and self.states[row] == state
            and self.observed_at[row] == observed_at
        ):
            return
        self.attrs[row], self.readings[row] = attrs, readings
        self.states[row], self.observed_at[row] = state, observed_at
        self.version += 1
        self._stamp[row] = self.version

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
        version, column = self._columns.get(name, (-1, None))
        if column is None:
            column = column_of(self._values(range(len(self)), name))
        elif version < self.version:
            column = self._refreshed(column, name, self.changed_since(version))
        self._columns[name] = (self.version, column)
        return column

    def gather(self, rows: Rows, name: str) -> Column:
        """The newest values of some rows, in their order, without keeping a column."""
        return column_of(self._values(rows.tolist(), name))

    def frozen(self, rows: Rows) -> FrozenFacts:
        """What some rows hold now, for a worker."""
        return FrozenFacts(Held(self.attrs, rows), Held(self.readings, rows))

    def _values(self, rows: Iterable[int], name: str) -> list[Scalar]:
        return merged([self.attrs[row] for row in rows], [self.readings[row] for row in rows], name)

    def _refreshed(self, column: Column, name: str, rows: Rows) -> Column:
        missing = len(self) - _length(column)
        if column.texts is not None and len(column.texts.words) > 2 * len(self) + 1_024:
            return column_of(self._values(range(len(self)), name))  # too many words of the past
        if not len(rows) and not missing:
            return column
        new = self.gather(rows, name)
        return Column(
            _new_numbers(column.numbers, new.numbers, rows, len(self)),
            _new_texts(column.texts, new.texts, rows, len(self)),
        )


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


def merged(
    attrs: Sequence[Facts], readings: Sequence[Mapping[str, float]], name: str
) -> list[Scalar]:
    """The reading of that name, else the attribute, of every row."""
    return [r[name] if name in r else a.get(name) for a, r in zip(attrs, readings, strict=True)]


def _length(column: Column) -> int:
    if column.numbers is not None:
        return len(column.numbers)
    return len(column.texts.codes) if column.texts is not None else 0


def _new_numbers(old: Floats | None, new: Floats | None, rows: Rows, count: int) -> Floats | None:
    if old is None and new is None:
        return None
    numbers = np.full(count, np.nan)
    if old is not None:
        numbers[: len(old)] = old
    numbers[rows] = np.nan if new is None else new
    return _frozen(numbers)


def _new_texts(old: Texts | None, new: Texts | None, rows: Rows, count: int) -> Texts | None:
    if old is None and new is None:
        return None
    codes = np.full(count, -1, np.int32)
    words = old.words if old is not None else np.array([], dtype=object)
    if old is not None:
        codes[: len(old.codes)] = old.codes
    codes[rows] = -1
    if new is not None:
        codes[rows] = np.where(new.codes < 0, -1, new.codes + len(words))
        words = np.concatenate([words, new.words])
    return Texts(_frozen(codes), _frozen(words))


def _frozen(values: npt.NDArray[AnyScalar]) -> npt.NDArray[AnyScalar]:
    values.flags.writeable = False
    return values

"""Columns worked out beside the store's thread, and kept up by what has changed.

A worker reads the lists of the store while its thread goes on: entries are records that never
change, and each row that is written gets a newer stamp than the job has, so that whatever was read
too new, or too old, is read again by the next job. Lists are never shortened; a store that is
emptied begins new ones, and what was made of the old ones is thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from layers.model.values import Column, Floats, Rows, Texts, column_of, frozen, numbers_of
from layers.model.work import PART, Work
from services.domain.model import Scalar

Key = tuple[str, str]
"""What a column is of: ("fact", name of an attribute or reading) or ("own", "state")."""
AnyScalar = TypeVar("AnyScalar", bound=np.generic)


class Source(Protocol):
    """Where the values of a column are read from."""

    def span(self, first: int, last: int) -> list[Scalar]:
        """Those of the rows from first to before last."""

    def some(self, rows: Rows) -> list[Scalar]:
        """Those of some rows, in their order."""


@dataclass(frozen=True, slots=True)
class FactSource:
    """The newest reading of a name, else the attribute."""

    attrs: Sequence[Mapping[str, Scalar]]
    readings: Sequence[Mapping[str, float]]
    name: str

    def span(self, first: int, last: int) -> list[Scalar]:
        """Those of the rows from first to before last."""
        return merged(self.attrs[first:last], self.readings[first:last], self.name)

    def some(self, rows: Rows) -> list[Scalar]:
        """Those of some rows, in their order."""
        chosen = rows.tolist()
        return merged(
            [self.attrs[row] for row in chosen], [self.readings[row] for row in chosen], self.name
        )


@dataclass(frozen=True, slots=True)
class ListSource:
    """A list of the store; "" is none with ``blank``."""

    entries: Sequence[Scalar]
    blank: bool = False

    def span(self, first: int, last: int) -> list[Scalar]:
        """Those of the rows from first to before last."""
        found = list(self.entries[first:last])
        return [entry or None for entry in found] if self.blank else found

    def some(self, rows: Rows) -> list[Scalar]:
        """Those of some rows, in their order."""
        found = [self.entries[row] for row in rows.tolist()]
        return [entry or None for entry in found] if self.blank else found


@dataclass(frozen=True, slots=True)
class ColumnJob:
    """How one column of ``count`` rows is brought up to a version of the facts: from ``old`` by
    reading ``rows`` again, or from nothing. ``make`` may run in any thread."""

    source: Source
    version: int
    count: int
    old: Column | None = None
    rows: Rows | None = None

    def make(self, work: Work | None = None) -> Column:
        """The column; a step of the work for each row that is read from nothing."""
        old, rows = self.old, self.rows
        if old is None or rows is None or self._too_many_words(old):
            return self._whole(work)
        if not len(rows) and _length(old) == self.count:
            return old
        new = column_of(self.source.some(rows))
        return Column(
            _new_numbers(old.numbers, new.numbers, rows, self.count),
            _new_texts(old.texts, new.texts, rows, self.count),
        )

    def _too_many_words(self, old: Column) -> bool:
        """Words of the past that nobody has any more are kept, up to a point."""
        return old.texts is not None and len(old.texts.words) > 2 * self.count + 1_024

    def _whole(self, work: Work | None) -> Column:
        if work is None:
            return column_of(self.source.span(0, self.count))
        numbers: list[Floats | None] = []
        codes: list[npt.NDArray[np.int32]] = []
        words: dict[str, int] = {}
        for first in range(0, self.count, PART):
            last = min(first + PART, self.count)
            values = self.source.span(first, last)
            types = set(map(type, values))
            numbers.append(numbers_of(values, types) if types & {int, float, bool} else None)
            codes.append(Texts.codes_of(values, words, last - first))
            work.step(last - first)
        texts = Texts(frozen(_joined(codes)), frozen(np.array(list(words), object)))
        return Column(_joined_numbers(numbers, self.count), texts if words else None)


def merged(
    attrs: Sequence[Mapping[str, Scalar]], readings: Sequence[Mapping[str, float]], name: str
) -> list[Scalar]:
    """The reading of that name, else the attribute, of every row."""
    return [r[name] if name in r else a.get(name) for a, r in zip(attrs, readings, strict=True)]


def _joined(parts: list[npt.NDArray[np.int32]]) -> npt.NDArray[np.int32]:
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def _joined_numbers(parts: list[Floats | None], count: int) -> Floats | None:
    if all(part is None for part in parts):
        return None
    numbers = np.full(count, np.nan)
    for n, part in enumerate(parts):
        if part is not None:
            numbers[n * PART : n * PART + len(part)] = part
    return frozen(numbers)


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
    return frozen(numbers)


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
    return Texts(frozen(codes), frozen(words))

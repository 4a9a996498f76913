"""Values of one attribute of many rows: numbers, texts, or nothing. Frozen; any thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from layers.model.work import Work, in_parts
from services.domain.model import Scalar

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
_NUMBERS = {int, float, bool, type(None)}
AnyScalar = TypeVar("AnyScalar", bound=np.generic)


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
        codes = cls.codes_of(values, index, count)
        return cls(frozen(codes), frozen(np.array(list(index), dtype=object)))

    @staticmethod
    def codes_of(
        values: Iterable[Scalar], index: dict[str, int], count: int
    ) -> npt.NDArray[np.int32]:
        """The codes of values by the words in ``index``, which takes in new ones."""
        place = index.setdefault
        return np.fromiter(
            (place(v, len(index)) if isinstance(v, str) else -1 for v in values), np.int32, count
        )


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
        numbers[first : first + len(part)] = numbers_of(part, types)
    return Column(frozen(numbers), texts)


def numbers_of(values: Sequence[Scalar], types: set[type]) -> Floats:
    """One number per value, NaN where there is none; ``types`` are those of the values."""
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


def frozen(values: npt.NDArray[AnyScalar]) -> npt.NDArray[AnyScalar]:
    """The same array, which nobody can write to any more."""
    values.flags.writeable = False
    return values

"""Works an expression out over many rows at once. Pure; any thread.

A value holds a number, a text or nothing in each row. A truth is true, false or not known, as in
SQL: what is asked of nothing is not known, and only what is true is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from layers.model import expression_tree as tree
from layers.model.attributes import Column, Floats, Texts
from layers.model.expression_tree import Node
from services.domain.geodesy import distances_m

Bools = npt.NDArray[np.bool_]
AnyArray = npt.NDArray[Any]
_NUMERIC = re.compile(r"\s*[+-]?(?:[0-9]{1,300}(?:\.[0-9]{0,300})?|\.[0-9]{1,300})\s*")


class Table(Protocol):
    """Rows to ask: ``column(name)`` has ``count`` rows, of nothing where no row has that name.

    ``now`` is UNIX seconds; ``places`` are longitudes and latitudes in degrees.
    """

    @property
    def count(self) -> int:
        """How many rows."""
        ...

    @property
    def now(self) -> float:
        """The session's time."""
        ...

    def column(self, name: str) -> Column:
        """The values of one name."""
        ...

    def places(self) -> tuple[Floats, Floats]:
        """Where the rows are."""
        ...


@dataclass(frozen=True, slots=True)
class Truth:
    """Which rows are true and of which it is known; not known is never true."""

    true: Bools
    known: Bools


def truth_of(node: Node, table: Table) -> Truth:
    """What an expression says of each row."""
    match node:
        case tree.Compare(sign, left, right):
            return _compared(sign, value_of(left, table), value_of(right, table), table.count)
        case tree.OneOf(of, choices):
            value = value_of(of, table)
            found = [_compared("=", value, _constant(c, table.count), table.count) for c in choices]
            return _any(found)
        case tree.Like(of, pattern, fold):
            return _like(value_of(of, table), pattern, fold, table.count)
        case tree.IsNothing(of):
            empty = ~_has(value_of(of, table), table.count)
            return Truth(empty, np.ones(table.count, np.bool_))
        case tree.Not(of):
            inner = truth_of(of, table)
            return Truth(inner.known & ~inner.true, inner.known)
        case tree.Both(parts):
            return _all([truth_of(part, table) for part in parts])
        case tree.Either(parts):
            return _any([truth_of(part, table) for part in parts])
        case _:
            numbers = _as_numbers(value_of(node, table), table.count)
            known = ~np.isnan(numbers)
            return Truth(known & (numbers != 0.0), known)


def value_of(node: Node, table: Table) -> Column:
    """The value of an expression in each row."""
    match node:
        case tree.Constant(value):
            return _constant(value, table.count)
        case tree.Field(name):
            return table.column(name)
        case tree.Negative(of):
            numbers = value_of(of, table).numbers
            return Column(None if numbers is None else -numbers, None)
        case tree.Sum(sign, left, right):
            return _sum(sign, value_of(left, table).numbers, value_of(right, table).numbers)
        case tree.Call(name, given):
            return _call(name, given, table)
        case _:
            truth = truth_of(node, table)
            return Column(np.where(truth.known, truth.true.astype(np.float64), np.nan), None)


# -- truths ---------------------------------------------------------------------------
def _all(parts: list[Truth]) -> Truth:
    true = np.logical_and.reduce([p.true for p in parts])
    some_false = np.logical_or.reduce([p.known & ~p.true for p in parts])
    return Truth(true, true | some_false)


def _any(parts: list[Truth]) -> Truth:
    true = np.logical_or.reduce([p.true for p in parts])
    all_known = np.logical_and.reduce([p.known for p in parts])
    return Truth(true, true | all_known)


_ORDER: dict[tree.CompareSign, Callable[[AnyArray, AnyArray], AnyArray]] = {
    "=": np.equal, "<>": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater,
    ">=": np.greater_equal,
}  # fmt: skip


def _compared(sign: tree.CompareSign, left: Column, right: Column, count: int) -> Truth:
    """Numbers with numbers, texts with texts. A text that reads as a number is one beside a number;
    else the two differ, and neither comes first."""
    true, known = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    a, b = _numbers(left, right, count), _numbers(right, left, count)
    both = ~np.isnan(a) & ~np.isnan(b)
    if left.numbers is not None or right.numbers is not None:
        known |= both
        true |= both & _ORDER[sign](a, b)
    if left.texts is not None and right.texts is not None:
        texts = _has_text(left, count) & _has_text(right, count)
        true = np.where(texts, _texts_compared(sign, left.texts, right.texts, texts), true)
        known |= texts
    if sign in ("=", "<>"):
        apart = _has(left, count) & _has(right, count) & ~known
        true |= apart & (sign == "<>")
        known |= apart
    return Truth(true, known)


def _numbers(value: Column, beside: Column, count: int) -> Floats:
    """Numbers of a value, and its texts read as numbers where the other side has a number."""
    if value.texts is None or beside.numbers is None:
        return _or_nan(value.numbers, count)
    read = _by_word(value.texts, _read_number, np.float64, np.nan)
    read = np.where(np.isnan(beside.numbers), np.nan, read)
    return read if value.numbers is None else np.where(np.isnan(value.numbers), read, value.numbers)


def _read_number(word: str) -> float:
    return float(word) if _NUMERIC.fullmatch(word) else np.nan


def _texts_compared(sign: tree.CompareSign, left: Texts, right: Texts, where: Bools) -> Bools:
    compare = _ORDER[sign]
    if len(right.words) == 1:
        judged = np.zeros(len(left.words) + 1, np.bool_)
        judged[:-1] = compare(left.words, right.words)
        return judged[left.codes]
    out = np.zeros(len(where), np.bool_)
    out[where] = compare(left.strings()[where], right.strings()[where]).astype(np.bool_)
    return out


def _like(value: Column, pattern: str, fold: bool, count: int) -> Truth:
    if value.texts is None:
        return Truth(np.zeros(count, np.bool_), np.zeros(count, np.bool_))
    fits = like(pattern.casefold() if fold else pattern)
    judge = (lambda word: fits(word.casefold())) if fold else fits
    return Truth(_by_word(value.texts, judge, np.bool_, False), _has_text(value, count))


def like(pattern: str) -> Callable[[str], bool]:
    """Whether a text has a pattern's shape: ``%`` any signs, ``_`` one, a backslash before either
    takes it as it is. Takes time by the product of both lengths at most."""
    parts = re.findall(r"\\[%_\\]|.", pattern, re.DOTALL)
    pieces: list[list[str]] = [[]]
    for part in parts:
        if part == "%":
            pieces.append([])
        else:
            pieces[-1].append("" if part == "_" else part[-1])
    first, *rest = [_piece(piece) for piece in pieces]
    if not rest:
        return lambda text: len(text) == len(first) and first.at(text, 0)
    *middle, last = rest

    def fits(text: str) -> bool:
        if len(text) < len(first) + len(last) or not first.at(text, 0):
            return False
        end = len(text) - len(last)
        if not last.at(text, end):
            return False
        at = len(first)
        for piece in middle:
            found = piece.find(text, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return fits


@dataclass(frozen=True, slots=True)
class _Piece:
    """Signs between two ``%``; "" stands for any one sign. ``plain`` where there is none such."""

    signs: tuple[str, ...]
    plain: str | None

    def __len__(self) -> int:
        return len(self.signs)

    def at(self, text: str, begin: int) -> bool:
        """Whether it stands at that place."""
        if self.plain is not None:
            return text.startswith(self.plain, begin)
        part = text[begin : begin + len(self.signs)]
        return len(part) == len(self.signs) and all(
            sign in ("", found) for sign, found in zip(self.signs, part, strict=True)
        )

    def find(self, text: str, begin: int, end: int) -> int:
        """Where it stands first between two places, -1 where it does not."""
        if self.plain is not None:
            return text.find(self.plain, begin, end)
        last = end - len(self.signs)
        return next((i for i in range(begin, last + 1) if self.at(text, i)), -1)


def _piece(signs: list[str]) -> _Piece:
    return _Piece(tuple(signs), None if "" in signs else "".join(signs))


# -- values -----------------------------------------------------------------------------
def _constant(value: float | str | None, count: int) -> Column:
    if value is None:
        return Column(None, None)
    if isinstance(value, str):
        codes = np.broadcast_to(np.int32(0), count)
        return Column(None, Texts(codes, np.array([value], dtype=object)))
    return Column(np.broadcast_to(np.float64(value), count), None)


def _sum(sign: tree.SumSign, left: Floats | None, right: Floats | None) -> Column:
    if left is None or right is None:
        return Column(None, None)
    with np.errstate(all="ignore"):  # what cannot be reckoned is nothing
        match sign:
            case "+":
                return Column(left + right, None)
            case "-":
                return Column(left - right, None)
            case "*":
                return Column(left * right, None)
            case "/":
                return Column(np.where(right == 0.0, np.nan, left / right), None)


def _call(name: str, given: tuple[Node, ...], table: Table) -> Column:
    if name == "now":
        return _constant(table.now, table.count)
    if name == "distance_m":
        lon, lat = (node.value for node in given if isinstance(node, tree.Constant))
        assert isinstance(lon, float)
        assert isinstance(lat, float)
        return Column(distances_m(lon, lat, *table.places()), None)
    first = value_of(given[0], table)
    if name == "coalesce":
        return _first_of(first, value_of(given[1], table), table.count)
    if name in ("abs", "round"):
        reckon = np.abs if name == "abs" else np.round
        return Column(None if first.numbers is None else reckon(first.numbers), None)
    if first.texts is None:
        return Column(None, None)
    if name == "length":
        return Column(_by_word(first.texts, len, np.float64, np.nan), None)
    change = str.lower if name == "lower" else str.upper
    words = np.array([change(word) for word in first.texts.words], dtype=object)
    return Column(None, Texts(first.texts.codes, words))


def _first_of(first: Column, second: Column, count: int) -> Column:
    """The first where it is something, else the second."""
    has = _has(first, count)
    numbers = np.where(has, _or_nan(first.numbers, count), _or_nan(second.numbers, count))
    if first.texts is None and second.texts is None:
        return Column(numbers, None)
    a = first.texts or Texts(np.full(count, -1, np.int32), np.array([], dtype=object))
    b = second.texts or Texts(np.full(count, -1, np.int32), np.array([], dtype=object))
    shifted = np.where(b.codes < 0, -1, b.codes + len(a.words))
    codes = np.where(has, a.codes, shifted).astype(np.int32)
    return Column(numbers, Texts(codes, np.concatenate([a.words, b.words])))


def _by_word(texts: Texts, judge: Callable[[str], float], dtype: type, nothing: float) -> AnyArray:
    """What is said of each word, by row; ``nothing`` where there is no text."""
    judged: AnyArray = np.empty(len(texts.words) + 1, dtype)
    judged[:-1] = [judge(word) for word in texts.words]
    judged[-1] = nothing
    return judged[texts.codes]


def _or_nan(numbers: Floats | None, count: int) -> Floats:
    return np.broadcast_to(np.float64(np.nan), count) if numbers is None else numbers


def _as_numbers(value: Column, count: int) -> Floats:
    return _or_nan(value.numbers, count)


def _has_text(value: Column, count: int) -> Bools:
    if value.texts is None:
        return np.zeros(count, np.bool_)
    return np.asarray(value.texts.codes >= 0)


def _has(value: Column, count: int) -> Bools:
    return ~np.isnan(_or_nan(value.numbers, count)) | _has_text(value, count)

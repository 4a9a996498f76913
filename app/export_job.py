"""From what a table shows to what a file holds. Pure; worker threads.

A file for people has titles and words, as the table shows them; one for programs names of fields
and values as they are kept. How long ago something was heard is told as when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from layers.model.attributes import Column, Floats, Rows
from layers.model.features import FeatureStore
from layers.model.fields import FieldTable
from layers.model.work import in_parts
from services.domain.model import Ring, Scalar
from services.exports.sheet import Content, OutColumn, Places, Progress, Shape, Sheet
from services.packs.model import Kind

AGE, HEARD = "age_s", "observed_at"
Check = Callable[[], None]
"""Raises where somebody wants no more of it."""


class FileColumn(Protocol):
    """A column of a table; ``widgets.attribute_columns.TableColumn`` is one."""

    @property
    def name(self) -> str:
        """Its field."""
        ...

    @property
    def title(self) -> str:
        """What a person reads."""
        ...

    @property
    def heading(self) -> str:
        """Title and unit."""
        ...

    @property
    def unit(self) -> str:
        """Its unit, "" for none."""
        ...

    @property
    def content(self) -> Literal["words", "number", "time", "flag"]:
        """What it is in a file for programs."""
        ...

    @property
    def text(self) -> Callable[[Scalar], str]:
        """A value in words."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What some rows hold, taken on the store's thread. ``rings`` by place in the table."""

    table: FieldTable
    rings: Mapping[int, tuple[Ring, ...]]
    shapes: Mapping[int, Shape]


def shapes_of(
    store: FeatureStore, rows: Rows, kinds: Mapping[str, Kind]
) -> tuple[dict[int, tuple[Ring, ...]], dict[int, Shape]]:
    """Shapes of areas and lines by their place among the rows. The store's thread."""
    rings: dict[int, tuple[Ring, ...]] = {}
    shapes: dict[int, Shape] = {}
    if not store.rings:
        return rings, shapes
    places = np.full(len(store.ids), -1)
    places[rows] = np.arange(len(rows))
    for row, found in store.rings.items():
        place = int(places[row])
        if place >= 0 and found:
            kind = kinds.get(store.kinds[store.kind[row]])
            rings[place] = found
            shapes[place] = "line" if kind is not None and kind.geometry == "line" else "polygon"
    return rings, shapes


def sheet_of(
    taken: Taken,
    title: str,
    columns: Sequence[FileColumn],
    *,
    raw: bool,
    progress: Progress | None = None,
) -> Sheet:
    """The table as a sheet; ``raw``: for programs. StopError where ``progress`` was stopped."""
    table, check = taken.table, (Progress() if progress is None else progress).check
    places = Places(table.lon, table.lat, taken.rings, taken.shapes)
    make = _raw if raw else _in_words
    made = tuple(
        _heard(column, table, raw=raw)
        if column.name == AGE
        else make(column, table.column(column.name), table.count, check)
        for column in columns
    )
    return Sheet(title, table.ids, made, places)


def _heard(column: FileColumn, table: FieldTable, *, raw: bool) -> OutColumn:
    times = table.now - _numbers(table.column(AGE), table.count)
    return OutColumn(HEARD, HEARD if raw else column.title, "time", times)


def _raw(column: FileColumn, values: Column, count: int, check: Check) -> OutColumn:
    """As it is kept: one with both numbers and texts becomes texts."""
    name = column.name
    if values.texts is None:
        numbers = _numbers(values, count)
        if values.numbers is None and column.content == "words":
            return OutColumn(name, name, "text", None, [None] * count)
        kind: Content = "number" if column.content == "words" else column.content
        return OutColumn(name, name, kind, numbers, None, column.unit)
    return OutColumn(name, name, "text", None, _texts(values, count, _plain, check))


def _in_words(column: FileColumn, values: Column, count: int, check: Check) -> OutColumn:
    """As the table shows it."""
    name, title = column.name, column.heading
    if column.content in ("number", "time") and values.texts is None:
        return OutColumn(name, title, column.content, _numbers(values, count), None, column.unit)
    return OutColumn(name, title, "text", None, _texts(values, count, column.text, check))


def _plain(value: Scalar) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _numbers(values: Column, count: int) -> Floats:
    return np.full(count, np.nan) if values.numbers is None else values.numbers


def _texts(
    values: Column, count: int, words: Callable[[Scalar], str], check: Check
) -> list[str | None]:
    """Each distinct value is put into words once."""
    texts: list[str | None] = [None] * count
    if values.texts is not None:
        said: list[str] = []
        for _first, part in in_parts(values.texts.words.tolist()):
            said += [words(word) for word in part]
            check()
        texts = [said[code] if code >= 0 else None for code in values.texts.codes.tolist()]
    if values.numbers is not None:
        distinct, places = np.unique(values.numbers, return_inverse=True)
        told: list[str | None] = []
        for _first, part in in_parts(distinct.tolist()):
            told += [None if np.isnan(v) else words(float(v)) for v in part]
            check()
        for at, place in enumerate(places.tolist()):
            if told[place] is not None:
                texts[at] = told[place]
    check()
    return texts

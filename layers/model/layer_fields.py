"""Values of an attribute for styles: as classes, as numbers, and what there is of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from layers.model.things import Things
from layers.model.values import Column, Texts
from services.domain.model import Link, Severity

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int64]
STATE, LINK, SEVERITY, NAME = "state", "link", "severity", "name"
"""Fields that every thing has, whatever its pack says."""
BUILT_IN = (STATE, LINK, SEVERITY)
MOST_NUMBERS = 4_096
"""A field of more different numbers is a quantity, no set of categories."""


def column(things: Things, field: str, rows: Rows | None = None) -> Column:
    """The values of a field, of all rows or of some in their order."""
    if field in BUILT_IN:
        return _built_in(things, field, rows)
    found = things.fact(field)
    return found if rows is None else found.take(rows)


def classes(found: Column, values: Sequence[str], count: int) -> Classes:
    """For each of ``count`` rows the position of its value in ``values``, -1 for any other and for
    none. A number counts as the text that ``number_text`` makes of it."""
    place = {value: i for i, value in enumerate(values)}
    out = np.full(count, -1, np.int64)
    if found.texts is not None and len(found.texts.words):
        table = np.array([place.get(str(word), -1) for word in found.texts.words], np.int64)
        has = found.texts.codes >= 0
        out[has] = table[found.texts.codes[has]]
    if found.numbers is not None:
        has = ~np.isnan(found.numbers)
        different, back = np.unique(found.numbers[has], return_inverse=True)
        if len(different) <= MOST_NUMBERS:
            table = np.array([place.get(number_text(n), -1) for n in different.tolist()], np.int64)
            out[has] = np.maximum(out[has], table[back]) if len(table) else out[has]
    return out


def steps(found: Column, uppers: Sequence[float], count: int) -> Classes:
    """For each of ``count`` rows the first step that its number does not exceed: ``uppers`` are
    the bounds of all but the last step. -1 where there is no number."""
    if found.numbers is None:
        return np.full(count, -1, np.int64)
    at = np.searchsorted(np.asarray(uppers, np.float64), found.numbers, side="left")
    return np.where(np.isnan(found.numbers), -1, at).astype(np.int64)


def weights(found: Column, count: int) -> Floats:
    """What each row weighs in a heat map: its number where that is above nought, else nothing."""
    if found.numbers is None:
        return np.zeros(count)
    return np.where(found.numbers > 0, found.numbers, 0.0)


def values(found: Column) -> list[tuple[str, int]]:
    """The different values with how many rows have them, the most first; of numbers as text."""
    counted: dict[str, int] = {}
    if found.texts is not None and len(found.texts.words):
        has = found.texts.codes[found.texts.codes >= 0]
        numbers = np.bincount(has, minlength=len(found.texts.words)).tolist()
        for word, number in zip(found.texts.words.tolist(), numbers, strict=True):
            if number:
                counted[str(word)] = counted.get(str(word), 0) + number
    if found.numbers is not None:
        has_number = found.numbers[~np.isnan(found.numbers)]
        different, many = np.unique(has_number, return_counts=True)
        if len(different) <= MOST_NUMBERS:
            for number, count in zip(different.tolist(), many.tolist(), strict=True):
                text = number_text(number)
                counted[text] = counted.get(text, 0) + count
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def number_text(value: float) -> str:
    """A number as the value of a category."""
    return f"{value:.12g}"


def _built_in(things: Things, field: str, rows: Rows | None) -> Column:
    if field == STATE:
        states = things.own("state")
        return states if rows is None else states.take(rows)
    names = [member.name.lower() for member in (Link if field == LINK else Severity)]
    codes = things.link if field == LINK else things.severity
    chosen_codes = (codes if rows is None else codes[rows]).astype(np.int32)
    return Column(None, Texts(chosen_codes, np.array(names, dtype=object)))

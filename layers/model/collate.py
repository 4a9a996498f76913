"""The order of texts as people expect it: numbers by value, letters of any case alike, Chinese by
pinyin behind them. Pure; any thread."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from layers.model.attributes import Column
from layers.model.sounds import reading
from layers.model.work import Work, in_parts

_DIGITS = re.compile(r"[0-9]+")
_PREFIX_BYTES = 64
_AFTER_LETTERS = "\x7f"


class _Sounds(dict[int, str | int]):
    """What a Chinese sign is compared by: its commonest reading first, then itself. All others
    stand for themselves. Worked out when first met, as ``str.translate`` wants it."""

    def __missing__(self, code: int) -> str | int:
        sound: str | int = code
        if 0x3400 <= code <= 0x9FFF:
            sign = chr(code)
            sound = f"{_AFTER_LETTERS}{reading(sign)}{sign}"
        self[code] = sound
        return sound


_SOUNDS = _Sounds()


def text_key(text: str) -> str:
    """What a text is compared by: ``路2`` comes before ``路10``."""
    folded = _DIGITS.sub(_number_key, text.casefold())
    return folded if folded.isascii() else folded.translate(_SOUNDS)


def _number_key(found: re.Match[str]) -> str:
    digits = found.group().lstrip("0") or "0"
    return f"{min(len(digits), 999):03}{digits}"


def ranks(words: Sequence[str], work: Work | None = None) -> npt.NDArray[np.int64]:
    """The place of each word in the order; equal ones have one. Other threads go on meanwhile:
    a plain sort of a million texts would hold them up for seconds. A step of the work for each."""
    keys: list[str] = []
    prefix = np.empty(len(words), f"S{_PREFIX_BYTES}")
    for first, part in in_parts(words, work):
        new = [text_key(word) for word in part]
        keys += new
        prefix[first : first + len(new)] = [key.encode()[:_PREFIX_BYTES] for key in new]
    order = np.argsort(prefix, kind="stable")
    same = np.zeros(len(order), np.bool_)  # as the one before
    if len(order) > 1:
        same[1:] = prefix[order[1:]] == prefix[order[:-1]]
    for start, stop in _runs(same):
        if work is not None:
            work.step()
        run = sorted(order[start:stop].tolist(), key=keys.__getitem__)
        order[start:stop] = run
        same[start + 1 : stop] = [
            keys[a] == keys[b] for a, b in zip(run[1:], run[:-1], strict=True)
        ]
    places = np.empty(len(order), np.int64)
    places[order] = np.cumsum(~same)
    return places


def _runs(same: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where several stand in a row that are as the one before: from, to."""
    edges = np.diff(np.concatenate([same, [False]]).astype(np.int8), prepend=0)
    starts, stops = np.flatnonzero(edges == 1) - 1, np.flatnonzero(edges == -1)
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def order_of(
    column: Column, count: int, *, descending: bool = False, work: Work | None = None
) -> npt.NDArray[np.int64]:
    """The order of rows by a column: numbers, then texts, what has neither last in either
    direction. Equal rows keep theirs. Each distinct word is a step of the work."""
    numbers = np.full(count, np.nan) if column.numbers is None else column.numbers
    sign = -1.0 if descending else 1.0
    has_number = ~np.isnan(numbers)
    sort = np.where(has_number, 0 if not descending else 1, 2)
    places = np.zeros(count)
    if column.texts is not None:
        codes = column.texts.codes
        has_text = codes >= 0
        found = np.append(ranks(column.texts.words.tolist(), work), 0)[codes]
        places = np.where(has_text, found, 0.0)
        sort = np.where(has_text, 1 if not descending else 0, sort)
    values = np.where(has_number, numbers, places)
    return np.lexsort((sign * values, sort)).astype(np.int64)

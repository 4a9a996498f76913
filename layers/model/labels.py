"""Where the names on the map stand. Pure; pixels of one zoom level, y downwards.

The worst and the chosen are placed first, each at the first of its candidate places that covers
neither a mark, nor a count, nor a name that stands already. So a name that stands is never given
up for one that matters less. What stood before stands where it stood, as long as that is free:
names do not jump while the map moves.

Places are worked out for a whole zoom level. In between the map only grows, names do not, so what
was apart stays apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SIDES: Floats = np.array(
    [
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (0.8, -0.8),
        (0.8, 0.8),
        (-0.8, -0.8),
        (-0.8, 0.8),
    ]
)
"""Beside a mark: right, left, above, below, then the corners; the first that is free is taken."""
SHIFTS: Floats = np.array([(0.0, 0.0), (0.0, -1.1), (0.0, 1.1), (0.0, -2.2), (0.0, 2.2)])
"""Inside an area: in its middle, then so many heights of the label above and below it."""
NOWHERE = -1
MOST_WISHES = 300
"""More names than this do not fit a screen; it bounds what placing them costs."""
_CELL_PX = 96.0
_EPS = 0.01
"""Pixels that names may share, so that rounding decides nothing."""
WIDE = frozenset("WF")
MAX_WIDTH = 22
"""Widths of a Latin letter that a name may take on the map; a Chinese character takes two."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Names that want a place, one entry each.

    ``at`` (n, 2) the middle of what is named; ``gap`` pixels from there at which a name beside it
    begins; ``size`` (n, 2) width and height; ``rank`` the higher the earlier; ``key`` tells a thing
    in every frame, unique; ``within``: the name stands on its place (areas), not beside it;
    ``own`` is the entry of ``blocked`` that is the thing itself, -1 for none. What ``must`` have a
    name gets it at its first candidate where none is free, and the others keep clear of it.
    """

    at: Floats
    gap: Floats
    size: Floats
    rank: Ints
    key: Ints
    within: Flags
    own: Ints
    must: Flags

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, slots=True)
class Placed:
    """Per wish the candidate it got, NOWHERE for none, and its box (west, north, east, south)."""

    side: npt.NDArray[np.int64]
    box: Floats


def rank(
    *,
    selected: Flags,
    hovered: Flags,
    unacked: Flags,
    severity: npt.NDArray[np.uint8],
    prominent: Flags,
    shown: Flags,
    distance: Floats,
) -> Ints:
    """What comes first: selected, under the pointer, an alarm nobody acknowledged, the worse, the
    prominent, what stood before, the nearer to the middle of the view (``distance`` in pixels)."""
    out = selected.astype(np.int64)
    for part, bits in (
        (hovered, 1),
        (unacked & (severity > 0), 1),
        (severity, 3),
        (prominent, 1),
        (shown, 1),
    ):
        out = (out << bits) | part.astype(np.int64)
    near = np.clip(1_000_000 - distance, 0, 1_000_000).astype(np.int64)
    return (out << 20) | near


def place(wishes: Wishes, blocked: Floats, before: Mapping[int, int]) -> Placed:
    """Places for the first MOST_WISHES by rank. ``blocked`` (m, 4): boxes that no name may touch;
    ``before``: the candidate that a key had in the frame before."""
    n = len(wishes)
    side = np.full(n, NOWHERE, np.int64)
    box = np.zeros((n, 4))
    order = np.lexsort((wishes.key, -wishes.rank))[:MOST_WISHES]
    if not n:
        return Placed(side, box)
    boxes = _candidates(wishes, order)
    choices = _choices(_free(boxes, blocked, wishes.own[order]))
    keys, must = wishes.key[order].tolist(), wishes.must[order].tolist()
    standing = _Standing()
    found = []
    for candidates, free, key, needed in zip(boxes.tolist(), choices, keys, must, strict=True):
        last = before.get(key, NOWHERE)
        if last in free:
            free = [last, *free]
        found.append(next((c for c in free if standing.takes(*candidates[c])), NOWHERE))
        if needed and found[-1] == NOWHERE:
            found[-1] = 0
            standing.put(*candidates[0])
    side[order] = found
    box[order] = np.where(
        side[order, None] == NOWHERE, 0.0, boxes[np.arange(len(order)), side[order]]
    )
    return Placed(side, box)


def _choices(free: Flags) -> list[list[int]]:
    """The free candidates of each wish, in the order of trying."""
    choices: list[list[int]] = [[] for _ in range(len(free))]
    for wish, candidate in np.argwhere(free).tolist():
        choices[wish].append(candidate)
    return choices


def _candidates(wishes: Wishes, order: Ints) -> Floats:
    """Boxes (n, candidates, 4) in the order of wishing; NaN where there is no such candidate."""
    at, gap, size = wishes.at[order], wishes.gap[order], wishes.size[order]
    boxes = np.full((len(order), len(SIDES), 4), np.nan)
    way = np.sign(SIDES)[None] * size[:, None] / 2 + SIDES[None] * gap[:, None, None]
    middle = at[:, None] + way
    boxes[:, :, 0:2] = middle - size[:, None] / 2
    boxes[:, :, 2:4] = middle + size[:, None] / 2
    inside = np.flatnonzero(wishes.within[order])
    if len(inside):
        boxes[inside] = np.nan
        middle = at[inside, None] + SHIFTS[None] * size[inside, None, 1:2]
        boxes[inside, : len(SHIFTS), 0:2] = middle - size[inside, None] / 2
        boxes[inside, : len(SHIFTS), 2:4] = middle + size[inside, None] / 2
    return boxes


def _free(boxes: Floats, blocked: Floats, own: Ints) -> Flags:
    """Which candidates cover nothing but perhaps a corner of what they name."""
    flat = boxes.reshape(-1, 4)
    real = ~np.isnan(flat[:, 0])
    free = real.copy()
    if len(blocked):
        tree = shapely.STRtree(shapely.box(*blocked.T))
        at = np.flatnonzero(real)
        smaller = flat[at] + (_EPS, _EPS, -_EPS, -_EPS)
        hit, what = tree.query(shapely.box(*smaller.T))
        hit = at[hit]
        other = own[hit // boxes.shape[1]] != what
        free[hit[other]] = False
    return free.reshape(boxes.shape[:2])


class _Standing:
    """Names that have a place, in a grid: a new one is compared with its neighbours only."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}

    def takes(self, w: float, n: float, e: float, s: float) -> bool:
        """Take a box in, unless one that stands is in its way."""
        for cell in self._touched(w, n, e, s):
            for a, b, c, d in self._cells.get(cell, ()):
                if a < e - _EPS and c > w + _EPS and b < s - _EPS and d > n + _EPS:
                    return False
        self.put(w, n, e, s)
        return True

    def put(self, w: float, n: float, e: float, s: float) -> None:
        """Take a box in."""
        for cell in self._touched(w, n, e, s):
            self._cells.setdefault(cell, []).append((w, n, e, s))

    def _touched(self, w: float, n: float, e: float, s: float) -> list[tuple[int, int]]:
        return [
            (x, y)
            for x in range(int(w // _CELL_PX), int(e // _CELL_PX) + 1)
            for y in range(int(n // _CELL_PX), int(s // _CELL_PX) + 1)
        ]


@lru_cache(maxsize=8_192)
def shortened(text: str, most: int = MAX_WIDTH) -> str:
    """A name on one line, at most ``most`` Latin widths: its begin and its end, which tells
    neighbours apart ("…路口3号"), with … between. Combining marks stay with their letter."""
    letters = _letters(" ".join(text.split()))
    widths = [2 if unicodedata.east_asian_width(letter[0]) in WIDE else 1 for letter in letters]
    if sum(widths) <= most:
        return "".join(letters)
    tail = _fitting(widths[::-1], most * 2 // 5)
    head = _fitting(widths, most - 1 - sum(widths[len(widths) - tail :]))
    return "".join(letters[:head]).rstrip() + "…" + "".join(letters[len(letters) - tail :]).lstrip()


def _letters(text: str) -> list[str]:
    letters: list[str] = []
    for char in text:
        if letters and (unicodedata.combining(char) or char in "\u200d\ufe0e\ufe0f"):
            letters[-1] += char
        else:
            letters.append(char)
    return letters


def _fitting(widths: list[int], room: int) -> int:
    """How many of some letters fit."""
    used = 0
    for i, width in enumerate(widths):
        used += width
        if used > room:
            return i
    return len(widths)

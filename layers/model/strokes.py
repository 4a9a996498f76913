"""How segments of lines meet, so that bends have neither notches nor knots. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_TURNED_BACK = 1e-6


def cuts(ends: Floats) -> npt.NDArray[np.float32]:
    """Normals (n, 4) of the planes that part each segment (n, 4) from the one before and after.

    Segments follow each other where the end of one is the start of the next; a run whose end is
    its start is closed. At a free end, and where a line turns straight back, the normal is 0.
    """
    n = len(ends)
    out = np.zeros((n, 4), np.float32)
    if not n:
        return out
    before, after = _neighbours(ends)
    way = ends[:, 2:] - ends[:, :2]
    unit = way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-300)[:, None]
    has = np.flatnonzero(before >= 0)
    out[has, 0:2] = _halfway(unit[before[has]], unit[has])
    has = np.flatnonzero(after >= 0)
    out[has, 2:4] = _halfway(unit[has], unit[after[has]])
    return out


def along(ends: Floats) -> Floats:
    """How far along its run each segment (n, 4) begins; a run goes on where segments follow."""
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    reached = np.cumsum(length) - length
    if not len(ends):
        return reached
    first = np.concatenate([[True], (ends[:-1, 2:] != ends[1:, :2]).any(axis=1)])
    run = np.cumsum(first) - 1
    before: Floats = reached - reached[np.flatnonzero(first)][run]
    return before


def _neighbours(ends: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The segment before and after each, -1 for none."""
    n = len(ends)
    goes_on = (ends[:-1, 2:] == ends[1:, :2]).all(axis=1)
    before, after = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    at = np.flatnonzero(goes_on)
    before[at + 1], after[at] = at, at + 1
    first = np.flatnonzero(np.concatenate([[True], ~goes_on]))
    last = np.concatenate([first[1:], [n]]) - 1
    closed = (last > first) & (ends[last, 2:] == ends[first, :2]).all(axis=1)
    before[first[closed]], after[last[closed]] = last[closed], first[closed]
    return before, after


def _halfway(u: Floats, v: Floats) -> Floats:
    middle = u + v
    size = np.hypot(middle[:, 0], middle[:, 1])
    straight_back = size < _TURNED_BACK
    middle = middle / np.where(straight_back, 1.0, size)[:, None]
    return np.where(straight_back[:, None], 0.0, middle)

"""Where the badge of a cell stands: near its members, off the border, off what stands alone. Pure.

Places are fixed coordinates (``mercator.FIXED`` to the world), fractional.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from layers.model import mercator

Rows = npt.NDArray[np.int64]
INSET = 0.28
"""Badges stay this share of a cell away from its border, so that neighbours do not overlap."""
EDGE = 0.18
"""The same where a badge gives way to a mark of its cell."""
APART_PX = 30.0
"""Pixels between the middles of a badge and a mark that does not cover its count."""


def inside(values: mercator.Floats, level: int, badges: npt.NDArray[np.bool_]) -> mercator.Floats:
    """Means of badges moved away from the border of their cell; other places stay."""
    side = float(1 << (mercator.BITS - level))
    start = np.floor(values / side) * side
    kept = np.clip(values, start + side * INSET, start + side * (1 - INSET))
    return np.where(badges, kept, values + 0.5)


def aside(
    x: mercator.Floats, y: mercator.Floats, badges: Rows, lone: Rows, level: int, px: float
) -> tuple[mercator.Floats, mercator.Floats]:
    """Places with badges moved away from the nearest lone mark of their cell, so that it does not
    cover their count; never out of the cell. ``px``: a pixel, for marks of the usual size."""
    if not len(badges) or not len(lone):
        return x, y
    side = float(1 << (mercator.BITS - level))
    column, row = np.floor(x / side).astype(np.int64), np.floor(y / side).astype(np.int64)
    cell = column << mercator.BITS | row
    badges = badges[np.argsort(cell[badges], kind="stable")]
    at = np.minimum(np.searchsorted(cell[badges], cell[lone]), len(badges) - 1)
    found = cell[badges[at]] == cell[lone]
    badge, mark = badges[at[found]], lone[found]
    away = np.stack([x[badge] - x[mark], y[badge] - y[mark]])
    far = np.hypot(*away)
    near = np.flatnonzero(far < APART_PX * px)
    near = near[np.argsort(-far[near], kind="stable")]  # of several the nearest is put in last
    badge, mark, away, far = badge[near], mark[near], away[:, near], far[near]
    way = np.where(far > 0, away / np.maximum(far, 1.0), np.sqrt(0.5))
    start = np.stack([column[badge], row[badge]]) * side
    here = np.stack([x[mark], y[mark]])
    aims = [
        np.clip(here + turn * APART_PX * px, start + side * EDGE, start + side * (1 - EDGE))
        for turn in (way, -way, np.stack([-way[1], way[0]]), np.stack([way[1], -way[0]]))
    ]
    reached = np.stack([np.hypot(*(aim - here)) for aim in aims])
    best = np.take_along_axis(
        np.stack(aims), np.argmax(reached > 0.9 * reached.max(axis=0), axis=0)[None, None], axis=0
    )[0]
    x, y = x.copy(), y.copy()
    x[badge], y[badge] = best
    return x, y

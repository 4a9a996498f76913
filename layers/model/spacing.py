"""Keeps badges off each other and off what stands alone, so that every count can be read. Pure.

A badge stands for several things and has no place of its own: it may give way a little. What stands
alone stays where it is. The same marks always come to stand alike, and what is far away has no say,
so badges do not move while the map does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BADGE_STEPS = ((10_000, 50), (1_000, 44), (100, 38), (10, 32), (0, 26))
"""Diameter of a badge in pixels by the count from which it is drawn so."""
LONE_PX = (9.0, 10.0, 11.0, 16.0, 18.0)
"""Radius of a mark that stands alone, by severity."""
GAP_PX = 2.0
FURTHEST_PX = 24.0
"""A badge whose rim is further than this from its things would tell lies about their place."""
ROUNDS = 6
_ENOUGH_PX = 0.25
_SPREAD_PX = 12.0
"""Discs that are further apart than this do not come to touch while others give way."""


def radii(count: Ints, severity: npt.NDArray[np.uint8]) -> Floats:
    """Pixels that marks take up round their middle."""
    steps = np.array([low for low, _ in BADGE_STEPS[::-1]])
    sizes = np.array([size for _, size in BADGE_STEPS[::-1]], np.float64)
    badge = sizes[np.searchsorted(steps, count, side="right") - 1] / 2
    return np.where(count > 1, badge, np.array(LONE_PX)[severity])


def spaced(places: Floats, radius: Floats, movable: npt.NDArray[np.bool_]) -> Floats:
    """Places (n, 2) in pixels at which discs overlap as little as may be: what is not movable
    stays, the others go so far at most that their rim is FURTHEST_PX from where they belong."""
    first, second = _neighbours(places, radius, movable)
    if not len(first):
        return places
    home = places[:, 0] + 1j * places[:, 1]
    at = home.copy()
    share = np.where(movable[first] & movable[second], 0.5, 1.0)
    wanted = radius[first] + radius[second] + GAP_PX
    furthest = FURTHEST_PX + radius[movable]
    for _ in range(ROUNDS):
        away = at[first] - at[second]
        short = wanted - np.abs(away)
        if short.max() < _ENOUGH_PX:
            break
        close = np.flatnonzero(short > 0.0)
        one, two = first[close], second[close]
        push = _directions(away[close]) * (short[close] * share[close])
        step = _summed(one, push, len(at)) - _summed(two, push, len(at))
        moved = (at + step - home)[movable]
        length = np.maximum(np.abs(moved), 1e-9)
        at[movable] = home[movable] + moved * np.minimum(1.0, furthest / length)
    return np.column_stack([at.real, at.imag])


def _directions(away: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    far = np.abs(away)
    return np.where(far > 1e-6, away / np.maximum(far, 1e-6), _ASIDE)


def _summed(at: Ints, push: npt.NDArray[np.complex128], n: int) -> npt.NDArray[np.complex128]:
    """What all pushes come to, for each disc."""
    return np.bincount(at, push.real, n) + 1j * np.bincount(at, push.imag, n)


_ASIDE = complex(np.sqrt(0.5), -np.sqrt(0.5))
"""Where the first of two on one place goes: up and to the right."""


def _neighbours(
    places: Floats, radius: Floats, movable: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Pairs that may come to touch, at least one of them movable, each once."""
    if not movable.any():
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    reach = radius + GAP_PX + np.where(movable, _SPREAD_PX, 0.0)
    x, y = places.T
    boxes = shapely.box(x - reach, y - reach, x + reach, y + reach)
    one, two = shapely.STRtree(boxes).query(boxes[movable])
    one = np.flatnonzero(movable)[one]
    once = (one < two) | ~movable[two]
    return one[once], two[once]

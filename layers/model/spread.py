"""Where numbered markers stand, so that they hide neither each other nor a count. Pure."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DIRECTIONS = 16
RINGS = (0.0, 2.2, 3.2, 4.4, 5.8)
"""Distances that are tried, in radii of a marker; the place itself comes first."""


def spread(places: Floats, radius: float, taken: Floats) -> Floats:
    """Offsets (n, 2) in pixels from ``places`` (n, 2) at which discs of ``radius`` stand free.

    ``taken`` (m, 3): x, y and radius of what is drawn already. The nearest free spot is taken,
    upwards first; where none is free, the one that hides least. The same input, the same answer.
    """
    tries = _tries() * radius
    discs = np.asarray(taken, np.float64).reshape(-1, 3)
    offsets = np.zeros((len(places), 2))
    for n, place in enumerate(places):
        spots = place + tries
        apart = np.hypot(
            spots[:, 0, None] - discs[None, :, 0], spots[:, 1, None] - discs[None, :, 1]
        )
        hidden = np.clip(discs[None, :, 2] + radius - apart, 0.0, None).sum(axis=1)
        best = int(hidden.argmin())  # the first of equal ones, so the nearest
        offsets[n] = tries[best]
        discs = np.vstack([discs, [*spots[best], radius]])
    return offsets


def _tries() -> Floats:
    turns = [0.0]
    for step in range(1, DIRECTIONS // 2 + 1):
        turns += [step, -step] if step < DIRECTIONS // 2 else [step]
    angles = [turn * 2 * math.pi / DIRECTIONS for turn in turns]
    spots = [(0.0, 0.0)]
    spots += [(r * math.sin(a), -r * math.cos(a)) for r in RINGS[1:] for a in angles]
    return np.array(spots)

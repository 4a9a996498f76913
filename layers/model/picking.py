"""What lies under the mouse, and how co-located marks fan out. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

REACH_PX = 14.0
FAN_PX = 30.0
TOGETHER_PX = 9.0


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks as they are drawn: (N,) screen pixels and half extents; later ones lie on top."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    half: npt.NDArray[np.float64]


def pick(marks: Marks, px: float, py: float, reach: float = REACH_PX) -> int:
    """The mark nearest to a pixel within its own extent or ``reach``; -1 where there is none."""
    if not len(marks.x):
        return -1
    distance = np.hypot(marks.x - px, marks.y - py)
    allowed = distance <= np.maximum(marks.half, reach)
    if not allowed.any():
        return -1
    distance = np.where(allowed, distance, np.inf)
    best = distance.min()
    return int(np.flatnonzero(distance <= best + 1e-9)[-1])


def together(marks: Marks, index: int) -> npt.NDArray[np.intp]:
    """Marks that cover the mark ``index`` so closely that no click can part them, itself too."""
    distance = np.hypot(marks.x - marks.x[index], marks.y - marks.y[index])
    return np.flatnonzero(distance <= TOGETHER_PX)


def fan(count: int) -> list[tuple[float, float]]:
    """Offsets in pixels for ``count`` marks round their place: a ring, then a spiral."""
    if count <= 1:
        return [(0.0, 0.0)] * count
    if count <= 10:
        radius = max(FAN_PX, FAN_PX * count / 6)
        turn = 2 * math.pi / count
        return [(radius * math.sin(turn * i), -radius * math.cos(turn * i)) for i in range(count)]
    offsets: list[tuple[float, float]] = []
    angle, radius = 0.0, FAN_PX
    for _ in range(count):
        offsets.append((radius * math.sin(angle), -radius * math.cos(angle)))
        angle += FAN_PX / radius
        radius += FAN_PX * FAN_PX / (2 * math.pi * radius)
    return offsets

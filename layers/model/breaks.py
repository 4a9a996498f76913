"""Where the steps of a graduated style lie. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def equal_interval(numbers: Floats, count: int) -> tuple[float, ...]:
    """Bounds between ``count`` steps of one width over the range of the numbers; fewer where
    there is no range."""
    low, high = _range(numbers)
    if not high > low:
        return ()
    bounds = np.linspace(low, high, count + 1)[1:-1]
    places = 2 - math.floor(math.log10((high - low) / count))  # what can be read
    return tuple(sorted({round(bound, places) for bound in bounds.tolist()}))


def quantile(numbers: Floats, count: int) -> tuple[float, ...]:
    """Bounds between ``count`` steps of as nearly as possible one number of things each; fewer
    where many have the same number."""
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return ()
    bounds = np.quantile(known, np.linspace(0, 1, count + 1)[1:-1], method="inverted_cdf")
    return tuple(np.unique(bounds[bounds < known.max()]).tolist())


def limits(bounds: Sequence[float], direction: str = "above") -> tuple[float, ...]:
    """Bounds from the limits of a pack's rules. A step takes its upper bound in, so a limit that
    holds from its value on is moved down by as little as a float can."""
    exact = np.unique(np.array([b for b in bounds if np.isfinite(b)], np.float64))
    if direction == "above":
        exact = np.nextafter(exact, -np.inf)
    return tuple(exact.tolist())


def _range(numbers: Floats) -> tuple[float, float]:
    known = numbers[np.isfinite(numbers)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)

"""Where a curve has to break because nothing was heard. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
GAP_STEPS = 4.0
"""A source that has missed so many of its usual steps was away."""


def with_gaps(
    times: Sequence[float], values: Sequence[float], silent_s: float = 0.0
) -> tuple[Floats, Floats]:
    """(N + gaps,) times and values with a not-a-number in each gap.

    A gap is longer than ``silent_s``, after which the thing counts as silent, and longer than a
    few of the series' own steps. Raises ValueError when the lengths differ.
    """
    if len(times) != len(values):
        raise ValueError("times and values differ in length")
    x, y = np.asarray(times, np.float64), np.asarray(values, np.float64)
    if len(x) < 3:
        steps = np.diff(x)
        gaps = np.flatnonzero(steps > silent_s) if silent_s > 0 else np.zeros(0, np.int64)
    else:
        steps = np.diff(x)
        gaps = np.flatnonzero(steps > max(silent_s, GAP_STEPS * float(np.median(steps))))
    middle = x[gaps] + steps[gaps] / 2
    return np.insert(x, gaps + 1, middle), np.insert(y, gaps + 1, np.nan)

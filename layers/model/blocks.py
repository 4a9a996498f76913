"""Many places in runs with a box round each, so that a look-up reads a few runs, not all. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
RUN = 64
"""Places of one run. Those of a response follow each other along a Z curve, so runs are compact."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """``places`` (n, 2) in any unit, and per run of them the least and the greatest, (m, 2) each.

    Places that are not numbers are nowhere. Right in any order of the places, quick where
    neighbours follow each other. Any thread.
    """

    places: Places
    low: Places
    high: Places

    @classmethod
    def of(cls, places: Places) -> Blocks:
        """Make the boxes: about what one look-up without them costs."""
        if not len(places):
            return cls(places, places, places)
        starts = np.arange(0, len(places), RUN)
        low = np.fmin.reduceat(places, starts, axis=0)
        return cls(places, low, np.fmax.reduceat(places, starts, axis=0))

    def inside(self, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> Rows:
        """Numbers of the places between two corners (2,), borders included, ascending."""
        runs = np.flatnonzero(
            (self.low[:, 0] <= high[0])
            & (self.high[:, 0] >= low[0])
            & (self.low[:, 1] <= high[1])
            & (self.high[:, 1] >= low[1])
        )
        numbers: Rows = (runs[:, None] * RUN + np.arange(RUN)).ravel()
        numbers = numbers[numbers < len(self.places)]
        near = self.places[numbers]
        x, y = near[:, 0], near[:, 1]
        found: Rows = numbers[(x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])]
        return found

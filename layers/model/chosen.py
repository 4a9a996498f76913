"""Which marks hold chosen features, also inside clusters. Pure.

A choice of any size costs two prefix sums for each index, and one subtraction for each mark.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from layers.model.cluster import ClusterIndex, ClusterResponse, Runs

Rows = npt.NDArray[np.int64]


class Chosen:
    """Counts chosen rows for each mark of a response."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(0, np.int64)
        self._index: ClusterIndex | None = None
        self._sums: tuple[Rows, Rows] = (self._rows, self._rows)

    def choose(self, rows: Iterable[int]) -> None:
        """Count these rows from now on."""
        new = np.unique(np.fromiter(rows, np.int64))
        if not np.array_equal(new, self._rows):
            self._rows, self._index = new, None

    def per_mark(self, response: ClusterResponse) -> Rows:
        """How many chosen features each mark stands for."""
        if not len(self._rows):
            return np.zeros(len(response.count), np.int64)
        if self._index is not response.index:
            self._index = response.index
            self._sums = (
                self._counted(response.index.ordinary),
                self._counted(response.index.prominent),
            )
        a, b, c, d = response.spans.T
        one, two = self._sums
        found: Rows = (one[b] - one[a]) + (two[d] - two[c])
        return found

    def _counted(self, runs: Runs) -> Rows:
        """Prefix sums of the chosen among some rows, one entry more than rows."""
        size = int(max(runs.rows.max(initial=-1), self._rows.max(initial=-1))) + 1
        mask = np.zeros(size, np.bool_)
        mask[self._rows] = True
        return np.concatenate([[0], np.cumsum(mask[runs.rows])]).astype(np.int64)

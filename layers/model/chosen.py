"""Which marks hold chosen features, also inside clusters. Pure.

A choice of any size costs a prefix sum when features have been sorted anew, a small one for each
index, and one subtraction for each mark.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from layers.model.cluster import ClusterResponse
from layers.model.runs import Codes, Pool, Runs

Rows = npt.NDArray[np.int64]


class Chosen:
    """Counts chosen rows for each mark of a response."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(0, np.int64)
        self._mask = np.zeros(1, np.bool_)
        self._sums: list[tuple[Runs, Rows]] = []

    def choose(self, rows: Iterable[int] | Rows) -> None:
        """Count these rows from now on."""
        given = rows if isinstance(rows, np.ndarray) else np.fromiter(rows, np.int64)
        mask = np.zeros(int(given.max(initial=-1)) + 2, np.bool_)
        mask[given] = True
        new = np.flatnonzero(mask)
        if not np.array_equal(new, self._rows):
            self._rows, self._mask, self._sums = new, mask, []

    def per_mark(self, response: ClusterResponse) -> Rows:
        """How many chosen features each mark stands for."""
        if not len(self._rows):
            return np.zeros(len(response.count), np.int64)
        a, b, c, d = response.spans.T
        found = self._in_pool(response.index.ordinary, a, b)
        found += self._in_pool(response.index.prominent, c, d)
        single = (response.row >= 0) & ~response.spans.any(axis=1)  # and not in a crowd
        found[single] = self._is_chosen(response.row[single])
        self._sums = self._sums[-8:]
        return found

    def _in_pool(self, pool: Pool, lo: Codes, hi: Codes) -> Rows:
        total = np.zeros(len(lo), np.int64)
        for runs, sign in pool.parts():
            sums = self._summed(runs)
            a, b = runs.spans(lo, hi)
            total += sign * (sums[b] - sums[a])
        return total

    def _summed(self, runs: Runs) -> Rows:
        """Prefix sums of the chosen among some rows, one entry more than rows."""
        for n, (known, sums) in enumerate(self._sums):
            if known is runs:
                self._sums.append(self._sums.pop(n))  # the last ones are kept
                return sums
        sums = np.concatenate([[0], np.cumsum(self._is_chosen(runs.rows))]).astype(np.int64)
        self._sums.append((runs, sums))
        return sums

    def _is_chosen(self, rows: Rows) -> npt.NDArray[np.bool_]:
        last = len(self._mask) - 1  # False, for all beyond
        chosen: npt.NDArray[np.bool_] = self._mask[np.minimum(rows, last)]
        return chosen

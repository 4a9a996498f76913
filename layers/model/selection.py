"""Which features are selected, as rows of a store that changes under it. One thread, the store's.

A selection is of features, not of rows: one that is gone leaves it, also when its row has become
another's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt

from layers.model.features import ALIVE, FeatureStore

Rows = npt.NDArray[np.int64]
Mode = Literal["replace", "add", "toggle", "remove"]


class Selection:
    """``version`` rises with every change."""

    def __init__(self, store: FeatureStore) -> None:
        self._store = store
        self._rows: Rows = np.zeros(0, np.int64)
        self._ids: list[str] = []
        self._seen = store.removed_at
        self.version = 0

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def rows(self) -> Rows:
        """Selected rows, ascending."""
        return self._rows

    def ids(self) -> list[str]:
        """Ids of what is selected, in the order of rows."""
        return list(self._ids)

    def mask(self) -> npt.NDArray[np.bool_]:
        """One entry per row of the store."""
        mask = np.zeros(len(self._store.ids), np.bool_)
        mask[self._rows] = True
        return mask

    def apply(self, rows: Rows, mode: Mode = "replace") -> bool:
        """Select rows, or more, or fewer; whether anything changed. Rows of nobody are left out."""
        self.refresh()
        flags = self._store.flags
        named = np.zeros(len(flags), np.bool_)  # a sort of a million rows takes half a second
        named[np.asarray(rows, np.int64)] = True
        rows = np.flatnonzero(named & (flags & ALIVE > 0))
        before = self._rows
        if mode == "add":
            rows = np.union1d(before, rows)
        elif mode == "toggle":
            rows = np.setxor1d(before, rows, assume_unique=True)
        elif mode == "remove":
            rows = np.setdiff1d(before, rows, assume_unique=True)
        return self._take(rows.astype(np.int64))

    def apply_ids(self, ids: Iterable[str], mode: Mode = "replace") -> bool:
        """The same by ids; ids that nothing has are left out."""
        rows = [row for i in ids if (row := self._store.row_of(i)) is not None]
        return self.apply(np.array(rows, np.int64), mode)

    def refresh(self) -> bool:
        """Let go what is gone; whether anything was."""
        if self._seen == self._store.removed_at:
            return False
        self._seen = self._store.removed_at
        ids, rows = np.array(self._store.ids, object), self._rows
        known = rows < len(ids)
        still = known.copy()
        still[known] = ids[rows[known]] == np.array(self._ids, object)[known]
        return self._take(rows[still])

    def counts(self) -> dict[str, int]:
        """How many of each kind are selected, most first."""
        kinds = np.bincount(self._store.kind[self._rows], minlength=len(self._store.kinds))
        order = np.argsort(-kinds, kind="stable")
        return {self._store.kinds[i]: int(kinds[i]) for i in order.tolist() if kinds[i]}

    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of what is selected; None for nothing."""
        if not len(self._rows):
            return None
        lon, lat = self._store.lon[self._rows], self._store.lat[self._rows]
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def _take(self, rows: Rows) -> bool:
        if np.array_equal(rows, self._rows):
            return False
        self._rows = rows
        self._ids = np.array(self._store.ids, object)[rows].tolist()
        self.version += 1
        return True

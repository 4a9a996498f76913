"""Which features are selected, as rows of a store that changes under it. One thread, the store's.

A selection is of features, not of rows: one that is gone leaves it, also when its row has become
another's. Nothing here costs more than a pass of numpy over the rows; ids are made when asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from layers.model.features import ALIVE, FeatureStore

Rows = npt.NDArray[np.int64]
Mode = Literal["replace", "add", "toggle", "remove"]


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """Rows, ascending, of the features that were there when the store's attributes had the version
    ``as_of`` and nothing had been removed since ``removed_at``. Equal to itself only."""

    rows: Rows
    as_of: int
    removed_at: int

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, store: FeatureStore, rows: Rows) -> Picked:
        """The features that these rows are now."""
        return cls(rows, store.attributes.version, store.removed_at)

    def still(self, store: FeatureStore) -> Rows:
        """Those of the rows that are the same features as ever."""
        rows, facts = self.rows, store.attributes
        if self.removed_at == store.removed_at:
            return rows
        if self.removed_at < store.emptied_at:
            return rows[:0]
        there = (store.flags[rows] & ALIVE > 0) & (facts.born[rows] <= self.as_of)
        return rows[there]


class Selection:
    """``version`` rises with every change."""

    def __init__(self, store: FeatureStore) -> None:
        self._store = store
        self.picked = Picked.of(store, np.zeros(0, np.int64))
        self.version = 0

    def __len__(self) -> int:
        return len(self.picked)

    @property
    def rows(self) -> Rows:
        """Selected rows, ascending, of what is still there."""
        return self.picked.still(self._store)

    def ids(self) -> list[str]:
        """Ids of what is selected, in the order of rows. Slow where that is much."""
        return list(map(self._store.ids.__getitem__, self.rows.tolist()))

    def mask(self) -> npt.NDArray[np.bool_]:
        """One entry per row of the store."""
        mask = np.zeros(len(self._store.ids), np.bool_)
        mask[self.rows] = True
        return mask

    def apply(self, rows: Rows, mode: Mode = "replace") -> bool:
        """Select rows, or more, or fewer; whether anything changed. Rows of nobody are left out."""
        was_gone = self.refresh()
        flags = self._store.flags
        named = np.zeros(len(flags), np.bool_)  # a sort of a million rows takes half a second
        named[np.asarray(rows, np.int64)] = True
        named &= flags & ALIVE > 0
        if mode != "replace":
            before = np.zeros(len(flags), np.bool_)
            before[self.picked.rows] = True
            if mode == "add":
                named |= before
            elif mode == "toggle":
                named ^= before
            else:
                named = before & ~named
        return self._take(np.flatnonzero(named)) or was_gone

    def apply_ids(self, ids: Iterable[str], mode: Mode = "replace") -> bool:
        """The same by ids; ids that nothing has are left out."""
        rows = [row for i in ids if (row := self._store.row_of(i)) is not None]
        return self.apply(np.array(rows, np.int64), mode)

    def refresh(self) -> bool:
        """Let go what is gone; whether anything was."""
        if self.picked.removed_at == self._store.removed_at:
            return False
        still = self.picked.still(self._store)
        if len(still) == len(self.picked):
            self.picked = Picked(self.picked.rows, self.picked.as_of, self._store.removed_at)
            return False
        return self._take(still)

    def counts(self) -> dict[str, int]:
        """How many of each kind are selected, most first."""
        kinds = np.bincount(self._store.kind[self.rows], minlength=len(self._store.kinds))
        order = np.argsort(-kinds, kind="stable")
        return {self._store.kinds[i]: int(kinds[i]) for i in order.tolist() if kinds[i]}

    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of what is selected; None for nothing."""
        rows = self.rows
        if not len(rows):
            return None
        lon, lat = self._store.lon[rows], self._store.lat[rows]
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def _take(self, rows: Rows) -> bool:
        if np.array_equal(rows, self.picked.rows):
            return False
        self.picked = Picked.of(self._store, rows)
        self.version += 1
        return True

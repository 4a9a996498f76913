"""Rows in Morton order, kept up as features move. Pure; made by one thread, read by any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.features import ALIVE, Columns

_MERGE_SHARE = 0.05
"""Up to this share of moved rows merging them in is cheaper than sorting all."""


@dataclass(frozen=True, slots=True)
class SpatialOrder:
    """Living rows sorted by their Morton code."""

    rows: npt.NDArray[np.int64]
    codes: mercator.Codes

    @classmethod
    def of(cls, columns: Columns) -> SpatialOrder:
        """Sort everything."""
        rows = np.flatnonzero(columns.flags & ALIVE)
        codes = columns.code[rows]
        order = np.argsort(codes, kind="stable")
        return cls(rows[order], codes[order])

    def updated(self, columns: Columns) -> SpatialOrder:
        """The order of newer columns, given that these are the next copy after this order's."""
        moved = columns.moved
        if moved is None or len(moved) > _MERGE_SHARE * max(1, len(self.rows)):
            return SpatialOrder.of(columns)
        if not len(moved):
            return self
        touched = np.zeros(len(columns.code), np.bool_)
        touched[moved] = True
        kept = ~touched[self.rows]
        rows, codes = self.rows[kept], self.codes[kept]
        alive = np.sort(moved[columns.flags[moved] & ALIVE > 0])
        alive = alive[np.argsort(columns.code[alive], kind="stable")]
        at = np.searchsorted(codes, columns.code[alive])
        return SpatialOrder(np.insert(rows, at, alive), np.insert(codes, at, columns.code[alive]))

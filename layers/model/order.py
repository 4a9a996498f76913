"""Rows in Morton order, kept up as features move.

A ``SpatialOrder`` is frozen: made by one thread, read by any. A ``LiveOrder`` belongs to a store
and to its thread; it answers at once after any change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.columns import ALIVE, Columns

Rows = npt.NDArray[np.int64]
_MERGE_SHARE = 0.05
"""Up to this share of moved rows merging them in is cheaper than sorting all."""
_LOOSE_LEAST, _LOOSE_SHARE = 2_048, 0.02
"""So many moved rows are kept apart before they are merged in."""
_HEARD_MOST = 100_000


@dataclass(frozen=True, slots=True)
class SpatialOrder:
    """Living rows sorted by their Morton code."""

    rows: Rows
    codes: mercator.Codes

    @classmethod
    def of(cls, columns: Columns) -> SpatialOrder:
        """Sort everything."""
        return cls.sorted(columns.code, columns.flags)

    @classmethod
    def sorted(cls, code: mercator.Codes, flags: npt.NDArray[np.uint8]) -> SpatialOrder:
        """Sort everything; ``code`` and ``flags`` have one entry per row."""
        rows = np.flatnonzero(flags & ALIVE)
        codes = code[rows]
        order = np.argsort(codes, kind="stable")
        return cls(rows[order], codes[order])

    def merged(
        self, code: mercator.Codes, flags: npt.NDArray[np.uint8], moved: Rows
    ) -> SpatialOrder:
        """The same for all living rows, by the cheaper way."""
        if len(moved) > _MERGE_SHARE * max(1, len(self.rows)):
            return SpatialOrder.sorted(code, flags)
        return self.with_moved(code, flags, moved)

    def with_moved(
        self, code: mercator.Codes, flags: npt.NDArray[np.uint8], moved: Rows
    ) -> SpatialOrder:
        """This order with the ``moved`` rows (each once) where they are now, if anywhere."""
        if not len(moved):
            return self
        touched = np.zeros(len(code), np.bool_)
        touched[moved] = True
        kept = ~touched[self.rows]
        rows, codes = self.rows[kept], self.codes[kept]
        alive = np.sort(moved[flags[moved] & ALIVE > 0])
        alive = alive[np.argsort(code[alive], kind="stable")]
        at = np.searchsorted(codes, code[alive])
        return SpatialOrder(np.insert(rows, at, alive), np.insert(codes, at, code[alive]))


class LiveOrder:
    """The order of a store that changes: a large sorted part (``base``), in which rows that moved
    since are not looked at, and a small one of those (``recent``).

    Telling it of moves costs next to nothing; the next question takes them in, and merges the small
    part into the large one when it has grown.
    """

    def __init__(self) -> None:
        self.base = self.recent = SpatialOrder(np.zeros(0, np.int64), np.zeros(0, np.uint64))
        self._is_loose = np.zeros(0, np.bool_)
        self._loose = 0
        self._heard: list[Rows] = []
        self._count = 0
        self._noted = np.zeros(0, np.bool_)  # by row, what was heard long ago

    def moved(self, rows: Rows) -> None:
        """These rows have come, gone or moved."""
        self._heard.append(rows)
        self._count += len(rows)
        if self._count > _HEARD_MOST:  # nobody asks: keep each row once
            self._noted = _with_rows(self._noted, np.concatenate(self._heard))
            self._heard, self._count = [], 0

    def adopt(self, base: SpatialOrder, moved: Rows) -> None:
        """Take an order made elsewhere if fewer rows (``moved``, each once) have changed since it
        was made than since the own one."""
        noted = int(np.count_nonzero(self._noted))
        if len(moved) >= self._loose + self._count + noted:
            return
        self.base = base
        self.recent = SpatialOrder(self.recent.rows[:0], self.recent.codes[:0])
        self._is_loose[:] = False
        self._loose = 0
        self._noted = self._noted[:0]
        self._heard, self._count = [moved], len(moved)

    def take_in(self, code: mercator.Codes, flags: npt.NDArray[np.uint8]) -> None:
        """Be right for these columns of the store, one entry per row in use or freed."""
        if not self._heard and not len(self._noted):
            return
        noted = np.flatnonzero(self._noted)
        rows = np.unique(np.concatenate([noted, *self._heard]))
        self._noted = self._noted[:0]
        self._heard, self._count = [], 0
        known = rows[rows < len(self._is_loose)]
        self._loose += len(rows) - int(np.count_nonzero(self._is_loose[known]))
        self._is_loose = _with_rows(self._is_loose, rows, len(code))
        if self._loose > max(_LOOSE_LEAST, int(_LOOSE_SHARE * len(self.base.rows))):
            self.base = self.base.merged(code, flags, np.flatnonzero(self._is_loose))
            self.recent = SpatialOrder(rows[:0], code[:0])
            self._is_loose[:] = False
            self._loose = 0
        else:
            self.recent = self.recent.with_moved(code, flags, rows)

    def settled(self, rows: Rows) -> Rows:
        """Those of some rows of ``base`` that are where it says."""
        return rows[~self._is_loose[rows]] if self._loose else rows


def _with_rows(mask: npt.NDArray[np.bool_], rows: Rows, least: int = 0) -> npt.NDArray[np.bool_]:
    """A mask with some more rows, made longer if it has to be."""
    needed = max(least, int(rows.max(initial=-1)) + 1)
    if len(mask) < needed:
        grown = np.zeros(2 * needed, np.bool_)
        grown[: len(mask)] = mask
        mask = grown
    mask[rows] = True
    return mask

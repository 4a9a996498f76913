"""Rows in Morton order with prefix sums, and a pool of them that changes without being made anew.

Everything is frozen and pure. A cell of the map is a range of codes (from ``lo`` to before ``hi``),
so whatever is asked of cells is two look-ups for each part of a pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.columns import AnyScalar
from layers.model.cover import positions
from services.domain.model import Severity

Rows = npt.NDArray[np.int64]
Codes = mercator.Codes


class Members(NamedTuple):
    """Some rows one by one; arrays of one length."""

    rows: Rows
    codes: Codes
    severity: npt.NDArray[np.uint8]
    unacked: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Runs:
    """Some rows in Morton order with prefix sums (one entry more than rows).

    ``at_least[s]`` counts rows with a severity of at least ``s + 1``; ``sum_x``, ``sum_y`` are
    sums of fixed coordinates, exact.
    """

    rows: Rows
    codes: Codes
    sum_x: mercator.Ints
    sum_y: mercator.Ints
    at_least: npt.NDArray[np.int32]
    unacked: npt.NDArray[np.int32]

    @classmethod
    def of(
        cls,
        rows: Rows,
        codes: Codes,
        severity: npt.NDArray[np.uint8],
        unacked: npt.NDArray[np.bool_],
    ) -> Runs:
        """From rows in the order of their codes, and what they have."""
        ix, iy = mercator.unmorton(codes)
        levels = [np.cumsum(severity >= s, dtype=np.int32) for s in range(1, len(Severity))]
        return cls(
            rows=rows,
            codes=codes,
            sum_x=_from_zero(np.cumsum(ix)),
            sum_y=_from_zero(np.cumsum(iy)),
            at_least=np.stack([_from_zero(level) for level in levels]),
            unacked=_from_zero(np.cumsum(unacked, dtype=np.int32)),
        )

    def take(self, at: Rows) -> Runs:
        """Only those at some positions, ascending."""
        return Runs.of(*self.each(at))

    def each(self, at: Rows) -> Members:
        """Those at some positions, one by one."""
        severity = (self.at_least[:, at + 1] - self.at_least[:, at]).sum(axis=0)
        unacked = self.unacked[at + 1] > self.unacked[at]
        return Members(self.rows[at], self.codes[at], severity.astype(np.uint8), unacked)

    def spans(self, lo: Codes, hi: Codes) -> tuple[Rows, Rows]:
        """Positions that ranges of codes begin at and end before."""
        return np.searchsorted(self.codes, lo), np.searchsorted(self.codes, hi)


@dataclass(frozen=True, slots=True)
class Tally:
    """What ranges hold, one entry each; sums are of fixed coordinates, ``hits`` (4, n) as in
    ``Runs.at_least``."""

    count: Rows
    x: mercator.Ints
    y: mercator.Ints
    hits: Rows
    unacked: Rows

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.count + other.count,
            self.x + other.x,
            self.y + other.y,
            self.hits + other.hits,
            self.unacked + other.unacked,
        )


@dataclass(frozen=True, slots=True)
class Pool:
    """What was sorted once (``base``), without what has left it since, with what has come.

    ``gone`` are the rows at the positions ``gone_at`` (ascending) of the base, as they are there.
    """

    base: Runs
    gone_at: Rows
    gone: Runs
    fresh: Runs

    @classmethod
    def whole(cls, base: Runs) -> Pool:
        """A pool that has not changed yet."""
        none = base.take(np.zeros(0, np.int64))
        return cls(base, np.zeros(0, np.int64), none, none)

    def parts(self) -> list[tuple[Runs, int]]:
        """Runs to add and to subtract; those without rows are left out."""
        signed = [(self.base, 1), (self.gone, -1), (self.fresh, 1)]
        return [(runs, sign) for runs, sign in signed if len(runs.rows)]

    def count(self, lo: Codes, hi: Codes) -> Rows:
        """How many rows each range has."""
        total = np.zeros(len(lo), np.int64)
        for runs, sign in self.parts():
            a, b = runs.spans(lo, hi)
            total += sign * (b - a)
        return total

    def tally(self, lo: Codes, hi: Codes) -> Tally:
        """What each range holds."""
        n = len(lo)
        count, x, y, unacked = (np.zeros(n, np.int64) for _ in range(4))
        hits = np.zeros((len(self.base.at_least), n), np.int64)
        for runs, sign in self.parts():
            a, b = runs.spans(lo, hi)
            count += sign * (b - a)
            x += sign * (runs.sum_x[b] - runs.sum_x[a])
            y += sign * (runs.sum_y[b] - runs.sum_y[a])
            hits += sign * (runs.at_least[:, b] - runs.at_least[:, a])
            unacked += sign * (runs.unacked[b] - runs.unacked[a])
        return Tally(count, x, y, hits, unacked)

    def members(self, lo: Codes, hi: Codes) -> tuple[Rows, Rows]:
        """Positions in the base and among the fresh of all that lie in the ranges."""
        at = positions(*self.base.spans(lo, hi))
        if len(self.gone_at) and len(at):
            near = np.minimum(np.searchsorted(self.gone_at, at), len(self.gone_at) - 1)
            at = at[self.gone_at[near] != at]
        return at, positions(*self.fresh.spans(lo, hi))

    def rows_in(self, lo: Codes, hi: Codes) -> Rows:
        """Rows of all that lie in the ranges."""
        at, new = self.members(lo, hi)
        return np.concatenate([self.base.rows[at], self.fresh.rows[new]])

    def each(self, lo: Codes, hi: Codes) -> Members:
        """All that lies in the ranges, one by one."""
        at, new = self.members(lo, hi)
        one, two = self.base.each(at), self.fresh.each(new)
        return Members(
            np.concatenate([one.rows, two.rows]),
            np.concatenate([one.codes, two.codes]),
            np.concatenate([one.severity, two.severity]),
            np.concatenate([one.unacked, two.unacked]),
        )

    def only_rows(self, lo: Codes, hi: Codes) -> Rows:
        """The row of each range, given that each has exactly one."""
        new_lo, new_hi = self.fresh.spans(lo, hi)
        rows = np.zeros(len(lo), np.int64)
        fresh = new_hi > new_lo
        rows[fresh] = self.fresh.rows[new_lo[fresh]]
        at, _ = self.members(lo[~fresh], hi[~fresh])
        rows[~fresh] = self.base.rows[at]
        return rows

    def split(self, lo: Codes, hi: Codes, level: int) -> tuple[Codes, Codes]:
        """The non-empty cells of a finer level in the ranges, as ranges."""
        shift = np.uint64(2 * (mercator.BITS - level))
        at, new = self.members(lo, hi)
        cells = self.base.codes[at] >> shift
        if len(new):
            cells = np.sort(np.concatenate([cells, self.fresh.codes[new] >> shift]))
        first = np.ones(len(cells), np.bool_)
        first[1:] = cells[1:] != cells[:-1]
        cells = cells[first]
        return cells << shift, (cells + np.uint64(1)) << shift


def _from_zero(sums: npt.NDArray[AnyScalar]) -> npt.NDArray[AnyScalar]:
    return np.concatenate([np.zeros(1, sums.dtype), sums])

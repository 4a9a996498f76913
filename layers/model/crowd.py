"""Single marks where there are more than can be seen: of each small cell the one that lies over
the others. Pure.

Most cells have not changed since their things were sorted; of these the worst is found by a few
look-ups in prefix sums, so that a crowd costs time by its cells more than by its things.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.cluster_index import ClusterIndex
from layers.model.runs import Codes, Members, Pool, Rows, Runs

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Crowd:
    """One mark for each cell, ascending by code; ``spans`` (n, 4) are the ranges of the cell in
    both pools."""

    marks: Members
    spans: Codes


def crowd(
    index: ClusterIndex, ordinary: tuple[Codes, Codes], prominent: tuple[Codes, Codes], level: int
) -> Crowd:
    """The marks of ranges of codes in both pools by cells of a level: of each cell the worst, of
    equals one that stands for all."""
    one, _ = index.ordinary.split(*ordinary, level)
    two, _ = index.prominent.split(*prominent, level)
    lo = _merged(one, two)
    hi = lo + (np.uint64(1) << np.uint64(2 * (mercator.BITS - level)))
    still = _still(index.ordinary, lo, hi) & _still(index.prominent, lo, hi)
    found = [_worst(index.pools, lo[still], hi[still])]
    rest = [pool.each(lo[~still], hi[~still]) for pool in index.pools]
    mixed = joined(rest)
    found.append(_taken(mixed, on_top(mixed.codes, mixed.severity, level)))
    marks = joined(found)
    marks = _taken(marks, np.argsort(marks.codes, kind="stable"))
    shift = np.uint64(2 * (mercator.BITS - level))
    first = marks.codes >> shift << shift
    last = first + (np.uint64(1) << shift)
    return Crowd(marks, np.column_stack([first, last, first, last]))


def on_top(codes: Codes, severity: npt.NDArray[np.uint8], level: int) -> Rows:
    """Of marks in one cell the one that lies over the others: the worst, of equals the last.
    Positions, ascending."""
    cell = codes >> np.uint64(2 * (mercator.BITS - level))
    order = np.lexsort((severity, cell))
    last = np.flatnonzero(np.append(cell[order][1:] != cell[order][:-1], True))
    return np.sort(order[last]) if len(codes) else np.zeros(0, np.int64)


def _merged(one: Codes, two: Codes) -> Codes:
    """Both of two ascending lists in one, each code once."""
    both = np.sort(np.concatenate([one, two]), kind="stable")  # two runs: a merge
    first = np.ones(len(both), np.bool_)
    first[1:] = both[1:] != both[:-1]
    return both[first]


def _still(pool: Pool, lo: Codes, hi: Codes) -> Mask:
    """Which ranges are as they were sorted."""
    still = np.ones(len(lo), np.bool_)
    for runs in (pool.gone, pool.fresh):
        if len(runs.rows):
            first, last = runs.spans(lo, hi)
            still &= first == last
    return still


def _worst(pools: tuple[Pool, Pool], lo: Codes, hi: Codes) -> Members:
    """Of each range the last of the worst, of equals in both pools the prominent one; each range
    has something in one of them."""
    ordinary, prominent = (_last_of_worst(pool.base, lo, hi) for pool in pools)
    own = prominent[1] >= ordinary[1]
    return joined([pools[0].base.each(ordinary[0][~own]), pools[1].base.each(prominent[0][own])])


def _last_of_worst(runs: Runs, lo: Codes, hi: Codes) -> tuple[Rows, Rows]:
    """Position and severity of the last of the worst in each range; -1 and -1 for none."""
    a, b = runs.spans(lo, hi)
    severity = (runs.at_least[:, b] > runs.at_least[:, a]).sum(axis=0)
    at = b - 1
    for level in range(1, len(runs.at_least) + 1):
        chosen = np.flatnonzero(severity == level)
        sums = runs.at_least[level - 1]  # where they come to what they are at the end
        at[chosen] = np.searchsorted(sums, sums[b[chosen]]) - 1
    return np.where(a < b, at, -1), np.where(a < b, severity, -1)


def joined(parts: list[Members]) -> Members:
    """Some after others."""
    return Members(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.severity for part in parts]),
        np.concatenate([part.unacked for part in parts]),
    )


def _taken(marks: Members, at: Rows) -> Members:
    return Members(marks.rows[at], marks.codes[at], marks.severity[at], marks.unacked[at])

"""What a cluster consists of, by the colours and opacities of its things. Pure.

Prefix sums are made with an index, in the index's thread; a mark then costs two look-ups for each
part of a pool, whatever it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model.runs import Codes, Pool, Rows, Runs

MOST_GROUPS = 12
"""More colours than these cannot be told apart in a ring; the rarest are drawn as all else."""
Sums = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """``of_row`` is the group of each row; ``colors`` of the groups are tokens or "#RRGGBB", ""
    for the kinds' own, ``opacities`` 0..1. Rows beyond the end are of the group 0, all else."""

    of_row: npt.NDArray[np.uint8]
    colors: tuple[str, ...]
    opacities: tuple[float, ...]

    def of(self, rows: Rows) -> npt.NDArray[np.uint8]:
        """The groups of some rows."""
        found = np.zeros(len(rows), np.uint8)
        known = rows < len(self.of_row)
        found[known] = self.of_row[rows[known]]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Counts the things of each group in ranges of one index."""

    groups: Groups
    parts: tuple[tuple[Runs, Sums], ...]

    @classmethod
    def of(cls, groups: Groups, pools: tuple[Pool, Pool], older: Shares | None = None) -> Shares:
        """Of both pools of an index; what ``older`` has summed up already is taken over."""
        same = older is not None and older.groups is groups
        kept = older.parts if older is not None and same else ()
        parts = []
        for runs in (runs for pool in pools for runs, _sign in pool.parts()):
            known = next((sums for of, sums in kept if of is runs), None)
            parts.append((runs, _summed(groups, runs) if known is None else known))
        return cls(groups, tuple(parts))

    def counts(self, pools: tuple[Pool, Pool], spans: Codes) -> npt.NDArray[np.int64]:
        """How many of each group each mark stands for, shape (marks, groups); ``spans`` as in
        ``ClusterResponse``."""
        total = np.zeros((len(self.groups.colors), len(spans)), np.int64)
        for pool, lo, hi in (
            (pools[0], spans[:, 0], spans[:, 1]),
            (pools[1], spans[:, 2], spans[:, 3]),
        ):
            for runs, sign in pool.parts():
                sums = next((found for of, found in self.parts if of is runs), None)
                if sums is not None:
                    a, b = runs.spans(lo, hi)
                    total += sign * (sums[:, b] - sums[:, a])
        return np.ascontiguousarray(total.T)


def groups_of(number: npt.NDArray[np.uint16], looks: list[tuple[str, float]]) -> Groups | None:
    """From the style number of each row and the colour and opacity of each number. None where all
    look as their kinds do: then there is nothing to be told."""
    if all(look == ("", 1.0) for look in looks):
        return None
    counted = np.bincount(number, minlength=len(looks))
    many: dict[tuple[str, float], int] = {}
    for look, count in zip(looks[1:], counted[1:].tolist(), strict=True):
        many[look] = many.get(look, 0) + count
    often = sorted((look for look in many if many[look]), key=lambda look: -many[look])
    kept = [("", 1.0), *(look for look in often if look != ("", 1.0))][:MOST_GROUPS]
    place = {look: n for n, look in enumerate(kept)}
    table = np.array([place.get(look, 0) for look in looks], np.uint8)
    return Groups(table[number], *(tuple(part) for part in zip(*kept, strict=True)))


def in_parts(counts: npt.NDArray[np.int64], parts: int) -> npt.NDArray[np.int64]:
    """Counts (n, groups) as whole parts of a ring, each row so many in all: what is there has one
    at least, as far as they go, and the rest is by the largest remainders."""
    total = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    least = (counts > 0).astype(np.int64)
    exact = counts * (parts / total)
    given: npt.NDArray[np.int64] = np.maximum(np.floor(exact).astype(np.int64), least)
    rows = np.arange(len(counts))
    for _step in range(parts):  # each step mends one part of each row
        wrong = parts - given.sum(axis=1)
        if not wrong.any():
            break
        lack = exact - given
        lack[counts == 0] = -np.inf
        more = lack.argmax(axis=1)
        spare = np.where(given > least, given - exact, -np.inf).argmax(axis=1)
        given[rows, np.where(wrong > 0, more, spare)] += np.sign(wrong)
    return given


def _summed(groups: Groups, runs: Runs) -> Sums:
    """Prefix sums of each group, one entry more than rows."""
    of = groups.of(runs.rows)
    sums = np.zeros((len(groups.colors), len(of) + 1), np.int32)
    for n in range(len(groups.colors)):
        np.cumsum(of == n, dtype=np.int32, out=sums[n, 1:])
    return sums

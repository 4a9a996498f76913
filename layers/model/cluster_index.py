"""What may be drawn as a mark, in an order that clusters are read from; updated, not rebuilt. Pure.

Most of an index was sorted and summed up once. What has changed since is kept beside it: rows that
left and rows that came, sorted and summed up by themselves. So an update costs time in proportion
to the changes since the last sorting, whatever the number of features, and when these have become
many, everything is sorted once more. Nothing is ever written to: older indexes stay right.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from layers.model.columns import ALIVE, UNACKED, Changes, Columns
from layers.model.order import SpatialOrder
from layers.model.runs import Pool, Rows, Runs
from layers.model.shares import Groups, Shares
from services.domain.model import Severity

Mask = npt.NDArray[np.bool_]
_CHANGED_LEAST, _CHANGED_SHARE = 2_048, 0.02
"""So many changes are kept beside the sorted part before everything is sorted once more."""


@dataclass(frozen=True, slots=True)
class Masks:
    """What is drawn: three masks by kind index, and one by row or None for all rows.

    ``shown``: drawn at this zoom; ``in_alarm``: drawn when in alarm; ``prominent``: never
    swallowed close up. In alarm means major or worse, or not acknowledged. ``wanted`` False leaves
    a row out in any case; rows beyond its end are newer than it and stay in.
    """

    shown: Mask
    in_alarm: Mask
    prominent: Mask
    wanted: Mask | None = None

    def pools(
        self,
        rows: Rows,
        kind: npt.NDArray[np.uint16],
        severity: npt.NDArray[np.uint8],
        flags: npt.NDArray[np.uint8],
    ) -> tuple[Mask, Mask]:
        """Which of some rows are ordinary, which prominent marks; the others are not drawn."""
        alarm = (severity >= Severity.MAJOR) | (flags & UNACKED > 0)
        drawn = flags & ALIVE > 0
        if self.wanted is not None:
            known = rows < len(self.wanted)
            drawn[known] &= self.wanted[rows[known]]
        shown = self.shown[kind]
        own = drawn & ((alarm & self.in_alarm[kind]) | (self.prominent[kind] & shown))
        return drawn & shown & ~own, own

    def same_kinds(self, other: Masks) -> bool:
        """Whether kinds are drawn alike."""
        return (
            np.array_equal(self.shown, other.shown)
            and np.array_equal(self.in_alarm, other.in_alarm)
            and np.array_equal(self.prominent, other.prominent)
        )

    def key(self) -> bytes:
        """The same for masks that let the same kinds through."""
        return b"".join(m.tobytes() for m in (self.shown, self.in_alarm, self.prominent))

    def rows_apart(self, other: Masks) -> Rows:
        """Rows that one of both wants and the other does not."""
        one, two = self.wanted, other.wanted
        if one is two:
            return np.zeros(0, np.int64)
        count = max(0 if one is None else len(one), 0 if two is None else len(two))
        return np.flatnonzero(_up_to(one, count) != _up_to(two, count))

    def same(self, other: Masks) -> bool:
        """Whether everything is drawn alike."""
        return self.same_kinds(other) and not len(self.rows_apart(other))


@dataclass(frozen=True, slots=True)
class _Sorted:
    """What the large parts of an index were made from. ``where`` tells of every row its position
    in the ordinary runs p as p, in the prominent ones as -2 - p, and -1 for neither."""

    columns: Columns
    order: SpatialOrder
    where: npt.NDArray[np.int32]
    present: npt.NDArray[np.bool_]
    """By kind index: whether anything is of it."""


@dataclass(frozen=True, slots=True)
class ClusterIndex:
    """Marks of one version of a store, ordinary and prominent, and what the next is made from."""

    version: int
    ordinary: Pool
    prominent: Pool
    masks: Masks = field(repr=False)
    sorted: _Sorted = field(repr=False)
    changes: Changes = field(repr=False)
    shares: Shares | None = field(default=None, repr=False)

    @property
    def pools(self) -> tuple[Pool, Pool]:
        """Ordinary and prominent."""
        return self.ordinary, self.prominent

    def with_shares(self, groups: Groups | None, older: ClusterIndex | None) -> ClusterIndex:
        """The index with what its clusters consist of; costs time in proportion to the rows, but
        for what an older index of the same groups has summed up."""
        if groups is None:
            return self if self.shares is None else replace(self, shares=None)
        known = None if older is None else older.shares
        return replace(self, shares=Shares.of(groups, self.pools, known))


def build_index(columns: Columns, order: SpatialOrder, masks: Masks) -> ClusterIndex:
    """The index of what the masks let through, made anew; ``order`` is that of the columns."""
    rows = order.rows
    severity, flags = columns.severity[rows], columns.flags[rows]
    where = np.full(len(columns.code), -1, np.int32)
    pools = []
    for own, chosen in enumerate(masks.pools(rows, columns.kind[rows], severity, flags)):
        at = np.flatnonzero(chosen)
        place = np.arange(len(at), dtype=np.int32)
        where[rows[at]] = -2 - place if own else place
        runs = Runs.of(rows[at], order.codes[at], severity[at], flags[at] & UNACKED > 0)
        pools.append(Pool.whole(runs))
    version = columns.version
    present = np.bincount(columns.kind[rows], minlength=len(masks.shown)) > 0
    made = _Sorted(columns, order, where, present)
    return ClusterIndex(version, pools[0], pools[1], masks, made, Changes.none(version))


def updated_index(index: ClusterIndex, changes: Changes, masks: Masks) -> ClusterIndex:
    """The index after changes since its version, and with other masks."""
    if not masks.same_kinds(index.masks) and _tell_apart(index, changes, masks):
        return _anew(index, changes, masks)
    switched = index.masks.rows_apart(masks)
    if not len(switched) and not len(changes.rows):
        return replace(index, version=changes.version, masks=masks)
    known = switched[switched < len(index.sorted.columns.code)]
    both = Changes.as_in(index.sorted.columns, known).then(index.changes).then(changes)
    most = max(_CHANGED_LEAST, int(_CHANGED_SHARE * len(index.sorted.order.rows)))
    if len(both.rows) > most:
        return _anew(index, changes, masks)
    return _beside(index.sorted, index, both, masks)


def _tell_apart(index: ClusterIndex, changes: Changes, masks: Masks) -> bool:
    """Whether two sets of masks differ in a kind that anything is of."""
    old, kinds = index.masks, np.flatnonzero(index.sorted.present)
    kinds = np.union1d(kinds, np.concatenate([index.changes.kind, changes.kind])).astype(np.int64)
    if len(kinds) and kinds[-1] >= min(len(old.shown), len(masks.shown)):
        return True
    return not all(
        np.array_equal(before[kinds], after[kinds])
        for before, after in (
            (old.shown, masks.shown),
            (old.in_alarm, masks.in_alarm),
            (old.prominent, masks.prominent),
        )
    )


def _anew(index: ClusterIndex, changes: Changes, masks: Masks) -> ClusterIndex:
    """Sort and sum up once more, from the older order."""
    all_changes = index.changes.then(changes)
    old = index.sorted
    columns = old.columns.with_changes(all_changes)
    rows = all_changes.rows
    was = np.zeros(len(rows), np.uint8)
    known = rows < len(old.columns.code)
    was[known] = old.columns.flags[rows[known]] & ALIVE
    moved = (was != columns.flags[rows] & ALIVE) | ~known
    moved[known] |= old.columns.code[rows[known]] != columns.code[rows[known]]
    order = old.order.merged(columns.code, columns.flags, rows[moved])
    return build_index(columns, order, masks)


def _beside(base: _Sorted, index: ClusterIndex, both: Changes, masks: Masks) -> ClusterIndex:
    """The sorted part as it is, and beside it what has changed."""
    old = both.rows[both.rows < len(base.where)]
    where = base.where[old]
    ordinary_at = np.sort(where[where >= 0]).astype(np.int64)
    prominent_at = np.sort(-2 - where[where <= -2]).astype(np.int64)
    chosen = masks.pools(both.rows, both.kind, both.severity, both.flags)
    order = np.argsort(both.code, kind="stable")
    pools = []
    for pool, at, mask in zip(
        (index.ordinary, index.prominent), (ordinary_at, prominent_at), chosen, strict=True
    ):
        new = order[mask[order]]
        unacked = both.flags[new] & UNACKED > 0
        fresh = Runs.of(both.rows[new], both.code[new], both.severity[new], unacked)
        pools.append(Pool(pool.base, at, pool.base.take(at), fresh))
    return ClusterIndex(both.version, pools[0], pools[1], masks, base, both)


def _up_to(wanted: Mask | None, count: int) -> Mask:
    whole = np.ones(count, np.bool_)
    if wanted is not None:
        whole[: len(wanted)] = wanted
    return whole

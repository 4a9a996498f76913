"""The features of one session as numpy columns. Owned by one thread (the console's GUI thread).

A row belongs to one feature as long as it lives; freed rows are used again. What other threads need
they get as ``Columns``, a frozen copy, and as ``Changes`` since a copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.attributes import Attributes
from layers.model.batch import Batch, Feature
from layers.model.changelog import ChangeLog
from layers.model.columns import ALIVE, STALE, UNACKED, Changes, Columns, frozen
from layers.model.order import LiveOrder, SpatialOrder
from layers.model.search import NameIndex, Naming
from layers.model.style import KindStyle, styles_of
from layers.model.trails import Trails
from services.domain.model import Link, Ring, Severity
from services.packs.model import Kind

Rows = npt.NDArray[np.int64]
_FIRST_CAPACITY = 1_024
_CLUSTERED = ("code", "severity", "kind", "flags")
"""Columns that clusters are made from."""
_ASKED = ("lon", "lat", "severity", "link", "kind", "flags")
"""Columns that an expression or a table may ask for."""

__all__ = ["ALIVE", "STALE", "UNACKED", "Batch", "Columns", "Feature", "FeatureStore", "KindCount"]


class KindCount(NamedTuple):
    """How many of a kind there are; ``alarmed`` counts severities above normal, ``severe`` those
    from major on."""

    total: int
    online: int
    offline: int
    unknown: int
    alarmed: int
    severe: int


class FeatureStore:
    """All features of a session by stable row. ``version`` rises with every change that shows; rows
    noted before the version ``emptied_at`` mean nothing any more, and since ``removed_at`` none has
    become another's. ``attributes`` has the rest.

    ``lon`` and ``lat`` are degrees, ``heading`` and ``fov`` degrees or NaN. Arrays are longer than
    the number of features: rows without the ALIVE flag hold nothing. ``order`` is for the spatial
    questions of ``layers.model.query``.
    """

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self.styles: dict[str, KindStyle] = styles_of(kinds)
        self.kinds: list[str] = list(self.styles)
        self._kind_index = {kind: i for i, kind in enumerate(self.kinds)}
        self.version = 0
        self.emptied_at = self.removed_at = 0
        self.shapes_version = 0
        self.attributes = Attributes()
        self.trails = Trails()
        self._reset()

    def _reset(self) -> None:
        n = _FIRST_CAPACITY
        self.lon = np.zeros(n)
        self.lat = np.zeros(n)
        self.code = np.zeros(n, np.uint64)
        self.severity = np.zeros(n, np.uint8)
        self.link = np.zeros(n, np.uint8)
        self.kind = np.zeros(n, np.uint16)
        self.flags = np.zeros(n, np.uint8)
        self.heading = np.full(n, np.nan, np.float32)
        self.fov = np.full(n, np.nan, np.float32)
        self.ids: list[str] = []
        self.names: list[str] = []
        self.labels: list[str] = []
        self.keys: list[tuple[str, ...]] = []
        self.rings: dict[int, tuple[Ring, ...]] = {}
        self._row_of: dict[str, int] = {}
        self._free: list[int] = []
        self._log = ChangeLog(self.version)
        self._index = NameIndex()
        self.order = LiveOrder()

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, feature_id: object) -> bool:
        return feature_id in self._row_of

    # -- changing -----------------------------------------------------------------
    def upsert(self, features: Iterable[Feature]) -> Rows:
        """Put features in or replace them by id. ValueError (nothing done) if a place is no place.

        Of several with one id the last counts. Features that are what they were change nothing.
        """
        return self.put(Batch.of(features))

    def put(self, batch: Batch) -> Rows:
        """The same for features that are columns already. ValueError also if ids are not unique.
        Returns the row of each."""
        if not len(batch):
            return np.zeros(0, np.int64)
        if len(set(batch.ids)) != len(batch):
            raise ValueError("an id stands twice in a batch")
        good = (np.abs(batch.lon) <= 180.0) & (np.abs(batch.lat) <= 90.0)
        if not good.all():
            n = int(np.argmin(good))
            place = f"{batch.lon[n]}, {batch.lat[n]}"
            raise ValueError(f"feature {batch.ids[n]}: {place} is no place in degrees")
        known = list(map(self._row_of.get, batch.ids))
        renamed = any(
            row is None or self.labels[row] != label
            for row, label in zip(known, batch.labels, strict=True)
        )
        rows = self._take_rows(batch, known)
        new = self._values(batch)
        differ, born = self._written(rows, new)
        self.attributes.touch(rows[_any(differ, _ASKED)])
        if renamed or any(column.any() for column in differ.values()):
            self.version += 1
            self._note(rows[_any(differ, _CLUSTERED)], rows[differ["code"] | born])
        self._set_rings(batch, rows)
        return rows

    def reserve(self, rows: int) -> None:
        """Make room for so many rows in all, so that nothing is copied while they come."""
        if rows > len(self.lon):
            self._grow(rows)
        self.attributes.reserve(rows)

    def remove(self, ids: Iterable[str]) -> None:
        """Take features out; unknown ids are ignored."""
        rows = [row for i in ids if (row := self._row_of.pop(i, None)) is not None]
        if not rows:
            return
        self.version += 1
        self.removed_at = self.version
        self.flags[rows] = 0
        self._note(np.array(rows, dtype=np.int64), np.array(rows, dtype=np.int64))
        for row in rows:
            self.ids[row] = self.names[row] = self.labels[row] = ""
            self.keys[row] = ()
            if self.rings.pop(row, None) is not None:
                self.shapes_version += 1
        self.attributes.drop(rows)
        self._free.extend(rows)

    def clear(self) -> None:
        """Take everything out; rows start again from zero."""
        self.version += 1
        self.emptied_at = self.removed_at = self.version
        self.shapes_version += 1
        self.attributes.clear()
        self._reset()

    # -- reading --------------------------------------------------------------------
    def row_of(self, feature_id: str) -> int | None:
        """The row of a feature, None when there is none."""
        return self._row_of.get(feature_id)

    def style_of(self, row: int) -> KindStyle:
        """The style of a row's kind; a kind that no pack declares gets a plain circle."""
        kind = self.kinds[self.kind[row]]
        return self.styles.get(kind) or KindStyle(kind=kind)

    def feature(self, feature_id: str) -> Feature | None:
        """The feature as it was put in."""
        row = self._row_of.get(feature_id)
        if row is None:
            return None
        heading, fov = float(self.heading[row]), float(self.fov[row])
        return Feature(
            id=feature_id,
            kind=self.kinds[self.kind[row]],
            name=self.names[row],
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
            severity=Severity(int(self.severity[row])),
            link=Link(int(self.link[row])),
            unacked=bool(self.flags[row] & UNACKED),
            stale=bool(self.flags[row] & STALE),
            heading_deg=None if np.isnan(heading) else heading,
            fov_deg=None if np.isnan(fov) else fov,
            rings=self.rings.get(row),
            label="" if self.labels[row] == self.names[row] else self.labels[row],
            keys=self.keys[row],
            attrs=self.attributes.attrs[row],
            readings=self.attributes.readings[row],
            state=self.attributes.states[row],
            observed_at=self.attributes.observed_at[row],
        )

    def rows(self) -> Rows:
        """Rows in use, ascending."""
        return np.flatnonzero(self.flags[: len(self.ids)] & ALIVE)

    def counts(self) -> dict[str, KindCount]:
        """Counts of every kind, also of those that nothing is of."""
        rows = self.rows()
        kind, n = self.kind[rows], len(self.kinds)
        by_link = np.bincount(kind.astype(np.int64) * 3 + self.link[rows], minlength=n * 3)
        alarmed = np.bincount(kind[self.severity[rows] > Severity.NORMAL], minlength=n)
        severe = np.bincount(kind[self.severity[rows] >= Severity.MAJOR], minlength=n)
        table = by_link.reshape(n, 3) if n else by_link.reshape(0, 3)
        return {
            name: KindCount(
                total=int(table[i].sum()),
                online=int(table[i, Link.ONLINE]),
                offline=int(table[i, Link.OFFLINE]),
                unknown=int(table[i, Link.UNKNOWN]),
                alarmed=int(alarmed[i]),
                severe=int(severe[i]),
            )
            for i, name in enumerate(self.kinds)
        }

    def search(self, text: str, limit: int = 20) -> list[str]:
        """Ids by id, name, pinyin initials or keys, best first; empty for blank text."""
        return Naming(self._index, self.ids, self.names, self.keys).search(text, limit)

    def naming(self) -> Naming:
        """What everything is called now, for a search on another thread."""
        return Naming(self._index, self.ids[:], self.names[:], self.keys[:])

    def columns(self) -> Columns:
        """A frozen copy of everything, for clustering in another thread."""
        n = len(self.ids)
        return Columns(
            version=self.version,
            code=frozen(self.code[:n]),
            severity=frozen(self.severity[:n]),
            kind=frozen(self.kind[:n]),
            flags=frozen(self.flags[:n]),
        )

    def changes(self, since: int) -> Changes | None:
        """What differs from the copy of a version; None if everything should be read again."""
        rows = self._log.since(since)
        if rows is None:
            return None
        return Changes(
            version=self.version,
            rows=rows,
            code=self.code[rows],
            severity=self.severity[rows],
            kind=self.kind[rows],
            flags=self.flags[rows],
        )

    def adopt(self, order: SpatialOrder, version: int) -> None:
        """Use an order that was made elsewhere of a version, if that saves sorting."""
        moved = self._log.moved_since(version)
        if moved is not None:
            self.order.adopt(order, moved)

    # -- rows -----------------------------------------------------------------------
    def _values(self, batch: Batch) -> dict[str, npt.NDArray[Any]]:
        """What a batch puts into the columns, by their names."""
        x, y = mercator.world_xy(batch.lon, batch.lat)
        return {
            "lon": batch.lon,
            "lat": batch.lat,
            "code": mercator.morton(mercator.fixed(x), mercator.fixed(y)),
            "severity": batch.severity,
            "link": batch.link,
            "kind": np.array(self._kinds_of(batch.kinds), np.uint16),
            "flags": batch.flags | np.uint8(ALIVE),
            "heading": batch.heading,
            "fov": batch.fov,
        }

    def _written(
        self, rows: Rows, new: dict[str, npt.NDArray[Any]]
    ) -> tuple[dict[str, npt.NDArray[np.bool_]], npt.NDArray[np.bool_]]:
        """Write columns; which rows each has changed, and which held nothing before."""
        born = self.flags[rows] & ALIVE == 0
        differ: dict[str, npt.NDArray[np.bool_]] = {}
        for name, values in new.items():
            column = getattr(self, name)
            old = column[rows]
            differ[name] = old != values
            if values.dtype.kind == "f":
                differ[name] &= ~(np.isnan(old) & np.isnan(values))
            if differ[name].any():
                column[rows] = values
        return differ, born

    def _take_rows(self, batch: Batch, known: list[int | None]) -> Rows:
        """The rows of a batch, new ones where there are none, with all that is not a number."""
        new = [n for n, row in enumerate(known) if row is None]
        again = new[: len(self._free)]
        for n in again:
            known[n] = row = self._free.pop()
            self._row_of[batch.ids[n]] = row
            self.ids[row] = batch.ids[n]
            self.attributes.bear(row)
        fresh = new[len(again) :]
        first = len(self.ids)
        self._append_rows(batch, fresh)
        for row, n in enumerate(fresh, first):
            known[n] = row
        rows = np.array(known, np.int64)
        if len(fresh) < len(batch):
            self._describe(rows, np.flatnonzero(rows < first).tolist(), batch)
        return rows

    def _append_rows(self, batch: Batch, fresh: list[int]) -> None:
        first = len(self.ids)
        ids, names = [batch.ids[n] for n in fresh], [batch.names[n] for n in fresh]
        self._row_of.update(zip(ids, range(first, first + len(fresh)), strict=True))
        self.ids += ids
        self.names += names
        self.labels += [batch.labels[n] for n in fresh]
        self.keys += [batch.keys[n] for n in fresh]
        self.attributes.extend(
            [batch.attrs[n] for n in fresh],
            [batch.readings[n] for n in fresh],
            [batch.states[n] for n in fresh],
            [batch.observed_at[n] for n in fresh],
        )
        if len(self.ids) > len(self.lon):
            self._grow(max(2 * len(self.lon), len(self.ids)))

    def _describe(self, rows: Rows, again: list[int], batch: Batch) -> None:
        """Texts and facts of rows that were there before; ``again`` are positions in the batch."""
        names, keys, labels = self.names, self.keys, self.labels
        told = rows[again].tolist()
        whole = len(again) == len(batch)
        renamed: list[int] = []
        for row, name, key, label in zip(
            told,
            batch.names if whole else [batch.names[n] for n in again],
            batch.keys if whole else [batch.keys[n] for n in again],
            batch.labels if whole else [batch.labels[n] for n in again],
            strict=True,
        ):
            if names[row] != name or keys[row] != key:
                names[row], keys[row] = name, key
                renamed.append(row)
            labels[row] = label
        self.attributes.touch(renamed)
        self.attributes.put(
            told,
            batch.attrs if whole else [batch.attrs[n] for n in again],
            batch.readings if whole else [batch.readings[n] for n in again],
            batch.states if whole else [batch.states[n] for n in again],
            batch.observed_at if whole else [batch.observed_at[n] for n in again],
        )

    def _grow(self, capacity: int) -> None:
        for name in ("lon", "lat", "code", "severity", "link", "kind", "flags", "heading", "fov"):
            old = getattr(self, name)
            new = np.zeros(capacity, old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def _kinds_of(self, kinds: list[str]) -> list[int]:
        index = self._kind_index
        for kind in set(kinds).difference(index):
            index[kind] = len(self.kinds)
            self.kinds.append(kind)
        return [index[kind] for kind in kinds]

    def _set_rings(self, batch: Batch, rows: Rows) -> None:
        for n, rings in batch.rings.items():
            row = int(rows[n])
            if self.rings.get(row) != rings:
                self.rings[row] = rings
                self.shapes_version += 1
        if len(self.rings) > len(batch.rings):
            for n in np.flatnonzero(np.isin(rows, list(self.rings))).tolist():
                if n not in batch.rings:
                    del self.rings[int(rows[n])]
                    self.shapes_version += 1

    def _note(self, changed: Rows, moved: Rows) -> None:
        self._log.note(self.version, changed, moved)
        if len(moved):
            self.order.moved(moved)


def _any(differ: dict[str, npt.NDArray[np.bool_]], names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which rows of a batch differ in one of some columns."""
    return np.asarray(np.logical_or.reduce([differ[name] for name in names]), dtype=np.bool_)

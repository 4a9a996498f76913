"""Everything that has a mark on the map, in numpy columns with stable rows.

Owned by one thread (the GUI's). Readers take a frozen ``Columns`` copy to other threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from layers.model.mercator import ORIGIN, world_from_lonlat
from services.domain.model import Link, Ring, Severity
from services.packs.model import Kind

UNACKED, STALE = 1, 2
_FIRST_ROWS = 1_024


class Feature(NamedTuple):
    """One mark; degrees, WGS-84. ``rings`` of an area or the run of a line, outer ring first."""

    id: str
    kind: str
    name: str
    lon: float
    lat: float
    severity: Severity = Severity.NORMAL
    link: Link = Link.UNKNOWN
    unacked: bool = False
    stale: bool = False
    heading_deg: float | None = None
    fov_deg: float | None = None
    rings: tuple[Ring, ...] | None = None


class KindCount(NamedTuple):
    """How a kind stands; total = online + offline + unknown."""

    total: int
    online: int
    offline: int
    unknown: int
    alarmed: int


@dataclass(frozen=True, slots=True)
class Columns:
    """A frozen copy of the columns of the rows that are alive; (N,) each, ``x y`` local units."""

    revision: int
    row: npt.NDArray[np.int32]
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    kind: npt.NDArray[np.uint16]
    severity: npt.NDArray[np.uint8]
    link: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]


class FeatureStore:
    """Features by id; a row keeps its number as long as its feature lives.

    ``revision`` rises with every change, ``layout_revision`` when something came, went, moved or
    changed its kind (then the spatial index is old), ``shapes_revision`` when an area did.
    """

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = tuple(kinds)
        self.kind_index = {kind.id: i for i, kind in enumerate(self.kinds)}
        self._is_area = np.array([k.geometry != "point" for k in self.kinds] or [False])
        self.revision = 0
        self.layout_revision = 0
        self.shapes_revision = 0
        self.clear()

    def __len__(self) -> int:
        return len(self._row_of)

    def clear(self) -> None:
        """Forget everything."""
        self._row_of: dict[str, int] = {}
        self._free: list[int] = []
        self._top = 0
        self._features: list[Feature | None] = [None] * _FIRST_ROWS
        self._alive = np.zeros(_FIRST_ROWS, bool)
        self._x = np.zeros(_FIRST_ROWS)
        self._y = np.zeros(_FIRST_ROWS)
        self._kind = np.zeros(_FIRST_ROWS, np.uint16)
        self._severity = np.zeros(_FIRST_ROWS, np.uint8)
        self._link = np.zeros(_FIRST_ROWS, np.uint8)
        self._flags = np.zeros(_FIRST_ROWS, np.uint8)
        self.revision += 1
        self.layout_revision += 1
        self.shapes_revision += 1

    # -- writing --------------------------------------------------------------
    def upsert(self, features: Iterable[Feature]) -> None:
        """Put features in or over their older selves; unknown kinds are left out."""
        touched = False
        for feature in features:
            kind = self.kind_index.get(feature.kind)
            if kind is None:
                continue
            touched = True
            row = self._row_of.get(feature.id)
            old = self._features[row] if row is not None else None
            if row is None:
                row = self._new_row(feature.id)
            if old is None or self._laid_out_anew(old, feature):
                self._place(row, kind, feature)
            if self._is_area[kind] and (old is None or old.rings != feature.rings):
                self.shapes_revision += 1
            self._features[row] = feature
            self._severity[row] = feature.severity
            self._link[row] = feature.link
            self._flags[row] = UNACKED * feature.unacked | STALE * feature.stale
        if touched:
            self.revision += 1

    def remove(self, ids: Iterable[str]) -> None:
        """Take features out; unknown ids are ignored."""
        for feature_id in ids:
            row = self._row_of.pop(feature_id, None)
            if row is None:
                continue
            if self._is_area[self._kind[row]]:
                self.shapes_revision += 1
            self._alive[row] = False
            self._features[row] = None
            self._free.append(row)
            self.revision += 1
            self.layout_revision += 1

    # -- reading --------------------------------------------------------------
    def get(self, feature_id: str) -> Feature | None:
        """One feature by id."""
        row = self._row_of.get(feature_id)
        return None if row is None else self._features[row]

    def at(self, row: int) -> Feature | None:
        """The feature of a row; None once it is gone."""
        return self._features[row] if 0 <= row < self._top else None

    def row_of(self, feature_id: str) -> int:
        """The row of an id, -1 where there is none."""
        return self._row_of.get(feature_id, -1)

    def columns(self) -> Columns:
        """A frozen copy for readers, of any thread."""
        row = np.flatnonzero(self._alive[: self._top]).astype(np.int32)
        return Columns(
            revision=self.layout_revision,
            row=row,
            x=self._x[row],
            y=self._y[row],
            kind=self._kind[row],
            severity=self._severity[row],
            link=self._link[row],
            flags=self._flags[row],
        )

    def look(self, rows: npt.NDArray[np.int32]) -> tuple[npt.NDArray[Any], ...]:
        """Kind, severity, link and flags of rows as they are now."""
        return self._kind[rows], self._severity[rows], self._link[rows], self._flags[rows]

    def areas(self) -> list[Feature]:
        """Features of area and line kinds."""
        rows = np.flatnonzero(self._alive[: self._top])
        rows = rows[self._is_area[self._kind[rows]]]
        return [f for r in rows if (f := self._features[r]) is not None]

    def counts(self) -> dict[str, KindCount]:
        """How every kind stands, kinds without features included."""
        rows = np.flatnonzero(self._alive[: self._top])
        kind, n = self._kind[rows], len(self.kinds)
        total = np.bincount(kind, minlength=n)
        online = np.bincount(kind[self._link[rows] == Link.ONLINE], minlength=n)
        offline = np.bincount(kind[self._link[rows] == Link.OFFLINE], minlength=n)
        alarmed = np.bincount(kind[self._severity[rows] > Severity.NORMAL], minlength=n)
        return {
            k.id: KindCount(
                int(total[i]),
                int(online[i]),
                int(offline[i]),
                int(total[i] - online[i] - offline[i]),
                int(alarmed[i]),
            )
            for i, k in enumerate(self.kinds)
        }

    def features(self) -> Iterable[Feature]:
        """All features, in no order."""
        return (f for f in self._features[: self._top] if f is not None)

    # -- rows -----------------------------------------------------------------
    def _new_row(self, feature_id: str) -> int:
        if self._free:
            row = self._free.pop()
        else:
            row = self._top
            self._top += 1
            if row >= len(self._alive):
                self._grow()
        self._row_of[feature_id] = row
        self._alive[row] = True
        return row

    def _grow(self) -> None:
        size = len(self._alive) * 2
        self._features.extend([None] * (size - len(self._features)))
        for name in ("_alive", "_x", "_y", "_kind", "_severity", "_link", "_flags"):
            old = getattr(self, name)
            new = np.zeros(size, old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)

    def _place(self, row: int, kind: int, feature: Feature) -> None:
        x, y = world_from_lonlat(feature.lon, feature.lat)
        self._x[row], self._y[row] = x - ORIGIN[0], y - ORIGIN[1]
        self._kind[row] = kind
        self.layout_revision += 1

    @staticmethod
    def _laid_out_anew(old: Feature, new: Feature) -> bool:
        return (old.lon, old.lat, old.kind) != (new.lon, new.lat, new.kind)

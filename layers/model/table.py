"""Which rows a table shows and in what order. Pure; any thread, with what was frozen for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.model.attributes import Rows
from layers.model.collate import order_of
from layers.model.expression import Expression
from layers.model.features import ALIVE, FeatureStore
from layers.model.fields import FieldTable
from layers.model.work import Work


@dataclass(frozen=True, slots=True)
class Order:
    """By which field, and whether the largest comes first."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table is to show of the rows it is given. ``layer`` is the filter of the layer itself,
    ``filter`` the one of the person who reads."""

    layer: Expression | None = None
    filter: Expression | None = None
    order: Order | None = None

    @property
    def names(self) -> frozenset[str]:
        """Fields that the answer depends on."""
        filters = (self.layer, self.filter)
        found = frozenset[str]().union(*(f.names for f in filters if f is not None))
        return found if self.order is None else found | {self.order.name}

    @property
    def by_time(self) -> bool:
        """Whether the answer changes by itself."""
        filters = (self.layer, self.filter)
        by_age = self.order is not None and self.order.name == "age_s"
        return by_age or any(f is not None and f.by_time for f in filters)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Rows of the store from top to bottom; ``total`` are those of the layer without the filter of
    who reads. ``version``: of the store's attributes, as they were read."""

    rows: Rows
    total: int
    version: int


def rows_of_kinds(store: FeatureStore, kinds: frozenset[str]) -> Rows:
    """Rows of some kinds, ascending. The store's thread."""
    wanted = np.array([kind in kinds for kind in store.kinds], np.bool_)
    count = len(store.ids)
    return np.flatnonzero((store.flags[:count] & ALIVE > 0) & wanted[store.kind[:count]])


def work_of(count: int, asked: Asked) -> Work:
    """The work of arranging so many rows: each field is read, an order takes as long again."""
    return Work(count * (len(asked.names) + (asked.order is not None)))


def arrange(table: FieldTable, asked: Asked) -> Arranged:
    """Filter and sort. Equal rows stay in the order of the store. StoppedError where the table's
    work was stopped."""
    kept = np.ones(table.count, np.bool_)
    if asked.layer is not None:
        kept = asked.layer.mask(table)
    total = int(kept.sum())
    if asked.filter is not None:
        kept = kept & asked.filter.mask(table)
    places = np.flatnonzero(kept)
    if asked.order is not None:
        column = table.column(asked.order.name).take(places)
        descending = asked.order.descending
        places = places[order_of(column, len(places), descending=descending, work=table.work)]
    return Arranged(table.rows[places], total, table.version)


def still_there(
    store: FeatureStore, arranged: Arranged, kinds: frozenset[str]
) -> tuple[Rows, bool]:
    """The arranged rows without those whose feature has gone, and whether there is any change that
    asks for arranging anew. The store's thread."""
    attributes = store.attributes
    if attributes.cleared_at > arranged.version:
        return arranged.rows[:0], True
    if attributes.version == arranged.version:
        return arranged.rows, False
    rows = arranged.rows
    wanted = np.array([kind in kinds for kind in store.kinds], np.bool_)
    there = (store.flags[rows] & ALIVE > 0) & wanted[store.kind[rows]]
    there &= attributes.born[rows] <= arranged.version
    return (rows if there.all() else rows[there]), True


def box_of(store: FeatureStore, rows: Rows) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees of some rows, areas and lines whole. The store's thread;
    there is at least one row."""
    lon, lat = [store.lon[rows]], [store.lat[rows]]
    wanted = np.zeros(len(store.ids), np.bool_)
    wanted[rows] = True
    for row, rings in store.rings.items():
        for ring in rings if wanted[row] else ():
            points = np.array(ring, dtype=np.float64)
            lon.append(points[:, 0])
            lat.append(points[:, 1])
    x, y = np.concatenate(lon), np.concatenate(lat)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())

"""Which features lie where: the one way to ask a store by place, whatever its size.

Every function answers for the store as it is at this moment, also right after a change, and runs in
the store's thread. Rows are numbers of living features, ascending unless said otherwise. ``mask``
has one entry per row and leaves out the rows where it is False; rows beyond its end count as True.
Places are degrees, borders belong to a region, ValueError for what is no place or no region.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from layers.model import globe, mercator
from layers.model.columns import ALIVE
from layers.model.cover import CELLS, Boxes, Cover, Inner, Rect
from layers.model.features import FeatureStore
from layers.model.order import LiveOrder, Rows
from services.domain import nearness
from services.domain.geodesy import distances_m

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Exact = Callable[[Floats, Floats], Mask]
_DIRECT = 20_000
"""So many features are gone through at once faster than they are looked for."""
_PICK_CELLS = 16


def kind_mask(store: FeatureStore, kinds: frozenset[str]) -> Mask:
    """The rows of some kinds."""
    wanted = np.array([kind in kinds for kind in store.kinds], np.bool_)
    count = len(store.ids)
    return wanted[store.kind[:count]] if len(wanted) else np.zeros(count, np.bool_)


def rows_in_rect(
    store: FeatureStore,
    west: float,
    south: float,
    east: float,
    north: float,
    mask: Mask | None = None,
) -> Rows:
    """Rows in a box of degrees; with ``west`` above ``east`` it crosses the date line."""
    _check(west, south, east, north)
    wraps = west > east
    if south > north or (not wraps and (west > 180.0 or east < -180.0)):
        return np.zeros(0, np.int64)
    west, east = max(west, -180.0), min(east, 180.0)
    rects = globe.world_rects(west, south, east + 360.0 if wraps else east, north)

    def inner(boxes: Boxes) -> Mask:
        inside = np.zeros(len(boxes.west), np.bool_)
        for w, n, e, s in rects:
            inside |= (
                (boxes.west >= w) & (boxes.east <= e) & (boxes.north >= n) & (boxes.south <= s)
            )
        return inside

    def exact(lon: Floats, lat: Floats) -> Mask:
        across = (lon >= west) | (lon <= east) if wraps else (lon >= west) & (lon <= east)
        return across & (lat >= south) & (lat <= north)

    return _rows(store, rects, inner, exact, mask)


def rows_in_polygon(store: FeatureStore, area: shapely.Geometry, mask: Mask | None = None) -> Rows:
    """Rows inside or on the border of a shapely area in degrees; none for an empty one."""
    if area.is_empty:
        return np.zeros(0, np.int64)
    west, south, east, north = area.bounds
    _check(west, south, east, north)
    west, east = max(west, -180.0), min(east, 180.0)
    if west > east:
        return np.zeros(0, np.int64)
    shapely.prepare(area)

    def inner(boxes: Boxes) -> Mask:
        whole = boxes.whole()
        w, n = mercator.lonlat(np.where(whole, boxes.west, 0), np.where(whole, boxes.north, 0))
        e, s = mercator.lonlat(np.where(whole, boxes.east, 0), np.where(whole, boxes.south, 0))
        covered: Mask = shapely.contains_properly(area, shapely.box(w, s, e, n))
        return whole & covered

    def exact(lon: Floats, lat: Floats) -> Mask:
        hit: Mask = shapely.intersects_xy(area, lon, lat)
        return hit

    return _rows(store, globe.world_rects(west, south, east, north), inner, exact, mask)


def rows_in_radius(
    store: FeatureStore, lon: float, lat: float, radius_m: float, mask: Mask | None = None
) -> Rows:
    """Rows within geodesic metres of a place; ``metres_to`` tells how far each is."""
    _check(lon, lat, lon, lat)
    if not radius_m >= 0:
        raise ValueError(f"no radius: {radius_m}")
    rects = globe.disc_rects(lon, lat, min(radius_m, 2.1e7))

    def inner(boxes: Boxes) -> Mask:
        return globe.in_disc(lon, lat, radius_m, boxes)

    def exact(lons: Floats, lats: Floats) -> Mask:
        return nearness.within(lon, lat, radius_m, lons, lats)

    return _rows(store, rects, inner, exact, mask)


def nearest(
    store: FeatureStore, lon: float, lat: float, k: int, mask: Mask | None = None
) -> tuple[Rows, Floats]:
    """The ``k`` nearest rows, nearest first, and their geodesic metres; all if there are fewer."""
    _check(lon, lat, lon, lat)
    if k < 1 or not len(store):
        return np.zeros(0, np.int64), np.zeros(0)
    mask = _whole(store, mask)
    if len(store) <= _DIRECT:
        pool = store.rows()
        pool = pool if mask is None else pool[mask[pool]]
    elif mask is not None and np.count_nonzero(mask) <= _DIRECT:
        pool = _living(store, np.flatnonzero(mask[: len(store.ids)]))
    else:
        pool = _some_near(store, lon, lat, k, mask)
        if len(pool) >= k:
            chord = nearness.chords_m(lon, lat, store.lon[pool], store.lat[pool])
            reach = nearness.longest_m(float(np.partition(chord, k - 1)[k - 1]))
            rects = globe.disc_rects(lon, lat, min(reach, 2.1e7) + 1e-3)
            pool = _rows(store, rects, None, None, mask)
    number, metres = nearness.nearest(lon, lat, k, store.lon[pool], store.lat[pool])
    return pool[number], metres


def pick(
    store: FeatureStore, x: float, y: float, reach: float, mask: Mask | None = None
) -> int | None:
    """The row nearest to a point of the map within ``reach``, all in world coordinates."""
    _check(x, y, reach, reach)
    rect = (x - reach, y - reach, x + reach, y + reach)
    rows = _rows(store, [rect], None, None, mask, cells=_PICK_CELLS)
    if not len(rows):
        return None
    ix, iy = mercator.unmorton(store.code[rows])
    gap = np.hypot((ix + 0.5) / mercator.FIXED - x, (iy + 0.5) / mercator.FIXED - y)
    best = int(np.argmin(gap))
    return int(rows[best]) if gap[best] <= reach else None


def metres_to(store: FeatureStore, rows: Rows, lon: float, lat: float) -> Floats:
    """Geodesic metres of rows from a place."""
    return distances_m(lon, lat, store.lon[rows], store.lat[rows])


# -- inside --------------------------------------------------------------------------
def _rows(
    store: FeatureStore,
    rects: Sequence[Rect],
    inner: Inner | None,
    exact: Exact | None,
    mask: Mask | None,
    cells: int = CELLS,
) -> Rows:
    """Living rows of the rects; with ``exact`` only those whose place passes it."""
    live = _live(store)
    cover = Cover.of(rects, inner, cells)
    sure, maybe = (
        np.concatenate([live.settled(old), new])
        for old, new in zip(cover.rows(live.base), cover.rows(live.recent), strict=True)
    )
    mask = _whole(store, mask)
    if mask is not None:
        sure, maybe = sure[mask[sure]], maybe[mask[maybe]]
    if exact is not None:
        maybe = maybe[exact(store.lon[maybe], store.lat[maybe])]
    return np.sort(np.concatenate([sure, maybe]))


def _some_near(store: FeatureStore, lon: float, lat: float, k: int, mask: Mask | None) -> Rows:
    """At least ``k`` rows that are near in Morton order, or all there are."""
    live = _live(store)
    x, y = mercator.world_xy(lon, lat)
    code = mercator.morton(mercator.fixed(x), mercator.fixed(y))
    old_at = int(np.searchsorted(live.base.codes, code))
    new_at = int(np.searchsorted(live.recent.codes, code))
    span = k
    while True:
        old = live.base.rows[max(0, old_at - span) : old_at + span]
        new = live.recent.rows[max(0, new_at - span) : new_at + span]
        near = np.concatenate([live.settled(old), new])
        if mask is not None:
            near = near[mask[near]]
        if len(near) >= k or span > len(store.ids):
            return near
        span *= 4


def _live(store: FeatureStore) -> LiveOrder:
    count = len(store.ids)
    store.order.take_in(store.code[:count], store.flags[:count])
    return store.order


def _living(store: FeatureStore, rows: Rows) -> Rows:
    return rows[store.flags[rows] & ALIVE > 0]


def _whole(store: FeatureStore, mask: Mask | None) -> Mask | None:
    """The mask with an entry for every row."""
    missing = 0 if mask is None else len(store.ids) - len(mask)
    return mask if mask is None or missing <= 0 else np.append(mask, np.ones(missing, np.bool_))


def _check(*numbers: float) -> None:
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"no place: {numbers}")

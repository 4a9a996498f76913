"""``onemap bench spatial``: asking a store by place (P5) beside other ways in the same run.

The peers hold the same points: shapely's STRtree, built before it is measured, and a plain numpy
scan over two columns. Each figure is the 95th percentile over many places, the best of three tries
at each, so that what else the machine does counts less. No Qt; a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from app.bench.points import batch, lonlat, store_of
from app.bench.rows import Row, percentile
from layers.model import mercator, query
from layers.model.features import FeatureStore
from services.domain.geodesy import distances_m

SIZES = (10_000, 48_000, 500_000, 1_000_000)
TREE, SCAN = "shapely STRtree", "numpy scan"
LIMITS_MS = {"click": 0.2, "rectangle": 2.0, "radius": 2.0, "nearest": 1.0, "polygon": None}
TIMES, PEER_TIMES, TRIES = 200, 20, 3
K, SHARE, MOVES = 100, 0.01, 100
REACH_PX, ZOOM = 6.0, 15.0
Floats = npt.NDArray[np.float64]
Question = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where is asked; ``half`` and ``radius_m`` hold about one feature in a hundred each."""

    lon: Floats
    lat: Floats
    half: Floats
    radius_m: Floats
    areas: list[shapely.Polygon]


def rows() -> list[Row]:
    """Measure every question at every size."""
    return [row for size in SIZES for row in _size(size)]


def _size(size: int) -> Iterator[Row]:
    store, (lon, lat) = store_of(size), lonlat(size)
    places = _places(lon, lat)
    ours = _ours(store, places)
    query.rows_in_rect(store, -180, -90, 180, 90)  # sorts, as the first question ever does
    tree, scan = _tree(lon, lat, places), _scan(lon, lat, places)
    for name, ask in ours.items():
        value = _p95(ask, TIMES)
        for peer, questions in ((TREE, tree), (SCAN, scan)):
            if name in questions:
                yield _row(name, size, value, peer, _p95(questions[name], PEER_TIMES))
    yield _after_moves(store, places)


def _row(name: str, size: int, value: float, peer: str, peer_value: float) -> Row:
    limit = LIMITS_MS[name]
    judged = size == SIZES[-1] and limit is not None
    return Row(
        figure="P5",
        name=WORDS[name],
        size=size,
        value=round(value, 3),
        unit="ms",
        peer=peer,
        peer_value=round(peer_value, 3),
        target=f"≤ {limit:g} ms" if judged else "",
        ok=value <= limit if judged and limit is not None else None,
    )


WORDS = {
    "click": "feature under a click",
    "rectangle": "rectangle with 1 % of the features",
    "radius": "geodesic radius with 1 % of the features",
    "polygon": "30-sided area with 1 % of the features",
    "nearest": f"{K} nearest, geodesic",
}


def _after_moves(store: FeatureStore, places: _Places) -> Row:
    """A rectangle right after moves that no index has seen; the tree has to be built anew."""
    random = np.random.default_rng(5)
    size, ask = len(store), _ours(store, places)["rectangle"]
    samples = []
    for n in range(TIMES):
        rows = np.unique(random.integers(0, size, MOVES))
        lon = store.lon[rows] + random.normal(0.0, 1e-4, len(rows))
        store.put(batch(rows.tolist(), lon, store.lat[rows], store.severity[rows]))
        samples.append(_once(ask, n))
    started = time.perf_counter()
    _tree(store.lon[:size], store.lat[:size], places)["rectangle"](0)
    anew = (time.perf_counter() - started) * 1e3
    return Row(
        figure="P5",
        name=f"rectangle right after {MOVES} moves",
        size=size,
        value=round(percentile(samples, 95), 3),
        unit="ms",
        peer=f"{TREE}, built anew",
        peer_value=round(anew, 1),
    )


# -- the same questions, three ways -------------------------------------------------
def _ours(store: FeatureStore, at: _Places) -> dict[str, Question]:
    x, y = mercator.world_xy(at.lon, at.lat)
    reach = REACH_PX / mercator.world_px(ZOOM)
    return {
        "click": lambda n: query.pick(store, float(x[n]), float(y[n]), reach),
        "rectangle": lambda n: query.rows_in_rect(
            store,
            at.lon[n] - at.half[n],
            at.lat[n] - at.half[n],
            at.lon[n] + at.half[n],
            at.lat[n] + at.half[n],
        ),
        "radius": lambda n: query.rows_in_radius(store, at.lon[n], at.lat[n], at.radius_m[n]),
        "polygon": lambda n: query.rows_in_polygon(store, at.areas[n]),
        "nearest": lambda n: query.nearest(store, at.lon[n], at.lat[n], K),
    }


def _tree(lon: Floats, lat: Floats, at: _Places) -> dict[str, Question]:
    """It has no metres and no k nearest: it answers what it can, in degrees."""
    tree = shapely.STRtree(shapely.points(lon, lat))
    here = shapely.points(at.lon, at.lat)
    reach = REACH_PX / mercator.world_px(ZOOM) * 360
    boxes = shapely.box(at.lon - at.half, at.lat - at.half, at.lon + at.half, at.lat + at.half)
    return {
        "click": lambda n: tree.query_nearest(here[n], max_distance=reach),
        "rectangle": lambda n: tree.query(boxes[n]),
        "polygon": lambda n: tree.query(at.areas[n], predicate="intersects"),
    }


def _scan(lon: Floats, lat: Floats, at: _Places) -> dict[str, Question]:
    reach = REACH_PX / mercator.world_px(ZOOM) * 360

    def click(n: int) -> object:
        gap = np.hypot(lon - at.lon[n], lat - at.lat[n])
        best = int(np.argmin(gap))
        return best if gap[best] <= reach else None

    def rectangle(n: int) -> object:
        across = np.abs(lon - at.lon[n]) <= at.half[n]
        return np.flatnonzero(across & (np.abs(lat - at.lat[n]) <= at.half[n]))

    def radius(n: int) -> object:
        return np.flatnonzero(distances_m(at.lon[n], at.lat[n], lon, lat) <= at.radius_m[n])

    def nearest(n: int) -> object:
        metres = distances_m(at.lon[n], at.lat[n], lon, lat)
        found = np.argpartition(metres, K)[:K]
        return found[np.argsort(metres[found])]

    def polygon(n: int) -> object:
        return np.flatnonzero(shapely.intersects_xy(at.areas[n], lon, lat))

    return {
        "click": click,
        "rectangle": rectangle,
        "radius": radius,
        "nearest": nearest,
        "polygon": polygon,
    }


# -- places ------------------------------------------------------------------------
def _places(lon: Floats, lat: Floats) -> _Places:
    """Places drawn from the features, so that most are where most is."""
    chosen = np.random.default_rng(3).integers(0, len(lon), TIMES)
    count = max(K, int(SHARE * len(lon)))
    at_lon, at_lat = lon[chosen] + 1e-5, lat[chosen] + 1e-5
    half, radius_m = np.zeros(TIMES), np.zeros(TIMES)
    areas = []
    turns = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    for n in range(TIMES):
        gap = np.maximum(np.abs(lon - at_lon[n]), np.abs(lat - at_lat[n]))
        half[n] = np.partition(gap, count)[count]
        edge = at_lat[n] + half[n]
        radius_m[n] = float(distances_m(at_lon[n], at_lat[n], [at_lon[n]], [edge])[0])
        ring = np.column_stack([np.cos(turns), np.sin(turns)]) * half[n] * 1.13
        areas.append(shapely.Polygon(ring + np.array([at_lon[n], at_lat[n]])))
    return _Places(at_lon, at_lat, half, radius_m, areas)


def _p95(ask: Question, times: int) -> float:
    return percentile([min(_once(ask, n) for _ in range(TRIES)) for n in range(times)], 95)


def _once(ask: Question, n: int) -> float:
    started = time.perf_counter()
    ask(n)
    return (time.perf_counter() - started) * 1e3

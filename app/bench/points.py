"""The features that benchmarks of the map measure with: the same for every run. No Qt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from layers.model.attributes import NO_READINGS, NOTHING
from layers.model.features import Batch, FeatureStore
from services.domain.model import Link
from services.packs.loader import default_directory, load

CHUNK = 50_000
Floats = npt.NDArray[np.float64]


def lonlat(size: int) -> tuple[Floats, Floats]:
    """As a city lies along its river: dense in the middle."""
    random = np.random.default_rng(630102)
    return random.normal(101.82, 0.02, size), random.normal(36.60, 0.014, size)


def severities(size: int) -> npt.NDArray[np.uint8]:
    """Two in a thousand are in alarm."""
    shares = [0.998, 0.0005, 0.0005, 0.0005, 0.0005]
    return np.random.default_rng(1).choice(5, size, p=shares).astype(np.uint8)


def store_of(size: int, *, mixed: bool = False) -> FeatureStore:
    """So many cameras at those places; ``mixed``: all kinds in turn that are marks from afar."""
    every = tuple(load(default_directory()).kinds.values())
    store = FeatureStore(every)
    (lon, lat), severity = lonlat(size), severities(size)
    kinds = [k.id for k in every if k.geometry == "point" and not k.min_zoom]
    for first in range(0, size, CHUNK):
        last = min(size, first + CHUNK)
        made = batch(range(first, last), lon[first:last], lat[first:last], severity[first:last])
        if mixed:
            made = replace(made, kinds=[kinds[i % len(kinds)] for i in range(first, last)])
        store.put(made)
    return store


def batch(
    numbers: range | list[int], lon: Floats, lat: Floats, severity: npt.NDArray[np.uint8]
) -> Batch:
    """Cameras by number, without names: one entry each in every column."""
    n = len(numbers)
    return Batch(
        ids=[f"p{number}" for number in numbers],
        kinds=["camera"] * n,
        names=[""] * n,
        lon=lon,
        lat=lat,
        severity=severity,
        link=np.full(n, Link.ONLINE, np.uint8),
        flags=np.zeros(n, np.uint8),
        heading=np.full(n, np.nan, np.float32),
        fov=np.full(n, np.nan, np.float32),
        labels=[""] * n,
        keys=[()] * n,
        attrs=[NOTHING] * n,
        readings=[NO_READINGS] * n,
        states=[""] * n,
        observed_at=[None] * n,
        rings={},
    )

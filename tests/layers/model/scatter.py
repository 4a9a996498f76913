"""Random features for the map's tests, as hypothesis strategies and as columns."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from layers.model.cluster_index import ClusterIndex, Masks, build_index
from layers.model.features import Feature, FeatureStore
from layers.model.order import SpatialOrder
from services.domain.model import Link, Severity

KINDS = ("camera", "team", "grid")
_lon = st.floats(101.70, 101.95, allow_nan=False)
_lat = st.floats(36.50, 36.70, allow_nan=False)
_spot = st.sampled_from([(101.80, 36.60), (101.80001, 36.60001), (101.81, 36.60)])
places = st.one_of(st.tuples(_lon, _lat), _spot)
features = st.lists(
    st.tuples(places, st.sampled_from(KINDS), st.sampled_from(list(Severity)), st.booleans()),
    max_size=120,
)


def store_of(rows: list[tuple[tuple[float, float], str, Severity, bool]]) -> FeatureStore:
    store = FeatureStore()
    store.upsert(
        Feature(
            id=f"f{i}",
            kind=kind,
            name=f"thing {i}",
            lon=lon,
            lat=lat,
            severity=severity,
            link=Link.ONLINE,
            unacked=unacked,
        )
        for i, ((lon, lat), kind, severity, unacked) in enumerate(rows)
    )
    return store


def index_of(
    store: FeatureStore,
    prominent: frozenset[str] = frozenset({"team"}),
    wanted: np.ndarray | None = None,
) -> ClusterIndex:
    columns = store.columns()
    every = np.ones(len(store.kinds), np.bool_)
    apart = np.array([kind in prominent for kind in store.kinds], np.bool_)
    return build_index(columns, SpatialOrder.of(columns), Masks(every, every, apart, wanted))

"""Dispatch and the map ask the same functions who is near, and get the same answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.model import query
from layers.model.features import Feature, FeatureStore
from services.dispatch.proposal import candidates, propose
from services.domain import nearness
from services.domain.model import Entity
from tests.services.small_city import CENTRE, City, team

_offset = st.sampled_from([0.0, 0.004, 0.01]) | st.floats(-0.05, 0.05)
offsets = st.lists(st.tuples(_offset, _offset), max_size=40)


def a_city(places: list[tuple[float, float]]) -> tuple[City, FeatureStore]:
    """Teams at offsets in degrees from the centre, in a city and on a map."""
    city, store = City(), FeatureStore()
    lon, lat = CENTRE
    teams = [
        Entity(id=f"team:{i:03}", kind="team", name=f"{i}", lon=lon + east, lat=lat + north)
        for i, (east, north) in enumerate(places)
    ]
    city.add(*teams)
    store.upsert(Feature(t.id, t.kind, t.name, t.lon or 0.0, t.lat or 0.0) for t in teams)
    return city, store


@settings(max_examples=40, deadline=None)
@given(offsets, st.floats(100.0, 6_000.0))
def test_dispatch_finds_whom_the_map_finds(
    places: list[tuple[float, float]], radius_m: float
) -> None:
    city, store = a_city(places)
    rows, metres = query.nearest(store, *CENTRE, len(places))
    found = candidates(city.world, city.catalogue, *CENTRE)
    assert [(e.id, far) for e, far in found.teams] == [
        (store.ids[row], far) for row, far in zip(rows.tolist(), metres.tolist(), strict=True)
    ]
    proposed = propose(city.world, city.catalogue, *CENTRE, radius_m, None).teams
    around = query.rows_in_radius(store, *CENTRE, radius_m)
    assert {pick.entity.id for pick in proposed} == {store.ids[row] for row in around}


def test_it_is_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    city, store = a_city([(0.01, 0.0), (0.02, 0.0)])

    def turned(_lon: float, _lat: float, k: int, lons: np.ndarray, _lats: np.ndarray):
        return np.arange(len(lons))[::-1][:k], np.zeros(min(k, len(lons)))

    monkeypatch.setattr(nearness, "nearest", turned)
    rows, _ = query.nearest(store, *CENTRE, 2)
    found = candidates(city.world, city.catalogue, *CENTRE)
    assert [store.ids[row] for row in rows] == ["team:001", "team:000"]
    assert [e.id for e, _ in found.teams] == ["team:001", "team:000"]


def test_of_equally_near_teams_the_first_by_id_comes_first() -> None:
    city = City()
    city.add(team("b", 0.01), team("c", 0.01), team("a", 0.01))
    found = candidates(city.world, city.catalogue, *CENTRE)
    ids = [entity.id for entity, _ in found.teams]
    assert ids == sorted(ids)

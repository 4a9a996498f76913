from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.model.blocks import RUN, Blocks
from layers.model.cluster import ClusterRequest, cluster
from tests.layers.model.scatter import features, index_of, store_of


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 3 * RUN),
    st.integers(0, 2**32 - 1),
    st.tuples(st.floats(-20, 120), st.floats(-20, 120)),
    st.floats(0, 60),
)
def test_what_is_inside_is_what_comparing_all_finds(
    count: int, seed: int, at: tuple[float, float], reach: float
) -> None:
    places = np.random.default_rng(seed).integers(0, 100, (count, 2)).astype(np.float32)
    low, high = np.array(at) - reach, np.array(at) + reach
    wanted = ((places >= low) & (places <= high)).all(axis=1)
    assert Blocks.of(places).inside(low, high).tolist() == np.flatnonzero(wanted).tolist()


def test_a_border_belongs_to_it() -> None:
    blocks = Blocks.of(np.array([[1, 1], [3, 3], [4, 3]], np.float32))
    assert blocks.inside(np.array([1.0, 1.0]), np.array([3.0, 3.0])).tolist() == [0, 1]


def test_runs_far_away_are_not_read() -> None:
    along = np.arange(40 * RUN, dtype=np.float32)
    blocks = Blocks.of(np.stack([along, along], axis=1))
    blocks.places[5 * RUN :] = 10.0  # would be found if it were looked at
    found = blocks.inside(np.array([9.0, 9.0]), np.array([11.0, 11.0]))
    assert found.tolist() == [9, 10, 11]


@pytest.mark.parametrize("clustered", [True, False])
@settings(max_examples=20, deadline=None)
@given(features)
def test_a_response_can_be_looked_up_by_place(clustered: bool, rows: list) -> None:
    request = ClusterRequest(15.4, (0.0, 0.0, 1.0, 1.0), (0.78, 0.39), cluster=clustered)
    response = cluster(index_of(store_of(rows)), request)
    turned = replace(response, xy=response.xy[::-1])  # as layers put marks in their own order
    for each in (response, turned):
        for mark, place in enumerate(each.xy.astype(np.float64)):
            assert mark in each.blocks.inside(place, place)


def test_what_has_no_place_hides_none_of_its_neighbours() -> None:
    places = np.array([[np.nan, np.nan], [3, 3], [np.nan, 3]], np.float32)
    assert Blocks.of(places).inside(np.array([2.0, 2.0]), np.array([4.0, 4.0])).tolist() == [1]

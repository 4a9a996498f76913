"""Chosen features are counted for the mark that stands for them, whatever it clusters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model.chosen import Chosen
from layers.model.cluster import ClusterRequest, cluster
from tests.layers.model.scatter import features, index_of, store_of

WORLD = (0.0, 0.0, 1.0, 1.0)


@given(
    features,
    st.sets(st.integers(0, 119)),
    st.sampled_from([9.0, 14.0, 17.0]),
    st.booleans(),
    st.booleans(),
)
def test_counts_are_those_of_what_a_mark_stands_for_or_hides(
    rows: list, chosen: set[int], zoom: float, clustered: bool, crowded: bool
) -> None:
    index = index_of(store_of(rows))
    with pytest.MonkeyPatch.context() as patch:
        if crowded:
            patch.setattr("layers.model.cluster.CROWD", 0)
        response = cluster(index, ClusterRequest(zoom, WORLD, (0.78, 0.39), cluster=clustered))
    counter = Chosen()
    for some in (chosen, chosen, set(), set(list(chosen)[:1])):
        counter.choose(some)
        counts = counter.per_mark(response)
        assert counts.tolist() == [
            np.isin(response.under(mark), list(some)).sum() for mark in range(len(response.count))
        ]

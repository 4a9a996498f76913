"""Nearest stretches for many places at once, against shapely one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roads.nearest import SegmentIndex

NUMBER = st.floats(-900.0, 900.0).map(lambda metres: round(metres, 6))
"""Shapely's distance is not a number where a line is shorter than what squares can hold."""
LINE = st.lists(st.tuples(NUMBER, NUMBER), min_size=2, max_size=5)


@settings(deadline=None)
@given(
    st.lists(LINE, min_size=1, max_size=8),
    st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=20),
    st.sampled_from([1.0, 4.0]),
)
def test_the_nearest_is_as_near_as_shapely_finds_it(
    lines: list[list[tuple[float, float]]], places: list[tuple[float, float]], coarser: float
) -> None:
    shapes = shapely.linestrings([p for line in lines for p in line], indices=_runs(lines))
    course, run = shapely.get_coordinates(shapes, return_index=True)
    index = SegmentIndex(course, run, np.arange(len(lines)), coarser)
    xy = np.array(places)
    near = index.nearest(xy)
    metres = shapely.distance(shapely.points(xy)[:, None], shapes[None, :])
    within = np.flatnonzero(metres.min(axis=1) < index.cell_m - 1e-6)
    assert set(within) <= set(near.place.tolist())
    for place, edge, share, distance in zip(
        near.place, near.edge, near.share, near.metres, strict=True
    ):
        assert distance == pytest.approx(metres[place].min(), abs=1e-6)
        if shapes[edge].length > 0:
            foot = shapely.line_interpolate_point(shapes[edge], share, normalized=True)
            assert shapely.Point(xy[place]).distance(foot) == pytest.approx(distance, abs=1e-3)


def test_of_two_as_near_the_lower_is_taken() -> None:
    course = np.array([[0.0, 0.0], [100.0, 0.0]] * 3)
    run = np.repeat(np.arange(3), 2)
    index = SegmentIndex(course, run, np.array([7, 4, 9]))
    near = index.nearest(np.array([[50.0, 10.0], [5_000.0, 0.0]]))
    assert near.place.tolist() == [0]
    assert near.edge.tolist() == [4]
    assert near.share.tolist() == [0.5]


def _runs(lines: list[list[tuple[float, float]]]) -> list[int]:
    return [i for i, line in enumerate(lines) for _ in line]

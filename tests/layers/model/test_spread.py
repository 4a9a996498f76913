"""Markers beside counts: free spots, near, the same each time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.model.spread import RINGS, spread

R = 10.0


def test_alone_it_stands_at_its_place() -> None:
    assert spread(np.array([[5.0, 7.0]]), R, np.zeros((0, 3))).tolist() == [[0.0, 0.0]]


def test_over_a_badge_it_moves_up_until_both_are_seen() -> None:
    ((x, y),) = spread(np.array([[100.0, 100.0]]), R, np.array([[100.0, 100.0, 20.0]]))
    assert abs(x) < 1e-9
    assert y == -RINGS[2] * R


def test_three_at_one_place_stand_apart() -> None:
    offsets = spread(np.zeros((3, 2)), R, np.zeros((0, 3)))
    for a in range(3):
        for b in range(a):
            assert np.hypot(*(offsets[a] - offsets[b])) >= 2 * R


@given(
    st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=1, max_size=5),
    st.lists(
        st.tuples(st.floats(0, 400), st.floats(0, 400), st.floats(5, 60)), min_size=0, max_size=30
    ),
)
def test_never_worse_than_the_place_itself_and_never_far(
    places: list[tuple[float, float]], taken: list[tuple[float, float, float]]
) -> None:
    discs = np.array(taken).reshape(-1, 3)
    at = np.array(places)
    offsets = spread(at, R, discs)
    assert (np.hypot(offsets[:, 0], offsets[:, 1]) <= RINGS[-1] * R + 1e-6).all()
    first = at[0]

    def hidden(spot: np.ndarray) -> float:
        apart = np.hypot(spot[0] - discs[:, 0], spot[1] - discs[:, 1])
        return float(np.clip(discs[:, 2] + R - apart, 0, None).sum())

    assert hidden(first + offsets[0]) <= hidden(first) + 1e-6
    assert (spread(at, R, discs) == offsets).all()

"""Badges give way to each other and to what stands alone, a little and always alike."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.model.spacing import FURTHEST_PX, GAP_PX, LONE_PX, ROUNDS, radii, spaced

spot = st.tuples(st.integers(0, 300), st.integers(0, 300))
crowd = st.lists(
    st.tuples(spot, st.sampled_from([1, 1, 2, 12, 150]), st.integers(0, 4)), max_size=40
)


def _arrays(rows: list) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    places = np.array([row[0] for row in rows], np.float64).reshape(-1, 2)
    count = np.array([row[1] for row in rows], np.int64)
    severity = np.array([row[2] for row in rows], np.uint8)
    return places, radii(count, severity), count > 1


def _overlap(places: np.ndarray, radius: np.ndarray, movable: np.ndarray) -> float:
    """Pixels by which pairs with a badge cover each other, all together."""
    total = 0.0
    for i in range(len(places)):
        for j in range(i):
            if movable[i] or movable[j]:
                far = math.dist(places[i], places[j])
                total += max(0.0, radius[i] + radius[j] - far)
    return total


@given(crowd)
def test_what_stands_alone_stays_and_badges_go_a_little(rows: list) -> None:
    places, radius, movable = _arrays(rows)
    at = spaced(places, radius, movable)
    moved = np.hypot(*(at - places).T)
    assert not moved[~movable].any()
    assert (moved <= radius + FURTHEST_PX + 1e-9).all()


@given(crowd)
def test_what_touches_nothing_stays(rows: list) -> None:
    places, radius, movable = _arrays(rows)
    at = spaced(places, radius, movable)
    if _overlap(places, radius + GAP_PX / 2, movable) == 0:
        assert np.array_equal(at, places)


@given(st.lists(spot, min_size=2, max_size=2), st.sampled_from([(2, 2), (150, 1), (1, 12)]))
def test_two_come_apart(spots: list, counts: tuple[int, int]) -> None:
    places, radius, movable = _arrays([(s, c, 0) for s, c in zip(spots, counts, strict=True)])
    assert _overlap(spaced(places, radius, movable), radius, movable) < 0.01


def test_a_crowded_street_can_be_read() -> None:
    random = np.random.default_rng(7)
    spots = [(x + random.integers(-9, 9), random.integers(0, 90)) for x in range(0, 1_200, 14)]
    rows = [(s, 1 if i % 4 == 0 else 2 + i % 30, i % 5) for i, s in enumerate(spots)]
    places, radius, movable = _arrays(rows)
    before = _overlap(places, radius, movable)
    assert before > 500
    assert _overlap(spaced(places, radius, movable), radius, movable) < before * 0.05


@given(crowd)
def test_what_is_far_away_has_no_say(rows: list) -> None:
    places, radius, movable = _arrays(rows)
    reach = (ROUNDS + 1) * 100.0
    more = np.concatenate([[[-reach, -reach]], places, [[600 + reach, 0.0]]])
    again = spaced(
        more,
        np.concatenate([[25.0], radius, [25.0]]),
        np.concatenate([[True], movable, [True]]),
    )
    assert np.allclose(again[1:-1], spaced(places, radius, movable), atol=1e-6)


def test_sizes_follow_count_and_severity() -> None:
    sizes = radii(np.array([1, 1, 2, 10, 100, 1_000, 10_000]), np.array([0, 4, 0, 0, 0, 0, 0]))
    assert sizes.tolist() == [LONE_PX[0], LONE_PX[4], 13, 16, 19, 22, 25]

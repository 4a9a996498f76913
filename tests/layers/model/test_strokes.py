"""How segments meet: every bend is shared by two segments without overlap and without a gap."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.model.strokes import along, cuts

coordinate = st.integers(-50, 50).map(float)
runs = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=12, unique=True)


def _ends(run: list[tuple[float, float]]) -> np.ndarray:
    points = np.array(run)
    return np.hstack([points[:-1], points[1:]])


@given(runs)
def test_neighbours_share_one_plane_half_way_between_their_directions(
    run: list[tuple[float, float]],
) -> None:
    ends = _ends(run)
    planes = cuts(ends)
    assert planes[0, 0:2].tolist() == [0.0, 0.0]
    assert planes[-1, 2:4].tolist() == [0.0, 0.0]
    assert np.array_equal(planes[:-1, 2:4], planes[1:, 0:2])
    for (ax, ay, bx, by), (_, _, cx, cy), plane in zip(ends, ends[1:], planes, strict=False):
        turn = abs(
            (math.atan2(cy - by, cx - bx) - math.atan2(by - ay, bx - ax) + math.pi) % math.tau
            - math.pi
        )
        if turn > math.pi - 1e-4:
            continue  # straight back: nothing parts the two
        normal = math.atan2(plane[3], plane[2])
        for angle in (math.atan2(by - ay, bx - ax), math.atan2(cy - by, cx - bx)):
            off = abs((angle - normal + math.pi) % math.tau - math.pi)
            assert math.isclose(off, turn / 2, abs_tol=1e-4)


def test_a_closed_run_is_joined_at_its_ends_too() -> None:
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    planes = cuts(_ends(square))
    assert np.allclose(planes[0, 0:2], planes[-1, 2:4])
    assert np.allclose(np.hypot(planes[:, 0], planes[:, 1]), 1.0)


def test_runs_that_do_not_touch_are_not_joined_and_count_anew() -> None:
    ends = np.array([[0.0, 0, 3, 4], [3, 4, 3, 8], [9, 9, 9, 11], [9, 11, 9, 12]])
    assert along(ends).tolist() == [0.0, 5.0, 0.0, 2.0]
    planes = cuts(ends)
    assert not planes[1, 2:4].any()
    assert not planes[2, 0:2].any()
    assert planes[2, 2:4].tolist() == [0.0, 1.0]


@given(st.lists(runs, max_size=4))
def test_distances_are_those_of_a_walk(several: list[list[tuple[float, float]]]) -> None:
    ends = np.concatenate([np.zeros((0, 4)), *(_ends(run) for run in several)])
    expected, walked, last = [], 0.0, None
    for ax, ay, bx, by in ends.tolist():
        walked = walked if last == (ax, ay) else 0.0
        expected.append(walked)
        walked, last = walked + math.dist((ax, ay), (bx, by)), (bx, by)
    assert np.allclose(along(ends), expected, atol=1e-9)


def test_nothing_has_no_joins() -> None:
    assert cuts(np.zeros((0, 4))).shape == (0, 4)
    assert along(np.zeros((0, 4))).shape == (0,)

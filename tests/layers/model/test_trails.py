"""Trails of moving units: bounded, honest about gaps, and right when a replay jumps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model import mercator
from layers.model.trails import GAP_S, KEEP_S, MOST_POINTS, MOST_UNITS, Trails

LON, LAT = 101.8, 36.6
FAR = 0.001  # degrees, about ninety metres


def _segments(trails: Trails) -> list[tuple[float, float]]:
    """Longitudes of both ends, from the reference."""
    ends = trails.lines().ends
    a, _ = mercator.lonlat(ends[:, 0], ends[:, 1])
    b, _ = mercator.lonlat(ends[:, 2], ends[:, 3])
    return [
        (round((x - LON) / FAR), round((y - LON) / FAR))
        for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]


def _walk(trails: Trails, *stops: tuple[float, int]) -> None:
    for at, step in stops:
        trails.add("u", at, LON + step * FAR, LAT)


def test_a_walk_is_a_line_that_fades() -> None:
    trails = Trails(now=100.0)
    _walk(trails, (0.0, 0), (50.0, 1), (100.0, 2))
    lines = trails.lines()
    assert _segments(trails) == [(0, 1), (1, 2)]
    assert lines.age.tolist() == pytest.approx([50 / KEEP_S, 0.0])
    assert lines.ids == ("u",)
    trails.tick(100.0 + KEEP_S + 1)
    assert _segments(trails) == []


def test_standing_is_no_step_and_no_gap() -> None:
    trails = Trails(now=1_000.0)
    trails.add("u", 0.0, LON, LAT)
    for at in range(1, 900, 60):
        trails.add("u", float(at), LON + 1e-5, LAT)
    version = trails.version
    assert version == 0
    _walk(trails, (900.0, 1))
    assert _segments(trails) == [(0, 1)]
    assert trails.version > version


def test_nobody_knows_the_way_through_a_long_silence() -> None:
    trails = Trails(now=GAP_S + 20)
    _walk(trails, (0.0, 0), (10.0, 1), (11.0 + GAP_S, 2), (12.0 + GAP_S, 3))
    assert _segments(trails) == [(0, 1), (2, 3)]


def test_a_jump_back_takes_away_what_has_not_happened_yet() -> None:
    trails = Trails(now=40.0)
    _walk(trails, (0.0, 0), (10.0, 1), (20.0, 2), (30.0, 3))
    _walk(trails, (12.0, 1))
    trails.tick(12.0)
    assert _segments(trails) == [(0, 1)]
    _walk(trails, (15.0, 2))
    assert _segments(trails) == [(0, 1), (1, 2)]


def test_a_unit_that_is_gone_leaves_no_trail() -> None:
    trails = Trails(now=20.0)
    _walk(trails, (0.0, 0), (10.0, 1))
    trails.add("v", 10.0, LON, LAT)
    trails.keep_only({"v"})
    assert _segments(trails) == []
    trails.forget("v")
    assert len(trails) == 0


def test_units_and_points_are_bounded() -> None:
    trails = Trails(now=300.0)
    for step in range(3 * MOST_POINTS):
        trails.add("u", float(step), LON + step * FAR, LAT)
    assert len(trails.lines().ends) == MOST_POINTS - 1
    for unit in range(MOST_UNITS + 5):
        trails.add(f"v{unit}", 0.0, LON, LAT)
    assert len(trails) == MOST_UNITS


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), max_size=40),
    st.integers(0, 700),
)
def test_any_history_is_that_of_the_points_up_to_the_newest(
    seen: list[tuple[int, int]], late: int
) -> None:
    """Against a plain list: a sighting of an earlier moment drops all later ones."""
    trails = Trails()
    known: list[list[float]] = []  # place, came, until
    for at, step in seen:
        _walk(trails, (float(at), step))
        while known and known[-1][1] > at:
            known.pop()
        if known:
            known[-1][2] = min(known[-1][2], at) if known[-1][2] > at else known[-1][2]
        if known and known[-1][0] == step:
            known[-1][2] = max(known[-1][2], at)
        else:
            known.append([step, at, at])
    trails.tick(float(late))
    expected = [
        (a[0], b[0])
        for a, b in pairwise(known)
        if b[1] - a[2] <= GAP_S and b[1] >= late - KEEP_S and a[2] >= late - KEEP_S
    ]
    assert _segments(trails) == expected
    assert np.all((trails.lines().age >= 0) & (trails.lines().age <= 1))

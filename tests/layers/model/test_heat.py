"""Heat pictures: nothing lost, nothing moved, and as dense as a slow sum says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model import heat, mercator
from layers.model.heat import HeatInput, HeatRequest

RAMP = ((10, 20, 30), (100, 200, 250))
WORLD_PX = mercator.world_px(12)
SIDE = 60.0 / WORLD_PX
"""Sixty pixels of the world, which every test looks at."""
CORNER = (0.78, 0.39)
places = st.lists(st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5)), max_size=12)


def made(points: list[tuple[float, float]], weights: list[float] | None = None) -> HeatInput:
    x = np.array([CORNER[0] + px * SIDE for px, _ in points], np.float64)
    y = np.array([CORNER[1] + py * SIDE for _, py in points], np.float64)
    mass = None if weights is None else np.array(weights, np.float64)
    lon, lat = mercator.lonlat(x, y)
    return HeatInput("l", lon, lat, mass, 8.0, 1.0)


@given(places, st.data())
def test_density_is_the_sum_of_the_bells(points: list, data: st.DataObject) -> None:
    weights = [data.draw(st.floats(0, 5)) for _ in points]
    cell = 2.0 / WORLD_PX
    found = heat.density(made(points, weights), CORNER, cell, (30, 30), WORLD_PX)
    kernel = heat.bell(4.0)
    reach = len(kernel) // 2
    wanted = np.zeros((30, 30))
    given = made(points, weights)
    x, y = mercator.world_xy(given.lon, given.lat)
    for at_x, at_y, weight in zip(x.tolist(), y.tolist(), weights, strict=True):
        column = math.floor((at_x - CORNER[0]) / cell)
        row = math.floor((at_y - CORNER[1]) / cell)
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                if 0 <= row + dy < 30 and 0 <= column + dx < 30:
                    share = kernel[reach + dy] * kernel[reach + dx]
                    wanted[row + dy, column + dx] += weight * share
    assert np.allclose(found, wanted, atol=1e-4)


def test_what_lies_well_inside_keeps_its_weight() -> None:
    one = heat.density(made([(0.5, 0.5)], [3.0]), CORNER, 1.0 / WORLD_PX, (60, 60), WORLD_PX)
    assert one.sum() == pytest.approx(3.0, rel=1e-5)
    assert np.unravel_index(one.argmax(), one.shape) == (30, 30)


def test_the_peak_is_told_per_square_kilometre() -> None:
    lat = float(mercator.lonlat(0.5, CORNER[1] + SIDE / 2)[1])
    many = made([(0.5, 0.5)] * 7)
    rect = (*CORNER, CORNER[0] + SIDE, CORNER[1] + SIDE)
    drawn = heat.picture(HeatRequest((many,), rect, WORLD_PX, RAMP))
    metres = mercator.metres_per_px(lat, 12)
    sigma_km = 8.0 / heat.REACH * metres / 1_000
    smooth = 7 / (2 * math.pi * sigma_km**2)  # the height of a bell that is cut off nowhere
    assert dict(drawn.peaks)["l"] == pytest.approx(smooth, rel=0.1)


def test_a_picture_is_bounded_and_empty_where_nothing_is() -> None:
    rect = (0.0, 0.0, 1.0, 1.0)
    drawn = heat.picture(HeatRequest((made([(0.5, 0.5)]),), rect, mercator.world_px(18), RAMP))
    assert drawn.pixels.shape[0] * drawn.pixels.shape[1] <= 1.1 * heat.MOST_CELLS
    nothing = heat.picture(HeatRequest((made([]),), (*CORNER, 0.79, 0.4), WORLD_PX, RAMP))
    assert not nothing.pixels.any()
    assert dict(nothing.peaks) == {"l": 0.0}


def test_the_first_layer_lies_on_top_and_is_premultiplied() -> None:
    rect = (*CORNER, CORNER[0] + SIDE, CORNER[1] + SIDE)
    two = (made([(0.2, 0.2)]), made([(0.8, 0.8)]))
    drawn = heat.picture(HeatRequest(two, rect, WORLD_PX, RAMP)).pixels
    assert (drawn[:, :, :3].max(axis=2) <= drawn[:, :, 3]).all()
    assert drawn[:, :, 3].max() == pytest.approx(heat.MOST_OPAQUE * 255, abs=1)
    high, wide = drawn.shape[:2]
    assert drawn[round(high * 0.2), round(wide * 0.2), 3] > 150
    assert drawn[round(high * 0.8), round(wide * 0.8), 3] > 150
    assert drawn[round(high * 0.5), round(wide * 0.5), 3] == 0

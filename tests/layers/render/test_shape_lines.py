"""Kinds that are lines: each with its own dash, picked within a few pixels, before areas."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from layers.model import mercator
from layers.model.features import Feature, FeatureStore
from layers.render.shape_layer import PIPE_PX, ShapeLayer
from layers.render.theme import TokenTheme
from services.packs.model import Kind, Label, Symbol

LON, LAT = 101.8, 36.6
ZOOM = 16.0
LABEL = Label(zh="线", en="line")
SQUARE = tuple((LON + x, LAT + y) for x, y in ((-0.01, -0.01), (0.01, -0.01), (0.01, 0.01)))


def kind(name: str, geometry: Literal["line", "polygon"]) -> Kind:
    return Kind(
        id=name, label=LABEL, geometry=geometry, traits=("located",), symbol=Symbol(shape="circle")
    )


@pytest.fixture
def store() -> FeatureStore:
    made = FeatureStore([kind("gas", "line"), kind("water", "line"), kind("grid", "polygon")])
    east = ((LON, LAT), (LON + 0.005, LAT))
    made.upsert(
        [
            Feature("gas:1", "gas", "", LON, LAT, rings=(east,)),
            Feature("water:1", "water", "", LON, LAT, rings=(((LON, LAT), (LON, LAT + 0.005)),)),
            Feature("grid:1", "grid", "", LON, LAT, rings=((*SQUARE, SQUARE[0]),)),
        ]
    )
    return made


def world(lon: float, lat: float) -> tuple[float, float]:
    x, y = mercator.world_xy(np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def test_lines_are_told_apart_by_their_dashes(store: FeatureStore) -> None:
    layer = ShapeLayer(store, TokenTheme())
    _fills, lines = layer.tables((0.0, 0.0, 1.0, 1.0), ZOOM, None, (0.0, 0.0))
    thick = lines[lines[:, 8] == np.float32(PIPE_PX)]
    assert len(thick) == 2
    assert len({tuple(row) for row in thick[:, 10:12].tolist()}) == 2
    border = lines[lines[:, 8] < PIPE_PX]
    assert len(border) == 3
    assert border[:, 7].max() < thick[:, 7].min()  # a border is fainter than a pipe


@pytest.mark.parametrize(
    ("east", "north", "found"),
    [
        (0.0025, 0.0, "gas:1"),
        (0.0025, 0.00003, "gas:1"),  # some pixels beside it
        (0.0, 0.0025, "water:1"),
        (0.0025, -0.0004, "grid:1"),  # no line near: the area round the place
        (0.5, 0.5, None),
    ],
)
def test_a_line_is_picked_near_it_and_before_an_area(
    store: FeatureStore, east: float, north: float, found: str | None
) -> None:
    layer = ShapeLayer(store, TokenTheme())
    lon, lat = LON + east, LAT + north
    row = layer.area_at(lon, lat, world(lon, lat), ZOOM, None)
    assert (None if row is None else store.ids[row]) == found


def test_a_line_that_is_off_is_not_picked(store: FeatureStore) -> None:
    layer = ShapeLayer(store, TokenTheme())
    lon, lat = LON + 0.0025, LAT
    row = layer.area_at(lon, lat, world(lon, lat), ZOOM, frozenset({"grid"}))
    assert row is not None
    assert store.ids[row] == "grid:1"

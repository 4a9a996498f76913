"""Names of areas and lines stand on what they name, in the part of it that is in view."""

from __future__ import annotations

import math

import numpy as np
import pytest

from layers.model import mercator
from layers.model.features import Feature, FeatureStore
from layers.model.named_shapes import MOST_SHAPES, NamedShape, ShapeNames
from layers.model.pick import inside_rings
from layers.model.shapes import Shapes
from services.domain.model import Ring, Severity

LON, LAT = 101.8, 36.6
WORLD_PX = mercator.world_px(15)


def _square(x: float, y: float, side: float) -> Ring:
    turns = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    return tuple((LON + x + side * a, LAT + y + side * b) for a, b in turns)


def _rect(w: float, s: float, e: float, n: float) -> tuple[float, float, float, float]:
    x, y = mercator.world_xy(np.array([LON + w, LON + e]), np.array([LAT + n, LAT + s]))
    return float(x[0]), float(y[0]), float(x[1]), float(y[1])


def _named(
    rect: tuple[float, float, float, float], **rings: tuple[Ring, ...]
) -> dict[str, NamedShape]:
    store = FeatureStore()
    store.upsert(Feature(k, "grid", k, LON, LAT, rings=r) for k, r in rings.items())
    shapes = Shapes.of(store)
    found = ShapeNames(store).of(shapes, shapes.touching(rect), rect, WORLD_PX)
    return {store.ids[shape.row]: shape for shape in found}


def _lonlat(shape: NamedShape) -> tuple[float, float]:
    lon, lat = mercator.lonlat(np.array([shape.at[0]]), np.array([shape.at[1]]))
    return float(lon[0]), float(lat[0])


ALL = _rect(-0.1, -0.1, 0.1, 0.1)


def test_a_name_stands_inside_and_not_in_a_hole() -> None:
    rings = (_square(0, 0, 0.04), _square(0.01, 0.01, 0.02))
    shape = _named(ALL, a=rings)["a"]
    assert inside_rings(rings, *_lonlat(shape))
    assert shape.room[0] == pytest.approx(0.04 / 360)


def test_an_area_that_fills_the_view_is_named_in_the_view() -> None:
    view = _rect(0.001, 0.001, 0.003, 0.003)
    shape = _named(view, a=(_square(0, 0, 0.04),))["a"]
    lon, lat = _lonlat(shape)
    assert LON + 0.001 < lon < LON + 0.003
    assert LAT + 0.001 < lat < LAT + 0.003
    assert shape.room[0] == pytest.approx(0.002 / 360)


def test_small_areas_have_no_name_and_not_more_than_a_view_holds() -> None:
    assert not _named(ALL, a=(_square(0, 0, 1e-5),))
    many = {f"a{i}": (_square(i * 1e-4, 0, 0.01),) for i in range(MOST_SHAPES + 5)}
    assert len(_named(ALL, **many)) == MOST_SHAPES


def test_the_worst_comes_first() -> None:
    store = FeatureStore()
    store.upsert(
        [
            Feature("large", "grid", "", LON, LAT, rings=(_square(0, 0, 0.04),)),
            Feature("bad", "grid", "", LON, LAT, Severity.MAJOR, rings=(_square(0, 0, 0.01),)),
        ]
    )
    shapes = Shapes.of(store)
    found = ShapeNames(store).of(shapes, shapes.touching(ALL), ALL, WORLD_PX)
    assert [store.ids[shape.row] for shape in found] == ["bad", "large"]


@pytest.mark.parametrize(
    ("run", "turn"),
    [
        (((0, 0), (0.01, 0), (0.01, 0.002)), (1.0, 0.0)),
        (((0.01, 0), (0, 0)), (1.0, 0.0)),  # never upside down
        (((0, 0), (0, 0.01)), (0.0, 1.0)),
    ],
)
def test_a_line_is_named_along_its_longest_stretch(run: tuple, turn: tuple) -> None:
    line = tuple((LON + x, LAT + y) for x, y in run)
    shape = _named(ALL, a=(line,))["a"]
    assert shape.turn == pytest.approx(turn, abs=1e-9)
    assert math.hypot(*shape.turn) == pytest.approx(1)
    (ax, ay), (bx, by) = line[0], line[1]
    assert _lonlat(shape) == pytest.approx(((ax + bx) / 2, (ay + by) / 2), abs=1e-6)


def test_a_line_out_of_view_has_no_name() -> None:
    line = ((LON, LAT), (LON + 0.01, LAT))
    assert not _named(_rect(0.02, 0.02, 0.03, 0.03), a=(line,))

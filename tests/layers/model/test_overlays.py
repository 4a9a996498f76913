"""Areas and paths over the map: their triangles cover what they should, labels stand inside."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.model import mercator
from layers.model.overlays import Area, Path, halfway, inside_point, ready_area, ready_path
from layers.model.shapes import triangles

SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0))
HOLE = ((1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0), (1.0, 1.0))
BOW = ((0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0), (0.0, 0.0))
corner = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda c: (c[0] / 4, c[1] / 4))
outlines = st.lists(corner, min_size=3, max_size=9, unique=True)


def _covered(corners: np.ndarray) -> shapely.Geometry:
    """What triangles in world coordinates cover, in degrees."""
    lon, lat = mercator.lonlat(corners[:, 0], corners[:, 1])
    points = np.stack([lon, lat], axis=1).reshape(-1, 3, 2)
    return shapely.union_all([shapely.Polygon(p) for p in points])


@pytest.mark.parametrize(("rings", "area"), [((SQUARE,), 16), ((SQUARE, HOLE), 12), ((BOW,), 8)])
def test_holes_stay_open_and_crossings_are_mended(rings: tuple, area: float) -> None:
    assert _covered(triangles(rings)).area == pytest.approx(area, rel=1e-6)


@given(outlines)
def test_triangles_cover_the_area_and_do_not_lie_on_each_other(
    outline: list[tuple[float, float]],
) -> None:
    ring = (*outline, outline[0])
    wanted = shapely.make_valid(shapely.Polygon(ring))
    corners = triangles((ring,))
    made = _covered(corners)
    assert shapely.symmetric_difference(made, wanted).area == pytest.approx(0, abs=1e-6)
    lon, lat = mercator.lonlat(corners[:, 0], corners[:, 1])
    each = np.stack([lon, lat], axis=1).reshape(-1, 3, 2)
    assert sum(shapely.Polygon(t).area for t in each) == pytest.approx(wanted.area, abs=1e-6)


@given(outlines)
def test_a_label_stands_inside_its_area(outline: list[tuple[float, float]]) -> None:
    ring = (*outline, outline[0])
    area = shapely.make_valid(shapely.Polygon(ring))
    middle = inside_point((ring,))
    assert middle is not None
    if area.area > 0.01:
        lon, lat = mercator.lonlat(np.array([middle[0]]), np.array([middle[1]]))
        assert shapely.dwithin(area, shapely.Point(lon[0], lat[0]), 1e-6)


def test_a_label_keeps_out_of_a_hole() -> None:
    middle = inside_point((SQUARE, HOLE))
    assert middle is not None
    lon, lat = mercator.lonlat(np.array([middle[0]]), np.array([middle[1]]))
    assert not shapely.Polygon(HOLE).contains(shapely.Point(lon[0], lat[0]))


def test_an_outline_only_has_no_triangles_and_degenerate_shapes_have_no_label() -> None:
    ready = ready_area(Area((SQUARE,), fill=0.0))
    assert not len(ready.corners)
    assert len(ready.ends) == 4
    assert ready_area(Area(())).middle is None
    assert ready_area(Area((((1.0, 1.0),),))).middle is None
    assert ready_path(Path(((1.0, 1.0),))).middle is None


def test_half_way_is_half_the_length_not_half_the_corners() -> None:
    assert halfway(np.array([[0.0, 0, 1, 0], [1, 0, 1, 0], [1, 0, 7, 0]])) == (3.5, 0.0)
    assert halfway(np.zeros((0, 4))) is None

"""Counting and listing the tiles of a region, against a plain loop with shapely."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.basemaps import region as regions
from services.basemaps.grid import lonlat, world_xy
from services.basemaps.region import Region, counts, tiles
from services.domain.errors import KnownError

points = st.tuples(st.floats(101.0, 102.5), st.floats(36.0, 37.0))


@settings(max_examples=30)
@given(st.lists(points, min_size=3, max_size=7, unique=True), st.integers(8, 11))
def test_every_tile_that_touches_the_area_and_no_other(
    ring: list[tuple[float, float]], level: int
) -> None:
    area = shapely.make_valid(shapely.Polygon([world_xy(*p) for p in ring]))
    if area.area < 1e-12:
        return
    side = 1 / 2**level
    x0, y0, x1, y1 = area.bounds
    wanted = {
        (level, x, y)
        for x in range(int(x0 / side), int(x1 / side) + 1)
        for y in range(int(y0 / side), int(y1 / side) + 1)
        if area.intersects(shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side))
    }
    found = list(tiles(Region((tuple(ring),), level, level)))
    assert set(found) == wanted
    assert counts(Region((tuple(ring),), level, level)) == {level: len(found)}


def test_a_box_over_several_levels() -> None:
    box = Region.box(*lonlat(0.5, 0.5), *lonlat(0.6, 0.4), 0, 2)
    listed = list(tiles(box))
    assert listed[0] == (0, 0, 0)
    assert counts(box) == {z: sum(t[0] == z for t in listed) for z in (0, 1, 2)}


def test_a_shifted_grid_has_other_tiles() -> None:
    small = Region.box(101.8000, 36.6000, 101.8005, 36.6005, 18, 18)
    there = set(tiles(small, "gcj02"))
    assert there.isdisjoint(tiles(small))
    assert len(there) < 9


def test_too_much_is_refused_before_it_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "MOST_TILES", 1_000)
    with pytest.raises(KnownError) as refused:
        counts(Region.box(70, 0, 140, 55, 0, 23))
    assert refused.value.code == "region_too_large"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Region.box(2, 0, 1, 1, 0, 1),
        lambda: Region.box(0, float("nan"), 1, 1, 0, 1),
        lambda: Region.box(0, 0, 500, 1, 0, 1),
        lambda: Region.box(0, 0, 1, 1, 5, 4),
        lambda: Region((), 0, 1),
        lambda: Region((((0, 0), (1, 1)),), 0, 1),
        lambda: Region((((0.0, 0.0),) * 30_000,), 0, 1),
        lambda: counts(Region((((1, 0), (1, 1), (1, 2)),), 0, 1)),
    ],
)
def test_what_is_no_region(make: object) -> None:
    with pytest.raises(KnownError) as refused:
        make()
    assert refused.value.code == "bad_region"


def test_a_region_of_one_level_that_is_too_large_is_said_to_be() -> None:
    """Not counted as nothing, because the levels before it are not asked for."""
    for first in (0, 18, 23):
        with pytest.raises(KnownError) as refused:
            counts(Region.box(70.0, 10.0, 135.0, 55.0, first, 23))
        assert refused.value.code == "region_too_large"

"""Where a tile's pixels come from: shifted grids and other levels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.basemaps.grid import Window, lonlat, window, world_xy
from services.basemaps.pictures import cut
from services.domain.datum import from_wgs84
from tests.services.basemaps.pictured import dotted

DISTRICT = (101.74, 36.52, 101.98, 36.66)
places = st.tuples(st.floats(DISTRICT[0], DISTRICT[2]), st.floats(DISTRICT[1], DISTRICT[3]))


def test_without_a_shift_a_tile_is_itself() -> None:
    assert window(16, 51300, 25600, 16, "wgs84") == Window(16, 51300 * 256, 25600 * 256, 256, 256)
    assert window(16, 51300, 25600, 16, "wgs84").tiles() == [(51300, 25600)]


@given(places)
def test_world_coordinates_go_there_and_back(place: tuple[float, float]) -> None:
    assert lonlat(*world_xy(*place)) == pytest.approx(place, abs=1e-9)


@given(places, st.integers(10, 18), st.sampled_from([256, 512]))
def test_what_a_shifted_map_paints_stands_where_it_is(
    place: tuple[float, float], zoom: int, side: int
) -> None:
    """A source that paints a place by GCJ-02; the tile cut for WGS-84 has it at the place."""
    wx, wy = world_xy(*place)
    x, y = int(wx * 2**zoom), int(wy * 2**zoom)
    gcj_lon, gcj_lat = from_wgs84(*place, "gcj02")
    painted = [world_xy(float(gcj_lon), float(gcj_lat))]
    shown = window(zoom, x, y, zoom, "gcj02", side)
    tiles = {(tx, ty): dotted(zoom, tx, ty, painted, side) for tx, ty in shown.tiles()}
    rows, columns = np.nonzero(np.asarray(cut(shown, tiles).convert("L")) < 128)
    true = (wx * 2**zoom - x) * side, (wy * 2**zoom - y) * side
    if min(true) < 1.5 or max(true) > side - 1.5:
        return  # it may stand on the tile beside
    assert len(rows) == 1
    limit = 1.0 * (1 if zoom <= 16 and side == 256 else 1.5)
    assert abs(columns[0] + 0.5 - true[0]) < limit + 0.5
    assert abs(rows[0] + 0.5 - true[1]) < limit + 0.5


@given(st.integers(0, 6), st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1))
def test_a_level_above_gives_its_part(up: int, x: int, y: int) -> None:
    part = window(16, x, y, 16 - up, "wgs84")
    assert part.side == 256 >> up
    assert part.tiles() == [(x >> up, y >> up)]
    assert (part.left * 2**up, part.top * 2**up) == (x * 256, y * 256)

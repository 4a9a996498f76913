"""Sheets of paper: parts that do not overlap, a map that shows what was seen, a true scale bar."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model import measure, mercator, page
from layers.model.page import Area, Paper
from layers.model.view import Camera, MapView

papers = st.sampled_from(["a4", "a3"])


def _inside(inner: Area, outer: Area) -> bool:
    return (
        inner.x >= outer.x
        and inner.y >= outer.y
        and inner.x + inner.width <= outer.x + outer.width + 1e-9
        and inner.y + inner.height <= outer.y + outer.height + 1e-9
    )


def _apart(a: Area, b: Area) -> bool:
    return (
        a.x + a.width <= b.x
        or b.x + b.width <= a.x
        or a.y + a.height <= b.y
        or b.y + b.height <= a.y
    )


@pytest.mark.parametrize(
    ("paper", "wide"), [("a4", True), ("a4", False), ("a3", True), ("a3", False)]
)
def test_the_parts_of_a_sheet_lie_on_it_and_apart(paper: Paper, wide: bool) -> None:
    sheet = page.layout(paper, wide)
    parts = [sheet.head, sheet.map, sheet.legend, sheet.foot]
    assert all(_inside(part, sheet.page) for part in parts)
    assert all(_apart(a, b) for a, b in itertools.combinations(parts, 2))
    assert (sheet.page.width > sheet.page.height) is wide
    assert sheet.map.width * sheet.map.height > 0.45 * sheet.page.width * sheet.page.height


def test_an_a4_sheet_has_the_size_of_one() -> None:
    sheet = page.layout("a4", False).page
    assert (sheet.width / 96 * 25.4, sheet.height / 96 * 25.4) == pytest.approx((210, 297))


@given(
    st.floats(-170, 170),
    st.floats(-75, 75),
    st.floats(4, 18),
    st.floats(200, 3_000),
    st.floats(200, 2_000),
    papers,
    st.booleans(),
)
def test_the_map_of_a_sheet_shows_all_that_was_seen_and_touches_it(
    lon: float, lat: float, zoom: float, width: float, height: float, paper: Paper, wide: bool
) -> None:
    view = MapView(lon, lat, zoom)
    view.resize(width, height)
    seen = view.camera()
    frame = page.layout(paper, wide).map
    camera = page.camera_for(seen, frame)
    assert (camera.width, camera.height) == (frame.width, frame.height)
    inner, outer = seen.rect(), camera.rect()
    slack = 1e-9
    assert outer[0] <= inner[0] + slack
    assert outer[1] <= inner[1] + slack
    assert outer[2] >= inner[2] - slack
    assert outer[3] >= inner[3] - slack
    spans = [
        (outer[2] - outer[0]) / (inner[2] - inner[0]),
        (outer[3] - outer[1]) / (inner[3] - inner[1]),
    ]
    assert min(spans) == pytest.approx(1.0)


@given(st.floats(-60, 60), st.floats(5, 18))
def test_the_scale_is_what_a_ruler_on_the_paper_finds(lat: float, zoom: float) -> None:
    """A hundred pixels across the middle, on the ellipsoid: 26.46 mm of paper times the scale.

    The map's sphere and the ellipsoid differ by up to half a percent there.
    """
    camera = Camera(0.5, float(mercator.world_xy(0.0, lat)[1]), zoom, 800, 600)
    half = 50 / camera.world_px
    west, east = (float(mercator.lonlat(0.5 + d, camera.y)[0]) for d in (-half, half))
    metres = measure.distance((west, lat), (east, lat))
    assert page.scale_of(camera) == pytest.approx(metres / (100 / 96 * 0.0254), rel=6e-3)


@given(st.floats(0.01, 50_000.0), st.floats(50.0, 600.0))
def test_a_scale_bar_is_round_fits_and_no_longer_one_does(metres_px: float, most: float) -> None:
    length, width = page.scale_bar(metres_px, most)
    assert width <= most * (1 + 1e-6)
    assert width == pytest.approx(length / metres_px)
    digits = f"{length:.12e}"
    assert digits[0] in "125"
    assert float(digits.split("e")[0]) == pytest.approx(int(digits[0]))
    longer = {"1": 2.0, "2": 2.5, "5": 2.0}[digits[0]] * length
    assert longer / metres_px > most * (1 - 1e-6)

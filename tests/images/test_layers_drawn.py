"""Layers on a real map: filters, styles, order, opacity, areas, heat; day and night."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from layers.model.cluster import UNIT
from layers.model.features import Feature, FeatureStore
from layers.model.layer_set import (
    Categorised,
    Category,
    Graduated,
    Heat,
    Layer,
    LayerSet,
    Look,
    Single,
    Step,
)
from layers.render.map_widget import MapWidget
from services.domain.model import Link, Severity
from tests.images.onscreen import LAT, LON, has_color, map_window, put, wait

FAR = 0.003


@pytest.fixture(scope="module", params=["dark", "light"])
def window(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[MapWidget]:
    with map_window(FeatureStore(), str(request.param)) as widget:
        yield widget


@pytest.fixture(autouse=True)
def _clear(window: MapWidget) -> Iterator[None]:
    yield
    window.stage.store.clear()
    window.set_layers(LayerSet())
    window.set_view(LON, LAT, 15)


def thing(name: str, east: float = 0.0, **more: object) -> Feature:
    values = {"link": Link.ONLINE, "kind": "camera", **more}
    return Feature(id=name, name=name, lon=LON + east, lat=LAT, **values)  # type: ignore[arg-type]


def layer(name: str = "l", **more: object) -> Layer:
    return Layer(id=name, kinds=("camera",), own=True, **more)  # type: ignore[arg-type]


def show(window: MapWidget, *layers: Layer) -> None:
    window.set_layers(LayerSet(items=layers))


def box(window: MapWidget, east: float = 0.0, reach: int = 7) -> tuple[int, int, int, int]:
    x, y = (round(v) for v in window.view.screen_from_lonlat(LON + east, LAT))
    return x - reach, y - reach, x + reach, y + reach


def shows(window: MapWidget, token: str, east: float = 0.0, slack: int = 24) -> bool:
    color = QColor(token) if token.startswith("#") else window._theme.color(token)
    return has_color(window.grab_map(), color, box(window, east), slack)


def test_a_filter_takes_things_off_the_map_and_brings_them_back(window: MapWidget) -> None:
    put(window, window.stage.store, thing("a", attrs={"f": 1}), thing("b", FAR, attrs={"f": 2}))
    show(window, layer())
    wait(lambda: shows(window, "normal") and shows(window, "normal", FAR))
    show(window, layer(filter="f > 1"))
    wait(lambda: not shows(window, "normal") and shows(window, "normal", FAR))
    put(window, window.stage.store, thing("a", attrs={"f": 3}))
    wait(lambda: shows(window, "normal"))


def test_categories_have_colour_and_shape_and_alarms_keep_theirs(window: MapWidget) -> None:
    style = Categorised(
        field="f",
        classes=(
            Category(value="x", look=Look(color="series_2", shape="square", size=22)),
            Category(value="y", look=Look(color="series_3", shape="triangle", size=22)),
        ),
        other=None,
    )
    put(
        window,
        window.stage.store,
        thing("a", attrs={"f": "x"}),
        thing("b", FAR, attrs={"f": "y"}),
        thing("c", -FAR, attrs={"f": "z"}),
        thing("d", 2 * FAR, attrs={"f": "y"}, severity=Severity.CRITICAL, unacked=True),
    )
    show(window, layer(style=style))
    wait(lambda: shows(window, "series_2") and shows(window, "series_3", FAR))
    assert not shows(window, "normal", -FAR)
    assert shows(window, "critical", 2 * FAR)
    assert not shows(window, "series_3", 2 * FAR)


def test_the_upper_layer_draws_what_two_would(window: MapWidget) -> None:
    put(window, window.stage.store, thing("a"))
    one = layer("one", style=Single(look=Look(color="series_2", size=24)))
    two = layer("two", style=Single(look=Look(color="series_4", size=24)))
    show(window, one, two)
    wait(lambda: shows(window, "series_2"))
    show(window, two, one)
    wait(lambda: shows(window, "series_4"))


def test_a_faint_layer_is_faint_but_for_what_asks_for_attention(window: MapWidget) -> None:
    put(
        window,
        window.stage.store,
        thing("a"),
        thing("b", FAR, severity=Severity.MAJOR, unacked=True),
    )
    show(window, layer(opacity=0.3, style=Single(look=Look(color="series_8", size=24))))
    wait(lambda: shows(window, "major", FAR))
    assert not shows(window, "series_8")
    drawn = window.stage.drawn
    assert drawn is not None
    by_row = dict(zip(drawn.response.row.tolist(), drawn.sprites[:, 10].tolist(), strict=False))
    assert sorted(round(v, 2) for v in by_row.values()) == [0.3, 1.0]


def test_out_of_its_range_a_layer_shows_alarms_only(window: MapWidget) -> None:
    put(
        window,
        window.stage.store,
        thing("a"),
        thing("b", FAR, severity=Severity.MAJOR, unacked=True),
    )
    show(window, layer(min_zoom=16.0))
    wait(lambda: shows(window, "major", FAR) and not shows(window, "normal"))
    window.set_view(LON, LAT, 16)
    wait(lambda: shows(window, "normal"))


def area(name: str, east: float, value: float | None) -> Feature:
    half = FAR / 3
    ring = tuple(
        (LON + east + a * half, LAT + b * half)
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    )
    return thing(name, east, kind="grid", rings=(ring,), attrs={"n": value})


def test_areas_are_filled_by_their_numbers(window: MapWidget) -> None:
    put(window, window.stage.store, area("a", 0, 1), area("b", FAR, 9), area("c", -FAR, None))
    style = Graduated(
        field="n",
        steps=(
            Step(upper=5.0, look=Look(color="#20C020", size=8)),
            Step(look=Look(color="#C020C0", size=24)),
        ),
        missing=None,
    )
    kinds = Layer(id="l", kinds=("grid",), own=True, style=style)
    window.set_layers(LayerSet(items=(kinds,)))
    lines = window.stage._scene.lines
    assert sorted(set(lines[:, 8].tolist())) == pytest.approx([1.2, 3.0])
    fills = window.stage._scene.fills
    assert len({tuple(f) for f in fills[:, 2:6].round(3).tolist()}) == 2
    row = window.stage.store.row_of("c")
    assert window.stage.hits.area(*window.view.screen_from_lonlat(LON - FAR, LAT), None) != row
    at = window.view.screen_from_lonlat(LON, LAT)
    assert window.stage.hits.area(*at, None) == window.stage.store.row_of("a")


def test_heat_lies_where_things_are_and_goes_with_the_layer(window: MapWidget) -> None:
    store = window.stage.store
    put(window, store, *(thing(f"h{i}", 0.00001 * i) for i in range(20)))
    said: list[object] = []
    window.stage.heat.ready.connect(said.append)
    ground = window._theme.color("ground")
    show(window, layer(style=Heat(radius=40)))
    wait(lambda: shows(window, "ramp_5", slack=60))
    assert not len(window.stage._scene.sprites)
    assert has_color(window.grab_map(), ground, box(window, 2 * FAR), 12)
    assert said
    show(window, layer())
    wait(lambda: not shows(window, "ramp_5", slack=40))
    assert said[-1] is None
    window.stage.heat.ready.disconnect(said.append)


def test_a_cluster_tells_the_colours_of_its_things_and_is_as_faint_as_they_are(
    window: MapWidget,
) -> None:
    style = Categorised(
        field="f",
        classes=(
            Category(value="x", look=Look(color="series_2")),
            Category(value="y", look=Look(color="series_3")),
        ),
    )
    values = "xxxxxxxxyyyyyyyy"
    put(
        window,
        window.stage.store,
        *(thing(f"t{n}", n * 1e-5, attrs={"f": value}) for n, value in enumerate(values)),
    )
    window.set_view(LON, LAT, 12)
    show(window, layer())
    wait(lambda: window.stage.drawn is not None and window.stage.drawn.response.count[0] == 16)
    assert not shows(window, "series_2")

    def ring(token: str, side: int) -> bool:
        drawn, camera = window.stage.drawn, window.view.camera()
        assert drawn is not None
        place = drawn.response.xy[0] / UNIT + np.array(drawn.response.origin) - (camera.x, camera.y)
        x, y = (place * camera.world_px + (camera.width / 2, camera.height / 2)).astype(int)
        half = (x + 2, x + 22) if side > 0 else (x - 22, x - 2)
        color = window._theme.color(token)
        return has_color(window.grab_map(), color, (half[0], y - 22, half[1], y + 22))

    show(window, layer(style=style))
    wait(lambda: ring("series_2", 1) and ring("series_3", -1))
    assert not ring("series_2", -1)
    assert not ring("series_3", 1)
    show(window, layer(style=style, filter="f = 'y'"))
    wait(lambda: ring("series_3", 1) and not ring("series_2", 1))
    show(window, layer(style=style, opacity=0.3))
    wait(lambda: not ring("series_2", 1))
    assert window.stage.drawn is not None
    show(window, layer(style=style, opacity=0.3, min_zoom=14.0))
    wait(lambda: window.stage.drawn is not None and not len(window.stage.drawn.response.count))


def test_what_is_hidden_in_a_crowd_is_marked_out_when_selected_and_identified(
    window: MapWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.model.cluster.CROWD", 0)
    window.set_clustered(False)
    accent, names = window._theme.color("accent"), [f"t{n}" for n in range(5)]
    try:
        put(window, window.stage.store, *map(thing, names), thing("b", FAR))
        show(window, layer())
        wait(lambda: shows(window, "normal") and shows(window, "normal", FAR))
        drawn = window.stage.drawn
        assert drawn is not None
        assert len(drawn.response.row) == 2
        for name in names:
            window.set_selection([name])
            wait(lambda: has_color(window.grab_map(), accent, box(window, reach=14)))
            assert not has_color(window.grab_map(), accent, box(window, FAR, reach=14))
        x, y = window.view.screen_from_lonlat(LON, LAT)
        found = window.clicks.rows_at(x, y, every_area=True)
        assert sorted(window.stage.store.ids[row] for row in found) == names
        assert len(window.clicks.rows_at(x, y)) == 1
    finally:
        window.set_selection([])
        window.set_clustered(True)

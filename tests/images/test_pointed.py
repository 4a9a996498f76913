"""The pointer on the map: what it marks out, and that resting costs no frame."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from layers.model.features import Feature, FeatureStore
from layers.render.map_widget import MapWidget
from tests.images.onscreen import LAT, LON, map_window, put, quick_view, wait


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MapWidget]:
    with map_window(FeatureStore(), zoom=17) as widget:
        store = widget.store
        crowd = [Feature(f"c{i}", "camera", "", LON + 0.001, LAT) for i in range(9)]
        put(widget, store, Feature("a", "camera", "a", LON, LAT, fov_deg=60, heading_deg=0), *crowd)
        yield widget


def _move(window: MapWidget, lon: float, dx: int = 0) -> None:
    x, y = window.view.screen_from_lonlat(lon, LAT)
    QTest.mouseMove(quick_view(window), QPoint(round(x) + dx, round(y)))


def test_what_is_under_the_pointer_is_marked_out(window: MapWidget) -> None:
    def over() -> int:
        return len(window.stage._scene.over_sprites)

    _move(window, LON)
    wait(lambda: over() == 3)  # its view, itself and a ring
    _move(window, LON + 0.001)
    wait(lambda: over() == 1)  # a ring round the cluster
    _move(window, LON + 0.002)
    wait(lambda: over() == 0)


def test_moving_on_the_same_thing_draws_nothing(window: MapWidget) -> None:
    _move(window, LON)
    wait(lambda: len(window.stage._scene.over_sprites) == 3)
    scene = window.stage._scene
    told: list[str] = []
    window.feature_hovered.connect(told.append)
    for dx in (1, 2, -1):
        _move(window, LON, dx)
        before = len(told)
        wait(lambda before=before: len(told) > before)
    assert told == ["a"] * 3
    assert window.stage._scene is scene


def test_the_mark_goes_with_its_thing(window: MapWidget) -> None:
    _move(window, LON)
    wait(lambda: len(window.stage._scene.over_sprites) == 3)
    window.store.remove(["a"])
    window.stage.draw_features()
    assert len(window.stage._scene.over_sprites) == 0


def test_a_trail_is_drawn_under_its_unit_and_can_be_switched_off(window: MapWidget) -> None:
    trails = window.store.trails
    trails.tick(100.0)
    for step in range(5):
        trails.add("a", 50.0 + step, LON + step * 1e-4, LAT)
        trails.add("nobody", 50.0 + step, LON + step * 1e-4, LAT)
    window.stage.draw_features()
    assert len(window.stage._scene.trails) == 4
    window.set_trails(False)
    assert len(window.stage._scene.trails) == 0
    window.set_trails(True)
    assert len(window.stage._scene.trails) == 4
    window.set_visible_kinds(frozenset({"team"}))
    assert len(window.stage._scene.trails) == 0

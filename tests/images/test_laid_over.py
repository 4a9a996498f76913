"""Areas, paths and selections over the marks: whose they are, and what they cost when idle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.model.features import Feature, FeatureStore
from layers.model.overlays import Area, Path
from layers.render.map_widget import MapWidget
from tests.images.onscreen import LAT, LON, has_color, map_window, put, quick_view, wait


def _square(side: float, x: float = 0.0) -> tuple[tuple[float, float], ...]:
    turns = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return tuple((LON + x + a * side, LAT + b * side) for a, b in turns)


@pytest.fixture(scope="module")
def window(qapp: QApplication) -> Iterator[MapWidget]:
    with map_window(FeatureStore()) as widget:
        yield widget


@pytest.fixture(autouse=True)
def _clear(window: MapWidget) -> Iterator[None]:
    yield
    window.stage.store.clear()
    for key in ("roads", "tools"):
        window.set_areas(key, [])
        window.set_paths(key, [])
    window.set_selection([])
    window.stage.draw_features()


def _shows(window: MapWidget, token: str, dx: int = 0, dy: int = 0, reach: int = 4) -> bool:
    x, y = (round(v) for v in window.view.screen_from_lonlat(LON, LAT))
    box = (x + dx - reach, y + dy - reach, x + dx + reach, y + dy + reach)
    return has_color(window.grab_map(), window._theme.color(token), box, 60)


def test_owners_do_not_overwrite_each_other(window: MapWidget) -> None:
    edge = round(window.view.screen_from_lonlat(LON + 0.003, LAT)[0] - window.view.width / 2)
    window.set_areas("roads", [Area((_square(0.003),), "critical", fill=0.0)])
    window.set_paths("tools", [Path(((LON, LAT - 0.001), (LON, LAT + 0.001)), "good", width=6)])
    wait(lambda: _shows(window, "critical", edge) and _shows(window, "good"))
    window.set_areas("tools", [Area((_square(0.001),), "minor", fill=0.0)])
    window.set_paths("tools", [])
    wait(lambda: _shows(window, "critical", edge) and not _shows(window, "good"))
    window.set_areas("roads", [])
    wait(lambda: not _shows(window, "critical", edge))
    assert window.stage.state.areas.keys() == {"tools"}


def test_another_selection_uploads_no_shapes_again(window: MapWidget) -> None:
    window.set_areas("roads", [Area((_square(0.003),), look="hatched")])
    put(window, window.stage.store, Feature("a", "camera", "", LON, LAT))
    before = window.stage._scene
    window.set_selected("a")
    after = window.stage._scene
    assert after is not before
    assert after.laid_fills is before.laid_fills
    assert after.laid_lines is before.laid_lines


def test_what_is_laid_over_the_map_lies_under_the_marks(window: MapWidget) -> None:
    """A closed road must not hide the alarm for which it is closed."""
    put(window, window.stage.store, Feature("a", "camera", "", LON, LAT))
    window.set_paths("roads", [Path(((LON, LAT - 0.001), (LON, LAT + 0.001)), "good", width=6)])
    wait(lambda: _shows(window, "good", 0, 22))
    assert not _shows(window, "good")


def test_a_selection_is_ringed_also_inside_a_cluster(window: MapWidget) -> None:
    crowd = [Feature(f"c{i}", "camera", "", LON, LAT) for i in range(40)]
    alone = Feature("a", "camera", "", LON + 0.004, LAT)
    put(window, window.stage.store, *crowd, alone)
    ringless = len(window.stage._scene.over_sprites)
    window.set_selection(["c3", "c4", "a", "gone"])
    assert len(window.stage._scene.over_sprites) == ringless + 2
    wait(lambda: _shows(window, "accent", reach=30))
    window.set_view(LON, LAT, 16)  # marks are others; the rings go with them
    drawn = window.stage.drawn
    assert drawn is not None
    assert len(window.stage._scene.over_sprites) == ringless + 2


def test_marching_dashes_draw_only_while_they_are_in_view(window: MapWidget, qtbot: QtBot) -> None:
    window.set_view(LON, LAT, 15)
    quick, beat = quick_view(window), window.stage.beat
    assert not beat.is_running
    window.set_areas("roads", [Area((_square(0.003),), look="marching")])
    march = beat.march
    with qtbot.waitSignal(quick.frameSwapped, timeout=5_000):
        wait(lambda: beat.march > march)
    window.set_view(LON + 1, LAT, 15)
    wait(lambda: quick.isExposed())
    march = beat.march
    beat._tick()
    assert beat.march == march  # out of view: no step and no frame
    window.set_view(LON, LAT, 15)
    beat._tick()
    assert beat.march > march
    window.set_areas("roads", [])
    wait(lambda: not beat.is_running)

"""Names on a real map: which stand, and that they go with their marks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from layers.model.cluster import UNIT
from layers.model.features import Feature, FeatureStore
from layers.model.overlays import Area
from layers.render.map_widget import MapWidget
from services.domain.model import Severity
from tests.images.onscreen import LAT, LON, map_window, put, wait

STEP = 0.0004


@pytest.fixture(scope="module")
def window(qapp: QApplication) -> Iterator[MapWidget]:
    with map_window(FeatureStore(), zoom=17) as widget:
        yield widget


@pytest.fixture(autouse=True)
def _clear(window: MapWidget) -> Iterator[None]:
    yield
    window.set_areas("tools", [])
    window.set_selected(None)
    window.stage.store.clear()
    window.set_view(LON, LAT, 17)
    window.stage.draw_features()


def _names(window: MapWidget) -> int:
    return len(window.stage._scene.labels)


def test_close_by_each_thing_has_its_name(window: MapWidget) -> None:
    things = [Feature(f"c{i}", "camera", f"n{i}", LON + i * STEP, LAT) for i in range(4)]
    put(window, window.stage.store, *things, Feature("x", "camera", "", LON, LAT + STEP))
    assert _names(window) == 4
    window.set_view(LON, LAT, 15)
    assert _names(window) == 0


def test_far_out_only_what_is_bad_or_not_acknowledged_is_named(window: MapWidget) -> None:
    window.set_view(LON, LAT, 14)
    put(
        window,
        window.stage.store,
        Feature("major", "camera", "m", LON, LAT, Severity.MAJOR),
        Feature("new", "camera", "n", LON + 0.01, LAT, Severity.MINOR, unacked=True),
        Feature("minor", "camera", "o", LON - 0.01, LAT, Severity.MINOR),
    )
    assert _names(window) == 2


def test_what_is_selected_is_named_in_any_case_and_once(window: MapWidget) -> None:
    crowd = [Feature(f"c{i}", "camera", f"n{i}", LON, LAT) for i in range(40)]
    put(window, window.stage.store, *crowd, Feature("a", "camera", "a", LON + STEP, LAT))
    before = _names(window)
    window.set_selected("c3")
    assert _names(window) == before + 1
    window.set_selected("a")
    assert _names(window) == before


def test_words_of_tools_stand_before_names_of_things(window: MapWidget) -> None:
    put(window, window.stage.store, Feature("a", "camera", "a" * 20, LON, LAT))
    assert _names(window) == 1
    ring = tuple((LON + 0.0006 + x, LAT + y) for x, y in ((0, 0), (1e-5, 0), (0, 1e-5), (0, 0)))
    window.set_areas("tools", [Area((ring,), label="350 m")])
    side = window.stage._scene.labels[:, 2]
    assert len(side) == 2
    assert (side > 0).sum() == 0  # the thing's name has gone to another side


def test_words_of_small_things_do_not_cover_counts(window: MapWidget) -> None:
    window.set_view(LON, LAT, 14)
    crowd = [
        Feature(f"c{i}", "camera", "", LON + (i % 9) * 1e-5, LAT + (i // 9) * 1e-5)
        for i in range(81)
    ]
    put(window, window.store, *crowd)
    ring = tuple((LON + x, LAT + y) for x, y in ((0, 0), (1e-4, 0), (0, 1e-4), (0, 0)))
    large = tuple((LON + x, LAT + y) for x, y in ((-0.01, 0), (0.01, 0), (0, 0.01), (-0.01, 0)))
    window.set_areas("tools", [Area((ring,), label="closed")])
    drawn = window.stage.drawn
    assert drawn is not None
    boxes = window.stage._scene.labels
    middle = drawn.response.xy[0]
    for box in boxes:
        away = abs((box[1] - middle[1]) * 2**14 * 256 / UNIT + box[3])
        assert away >= drawn.radius[0] - 3 + box[5] / 2 - 1
    window.set_areas("tools", [Area((large,), label="closed")])
    assert _names(window) == 1


def test_names_follow_a_stream_of_changes_at_a_pace_and_zooming_at_once(
    window: MapWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(window, window.store, Feature("a", "camera", "a", LON, LAT))
    made: list[int] = []
    build = window.stage._labels._build
    monkeypatch.setattr(
        window.stage._labels, "_build", lambda naming: (made.append(1), build(naming))[1]
    )
    for step in range(8):
        window.store.upsert([Feature("a", "camera", f"a{step}", LON, LAT + step * STEP / 8)])
        window.stage.draw_features()
    assert len(made) <= 1
    wait(lambda: len(made) >= 1 and not window.stage._names._timer.isActive())
    assert len(made) <= 3
    before = len(made)
    window.set_view(LON, LAT, 18)
    assert len(made) == before + 1

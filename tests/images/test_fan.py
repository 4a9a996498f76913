"""What stands on one place: fanned out by mouse and keyboard, gone through, opened, closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.model.features import Feature, FeatureStore
from layers.render.map_widget import MapWidget
from services.domain.model import Severity
from tests.images.onscreen import LAT, LON, map_window, put, quick_view

K = Qt.Key


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MapWidget]:
    with map_window(FeatureStore(), zoom=18) as widget:
        crowd = [Feature(f"c{i}", "camera", f"n{i}", LON, LAT) for i in range(5)]
        worst = Feature("bad", "camera", "bad", LON, LAT, Severity.CRITICAL, unacked=True)
        put(widget, widget.store, worst, *crowd, Feature("far", "camera", "", LON + 0.001, LAT))
        widget._surface.forceActiveFocus()
        yield widget


def _press(window: MapWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(quick_view(window), key)


def _fan(window: MapWidget) -> list[str]:
    fan = window.stage.fan
    return [] if fan is None else [window.store.ids[row] for row in fan.rows]


ALL = ["bad", "c0", "c1", "c2", "c3", "c4"]


def test_a_click_on_the_one_on_top_opens_it_and_shows_what_it_hides(
    window: MapWidget, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.feature_clicked, timeout=5_000) as clicked:
        window.clicks.click(*window.view.screen_from_lonlat(LON, LAT))
    assert clicked.args == ["bad"]
    assert _fan(window) == ALL


def test_one_thing_alone_opens_without_a_fan(window: MapWidget, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.feature_clicked, timeout=5_000) as clicked:
        window.clicks.click(*window.view.screen_from_lonlat(LON + 0.001, LAT))
    assert clicked.args == ["far"]
    assert _fan(window) == []


def test_keys_go_through_marks_and_fan_open_and_close_it(window: MapWidget, qtbot: QtBot) -> None:
    told: list[str] = []
    window.feature_hovered.connect(told.append)
    opened: list[str] = []
    window.feature_clicked.connect(opened.append)
    _press(window, K.Key_Period)  # the worst comes first
    assert told == ["bad"]
    _press(window, K.Key_Return)
    assert opened == ["bad"]
    assert _fan(window) == ALL
    told.clear()
    before = window.view.lon
    _press(window, K.Key_Tab, K.Key_Right, K.Key_Left, K.Key_Backtab, K.Key_Backtab)
    assert told == ["c0", "c1", "c0", "bad", "c4"]
    assert window.view.lon == before  # arrows go round the fan and do not pan
    _press(window, K.Key_Return)
    assert opened == ["bad", "c4"]
    _press(window, K.Key_Escape)
    assert _fan(window) == []
    _press(window, K.Key_Right)
    assert window.view.lon > before


def test_zooming_within_a_level_keeps_legs_and_marks_together(window: MapWidget) -> None:
    window.clicks.click(*window.view.screen_from_lonlat(LON, LAT))
    before = window.stage._scene.over_lines
    window.set_view(LON, LAT, 18.5)
    assert _fan(window) == ALL
    assert window.stage._scene.over_lines is not before
    window.set_view(LON, LAT, 17.5)
    assert _fan(window) == []

"""Tools on a real screen: what a real mouse and real keys do with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.model import measure
from layers.model.features import Feature, FeatureStore
from layers.model.measure import Measured
from layers.render.map_widget import MapWidget
from layers.render.tools.corners import AreaTool, DistanceTool, OutlineTool
from layers.render.tools.drag import RadiusTool, SelectTool
from services.domain.model import Link
from services.packs.model import Kind, Label, Symbol
from tests.images.onscreen import map_window, wait
from tests.images.onscreen import quick_view as quick

NO_KEY = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)


def _kind(name: str) -> Kind:
    label = Label(zh="", en="")
    symbol = Symbol(shape="circle", size=14)
    return Kind(id=name, label=label, geometry="point", traits=("located",), symbol=symbol)


@pytest.fixture
def store() -> FeatureStore:
    return FeatureStore((_kind("camera"), _kind("sensor")))


@pytest.fixture
def window(store: FeatureStore, qapp: QApplication) -> Iterator[MapWidget]:
    with map_window(store) as widget:
        yield widget


@pytest.fixture
def measured(window: MapWidget) -> list[Measured]:
    taken: list[Measured] = []
    selecting = window.selecting
    for tool in (
        DistanceTool(taken.append),
        AreaTool(taken.append),
        SelectTool(selecting.take_at, selecting.take_region),
        OutlineTool(selecting.take_region),
        RadiusTool(selecting.take_region),
    ):
        window.tools.add(tool)
    return taken


def _drag(
    window: MapWidget,
    start: tuple[int, int],
    end: tuple[int, int],
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO_KEY,
) -> None:
    view = quick(window)
    QTest.mousePress(view, button, keys, QPoint(*start))
    for step in (0.3, 0.7, 1.0):
        at = [round(a + (b - a) * step) for a, b in zip(start, end, strict=True)]
        QTest.mouseMove(view, QPoint(*at))
    QTest.mouseRelease(view, button, keys, QPoint(*end))


def _click(
    window: MapWidget,
    x: int,
    y: int,
    keys: Qt.KeyboardModifier = NO_KEY,
    button: Qt.MouseButton = LEFT,
) -> None:
    QTest.mouseClick(quick(window), button, keys, QPoint(x, y))


def _two(window: MapWidget, store: FeatureStore) -> None:
    """Two cameras, left and right of the middle, drawn apart."""
    for name, x in (("left", 220), ("right", 420)):
        lon, lat = window.view.lonlat_from_screen(x, 240)
        store.upsert([Feature(name, "camera", name, lon, lat, link=Link.ONLINE)])
    window.features_changed()
    wait(lambda: window.stage.drawn is not None and len(window.stage.drawn.radius) == 2)


def test_a_distance_is_measured_by_clicks_taken_back_and_ended_by_a_right_click(
    window: MapWidget, measured: list[Measured]
) -> None:
    window.tools.take("measure_distance")
    _click(window, 100, 100)
    _click(window, 300, 100)
    _click(window, 300, 300)
    QTest.keyClick(quick(window), Qt.Key.Key_Backspace)
    QTest.mouseMove(quick(window), QPoint(400, 120))
    assert "Σ" in window.tools.reading()
    _click(window, 100, 300, button=RIGHT)
    a = window.view.lonlat_from_screen(100, 100)
    b = window.view.lonlat_from_screen(300, 100)
    assert [m.corners for m in measured] == [(a, b)]
    assert measured[0].length_m == pytest.approx(measure.distance(a, b))
    assert window.tools.active == "measure_distance"


def test_escape_drops_the_shape_first_and_then_the_tool(
    window: MapWidget, measured: list[Measured], qtbot: QtBot
) -> None:
    window.tools.take("measure_area")
    for x, y in ((100, 100), (300, 100), (300, 300)):
        _click(window, x, y)
    assert len(window.stage.sketch.line) == 4
    QTest.keyClick(quick(window), Qt.Key.Key_Escape)
    assert window.tools.active == "measure_area"
    assert window.stage.sketch.line == ()
    QTest.keyClick(quick(window), Qt.Key.Key_Escape)
    assert window.tools.is_panning
    with qtbot.waitSignal(window.escape_pressed, timeout=2_000):
        QTest.keyClick(quick(window), Qt.Key.Key_Escape)
    assert measured == []


def test_within_a_tool_the_map_is_dragged_by_the_middle_button_and_with_space(
    window: MapWidget, measured: list[Measured]
) -> None:
    window.tools.take("select")
    before = window.view.lon
    _drag(window, (300, 200), (200, 200), MIDDLE)
    moved = window.view.lon
    assert moved > before
    assert window.locked
    QTest.keyPress(quick(window), Qt.Key.Key_Space)
    _drag(window, (300, 200), (200, 200))
    QTest.keyRelease(quick(window), Qt.Key.Key_Space)
    assert window.view.lon > moved
    assert len(window.selecting.selection) == 0
    still = window.view.lon
    _drag(window, (300, 200), (200, 300))
    assert window.view.lon == still


def test_clicks_and_boxes_select_and_keys_add_and_toggle(
    window: MapWidget, store: FeatureStore, measured: list[Measured]
) -> None:
    _two(window, store)
    told: list[list[str]] = []
    ids = window.selecting.selection.ids
    window.selection_changed.connect(lambda _picked: told.append(ids()))
    window.tools.take("select")
    _click(window, 220, 240)
    assert told[-1] == ["left"]
    _click(window, 420, 240, SHIFT)
    assert sorted(told[-1]) == ["left", "right"]
    _click(window, 220, 240, CTRL)
    assert told[-1] == ["right"]
    _drag(window, (180, 200), (260, 280))
    assert told[-1] == ["left"]
    ringed = window.stage.state.selection
    assert ringed is not None
    assert [store.ids[row] for row in ringed.rows] == ["left"]
    _drag(window, (180, 200), (460, 280), keys=CTRL)
    assert told[-1] == ["right"]
    store.remove(["right"])
    window.features_changed()
    assert told[-1] == []


def test_what_is_not_shown_is_not_selected_and_is_counted(
    window: MapWidget, store: FeatureStore, measured: list[Measured]
) -> None:
    _two(window, store)
    lon, lat = window.view.lonlat_from_screen(300, 260)
    store.upsert([Feature("hidden", "sensor", "", lon, lat)])
    window.set_visible_kinds(frozenset({"camera"}))
    window.tools.take("select_polygon")
    for x, y in ((150, 150), (500, 150), (500, 350), (150, 350)):
        _click(window, x, y)
    QTest.keyClick(quick(window), Qt.Key.Key_Return)
    assert sorted(window.selecting.selection.ids()) == ["left", "right"]
    assert window.selecting.left_out == 1


def test_a_circle_is_dragged_from_its_middle(
    window: MapWidget, store: FeatureStore, measured: list[Measured]
) -> None:
    _two(window, store)
    window.tools.take("select_radius")
    _drag(window, (240, 240), (300, 240))
    assert window.selecting.selection.ids() == ["left"]
    _click(window, 600, 400)  # no circle, so nothing is changed
    assert window.selecting.selection.ids() == ["left"]


def test_with_ctrl_a_corner_is_where_the_feature_is(
    window: MapWidget, store: FeatureStore, measured: list[Measured]
) -> None:
    _two(window, store)
    window.tools.take("measure_distance")
    _click(window, 223, 242, CTRL)
    _click(window, 418, 239, CTRL)
    QTest.keyClick(quick(window), Qt.Key.Key_Return)
    left, right = store.feature("left"), store.feature("right")
    assert left is not None
    assert right is not None
    assert measured[0].corners == ((left.lon, left.lat), (right.lon, right.lat))

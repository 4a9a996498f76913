"""The tools of a map window with their panel: every action does something, by real events."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions_map import map_buttons, tool_actions
from app.controllers.map_places import MapPlacesController
from app.controllers.map_tools import MapToolsController
from app.controllers.printing import PrintController
from app.user_notes import UserNotes
from layers.model import measure
from layers.model.features import Feature, FeatureStore
from layers.model.places import NamedPlace, Places
from layers.render.map_widget import MapWidget
from services.domain.model import Link, Severity
from services.packs.loader import default_directory, load
from tests.images.onscreen import LAT, LON, map_window, quick_view, wait
from tests.widgets.seen import words
from widgets.expression_edit import ExpressionEdit
from widgets.map_panel import MapPanel
from widgets.theme import Theme

CATALOGUE = load(default_directory())
NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def chart(qapp: QApplication) -> Iterator[MapWidget]:
    with map_window(FeatureStore(tuple(CATALOGUE.kinds.values()))) as widget:
        yield widget


class Now:
    """Operations that are carried out at once."""

    def run(self, work, done, _failed=None, **_owner) -> None:
        done(work())


class Bench:
    """A map, its panel and its tools, without a session behind them."""

    def __init__(self, chart: MapWidget, qtbot: QtBot) -> None:
        self.owner = QObject()
        self.chart = chart
        self.panel = MapPanel(Theme.load())
        qtbot.addWidget(self.panel)
        corners = [[LON - 0.01, LAT], [LON + 0.01, LAT]]
        self.parts = SimpleNamespace(
            theme=Theme.load(),
            catalogue=CATALOGUE,
            lang="en",
            notes=UserNotes(),
            operations=Now(),
            places=Places([(NamedPlace("湟水河", "river", LON, LAT), np.array(corners))]),
        )
        model = SimpleNamespace(store=chart.store, now=lambda: 1_000.0)
        self.session = SimpleNamespace(model=model)
        need: Any = (self.parts, self.session)
        self.tools = MapToolsController(*need, chart, self.panel, self.owner)
        self.said: list[str] = []
        self.tools.said.connect(self.said.append)

    def put(self, *features: Feature) -> None:
        self.chart.store.upsert(features)
        self.chart.features_changed()
        wait(lambda: self.chart.stage.drawn is not None and len(self.chart.stage.drawn.radius) > 0)

    def click(self, x: float, y: float) -> None:
        QTest.mouseClick(quick_view(self.chart), LEFT, NO_KEY, QPoint(round(x), round(y)))


@pytest.fixture
def bench(chart: MapWidget, qtbot: QtBot) -> Bench:
    return Bench(chart, qtbot)


def test_every_action_of_the_tools_is_carried_out_and_every_button_is_one(bench: Bench) -> None:
    parts: Any = bench.parts
    places = MapPlacesController(parts, parts, bench.chart, bench.panel, bench.owner)
    printing = PrintController(parts, parts, bench.chart, bench.owner)
    own = [*bench.tools.actions, *places.actions, *printing.actions]
    assert sorted(own) == sorted(a.id for a in tool_actions())
    for name, act in bench.tools.actions.items():
        act()
        assert bench.chart.tools.active in ("pan", name) or name not in bench.chart.tools.ids()
    assert {button["id"] for button in map_buttons()} <= {a.id for a in tool_actions()}


def test_a_click_lists_marks_areas_and_names_of_the_base_map(bench: Bench) -> None:
    ring = tuple((LON + dx, LAT + dy) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)))
    bench.put(
        Feature("cam", "camera", "Roof", LON, LAT, Severity.MAJOR, Link.ONLINE),
        Feature("grid", "responsibility_grid", "Grid 7", LON, LAT, rings=(ring,)),
    )
    bench.tools.actions["identify"]()
    bench.click(320, 240)
    assert bench.panel.page == "here"
    tree = bench.panel.findChild(QObject, "found")
    tops = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    names = {top.text(0): [top.child(i).text(0) for i in range(top.childCount())] for top in tops}
    label = {kind.id: kind.label.text("en") for kind in CATALOGUE.kinds.values()}
    assert names[label["camera"]] == ["Roof"]
    assert names[label["responsibility_grid"]] == ["Grid 7"]
    assert list(names)[-1] == "Base map"
    assert names["Base map"] == ["湟水河"]


def test_what_is_selected_is_told_and_kept_to_one_kind(bench: Bench) -> None:
    bench.put(
        Feature("a", "camera", "A", LON - 0.002, LAT, link=Link.ONLINE),
        Feature("b", "camera", "B", LON + 0.002, LAT, link=Link.ONLINE),
        Feature("c", "rain_gauge", "C", LON, LAT + 0.002, link=Link.ONLINE),
    )
    bench.tools.actions["select_view"]()
    assert bench.panel.page == "selection"
    assert "3 selected" in words(bench.panel)
    bench.tools._only("camera")
    assert sorted(bench.chart.selecting.selection.ids()) == ["a", "b"]
    bench.tools.actions["select_invert"]()
    assert bench.chart.selecting.selection.ids() == ["c"]
    bench.tools.actions["select_zoom"]()
    assert bench.chart.view.screen_from_lonlat(LON, LAT + 0.002) == pytest.approx((320, 240), abs=1)
    bench.tools.actions["select_clear"]()
    bench.tools.actions["select_zoom"]()
    assert bench.said == ["Nothing is selected."]


def test_measurements_stay_on_the_map_until_they_are_cleared(bench: Bench) -> None:
    bench.tools.actions["measure_distance"]()
    for _ in range(2):
        bench.click(200, 200)
        bench.click(300, 200)
        QTest.keyClick(quick_view(bench.chart), Qt.Key.Key_Return)
    assert len(bench.chart.stage.kept) == 2
    assert bench.panel.page == "measured"
    bench.tools.actions["measure_clear"]()
    assert bench.chart.stage.kept == ()


def test_an_expression_selects_what_is_shown_and_says_why_it_cannot_be_read(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.put(
        Feature("a", "camera", "A", LON - 0.002, LAT, link=Link.ONLINE, attrs={"height": 4}),
        Feature("b", "camera", "B", LON + 0.002, LAT, link=Link.ONLINE, attrs={"height": 9}),
        Feature("c", "rain_gauge", "C", LON, LAT + 0.002, link=Link.ONLINE, attrs={"height": 9}),
    )
    bench.chart.set_visible_kinds(frozenset({"camera"}))
    bench.tools.actions["select_expression"]()
    line = bench.panel.findChild(ExpressionEdit)
    assert isinstance(line, ExpressionEdit)
    qtbot.keyClicks(line, "height > 5")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert bench.chart.selecting.selection.ids() == ["b"]
    assert any(text.startswith("1 more lie there") for text in words(bench.panel))
    line.setText("height >")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert bench.chart.selecting.selection.ids() == ["b"]
    assert any("expression" in text or "value" in text for text in words(bench.panel))
    line.setText("height > 50")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert bench.chart.selecting.selection.ids() == []
    assert "Nothing that is shown is like this." in words(bench.panel)


def test_a_dispatch_begins_in_the_middle_of_the_selection(bench: Bench) -> None:
    bench.put(
        Feature("a", "camera", "A", LON - 0.002, LAT),
        Feature("b", "camera", "B", LON + 0.004, LAT),
    )
    asked: list[tuple[float, float]] = []
    bench.tools.incident_requested.connect(lambda lon, lat: asked.append((lon, lat)))
    bench.tools.actions["select_incident"]()
    assert bench.said == ["Nothing is selected."]
    bench.chart.set_selection(["a", "b"])
    bench.tools.actions["select_incident"]()
    assert asked == [(pytest.approx(LON + 0.001), pytest.approx(LAT))]


def test_units_are_kept_and_measurements_come_back(bench: Bench) -> None:
    bench.tools._measures.units_changed.emit("m", "mu")
    assert (bench.parts.notes.notes.length_unit, bench.parts.notes.notes.area_unit) == ("m", "mu")
    line = measure.line([(LON, LAT), (LON + 0.01, LAT)])
    bench.tools.set_measured((line,))
    assert bench.tools.measured == (line,)
    assert len(bench.chart.stage.kept) == 1

"""Going to places, reading them off, keeping views: by real keys and clicks on a real map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from app import finder as finders
from app.bridge import ThreadBridge
from app.controllers.map_places import MapPlacesController
from app.finder import Finder
from app.operations import Operations
from app.user_notes import UserNotes
from layers.model import coordinates
from layers.model.features import Feature, FeatureStore
from layers.model.places import NamedPlace, Places
from layers.render.map_widget import MapWidget
from services.packs.loader import default_directory, load
from tests.images.onscreen import LAT, LON, map_window, quick_view, wait
from widgets.goto_box import GotoBox
from widgets.map_panel import MapPanel
from widgets.search_box import SearchResult
from widgets.symbols import Mark
from widgets.theme import Theme

CATALOGUE = load(default_directory())
CAMERA = "63010200001320000001"
HOME = (LON - 0.1, LAT - 0.1, LON + 0.1, LAT + 0.1)
NO_KEY = Qt.KeyboardModifier.NoModifier


class Now:
    """Operations that are carried out at once."""

    def run(self, work, done, _failed=None, **_owner) -> None:
        done(work())


@pytest.fixture
def chart(qapp: QApplication) -> Iterator[MapWidget]:
    store = FeatureStore(tuple(CATALOGUE.kinds.values()))
    store.upsert(
        [
            Feature(CAMERA, "camera", "康乐十字东", LON, LAT),
            Feature("unit_grid:63010200100107", "unit_grid", "东关 07", LON, LAT),
            Feature("case:1125-00008", "case", "暴露垃圾", LON, LAT),
        ]
    )
    with map_window(store) as widget:
        yield widget


class Bench:
    def __init__(self, chart: MapWidget, qtbot: QtBot) -> None:
        named = NamedPlace("湟水河", "river", LON, LAT)
        theme = Theme.load()
        places = Places([(named, np.array([[LON, LAT], [LON + 0.01, LAT]]))])
        self.finder = Finder(chart.store, CATALOGUE, places, theme, "en", HOME)
        self.notes = UserNotes()
        self.chart = chart
        self.panel = MapPanel(theme)
        qtbot.addWidget(self.panel)
        self.owner = QObject()
        parts: Any = SimpleNamespace(
            theme=theme, places=places, notes=self.notes, operations=Now(), lang="en"
        )
        self.places = MapPlacesController(parts, self.finder, chart, self.panel, self.owner)
        self.said: list[str] = []
        self.chosen: list[str] = []
        self.places.said.connect(self.said.append)
        self.places.chosen.connect(self.chosen.append)

    @property
    def box(self) -> GotoBox:
        (box,) = self.chart.findChildren(GotoBox)
        return box

    def type(self, text: str) -> None:
        self.places.actions["go_to"]()
        QGuiApplication.clipboard().setText(text)  # no key types a Chinese character
        QTest.keyClick(self.box.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(self.box.edit, Qt.Key.Key_Return)

    def middle(self) -> tuple[float, float]:
        return self.chart.view.lon, self.chart.view.lat


@pytest.fixture
def bench(chart: MapWidget, qtbot: QtBot) -> Bench:
    return Bench(chart, qtbot)


def test_what_is_typed_is_gone_to_and_marked(bench: Bench) -> None:
    bench.type("101.79, 36.61")
    assert bench.middle() == pytest.approx((101.79, 36.61), abs=1e-9)
    assert bench.chart.has_pin
    assert not bench.box.isVisible()
    bench.places.actions["pin_clear"]()
    assert not bench.chart.has_pin


def test_a_datum_is_chosen_and_remembered(bench: Bench) -> None:
    bench.places.actions["go_to"]()
    QTest.mouseClick(bench.box._datums["gcj02"], Qt.MouseButton.LeftButton)
    bench.type("101.79, 36.61")
    expected = bench.finder.target(bench.finder.find("gcj02 101.79, 36.61")[0].id)
    assert expected is not None
    assert bench.middle() == pytest.approx((expected.lon, expected.lat), abs=1e-9)
    assert bench.notes.notes.typed_datum == "gcj02"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (CAMERA, CAMERA),
        ("1125-00008", "case:1125-00008"),
        ("63010200100107", "unit_grid:63010200100107"),
        ("klszd", CAMERA),
        ("康乐", CAMERA),
    ],
)
def test_codes_grids_names_and_initials_open_what_they_name(
    bench: Bench, typed: str, found: str
) -> None:
    bench.type(typed)
    assert bench.chosen == [found]
    assert not bench.chart.has_pin


def test_a_name_of_the_base_map_is_marked_and_nothing_says_so(bench: Bench) -> None:
    bench.type("hsh")
    assert bench.middle() == pytest.approx((LON, LAT), abs=1e-6)
    assert bench.chart.has_pin
    bench.type("no such thing")
    assert bench.box.isVisible()
    assert bench.chosen == []


def test_ambiguous_text_shows_its_choices(bench: Bench) -> None:
    names = [r.name for r in bench.finder.find("87.6, 43.8")]
    assert names == ["87.60000° E  43.80000° N  CGCS2000", "43.80000° E  87.60000° N  CGCS2000"]
    details = [r.detail for r in bench.finder.find("4052345, 572345")]
    meridians = [re.search(r"meridian (\d+)°", d) for d in details]
    assert [m[1] for m in meridians if m] == ["102", "99", "105"]


def test_coordinates_are_read_and_copied_in_the_chosen_form(bench: Bench) -> None:
    QTest.mouseMove(quick_view(bench.chart), QPoint(300, 200))
    QTest.mouseMove(quick_view(bench.chart), QPoint(200, 100))
    place = bench.chart.view.lonlat_from_screen(200, 100)
    wait(lambda: bench.chart.pointer_place == place)  # the read-out follows at its own pace
    bench.places._take_form("zone")
    shown = quick_view(bench.chart).rootObject().property("coordinates")
    assert shown == coordinates.written(*place, "zone")
    bench.places.actions["copy_coordinates"]()
    copied = QGuiApplication.clipboard().text()
    assert copied == coordinates.copied(*place, "zone")
    assert copied in bench.said[-1]
    assert bench.notes.notes.coordinates == "zone"


def test_the_menu_of_a_place_copies_marks_and_begins_a_dispatch(bench: Bench, qtbot: QtBot) -> None:
    asked: list[tuple[float, float]] = []
    bench.places.incident_requested.connect(lambda x, y: asked.append((x, y)))
    at = bench.chart.view.lonlat_from_screen(150, 120)

    def open_menu() -> Any:
        QTest.mouseClick(
            quick_view(bench.chart), Qt.MouseButton.RightButton, NO_KEY, QPoint(150, 120)
        )
        menu = bench.places._menu
        assert menu is not None
        qtbot.waitUntil(menu.isVisible, timeout=2_000)
        return menu

    qtbot.keyClick(open_menu(), Qt.Key.Key_Return)
    assert asked == [at]
    menu = open_menu()
    (copy,) = (a.menu() for a in menu.actions() if a.menu() is not None)
    assert len(copy.actions()) == 5
    copy.actions()[3].trigger()
    assert QGuiApplication.clipboard().text() == coordinates.copied(*at, "gcj02")
    menu.close()


def test_a_view_is_kept_named_gone_to_and_removed(bench: Bench) -> None:
    bench.chart.set_view(LON, LAT, 15.5)
    bench.places.actions["bookmark_add"]()
    view = bench.places._bookmarks
    assert bench.places.bookmarks == ["湟水河"]
    view.list.item(0).setText("  河堤  ")
    assert bench.places.bookmarks == ["河堤"]
    view.list.item(0).setText("   ")  # no name at all is no name
    assert bench.places.bookmarks == ["河堤"]
    assert view.list.item(0).text() == "河堤"
    bench.chart.set_view(101.0, 36.0, 9.0)
    bench.places.go_to_bookmark(0)
    assert (*bench.middle(), bench.chart.view.zoom) == pytest.approx((LON, LAT, 15.5))
    bench.places.go_to_bookmark(7)
    view.list.setCurrentRow(0)
    view._removed()
    assert bench.places.bookmarks == []


def test_the_map_is_shown_at_a_scale_that_is_typed(bench: Bench) -> None:
    bench.places.actions["scale"]()
    (dialog,) = bench.chart.findChildren(QInputDialog)
    dialog.setIntValue(10_000)
    dialog.accept()
    assert bench.chart.scale_number == pytest.approx(10_000, rel=1e-6)
    assert bench.middle() == pytest.approx((LON, LAT), abs=1e-9)


def test_what_lies_outside_of_the_district_says_how_far_off_it_is(bench: Bench) -> None:
    (far,) = bench.finder.find("-33.86, 151.2")
    assert "outside of the district, 9," in far.detail or "outside of the district, 9" in far.detail
    west, south, east, north = bench.finder._home
    (near,) = bench.finder.find(f"{(west + east) / 2:.6f}, {(south + north) / 2:.6f}")
    assert "outside" not in near.detail


def test_a_million_names_are_looked_through_by_a_worker_and_the_last_question_counts(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finders, "AT_ONCE", 0)
    bridge = ThreadBridge()
    operations = Operations(bridge)
    chart = bench.chart
    finder = finders.Finder(
        chart.store, CATALOGUE, Places(()), Theme.load(), "en", HOME, operations
    )
    shown: list[list[str]] = []

    def show(results: list[SearchResult]) -> None:
        shown.append([r.name for r in results])

    chart.store.upsert([Feature("x:1", "camera", "康乐十字", 101.8, 36.6)])
    try:
        finder.ask("nothing like it", "wgs84", show, chart)
        finder.ask("klsz", "wgs84", show, chart)
        assert shown == []
        qtbot.waitUntil(lambda: bool(shown), timeout=5_000)
        assert [names[0] for names in shown] == ["康乐十字"]
        finder.ask("klsz", "wgs84", show, chart)
        finder.ask("", "wgs84", show, chart)
        assert shown[1:] == [[]], "nothing typed is shown at once"
        operations.close()
        qtbot.wait(50)
        assert len(shown) == 2, "what was asked before has no place any more"
    finally:
        operations.close()
        bridge.close()


def test_enter_takes_what_was_typed_when_it_is_found_later(bench: Bench, qtbot: QtBot) -> None:
    box = GotoBox(Theme.load(), bench.chart)
    asked: list[str] = []
    chosen: list[str] = []
    box.typed.connect(lambda text, _datum: asked.append(text))
    box.chosen.connect(chosen.append)
    box.open_empty()
    mark = Mark("circle", Theme.load().color("normal"))
    box.set_results([SearchResult("old", "old", "", mark)])
    qtbot.keyClicks(box.edit, "new")
    qtbot.keyClick(box.edit, Qt.Key.Key_Return)
    assert (asked, chosen) == (["new"], [])
    box.set_results([SearchResult("new", "new", "", mark)])
    assert chosen == ["new"]
    box.deleteLater()

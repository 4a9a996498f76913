"""The panel of the map's tools: what its pages say, and what they ask for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from layers.model import measure
from tests.widgets.seen import press, words
from widgets.identify_view import SHOWN_IN_LAYER, FoundThing, IdentifyView
from widgets.map_panel import MapPanel
from widgets.measure_view import MeasureView
from widgets.selection_view import KindPart, SelectionView
from widgets.theme import Theme

LINE = [(101.80, 36.60), (101.81, 36.60), (101.81, 36.61)]


def test_a_selection_is_told_by_kind_with_what_was_left_out(qtbot: QtBot, theme: Theme) -> None:
    view = SelectionView(theme)
    qtbot.addWidget(view)
    view.add_action("select_zoom", "Zoom to", "")
    view.show()
    assert not view.findChildren(QPushButton)[0].isEnabled()
    assert any("Nothing is selected" in text for text in words(view))
    view.set_selection([KindPart("camera", "Cameras", 1_020), KindPart("case", "Cases", 36)], 12)
    said = words(view)
    assert "1,056 selected" in said
    assert any(text.startswith("12 more") for text in said)
    with qtbot.waitSignal(view.kind_chosen, timeout=1_000) as chosen:
        press(qtbot, view, "1,020   Cameras")
    assert chosen.args == ["camera"]
    with qtbot.waitSignal(view.asked, timeout=1_000) as asked:
        press(qtbot, view, "Zoom to")
    assert asked.args == ["select_zoom"]


def test_what_lies_here_stands_under_its_layer_and_opens(qtbot: QtBot, theme: Theme) -> None:
    view = IdentifyView(theme)
    qtbot.addWidget(view)
    view.show()
    many = [FoundThing("Cameras", f"c{i}", f"camera {i}") for i in range(SHOWN_IN_LAYER + 3)]
    view.set_found("101.8, 36.6", [*many, FoundThing("Base map", "", "湟水河", "River")])
    tops = [view.tree.topLevelItem(i) for i in range(view.tree.topLevelItemCount())]
    assert [(top.text(0), top.text(1)) for top in tops] == [("Cameras", "203"), ("Base map", "1")]
    assert tops[0].child(SHOWN_IN_LAYER).text(0).startswith("and 3 more")
    view.tree.setFocus()
    with qtbot.waitSignal(view.chosen, timeout=1_000) as chosen:
        qtbot.keyClick(view.tree, Qt.Key.Key_Return)
    assert chosen.args == ["c0"]
    view.set_found("101.8, 36.6", [])
    assert any("Nothing that is shown" in text for text in words(view))


def test_measurements_are_written_in_a_chosen_unit_and_copied(qtbot: QtBot, theme: Theme) -> None:
    view = MeasureView(theme)
    qtbot.addWidget(view)
    view.show()
    view.set_measured([measure.line(LINE[:2]), measure.area(LINE)])
    area, line = measure.area(LINE), measure.line(LINE[:2])
    assert measure.area_words(area.area_m2 or 0.0) in words(view)
    combo = view.findChildren(QComboBox)[1]
    with qtbot.waitSignal(view.units_changed, timeout=1_000) as units:
        qtbot.keyClick(combo, Qt.Key.Key_Down)
        while combo.currentText() != "mu":
            qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert units.args[0] == "auto"
    acres = measure.area_words(area.area_m2 or 0.0, "mu", mu="mu")
    assert acres in words(view)
    press(qtbot, view, "Copy all")
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == measure.length_words(line.length_m)
    assert copied[1].startswith(acres)


def test_one_page_at_a_time_and_closed_when_done(qtbot: QtBot, theme: Theme) -> None:
    panel = MapPanel(theme)
    qtbot.addWidget(panel)
    first, second = IdentifyView(theme), MeasureView(theme)
    panel.add_page("here", "Here", first)
    panel.add_page("measured", "Measured", second)
    panel.set_title("here", "Here (3)")
    panel.show_page("measured")
    assert (panel.page, second.isVisible(), first.isVisible()) == ("measured", True, False)
    assert panel.tabs.tabText(0) == "Here (3)"
    at = panel.tabs.tabRect(0).center()
    qtbot.mouseClick(panel.tabs, Qt.MouseButton.LeftButton, pos=at)
    assert panel.page == "here"
    for number in range(8):  # however many there are, a panel stays as narrow as its column
        panel.add_page(f"more {number}", "A long name of a page", MeasureView(theme))
    assert panel.minimumSizeHint().width() < 330
    with qtbot.waitSignal(panel.closed, timeout=1_000):
        press(qtbot, panel, "Close")
    assert panel.page == ""

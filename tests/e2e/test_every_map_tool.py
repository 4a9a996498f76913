"""Every tool of the map in turn with the X pointer: shapes end by double and by right click."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeView

from layers.model import measure
from layers.render.map_widget import MapWidget
from tests.e2e.hands import RIGHT, Hands, marks, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import camera, place, town
from tests.harness import HubProcess

PICTURES = os.environ.get("ONEMAP_TEST_PICTURES", "")
"""Where to keep pictures of the steps, for somebody who wants to look at them."""


def crowd() -> list[dict[str, object]]:
    """A grid of cameras round the town."""
    return [
        camera(100 + 20 * i + j, f"C{i}-{j}", (i - 10) * 0.002, (j - 10) * 0.0013)
        for i in range(20)
        for j in range(20)
    ]


def test_shapes_are_drawn_end_and_select_or_measure(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town(), *crowd())
    window = desk(console(hub))
    chart = window.map
    hands.until(lambda: len(chart.store) >= 400, "the crowd")
    hands.to_front(window)
    chart.set_view(*place(), 15)
    hands.until(lambda: marks(chart) > 100, "marks")

    def at(east: float, north: float = 0.0) -> QPoint:
        return QPointF(*chart.view.screen_from_lonlat(*place(east=east, north=north))).toPoint()

    def seen(name: str) -> None:
        if PICTURES:
            QTest.qWait(250)
            window.screen().grabWindow(0).save(str(Path(PICTURES) / f"{name}.png"))

    hands.click(chart, at(0.0005, 0.0003))  # the map has the keyboard
    # a rectangle, and more with Shift
    hands.key("v")
    hands.drag(chart, at(-0.009, 0.004), at(-0.003, -0.004))
    hands.until(lambda: len(chart.selecting.selection) > 0, "a rectangle's things")
    first = len(chart.selecting.selection)
    seen("rectangle")
    # an outline, ended by a double click
    hands.key("p")
    hands.until(lambda: chart.tools.active not in ("pan", "select"), "the outline in hand")
    corners = [at(0.001, 0.004), at(0.009, 0.003), at(0.007, -0.004), at(0.002, -0.003)]
    for corner in corners:
        hands.click(chart, corner)
    seen("outline-drawn")
    hands.key("Return")
    hands.until(lambda: len(chart.selecting.selection) not in (0, first), "an outline's things")
    seen("outline")
    # a circle
    hands.key("r")
    hands.drag(chart, at(0.0, 0.0), at(0.004, 0.0))
    hands.until(lambda: len(chart.selecting.selection) > 0, "a circle's things")
    seen("circle")
    # a distance, ended by a right click
    hands.key("m")
    for corner in (at(-0.008, 0.0025), at(0.0, 0.0035), at(0.008, 0.0025)):
        hands.click(chart, corner)
    seen("distance-drawn")
    hands.click(chart, at(0.008, 0.0025), RIGHT)
    hands.until(lambda: len(chart.stage.kept) == 1, "the distance is kept")
    run = chart.stage.kept[0].line
    metres = sum(measure.distance(a, b) for a, b in itertools.pairwise(run))
    assert reads(window.tools, measure.length_words(metres))
    # an area
    hands.key("shift+m")
    for corner in corners:
        hands.click(chart, corner)
    hands.key("Return")
    hands.until(lambda: len(chart.stage.kept) == 2, "the area is kept")
    seen("area")
    # what is here, also through a click on several
    hands.key("i")
    hands.click(chart, at(0.002 * 2, 0.0013 * 2))
    hands.until(lambda: window.tools.page == "here", "what is here")
    (tree,) = [t for t in window.tools.findChildren(QTreeView) if t.isVisible()]
    hands.until(lambda: "C12-12" in _lines(tree), "the thing under the pointer")
    seen("identify")
    hands.key("Escape", "Escape")
    hands.until(lambda: chart.tools.is_panning, "no tool in hand")
    # a place is kept, left, and gone back to
    _bookmarks(hands, chart, window, at, seen)


def _lines(tree: QTreeView) -> str:
    """All that stands in a tree."""
    model, found, waiting = tree.model(), [], [QModelIndex()]
    while waiting:
        parent = waiting.pop()
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            found.append(str(index.data()))
            waiting.append(index)
    return "\n".join(found)


def _bookmarks(hands, chart: MapWidget, window, at, seen) -> None:  # type: ignore[no-untyped-def]  # the test's own pieces
    kept = chart.view.lon, chart.view.lat
    hands.key("ctrl+b")
    hands.until(lambda: window.tools.page == "bookmarks", "the bookmarks")
    hands.type("Gate")
    hands.key("Return")
    seen("bookmark")
    hands.drag(chart, at(0.004, 0.0), at(-0.004, 0.0))
    hands.until(lambda: abs(chart.view.lon - kept[0]) > 1e-4, "the map was dragged")
    away = chart.view.lon
    hands.key("alt+Left")
    hands.until(lambda: abs(chart.view.lon - kept[0]) < 1e-6, "back")
    hands.key("alt+Right")
    hands.until(lambda: abs(chart.view.lon - away) < 1e-6, "forward again")
    hands.key("ctrl+shift+b")
    hands.key("Home", "Return")
    hands.until(lambda: abs(chart.view.lon - kept[0]) < 1e-6, "the view that was kept")
    seen("bookmark-taken")

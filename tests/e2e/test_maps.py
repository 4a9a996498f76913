"""Several maps over one store, and layers that outlive the console."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QPoint, QPointF

from app.console import Console
from app.windows.map import MapWindow
from layers.model import layer_edit as edit
from tests.e2e.hands import Hands, mark_at, marks, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import place, town
from tests.harness import HubProcess


def further(one: Console, name: str = "map-2") -> MapWindow:
    window = one.windows[name]
    assert isinstance(window, MapWindow)
    return window


def test_a_further_map_has_its_own_layers_and_view_and_shares_what_is_selected(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub)
    window = desk(one)
    hands.until(lambda: len(one.live.model.entities) == 6, "the town")
    window.map.set_view(*place(), 15)
    hands.to_front(window)
    hands.key("ctrl+shift+m")
    hands.until(lambda: "map-2" in one.windows, "a second map")
    second = further(one)
    assert second.windowTitle().startswith("Map 2")
    second.map.set_view(*place(), 15)
    hands.until(lambda: marks(second.map) == 6, "the same things")
    layers = second.layers.layers
    second.layers.edit(edit.changed(layers, "camera", filter="name like '%mill%'"))
    hands.until(lambda: marks(second.map) == 4, "the second map without cameras")
    hands.until(lambda: "2 filtered out" in second.layers._filtered.text(), "what is filtered out")
    assert marks(window.map) == 6
    window.map.set_selection(["camera:0001"])
    assert second.map.selecting.selection.ids() == ["camera:0001"]
    second.map.feature_clicked.emit("level_sensor:0001")
    assert window.map.stage.state.selected == "level_sensor:0001"
    assert second.map.stage.state.selected == "level_sensor:0001"
    second.close()
    hands.until(lambda: "map-2" not in one.windows, "the map's end")
    hands.until(lambda: not shiboken6.isValid(second), "nothing left of it")
    window.act("new_map")
    again = further(one)
    hands.until(lambda: again.layers.layers.node("camera") is not None, "its layers")
    node = again.layers.layers.node("camera")
    assert getattr(node, "filter", "") == "name like '%mill%'"
    assert mark_at(window.map, *place(north=0.004))


def test_a_further_map_has_all_tools_with_keys_and_mouse(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub)
    desk(one).act("new_map")
    hands.until(lambda: "map-2" in one.windows, "a second map")
    window = further(one)
    chart = window.map
    hands.to_front(window)
    chart.set_view(*place(), 15)
    hands.until(lambda: marks(chart) == 6, "the things")

    def at(east: float, north: float = 0.0) -> QPoint:
        return QPointF(*chart.view.screen_from_lonlat(*place(east=east, north=north))).toPoint()

    hands.click(chart, at(0.0, 0.002))  # the map has the keyboard
    hands.key("g")
    hands.until(lambda: chart.tools.active == "route", "the route tool")
    hands.click(chart, at(-0.006, 0.001))
    hands.click(chart, at(0.006, -0.001))
    hands.until(lambda: chart.stage.state.paths.get("route"), "the way on this map")
    assert reads(window.tools, "km") or reads(window.tools, " m")
    assert not desk(one).map.stage.state.paths.get("route")
    hands.key("t")
    hands.click(chart, at(0.0, 0.003))
    hands.until(lambda: chart.stage.state.areas.get("reach"), "how far one drives")
    hands.key("v")
    hands.drag(chart, at(-0.01, 0.005), at(0.01, -0.005))
    hands.until(lambda: reads(window.tools, "6 selected"), "the selection here")
    assert len(desk(one).map.selecting.selection) == 6
    hands.key("i")
    hands.click(chart, at(-0.008))
    hands.until(lambda: window.tools.page == "here", "what is here")
    hands.key("m")
    hands.click(chart, at(-0.004, 0.002))
    hands.click(chart, at(0.004, 0.002))
    hands.key("Return")
    hands.until(lambda: window.tools.page == "measured", "the measurement")
    window.act("close_road")
    hands.until(lambda: chart.tools.active == "close_road", "a closure to be placed")
    hands.click(chart, at(0.0, 0.002))
    hands.until(lambda: chart.stage.state.areas.get("close_road"), "what is to be closed")
    hands.key("ctrl+t")
    hands.until(lambda: not chart.stage.under.with_trails, "trails put away")
    hands.key("F6")
    hands.until(lambda: any(name.startswith("table") for name in one.windows), "the table")

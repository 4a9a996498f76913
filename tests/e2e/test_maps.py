"""Several maps over one store, and layers that outlive the console."""

from __future__ import annotations

import shiboken6

from app.console import Console
from app.windows.map import MapWindow
from layers.model import layer_edit as edit
from tests.e2e.hands import Hands, mark_at, marks
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

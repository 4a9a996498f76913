"""The map's tools at a desk with a hub: select, measure, identify, go to, by mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from layers.model import measure
from tests.e2e.hands import Hands, marks, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import place, town
from tests.harness import HubProcess
from widgets.goto_box import GotoBox


def test_tools_are_taken_by_keys_used_by_the_mouse_and_laid_away_by_escape(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    window = desk(console(hub))
    chart = window.map
    hands.until(lambda: len(chart.store) >= 6, "the town")
    hands.to_front(window)
    chart.set_view(*place(), 15)
    hands.until(lambda: marks(chart) == 6, "all marks")

    def at(east: float, north: float = 0.0) -> QPointF:
        return QPointF(*chart.view.screen_from_lonlat(*place(east=east, north=north)))

    hands.click(chart, at(0.0, 0.002).toPoint())  # the map has the keyboard
    hands.key("v")
    hands.until(lambda: chart.tools.active == "select", "the tool in hand")
    hands.drag(chart, at(-0.02, 0.005).toPoint(), at(0.02, -0.005).toPoint())
    hands.until(
        lambda: reads(window.tools, f"{len(chart.store)} selected"), "the selection in words"
    )
    hands.key("i")
    hands.click(chart, at(-0.008).toPoint())
    hands.until(lambda: window.tools.page == "here", "what is here")
    hands.key("m")
    hands.click(chart, at(-0.004, 0.002).toPoint())
    hands.click(chart, at(0.004, 0.002).toPoint())
    hands.key("Return")
    hands.until(lambda: window.tools.page == "measured", "the measurement")
    ends = chart.stage.kept[0].line
    metres = measure.distance(ends[0], ends[-1])
    assert reads(window.tools, measure.length_words(metres))
    hands.key("Escape")
    hands.until(lambda: chart.tools.is_panning, "no tool in hand")
    hands.key("ctrl+g")
    (box,) = window.findChildren(GotoBox)
    hands.until(box.edit.hasFocus, "the keyboard in the box")
    lon, lat = place(east=0.01)
    hands.type(f"{lon:.5f}, {lat:.5f}")
    hands.key("Return")
    hands.until(lambda: abs(chart.view.lon - lon) < 1e-4, "the place in the middle")
    assert chart.has_pin

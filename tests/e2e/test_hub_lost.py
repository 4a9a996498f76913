"""kill -9 of the hub while consoles look at it: they say so, and lose nothing when it is back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from app.session import ConsoleSession
from layers.render.map_widget import MapWidget
from tests.e2e.hands import Hands, mark_at, reads, words
from tests.e2e.seats import OpenConsole, desk, stored, wall
from tests.e2e.town import level, place, stock, town
from tests.harness import HubProcess

SENSOR = place(north=0.004)


def tables(session: ConsoleSession) -> dict[str, Any]:
    """Everything a console knows."""
    model = session.model
    parts = (model.entities, model.alarms, model.cases, model.dispatches, model.stock)
    return {str(number): dict(part) for number, part in enumerate(parts)}


def alarm_red(chart: MapWidget) -> bool:
    """Whether the sensor's mark shows the colour of its alarm: somewhere beside its glyph."""
    image, (x, y) = chart.grab_map(), chart.view.screen_from_lonlat(*SENSOR)
    near = [(round(x) + dx, round(y) + dy) for dx in range(-8, 9) for dy in range(-8, 9)]
    pixels = [image.pixelColor(*place) for place in near]
    return any(c.hsvSaturationF() > 0.6 and c.red() > c.green() + c.blue() for c in pixels)


def says_lost(window: QWidget) -> bool:
    """Whether a window says in capitals that what it shows is old."""
    return any(t.startswith(("STALE", "OFFLINE")) for t in words(window))


def test_a_killed_hub_is_said_on_every_window_and_nothing_acknowledged_is_lost(
    hub: HubProcess, console: OpenConsole, hands: Hands, tmp_path: Path
) -> None:
    hub.ingest(*town(), level(0.7))
    case = {"category": "E05-06", "title": "Water", "lon": SENSOR[0], "lat": SENSOR[1]}
    made = hub.command("key-1", "case.create", **case)
    order = {"tasks": [{"entity": "team:0001"}]}
    hub.command("key-2", "dispatch.send", case=made["value"]["case"], **order)
    one = console(hub, windows=("desk", "wall"))
    window, overview = desk(one), wall(one)
    hands.until(lambda: one.live.model.dispatches and one.live.link.state == "live", "the town")
    window.map.set_view(*place(), 15)
    overview.map.set_view(*place(), 15)
    for chart in (window.map, overview.map):
        hands.until(lambda c=chart: mark_at(c, *SENSOR), "the sensor in alarm")
        hands.until(lambda c=chart: alarm_red(c), "its alarm colour")
    hub.ingest(stock(1, "pump", 17))
    hands.until(lambda: one.live.model.stock["warehouse:0001/pump"].on_hand == 17, "the last word")
    before = tables(one.live)

    hub.kill()
    for view, chart in ((window, window.map), (overview, overview.map)):
        hands.until(lambda v=view: says_lost(v), "the words that the hub is away")
        hands.until(lambda c=chart: not alarm_red(c), "a grey map")
    assert tables(one.live) == before  # what was known can still be read
    digest = stored(tmp_path).digest()

    hands.to_front(window)
    hands.incident_at(window.map, *place(east=-0.001))
    hands.click(window.incident.send_button)
    hands.click(window.incident.confirm.yes)
    hands.until(lambda: reads(window.incident, "waits on this desk"), "that the order waits")
    hands.until(lambda: reads(window.waiting, "wait for the line: 1"), "the bar that says so")
    assert stored(tmp_path).digest() == digest

    hub.start()
    for view in (window, overview):
        hands.until(lambda v=view: not says_lost(v), "the end of these words")
    hands.until(lambda: one.live.link.state == "live", "the feed")
    for chart in (window.map, overview.map):
        hands.until(lambda c=chart: alarm_red(c), "the colour again")
    # the order that waited is carried out, once; all else is as it was
    hands.until(lambda: len(one.live.model.cases) == 2, "the case that waited")
    hands.until(lambda: window.waiting.isHidden(), "the end of the waiting")
    after = tables(one.live)
    (new,) = set(one.live.model.cases) - {made["value"]["case"]}
    for number, table in before.items():
        assert {k: v for k, v in after[number].items() if k != new} == table
    assert hub.stop() == 0
    world = stored(tmp_path)
    assert set(world.cases) == {made["value"]["case"], new}

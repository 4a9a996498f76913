"""Ways about a desk: commands by name, back through views, day and night, sounds on a new seat."""

from __future__ import annotations

from app.settings import Settings
from app.windows.desk import DeskWindow
from app.windows.wall import WALL_SCALE
from tests.e2e.hands import Hands, mark_at, reads
from tests.e2e.seats import OpenConsole, desk, wall
from tests.e2e.town import place, town
from tests.harness import HubProcess


def command(hands: Hands, window: DeskWindow, typed: str) -> None:
    """Ctrl+K, a part of the name, Enter."""
    hands.key("ctrl+k")
    hands.until(window.palette_box.isVisible, "the palette")
    hands.type(typed)
    hands.until(lambda: window.palette_box.edit.text() == typed, "the typed words")
    hands.key("Return")


def test_the_map_goes_back_and_forward_and_follows_by_key(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub)
    window = desk(one)
    hands.to_front(window)
    hands.until(lambda: len(one.live.model.entities) == 6, "the town")
    chart = window.map
    first = chart.view.zoom
    chart.set_view(*place(), 15)
    chart.set_view(*place(east=0.01), 17)
    hands.until(lambda: chart.view.zoom == 17, "the second view")
    hands.key("alt+Left")
    hands.until(lambda: round(chart.view.zoom, 3) == 15, "the view before")
    assert chart.locked
    hands.click_map(chart, *place(north=0.0005))  # now the map itself has the keyboard
    hands.key("alt+Left")
    hands.until(lambda: abs(chart.view.zoom - first) < 0.01, "the first view")
    hands.key("alt+Right")
    hands.until(lambda: round(chart.view.zoom, 3) == 15, "forward again")
    hands.key("f")
    hands.until(lambda: not chart.locked and chart.view.zoom == 17, "what was last asked for")


def test_day_colours_for_all_windows_keep_what_was_arranged(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub, windows=("wall", "desk"))
    window, big = desk(one), wall(one)
    hands.to_front(window)
    hands.until(lambda: len(one.live.model.entities) == 6, "the town")
    window.map.set_view(*place(), 15)
    hands.until(lambda: mark_at(window.map, *place(north=0.004)), "the sensor's mark")
    hands.click_map(window.map, *place(north=0.004))
    hands.until(lambda: reads(window.card, "Kangle underpass"), "the card of the sensor")
    window.layers.set_visible_kinds(window.layers.visible_kinds() - {"camera"})
    command(hands, window, "light and dark")
    hands.until(lambda: one.parts.theme.name == "light" and "desk" in one.windows, "day")
    day = desk(one)
    assert day is not window
    assert wall(one) is not big
    assert {day.top.theme.name, wall(one).panel.theme.name} == {"light"}
    hands.until(lambda: reads(day.card, "Kangle underpass"), "the same card")
    assert "camera" not in day.layers.visible_kinds()
    assert (round(day.map.view.lon, 5), day.map.view.zoom) == (place()[0], 15)
    hands.until(lambda: mark_at(day.map, *place(north=0.004)), "the same marks")
    hands.until(lambda: reads(day, "LIVE"), "the state of the feed")
    assert Settings(one._options.data_dir).variant == "light"


def test_day_colours_wait_for_an_open_dispatch(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub)
    window = desk(one)
    hands.to_front(window)
    hands.until(lambda: len(one.live.model.entities) == 6, "the town")
    hands.key("ctrl+n")
    hands.until(window.incident.isVisible, "a dispatch at the middle of the map")
    command(hands, window, "light and dark")
    hands.until(lambda: reads(window.messages, "Send or drop the dispatch first"), "the reason")
    assert one.windows["desk"] is window
    assert window.incident.isVisible()


def test_the_walls_viewing_distance_is_set_by_name_and_kept(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    one = console(hub, windows=("wall", "desk"))
    window = desk(one)
    hands.to_front(window)
    command(hands, window, "from 6 m")
    hands.until(lambda: reads(window.messages, "read from 6 m"), "what it does")
    assert wall(one).panel._distance == 6.0
    again = console(hub, "duty2", windows=("wall",))
    assert wall(again).panel._distance == 6.0


def test_the_walls_map_grows_and_shrinks_with_its_words(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    big = wall(console(hub, windows=("wall",)))
    for width, height in ((1_900, 1_060), (950, 530), (1_900, 1_060)):
        big.showNormal()
        big.resize(width, height)
        hands.until(lambda w=width: big.width() == w, "another size")
        wanted = max(1.0, round(WALL_SCALE * big.panel.scale().factor * 4) / 4)
        hands.until(lambda s=wanted: big.map.stage.atlas.scale == s, "the map in step")
    assert big.map.stage.atlas.scale > 1.0

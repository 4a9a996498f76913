"""Finding things by keyboard, and taking layers off the map."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from tests.e2e.hands import Hands, mark_at, marks, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import camera, place, thing, town
from tests.harness import HubProcess
from widgets.layer_delegate import check_rect


def test_name_number_and_pinyin_initials_find_a_thing_without_the_mouse(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(
        *town(),
        thing("rain_gauge", 1, "康乐十字雨量站", east=0.01),
        camera(7, "Kangle roof", 0.012),
    )
    one = console(hub)
    window = desk(one)
    hands.until(lambda: len(one.live.model.entities) == 8, "the town")
    hands.to_front(window)
    for typed, found, where in (
        ("west", "Kangle crossing west", place(east=-0.008)),
        ("camera:0007", "Kangle roof", place(east=0.012)),
        ("klsz", "康乐十字雨量站", place(east=0.01)),
    ):
        hands.key("slash")
        hands.until(window.top.search.hasFocus, "the keyboard in the search box")
        hands.key("ctrl+a")
        hands.type(typed)
        hands.until(window.top.search.popup.isVisible, f"what was found for {typed}")
        hands.key("Return")
        hands.until(lambda f=found: reads(window.card, f), f"the card of {found}")
        assert window.map.view.zoom == 16
        middle = window.map.view.width / 2, window.map.view.height / 2
        x, y = window.map.view.screen_from_lonlat(*where)
        assert (round(x), round(y)) == (round(middle[0]), round(middle[1]))
        assert window.map.stage.state.selected == one.live.model.store.search(typed, 1)[0]
        hands.click(window.card)


def test_a_layer_that_is_off_is_not_drawn_and_counted_as_hidden(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub)
    window, layers = desk(one), desk(one).layers
    hands.until(lambda: len(one.live.model.entities) == 6, "the town")
    window.map.set_view(*place(), 15)
    hands.until(lambda: marks(window.map) == 6, "all marks")
    box = check_rect(QRectF(layers.tree.visualRect(layers.index_of("camera")))).center().toPoint()
    hands.click(layers.tree.viewport(), box)
    hands.until(lambda: marks(window.map) == 4, "the map without cameras")
    assert not mark_at(window.map, *place(east=-0.004))
    kinds = one.parts.catalogue.kinds.values()
    off = sum(not k.default_visible for k in kinds) + 1  # the packs keep some off at first
    assert reads(layers, f"{off} layers off · 2 hidden")
    hands.key("space")
    hands.until(lambda: mark_at(window.map, *place(east=-0.004)), "the cameras again")
    assert marks(window.map) == 6

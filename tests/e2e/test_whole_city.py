"""The whole demo district, 42,000 things, in one console: nothing is lost on the way to the map."""

from __future__ import annotations

import itertools
import math
import time
from collections import Counter

from services.demo.inventory import build
from services.ingest.seeding import items
from tests.e2e.hands import Hands, button, marks, reads
from tests.e2e.seats import OpenConsole, desk
from tests.harness import HubProcess

BATCH = 5_000


def test_every_thing_of_the_district_is_counted_drawn_and_found(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    demo = build(now=time.time())
    told = items(demo)
    while batch := list(itertools.islice(told, BATCH)):
        hub.ingest(*batch)
    one = console(hub)
    window, model = desk(one), one.live.model
    hands.until(lambda: len(model.entities) == len(demo.entities), "the district")
    kinds = Counter(entity.kind for entity in demo.entities)
    hands.until(
        lambda: {k: model.store.counts()[k].total for k in kinds} == dict(kinds), "all their marks"
    )
    assert reads(window.layers, "hidden")

    window.map.fit(*one.parts.home)
    level = math.floor(window.map.view.zoom)

    def due() -> int:
        """Marks that this zoom shows: of kinds that wait for a closer look, only alarms."""
        styles, now = one.parts.catalogue.kinds, model.store.counts()
        return sum(
            count.total if styles[kind].min_zoom < level + 1 else count.alarmed
            for kind, count in now.items()
            if styles[kind].default_visible and styles[kind].geometry == "point"
        )

    hands.until(lambda: marks(window.map) == due(), "all of it on the map")
    assert marks(window.map) > 3_000

    wanted = next(e for e in demo.entities if e.kind == "camera_eagle")
    hands.to_front(window)
    hands.key("slash")
    hands.until(window.top.search.hasFocus, "the keyboard in the search box")
    hands.type(wanted.id)
    hands.until(window.top.search.popup.isVisible, "what was found")
    hands.key("Return")
    hands.until(lambda: reads(window.card, wanted.name), "its card")
    hands.until(lambda: reads(window.card, "Nearest cameras"), "cameras beside it")
    hands.click(button(window, "Help"))
    hands.until(lambda: "help" in one.windows, "the manual")

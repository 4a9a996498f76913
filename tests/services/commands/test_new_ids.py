"""A number that a source has used for a case of its own is never given a second time."""

from __future__ import annotations

import msgspec

from services.hub.deciding import Decider, command_call
from services.ingest.item_types import Item
from tests.services.small_city import CENTRE, NOW, OFFICER, City


def test_numbers_that_a_source_has_used_are_passed_over() -> None:
    city = City()
    decider = Decider(city.catalogue, city.calendar, city.new_id)
    for number in (1, 2):
        told = {
            "type": "case",
            "id": f"63010220250615{number:05d}",
            "category": "other",
            "title": f"theirs {number}",
            "reported_at": NOW,
        }
        item: Item = msgspec.convert(told, Item)
        city.fold(decider.item(city.world, item, "source", NOW, "items[0]").bodies)
    args: dict[str, object] = {"category": "flood", "lon": CENTRE[0], "lat": CENTRE[1]}
    call = command_call(OFFICER, "k", "case.create", args, None)
    decided = decider.command(city.world, call, NOW)
    assert decided.value["case"] == "6301022025061500003"
    city.fold(decided.bodies)
    assert [c.title for c in city.world.cases.values()][:2] == ["theirs 1", "theirs 2"]

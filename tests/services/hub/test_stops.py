"""A hub that is stopped in the middle of its work leaves a store that is true."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from services.domain.errors import KnownError
from services.hub.deciding import ItemBatch
from services.hub.options import HubOptions
from services.hub.server import Hub
from services.ingest.items import read
from services.storage.reader import LogReader
from tests.services.hub.consoles import LIMIT_S, past


def sensors(first: int, count: int) -> ItemBatch:
    items = [
        {
            "type": "entity",
            "id": f"level:{number}",
            "kind": "level_sensor",
            "name": f"level {number}",
            "lon": 101.77,
            "lat": 36.63,
        }
        for number in range(first, first + count)
    ]
    return ItemBatch(list(read(msgspec.json.encode(items))), "source")


def test_a_stop_while_a_turn_is_decided_keeps_all_of_it_or_nothing(tmp_path: Path) -> None:
    async def scene() -> list[asyncio.Future[list[int | KnownError]]]:
        hub = Hub(HubOptions(data=tmp_path, port=0))
        async with hub.running():
            await asyncio.gather(*hub.sequencer.submit_items([sensors(0, 10)]))
            parts = [sensors(first, 50) for first in (10, 60, 110)]
            asked = hub.sequencer.submit_items(parts)
            async with asyncio.timeout(LIMIT_S):
                while hub.sequencer.find("level:10") is None:
                    await asyncio.sleep(0)
            assert hub.sequencer.offset == 10, "the turn is over already"
        return asked

    asked = asyncio.run(scene())
    reader = LogReader(tmp_path / "onemap.sqlite")
    try:
        last = reader.bounds().last_offset
        kept = [offset for offset, _ in reader.snapshot_times()]
        assert all(offset <= last for offset in kept), "a snapshot of what never was committed"
        world = reader.world_at(last, "")
    finally:
        reader.close()
    assert world.entities == past(tmp_path, last).entities
    acked = [outcome for one in asked if one.done() for outcome in one.result()]
    assert acked == list(range(11, last + 1))
    assert last == 160, "what the hub had begun to decide is done"

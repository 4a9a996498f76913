"""A hub that starts with another calendar moves the deadlines of open cases, on record."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.domain.model import Case
from services.hub.deciding import ItemBatch
from services.hub.options import HubOptions
from services.hub.server import Hub
from services.ingest.items import read
from tests.services.cases.cases import at
from tests.services.hub.consoles import LIMIT_S

FRIDAY = at("2026-11-27 16:00")
CODE = "P01-99"
SUNDAYS_OFF = 'periods = ["08:00-12:00", "14:00-18:00"]\nrest_days = ["sunday"]\n'


async def case_of(hub: Hub) -> Case:
    return await hub.sequencer.read(lambda world: next(iter(world.cases.values())))


def test_deadlines_follow_the_calendar_of_the_data_directory(tmp_path: Path) -> None:
    async def scene() -> None:
        clock = ManualClock(FRIDAY)
        options = HubOptions(data=tmp_path, port=0)
        first = Hub(options, clock=clock)
        async with first.running():
            item = {"type": "case", "category": CODE, "title": "井盖", "reported_at": FRIDAY}
            items = list(read(msgspec.json.encode([item])))
            (done,) = await asyncio.gather(
                *first.sequencer.submit_items([ItemBatch(items, "source")])
            )
            assert not isinstance(done[0], KnownError)
            before = await case_of(first)
        (tmp_path / "calendar.toml").write_text(SUNDAYS_OFF, "utf-8")
        second = Hub(options, clock=clock)
        async with second.running():
            async with asyncio.timeout(LIMIT_S):
                while (after := await case_of(second)).calendar == before.calendar:
                    await asyncio.sleep(0.01)
        assert before.deadline_at == at("2026-11-30 16:00")
        assert after.deadline_at == at("2026-11-28 16:00")  # Saturday is worked now
        assert after.flow[:-1] == before.flow
        assert (after.flow[-1].action, after.flow[-1].actor) == ("recompute", "system")

    asyncio.run(scene())

"""A console comes back at every boundary there is: never a silent gap, always the same state."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

from services.domain.world import World
from services.feed.frames import Position, Snapshot
from services.hub.limits import Limits
from services.hub.server import Hub
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import console, past, served, tokens
from tests.services.hub.test_feed import CITY, ingest, reading, thing

EVENTS = 240
AT_ONCE = 8


def _history(chance: random.Random) -> list[dict[str, Any]]:
    """Readings, alarms by rule, deletions and returns, in no order that helps."""
    items: list[dict[str, Any]] = list(CITY)
    while len(items) < EVENTS:
        number = chance.randint(1, 2)
        items.append(
            chance.choice(
                [
                    reading(chance.random(), number),
                    reading(chance.random(), number),
                    {"type": "delete", "id": f"level:{chance.randint(3, 6)}"},
                    thing(f"level:{chance.randint(3, 6)}", "level_sensor"),
                    {
                        "type": "status",
                        "id": "camera:1",
                        "link": chance.choice(["online", "offline"]),
                    },
                ]
            )
        )
    return items


def test_resume_at_every_boundary(tmp_path: Path, faults: Faults) -> None:
    runs, chance = faults.count("resume"), faults.chance("resume")

    async def story() -> tuple[int, int]:
        limits = Limits(ring_events=60, frame_events=7, sessions=AT_ONCE * 2)
        async with served(tmp_path, limits=limits) as (hub, url):
            token = tokens(tmp_path)["duty2"]
            await ingest(url, tokens(tmp_path)["source"], _history(chance))
            states = await asyncio.to_thread(_states, tmp_path, hub.sequencer.offset)
            gate = asyncio.Semaphore(AT_ONCE)

            async def one(run: int) -> bool:
                # every boundary first, then any
                offset = run if run < len(states) else chance.randrange(len(states))
                async with gate:
                    return await _resumed(hub, url, token, states[offset])

            right = await asyncio.gather(*(one(run) for run in range(runs)))
        return sum(right), len(states)

    right, boundaries = asyncio.run(story())
    note = f"{min(runs, boundaries)} of {boundaries} boundaries"
    faults.found(Row("resume", runs, right, runs - right, 0, note))


def _states(data: Path, top: int) -> list[World]:
    """The state at every offset."""
    return [past(data, offset) for offset in range(top + 1)]


async def _resumed(hub: Hub, url: str, token: str, held: World) -> bool:
    """Whether a console that stood there is in step again, without a gap and without a snapshot."""
    top, epoch = hub.sequencer.offset, hub.broker.epoch
    codec = "json" if held.offset % 2 else "msgpack"
    position = Position(epoch, held.offset)
    async with console(url, token, resume=position, codec=codec) as desk:
        desk.world = World.restore(epoch, held.offset, held.time, list(held.parts()))
        await desk.reach(top)  # which asserts that ranges follow on without a hole
        at, whole = -1, ""
        while at != desk.world.offset:  # the hub's clock may have added something since
            at, whole = await hub.sequencer.read(lambda world: (world.offset, world.digest()))
            await desk.reach(at)
        snapshots = sum(isinstance(f, Snapshot) for f in desk.frames)
        return desk.world.digest() == whole and not snapshots

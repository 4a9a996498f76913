"""A store that is filled, snapshotted, rolled up and compacted without a pause, until killed.

``python -m tests.faults.compactor DATABASE``; prints the offset after each commit. Its time runs a
minute an event, so that the policy of half a day always has something to take out.
"""

from __future__ import annotations

import sys
from itertools import zip_longest
from pathlib import Path

from services.domain.events import Event, Observed
from services.domain.world import World
from services.storage import upkeep as upkeep_module
from services.storage.policy import Policy
from services.storage.reader import LogReader
from services.storage.records import pack_snapshot
from services.storage.upkeep import Upkeep
from services.storage.writer import LogWriter

BEGIN = 1_750_000_000.0
BATCH = 20
KEPT = Policy(
    observed_days=0.5,
    lossless_days=1.0,
    readings_days=0.5,
    minutes_days=1.0,
    hours_days=0.0,
    history_days=0.0,
)


def event(offset: int) -> Event:
    """Readings of seven things, one after the other, a minute apart."""
    at = BEGIN + offset * 60.0
    body = Observed(id=f"level:{offset % 7}", values={"level": offset / 10})
    return Event(offset=offset, event_time=at, recv_time=at, source="t", body=body)


def main() -> None:
    """Work until killed."""
    upkeep_module.OFFSETS = upkeep_module.ROWS = 7  # many small steps, many moments to die in
    upkeep_module.KEPT_FREE = 2
    path = Path(sys.argv[1])
    writer, reader = LogWriter(path), LogReader(path)
    world = reader.world_at(reader.bounds().last_offset, writer.epoch)
    upkeep = Upkeep(writer, reader, KEPT)
    while True:
        now = world.time or BEGIN
        steps = zip_longest(upkeep.roll_up(now), upkeep.compact(upkeep.plan(now)))
        for _ in steps:
            world = _append(writer, world)
            print(world.offset, flush=True)
        world = _append(writer, world)
        print(world.offset, flush=True)


def _append(writer: LogWriter, world: World) -> World:
    batch = [event(n) for n in range(world.offset + 1, world.offset + 1 + BATCH)]
    writer.append(batch)
    for new in batch:
        world.apply(new)
    if world.offset % (BATCH * 5) == 0:
        writer.add_snapshot(world.offset, world.time, pack_snapshot(world.parts()))
    return world


if __name__ == "__main__":
    main()

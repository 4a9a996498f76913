"""kill -9 amid delays and shelves: what ran goes on, what ended meanwhile has ended."""

from __future__ import annotations

import time
from pathlib import Path

from services.domain.events import AlarmChanged
from services.domain.model import Alarm
from services.domain.suppression import is_waiting
from services.domain.world import World
from services.storage.reader import LogReader
from tests.harness import hub_process, until
from tests.services.hub.slow_pack import HOT, LOUD, pump, reads, write

DELAY_S = 6.0
SHORT_S = 3.0
OTHER = "rule|loud|pump:2"
OUT = "rule|loud|pump:3"


def told(data: Path) -> tuple[World, list[AlarmChanged]]:
    """The state that the store holds, from its first event on, and what the system did to alarms.

    SQLite lets a reader look while the hub writes.
    """
    reader = LogReader(data / "onemap.sqlite")
    try:
        bounds = reader.bounds()
        world = World(bounds.epoch)
        by_system = []
        for event in reader.tail(0, bounds.last_offset):
            world.apply(event)
            if event.source == "system" and isinstance(event.body, AlarmChanged):
                by_system.append(event.body)
        return world, by_system
    finally:
        reader.close()


def alarm(data: Path, key: str) -> Alarm:
    return told(data)[0].alarms[key]


def test_kill_while_a_delay_runs_while_shelved_and_past_the_expiry(tmp_path: Path) -> None:
    packs, data = write(tmp_path / "packs", DELAY_S), tmp_path / "data"
    data.mkdir()
    with hub_process(data, "--packs", str(packs)) as hub:
        hub.ingest(pump(), pump(2), pump(3), reads(1, noise=95.0), reads(2, noise=95.0))
        hub.ingest(reads(3, noise=95.0))
        hub.command("a", "alarm.acknowledge", alarms=[LOUD, OTHER, OUT])
        hub.command("b", "alarm.shelve", alarm=OTHER, reason="till noon", for_s=600.0)
        hub.command("c", "alarm.out_of_service", object="pump:3", reason="rebuilt")
        short = hub.command("d", "alarm.shelve", alarm=LOUD, reason="a moment", for_s=SHORT_S)
        hub.ingest(reads(1, heat=110.0))
        hub.kill()

        world, by_system = told(data)
        assert by_system == []
        assert is_waiting(world.alarms[HOT], time.time())
        assert [s.reason for s in world.alarms[LOUD].suppressed] == ["a moment"]
        assert world.alarms[LOUD].acknowledged
        until(lambda: time.time() > short["value"]["until"], "the end of the short shelf")

        hub.start()
        until(lambda: not alarm(data, LOUD).suppressed, "the alarm off its shelf")
        back = alarm(data, LOUD)
        assert (back.active, back.acknowledged) == (True, False)
        until(lambda: alarm(data, HOT).active, "the alarm after its delay")
        (shelf,) = alarm(data, OTHER).suppressed
        assert (shelf.kind, shelf.by, shelf.reason) == ("shelved", "值班员甲", "till noon")
        assert alarm(data, OTHER).acknowledged
        (out,) = alarm(data, OUT).suppressed
        assert (out.kind, out.reason) == ("thing_out_of_service", "rebuilt")
        _, by_system = told(data)
        assert [(b.alarm.key, b.change) for b in by_system] == [
            (LOUD, "expired"),
            (HOT, "raised"),
        ]

        before = told(data)[0].digest()
        hub.kill()
        hub.start()
        assert told(data)[0].digest() == before

"""kill -9 amid rollups and compaction: the record stays whole, every reading counts once.

``ONEMAP_FAULT_RUNS`` sets how many kills (short by default), ``ONEMAP_FAULT_SEED`` the seed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from services.storage.catch_up import catch_up, start_anew
from services.storage.examine import examine
from services.storage.policy import FOREVER
from services.storage.reader import LogReader
from services.storage.schema import HOUR_S
from services.storage.upkeep import Upkeep
from services.storage.writer import LogWriter
from tests.faults.compactor import BEGIN, event
from tests.harness import ROOT
from tests.services.storage.dumps import dump

RUNS = int(os.environ.get("ONEMAP_FAULT_RUNS", "4"))
SEED = int(os.environ.get("ONEMAP_FAULT_SEED", "630102"))


def run_until_killed(path: Path, lines: int) -> int:
    """The last offset that was acked before the kill."""
    command = [sys.executable, "-m", "tests.faults.compactor", str(path)]
    acked = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(lines):
            line = child.stdout.readline()
            assert line, "the store ended by itself"
            acked = int(line)
        child.kill()
        rest = [line for line in child.stdout.read().split("\n") if line]
    return max([acked, *(int(line) for line in rest[:-1])])


def test_the_record_is_whole_whenever_the_power_goes(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    path = tmp_path / "onemap.sqlite"
    floors = set()
    for _ in range(RUNS):
        acked = run_until_killed(path, chance.randrange(60, 140))
        LogWriter(path).close()  # recovers, and finds nothing amiss
        found = examine(path, fold=True)
        assert found.offset >= acked
        floors.add(found.first_offset)
    assert max(floors) > 1, "nothing was ever compacted"

    writer, reader = LogWriter(path), LogReader(path)
    try:
        last = reader.bounds().last_offset
        end = BEGIN + last * 60.0 + 7_200.0
        for anew in (False, True):
            if anew:
                before = dump(path)
                writer.transact(start_anew)
                catch_up(writer.transact, writer.projector)
                assert dump(path) == before
            for _ in Upkeep(writer, reader, FOREVER).roll_up(end):
                pass
            wanted = Counter(event(n).body.id for n in range(1, last + 1))  # type: ignore[union-attr]  # all are Observed
            for id_, count in wanted.items():
                hours = reader.rolled(id_, "level", BEGIN - 3_600, end, HOUR_S)
                assert sum(hour.count for hour in hours) == count, (id_, anew)
    finally:
        reader.close()
        writer.close()

"""The kernel itself says no: write, fsync and space fail under a real hub process.

strace makes chosen system calls of the hub fail, so that everything from SQLite down to the ack
is the real thing. Nothing acked is lost, nothing is acked while it fails, and it comes back.
"""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from services.domain.world import World
from services.hub.main import KNOWN_ERROR_STATUS
from tests.faults.options import Faults, Row
from tests.harness import until
from tests.services.hub.consoles import HubProcess, console, past
from tests.services.hub.test_feed import CITY, thing

CALLS = [("fdatasync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fdatasync", "ENOSPC")]
BATCH = 10


class StracedHub(HubProcess):
    """A hub whose ``call`` fails with ``error`` from its ``first`` to its ``last`` time, counted
    per thread; the hub is stopped through its pipe, which strace hands on."""

    def __init__(self, data: Path, call: str, error: str, first: int, last: int) -> None:
        super().__init__(data)
        self._inject = f"inject={call}:error={error}:when={first}..{last}"
        self._call = call

    def start(self) -> None:
        tracer = ["strace", "-f", "-qq", "-o", str(self.data / "strace.out")]
        inject = ["-e", f"trace={self._call}", "-e", self._inject]
        hub = [sys.executable, "-m", "services.hub", "--child", "--data", str(self.data)]
        self.process = subprocess.Popen(
            [*tracer, *inject, *hub, "--port", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it says what failed, which is what we provoke
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line:  # else the disk failed while it started, and it said so and ended
            self.port = int(msgspec.json.decode(line)["port"])


@pytest.mark.parametrize(("call", "error"), CALLS, ids=[f"{c} {e}" for c, e in CALLS])
def test_a_failing_disk_is_never_acked_and_never_loses(
    tmp_path: Path, faults: Faults, call: str, error: str
) -> None:
    runs, chance = faults.count("kernel_error"), faults.chance(f"{call} {error}")
    acked: set[str] = set()
    injected = refused = 0
    _make_store(tmp_path)
    for run in range(runs):
        first = chance.randint(30, 150)  # in the start now and then, mostly in the burst
        hub = StracedHub(tmp_path, call, error, first, first + chance.randint(0, 3))
        hub.start()
        try:
            ok, no = _burst(hub, run) if hub.port else (set(), 1)
        finally:
            status = hub.stop()
        assert hub.port or status == KNOWN_ERROR_STATUS, "it must say why it does not start"
        injected += (tmp_path / "strace.out").read_text().count("(INJECTED)")
        acked |= ok
        refused += no
    with_disk_well = HubProcess(tmp_path)
    with_disk_well.start()
    try:
        world = asyncio.run(_state(with_disk_well))
    finally:
        with_disk_well.stop()
    assert injected, "nothing failed, so nothing was tested"
    assert refused, "the hub acked everything although the disk failed"
    assert world.digest() == past(tmp_path, world.offset).digest()
    lost = len(acked - set(world.entities))
    faults.found(Row(f"{call}: {error}", injected, len(acked), lost, 0, f"{refused} refused"))


def _make_store(data: Path) -> None:
    """Make the store, so that no run begins with the many writes of its first start."""
    hub = HubProcess(data)
    hub.start()
    try:
        with hub.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
    finally:
        hub.stop()


def _burst(hub: HubProcess, run: int) -> tuple[set[str], int]:
    """Send until a refusal has come and the hub has taken data again: (acked, refusals)."""
    acked: set[str] = set()
    refused = 0
    numbers = itertools.count()

    def one() -> int:
        names = [f"level:{run}-{next(numbers)}-{i}" for i in range(BATCH)]
        answer = http.post("/api/v1/ingest", json=[thing(n, "level_sensor") for n in names])
        if answer.status_code == 200:
            rows = answer.json()["items"]
            acked.update(n for n, row in zip(names, rows, strict=True) if row["ok"])
        return answer.status_code

    with hub.http() as http:
        while refused == 0 and len(acked) < 150 * BATCH:
            refused += one() == 503
        if refused:
            until(lambda: one() == 200, "taking data again")
    return acked, refused


async def _state(hub: HubProcess) -> World:
    async with console(hub.url, hub.token("leader")) as desk:
        return desk.world

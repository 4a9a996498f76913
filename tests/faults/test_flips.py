"""Bits flip and files lose their ends while nobody looks: found before anything is served.

A hub on a damaged store either refuses with words that say what is damaged and what to do, or it
serves exactly what was acknowledged (the damage was in a place that holds nothing of it).
"""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path

import pytest

from services.domain.errors import KnownError
from services.domain.events import Event
from services.hub.options import HubOptions
from services.hub.server import Hub
from services.storage.examine import examine
from services.storage.reader import LogReader
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import http_client, served, tokens
from tests.services.hub.test_feed import CITY, ingest, reading

STORE = "onemap.sqlite"
BATCHES, BATCH = 12, 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was closed well, with readings, alarms, orders and their audit in it."""
    data: Path = tmp_path_factory.mktemp("whole")

    async def fill() -> None:
        async with served(data) as (_hub, url):
            who = tokens(data)
            await ingest(url, who["source"], CITY)
            async with http_client(url, who["duty1"]) as http:
                for number in range(BATCHES):
                    news = [reading(i % 9 / 10, 1 + i % 2) for i in range(BATCH)]
                    await ingest(url, who["source"], news)
                    args = {"category": "E05-06", "lon": 101.77, "lat": 36.63}
                    order = {"key": f"k{number}", "name": "case.create", "args": args}
                    assert (await http.post("/api/v1/commands", json=order)).status_code == 200

    asyncio.run(fill())
    return data


def _state(data: Path) -> tuple[str, list[Event]]:
    """What a hub on this directory would serve: the state, and every event of the log."""

    async def look() -> tuple[str, list[Event]]:
        hub = Hub(HubOptions(data=data, port=0))
        try:
            digest = await hub.sequencer.read(lambda world: world.digest())
            reader = LogReader(data / STORE)
            try:
                return digest, list(reader.tail(0, hub.sequencer.offset))
            finally:
                reader.close()
        finally:
            hub.close()

    return asyncio.run(look())


def _damage(path: Path, chance: random.Random) -> str:
    """One flipped bit, or a lost end; what was done."""
    data = bytearray(path.read_bytes())
    if chance.random() < 0.15:
        keep = chance.randrange(len(data))
        path.write_bytes(data[:keep])
        return f"cut to {keep} bytes"
    place, bit = chance.randrange(len(data)), chance.randrange(8)
    data[place] ^= 1 << bit
    path.write_bytes(data)
    return f"bit {bit} of byte {place}"


def test_damage_is_found_before_it_is_served(whole: Path, tmp_path: Path, faults: Faults) -> None:
    runs, chance = faults.count("flips"), faults.chance("flips")
    good = _state(_copied(whole, tmp_path / "good"))
    refused = 0
    wrong: list[str] = []
    for run in range(runs):
        data = _copied(whole, tmp_path / "damaged")
        what = _damage(data / STORE, chance)
        try:
            if _state(data) != good:
                wrong.append(f"{what}: served something else")
        except KnownError as error:
            refused += 1
            if len(error.text) < 20:
                wrong.append(f"{what}: refused without a word a person could use: {error}")
        if run % 4 == 0:
            wrong += _examined(data, good[0], what)
    assert not wrong
    assert refused, "nothing was ever refused, so nothing was tested"
    note = f"{refused} refused, the others served what was acked"
    faults.found(Row("flipped bits and lost ends", runs, len(good[1]), len(wrong), 0, note))


def _examined(data: Path, digest: str, what: str) -> list[str]:
    """The complete check finds it too, or the state is right."""
    try:
        found = examine(data / STORE)
    except KnownError:
        return []
    return [] if found.digest == digest else [f"examined: {what}"]


def _copied(whole: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(whole, to)
    return to

"""kill -9 in mid-burst, as often as asked: nothing acked is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import httpx
import msgspec

from services.domain.world import World
from services.feed.frames import Position
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import HubProcess, client, console, hub_process, past
from tests.services.hub.test_feed import CITY, thing

BATCH = 20


class Source(threading.Thread):
    """Sends numbered things and one keyed command per batch, until the hub is gone."""

    def __init__(self, hub: HubProcess, run: int) -> None:
        super().__init__(name="source")
        self._url, self._run = hub.url, run
        self._source, self._officer = hub.token("source"), hub.token("duty1")
        self.acked: set[str] = set()
        self.ordered: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        with client(self._url, self._source) as http, client(self._url, self._officer) as officer:
            try:
                for number in range(10_000):
                    self._batch(http, number)
                    self._order(officer, number)
                    if len(self.acked) >= 60:
                        self.enough.set()
            except httpx.HTTPError:
                return

    def _batch(self, http: httpx.Client, number: int) -> None:
        names = [f"level:{self._run}-{number}-{i}" for i in range(BATCH)]
        answer = http.post("/api/v1/ingest", json=[thing(n, "level_sensor") for n in names])
        rows = answer.json()["items"]
        self.acked |= {name for name, row in zip(names, rows, strict=True) if row["ok"]}

    def _order(self, http: httpx.Client, number: int) -> None:
        key = f"{self._run}-{number}"
        self.asked.append(key)
        self.ordered[key] = http.post("/api/v1/commands", json=order(key)).content


def order(key: str) -> dict[str, object]:
    args = {"category": "E05-06", "lon": 101.77, "lat": 36.63, "title": key}
    return {"key": key, "name": "case.create", "args": args}


async def state_of(hub: HubProcess) -> World:
    async with console(hub.url, hub.token("leader")) as desk:
        return desk.world


def test_kill_in_mid_burst_loses_nothing_acked_and_repeats_nothing(
    tmp_path: Path, faults: Faults
) -> None:
    runs, chance = faults.count("kill"), faults.chance("kill")
    acked: set[str] = set()
    asked: list[str] = []
    lost = twice = 0
    with hub_process(tmp_path) as hub:
        with hub.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
        for run in range(runs):
            source = Source(hub, run)
            source.start()
            assert source.enough.wait(60)
            source.join(chance.random() * 0.2)  # a moment within the burst, not its edge
            hub.kill()
            source.join(30)
            assert not source.is_alive()
            acked |= source.acked
            asked += source.asked

            hub.start()
            world = asyncio.run(state_of(hub))
            lost += len(acked - set(world.entities))
            if run == runs - 1 or run % 20 == 0:  # folding it all again grows with every run
                assert world.digest() == past(tmp_path, world.offset).digest()
            with hub.http("duty1") as http:
                for key in source.asked:  # the last may have had no answer: sent again
                    answer = http.post("/api/v1/commands", json=order(key)).content
                    assert source.ordered.get(key, answer) == answer
                    assert "error" not in msgspec.json.decode(answer)
            titles = [c.title for c in asyncio.run(state_of(hub)).cases.values()]
            twice += len(titles) - len(set(titles))
            lost += len(set(asked) - set(titles))
    faults.found(Row("kill -9 in mid-burst", runs, len(acked) + len(asked), lost, twice))


def test_a_console_resumes_over_the_hubs_death_without_a_snapshot(tmp_path: Path) -> None:
    async def story(hub: HubProcess) -> None:
        with hub.http() as http:
            http.post("/api/v1/ingest", json=CITY)
        held = await state_of(hub)
        await asyncio.to_thread(hub.kill)
        await asyncio.to_thread(hub.start)
        with hub.http() as http:
            answer = http.post("/api/v1/ingest", json=[thing("level:9", "level_sensor")])
            top = answer.json()["items"][0]["offset"]
        position = Position(held.epoch, held.offset)
        async with console(hub.url, hub.token("duty1"), resume=position) as desk:
            assert desk.welcome is not None
            assert desk.welcome.recovered
            desk.world = held
            await desk.reach(top)
            assert desk.world.digest() == past(hub.data, top).digest()

    with hub_process(tmp_path) as hub:
        asyncio.run(story(hub))


def test_a_hub_ends_with_its_parent_and_starts_from_its_last_snapshot(tmp_path: Path) -> None:
    with hub_process(tmp_path) as hub:
        with hub.http() as http:
            http.post("/api/v1/ingest", json=CITY)
        before = asyncio.run(state_of(hub))
        assert hub.stop() == 0
        hub.start()
        after = asyncio.run(state_of(hub))
        assert (after.epoch, after.digest()) == (before.epoch, before.digest())

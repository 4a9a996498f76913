"""Everything at once: the same order, the same alarm, every console coming back together."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import httpx
import msgspec

from services.domain.model import Alarm, Severity
from services.domain.world import World
from services.feed.frames import Position
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import HubProcess, console, http_client, hub_process, past
from tests.services.hub.test_feed import CITY, reading

CREATE = {"category": "E05-06", "lon": 101.77, "lat": 36.63}
BATCH = 250
AT_ONCE = 16


def test_one_order_a_hundred_times_at_once_and_after_a_crash(
    tmp_path: Path, faults: Faults
) -> None:
    count = faults.count("same_command")
    order = {"key": "k", "name": "case.create", "args": CREATE}

    async def all_at_once(hub: HubProcess, most: int) -> set[str]:
        answers: set[str] = set()
        gate = asyncio.Semaphore(AT_ONCE)
        async with http_client(hub.url, hub.token("duty1")) as http:

            async def one() -> None:
                async with gate:
                    with contextlib.suppress(httpx.TransportError):  # the hub is being killed
                        answers.add((await http.post("/api/v1/commands", json=order)).text)

            await asyncio.gather(*(one() for _ in range(most)))
        return answers

    async def crash(hub: HubProcess) -> set[str]:
        storm = asyncio.create_task(all_at_once(hub, count))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(hub.kill)
        return await storm

    with hub_process(tmp_path) as hub:
        with hub.http() as http:
            http.post("/api/v1/ingest", json=CITY)
        answers = asyncio.run(crash(hub))
        hub.start()
        answers |= asyncio.run(all_at_once(hub, count))
        world = asyncio.run(state_of(hub))
    assert len(answers) == 1, answers
    assert msgspec.json.decode(answers.pop())["value"]["case"] in world.cases
    faults.found(Row("one order, many times", 2 * count, 1, 0, len(world.cases) - 1))


def test_ten_thousand_duplicates_of_an_alarm_are_one_alarm(tmp_path: Path, faults: Faults) -> None:
    """The hub dies and comes back in the middle: one alarm, counted, never none."""
    count = faults.count("duplicate_alarms")
    alarm = {
        "type": "alarm", "object_id": "level:1", "severity": "major", "text": "积水", "rule": "mine"
    }  # fmt: skip
    batches = [BATCH] * (count // BATCH)
    acked = 0
    with hub_process(tmp_path) as hub:
        with hub.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
        for number, size in enumerate(batches):
            with hub.http() as http:
                answer = http.post("/api/v1/ingest", json=[alarm] * size)
                assert answer.status_code == 200, answer.text
                acked += answer.json()["accepted"]
            if number == len(batches) // 2:
                hub.kill()
                hub.start()
        world = asyncio.run(state_of(hub))
        assert hub.stop() == 0
        hub.start()
        again = asyncio.run(state_of(hub))
    standing = [a for a in again.alarms.values() if a.object_id == "level:1"]
    assert again.digest() == world.digest()
    assert [_facts(a) for a in standing] == [(acked, True, False, Severity.MAJOR)]
    faults.found(Row("duplicate alarms", acked, acked, 1 - len(standing), 0))


def _facts(alarm: Alarm) -> tuple[int, bool, bool, Severity]:
    return alarm.count, alarm.active, alarm.acknowledged, alarm.severity


def test_every_console_comes_back_to_a_restarted_hub(tmp_path: Path, faults: Faults) -> None:
    """All resume at once from where they stood, without a snapshot, and show the same state."""
    sessions, restarts = faults.count("sessions"), faults.count("restarts")

    async def story(hub: HubProcess) -> int:
        async with http_client(hub.url, hub.token("source")) as http:
            await http.post("/api/v1/ingest", json=CITY)
        worlds = list(await asyncio.gather(*(_visit(hub, None) for _ in range(sessions))))
        for restart in range(restarts):
            await asyncio.to_thread(hub.kill)
            await asyncio.to_thread(hub.start)
            async with http_client(hub.url, hub.token("source")) as http:
                news = [reading(i / 50, 1 + i % 2) for i in range(50)]
                answer = await http.post("/api/v1/ingest", json=[*news, reading(restart / 10)])
                top = answer.json()["items"][-1]["offset"]
            worlds = list(await asyncio.gather(*(_visit(hub, w, top) for w in worlds)))
            wanted = past(tmp_path, top).digest()
            assert {w.digest() for w in worlds} == {wanted}
        return sessions * restarts

    with hub_process(tmp_path) as hub:
        back = asyncio.run(story(hub))
    faults.found(Row(f"hub restart under {sessions} sessions", restarts, back, 0, 0))


async def _visit(hub: HubProcess, held: World | None, top: int = 0) -> World:
    """Come (back) as one console; the state that it then shows."""
    position = None if held is None else Position(held.epoch, held.offset)
    async with console(hub.url, hub.token("duty1"), resume=position) as desk:
        if held is not None:
            assert desk.welcome is not None
            assert desk.welcome.recovered, desk.welcome.reason
            desk.world = held
            await desk.reach(top)
        return desk.world


async def state_of(hub: HubProcess) -> World:
    async with console(hub.url, hub.token("leader")) as desk:
        return desk.world

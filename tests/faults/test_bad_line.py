"""A bad network between console and hub: whatever it does, both say so and are in step after."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest

from services.feed.client import FeedClient
from services.hub.limits import Limits
from tests.faults.chaos import Chaos, Weather, chaos
from tests.faults.followers import Follower, follower
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import Console, console, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading

QUICK = Limits(heartbeat_s=0.2, silence_s=1.0, send_timeout_s=2.0, ring_events=2_000)
BURST = 40


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


async def _storm(line: Chaos, chance: random.Random) -> str:
    """One piece of weather, chosen by chance; its name."""
    name = chance.choice(["latency", "slices", "slow", "cut", "reset", "deaf"])
    match name:
        case "latency":
            line.weather = Weather(latency_s=0.3)
        case "slices":
            line.weather = Weather(slice_bytes=chance.randint(1, 7))
        case "slow":
            line.weather = Weather(rate_bps=8_000.0)
        case "cut":
            line.cut()
        case "reset":
            line.cut(reset=True)
        case "deaf":
            line.weather = Weather(deaf=True)
    return name


def test_a_console_behind_a_chaotic_line_is_in_step_again(tmp_path: Path, faults: Faults) -> None:
    rounds, chance = faults.count("chaos") * 6, faults.chance("chaos")

    async def story() -> tuple[int, int]:
        acked = resets = 0
        async with served(tmp_path, limits=QUICK) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with chaos(port_of(url), chance) as line:
                with follower(f"http://127.0.0.1:{line.port}", who["duty1"]) as (_, told):
                    await told.reach(await fold_of(hub))
                    for step in range(rounds):
                        await _storm(line, chance)
                        for i in range(BURST):
                            items = [reading(i / 100), reading(step / 100, 2)]
                            acked += (await ingest(url, who["source"], items))["accepted"]
                        line.weather = Weather()
                        await told.reach(await fold_of(hub))
                    resets = told.resets
        return acked, resets

    acked, resets = asyncio.run(story())
    faults.found(Row("chaotic line", rounds, acked, 0, 0, f"{resets} snapshots were needed"))


def test_a_black_hole_is_known_at_both_ends(tmp_path: Path, faults: Faults) -> None:
    """Nothing is closed, nothing is refused; nothing comes through either."""

    async def story() -> None:
        async with served(tmp_path, limits=QUICK) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with chaos(port_of(url), faults.chance("black hole")) as line:
                with follower(f"http://127.0.0.1:{line.port}", who["duty1"]) as (client, told):
                    await told.reach(await fold_of(hub))
                    line.weather.deaf = True
                    await told.link("stale")
                    async with asyncio.timeout(30):
                        while hub.metrics.sessions:
                            await asyncio.sleep(0.02)
                    client.command("k", "operator.note", {"name": "in the dark"})
                    seen = len(told.links)
                    line.weather.deaf = False
                    await ingest(url, who["source"], [reading(0.9)])
                    await told.link("live", seen)
                    await told.reach(await fold_of(hub))

    asyncio.run(story())
    faults.found(Row("black hole", 1, 1, 0, 0, "both ends said so"))


def test_an_order_whose_answer_is_lost_is_carried_out_once(tmp_path: Path, faults: Faults) -> None:
    """The line dies at any moment around an order; sent again with its key it has one effect."""
    count, chance = faults.count("lost_answer"), faults.chance("lost answers")

    async def story() -> tuple[int, int]:
        async with served(tmp_path, limits=QUICK) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with chaos(port_of(url), chance) as line:
                with follower(f"http://127.0.0.1:{line.port}", who["duty1"]) as (client, told):
                    for number in range(count):
                        await _order_over_a_breaking_line(client, told, line, chance, number)
            titles = [c.title for c in (await fold_of(hub)).cases.values()]
        wanted = {f"order {n}" for n in range(count)}
        return len(wanted - set(titles)), len(titles) - len(set(titles))

    lost, twice = asyncio.run(story())
    faults.found(Row("order, line cut around it", count, count, lost, twice))


async def _order_over_a_breaking_line(
    client: FeedClient, told: Follower, line: Chaos, chance: random.Random, number: int
) -> None:
    key, args = f"k{number}", {"category": "E05-06", "lon": 101.77, "lat": 36.63}
    async with asyncio.timeout(60):
        while True:
            before = len(told.results.get(key, ()))
            client.command(key, "case.create", {**args, "title": f"order {number}"})
            await asyncio.sleep(chance.random() * 0.01)
            if chance.random() < 0.5:
                line.cut(reset=chance.random() < 0.5)
            if await _answered(told, key, before):
                return
            await asyncio.sleep(0.05)


async def _answered(told: Follower, key: str, before: int) -> bool:
    """Whether the hub has done it; False when the answer was lost or the line was down."""
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        for update in told.results.get(key, ())[before:]:
            error = update.result.error
            if error is None:
                return True
            assert error.code in ("offline", "no_answer"), error
            return False
        await asyncio.sleep(0.005)
    return False


def test_one_slow_console_costs_the_others_nothing(tmp_path: Path, faults: Faults) -> None:
    """8 kB/s: it sees fewer steps or is sent away to resume; the others do not wait for it."""
    rounds = faults.count("slow")

    async def story() -> tuple[int, str]:
        acked, note = 0, ""
        limits = Limits(ring_events=1_000, send_timeout_s=20.0, heartbeat_s=0.5, silence_s=10.0)
        async with served(tmp_path, limits=limits) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty2"]) as quick:
                alone = await _steps(url, who["source"], quick, rounds * 60)
                async with chaos(port_of(url), faults.chance("slow")) as line:
                    address = f"http://127.0.0.1:{line.port}"
                    with follower(address, who["duty1"]) as (_, slow):
                        await slow.reach(await fold_of(hub))
                        line.weather = Weather(rate_bps=8_000.0)
                        beside = await _steps(url, who["source"], quick, rounds * 60)
                        line.weather = Weather()
                        await slow.reach(await fold_of(hub))
            acked = len(alone) + len(beside)
            p99 = [sorted(x)[int(len(x) * 0.99)] * 1_000 for x in (alone, beside)]
            note = f"others' p99 {p99[0]:.1f} ms alone, {p99[1]:.1f} ms beside it"
        return acked, note

    acked, note = asyncio.run(story())
    faults.found(Row("console at 8 kB/s", rounds, acked, 0, 0, note))


async def _steps(url: str, token: str, desk: Console, count: int) -> list[float]:
    """Seconds from sending to seeing, of ``count`` readings with a big item beside each."""
    took: list[float] = []
    for number in range(count):
        big = {**CITY[0], "id": f"level:{number % 20 + 10}", "attrs": {"site": "位" * 1_500}}
        started = time.monotonic()
        answer = await ingest(url, token, [big, reading(number / 1_000)])
        await desk.reach(answer["items"][-1]["offset"])
        took.append(time.monotonic() - started)
    return took


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_line_that_breaks_within_the_snapshot_starts_it_anew(
    tmp_path: Path, faults: Faults, reset: bool
) -> None:
    async def story() -> None:
        async with served(tmp_path, limits=QUICK) as (hub, url):
            who = tokens(tmp_path)
            many = [
                {**CITY[0], "id": f"level:{i}", "attrs": {"site": "位" * 900}} for i in range(400)
            ]
            await ingest(url, who["source"], many)
            async with chaos(port_of(url), faults.chance("snapshot")) as line:
                line.weather = Weather(rate_bps=200_000.0)
                with follower(f"http://127.0.0.1:{line.port}", who["duty1"]) as (_, told):
                    for _ in range(3):
                        before = line.accepted
                        async with asyncio.timeout(30):
                            while line.accepted == before:
                                await asyncio.sleep(0.01)
                        await asyncio.sleep(0.05)
                        line.cut(reset=reset)
                    assert not told.resets
                    line.weather = Weather()
                    await told.reach(await fold_of(hub))

    asyncio.run(story())
    faults.found(Row("cut within a snapshot", 3, 400, 0, 0, "reset" if reset else "closed"))

"""A copy of the store while the hub works: who may order it, one at a time, and how it ends."""

from __future__ import annotations

import asyncio
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.hub import backups, housekeeping
from services.storage.backup import copy_store
from services.storage.examine import examine
from services.storage.policy import DAY_S
from tests.services.hub.consoles import LIMIT_S, http_client, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading


async def ended(http: httpx.AsyncClient) -> dict[str, Any]:
    """How the copy ended."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            state: dict[str, Any] = (await http.get("/api/v1/backup")).json()
            if state["state"] != "running":
                return state


def test_only_the_machine_or_an_administrator_may_have_a_copy_made(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            control = tmp_path / "control.token"
            assert stat.S_IMODE(control.stat().st_mode) == 0o600
            for user in ("duty1", "leader", "source"):
                async with http_client(url, who[user]) as http:
                    for method in ("GET", "POST"):
                        answer = await http.request(method, "/api/v1/backup")
                        assert answer.status_code == 403, user
            async with http_client(url, "wrong") as http:
                assert (await http.post("/api/v1/backup")).status_code == 401
            assert not (tmp_path / "backups").exists()
            async with http_client(url, control.read_text()) as http:
                assert (await http.get("/api/v1/backup")).json()["state"] == "none"
                assert (await http.post("/api/v1/backup")).status_code == 200
                state = await ended(http)
            assert state["state"] == "done", state
            copy = tmp_path / "backups" / state["name"]
            assert stat.S_IMODE(copy.stat().st_mode) == 0o600
            found = await asyncio.to_thread(examine, copy)
            assert found.digest == (await fold_of(hub)).digest()
        async with served(tmp_path) as (_, url):
            assert not (tmp_path / "backups").exists()  # nobody took it; a new start, a new token
            async with http_client(url, control.read_text()) as http:
                assert (await http.get("/api/v1/backup")).json()["state"] == "none"

    asyncio.run(story())


def test_one_copy_at_a_time_which_holds_up_nobody_and_gives_up_with_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying, go_on = threading.Event(), threading.Event()

    def slow(source: Path, target: Path, pages: Callable[[int, int], None]) -> None:
        copying.set()
        assert go_on.wait(LIMIT_S)
        copy_store(source, target, pages)

    monkeypatch.setattr(backups, "copy_store", slow)

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with http_client(url, (tmp_path / "control.token").read_text()) as http:
                assert (await http.post("/api/v1/backup")).status_code == 200
                assert await asyncio.to_thread(copying.wait, LIMIT_S)
                again = await http.post("/api/v1/backup")
                assert (again.status_code, again.json()["error"]["code"]) == (503, "busy")
                await ingest(url, who["source"], [reading(0.3)])  # acked meanwhile
                ending = asyncio.create_task(hub.backups.close())
                await asyncio.sleep(0)
                go_on.set()
                await ending
                state = await ended(http)
            assert state["state"] == "failed"
            assert "stopping" in state["error"]
            assert list((tmp_path / "backups").iterdir()) == []

    asyncio.run(story())


def test_a_full_disk_is_named_before_anything_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "ROOM", 1e15)

    async def story() -> None:
        async with (
            served(tmp_path) as (_, url),
            http_client(url, (tmp_path / "control.token").read_text()) as http,
        ):
            answer = await http.post("/api/v1/backup")
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_full")

    asyncio.run(story())


def test_upkeep_that_cannot_be_done_is_counted_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record stays as it is behind a snapshot that cannot be read; the hub works on."""
    monkeypatch.setattr(housekeeping, "LOOK_S", 0.0)
    monkeypatch.setattr(housekeeping, "COMPACT_FIRST_S", 0.0)
    monkeypatch.setattr(housekeeping, "COMPACT_EVERY_S", 0.0)
    tried: list[int] = []

    async def broken(_self: object) -> None:
        tried.append(1)
        raise KnownError("snapshot_broken", "simulated")

    monkeypatch.setattr(housekeeping.Housekeeper, "compact", broken)

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            old = {**reading(0.4), "time": 1_700_000_000.0 + DAY_S}
            await ingest(url, who["source"], [old])
            async with asyncio.timeout(LIMIT_S):
                while len(tried) < 3:
                    await asyncio.sleep(0)
            assert hub.metrics.upkeep_failures >= 2
            await ingest(url, who["source"], [reading(0.3)])
            async with http_client(url, who["duty1"]) as http:
                day = 1_700_000_000 + DAY_S
                where = f"id=level:1&name=level&start={day - 60}&end={day + 60}&step=60"
                rolled = (await http.get(f"/api/v1/readings?{where}")).json()["rolled"]
            assert [row[4] for row in rolled] == [1]  # what could be done was done

    asyncio.run(story())


def test_a_clock_that_is_years_ahead_deletes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "LOOK_S", 0.0)
    monkeypatch.setattr(housekeeping, "COMPACT_FIRST_S", 0.0)
    monkeypatch.setattr(housekeeping, "COMPACT_EVERY_S", 0.0)
    let_go: list[float] = []
    looked: list[float] = []
    clock = ManualClock(1_750_000_000.0)

    async def compact(_self: object) -> None:
        let_go.append(clock())

    async def roll_up(_self: object) -> None:
        looked.append(clock())

    monkeypatch.setattr(housekeeping.Housekeeper, "compact", compact)
    monkeypatch.setattr(housekeeping.Housekeeper, "roll_up", roll_up)

    async def until(question: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not question():
                await asyncio.sleep(0)

    async def story() -> None:
        async with served(tmp_path, clock=clock) as (_, url):
            await ingest(url, tokens(tmp_path)["source"], CITY)
            await until(lambda: bool(let_go))
            clock.advance(10 * 365 * DAY_S)
            ahead = clock()
            await until(lambda: looked.count(ahead) > 3)
            assert ahead not in let_go
        async with served(tmp_path, clock=clock) as (_, url):  # started with such a clock
            await until(lambda: looked.count(ahead) > 20)
            assert ahead not in let_go

    asyncio.run(story())

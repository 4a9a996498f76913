"""The whole record over HTTP: cases, alarms and curves, page by page; and after a compaction."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from services.domain.clock import ManualClock
from services.domain.events import CaseChanged, Event
from services.domain.model import Case, Severity
from services.domain.world import MAX_CLOSED_CASES
from services.feed.frames import Notice, Position, Replay, ReplayState
from services.storage.policy import DAY_S
from services.storage.writer import LogWriter
from tests.services.hub.consoles import console, http_client, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading

OLD = 1_700_000_000.0


def test_a_closed_case_is_found_long_after_memory_has_let_it_go(tmp_path: Path) -> None:
    count = MAX_CLOSED_CASES + 50
    writer = LogWriter(tmp_path / "onemap.sqlite")
    writer.append(
        [
            Event(
                offset=n,
                event_time=OLD + n,
                recv_time=OLD + n,
                source="t",
                body=CaseChanged(
                    case=Case(
                        id=f"c{n}",
                        category="E05-06",
                        title="积水",
                        severity=Severity.MINOR,
                        state="closed",
                        reported_at=OLD + n,
                        closed_at=OLD + n,
                        address=f"康乐十字{n}号",
                    ),
                    action="close",
                ),
            )
            for n in range(1, count + 1)
        ]
    )
    writer.close()

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            assert "c1" not in (await fold_of(hub)).cases
            async with http_client(url, who["duty1"]) as http:

                async def ask(**query: Any) -> dict[str, Any]:
                    answer = await http.get("/api/v1/cases", params=query)
                    assert answer.status_code == 200, answer.text
                    found: dict[str, Any] = answer.json()
                    return found

                assert [c["id"] for c in (await ask(id="c1"))["cases"]] == ["c1"]
                assert [c["id"] for c in (await ask(text="字7号"))["cases"]] == ["c7"]
                page = await ask(state="closed,voided", start=OLD, end=OLD + 10, limit=4)
                assert [c["id"] for c in page["cases"]] == ["c10", "c9", "c8", "c7"]
                more = await ask(state="closed", end=OLD + 10, limit=500, before=page["next"])
                assert [c["id"] for c in more["cases"]] == [f"c{n}" for n in range(6, 0, -1)]
                assert more["next"] is None
                assert len((await ask(limit=10**9))["cases"]) == 500

                for query in (
                    "before=1.5",
                    "severity=9",
                    "start=x",
                    f"text={'x' * 200}",
                    f"state={','.join('abcdefghijklmnopqrstuvw')}",
                ):
                    answer = await http.get(f"/api/v1/cases?{query}")
                    assert answer.status_code == 400, query
                    assert answer.json()["error"]["field"] == query.partition("=")[0]
            async with http_client(url, "wrong") as http:
                for path in ("cases", "alarms", "readings?id=a&name=b&start=0&end=1"):
                    assert (await http.get(f"/api/v1/{path}")).status_code == 401

    asyncio.run(story())


def test_an_alarm_that_is_gone_and_a_curve_by_the_minute(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            early = [
                {**reading(level), "time": OLD + second}
                for second, level in enumerate((0.1, 0.2, 0.3, 3.0))
            ]
            await ingest(url, who["source"], early)
            await ingest(url, who["source"], [reading(0.0)])
            key = next(iter((await fold_of(hub)).alarms))
            async with http_client(url, who["duty1"]) as http:
                order = {"key": "k", "name": "alarm.acknowledge", "args": {"alarm": key}}
                assert (await http.post("/api/v1/commands", json=order)).status_code == 200
                assert key not in (await fold_of(hub)).alarms
                answer = (await http.get("/api/v1/alarms?state=gone&object=level:1")).json()
                assert [(a["alarm"]["key"], a["gone"]) for a in answer["alarms"]] == [(key, True)]
                assert (await http.get("/api/v1/alarms?state=standing")).json()["alarms"] == []

                span = f"id=level:1&name=level&start={OLD - 3600}&end={OLD + DAY_S}"
                assert (await http.get(f"/api/v1/readings?{span}&step=60")).json()["rolled"] == []
                await hub.housekeeper.roll_up()
                rolled = (await http.get(f"/api/v1/readings?{span}&step=auto")).json()
                assert rolled["step"] == 60
                counts = [(low, high, n) for _, _, low, high, n in rolled["rolled"]]
                assert counts == [(0.1, 3.0, 4)]
                hours = (await http.get(f"/api/v1/readings?{span}&step=3600")).json()["rolled"]
                assert [row[4] for row in hours] == [4]
                bad = await http.get(f"/api/v1/readings?{span}&step=7")
                assert (bad.status_code, bad.json()["error"]["field"]) == (400, "step")

    asyncio.run(story())


def test_after_a_compaction_consoles_and_replays_are_told_the_truth(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("[retention]\nobserved_days = 1\nlossless_days = 2\n")

    async def story() -> None:
        clock = ManualClock(OLD)
        async with served(tmp_path, clock=clock) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            for step in range(5):
                clock.advance(60)
                await ingest(url, who["source"], [reading(step / 100)])
            await hub.keeper.keep()
            base = hub.sequencer.offset
            then = (await fold_of(hub)).digest()
            clock.advance(1.5 * DAY_S)
            await ingest(url, who["source"], [reading(0.2)])
            await hub.housekeeper.compact()
            async with http_client(url, who["duty1"]) as http:
                log = (await http.get("/api/v1/log")).json()
                assert (log["first_offset"], log["last_offset"]) == (base + 1, base + 1)
            epoch = hub.broker.epoch
            async with console(url, who["duty1"], resume=Position(epoch, base - 1)) as desk:
                assert desk.welcome is not None
                assert (desk.welcome.recovered, desk.welcome.reason) == (False, "too_old")
                assert desk.world.digest() == (await fold_of(hub)).digest()
            async with console(url, who["duty2"], resume=Position(epoch, base)) as desk:
                assert desk.welcome is not None
                assert desk.welcome.recovered
            async with console(url, who["duty1"]) as desk:
                opened = await desk.replay("open", start=OLD - 100)
                assert opened.start == log["first_time"]
                await desk.replay("seek", offset=base)
                assert desk.world.offset >= base
                await desk.send(Replay(action="open", end=OLD + 100))
                notice = await desk.until(Notice)
                assert notice.code == "too_old"
                await desk.send(Replay(action="pause"))
                await desk.until(ReplayState)
            assert hub._reader.world_at(base, epoch).digest() == then
            assert msgspec.structs.asdict(hub._reader.bounds())["first_offset"] == base + 1

    asyncio.run(story())

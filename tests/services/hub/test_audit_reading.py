"""Reading and exporting the audit, its daily file, and what a hub says of a broken one."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from services.audit.export import ExportFile, verify_export
from services.domain.clock import ManualClock
from services.feed.frames import Notice
from services.hub import audit_api, audit_keeper, audit_watch
from services.hub.audit_watch import keys_in
from services.hub.options import HubOptions
from services.hub.server import Hub
from tests.services.hub.audits import add_auditor, audit, of_type, verdict
from tests.services.hub.consoles import console, http_client, served, tokens
from tests.services.hub.test_feed import CITY, ingest


def note(key: str, name: str = "looked") -> dict[str, Any]:
    return {"key": key, "name": "operator.note", "args": {"name": name, "subject": "level:1"}}


async def notes(url: str, token: str, *names: str) -> None:
    async with http_client(url, token) as http:
        for number, name in enumerate(names):
            answer = await http.post("/api/v1/commands", json=note(f"{name}{number}", name))
            assert answer.status_code == 200


def test_only_the_audit_administrator_reads_and_that_is_on_record(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            auditor = add_auditor(tmp_path)
            await notes(url, who["duty1"], "a", "b", "c")
            for user in ("duty1", "leader", "source"):
                async with http_client(url, who[user]) as http:
                    assert (await http.get("/api/v1/audit")).status_code == 403
                    body = {"why": "w", "query": {}}
                    answer = await http.post("/api/v1/audit/export", json=body)
                    assert answer.status_code == 403
            async with http_client(url, auditor) as http:
                query = {"type": "command.", "actor": "duty1", "limit": "2"}
                first = (await http.get("/api/v1/audit", params=query)).json()
                last = first["records"][-1]["seq"]
                second = (await http.get("/api/v1/audit", params={**query, "before": last})).json()
            assert [len(p["records"]) for p in (first, second)] == [2, 1]
            assert (first["more"], second["more"]) == (True, False)
            assert "command.operator.note" in first["types"]
            assert first["state"]["problem"] is None
            assert first["state"]["count"] >= 4

    asyncio.run(story())
    reads = of_type(tmp_path, "audit.read")
    assert sorted((r.actor, r.reason) for r in reads) == [
        ("auditor", ""),
        ("auditor", ""),
        *((user, "not_allowed") for user in ("duty1", "leader", "source")),
    ]
    done = [r for r in reads if r.outcome == "success"]
    assert done[0].detail == {"actor": "duty1", "type": "command."}
    assert {r.reason for r in of_type(tmp_path, "audit.exported")} == {"not_allowed"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "out_of_range"),
        ({"limit": "9999"}, "out_of_range"),
        ({"limit": "１"}, "out_of_range"),
        ({"before": "-1"}, "out_of_range"),
        ({"start": "yesterday"}, "wrong_type"),
        ({"outcome": "maybe"}, "wrong_type"),
        ({"colour": "red"}, "wrong_type"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    tmp_path: Path, query: dict[str, str], code: str
) -> None:
    async def story() -> None:
        async with (
            served(tmp_path) as (_, url),
            http_client(url, add_auditor(tmp_path)) as http,
        ):
            answer = await http.get("/api/v1/audit", params=query)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)

    asyncio.run(story())


def test_an_export_says_who_when_and_why_and_holds_no_formula(tmp_path: Path) -> None:
    async def story() -> str:
        async with served(tmp_path) as (_, url):
            auditor = add_auditor(tmp_path)
            who = tokens(tmp_path)
            async with http_client(url, who["duty1"]) as http:
                bad = {**note("k"), "seat": "=cmd()|' /C calc'!A0"}
                assert (await http.post("/api/v1/commands", json=bad)).status_code == 200
            async with http_client(url, auditor) as http:
                refused = await http.post("/api/v1/audit/export", json={"why": " ", "query": {}})
                assert refused.json()["error"]["code"] == "missing_field"
                body = {"why": "复盘 7·1 内涝", "query": {"type": "command."}}
                answer = await http.post("/api/v1/audit/export", json=body)
                assert answer.status_code == 200
                return answer.content.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(asyncio.run(story()))))
    assert rows[0] == ["exported_by", "审计员 (auditor)"]
    assert rows[2] == ["why", "复盘 7·1 内涝"]
    header = rows.index([])
    (row,) = rows[header + 2 :]
    told = dict(zip(rows[header + 1], row, strict=True))
    assert (told["actor"], told["type"]) == ("duty1", "command.operator.note")
    assert told["seat"].startswith("'=cmd()")
    (record,) = of_type(tmp_path, "audit.exported")
    assert record.detail == {"type": "command.", "why": "复盘 7·1 内涝"}


def test_an_export_pages_through_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_api, "MAX_PAGE", 4)
    monkeypatch.setattr(audit_api, "MAX_ROWS", 10)

    async def story() -> str:
        async with served(tmp_path) as (_, url):
            auditor = add_auditor(tmp_path)
            await notes(url, tokens(tmp_path)["duty1"], *"abcdefghijkl")
            async with http_client(url, auditor) as http:
                body = {"why": "w", "query": {"type": "command."}}
                return (await http.post("/api/v1/audit/export", json=body)).text

    rows = list(csv.reader(io.StringIO(asyncio.run(story()))))
    seqs = [int(r[0]) for r in rows[rows.index([]) + 2 : -1]]
    assert len(seqs) == 10
    assert seqs == sorted(seqs, reverse=True)
    assert "only the newest 10" in rows[-1][1]


def test_a_new_day_exports_what_the_last_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_keeper, "LOOK_S", 0.01)
    clock = ManualClock()

    async def days() -> None:
        async with served(tmp_path, clock=clock) as (_, url):
            who = tokens(tmp_path)
            for day in range(2):
                await notes(url, who["duty1"], f"day {day}")
                clock.advance(86_400)
                async with asyncio.timeout(20):
                    while len(of_type(tmp_path, "audit.exported")) <= day:
                        await asyncio.sleep(0.01)

    asyncio.run(days())
    first, second = sorted((tmp_path / "audit").glob("audit-*.jsonl"))
    assert first.stat().st_mode & 0o077 == 0
    keys = keys_in(tmp_path / "audit")
    one, two = (verify_export(ExportFile(p), keys) for p in (first, second))
    assert (one.problem, two.problem) == (None, None)
    assert (one.first, two.first) == (1, one.count + 1)
    assert (ExportFile(second).start.hash, one.signed_count) == (one.hash, one.count)
    assert verdict(tmp_path).problem is None


# -- a broken audit -----------------------------------------------------------------
def spoil(data: Path, seq: int) -> None:
    with contextlib.closing(sqlite3.connect(data / "onemap.sqlite")) as thief:
        thief.execute("DROP TRIGGER audit_no_update")
        thief.execute("UPDATE audit SET actor = 'nobody' WHERE seq = ?", (seq,))
        thief.commit()


def test_a_broken_audit_is_found_before_anything_is_served_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_watch, "REMIND_S", 0.05)

    async def before() -> None:
        async with served(tmp_path) as (_, url):
            await notes(url, tokens(tmp_path)["duty1"], "a", "b")

    async def after() -> None:
        async with served(tmp_path) as (hub, url):
            assert hub.audit.watch.problem is not None
            assert hub.audit.watch.problem.seq == 4
            async with console(url, tokens(tmp_path)["duty1"]) as desk:
                told = await desk.until(Notice)
                assert told.code == "audit_broken"
                assert "record 4" in told.text
            async with http_client(url, add_auditor(tmp_path)) as http:
                page = (await http.get("/api/v1/audit", params={"type": "audit.broken"})).json()
                assert page["state"]["problem"]["seq"] == 4
                assert "onemap_audit_broken 1" in (await http.get("/metrics")).text
            # work goes on, on record behind the break
            await ingest(url, tokens(tmp_path)["source"], CITY)
            await notes(url, tokens(tmp_path)["duty1"], "c")

    asyncio.run(before())
    spoil(tmp_path, 4)
    asyncio.run(after())
    (row,) = of_type(tmp_path, "audit.broken")
    assert row.detail["record"] == 4
    assert audit(tmp_path)[-1].type == "hub.stopped"


def test_a_store_put_back_from_an_old_copy_is_noticed(tmp_path: Path) -> None:
    async def run(*names: str) -> None:
        async with served(tmp_path) as (_, url):
            await notes(url, tokens(tmp_path)["duty1"], *names)

    asyncio.run(run("a"))
    old = (tmp_path / "onemap.sqlite").read_bytes()
    kept = len(audit(tmp_path))
    asyncio.run(run("b"))
    (tmp_path / "onemap.sqlite").write_bytes(old)
    problem = verdict(tmp_path).problem
    assert problem is not None
    assert (problem.seq, problem.code) == (kept + 1, "missing")


def test_old_records_are_checked_while_the_hub_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*names: str) -> None:
        async with served(tmp_path) as (_, url):
            await notes(url, tokens(tmp_path)["duty1"], *names)

    async def again() -> None:
        hub = Hub(HubOptions(data=tmp_path, port=0))
        assert hub.audit.watch.problem is None  # only the newest were looked at
        async with hub.running():
            async with asyncio.timeout(20):
                while hub.audit.watch.problem is None:
                    await asyncio.sleep(0.01)
            assert hub.audit.watch.problem.seq == 2

    asyncio.run(run(*"abc"))
    asyncio.run(run(*"defghi"))
    spoil(tmp_path, 2)
    monkeypatch.setattr(audit_watch, "AT_ONCE", 3)
    asyncio.run(again())

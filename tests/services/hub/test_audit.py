"""What happens at a hub is on record, with what became of it; without a record nothing happens."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.feed.frames import Bye, Notice
from services.hub import sequencer
from services.hub.limits import Limits
from services.hub.main import http_server
from services.hub.options import HubOptions
from services.hub.server import Hub
from tests.services.hub.audits import audit, of_type, verdict
from tests.services.hub.consoles import console, http_client, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading

NOTE = {"key": "k", "name": "operator.note", "args": {"name": "looked", "subject": "level:1"}}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def test_every_command_is_on_record_with_what_became_of_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty1"]) as desk:
                made = await desk.order("a", "case.create", category="E05-06", lon=101.77, lat=36.6)
                refused = await desk.order("b", "case.close", case="630102202501010001")
                again = await desk.order("a", "case.close", case="x")
                unknown = await desk.order("d", "no.such.command")
            async with http_client(url, who["leader"]) as http:
                order = {"key": "c", "name": "alarm.acknowledge", "args": {"alarm": "s|r|level:1"}}
                answer = await http.post("/api/v1/commands", json={**order, "seat": "wall"})
                assert answer.status_code == 403
            last = hub.sequencer.offset
        assert (made.error, again.error is None, unknown.error is None) == (None, False, False)
        assert refused.error is not None

        rows = [r for r in audit(tmp_path) if r.type.startswith("command.")]
        told = [(r.type, r.actor, r.seat, r.object, r.outcome, r.reason) for r in rows]
        assert told == [
            ("command.case.create", "duty1", "seat 1", made.value["case"], "success", ""),
            (
                "command.case.close",
                "duty1",
                "seat 1",
                "630102202501010001",
                "failure",
                "unknown_case",
            ),
            ("command.case.close", "duty1", "seat 1", "x", "failure", "key_reused"),
            ("command.no.such.command", "duty1", "seat 1", "", "failure", "not_allowed"),
            (
                "command.alarm.acknowledge",
                "leader",
                "wall",
                "s|r|level:1",
                "failure",
                "not_allowed",
            ),
        ]
        assert {r.address for r in rows} == {"127.0.0.1"}
        assert (rows[0].detail["first_offset"], rows[0].detail["last_offset"]) == (last, last)
        assert len(str(rows[0].detail["sha256"])) == 64
        assert verdict(tmp_path).problem is None

    asyncio.run(story())


def test_a_command_sent_twice_is_one_record(tmp_path: Path) -> None:
    async def story() -> None:
        async with (
            served(tmp_path) as (_, url),
            http_client(url, tokens(tmp_path)["duty1"]) as http,
        ):
            answers = [await http.post("/api/v1/commands", json=NOTE) for _ in range(3)]
            assert len({a.content for a in answers}) == 1

    asyncio.run(story())
    assert len(of_type(tmp_path, "command.operator.note")) == 1


def test_sessions_and_replays_are_on_record(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["trainer"]) as desk:
                await desk.replay("open")
            async with console(url, "wrong-token-of-nobody") as stranger:
                assert isinstance(stranger.frames[0], Bye)

    asyncio.run(story())
    rows = of_type(tmp_path, "session.opened", "session.closed", "replay.opened")
    assert [(r.type, r.actor, r.reason) for r in rows] == [
        ("session.opened", "trainer", ""),
        ("replay.opened", "trainer", ""),
        ("session.closed", "trainer", ""),
        ("session.opened", "", "wrong_token"),
    ]


def test_a_flood_of_wrong_tokens_is_two_records(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url), http_client(url, "wrong") as http:
            for _ in range(50):
                assert (await http.get("/api/v1/summary")).status_code == 401

    asyncio.run(story())
    first, rest = of_type(tmp_path, "token.refused")
    assert (first.reason, first.address) == ("wrong_token", "127.0.0.1")
    assert rest.detail["more"] == 49


def test_orders_that_come_too_fast_are_counted(tmp_path: Path) -> None:
    async def story() -> None:
        limits = Limits(http_commands_per_s=0.5)
        async with (
            served(tmp_path, limits=limits) as (_, url),
            http_client(url, tokens(tmp_path)["duty1"]) as http,
        ):
            for number in range(20):
                await http.post("/api/v1/commands", json={**NOTE, "key": str(number)})

    asyncio.run(story())
    rows = of_type(tmp_path, "command.operator.note")
    done = [r for r in rows if r.outcome == "success"]
    slow = [r for r in rows if r.reason == "too_fast"]
    assert len(slow) == 2
    assert len(done) + 1 + int(str(slow[1].detail["more"])) == 20


def test_a_source_is_a_session_with_its_counts(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            await ingest(url, who["source"], [reading(0.5), {"type": "reading", "id": "nobody:1"}])
            async with http_client(url, who["leader"]) as http:
                answer = await http.post("/api/v1/ingest", json=[reading(0.4)])
                assert answer.status_code == 403

    asyncio.run(story())
    began, refused, ended = of_type(tmp_path, "source.began", "source.ended")
    assert (began.actor, refused.actor, refused.reason) == ("source", "leader", "not_allowed")
    counts = {k: ended.detail[k] for k in ("requests", "accepted", "refused")}
    assert counts == {"requests": 2, "accepted": len(CITY) + 1, "refused": 1}


def test_a_camera_address_is_recorded_without_its_password(tmp_path: Path) -> None:
    async def story() -> None:
        async with (
            served(tmp_path) as (_, url),
            http_client(url, tokens(tmp_path)["source"]) as http,
        ):
            assert (await http.post("/api/v1/ingest", json=CITY)).status_code == 200
            body = {"url": "rtsp://admin:hunter2@10.0.0.7/1?key=hunter2"}
            assert (await http.put("/api/v1/media/camera:1", json=body)).status_code == 200
            assert (await http.put("/api/v1/demo-seed", json={"seed": 7})).status_code == 200

    asyncio.run(story())
    media, seed = of_type(tmp_path, "config.media", "config.demo_seed")
    assert (media.actor, media.object) == ("source", "camera:1")
    assert media.detail == {"url": "rtsp://10.0.0.7/1"}
    assert seed.object == "7"
    assert "hunter2" not in repr(audit(tmp_path))


def test_what_was_changed_while_the_hub_was_away_is_told_at_its_start(tmp_path: Path) -> None:
    async def start_and_stop() -> None:
        async with served(tmp_path):
            pass

    def told() -> list[str]:
        return [r.type for r in audit(tmp_path)]

    asyncio.run(start_and_stop())
    first = told()
    assert first == ["audit.key", "hub.started", "config.packs", "hub.stopped"]
    asyncio.run(start_and_stop())
    assert told()[len(first) :] == ["hub.started", "hub.stopped"]
    (tmp_path / "media.toml").write_text('pattern = "http://10.0.0.7/{id}.ts"\n')
    before = len(told())
    asyncio.run(start_and_stop())
    assert told()[before:] == ["hub.started", "config.media", "hub.stopped"]
    assert verdict(tmp_path).problem is None


def test_the_end_of_a_hub_signs_everything(tmp_path: Path) -> None:
    async def story() -> None:
        async with (
            served(tmp_path) as (_, url),
            http_client(url, tokens(tmp_path)["duty1"]) as http,
        ):
            await http.post("/api/v1/commands", json=NOTE)

    asyncio.run(story())
    found = verdict(tmp_path)
    assert found.problem is None
    assert found.signed_count == found.count == len(audit(tmp_path))
    assert (tmp_path / "audit-key.pem").stat().st_mode & 0o077 == 0


def test_a_lost_key_is_replaced_and_said_so(tmp_path: Path) -> None:
    async def start_and_stop() -> None:
        async with served(tmp_path):
            pass

    asyncio.run(start_and_stop())
    (tmp_path / "audit-key.pem").unlink()
    asyncio.run(start_and_stop())
    old, new = of_type(tmp_path, "audit.key")
    assert new.detail["before"] == old.object
    assert verdict(tmp_path).problem is None


# -- no audit, no command ------------------------------------------------------------
def break_audit(data: Path, *, broken: bool) -> None:
    """Have the database refuse audit rows, or take them again."""
    with contextlib.closing(sqlite3.connect(data / "onemap.sqlite")) as other:
        if broken:
            other.execute(
                "CREATE TRIGGER broken BEFORE INSERT ON audit "
                "BEGIN SELECT RAISE(ABORT, 'simulated'); END"
            )
        else:
            other.execute("DROP TRIGGER broken")
        other.commit()


def test_no_audit_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "RETRY_S", 0.05)

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with (
                console(url, who["duty1"]) as desk,
                http_client(url, who["duty1"]) as officer,
                http_client(url, who["source"]) as source,
            ):
                await until(lambda: bool(of_type(tmp_path, "session.opened")))
                before = (await fold_of(hub)).digest()
                break_audit(tmp_path, broken=True)
                refused = await desk.order(
                    "a", "case.create", category="E05-06", lon=101.77, lat=36.63
                )
                assert refused.error is not None
                assert refused.error.code == "audit_failed"
                assert (
                    any(isinstance(f, Notice) and f.code == "audit_failed" for f in desk.frames)
                    or (await desk.until(Notice)).code == "audit_failed"
                )
                answer = await officer.post("/api/v1/commands", json=NOTE)
                assert answer.status_code == 503
                assert answer.json()["error"]["code"] == "audit_failed"
                body = {"url": "http://10.0.0.7/1"}
                assert (await source.put("/api/v1/media/camera:1", json=body)).status_code == 503
                assert not (tmp_path / "media.toml").exists()
                ready = await source.get("/readyz")
                assert (ready.status_code, ready.text.split(":")[0]) == (503, "audit_failed")
                assert (await fold_of(hub)).digest() == before

                break_audit(tmp_path, broken=False)
                await desk.until(Notice, lambda n: n.code == "storage_recovered")
                assert (await officer.post("/api/v1/commands", json=NOTE)).status_code == 200
                made = await desk.order(
                    "a", "case.create", category="E05-06", lon=101.77, lat=36.63
                )
                assert made.error is None

    asyncio.run(story())
    assert verdict(tmp_path).problem is None
    types = [r.type for r in audit(tmp_path)]
    assert "hub.recovered" in types
    # what was refused meanwhile is on record once it can be
    assert {r.reason for r in of_type(tmp_path, "command.case.create")} == {"audit_failed", ""}


def test_a_hub_that_cannot_record_its_start_does_not_start(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path):
            pass
        break_audit(tmp_path, broken=True)
        with pytest.raises(Exception, match="audit cannot be written"):
            Hub(HubOptions(data=tmp_path, port=0))
        break_audit(tmp_path, broken=False)
        again = Hub(HubOptions(data=tmp_path, port=0))  # the refused one let go of the store
        async with again.running():
            assert http_server(again, HubOptions(data=tmp_path)) is not None

    asyncio.run(story())


def test_the_database_itself_refuses_to_change_or_delete_records(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path):
            pass

    asyncio.run(story())
    statements: list[Any] = [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "UPDATE audit_checkpoint SET time = 0",
        "DELETE FROM audit_checkpoint",
    ]
    with contextlib.closing(sqlite3.connect(tmp_path / "onemap.sqlite")) as other:
        for statement in statements:
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                other.execute(statement)

"""The reading side over HTTP, camera addresses, and accounts."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import httpx
import pytest

from services.access.roles import GRANTS, RIGHTS, allowed
from services.access.tokens import FIRST_ACCOUNTS, TokenFile
from services.domain.errors import KnownError
from services.hub.commands import COMMANDS
from services.hub.main import _serve
from services.hub.options import HubOptions
from services.hub.snapshots import DAY_S, HOUR_S, SnapshotKeeper, superfluous
from services.storage.audit import AuditQuery
from tests.services.hub.consoles import LIMIT_S, http_client, served, tokens
from tests.services.hub.test_feed import CITY, ingest, reading, thing


def test_the_questions_a_console_asks(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            for level in (0.1, 0.2, 3.0):
                await ingest(url, who["source"], [reading(level)])
            async with http_client(url, who["leader"]) as http:

                async def ask(path: str) -> dict[str, object]:
                    answer = await http.get(f"/api/v1/{path}")
                    assert answer.status_code == 200, answer.text
                    found: dict[str, object] = answer.json()
                    return found

                summary = await ask("summary")
                assert summary["top"] == hub.sequencer.offset
                assert summary["alarms"] == 1
                assert summary["demo_seed"] is None
                counts = summary["counts"]
                assert isinstance(counts, dict)
                assert counts["level_sensor"] == {
                    "total": 2,
                    "online": 1,
                    "offline": 0,
                    "unknown": 1,
                }
                assert (await ask("entities/level:1"))["values"] == {"level": 3.0}
                assert (await http.get("/api/v1/entities/none")).status_code == 404

                log = await ask("log")
                assert (log["first_offset"], log["last_offset"]) == (1, hub.sequencer.offset)
                start, end = float(str(log["first_time"])), float(str(log["last_time"])) + 1
                span = f"start={start}&end={end}"
                points = (await ask(f"readings?id=level:1&name=level&{span}"))["points"]
                assert isinstance(points, list)
                assert [v for _, v in points] == [0.1, 0.2, 3.0]
                newest = (await ask(f"readings?id=level:1&name=level&{span}&limit=1"))["points"]
                assert newest == points[-1:]
                buckets = (await ask(f"alarm-counts?{span}&bucket_s={end - start}"))["buckets"]
                assert isinstance(buckets, list)
                assert len(buckets) == 1
                assert sum(buckets[0][1:]) == 1
                raises = (await ask(f"alarm-raises?{span}"))["raises"]
                assert isinstance(raises, list)
                assert [row[1:] for row in raises] == [
                    ["rule|level_high|level:1", "rule", "level_high", "level:1", 4]
                ]

                for path in (
                    f"readings?name=level&{span}",
                    "readings?id=level:1&name=level&start=nan&end=1",
                    f"alarm-counts?{span}&bucket_s=0",
                    f"alarm-counts?{span}&bucket_s=0.000001",
                    "alarm-counts?start=5&end=1&bucket_s=1",
                    "alarm-raises?start=5&end=1",
                    "alarm-raises?start=0&end=604801",
                ):
                    answer = await http.get(f"/api/v1/{path}")
                    assert answer.status_code == 400, path
                    assert answer.json()["error"]["field"]

    asyncio.run(story())


@pytest.mark.parametrize("id_", ["level:1", "camera:77"])
def test_what_is_no_camera_has_no_address(tmp_path: Path, id_: str) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with http_client(url, who["source"]) as source:
                pattern = {"url_template": "http://h.example/{id}.ts"}
                assert (await source.put("/api/v1/media-pattern", json=pattern)).status_code == 200
                body = {"url": "rtsp://h.example/1"}
                put = await source.put(f"/api/v1/media/{id_}", json=body)
            async with http_client(url, who["duty1"]) as desk:
                got = await desk.get(f"/api/v1/media/{id_}")
            for answer in (put, got):
                error = answer.json()["error"]
                assert (answer.status_code, error["code"]) == (404, "not_a_camera")
                assert id_ in error["text"]
        assert id_ not in (tmp_path / "media.toml").read_text()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("user", "status"),
    [
        *(("duty1", 200), ("leader", 200), ("trainer", 200)),
        *(("source", 403), ("field", 403), ("simulator", 403)),
    ],
)
def test_where_pictures_come_from_is_told_to_those_who_look_at_them(
    tmp_path: Path, user: str, status: int
) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with http_client(url, who["source"]) as source:
                body = {"url": "rtsp://h.example/1"}
                await source.put("/api/v1/media/camera:1", json=body)
            async with http_client(url, who[user]) as http:
                answer = await http.get("/api/v1/media/camera:1")
            assert answer.status_code == status
            assert ("h.example" in answer.text) == (status == 200)

    asyncio.run(story())


def test_a_source_elsewhere_points_no_camera_at_pictures_of_its_own(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            away = httpx.ASGITransport(hub.app, client=("10.0.0.9", 50_000))
            headers = {"Authorization": f"Bearer {who['source']}"}
            async with httpx.AsyncClient(
                transport=away, base_url=url, headers=headers, trust_env=False
            ) as source:
                for path, body in (
                    ("media/camera:1", {"url": "http://h.example/1"}),
                    ("media-pattern", {"url_template": "http://h.example/{id}.ts"}),
                ):
                    put = await source.put(f"/api/v1/{path}", json=body)
                    assert (put.status_code, put.json()["error"]["code"]) == (403, "not_allowed")
            await hub.audit.trail.drain()
            records = hub.audit.reader.page(AuditQuery(type="config.media"), None, 10)
            assert {(r.actor, r.address, r.reason) for r in records} == {
                ("source", "10.0.0.9", "not_allowed")
            }

    asyncio.run(story())


def test_camera_addresses_and_the_demo_seed_are_set_by_sources_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            camera = thing("camera:2", "camera", attrs={"category": "street"})
            await ingest(url, who["source"], [*CITY, camera])
            async with http_client(url, who["source"]) as source:
                put = await source.put("/api/v1/media/camera:1", json={"url": "rtsp://h.example/1"})
                assert put.status_code == 200
                bad = await source.put("/api/v1/media/camera:1", json={"url": "file:///etc/passwd"})
                assert (bad.status_code, bad.json()["error"]["code"]) == (400, "bad_media_url")
                pattern = {"url_template": "http://h.example/{id}.ts"}
                assert (await source.put("/api/v1/media-pattern", json=pattern)).status_code == 200
                assert (await source.put("/api/v1/demo-seed", json={"seed": 7})).status_code == 200
            async with http_client(url, who["duty1"]) as desk:
                assert (await desk.get("/api/v1/media/camera:1")).json() == {
                    "url": "rtsp://h.example/1"
                }
                other = await desk.get("/api/v1/media/camera:2")
                assert other.json()["url"].startswith("http://h.example/camera")
                refused = await desk.put("/api/v1/media/camera:1", json={"url": "rtsp://x/1"})
                assert refused.status_code == 403
        async with (
            served(tmp_path) as (_, url),
            http_client(url, who["duty1"]) as desk,
        ):
            assert (await desk.get("/api/v1/summary")).json()["demo_seed"] == 7

    asyncio.run(story())


def test_tokens_are_made_once_private_and_read_again_when_changed(tmp_path: Path) -> None:
    path = tmp_path / "tokens.toml"
    file = TokenFile(path)
    file.ensure()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = file.token_of("duty1")
    account = file.account(secret)
    assert account is not None
    assert (account.name, account.roles) == ("值班员甲", ("duty_officer",))
    assert len({file.token_of(a.user) for a in FIRST_ACCOUNTS}) == len(FIRST_ACCOUNTS)
    assert file.account("") is None
    assert file.account(secret + "x") is None

    older = path.read_text().partition("\n[accounts.simulator]")[0]
    path.write_text(older.rstrip())  # of a hub that had none, and written by hand
    TokenFile(path).ensure()
    assert path.read_text().startswith(older.rstrip() + "\n[accounts.simulator]\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    simulator = file.account(file.token_of("simulator"))
    assert simulator is not None
    assert simulator.roles == ("simulator",)
    inline = 'accounts = {a = {name = "A", roles = [], token = "0123456789abcdef"}}'
    path.write_text(inline)  # nothing can be added to this: it stays as it is
    TokenFile(path).ensure()
    assert path.read_text() == inline
    path.write_text(older)

    TokenFile(path).ensure()  # a second start keeps them
    assert file.token_of("duty1") == secret
    path.write_text(path.read_text().replace(secret, "another-token-of-mine"))
    assert file.account(secret) is None
    assert file.account("another-token-of-mine") == account
    path.write_text(path.read_text().replace("another-token-of-mine", "short"))
    with pytest.raises(KnownError, match="duty1"):
        file.account("short")
    path.write_text("accounts = 1")
    with pytest.raises(KnownError, match=r"tokens\.toml"):
        file.account("x")
    path.unlink()
    with pytest.raises(KnownError) as caught:
        TokenFile(path).token_of("duty1")
    assert caught.value.code == "no_tokens"


def test_every_command_is_granted_to_somebody_and_nothing_else_is() -> None:
    granted = set().union(*GRANTS.values()) - RIGHTS
    assert granted == set(COMMANDS)
    assert {a for account in FIRST_ACCOUNTS for a in account.roles} <= set(GRANTS)
    for command in COMMANDS:
        assert not allowed(("ingest", "unknown"), command)
        assert not allowed((), command)
        assert allowed(("leader", "duty_officer", "field"), command)


def test_old_snapshots_are_thinned_to_one_an_hour() -> None:
    now = 10 * DAY_S
    stored = [(i, now - 2 * DAY_S + i * HOUR_S / 4) for i in range(3 * 24 * 4)]
    dropped = set(superfluous(stored, now))
    kept = [(o, t) for o, t in stored if o not in dropped]
    assert [o for o, t in stored if now - t < DAY_S] == [o for o, t in kept if now - t < DAY_S]
    old = [int(t // HOUR_S) for _, t in kept if now - t >= DAY_S]
    assert len(old) == len(set(old)) == 25


def test_a_hub_whose_work_fails_ends_instead_of_going_on_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_self: SnapshotKeeper) -> None:
        raise RuntimeError("a bug")

    async def story() -> None:
        await asyncio.wait_for(_serve(HubOptions(data=tmp_path, port=0)), LIMIT_S)

    monkeypatch.setattr(SnapshotKeeper, "run", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        asyncio.run(story())

"""What a hub lets be undone: what it recorded itself of a load, by whom may undo it, once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from services.access.tokens import TokenFile
from services.domain.errors import KnownError
from services.hub import imports_api
from services.ingest import loads
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from services.storage import loads as load_rows
from tests.services.hub.consoles import http_client, served, tokens
from tests.services.hub.import_desk import STATIONS, Desk, import_records, world_of

STATION = {"type": "entity", "kind": "fire_station", "lon": 101.8, "lat": 36.6}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


def _account(data: Path, user: str, role: str, limits: str = "") -> str:
    """One more account of the machine's own file, or the same with other limits; its token."""
    path = data / "tokens.toml"
    token = f"token-of-{user}-0123456789"
    before = path.read_text("utf-8").partition(f"[accounts.{user}]")[0]
    told = f'[accounts.{user}]\nname = "{user}"\nroles = ["{role}"]\ntoken = "{token}"\n{limits}\n'
    path.write_text(f"{before}\n{told}", "utf-8")
    assert TokenFile(path).token_of(user) == token
    return token


async def _undo(url: str, token: str, **body: Any) -> dict[str, Any]:
    async with http_client(url, token) as http:
        told: dict[str, Any] = (await http.post("/api/v1/imports/undo", json=body)).json()
        return told


def _code(told: dict[str, Any]) -> str:
    return str(told["error"]["code"])


def test_nobody_has_a_connectors_things_deleted(tmp_path: Path, catalogue: Catalogue) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            source = Desk(tmp_path, url, who["source"], catalogue)
            report = await asyncio.to_thread(source.load, STATIONS)
            told = {"type": "entity", "id": "fire_station:9", "name": "接入"}
            await asyncio.to_thread(source.send, STATION | told)
            epoch, top = hub.broker.epoch, hub.sequencer.offset
            # as a desk asked before the hub kept the loads: in the connector's name
            old = {"epoch": epoch, "source": "source", "first": 0, "last": top}
            answer = await _undo(
                url, who["duty1"], batch="b", ids=["fire_station:9", "fire_station:1"], **old
            )
            assert _code(answer) == "old_desk"
            answer = await _undo(url, who["duty1"], batch=report.batch)
            assert _code(answer) == "not_your_load"
            assert answer["error"]["params"] == {"user": "source"}
            assert _code(await _undo(url, who["duty1"], batch="20260101-000000-abcd")) == (
                "unknown_batch"
            )
            assert _code(await _undo(url, who["leader"], batch=report.batch)) == "not_your_load"
            assert len((await world_of(hub)).entities) == 3
            # its own undo does not touch what it told outside of the load, nor does a later one
            done = await asyncio.to_thread(source.undo, report.batch)
            assert done.deleted == 2
            assert set((await world_of(hub)).entities) == {"fire_station:9"}
            await hub.audit.trail.drain()
            refused = [r for r in import_records(tmp_path) if r.outcome == "failure"]
            assert ("duty1", report.batch, "not_your_load") in [
                (r.actor, r.object, r.reason) for r in refused
            ]

    asyncio.run(story())


def test_what_comes_between_two_parts_of_a_load_is_not_the_loads(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            token = tokens(tmp_path)["source"]
            begun = {"batch": "b", "file": "f", "kind": "fire_station"}
            async with http_client(url, token) as http:
                assert (await http.post("/api/v1/imports", json=begun)).status_code == 200
                for number, path in (
                    (1, "/api/v1/ingest?batch=b"),
                    (2, "/api/v1/ingest"),
                    (3, "/api/v1/ingest?batch=b"),
                    (4, "/api/v1/ingest"),
                ):
                    told = STATION | {"id": f"fire_station:{number}", "name": "站"}
                    assert (await http.post(path, json=told)).status_code == 200
            answer = await _undo(url, token, batch="b")
            assert (answer["deleted"], answer["done"], answer["total"]) == (2, 2, 2)
            assert set((await world_of(hub)).entities) == {"fire_station:2", "fire_station:4"}

    asyncio.run(story())


def test_loads_are_known_after_a_restart_also_half_undone(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports_api, "PART_IDS", 2)

    async def story() -> None:
        rows = "".join(f"{n},站{n},101.8,36.6\n" for n in range(5))
        async with served(tmp_path) as (hub, url):
            desk = Desk(tmp_path, url, tokens(tmp_path)["duty1"], catalogue)
            report = await asyncio.to_thread(desk.load, "id,name,lon,lat\n" + rows)
        async with served(tmp_path) as (hub, url):
            desk = Desk(tmp_path, url, tokens(tmp_path)["duty1"], catalogue)
            asked = iter([False, True])
            with pytest.raises(KnownError) as caught:
                await asyncio.to_thread(desk.undo, report.batch, lambda: next(asked))
            assert caught.value.code == "stopped"
            assert len((await world_of(hub)).entities) == 3
        async with served(tmp_path) as (hub, url):
            token = tokens(tmp_path)["duty1"]
            desk = Desk(tmp_path, url, token, catalogue)
            async with http_client(url, token) as http:  # what is being undone takes no rows
                told = STATION | {"id": "fire_station:0", "name": "站"}
                answer = await http.post(f"/api/v1/ingest?batch={report.batch}", json=told)
                assert _code(answer.json()) == "being_undone"
            done = await asyncio.to_thread(desk.undo, report.batch)
            assert (done.state, done.deleted) == ("undone", 5)
            assert (await world_of(hub)).entities == {}
            assert _code(await _undo(url, token, batch=report.batch)) == "already_undone"
            # a desk that missed the last answer takes that for the end
            desk.store.keep(loads.replace(done, state="undoing"))
            assert (await asyncio.to_thread(desk.undo, report.batch)).state == "undone"
            ids = " ".join(
                str(v)
                for r in import_records(tmp_path)
                for k, v in r.detail.items()
                if k.startswith("deleted_ids")
            )
            assert sorted(ids.split()) == [f"fire_station:{n}" for n in range(5)]

    asyncio.run(story())


def test_a_system_administrator_undoes_what_others_loaded(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            desk = Desk(tmp_path, url, who["duty1"], catalogue)
            report = await asyncio.to_thread(desk.load, STATIONS)
            assert _code(await _undo(url, who["duty2"], batch=report.batch)) == "not_your_load"
            token = _account(tmp_path, "sys", "system_admin")
            assert (await _undo(url, token, batch=report.batch))["deleted"] == 2
            assert (await world_of(hub)).entities == {}
            (summary,) = [r for r in import_records(tmp_path) if "begun_by" in r.detail][1:]
            assert (summary.actor, summary.detail["begun_by"]) == ("sys", "duty1")

    asyncio.run(story())


def test_an_undo_is_held_to_the_rights_of_now(tmp_path: Path, catalogue: Catalogue) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            token = _account(tmp_path, "duty9", "duty_officer")
            desk = Desk(tmp_path, url, token, catalogue)
            report = await asyncio.to_thread(desk.load, STATIONS)
            _account(tmp_path, "duty9", "duty_officer", 'areas = ["630102001"]')
            assert _code(await _undo(url, token, batch=report.batch)) == "not_allowed"
            _account(tmp_path, "duty9", "duty_officer", 'kinds = ["hydrant"]')
            told = await _undo(url, token, batch=report.batch)
            assert (told["deleted"], [each["error"]["code"] for each in told["left"]]) == (
                0,
                ["not_allowed", "not_allowed"],
            )
            assert len((await world_of(hub)).entities) == 2

    asyncio.run(story())


def test_rows_of_a_load_come_from_whoever_began_it(tmp_path: Path, catalogue: Catalogue) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            begun = {"batch": "b", "file": "f", "kind": "fire_station"}
            told = STATION | {"id": "fire_station:1", "name": "站"}
            async with http_client(url, who["duty1"]) as http:
                assert (await http.post("/api/v1/imports", json=begun)).status_code == 200
                assert (await http.post("/api/v1/imports", json=begun)).status_code == 200
                answer = await http.post("/api/v1/ingest", json=told)
                assert _code(answer.json()) == "old_desk"  # nothing that could not be undone
                answer = await http.post("/api/v1/ingest?batch=c", json=told)
                assert (answer.status_code, _code(answer.json())) == (404, "unknown_batch")
            async with http_client(url, who["duty2"]) as http:
                answer = await http.post("/api/v1/imports", json=begun)
                assert _code(answer.json()) == "batch_taken"
                answer = await http.post("/api/v1/ingest?batch=b", json=told)
                assert (answer.status_code, _code(answer.json())) == (403, "not_your_load")
                ended = {"batch": "b", "loaded": 1, "refused": 0}
                answer = await http.post("/api/v1/imports/end", json=ended)
                assert _code(answer.json()) == "not_your_load"
            assert (await world_of(hub)).entities == {}

    asyncio.run(story())


def test_rows_that_come_while_an_undo_begins_are_undone_or_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            token = tokens(tmp_path)["duty1"]
            async with http_client(url, token) as http:
                begun = {"batch": "b", "file": "f", "kind": "fire_station"}
                await http.post("/api/v1/imports", json=begun)

                async def send(number: int) -> str:
                    rows = [
                        STATION | {"id": f"fire_station:{number}-{n}", "name": "站"}
                        for n in range(600)
                    ]
                    await asyncio.sleep(number / 100)
                    told = (await http.post("/api/v1/ingest?batch=b", json=rows)).json()
                    return _code(told) if "error" in told else "taken"

                async def undo() -> None:
                    await asyncio.sleep(0.03)
                    told: dict[str, Any] = {"done": 0, "total": 1}
                    while told["done"] < told["total"] or told["waiting"]:
                        told = (await http.post("/api/v1/imports/undo", json=named)).json()

                named = {"batch": "b"}
                *sent, _ = await asyncio.gather(*(send(n) for n in range(12)), undo())
            assert set(sent) <= {"taken", "being_undone"}
            assert (await world_of(hub)).entities == {}

    asyncio.run(story())


def test_a_load_that_is_begun_twice_at_once_is_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            begun = {"batch": "b", "file": "f", "kind": "k"}
            async with http_client(url, tokens(tmp_path)["duty1"]) as http:
                asked = (http.post("/api/v1/imports", json=begun) for _ in range(8))
                answers = await asyncio.gather(*asked)
                assert [a.status_code for a in answers] == [200] * 8
                ended = {"batch": "x" * 200, "loaded": 0, "refused": 0}
                answer = await http.post("/api/v1/imports/end", json=ended)
                assert _code(answer.json()) == "bad_id"
            began = [r for r in import_records(tmp_path) if r.type == "import.began"]
            assert len(began) == 1

    asyncio.run(story())


def test_only_the_newest_loads_of_an_account_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_rows, "MAX_KEPT", 2)

    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            for user, batch in (("duty2", "d"), ("duty1", "a"), ("duty1", "b"), ("duty1", "c")):
                async with http_client(url, who[user]) as http:
                    begun = {"batch": batch, "file": "f", "kind": "k"}
                    assert (await http.post("/api/v1/imports", json=begun)).status_code == 200
            assert _code(await _undo(url, who["duty1"], batch="a")) == "unknown_batch"
            assert (await _undo(url, who["duty1"], batch="b"))["total"] == 0
            assert (await _undo(url, who["duty2"], batch="d"))["total"] == 0

    asyncio.run(story())


def test_a_log_that_is_another_gives_nothing_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            token = tokens(tmp_path)["duty1"]
            begun = {"batch": "b", "file": "f", "kind": "fire_station"}
            async with http_client(url, token) as http:
                await http.post("/api/v1/imports", json=begun)
                hub.broker.restart("another", hub.sequencer.offset)
                told = STATION | {"id": "fire_station:1", "name": "站"}
                answer = await http.post("/api/v1/ingest?batch=b", json=told)
                assert _code(answer.json()) == "other_epoch"
            assert _code(await _undo(url, token, batch="b")) == "other_epoch"
            assert _code(await _undo(url, token, batch="b", more=1)) == "malformed"

    asyncio.run(story())

"""Loads of files at a real hub: on record, undone from its own log, what others changed is left."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, TypeVar

import pytest

from services.domain.errors import KnownError
from services.ingest import loads
from services.ingest.importer import ImportOptions, Report, run
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from tests.services.hub.consoles import http_client, served, tokens
from tests.services.hub.import_desk import STATIONS, Desk, import_records, world_of

T = TypeVar("T")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


def test_an_undo_deletes_what_a_load_made_and_restores_what_it_replaced(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            desk = Desk(tmp_path, url, tokens(tmp_path)["source"], catalogue)
            await asyncio.to_thread(desk.load, "id,name,lon,lat\n1,旧名,101.8,36.6\n")
            before = (await world_of(hub)).entities["fire_station:1"]
            report = await asyncio.to_thread(desk.load, STATIONS)
            world = await world_of(hub)
            assert world.entities["fire_station:1"].name == "一站"
            assert world.entities["fire_station:2"].attrs == {"area_name": "东"}
            done = await asyncio.to_thread(desk.undo, report.batch)
            assert (done.state, done.deleted, done.restored, done.left) == ("undone", 1, 1, ())
            world = await world_of(hub)
            after = world.entities["fire_station:1"]
            assert (after.name, after.lon, after.attrs) == (before.name, before.lon, before.attrs)
            assert "fire_station:2" not in world.entities
            with pytest.raises(KnownError) as caught:
                await asyncio.to_thread(desk.undo, report.batch)
            assert caught.value.code == "already_undone"
            await hub.audit.trail.drain()
            told = [row for row in import_records(tmp_path) if row.object == report.batch]
            kinds = ["import.began", "import.ended", "import.undo_began", "import.undone"]
            assert [r.type for r in told[:4]] == kinds
            assert {r.actor for r in told} == {"source"}
            ids = {k: v for r in told[4:] for k, v in r.detail.items()}
            assert ids == {"deleted_ids_01": "fire_station:2", "restored_ids_02": "fire_station:1"}

    asyncio.run(story())


def test_what_others_changed_or_use_is_named_and_left(tmp_path: Path, catalogue: Catalogue) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            desk = Desk(tmp_path, url, tokens(tmp_path)["source"], catalogue)
            rows = "".join(f"{n},站{n},101.8{n},36.6\n" for n in range(1, 5))
            report = await asyncio.to_thread(desk.load, "id,name,lon,lat\n" + rows)
            changed = {"type": "entity", "id": "fire_station:1", "kind": "fire_station"}
            await asyncio.to_thread(desk.send, {**changed, "name": "改", "lon": 101.8, "lat": 36.6})
            await asyncio.to_thread(desk.send, {"type": "delete", "id": "fire_station:2"})
            # news of a thing is no change of it
            seen = {"type": "status", "id": "fire_station:3", "link": "online"}
            await asyncio.to_thread(desk.send, seen)
            done = await asyncio.to_thread(desk.undo, report.batch)
            assert done.deleted == 2
            assert [(i, code) for i, code, _ in done.left] == [("fire_station:1", "changed_since")]
            assert set((await world_of(hub)).entities) == {"fire_station:1"}

    asyncio.run(story())


def test_what_is_in_use_stays(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = "id,name,lon,lat\n1,甲库,101.81,36.6\n2,乙库,101.82,36.6\n3,丙库,101.83,36.6\n"

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            desk = Desk(tmp_path, url, tokens(tmp_path)["source"], catalogue)
            report = await asyncio.to_thread(desk.load, rows, kind="warehouse")
            stock = {"type": "stock", "warehouse_id": "warehouse:1", "item": "pump", "on_hand": 2}
            await asyncio.to_thread(desk.send, stock, {**stock, "warehouse_id": "warehouse:2"})
            empty = {**stock, "warehouse_id": "warehouse:2", "on_hand": 0}
            await asyncio.to_thread(desk.send, empty)
            done = await asyncio.to_thread(desk.undo, report.batch)
            assert [(i, code) for i, code, _ in done.left] == [("warehouse:1", "in_use")]
            assert done.deleted == 2
            assert set((await world_of(hub)).entities) == {"warehouse:1"}

    asyncio.run(story())


def test_loaded_cases_are_voided_and_can_be_loaded_again(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    rows = "id,title,lon,lat\nA-1,井盖松动,101.81,36.6\nA-2,路灯不亮,101.82,36.6\n"

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            desk = Desk(tmp_path, url, who["source"], catalogue)
            more = {"kind": "case", "constants": {"category": "P01-01"}}
            await asyncio.to_thread(
                desk.load, rows.splitlines()[0] + "\nA-1,旧,101.8,36.6\n", **more
            )
            report = await asyncio.to_thread(desk.load, rows, **more)
            done = await asyncio.to_thread(desk.undo, report.batch)
            assert (done.deleted, done.restored, done.left) == (1, 1, ())
            cases = (await world_of(hub)).cases
            assert (cases["case:A-2"].state, cases["case:A-1"].title) == ("voided", "旧")
            assert cases["case:A-1"].state == "reported"
            assert cases["case:A-1"].flow[-1].action == "undo_import"
            again = await asyncio.to_thread(desk.load, rows, **more)
            cases = (await world_of(hub)).cases
            assert cases["case:A-2"].state == "reported"
            assert [s.action for s in cases["case:A-2"].flow] == ["report", "undo_import", "report"]
            async with http_client(url, who["duty1"]) as http:
                order = {"key": "k", "name": "case.accept", "args": {"case": "case:A-2"}}
                order["expect_version"] = cases["case:A-2"].version
                assert (await http.post("/api/v1/commands", json=order)).status_code == 200
            done = await asyncio.to_thread(desk.undo, again.batch)
            assert [(i, code) for i, code, _ in done.left] == [("case:A-2", "changed_since")]
            assert done.restored == 1

    asyncio.run(story())


def test_a_load_that_died_is_gone_on_with_or_undone(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [f"{n},站{n},101.8,36.6\n" for n in range(2_500)]
    text = "id,name,lon,lat\n" + "".join(rows)

    class DiedError(Exception):
        """The process is gone."""

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            desk = Desk(tmp_path, url, tokens(tmp_path)["source"], catalogue)
            path = tmp_path / "rows.csv"
            path.write_text(text, "utf-8")
            options = ImportOptions(path=path, kind="fire_station")

            def dies(*, answered: bool) -> str:
                with desk.client() as client:
                    begun = loads.begin(desk.store, client, url, path, "fire_station", "t")

                    def progress(read: int) -> None:
                        if read == 2_000 and answered:
                            raise DiedError

                    if not answered:  # the second batch arrives, its answer does not
                        ingest = client.ingest

                        def lost(items: Any, load: str = "") -> Any:
                            told = ingest(items, load)
                            if len(desk.store.sent(begun.batch)) > 1_000:
                                raise DiedError
                            return told

                        client.ingest = lost  # type: ignore[method-assign]  # a line that breaks
                    with begun, pytest.raises(DiedError):
                        run(options, catalogue, client=client, recorder=begun, progress=progress)
                return begun.batch

            batch = await asyncio.to_thread(dies, answered=True)
            assert desk.store.get(batch).state == "loading"
            assert len((await world_of(hub)).entities) == 2_000
            top = hub.sequencer.offset

            def resumed() -> Report:
                with desk.client() as client:
                    begun = loads.resume(desk.store, batch, "")
                    with begun:
                        return run(options, catalogue, client=client, recorder=begun)

            report = await asyncio.to_thread(resumed)
            assert report.loaded == 2_500
            assert hub.sequencer.offset == top + 500  # what was there is not sent again
            asked = iter([False, True])  # stopped after the first part
            with pytest.raises(KnownError) as caught:
                await asyncio.to_thread(desk.undo, batch, lambda: next(asked))
            assert caught.value.code == "stopped"
            assert desk.store.get(batch).state == "undoing"
            done = await asyncio.to_thread(desk.undo, batch)
            assert (done.deleted, done.left) == (2_500, ())
            assert (await world_of(hub)).entities == {}
            batch = await asyncio.to_thread(dies, answered=False)
            assert len((await world_of(hub)).entities) == 2_000
            assert (await asyncio.to_thread(desk.undo, batch)).deleted == 2_000
            assert (await world_of(hub)).entities == {}

    asyncio.run(story())


def test_an_officer_loads_things_and_nothing_else(tmp_path: Path, catalogue: Catalogue) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            officer = Desk(tmp_path, url, who["duty1"], catalogue)
            report = await asyncio.to_thread(officer.load, STATIONS)
            assert report.loaded == 2
            async with http_client(url, who["duty1"]) as http:
                for item in (
                    {"type": "delete", "id": "fire_station:1"},
                    {"type": "status", "id": "fire_station:1", "link": "offline"},
                ):
                    path = f"/api/v1/ingest?batch={report.batch}"
                    answer = await http.post(path, json=[item])
                    assert answer.json()["items"][0]["error"]["code"] == "not_allowed"
            done = await asyncio.to_thread(officer.undo, report.batch)
            assert done.deleted == 2
            for user in ("leader", "trainer", "field"):
                other = Desk(tmp_path, url, who[user], catalogue)
                with pytest.raises(KnownError) as caught:
                    await asyncio.to_thread(other.load, STATIONS)
                assert caught.value.code == "not_allowed", user
            assert (await world_of(hub)).entities == {}

    asyncio.run(story())

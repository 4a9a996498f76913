"""A site's own pack: a new kind is ingested, imported, judged and counted without any code."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.domain.errors import KnownError
from services.ingest.importer import ImportOptions, run
from services.packs.loader import default_directory, load
from tests.services.hub.consoles import http_client, served, tokens
from tests.services.hub.test_feed import ingest
from tests.services.packs.site import TABLE, site_packs


def reading(kilograms: float, identifier: str = "beehive:1") -> dict[str, object]:
    return {"type": "reading", "id": identifier, "values": {"weight": kilograms}}


def test_a_new_kind_is_imported_counted_and_judged(tmp_path: Path) -> None:
    site = site_packs(tmp_path / "site")
    table = tmp_path / "hives.csv"
    table.write_text(TABLE, encoding="utf-8")

    async def story() -> None:
        async with served(tmp_path / "data", packs=(site,)) as (hub, url):
            who = tokens(tmp_path / "data")
            options = ImportOptions(path=table, kind="beehive", url=url, token=who["source"])
            catalogue = load(default_directory(), site)
            report = await asyncio.to_thread(run, options, catalogue)
            assert (report.loaded, report.refused) == (2, 1)
            async with http_client(url, who["leader"]) as http:

                async def counts() -> object:
                    found = (await http.get("/api/v1/summary")).json()
                    return found["counts"]["beehive"]

                assert await counts() == {"total": 2, "online": 0, "offline": 0, "unknown": 2}
                await ingest(url, who["source"], [reading(20.0)])
                assert await counts() == {"total": 2, "online": 1, "offline": 0, "unknown": 1}
            world = await hub.sequencer.read(lambda w: dict(w.entities))
            assert world["beehive:1"].state == "well"
            await ingest(url, who["source"], [reading(11.0)])
            world = await hub.sequencer.read(lambda w: dict(w.entities))
            assert (world["beehive:1"].state, world["beehive:1"].values) == (
                "light",
                {"weight": 11.0},
            )
            assert world["beehive:2"].state == ""
            assert not await hub.sequencer.read(lambda w: dict(w.alarms))
            await ingest(url, who["source"], [reading(7.0)])
            alarms = await hub.sequencer.read(lambda w: dict(w.alarms))
            assert [a.rule for a in alarms.values()] == ["hive_light"]

    asyncio.run(story())


def test_a_state_that_readings_do_not_give_stays(tmp_path: Path) -> None:
    """Derived states come and go with the readings; one log line per change, none without."""
    site = site_packs(tmp_path / "site")

    async def story() -> None:
        async with served(tmp_path / "data", packs=(site,)) as (hub, url):
            source = tokens(tmp_path / "data")["source"]
            hive: dict[str, object] = {"type": "entity", "id": "beehive:9", "kind": "beehive"}
            hive |= {"name": "蜂箱", "lon": 101.8, "lat": 36.6, "values": {"weight": 10.0}}
            await ingest(url, source, [hive])
            top = hub.sequencer.offset
            assert await hub.sequencer.read(lambda w: w.entities["beehive:9"].state) == "light"
            await ingest(url, source, [reading(10.5, "beehive:9")])
            assert hub.sequencer.offset == top + 1  # the reading alone
            await ingest(url, source, [reading(15.0, "beehive:9")])
            assert hub.sequencer.offset == top + 3  # the reading and the state
            assert await hub.sequencer.read(lambda w: w.entities["beehive:9"].state) == "well"

    asyncio.run(story())


def test_a_kind_that_no_pack_has_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    table = tmp_path / "hives.csv"
    table.write_text(TABLE, encoding="utf-8")
    options = ImportOptions(path=table, kind="beehive", dry_run=True)
    assert run(options, load(default_directory(), site_packs(tmp_path / "site"))).loaded == 2
    with pytest.raises(KnownError) as caught:
        run(options, load(default_directory()))
    assert "level_sensor" in caught.value.text

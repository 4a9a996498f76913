"""A hub tells which roads it reckons with, and gives them to consoles elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.domain.errors import KnownError
from services.domain.model import Entity
from services.domain.world import World
from services.feed.api import HubApi
from services.hub.roads import RETRY_S, HubRoads
from services.packs.loader import default_directory, load
from services.roads.store import BUNDLED, RoadStore
from tests.services.hub.consoles import http_client, served, tokens
from tests.services.roads.town import PLANE, grid


def test_a_console_elsewhere_gets_the_hubs_network(tmp_path: Path) -> None:
    hub_data, console_data = tmp_path / "hub", tmp_path / "console"

    async def story() -> None:
        async with served(hub_data) as (_, url):
            token = tokens(hub_data)["duty1"]
            api = HubApi(url, token)
            try:
                assert await asyncio.to_thread(api.road_version) == BUNDLED
                version = RoadStore(hub_data).add(grid(3, 3), "grid", 0.0)
                assert await asyncio.to_thread(api.road_version) == version
                store = RoadStore(console_data)
                await asyncio.to_thread(store.take_in, version, api.road_block)
                assert store.load(version)[1].name == "grid"
                assert store.version == BUNDLED  # what a hub of this machine uses is its own
                for other in ("0" * 16, BUNDLED):
                    with pytest.raises(KnownError) as missing:
                        await asyncio.to_thread(store.take_in, other, api.road_block)
                    assert missing.value.code == "not_found"
                assert not list(console_data.rglob("*.fetched"))
            finally:
                await asyncio.to_thread(api.close)
            async with http_client(url, "wrong") as http:
                for path in ("roads", f"roads/{version}"):
                    assert (await http.get(f"/api/v1/{path}")).status_code == 401
            async with http_client(url, token) as http:
                sent = await http.get(f"/api/v1/roads/{version}")
                assert sent.content == RoadStore(hub_data).block(version)
                assert "immutable" in sent.headers["cache-control"]
                bad = await http.get("/api/v1/roads/..%2f..%2ftokens.toml")
                assert bad.status_code in (400, 404)

    asyncio.run(story())


def test_another_network_than_was_named_is_not_kept(tmp_path: Path) -> None:
    store = RoadStore(tmp_path)

    def lie(_version: str, target: Path) -> None:
        target.write_bytes(b"something else")

    with pytest.raises(KnownError) as refused:
        store.take_in("0" * 16, lie)
    assert refused.value.code == "bad_roads"
    assert store.versions() == [BUNDLED]


def test_the_hub_tries_again_to_read_roads_that_it_could_not_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    roads = HubRoads(tmp_path, load(default_directory()), lambda: now[0])
    version = roads.store.add(grid(3, 3), "grid", 0.0)
    file = roads.store.file(version)
    kept = file.read_bytes()
    file.write_bytes(b"half of it")
    world, team = World("e"), Entity(id="t", kind="team", name="t", lon=PLANE.lon, lat=PLANE.lat)
    trips = roads.travel(world, 0.0)
    assert trips(PLANE.lon, PLANE.lat, [team]) == {}
    file.write_bytes(kept)
    assert trips(PLANE.lon, PLANE.lat, [team]) == {}, "not a file is touched for a while"
    now[0] = RETRY_S
    assert trips(PLANE.lon, PLANE.lat, [team]).keys() == {"t"}
    assert [r.levelname for r in caplog.records if "no roads" in r.message] == ["ERROR"]

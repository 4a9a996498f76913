"""A hub tells which roads it reckons with, and gives them to consoles elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.domain.errors import KnownError
from services.feed.api import HubApi
from services.roads.store import BUNDLED, RoadStore
from tests.services.hub.consoles import http_client, served, tokens
from tests.services.roads.town import grid


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

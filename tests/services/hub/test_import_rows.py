"""What rows of a load may say: what is, and nothing of what only its source observes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.services.hub.consoles import http_client, served, tokens
from tests.services.hub.import_desk import world_of

SENSOR = {"type": "entity", "id": "level_sensor:1", "kind": "level_sensor"}
PLACE = {"name": "液位", "lon": 101.8, "lat": 36.6}
LIVE: dict[str, Any] = {
    "values": {"level": 0.9},
    "link": "online",
    "state": "fault",
    "heading_deg": 10.0,
    "observed_at": 1_800_000_000.0,
}


@pytest.mark.parametrize("user", ["duty1", "source"])
def test_a_load_forges_no_readings_and_no_link(tmp_path: Path, user: str) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            async with http_client(url, who["source"]) as http:  # as it is observed
                observed = SENSOR | PLACE | {"link": "offline", "values": {"level": 0.1}}
                assert (await http.post("/api/v1/ingest", json=observed)).status_code == 200
            async with http_client(url, who[user]) as http:
                begun = {"batch": "b", "file": "f", "kind": "level_sensor"}
                assert (await http.post("/api/v1/imports", json=begun)).status_code == 200
                good = SENSOR | PLACE | {"name": "改名"}
                rows = [good, *(SENSOR | PLACE | {name: told} for name, told in LIVE.items())]
                answer = (await http.post("/api/v1/ingest?batch=b", json=rows)).json()
                refused = [item["error"] for item in answer["items"] if not item["ok"]]
                assert answer["accepted"] == 1
                assert [(e["code"], e["field"]) for e in refused] == [
                    ("live_field", f"items[{index}].{name}") for index, name in enumerate(LIVE, 1)
                ]
                news = {"type": "reading", "id": "level_sensor:1", "values": {"level": 0.9}}
                answer = (await http.post("/api/v1/ingest?batch=b", json=news)).json()
                assert answer["items"][0]["error"]["code"] == "not_allowed"
            thing = (await world_of(hub)).entities["level_sensor:1"]
            assert (thing.name, thing.values, thing.link.name) == (
                "改名",
                {"level": 0.1},
                "OFFLINE",
            )

    asyncio.run(story())

"""Exports of data are on record before they are written: who, what, how much, why; or refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from services.domain.clock import ManualClock
from services.hub.export_api import TYPE
from tests.services.hub.audits import of_type
from tests.services.hub.consoles import http_client, served, tokens

ORDER: dict[str, Any] = {
    "why": "汛情通报附件", "layer": "液位监测", "kinds": ["level_sensor"], "rows": 12,
    "format": "xlsx", "columns": ["name", "level"], "filter": "level > 0.5", "datum": "WGS-84",
    "seat": "2",
}  # fmt: skip


def test_an_export_is_on_record_with_what_when_and_why(tmp_path: Path) -> None:
    async def story() -> dict[str, Any]:
        async with (
            served(tmp_path, clock=ManualClock(1_784_000_000.0)) as (_, url),
            http_client(url, tokens(tmp_path)["duty1"]) as http,
        ):
            answer = await http.post("/api/v1/exports", json=ORDER)
            assert answer.status_code == 200
            told: dict[str, Any] = answer.json()
            path = f"/api/v1/exports/{told['id']}/failed"
            late = await http.post(path, json={"reason": "cancelled", "seat": "2"})
            assert late.json() == {"done": True}
            return told

    told = asyncio.run(story())
    assert (told["user"], told["at"]) == ("duty1", 1_784_000_000.0)
    began, failed = of_type(tmp_path, TYPE)
    assert (began.actor, began.seat, began.object) == ("duty1", "2", told["id"])
    assert began.outcome == "success"
    lists = {"kinds": "level_sensor", "columns": "name, level"}
    assert began.detail == {k: v for k, v in ORDER.items() if k != "seat"} | lists
    assert (failed.object, failed.outcome, failed.reason) == (told["id"], "failure", "cancelled")


def test_who_may_not_export_is_refused_and_that_is_on_record(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            for user in ("source", "field"):
                if user not in who:
                    continue
                async with http_client(url, who[user]) as http:
                    assert (await http.post("/api/v1/exports", json=ORDER)).status_code == 403
                    path = "/api/v1/exports/x/failed"
                    assert (await http.post(path, json={"reason": "x"})).status_code == 403
            async with http_client(url, "nobody") as http:
                assert (await http.post("/api/v1/exports", json=ORDER)).status_code == 401

    asyncio.run(story())
    refused = of_type(tmp_path, TYPE)
    assert refused
    assert {r.reason for r in refused} == {"not_allowed"}


def test_an_export_fails_only_for_whoever_began_it_and_once(tmp_path: Path) -> None:
    async def story() -> str:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            async with http_client(url, who["duty1"]) as http:
                id_ = str((await http.post("/api/v1/exports", json=ORDER)).json()["id"])
        path, why = f"/api/v1/exports/{id_}/failed", {"reason": "disk_full"}
        async with served(tmp_path) as (_, url):  # known after a restart too
            async with http_client(url, who["duty2"]) as http:
                for number in (id_, "never-was", "0" * 32, id_[:31], id_[:8], f"{id_}0"):
                    answer = await http.post(f"/api/v1/exports/{number}/failed", json=why)
                    told = answer.json()["error"]
                    assert (answer.status_code, told["code"]) == (404, "unknown_export")
            async with http_client(url, who["duty1"]) as http:
                for number in ("never-was", id_[:31]):
                    answer = await http.post(f"/api/v1/exports/{number}/failed", json=why)
                    assert answer.status_code == 404
                for _ in range(2):  # the second is the first again, whose answer was lost
                    assert (await http.post(path, json=why)).json() == {"done": True}
        return id_

    id_ = asyncio.run(story())
    told = [(r.actor, r.object, r.outcome) for r in of_type(tmp_path, TYPE)]
    assert told == [("duty1", id_, "success"), ("duty1", id_, "failure")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"why": "  "}, "missing_field"),
        ({"why": "x" * 201}, "too_long"),
        ({"why": "a\u202eb"}, "bad_character"),
        ({"kinds": ["no_such_kind"]}, "unknown_kind"),
        ({"kinds": []}, "malformed"),
        ({"rows": -1}, "malformed"),
        ({"format": "exe"}, "malformed"),
        ({"more": 1}, "malformed"),
        ({"filter": "x" * 2_001}, "malformed"),
    ],
)
def test_what_is_not_sound_is_refused_and_nothing_is_recorded(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    async def story() -> dict[str, Any]:
        async with (
            served(tmp_path) as (_, url),
            http_client(url, tokens(tmp_path)["duty1"]) as http,
        ):
            answer = await http.post("/api/v1/exports", json={**ORDER, **change})
            assert answer.status_code == 400
            told: dict[str, Any] = answer.json()
            return told

    assert asyncio.run(story())["error"]["code"] == code
    assert of_type(tmp_path, TYPE) == []

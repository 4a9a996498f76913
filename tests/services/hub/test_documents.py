"""The published documents: every route, every frame, nothing that is not there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import get_args

import msgspec
from starlette.routing import Route

from services.feed.frames import ClientFrame, HubFrame
from services.hub.asyncapi import asyncapi
from services.hub.openapi import openapi
from services.hub.route_docs import DOCS
from tests.services.hub.consoles import http_client, served


def test_every_route_is_documented_and_every_document_is_a_route(tmp_path: Path) -> None:
    async def routes() -> set[tuple[str, str]]:
        async with served(tmp_path) as (hub, _url):
            return {
                (method, route.path)
                for route in hub.app.routes
                if isinstance(route, Route)
                for method in route.methods or ()
                if method != "HEAD"
            }

    assert asyncio.run(routes()) == set(DOCS)


def test_the_documents_are_served_without_a_token(tmp_path: Path) -> None:
    async def get() -> tuple[object, object]:
        async with served(tmp_path) as (_hub, url), http_client(url, "nobody") as http:
            one = await http.get("/api/v1/openapi.json")
            two = await http.get("/api/v1/asyncapi.json")
            return one.json(), two.json()

    told = asyncio.run(get())
    assert told == tuple(
        msgspec.json.decode(msgspec.json.encode(d)) for d in (openapi(DOCS), asyncapi())
    )


def test_every_reference_leads_somewhere() -> None:
    for document in (openapi(DOCS), asyncapi()):
        for ref in _refs(document):
            place: object = document
            for step in ref.removeprefix("#/").split("/"):
                assert isinstance(place, dict)
                place = place[step]


def test_the_feeds_document_names_every_frame() -> None:
    names = {t.__name__ for t in (*get_args(ClientFrame), *get_args(HubFrame))}
    assert set(asyncapi()["components"]["messages"]) == names


def _refs(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [r for value in node.values() for r in _refs(value)]
    if isinstance(node, list):
        return [r for value in node for r in _refs(value)]
    return []

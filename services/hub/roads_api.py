"""``/api/v1/roads``: which road network the hub reckons with, and the network itself.

So that every console finds the same ways as the hub. Event loop's thread; files are read beside it.
"""

from __future__ import annotations

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from services.domain.errors import KnownError
from services.hub.access import HttpRoute
from services.hub.web import Door, answer
from services.roads.store import BUNDLED, RoadStore

FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
"""A version is never another network."""


class RoadVersion(msgspec.Struct, frozen=True):
    """A version of a network, or ``bundled``, which every console has itself."""

    version: str


class RoadsApi:
    """Reads the store of the hub's data directory."""

    def __init__(self, door: Door, store: RoadStore) -> None:
        self._door = door
        self._store = store

    def routes(self) -> tuple[HttpRoute, ...]:
        """What is served here."""
        return (
            ("GET", "/api/v1/roads", self.version),
            ("GET", "/api/v1/roads/{version}", self.block),
        )

    async def version(self, request: Request) -> Response:
        """Which network is in use."""
        self._door.account(request)
        return answer(RoadVersion(await asyncio.to_thread(lambda: self._store.version)))

    async def block(self, request: Request) -> Response:
        """A network by its version, as it is kept, from the disk in small pieces: a console checks
        that it is what its version says."""
        self._door.account(request)
        version = str(request.path_params["version"])
        if version == BUNDLED or not await asyncio.to_thread(self._store.has, version):
            raise KnownError("not_found", "There is no road network of this version here.")
        path = await asyncio.to_thread(self._store.file, version)
        return FileResponse(path, media_type="application/octet-stream", headers=FOREVER)

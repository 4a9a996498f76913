"""Exports as a hub puts them on record. Worker threads only."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from services.feed.http import HubHttp

PATH = "/api/v1/exports"


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An export that is on record: its number, whose it is, when (UNIX seconds)."""

    id: str
    user: str
    name: str
    at: float


class _Kept(msgspec.Struct, frozen=True):
    done: bool


class ExportsClient:
    """Every call raises KnownError with the hub's own code."""

    def __init__(self, http: HubHttp) -> None:
        self._http = http

    def begin(self, order: Mapping[str, object]) -> Recorded:
        """Put an export on record; only then it may be written. ``order`` as in DataExport of
        ``services.hub.export_api``."""
        return self._http.read(Recorded, "POST", PATH, body=dict(order))

    def failed(self, id_: str, reason: str, seat: str) -> None:
        """It was not written after all."""
        body = {"reason": reason, "seat": seat}
        self._http.read(_Kept, "POST", f"{PATH}/{id_}/failed", body=body)

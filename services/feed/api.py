"""The hub's HTTP side as the console uses it: history, media addresses. Worker threads only."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from services.audit.page import AuditPage, AuditQuery
from services.domain.model import Scalar
from services.feed.http import HubHttp, TokenSource, fixed, unreadable


class HubApi:
    """Questions to a hub; every call has a time limit and raises KnownError.

    Thread-safe; ``base_url`` is ``http://host:port`` or https. ``trust``: whose
    certificates count, else the system's.
    """

    def __init__(
        self, base_url: str, token: str | TokenSource, trust: ssl.SSLContext | None = None
    ) -> None:
        self.http = HubHttp(base_url, fixed(token) if isinstance(token, str) else token, trust)

    def close(self) -> None:
        """Give the connections back."""
        self.http.close()

    def _get(self, path: str, params: Mapping[str, str | float] | None = None) -> Any:
        return self.http.ask("GET", path, params=params)

    def readings(
        self, entity_id: str, name: str, start: float, end: float, limit: int = 2_000
    ) -> list[tuple[float, float]]:
        """Points (time, value) of one measure, oldest first."""
        params: dict[str, str | float] = {
            "id": entity_id,
            "name": name,
            "start": start,
            "end": end,
            "limit": limit,
        }
        answer = self._get("/api/v1/readings", params)
        try:
            return [(float(t), float(v)) for t, v in answer["points"]]
        except _NOT_AS_AGREED as error:
            raise unreadable() from error

    def alarm_counts(
        self, start: float, end: float, bucket_s: float
    ) -> list[tuple[float, int, int, int, int]]:
        """Alarms raised per bucket: (bucket start, info, minor, major, critical)."""
        params = {"start": start, "end": end, "bucket_s": bucket_s}
        answer = self._get("/api/v1/alarm-counts", params)
        try:
            rows = answer["buckets"]
            return [(float(t), int(a), int(b), int(c), int(d)) for t, a, b, c, d in rows]
        except _NOT_AS_AGREED as error:
            raise unreadable() from error

    def alarm_raises(self, start: float, end: float) -> list[tuple[float, str, str, str, str, int]]:
        """Alarms raised that asked for attention, the newest 10,000, newest first: (time, key,
        source, rule, object id, severity)."""
        answer = self._get("/api/v1/alarm-raises", {"start": start, "end": end})
        try:
            rows = answer["raises"]
            return [(float(t), str(k), str(s), str(r), str(o), int(v)) for t, k, s, r, o, v in rows]
        except _NOT_AS_AGREED as error:
            raise unreadable() from error

    def log_bounds(self) -> dict[str, Any]:
        """First and last time and offset of the log."""
        answer = self._get("/api/v1/log")
        if not isinstance(answer, dict):
            raise unreadable()
        return answer

    def road_version(self) -> str:
        """The road network that the hub reckons with."""
        answer = self._get("/api/v1/roads")
        try:
            return str(answer["version"])
        except _NOT_AS_AGREED as error:
            raise unreadable() from error

    def road_block(self, version: str, target: Path) -> None:
        """Write a road network of the hub to a file."""
        path = f"/api/v1/roads/{quote(version, safe='')}"
        self.http.download(path, None, target, "GET")

    def personal(self, table: str, id_: str, reason: str, seat: str) -> dict[str, Scalar]:
        """Personal attributes of a thing (``entities``) or a case (``cases``), unmasked; the hub
        keeps who asked and why."""
        path = f"/api/v1/{table}/{quote(id_, safe='')}/personal"
        answer = self._get(path, {"reason": reason, "seat": seat})
        try:
            return dict(answer["attrs"])
        except _NOT_AS_AGREED as error:
            raise unreadable() from error

    def media_url(self, camera_id: str) -> str:
        """The registered stream address of a camera."""
        answer = self._get(f"/api/v1/media/{quote(camera_id, safe='')}")
        try:
            return str(answer["url"])
        except _NOT_AS_AGREED as error:
            raise unreadable() from error

    def audit_page(self, query: AuditQuery, before: int | None, limit: int) -> AuditPage:
        """Records of the audit, newest first; older than number ``before``."""
        params: dict[str, str | float] = {**query.asked(), "limit": limit}
        if before is not None:
            params["before"] = before
        return self.http.read(AuditPage, "GET", "/api/v1/audit", params=params)

    def audit_export(self, query: AuditQuery, why: str, path: Path) -> int:
        """Write what matches as CSV to ``path``, whole or not at all; its size in bytes."""
        order = {"why": why, "query": query.asked()}
        return self.http.download("/api/v1/audit/export", order, path)


_NOT_AS_AGREED = (KeyError, TypeError, ValueError)

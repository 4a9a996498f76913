"""The hub's HTTP side as the console uses it: history, media addresses. Worker threads only."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from services.domain.errors import KnownError
from services.tls.contexts import client_context, tls_problem

TIMEOUT = httpx.Timeout(6.0, connect=2.0)
WHOLE_S = 10.0
"""How long a whole answer may take: a hub that sends a byte now and then answers nobody."""
MAX_ANSWER_BYTES = 16 * 1024 * 1024


class HubApi:
    """Read-only questions to a hub; every call has a time limit and raises KnownError.

    Thread-safe; ``base_url`` is ``http://host:port`` or https. ``trust``: whose
    certificates count, else the system's.
    """

    def __init__(self, base_url: str, token: str, trust: ssl.SSLContext | None = None) -> None:
        self._client = httpx.Client(
            base_url=base_url,
            verify=trust or client_context(None),
            timeout=TIMEOUT,
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,  # a proxy of the desktop must not stand between console and hub
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _get(self, path: str, params: Mapping[str, str | float] | None = None) -> Any:
        deadline = time.monotonic() + WHOLE_S
        try:
            with self._client.stream("GET", path, params=params) as answer:
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER_BYTES:
                        raise KnownError("too_large", f"the hub's answer to {path} is too large")
                    if time.monotonic() > deadline:
                        raise KnownError("hub_unreachable", "the hub did not answer in time")
                response = httpx.Response(answer.status_code, content=bytes(body))
        except httpx.HTTPError as error:
            problem = tls_problem(error, self._client.base_url.host)
            text = f"the hub did not answer: {error}" if problem is None else problem.text
            raise KnownError("hub_unreachable", text) from error
        if response.status_code >= 400:
            raise _refusal(response)
        try:
            return response.json()
        except ValueError as error:
            raise _unreadable() from error

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
            raise _unreadable() from error

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
            raise _unreadable() from error

    def alarm_raises(self, start: float, end: float) -> list[tuple[float, str, str, str, str, int]]:
        """Alarms raised that asked for attention, the newest 10,000, newest first: (time, key,
        source, rule, object id, severity)."""
        answer = self._get("/api/v1/alarm-raises", {"start": start, "end": end})
        try:
            rows = answer["raises"]
            return [(float(t), str(k), str(s), str(r), str(o), int(v)) for t, k, s, r, o, v in rows]
        except _NOT_AS_AGREED as error:
            raise _unreadable() from error

    def log_bounds(self) -> dict[str, Any]:
        """First and last time and offset of the log."""
        answer = self._get("/api/v1/log")
        if not isinstance(answer, dict):
            raise _unreadable()
        return answer

    def media_url(self, camera_id: str) -> str:
        """The registered stream address of a camera."""
        answer = self._get(f"/api/v1/media/{quote(camera_id, safe='')}")
        try:
            return str(answer["url"])
        except _NOT_AS_AGREED as error:
            raise _unreadable() from error


_NOT_AS_AGREED = (KeyError, TypeError, ValueError)


def _unreadable() -> KnownError:
    return KnownError("hub_refused", "the hub's answer cannot be read; is this address a hub's?")


def _refusal(response: httpx.Response) -> KnownError:
    try:
        error = response.json()["error"]
        return KnownError(str(error["code"]), str(error["text"]), field=error.get("field"))
    except (ValueError, KeyError, TypeError):
        return KnownError("hub_refused", f"the hub answered {response.status_code}")

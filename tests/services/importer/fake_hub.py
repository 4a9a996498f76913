"""A hub of a few lines for tests of what talks to one: remembers, refuses what it is told to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from services.ingest.http_client import HubClient

Judge = Callable[[dict[str, Any]], str]


class FakeHub:
    """``judge`` answers the reason why an item is refused, or nothing. ``failures`` are answered
    first, one per request: a status, or None for a broken connection."""

    def __init__(
        self, judge: Judge = lambda _: "", failures: list[int | None] | None = None
    ) -> None:
        self.items: list[dict[str, Any]] = []
        self.batches: list[int] = []
        self.bytes: list[int] = []
        self.commands: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.pauses: list[float] = []
        self._judge = judge
        self._failures = failures or []

    def client(self, **kw: Any) -> HubClient:
        kw.setdefault("wait", self._pause)
        return HubClient("http://hub", "secret", transport=httpx.MockTransport(self.answer), **kw)

    def _pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return False

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.tokens.add(request.headers["Authorization"])
        if self._failures:
            status = self._failures.pop(0)
            if status is None:
                raise httpx.ConnectError("connection refused", request=request)
            return httpx.Response(status, json={"error": {"code": "busy", "text": "busy"}})
        if request.url.path == "/api/v1/commands":
            return self._command(json.loads(request.content))
        return self._ingest(request.content)

    def _command(self, order: dict[str, Any]) -> httpx.Response:
        self.commands.append(order)
        reason = self._judge(order)
        if reason:
            error = {"code": "refused", "text": reason, "field": "args"}
            return httpx.Response(409, json={"t": "result", "key": order["key"], "error": error})
        return httpx.Response(200, json={"t": "result", "value": {"case": "c1"}})

    def _ingest(self, body: bytes) -> httpx.Response:
        items = json.loads(body)
        self.batches.append(len(items))
        self.bytes.append(len(body))
        rows: list[dict[str, Any]] = []
        for index, item in enumerate(items):
            reason = self._judge(item)
            if reason:
                error = {"code": "refused", "text": reason, "field": f"items[{index}].name"}
                rows.append({"index": index, "ok": False, "error": error})
            else:
                self.items.append(item)
                rows.append({"index": index, "ok": True, "offset": len(self.items)})
        accepted = sum(row["ok"] for row in rows)
        answer = {"accepted": accepted, "rejected": len(rows) - accepted, "items": rows}
        return httpx.Response(200 if accepted else 422, json=answer)

"""A hub with accounts, a clock in the test's hands, and people who log in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from services.access import totp
from services.access.policy import Policy
from services.audit.page import AuditQuery
from services.domain.clock import ManualClock
from services.hub.main import http_server, listen
from services.hub.options import HubOptions
from services.hub.server import Hub
from tests.services.hub.consoles import LIMIT_S, _port

POLICY = Policy(refuse_after_s=0.0)
PASSWORD = "Correct-Horse-7"
NOW = 1_800_000_000.0


class Site:
    """A hub with a clock in the test's hands, and its first security administrator."""

    def __init__(self, hub: Hub, url: str, clock: ManualClock, http: httpx.AsyncClient) -> None:
        self.hub, self.url, self.clock, self.http = hub, url, clock, http
        self.secrets: dict[str, str] = {}
        self.first: tuple[str, str] = ("", "")

    async def post(self, path: str, body: Any = None, token: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.http.post(f"/api/v1/{path}", json=body or {}, headers=headers)

    async def get(self, path: str, token: str) -> httpx.Response:
        return await self.http.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})

    async def login(self, user: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        """An attempt; with the code of the authenticator, where the test has one for the user."""
        if user in self.secrets and "otp" not in more:
            more["otp"] = self.code(user)
        return await self.post(
            "auth/login", {"user": user, "password": password, "seat": "seat 1", **more}
        )

    def code(self, user: str) -> str:
        """The code that an authenticator shows at the next step of the clock."""
        self.clock.advance(totp.STEP_S)
        return totp.code_at(self.secrets[user], int(self.clock() // totp.STEP_S))

    async def ready(self, user: str, one_time: str, new: str = PASSWORD) -> dict[str, Any]:
        """Log in for the first time: change the password, set up the factor. The tokens."""
        answer = await self.login(user, one_time)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        access = tokens["access"]
        body = {"old": one_time, "new": new}
        answer = await self.post("auth/password", body, access)
        assert answer.status_code == 200, answer.text
        if "totp" in answer.json()["pending"]:
            answer = await self.post("auth/totp", {"password": new}, access)
            assert answer.status_code == 200, answer.text
            uri = urlsplit(answer.json()["uri"])
            assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
            self.secrets[user] = parse_qs(uri.query)["secret"][0]
            answer = await self.post("auth/totp/confirm", {"otp": self.code(user)}, access)
            assert answer.status_code == 200, answer.text
        assert answer.json()["pending"] == []
        return tokens

    async def admin(self) -> str:
        """An access token of the security administrator."""
        if self.first[0] not in self.secrets:
            return str((await self.ready(*self.first))["access"])
        return str((await self.login(self.first[0])).json()["access"])

    async def make(self, user: str, *roles: str, **limits: Any) -> str:
        """A new account; its one-time password."""
        body = {"user": user, "name": f"Name {user}", "roles": roles, **limits}
        answer = await self.post("accounts", body, await self.admin())
        assert answer.status_code == 200, answer.text
        return str(answer.json()["password"])

    async def person(self, user: str, *roles: str, **limits: Any) -> dict[str, Any]:
        """A new account that is ready; its tokens."""
        return await self.ready(user, await self.make(user, *roles, **limits))

    async def recorded(self, type_: str) -> list[Any]:
        """Audit records of a type, newest first."""
        await self.hub.audit.trail.drain()
        return list(self.hub.audit.reader.page(AuditQuery(type=type_), None, 100))


@contextlib.asynccontextmanager
async def site(
    data: Path, policy: Policy = POLICY, clock: ManualClock | None = None
) -> AsyncIterator[Site]:
    clock = clock or ManualClock(NOW)
    options = HubOptions(data=data, port=0, policy=policy)
    hub = Hub(options, clock=clock)
    server = http_server(hub, options)
    async with hub.running():
        told: list[tuple[str, str]] = []
        await hub.access.begin(lambda user, password: told.append((user, password)))
        serving = asyncio.create_task(server.serve(sockets=[listen("127.0.0.1", 0)]))
        try:
            url = f"http://127.0.0.1:{await _port(server)}"
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=LIMIT_S) as http:
                made = Site(hub, url, clock, http)
                if told:
                    (made.first,) = told
                yield made
        finally:
            await hub.feed.close_all()
            server.should_exit = True
            await serving


def run(story: Callable[[], Any]) -> None:
    asyncio.run(story())


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])

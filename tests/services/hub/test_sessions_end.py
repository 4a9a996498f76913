"""Sessions that are open end when the right behind them does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.access.scope import Account
from services.domain.errors import KnownError
from services.feed.frames import Bye
from tests.services.hub.accounts_site import POLICY, run, site
from tests.services.hub.consoles import LIMIT_S, console
from tests.services.hub.test_scopes import write_tokens

# -- open sessions -------------------------------------------------------------------------------
ENDINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "revoke": ("POST accounts/anna/revoke", {}),
    "password": ("POST accounts/anna/password", {}),
    "factor": ("POST accounts/anna/totp-reset", {}),
    "disable": ("PATCH accounts/anna", {"disabled": True}),
}


@pytest.mark.parametrize("how", sorted(ENDINGS))
def test_open_sessions_end_with_their_right_to_be_there(tmp_path: Path, how: str) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            tokens = await hub.person("anna", "trainer")
            admin = await hub.admin()
            version = hub.hub.access.logins.accounts["anna"].version
            async with console(hub.url, tokens["access"]) as live, console(
                hub.url, tokens["access"]
            ) as past:  # fmt: skip
                assert (await live.order("k", "operator.note", name="x")).error is None
                await past.replay("open")
                order, body = ENDINGS[how]
                method, path = order.split()
                if method == "PATCH":
                    body = {**body, "version": version}
                answer = await hub.http.request(
                    method,
                    f"/api/v1/{path}",
                    json=body,
                    headers={"Authorization": f"Bearer {admin}"},
                )
                assert answer.status_code == 200, answer.text
                async with asyncio.timeout(5.0):  # what the product promises
                    for seat in (live, past):
                        bye = await seat.until(Bye)
                        assert (bye.code, bye.retry) == ("login_ended", False)
            assert (await hub.get("summary", tokens["access"])).status_code == 401

    run(story)


def test_a_session_goes_on_while_its_login_is_renewed_and_ends_when_it_is_not(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        policy = replace(POLICY, access_s=1_000.0)
        async with site(tmp_path, policy) as hub:
            tokens = await hub.person("anna", "trainer")
            async with console(hub.url, tokens["access"]) as seat:
                hub.clock.advance(900.0)
                answer = await hub.post("auth/refresh", {"refresh": tokens["refresh"]})
                hub.clock.advance(900.0)  # beyond the first token, within the second
                standing = hub.hub.access.logins.standing(answer.json()["access"])
                assert not standing.ended.is_set()
                assert (await seat.order("k", "operator.note", name="x")).error is None
                # rights that change take hold at once: the console comes back with new ones
                body = {"roles": ["observer"], "version": 2}
                answer = await hub.http.patch(
                    "/api/v1/accounts/anna",
                    json={**body, "version": hub.hub.access.logins.accounts["anna"].version},
                    headers={"Authorization": f"Bearer {await hub.admin()}"},
                )
                assert answer.status_code == 200, answer.text
                async with asyncio.timeout(5.0):
                    bye = await seat.until(Bye)
                assert (bye.code, bye.retry) == ("token_expired", True)

    run(story)


def test_an_account_of_the_machines_file_that_is_taken_out_is_shut_out(tmp_path: Path) -> None:
    async def story() -> None:
        tokens = write_tokens(tmp_path, a={"roles": ["leader"]}, b={"roles": ["leader"]})
        async with site(tmp_path) as hub, console(hub.url, tokens["a"]) as seat:
            # a file that is half written sends nobody away
            looks: list[KnownError] = []
            look = hub.hub.access.gate._tokens.account

            def counted(token: str) -> Account | None:
                try:
                    return look(token)
                except KnownError as error:
                    looks.append(error)
                    raise

            hub.hub.access.gate._tokens.account = counted  # type: ignore[method-assign]  # to count
            (tmp_path / "tokens.toml").write_text("[accounts")
            async with asyncio.timeout(LIMIT_S):
                while len(looks) < 2:
                    await asyncio.sleep(0.01)
            assert (await seat.order("k", "operator.note", name="x")).error is None
            write_tokens(tmp_path, b={"roles": ["leader"]})
            async with asyncio.timeout(5.0):
                bye = await seat.until(Bye)
            assert (bye.code, bye.retry) == ("login_ended", False)

    run(story)

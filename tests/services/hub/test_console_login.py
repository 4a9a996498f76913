"""A console's login against a real hub: tokens that stay fresh, a feed that comes back, its end."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.domain.errors import KnownError
from services.feed.api import HubApi
from services.feed.client import FeedClient
from services.feed.http import HubHttp
from services.feed.login import Login, log_in, resume
from services.feed.source import LinkUpdate, StateUpdate, Update
from tests.services.hub.accounts_site import PASSWORD, POLICY, Site, run, site
from tests.services.hub.consoles import LIMIT_S
from tests.services.hub.test_feed import CITY, ingest
from tests.services.hub.test_scopes import write_tokens


async def begin(hub: Site, user: str = "anna", **more: Any) -> Login:
    return await asyncio.to_thread(log_in, hub.url, user, PASSWORD, "", "seat 1", **more)


class Feed:
    """A feed client and what it says."""

    def __init__(self, url: str, login: Login) -> None:
        self._heard: queue.SimpleQueue[Update] = queue.SimpleQueue()
        self.client = FeedClient(url, login.token, seat="1", client="test", sink=self._heard.put)
        self.links: list[LinkUpdate] = []
        self.states: list[StateUpdate] = []
        self.client.start()

    async def until(self, wanted: Callable[[Update], bool]) -> Update:
        async with asyncio.timeout(LIMIT_S):
            while True:
                update = await asyncio.to_thread(self._heard.get, True, LIMIT_S)
                if isinstance(update, StateUpdate):
                    self.states.append(update)
                if wanted(update):
                    return update

    async def link(self, state: str) -> None:
        await self.until(lambda u: isinstance(u, LinkUpdate) and u.state == state)


def test_tokens_stay_fresh_and_a_lost_answer_ends_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            await hub.person("anna", "trainer")
            kept: list[str] = []
            login = await begin(hub, kept=lambda _user, refresh: kept.append(refresh))
            now = 0.0
            login._clock = lambda: now
            login._good_until = POLICY.access_s
            first = login.token()
            assert login.token() == first
            now = POLICY.access_s - 30.0  # it would run out soon
            second = await asyncio.to_thread(login.token)
            assert second != first
            # the hub renews, but its answer does not come
            http: HubHttp = login._http
            asked, real = [], http.read

            def cut(*args: Any, **more: Any) -> Any:
                asked.append(real(*args, **more))
                raise KnownError("hub_unreachable", "cut")

            http.read = cut  # type: ignore[method-assign]  # a line that breaks at this moment
            with pytest.raises(KnownError, match="cut"):
                await asyncio.to_thread(login.token, second)
            http.read = real  # type: ignore[method-assign]
            third = await asyncio.to_thread(login.token, second)
            assert third not in (first, second)
            api = HubApi(hub.url, login.token)
            try:
                assert (await asyncio.to_thread(api.log_bounds))["epoch"]
                # a hub that has lost its tokens (it was started anew) is asked once more
                hub.hub.access.logins._access.clear()
                assert (await asyncio.to_thread(api.log_bounds))["epoch"]
                again = await asyncio.to_thread(resume, hub.url, kept[-1])
                assert again.tokens.user == "anna"
                again.close()
                # the first login's refresh token was used behind its back: it is over
                hub.hub.access.logins._access.clear()
                with pytest.raises(KnownError) as caught:
                    await asyncio.to_thread(api.log_bounds)
                assert caught.value.code == "login_ended"
            finally:
                api.close()
                login.close()

    run(story)


def test_a_feed_renews_and_comes_back_and_ends_when_its_login_does(tmp_path: Path) -> None:
    tokens = write_tokens(tmp_path, source={"roles": ["ingest"]})

    async def story() -> None:
        policy = replace(POLICY, access_s=600.0)
        async with site(tmp_path, policy) as hub:
            await hub.person("anna", "trainer")
            await ingest(hub.url, tokens["source"], CITY)
            login = await begin(hub)
            feed = Feed(hub.url, login)
            try:
                await feed.link("live")
                before = len(feed.states)
                hub.clock.advance(601.0)
                await feed.link("live")  # the hub has sent it away, and it came back
                assert not [s for s in feed.states[before:] if s.delta.reset], "it went on"
                # other rights: it comes back to a state of its own, never to the old one
                admin = await hub.admin()
                version = hub.hub.access.logins.accounts["anna"].version
                answer = await hub.http.patch(
                    "/api/v1/accounts/anna",
                    json={"version": version, "kinds": ["camera"]},
                    headers={"Authorization": f"Bearer {admin}"},
                )
                assert answer.status_code == 200, answer.text
                news = await feed.until(lambda u: isinstance(u, StateUpdate) and u.delta.reset)
                assert isinstance(news, StateUpdate)
                assert news.delta.entities.keys() == {"camera:1"}
                await feed.link("live")
                answer = await hub.post("accounts/anna/revoke", {}, admin)
                assert answer.status_code == 200
                await feed.link("refused")
            finally:
                await asyncio.to_thread(feed.client.close)
                login.close()

    run(story)


def test_what_a_person_does_with_the_own_account(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            one_time = await hub.make("duty", "duty_officer")
            login = await asyncio.to_thread(log_in, hub.url, "duty", one_time, "", "seat 1")
            assert login.tokens.pending == ("password", "totp")
            assert await asyncio.to_thread(login.change_password, one_time, PASSWORD) == ("totp",)
            uri = await asyncio.to_thread(login.begin_factor, PASSWORD)
            hub.secrets["duty"] = uri.split("secret=")[1].split("&")[0]
            with pytest.raises(KnownError, match="picture"):
                await asyncio.to_thread(login.confirm_factor, "000000")
            assert await asyncio.to_thread(login.confirm_factor, hub.code("duty")) == ()
            assert login.tokens.pending == ()
            await asyncio.to_thread(login.unlock, PASSWORD)
            with pytest.raises(KnownError) as caught:
                await asyncio.to_thread(login.unlock, "wrong")
            assert caught.value.code == "wrong_login"
            await asyncio.to_thread(login.logout)
            with pytest.raises(KnownError) as caught:
                await asyncio.to_thread(login.token, login.tokens.access)
            assert caught.value.code == "login_ended"
            login.close()
            with pytest.raises(KnownError) as caught:
                await begin(hub, "duty")
            assert caught.value.code == "otp_required"

    run(story)

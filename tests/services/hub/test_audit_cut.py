"""A long export of the audit ends with the login behind it; subscriptions are not for free."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from services.feed.frames import Bye, Subscribe
from services.hub import audit_api
from services.hub.limits import Limits
from tests.services.hub.accounts_site import run, site
from tests.services.hub.consoles import LIMIT_S, console, served, tokens


@pytest.mark.parametrize("order", ["", "renew", "revoke"])
def test_an_export_goes_on_only_while_its_login_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(audit_api, "MAX_PAGE", 2)
    going, done = threading.Event(), threading.Event()

    async def story() -> None:
        async with site(tmp_path) as hub:
            login = await hub.person("auditor", "audit_admin")
            reader = hub.hub.audit.reader
            page, asked = reader.page, 0

            def slowly(*args: Any) -> Any:
                nonlocal asked
                asked += 1
                if asked == 2:
                    going.set()
                    assert done.wait(LIMIT_S)
                return page(*args)

            monkeypatch.setattr(reader, "page", slowly)
            body = {"why": "w", "query": {}}
            export = asyncio.create_task(hub.post("audit/export", body, login["access"]))
            assert await asyncio.to_thread(going.wait, LIMIT_S)
            if order == "renew":  # the token is another one now, the person is the same
                body = {"refresh": login["refresh"], "key": "k"}
                assert (await hub.post("auth/refresh", body)).status_code == 200
            elif order == "revoke":
                await hub.post("accounts/auditor/revoke", {}, await hub.admin())
            done.set()
            told = (await export).text
            monkeypatch.undo()
            assert ("NOT COMPLETE" in told) == (order == "revoke")
            assert ("hub.started" in told) == (order != "revoke")  # the oldest record comes last
            cut = [r.reason for r in await hub.recorded("audit.exported")]
            assert cut == (["login_ended", ""] if order == "revoke" else [""])

    run(story)


def test_subscriptions_in_a_row_end_the_session(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            limits = Limits()
            async with console(url, tokens(tmp_path)["duty1"], subscribe=False) as desk:
                for number in range(limits.subscriptions + 1):  # one id, other kinds each time
                    await desk.send(Subscribe(id=1, kinds=(f"kind{number}",)))
                bye = await desk.until(Bye)
                assert (bye.code, bye.retry) == ("too_fast", False)

    asyncio.run(story())

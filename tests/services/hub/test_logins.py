"""Logging in over HTTP: the first account, locks, one-time codes, renewal and theft."""

from __future__ import annotations

import asyncio
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from services.access import totp
from services.access.roles import GRANTS, TECHNICAL
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.feed.frames import Bye
from services.hub.logins import MOST_FROM_ONE
from services.hub.recovery import recover
from services.storage import restore
from services.storage.backup import STORE, copy_store
from tests.services.hub.accounts_site import NOW, PASSWORD, POLICY, Site, code_of, run, site
from tests.services.hub.consoles import console


# -- the beginning -----------------------------------------------------------------------------
def test_the_first_start_makes_one_security_administrator_and_keeps_no_password(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            user, password = hub.first
            assert user == "security"
            assert len(password) >= 20
            # nothing but the change of the password is open with it
            tokens = (await hub.login(user, password)).json()
            assert tokens["pending"] == ["password", "totp"]
            for path in ("accounts", "summary", "log"):
                answer = await hub.get(path, tokens["access"])
                assert (answer.status_code, code_of(answer)) == (403, "login_pending")
            async with console(hub.url, tokens["access"], subscribe=False) as seat:
                assert isinstance(seat.frames[0], Bye)
                assert (seat.frames[0].code, seat.frames[0].retry) == ("login_pending", False)
            access = await hub.admin()
            rows = (await hub.get("accounts", access)).json()["accounts"]
            assert [(r["user"], r["roles"], r["must_change"]) for r in rows] == [
                ("security", ["security_admin"], False)
            ]
            assert (await hub.login(user, password)).status_code == 401
            (made,) = await hub.recorded("account.created")
            assert (made.actor, made.object) == ("system", "security")
        async with site(tmp_path) as again:
            assert again.first == ("", "")  # once
        for file in tmp_path.rglob("*"):
            if file.is_file():
                assert password.encode() not in file.read_bytes(), file
                assert PASSWORD.encode() not in file.read_bytes(), file
        assert stat.S_IMODE((tmp_path / "access-key").stat().st_mode) == 0o600

    run(story)


def test_a_lost_administrator_gets_a_way_back_on_the_hubs_machine_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            await hub.admin()
            with pytest.raises(KnownError) as caught:
                recover(tmp_path)
            assert caught.value.code == "data_in_use"
            # another administrator has made the first one something else
            await hub.person("guard", "security_admin")
            guard = (await hub.login("guard")).json()["access"]
            made = await hub.http.patch(
                "/api/v1/accounts/security",
                json={"version": 2, "roles": ["observer"]},
                headers={"Authorization": f"Bearer {guard}"},
            )
            assert made.is_success, made.text
        user, password = await asyncio.to_thread(recover, tmp_path, lambda: NOW)
        async with site(tmp_path) as hub:
            assert (await hub.login(user)).status_code == 401
            tokens = await hub.ready(user, password, "Another-Horse-8")
            assert (await hub.get("accounts", tokens["access"])).status_code == 200
            (told,) = await hub.recorded("account.recovered")
            assert told.object == user

    run(story)


# -- failures ----------------------------------------------------------------------------------
def test_failures_lock_longer_each_time_and_alike_for_whom_there_is_not(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            await hub.person("anna", "trainer")
            told: dict[str, list[tuple[int, str, Any]]] = {}
            for user in ("anna", "nobody"):
                log = told[user] = []
                for _ in range(POLICY.failures + 1):
                    answer = await hub.login(user, "wrong")
                    error = answer.json()["error"]
                    log.append((answer.status_code, error["code"], error.get("params")))
                wait = error["params"]["wait_s"]
                assert wait == POLICY.lock_first_s
                # even the right password does not open it now, nor does trying make it longer
                assert code_of(await hub.login(user)) == "locked"
                hub.clock.advance(wait)
                assert code_of(await hub.login(user, "wrong")) == "wrong_login"
                answer = await hub.login(user, "wrong")
                assert answer.json()["error"]["params"]["wait_s"] == 2 * POLICY.lock_first_s
                hub.clock.advance(2 * POLICY.lock_first_s)
            assert told["anna"] == told["nobody"]
            assert [code for _, code, _ in told["anna"]] == ["wrong_login"] * 5 + ["locked"]
            assert (await hub.login("anna")).status_code == 200
            for _ in range(POLICY.failures - 1):  # a login that worked starts the count anew
                assert code_of(await hub.login("anna", "wrong")) == "wrong_login"
            assert (await hub.login("anna")).status_code == 200
            locks = await hub.recorded("account.locked")
            assert {r.object for r in locks} == {"anna", "nobody"}

    run(story)


def test_a_stranger_who_locks_an_account_keeps_nobody_from_an_open_seat(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            seat = (await hub.person("anna", "trainer"))["access"]
            for _ in range(POLICY.failures):
                await hub.login("anna", "guessed")
            assert code_of(await hub.login("anna")) == "locked"
            assert (await hub.post("auth/unlock", {"password": PASSWORD}, seat)).is_success
            assert code_of(await hub.login("anna")) == "locked"  # which opens nothing else
            for _ in range(POLICY.failures):  # nor can one guess there without end
                answer = await hub.post("auth/unlock", {"password": "guessed"}, seat)
                assert code_of(answer) == "wrong_login"
            assert code_of(await hub.post("auth/unlock", {"password": PASSWORD}, seat)) == "locked"
            hub.clock.advance(POLICY.lock_first_s)
            assert (await hub.post("auth/unlock", {"password": PASSWORD}, seat)).is_success

    run(story)


def test_every_refusal_takes_the_same_time_and_checks_a_password(tmp_path: Path) -> None:
    async def story() -> None:
        waits: list[float] = []

        async def sleep(seconds: float, result: Any = None) -> Any:
            waits.append(seconds)
            return await real(0, result)

        policy = replace(POLICY, refuse_after_s=60.0)
        async with site(tmp_path, POLICY) as hub:
            await hub.person("anna", "trainer")
            hub.hub.access.logins.policy = policy
            real = asyncio.sleep
            checked = hub.hub.access.logins.hash
            hashes = 0

            async def count(work: Callable[[], Any], address: str = "") -> Any:
                nonlocal hashes
                hashes += 1
                return await checked(work, address)

            hub.hub.access.logins.hash = count  # type: ignore[method-assign]  # to count
            asyncio.sleep = sleep  # type: ignore[assignment]  # the wait itself is not the point
            try:
                for user in ("anna", "nobody", "", "x" * 5_000):
                    assert code_of(await hub.login(user, "wrong")) == "wrong_login"
            finally:
                asyncio.sleep = real
            assert hashes == 4
            assert len([w for w in waits if 30.0 < w <= 60.0]) == 4

    run(story)


def test_a_flood_of_logins_is_refused_before_it_costs_anything(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            answers = await asyncio.gather(*(hub.login(f"u{i}", "x") for i in range(80)))
            codes = {code_of(a) for a in answers}
            assert codes == {"wrong_login", "busy"}

    run(story)


def test_a_flood_from_one_machine_keeps_nobody_else_out(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            logins = hub.hub.access.logins
            hold = threading.Event()
            flood = [asyncio.ensure_future(logins.hash(hold.wait, "10.0.0.9")) for _ in range(80)]
            other = asyncio.ensure_future(logins.hash(lambda: "in", "10.0.0.1"))
            await asyncio.sleep(0)
            hold.set()
            assert await other == "in"
            refused = await asyncio.gather(*flood, return_exceptions=True)
            assert {e.code for e in refused if isinstance(e, KnownError)} == {"busy"}
            assert refused.count(True) == MOST_FROM_ONE
            assert await logins.hash(lambda: "later", "10.0.0.9") == "later"

    run(story)


# -- one-time codes ------------------------------------------------------------------------------
def test_a_code_is_good_once_and_near_its_time_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            tokens = await hub.person("duty", "duty_officer")
            again = await hub.post("auth/totp", {"password": PASSWORD}, tokens["access"])
            assert code_of(again) == "factor_set"  # an unlocked desk is not enough for another one
            assert code_of(await hub.login("duty", otp="")) == "otp_required"
            step = int(hub.clock() // totp.STEP_S) + 10
            hub.clock.now = step * totp.STEP_S + 5.0

            def code(at: int) -> str:
                return totp.code_at(hub.secrets["duty"], at)

            for wrong in (
                code(step - 2),
                code(step + 2),
                "000000",
                "12345",
                "abcdef",
                "１２３４５６",
            ):
                assert code_of(await hub.login("duty", otp=wrong)) == "wrong_otp", wrong
                await unlocked(hub, "duty")
            assert (await hub.login("duty", otp=code(step))).status_code == 200
            assert code_of(await hub.login("duty", otp=code(step))) == "wrong_otp"  # replayed
            assert code_of(await hub.login("duty", otp=code(step - 1))) == "wrong_otp"  # older
            assert (await hub.login("duty", otp=f" {code(step + 1)[:3]} {code(step + 1)[3:]}")
                    ).status_code == 200  # fmt: skip

    async def unlocked(hub: Site, user: str) -> None:
        record = hub.hub.access.logins.accounts[user]
        assert record.failures > 0
        hub.hub.access.logins.accounts[user] = structs.replace(record, failures=0, locked_until=0.0)

    run(story)


def test_roles_that_command_open_nothing_without_a_second_factor(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            for role in sorted(GRANTS.keys() - TECHNICAL):
                one_time = await hub.make(role.replace("_", "-"), role)
                tokens = (await hub.login(role.replace("_", "-"), one_time)).json()
                alone = role in ("observer", "trainer")  # they order nothing
                wanted = ["password"] if alone else ["password", "totp"]
                assert tokens["pending"] == wanted, role

    run(story)


# -- tokens ------------------------------------------------------------------------------------
def test_tokens_run_out_are_renewed_and_a_stolen_one_ends_the_login(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            first = await hub.person("anna", "trainer")
            access, refresh = first["access"], first["refresh"]
            assert (await hub.get("summary", access)).status_code == 200
            for forged in (access[:-1], access + "x", "oma.x.y", refresh, "oma..", "."):
                answer = await hub.get("summary", forged)
                assert answer.status_code == 401, forged
            hub.clock.advance(POLICY.access_s)
            answer = await hub.get("summary", access)
            assert (answer.status_code, code_of(answer)) == (401, "token_expired")

            second = (await hub.post("auth/refresh", {"refresh": refresh, "key": "k1"})).json()
            assert second["refresh"] != refresh
            assert (await hub.get("summary", second["access"])).status_code == 200
            # the answer was lost: the same console asks again with the same key
            third = (await hub.post("auth/refresh", {"refresh": refresh, "key": "k1"})).json()
            assert (await hub.get("summary", second["access"])).status_code == 401
            assert (await hub.get("summary", third["access"])).status_code == 200
            # somebody else has the old token, too: nobody keeps this login
            stolen = await hub.post("auth/refresh", {"refresh": refresh, "key": "other"})
            assert (stolen.status_code, code_of(stolen)) == (401, "login_ended")
            for token in (third["refresh"], refresh):
                answer = await hub.post("auth/refresh", {"refresh": token})
                assert code_of(answer) == "login_ended"
            assert code_of(await hub.get("summary", third["access"])) == "login_ended"
            (told,) = await hub.recorded("login.stolen")
            assert (told.actor, told.reason) == ("anna", "token_reused")

    run(story)


def test_a_login_ends_when_nobody_renews_it_and_in_any_case_in_the_end(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            await hub.person("anna", "trainer")
            idle = (await hub.login("anna")).json()
            hub.clock.advance(POLICY.idle_s + 1)
            assert code_of(await hub.post("auth/refresh", {"refresh": idle["refresh"]})) == (
                "login_ended"
            )
            busy = (await hub.login("anna")).json()
            remembered = (await hub.login("anna", remember=True)).json()
            for _ in range(3):
                hub.clock.advance(POLICY.login_s / 3)
                answer = await hub.post("auth/refresh", {"refresh": busy["refresh"]})
                busy = answer.json() if answer.status_code == 200 else {}
                if not busy:
                    break
            assert not busy
            answer = await hub.post("auth/refresh", {"refresh": remembered["refresh"]})
            assert answer.status_code == 200

    run(story)


def test_an_access_token_does_not_outlive_its_login(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            await hub.person("anna", "trainer")
            tokens = (await hub.login("anna")).json()
            left = POLICY.login_s
            for wait in (POLICY.idle_s - 60, POLICY.idle_s - 60, 60):
                hub.clock.advance(wait)
                left -= wait
                tokens = (await hub.post("auth/refresh", {"refresh": tokens["refresh"]})).json()
            assert tokens["expires_in"] == left == 60
            assert (await hub.get("log", tokens["access"])).is_success
            hub.clock.advance(left + 1)
            assert code_of(await hub.get("log", tokens["access"])) == "token_expired"

    run(story)


def test_a_hub_that_starts_anew_knows_its_logins(tmp_path: Path) -> None:
    async def story() -> None:
        clock = ManualClock(NOW)
        async with site(tmp_path, clock=clock) as hub:
            tokens = await hub.person("anna", "trainer")
        async with site(tmp_path, clock=clock) as hub:
            assert code_of(await hub.get("summary", tokens["access"])) == "token_expired"
            answer = await hub.post("auth/refresh", {"refresh": tokens["refresh"]})
            assert answer.status_code == 200
            assert (await hub.post("auth/logout", {}, answer.json()["access"])).status_code == 200
            answer = await hub.post("auth/refresh", {"refresh": answer.json()["refresh"]})
            assert code_of(answer) == "login_ended"

    run(story)


def test_a_restore_brings_back_no_login(tmp_path: Path) -> None:
    """Who was shut out after the backup was made must not be let in by it."""
    data, kept = tmp_path / "data", tmp_path / "kept"

    def silent(_what: str, _done: int, _of: int) -> None:
        return None

    def fetch(place: Path) -> tuple[Path, ...]:
        copy_store(data / STORE, place, lambda _done, _all: None, alone=True)
        return ()

    async def story() -> None:
        async with site(data) as hub:
            tokens = await hub.person("anna", "trainer")
        restore.make(data, kept, fetch, program="test", now=NOW, told=silent)
        async with site(data) as hub:
            assert (await hub.post("auth/refresh", {"refresh": tokens["refresh"]})).is_success
        restore.restore(kept, data, silent, force=True, stamp="1")
        async with site(data) as hub:
            answer = await hub.post("auth/refresh", {"refresh": tokens["refresh"]})
            assert (answer.status_code, code_of(answer)) == (401, "login_ended")
            assert (await hub.login("anna")).is_success  # the account is there again
            (told,) = await hub.recorded("store.restored")
            assert told.object == "kept"

    run(story)

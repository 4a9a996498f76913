"""Managing accounts over HTTP; passwords; personal data for a reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx

from services.access.roles import ACCOUNTS, GRANTS, TECHNICAL
from services.feed.frames import Notice
from tests.services.hub.accounts_site import PASSWORD, POLICY, code_of, run, site
from tests.services.hub.consoles import console, http_client
from tests.services.hub.test_feed import CITY
from tests.services.hub.test_scopes import write_tokens


# -- managing ----------------------------------------------------------------------------------
def test_only_the_security_administrator_manages_accounts(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            people = {
                role: (await hub.person(role.replace("_", "-"), role))["access"]
                for role in sorted(GRANTS.keys() - TECHNICAL)
            }
            tried = 0
            for role, access in people.items():
                headers = {"Authorization": f"Bearer {access}"}
                for method, path, body in (
                    ("GET", "accounts", None),
                    ("POST", "accounts", {"user": "new", "name": "n", "roles": ["leader"]}),
                    ("PATCH", "accounts/leader", {"version": 0}),
                    ("POST", "accounts/leader/password", {}),
                    ("POST", "accounts/leader/totp-reset", {}),
                    ("POST", "accounts/leader/unlock", {}),
                    ("POST", "accounts/leader/revoke", {}),
                ):
                    if ACCOUNTS in GRANTS[role]:
                        continue
                    answer = await hub.http.request(
                        method, f"/api/v1/{path}", json=body, headers=headers
                    )
                    assert (answer.status_code, code_of(answer)) == (403, "not_allowed")
                    tried += 1
            assert tried == 9 * 7
            assert "new" not in hub.hub.access.logins.accounts

    run(story)


def test_administrators_stay_apart_and_the_last_one_stays(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            admin = await hub.admin()
            headers = {"Authorization": f"Bearer {admin}"}

            async def patch(user: str, **body: Any) -> httpx.Response:
                version = hub.hub.access.logins.accounts[user].version
                return await hub.http.patch(
                    f"/api/v1/accounts/{user}", json={"version": version, **body}, headers=headers
                )

            for roles in (
                ["system_admin", "audit_admin"],
                ["security_admin", "duty_officer"],
                ["audit_admin", "observer"],
            ):
                body = {"user": "both", "name": "Both", "roles": roles}
                assert code_of(await hub.post("accounts", body, admin)) == "not_separate"
            await hub.make("anna", "trainer")
            assert code_of(await patch("anna", roles=["leader", "audit_admin"])) == "not_separate"
            assert code_of(await patch("anna", roles=["ingest"])) == "technical_role"
            assert code_of(await patch("security", roles=["leader"])) == "own_account"
            assert code_of(await patch("security", disabled=True)) == "own_account"
            answer = await hub.http.patch(
                "/api/v1/accounts/anna", json={"version": 77, "name": "x"}, headers=headers
            )
            assert (answer.status_code, code_of(answer)) == (409, "version_conflict")
            for user in ("A", "anna b", "1a", "", "x" * 40):
                body = {"user": user, "name": "n", "roles": ["leader"]}
                assert code_of(await hub.post("accounts", body, admin)) == "bad_user"
            body = {"user": "anna", "name": "n", "roles": ["leader"]}
            assert code_of(await hub.post("accounts", body, admin)) == "user_taken"
            assert code_of(await hub.post("accounts/none/unlock", {}, admin)) == "unknown_user"
            # what administrators are told holds nothing of a password
            text = (await hub.get("accounts", admin)).text
            assert "argon2" not in text
            assert not re.search(r'"(password|totp|refresh)"', text)

    run(story)


def test_passwords_are_strong_new_and_ones_own(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            one_time = await hub.make("anna", "trainer")
            access = (await hub.login("anna", one_time)).json()["access"]

            async def change(old: str, new: str) -> httpx.Response:
                return await hub.post("auth/password", {"old": old, "new": new}, access)

            for weak in ("short-A1", "alllowercaseletters", "Anna-is-my-name-1", "Aa1-Aa1-Aa1-"):
                assert code_of(await change(one_time, weak)) == "weak_password", weak
            assert code_of(await change(one_time, "x" * 129)) == "password_too_long"
            assert code_of(await change(one_time, one_time)) == "password_reused"
            assert code_of(await change("wrong", PASSWORD)) == "wrong_login"
            other = (await hub.login("anna", one_time)).json()["access"]
            assert (await change(one_time, PASSWORD)).status_code == 200
            assert code_of(await hub.get("summary", other)) == "login_ended"
            assert (await hub.get("summary", access)).status_code == 200
            last = PASSWORD
            for number in range(POLICY.history):
                assert code_of(await change(last, PASSWORD)) == "password_reused"
                fresh = f"Another-Horse-{number}"
                assert (await change(last, fresh)).status_code == 200
                last = fresh
            assert (await change(last, PASSWORD)).status_code == 200
            hub.clock.advance(POLICY.password_age_s + 1)
            tokens = (await hub.login("anna")).json()
            assert tokens["pending"] == ["password"]

    run(story)


def test_a_password_grows_old_at_the_login_and_never_in_the_middle_of_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            await hub.person("anna", "trainer")

            async def warned(access: str) -> list[str]:
                async with console(hub.url, access) as seat:
                    assert (await seat.order("k", "operator.note", name="x")).error is None
                    return [f.code for f in seat.frames if isinstance(f, Notice)]

            hub.clock.advance(POLICY.password_age_s - POLICY.password_warning_s - 3_600.0)
            tokens = (await hub.login("anna")).json()
            assert await warned(tokens["access"]) == []
            hub.clock.advance(POLICY.password_warning_s)
            tokens = (await hub.login("anna")).json()  # an hour before it is too old
            assert tokens["pending"] == []
            assert await warned(tokens["access"]) == ["password_ends"]
            hub.clock.advance(2 * 3_600.0)
            body = {"refresh": tokens["refresh"], "key": "k"}
            tokens = (await hub.post("auth/refresh", body)).json()
            assert tokens["pending"] == []
            assert (await hub.get("summary", tokens["access"])).status_code == 200
            assert await warned(tokens["access"]) == ["password_ends"]
            assert (await hub.login("anna")).json()["pending"] == ["password"]

    run(story)


def test_a_one_time_password_is_good_for_days_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with site(tmp_path) as hub:
            one_time = await hub.make("anna", "trainer")
            hub.clock.advance(POLICY.one_time_s + 1)
            assert code_of(await hub.login("anna", one_time)) == "password_expired"

    run(story)


# -- personal data -------------------------------------------------------------------------------
def test_personal_data_is_shown_for_a_reason_and_on_record(tmp_path: Path) -> None:
    async def story() -> None:
        phone = "13800001234"
        tokens = write_tokens(tmp_path, source={"roles": ["ingest"]})
        async with site(tmp_path) as hub:
            team = {**CITY[4], "attrs": {"speciality": "drainage", "phone": phone}}
            async with http_client(hub.url, tokens["source"]) as http:
                answer = await http.post("/api/v1/ingest", json=[team])
                assert answer.json()["rejected"] == 0
            people = {
                role: (await hub.person(role.replace("_", "-"), role))["access"]
                for role in sorted(GRANTS.keys() - TECHNICAL)
            }
            may = {"duty_officer", "dispatcher", "subcentre"}
            for role, access in people.items():
                answer = await hub.get("entities/team:1/personal?reason=call%20them", access)
                assert (answer.status_code == 200) == (role in may), role
                assert (phone in answer.text) == (role in may)
                shown = await hub.get("entities/team:1", access)
                assert phone not in shown.text
            duty = people["duty_officer"]
            assert code_of(await hub.get("entities/team:1/personal", duty)) == "missing_field"
            assert code_of(await hub.get("entities/none/personal?reason=x", duty)) == "not_found"
            told = await hub.recorded("personal.viewed")
            done = {r.actor for r in told if r.outcome == "success"}
            assert done == {role.replace("_", "-") for role in may}
            assert {(r.object, r.detail["why"]) for r in told if r.outcome == "success"} == {
                ("team:1", "call them")
            }
            refused = {r.actor for r in told if r.outcome == "failure"}
            assert refused == {r.replace("_", "-") for r in people.keys() - may}

    run(story)

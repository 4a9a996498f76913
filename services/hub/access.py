"""Everything about who may do what, built once for a hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from services.access.accounts import AccountRecord
from services.access.policy import Policy
from services.access.scope import Compiler
from services.access.tokens import TokenFile
from services.access.totp import SecretBox
from services.audit.record import Entry, entry
from services.audit.sink import AuditSink
from services.domain.clock import Clock
from services.hub.access_desk import AccessDesk
from services.hub.account_admin import AccountAdmin, first_account
from services.hub.auth_api import AccountsApi, AuthApi, PersonalApi
from services.hub.gate import Gate, State
from services.hub.logins import Logins
from services.hub.sights import Sights
from services.hub.web import Door, Endpoint
from services.packs.model import Catalogue
from services.storage.accounts import AccountStore
from services.storage.reader import LogReader
from services.storage.writer import LogWriter

KEY_FILE = "access-key"
HttpRoute = tuple[str, str, Endpoint]


class Access:
    """Accounts, logins, scopes and the gate of one hub; KnownError says why it cannot be built."""

    def __init__(
        self,
        data: Path,
        catalogue: Catalogue,
        sights: Sights,
        writer: LogWriter,
        reader: LogReader,
        executor: ThreadPoolExecutor,
        state: State,
        policy: Policy,
        clock: Clock,
        audit: AuditSink,
    ) -> None:
        tokens = TokenFile(data / "tokens.toml")
        tokens.ensure()
        self._audit = audit
        box = SecretBox(data / KEY_FILE)
        self.logins = Logins(AccountStore(writer, reader), policy, clock, executor, audit)
        self.gate = Gate(tokens, self.logins, Compiler(catalogue), sights, state)
        self._desk = AccessDesk(self.logins, box)
        self._admin = AccountAdmin(self.logins)

    def routes(self, door: Door) -> tuple[HttpRoute, ...]:
        """The endpoints: method, path, work."""
        auth = AuthApi(door, self._desk, self.logins)
        accounts = AccountsApi(door, self._admin, self._audit)
        personal = PersonalApi(door, self._audit)
        return (
            ("POST", "/api/v1/auth/login", auth.login),
            ("POST", "/api/v1/auth/refresh", auth.refresh),
            ("POST", "/api/v1/auth/logout", auth.logout),
            ("GET", "/api/v1/auth/me", auth.me),
            ("POST", "/api/v1/auth/password", auth.password),
            ("POST", "/api/v1/auth/totp", auth.factor),
            ("POST", "/api/v1/auth/totp/confirm", auth.confirm_factor),
            ("POST", "/api/v1/auth/unlock", auth.unlock),
            ("GET", "/api/v1/accounts", accounts.list),
            ("POST", "/api/v1/accounts", accounts.create),
            ("PATCH", "/api/v1/accounts/{user}", accounts.change),
            ("POST", "/api/v1/accounts/{user}/password", accounts.reset_password),
            ("POST", "/api/v1/accounts/{user}/totp-reset", accounts.reset_factor),
            ("POST", "/api/v1/accounts/{user}/unlock", accounts.unlock),
            ("POST", "/api/v1/accounts/{user}/revoke", accounts.revoke),
            ("GET", "/api/v1/entities/{id}/personal", personal.entity),
            ("GET", "/api/v1/cases/{id}/personal", personal.case),
        )

    async def run(self) -> None:
        """Work until cancelled."""
        await self.logins.tidy()

    def close(self) -> None:
        """End what it runs."""
        self.logins.close()

    async def begin(self, told: Callable[[str, str], None]) -> None:
        """On a site without accounts, make its first and tell its one-time password, once.

        ``told(user, password)``: nobody else learns it, and it is kept nowhere.
        """
        if self.logins.accounts:
            return
        record, password = await asyncio.to_thread(first_account, self.logins)
        await self.logins.add(record, [_told(record, self.logins.clock())])
        told(record.user, password)


def _told(record: AccountRecord, now: float) -> Entry:
    return entry(
        "account.created",
        actor="system",
        object_=record.user,
        time=now,
        detail={"roles": ",".join(record.roles)},
    )

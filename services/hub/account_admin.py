"""What security administrators do with accounts. Event loop's thread; recorded with the change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from services.access import accounts as rules
from services.access import passwords
from services.access.accounts import AccountRecord
from services.access.roles import ACCOUNTS, GRANTS
from services.audit.record import entry
from services.domain.errors import KnownError
from services.hub.logins import Logins

FIRST_USER, FIRST_NAME, FIRST_ROLE = "security", "安全管理员", "security_admin"


class OpenLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A login as administrators see it."""

    seat: str
    address: str
    began_at: float
    used_at: float


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account as administrators see it: nothing of its password or its factor."""

    user: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    departments: tuple[str, ...]
    disabled: bool
    locked_until: float
    failures: int
    factor: bool
    must_change: bool
    password_at: float
    created_at: float
    created_by: str
    last_login: float | None
    version: int
    logins: tuple[OpenLogin, ...]


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes an account."""

    user: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


class AccountChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed; None leaves it. ``version``: the one that was looked at."""

    version: int
    name: str | None = None
    roles: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    departments: tuple[str, ...] | None = None
    disabled: bool | None = None


class AccountAdmin:
    """Each order names who gives it (``by``) and from where; KnownError says why not."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins

    def rows(self) -> list[AccountRow]:
        """All accounts by name."""
        return [self._row(self._logins.accounts[user]) for user in sorted(self._logins.accounts)]

    async def create(self, given: NewAccount, by: str, address: str) -> tuple[AccountRow, str]:
        """A new account and its one-time password, which is shown once and kept nowhere."""
        logins = self._logins
        made = rules.new_account(
            given.user,
            given.name,
            given.roles,
            (given.areas, given.kinds, given.departments),
            by,
            logins.clock(),
        )
        password = passwords.one_time()
        hashed = await logins.hash(lambda: passwords.hashed(password))
        async with logins.one:
            if made.user in logins.accounts:
                raise KnownError("user_taken", f"there is an account {made.user}", field="user")
            now = logins.clock()
            record = replace(rules.with_one_time(made, hashed, now, logins.policy), version=1)
            told = entry(
                "account.created",
                actor=by,
                address=address,
                object_=record.user,
                time=now,
                detail=_facts(record),
            )
            await logins.add(record, [told])
        return self._row(record), password

    async def change(self, user: str, given: AccountChange, by: str, address: str) -> AccountRow:
        """Change who somebody is, what they may, or whether they may at all.

        Their sessions renew at once; those of an account that is switched off end.
        """
        logins = self._logins
        async with logins.one:
            before = self._known(user)
            if given.version != before.version:
                raise KnownError(
                    "version_conflict",
                    f"the account has changed meanwhile (version {before.version})",
                    params={"version": before.version},
                )
            record = rules.changed(
                before,
                name=given.name,
                roles=given.roles,
                areas=given.areas,
                kinds=given.kinds,
                departments=given.departments,
                disabled=given.disabled,
            )
            self._check_kept(before, record, by)
            told = entry(
                "account.changed",
                actor=by,
                address=address,
                object_=user,
                time=logins.clock(),
                detail={**_facts(record), "before": msgspec.json.encode(_facts(before)).decode()},
            )
            ended = logins.of(user) if record.disabled else []
            await logins.keep(record, ended=ended, reason="account_off", audit=[told])
            logins.recheck(user)
        return self._row(record)

    async def reset_password(self, user: str, by: str, address: str) -> str:
        """A one-time password in place of the one that there was; open logins end."""
        logins = self._logins
        self._known(user)
        password = passwords.one_time()
        hashed = await logins.hash(lambda: passwords.hashed(password))
        await self._put(
            user,
            lambda r: rules.with_one_time(r, hashed, logins.clock(), logins.policy),
            "account.password_reset",
            by,
            address,
            ends="password_reset",
        )
        return password

    async def reset_factor(self, user: str, by: str, address: str) -> AccountRow:
        """Forget the second factor; open logins end, and the next one sets it up anew."""
        return await self._put(
            user,
            lambda r: replace(r, totp=b"", totp_new=b"", totp_step=0, version=r.version + 1),
            "account.factor_reset",
            by,
            address,
            ends="factor_reset",
        )

    async def unlock(self, user: str, by: str, address: str) -> AccountRow:
        """Let an account that failed too often try again at once."""
        return await self._put(
            user,
            lambda r: replace(r, failures=0, locked_until=0.0, version=r.version + 1),
            "account.unlocked",
            by,
            address,
        )

    async def revoke(self, user: str, by: str, address: str) -> AccountRow:
        """End all logins of an account; its sessions close within seconds."""
        return await self._put(
            user, lambda r: r, "account.logins_ended", by, address, ends="revoked"
        )

    # -- inside -----------------------------------------------------------------
    async def _put(
        self,
        user: str,
        make: Callable[[AccountRecord], AccountRecord],
        type_: str,
        by: str,
        address: str,
        *,
        ends: str = "",
    ) -> AccountRow:
        logins = self._logins
        async with logins.one:
            record = make(self._known(user))
            over = logins.of(user) if ends else []
            detail: dict[str, object] = {"ended": len(over)} if ends else {}
            told = entry(
                type_,
                actor=by,
                address=address,
                object_=user,
                time=logins.clock(),
                detail=detail,
            )
            await logins.keep(record, ended=over, reason=ends, audit=[told])
        return self._row(record)

    def _known(self, user: str) -> AccountRecord:
        found = self._logins.accounts.get(user)
        if found is None:
            raise KnownError("unknown_user", f"there is no account “{user[:40]}”", field="user")
        return found

    def _check_kept(self, before: AccountRecord, after: AccountRecord, by: str) -> None:
        """Nobody shuts the door behind everybody, nor makes themselves something else."""
        if before.user == by and (after.roles != before.roles or after.disabled):
            raise KnownError(
                "own_account",
                "an administrator's own roles are changed by another one",
                field="roles",
            )
        guards = [
            a.user
            for a in self._logins.accounts.values()
            if _guards(after if a.user == after.user else a)
        ]
        if not guards:
            raise KnownError(
                "last_administrator", "this is the last account that can manage accounts"
            )

    def _row(self, record: AccountRecord) -> AccountRow:
        logins = tuple(
            OpenLogin(
                seat=s.record.seat,
                address=s.record.address,
                began_at=s.record.began_at,
                used_at=s.record.used_at,
            )
            for s in self._logins.of(record.user)
        )
        return AccountRow(
            user=record.user,
            name=record.name,
            roles=record.roles,
            areas=record.areas,
            kinds=record.kinds,
            departments=record.departments,
            disabled=record.disabled,
            locked_until=record.locked_until,
            failures=record.failures,
            factor=bool(record.totp),
            must_change=record.must_change,
            password_at=record.password_at,
            created_at=record.created_at,
            created_by=record.created_by,
            last_login=record.last_login,
            version=record.version,
            logins=logins,
        )


def first_account(logins: Logins) -> tuple[AccountRecord, str]:
    """The security administrator with whom a site begins, and the one-time password. Blocks."""
    now = logins.clock()
    found = logins.accounts.get(FIRST_USER)
    made = found or rules.new_account(FIRST_USER, FIRST_NAME, [FIRST_ROLE], ((), (), ()), "", now)
    password = passwords.one_time()
    record = rules.with_one_time(made, passwords.hashed(password), now, logins.policy)
    record = replace(record, roles=(FIRST_ROLE,))  # should somebody have taken the role away
    return replace(record, disabled=False, totp=b"", totp_new=b"", totp_step=0), password


def _guards(record: AccountRecord) -> bool:
    return not record.disabled and any(ACCOUNTS in GRANTS.get(r, ()) for r in record.roles)


def _facts(record: AccountRecord) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": record.name, "roles": ",".join(record.roles)}
    for name in ("areas", "kinds", "departments"):
        if values := getattr(record, name):
            facts[name] = ",".join(values)
    return facts | ({"disabled": True} if record.disabled else {})

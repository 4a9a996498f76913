"""Accounts as an administrator's console asks for them and orders them. Worker threads only."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from services.feed.http import HubHttp

PATH = "/api/v1/accounts"


class OpenLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A login that is open; times in UNIX seconds."""

    seat: str = ""
    address: str = ""
    began_at: float = 0.0
    used_at: float = 0.0


class AccountInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the hub tells administrators; nothing of its password or its factor."""

    user: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    disabled: bool = False
    locked_until: float = 0.0
    factor: bool = False
    must_change: bool = False
    last_login: float | None = None
    version: int = 0
    logins: tuple[OpenLogin, ...] = ()


class AccountList(msgspec.Struct, frozen=True):
    """All accounts, and the roles that there are."""

    accounts: tuple[AccountInfo, ...]
    roles: tuple[str, ...]


class _One(msgspec.Struct, frozen=True):
    account: AccountInfo


class _OneTime(msgspec.Struct, frozen=True):
    password: str


class AccountsClient:
    """Every call raises KnownError with the hub's own code."""

    def __init__(self, http: HubHttp) -> None:
        self._http = http

    def all(self) -> AccountList:
        """All accounts by name."""
        return self._http.read(AccountList, "GET", PATH)

    def create(self, user: str, fields: dict[str, object]) -> str:
        """A new account; its one-time password."""
        body = {"user": user, **fields}
        return self._http.read(_OneTime, "POST", PATH, body=body).password

    def change(self, user: str, version: int, fields: dict[str, object]) -> AccountInfo:
        """Change what ``fields`` names; ``version`` is the one that was looked at."""
        body = {"version": version, **fields}
        return self._http.read(_One, "PATCH", _path(user), body=body).account

    def reset_password(self, user: str) -> str:
        """Another one-time password."""
        return self._http.read(_OneTime, "POST", _path(user, "password")).password

    def order(self, user: str, what: str) -> AccountInfo:
        """``totp-reset``, ``unlock`` or ``revoke``."""
        return self._http.read(_One, "POST", _path(user, what)).account


def _path(user: str, *what: str) -> str:
    return "/".join((PATH, quote(user, safe=""), *what))

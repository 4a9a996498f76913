"""``/api/v1/auth`` and ``/api/v1/accounts``: logging in, one's own login, and all accounts."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.access.roles import ACCOUNTS, GRANTS, PERSONAL, TECHNICAL
from services.access.scope import Account
from services.audit.record import UNREADABLE, entry
from services.audit.sink import AuditSink
from services.domain.errors import KnownError
from services.domain.keys import check_keys
from services.domain.model import Scalar
from services.domain.text import plain
from services.hub.access_desk import AccessDesk, Attempt
from services.hub.account_admin import AccountAdmin, AccountChange, AccountRow, NewAccount
from services.hub.logins import Logins, Standing
from services.hub.web import Door, address, answer, bearer

T = TypeVar("T")
MAX_BODY = 16 * 1024
MAX_REASON = 200


class Renewal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``key``: the same for each repetition of one request, of which the answer did not come."""

    refresh: str
    key: str = ""


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One's own password and the next one."""

    old: str
    new: str


class Password(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One's own password, to prove who sits there."""

    password: str


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an authenticator shows."""

    otp: str


class Pending(msgspec.Struct, frozen=True):
    """What is still to be done before anything else is open: ``password``, ``totp``."""

    pending: tuple[str, ...]


class FactorUri(msgspec.Struct, frozen=True):
    """What an authenticator reads, as a picture or by hand."""

    uri: str


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, and what they may."""

    user: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    departments: tuple[str, ...]
    rights: tuple[str, ...]
    pending: tuple[str, ...]


class Done(msgspec.Struct, frozen=True):
    """It is done."""

    done: bool = True


class AccountList(msgspec.Struct, frozen=True):
    """Accounts by name; ``roles``: those that an account may hold."""

    accounts: list[AccountRow]
    roles: list[str]


class AccountAnswer(msgspec.Struct, frozen=True):
    """An account as it is now."""

    account: AccountRow


class NewAccountAnswer(msgspec.Struct, frozen=True):
    """A new account, and its one-time password, which is told only here."""

    account: AccountRow
    password: str


class OneTime(msgspec.Struct, frozen=True):
    """A one-time password, which is told only here."""

    password: str


class Personal(msgspec.Struct, frozen=True):
    """Personal attributes, unmasked."""

    attrs: dict[str, Scalar]


class AuthApi:
    """A login's own endpoints, open to it even while something is pending. Event loop's thread."""

    def __init__(self, door: Door, desk: AccessDesk, logins: Logins) -> None:
        self._door, self._desk, self._logins = door, desk, logins

    async def login(self, request: Request) -> Response:
        """Begin a login: tokens, or why not."""
        given = await _body(self._door, request, Attempt)
        return answer(await self._desk.login(given, address(request)))

    async def refresh(self, request: Request) -> Response:
        """New tokens for a refresh token, which is good once."""
        given = await _body(self._door, request, Renewal)
        return answer(await self._desk.renew(given.refresh, given.key, address(request)))

    async def logout(self, request: Request) -> Response:
        """End this login."""
        await self._desk.logout(self._standing(request), address(request))
        return answer(Done())

    async def me(self, request: Request) -> Response:
        """Who asks, and what they may."""
        token = bearer(request)
        if token.startswith("oma."):
            standing = self._logins.standing(token)
            account, pending = self._logins.account(standing), self._logins.pending(standing)
        else:
            account, pending = self._door.account(request), ()
        rights = frozenset[str]().union(*(GRANTS.get(role, ()) for role in account.roles))
        return answer(
            Me(
                user=account.user,
                name=account.name,
                roles=account.roles,
                areas=account.areas,
                kinds=account.kinds,
                departments=account.departments,
                rights=tuple(sorted(rights)),
                pending=pending,
            )
        )

    async def password(self, request: Request) -> Response:
        """Change one's own password."""
        standing = self._standing(request)
        given = await _body(self._door, request, NewPassword)
        pending = await self._desk.change_password(standing, given.old, given.new, address(request))
        return answer(Pending(pending))

    async def factor(self, request: Request) -> Response:
        """Begin a second factor: what an authenticator reads."""
        standing = self._standing(request)
        given = await _body(self._door, request, Password)
        uri = await self._desk.begin_factor(standing, given.password, address(request))
        return answer(FactorUri(uri))

    async def confirm_factor(self, request: Request) -> Response:
        """Let the new factor hold."""
        standing = self._standing(request)
        given = await _body(self._door, request, Code)
        pending = await self._desk.confirm_factor(standing, given.otp, address(request))
        return answer(Pending(pending))

    async def unlock(self, request: Request) -> Response:
        """Whether the password is right: a seat that locked itself opens again."""
        standing = self._standing(request)
        given = await _body(self._door, request, Password)
        await self._desk.unlock(standing, given.password, address(request))
        return answer(Done())

    def _standing(self, request: Request) -> Standing:
        return self._logins.standing(bearer(request))


class AccountsApi:
    """All accounts, for who may manage them. Event loop's thread."""

    def __init__(self, door: Door, admin: AccountAdmin, audit: AuditSink) -> None:
        self._door, self._admin, self._audit = door, admin, audit

    async def list(self, request: Request) -> Response:
        """Every account, with its open logins."""
        self._by(request)
        return answer(AccountList(self._admin.rows(), [r for r in GRANTS if r not in TECHNICAL]))

    async def create(self, request: Request) -> Response:
        """A new account; the answer alone holds its one-time password."""
        by = self._by(request)
        given = await _body(self._door, request, NewAccount)
        row, password = await self._admin.create(given, by.user, address(request))
        return answer(NewAccountAnswer(row, password))

    async def change(self, request: Request) -> Response:
        """Change an account."""
        by = self._by(request)
        given = await _body(self._door, request, AccountChange)
        row = await self._admin.change(_user(request), given, by.user, address(request))
        return answer(AccountAnswer(row))

    async def reset_password(self, request: Request) -> Response:
        """Another one-time password; the answer alone holds it."""
        by = self._by(request)
        password = await self._admin.reset_password(_user(request), by.user, address(request))
        return answer(OneTime(password))

    async def reset_factor(self, request: Request) -> Response:
        """Forget a second factor."""
        by = self._by(request)
        row = await self._admin.reset_factor(_user(request), by.user, address(request))
        return answer(AccountAnswer(row))

    async def unlock(self, request: Request) -> Response:
        """Open an account that failed too often."""
        by = self._by(request)
        row = await self._admin.unlock(_user(request), by.user, address(request))
        return answer(AccountAnswer(row))

    async def revoke(self, request: Request) -> Response:
        """End all logins of an account."""
        by = self._by(request)
        row = await self._admin.revoke(_user(request), by.user, address(request))
        return answer(AccountAnswer(row))

    def _by(self, request: Request) -> Account:
        account = self._door.account(request)
        if not self._door.gate.permission(account).may(ACCOUNTS):
            self._audit.note(
                entry(
                    "account.refused",
                    actor=account.user,
                    address=address(request),
                    reason="not_allowed",
                    detail={"path": request.url.path},
                )
            )
            raise KnownError("not_allowed", f"{account.name} may not manage accounts")
        return account


class PersonalApi:
    """Personal data of one thing, unmasked, for a reason that is kept. Event loop's thread."""

    def __init__(self, door: Door, audit: AuditSink) -> None:
        self._door, self._audit = door, audit

    async def entity(self, request: Request) -> Response:
        """The personal attributes of a thing."""
        account, id_ = self._door.account(request), request.path_params["id"]
        gate = self._door.gate
        if not gate.permission(account).may(PERSONAL):
            raise await self._refused(request, account, id_)
        found, _ = await gate.seen(account, id_)
        if not gate.permission(account).may(PERSONAL, found.kind):
            raise await self._refused(request, account, id_)
        await self._record(request, account, id_)
        return answer(Personal(gate.masks.personal(found.kind, found.attrs)))

    async def case(self, request: Request) -> Response:
        """The personal attributes of a case."""
        account, id_ = self._door.account(request), request.path_params["id"]
        gate = self._door.gate
        if not gate.permission(account).may(PERSONAL):
            raise await self._refused(request, account, id_)
        found = await gate.seen_case(account, id_)
        await self._record(request, account, id_)
        return answer(Personal(gate.masks.personal_of_case(found.attrs)))

    async def _record(self, request: Request, account: Account, id_: str) -> None:
        reason = plain(request.query_params.get("reason", ""), "reason", MAX_REASON)
        if not reason:
            raise KnownError("missing_field", "personal data needs a reason", field="reason")
        await self._audit.record(
            entry(
                "personal.viewed",
                actor=account.user,
                seat=request.query_params.get("seat", ""),
                address=address(request),
                object_=id_,
                detail={"why": reason},
            )
        )

    async def _refused(self, request: Request, account: Account, id_: str) -> KnownError:
        self._audit.note(
            entry(
                "personal.viewed",
                actor=account.user,
                address=address(request),
                object_=id_,
                reason="not_allowed",
            )
        )
        return KnownError("not_allowed", f"{account.name} may not see personal data")


async def _body(door: Door, request: Request, type_: type[T]) -> T:
    body = await door.body(request, MAX_BODY)
    try:
        value = msgspec.json.decode(body, type=type_)
    except UNREADABLE as error:
        # not the decoder's own words: they may repeat what was typed into a password field
        del error
        raise KnownError("malformed", "the body is not what this asks for") from None
    check_keys(body)
    return value


def _user(request: Request) -> str:
    return str(request.path_params["user"])

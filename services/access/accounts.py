"""Accounts and logins as they are kept, and what an attempt makes of them. Pure; time passed in.

Nothing here tells a stranger whether an account exists: an attempt on none is judged like one on an
account whose password is wrong, lock included.
"""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from services.access.policy import Policy
from services.access.roles import SECOND_FACTOR, check_roles
from services.access.scope import Account
from services.domain.errors import KnownError
from services.domain.text import plain

MAX_LIMITS = 200
_USER = re.compile(r"[a-z][a-z0-9._-]{1,31}")
NEW_PASSWORD, NEW_FACTOR = "password", "totp"
"""What a login must do before anything else is open to it."""


class AccountRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One account. Times are UNIX seconds; ``version`` rises by one per change by a person.

    ``password``: argon2id. ``earlier``: the ones before it, newest first. ``totp``: the sealed
    secret; ``totp_new``: one that waits for its first code; ``totp_step``: the newest step used.
    ``password_until``: when a one-time password stops to open.
    """

    user: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    password: str = ""
    earlier: tuple[str, ...] = ()
    password_at: float = 0.0
    password_until: float | None = None
    must_change: bool = True
    totp: bytes = b""
    totp_new: bytes = b""
    totp_step: int = 0
    failures: int = 0
    locked_until: float = 0.0
    disabled: bool = False
    created_at: float = 0.0
    created_by: str = ""
    last_login: float | None = None
    version: int = 1

    def account(self, session: str) -> Account:
        """Who a login of this account is."""
        return Account(
            user=self.user,
            name=self.name,
            roles=self.roles,
            areas=self.areas,
            kinds=self.kinds,
            departments=self.departments,
            session=session,
        )

    def pending(self, began: float, policy: Policy) -> tuple[str, ...]:
        """What its holder must do before a login that began then opens anything.

        A password's age is judged at the login: grown old meanwhile, it shuts no open desk.
        """
        old = began - self.password_at > policy.password_age_s
        needs = SECOND_FACTOR.intersection(self.roles) and not self.totp
        return ((NEW_PASSWORD,) if self.must_change or old else ()) + (
            (NEW_FACTOR,) if needs else ()
        )

    def password_left(self, now: float, policy: Policy) -> float | None:
        """Seconds until a login asks for a new password (below 0: the next one does); None while
        that is further away than the warning."""
        left = self.password_at + policy.password_age_s - now
        return left if left < policy.password_warning_s else None


class LoginRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One login, from the password to its end. ``refresh`` is the SHA-256 of the only refresh token
    that is good now; ``previous`` and ``key`` tell a repeated request from a stolen token."""

    id: str
    user: str
    seat: str
    address: str
    began_at: float
    used_at: float
    ends_at: float
    idle_s: float
    refresh: bytes
    previous: bytes = b""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an attempt leads to: the record as it is now, and why it is refused, if it is."""

    record: AccountRecord
    refusal: KnownError | None = None


def nobody(user: str) -> AccountRecord:
    """Stands in for an account that does not exist."""
    return AccountRecord(user=user, name="", roles=())


def new_account(
    user: str,
    name: str,
    roles: Iterable[str],
    limits: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    by: str,
    now: float,
) -> AccountRecord:
    """An account without a password yet; ``limits``: areas, kinds, departments. KnownError."""
    if not _USER.fullmatch(user):
        raise KnownError(
            "bad_user",
            "an account's name has 2 to 32 signs: small letters, digits, . _ -, a letter first",
            field="user",
        )
    areas, kinds, departments = (_limit(given) for given in limits)
    return AccountRecord(
        user=user,
        name=_name(name),
        roles=check_roles(roles),
        areas=areas,
        kinds=kinds,
        departments=departments,
        created_at=now,
        created_by=by,
    )


def changed(
    record: AccountRecord,
    *,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    areas: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    departments: Iterable[str] | None = None,
    disabled: bool | None = None,
) -> AccountRecord:
    """The account with what is given changed; KnownError where it may not be so."""
    return replace(
        record,
        name=record.name if name is None else _name(name),
        roles=record.roles if roles is None else check_roles(roles),
        areas=record.areas if areas is None else _limit(areas),
        kinds=record.kinds if kinds is None else _limit(kinds),
        departments=record.departments if departments is None else _limit(departments),
        disabled=record.disabled if disabled is None else disabled,
        version=record.version + 1,
    )


def with_one_time(record: AccountRecord, hashed: str, now: float, policy: Policy) -> AccountRecord:
    """The account with a password that must be changed at once, and without any lock."""
    return replace(
        record,
        password=hashed,
        earlier=_remembered(record, policy),
        password_at=now,
        password_until=now + policy.one_time_s,
        must_change=True,
        failures=0,
        locked_until=0.0,
        version=record.version + 1,
    )


def with_password(record: AccountRecord, hashed: str, now: float, policy: Policy) -> AccountRecord:
    """The account with a password that its holder has chosen."""
    return replace(
        record,
        password=hashed,
        earlier=_remembered(record, policy),
        password_at=now,
        password_until=None,
        must_change=False,
        failures=0,
        locked_until=0.0,
    )


def attempt(
    record: AccountRecord,
    *,
    password_ok: bool,
    otp: str,
    step: int | None,
    now: float,
    policy: Policy,
) -> Verdict:
    """Judge one attempt to log in. ``step``: what the code ``otp`` belongs to, see ``totp``.

    KnownError codes: ``locked`` (``wait_s``), ``wrong_login``, ``account_off``,
    ``password_expired``, ``otp_required``, ``wrong_otp``.
    """
    if record.locked_until > now:
        wait = math.ceil(record.locked_until - now)
        return Verdict(
            record,
            KnownError(
                "locked",
                f"too many failed attempts; try again in {wait} s",
                params={"wait_s": wait},
            ),
        )
    if not password_ok or not record.roles:
        return Verdict(
            _failed(record, now, policy),
            KnownError("wrong_login", "the account or the password is wrong"),
        )
    if record.disabled:
        return Verdict(record, KnownError("account_off", "this account is switched off"))
    if record.password_until is not None and now > record.password_until:
        text = "this one-time password is too old; have a new one made"
        return Verdict(record, KnownError("password_expired", text))
    if record.totp and not otp:
        text = "the code of your authenticator is needed too"
        return Verdict(record, KnownError("otp_required", text, field="otp"))
    if record.totp and step is None:
        text = "this code is wrong, or was used already; wait for the next one"
        return Verdict(_failed(record, now, policy), KnownError("wrong_otp", text, field="otp"))
    return Verdict(
        replace(
            record,
            failures=0,
            locked_until=0.0,
            last_login=now,
            totp_step=record.totp_step if step is None else step,
        )
    )


def failed(record: AccountRecord, now: float, policy: Policy) -> AccountRecord:
    """One more failure in a row, with the lock that follows."""
    return _failed(record, now, policy)


# -- tokens ------------------------------------------------------------------------------------
ACCESS, REFRESH = "oma", "omr"


def new_token(kind: str, login: str) -> str:
    """A random token that names its login: ``oma.<login>.<256 bits>``."""
    return f"{kind}.{login}.{secrets.token_urlsafe(32)}"


def login_of(token: str, kind: str) -> str | None:
    """The login that a token names; None where it is no such token."""
    parts = token.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == kind and len(token) <= 200 else None


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _failed(record: AccountRecord, now: float, policy: Policy) -> AccountRecord:
    failures = record.failures + 1
    return replace(record, failures=failures, locked_until=now + policy.lock_s(failures))


def _remembered(record: AccountRecord, policy: Policy) -> tuple[str, ...]:
    known = (record.password, *record.earlier) if record.password else record.earlier
    return known[: policy.history - 1]


def _name(name: str) -> str:
    cleaned = plain(name, "name", 60).strip()
    if not cleaned:
        raise KnownError("missing_field", "an account needs the name of a person", field="name")
    return cleaned


def _limit(given: Iterable[str]) -> tuple[str, ...]:
    values = tuple(sorted({plain(str(v), "limits", 128).strip() for v in given} - {""}))
    if len(values) > MAX_LIMITS:
        raise KnownError("too_many", f"at most {MAX_LIMITS} may be given", field="limits")
    return values

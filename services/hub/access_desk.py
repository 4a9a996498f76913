"""What people do with their own login: begin, renew, end, change the password, set up a factor.

Event loop's thread. Every outcome is on record before it is answered. A refused attempt is answered
after the same time whatever was wrong, so that nobody learns from it which accounts there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from services.access import accounts as rules
from services.access import passwords, totp
from services.access.accounts import AccountRecord, LoginRecord, Verdict
from services.access.policy import MAX_PASSWORD
from services.access.totp import SecretBox
from services.audit.record import Entry, entry
from services.domain.errors import KnownError
from services.domain.text import plain
from services.hub.logins import Logins, Standing, login_ended, new_login_id

MAX_SEAT = 60
MAX_USER = 64


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens of a login. ``expires_in``: seconds the access token is good. ``pending``: what must
    be done (``password``, ``totp``) before anything else is open."""

    access: str
    refresh: str
    expires_in: float
    user: str
    name: str
    roles: tuple[str, ...]
    pending: tuple[str, ...] = ()


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a login window sends. ``remember``: keep this desk logged in for days."""

    user: str
    password: str
    otp: str = ""
    seat: str = ""
    remember: bool = False


class AccessDesk:
    """Serves ``/api/v1/auth``; ``address`` is the peer's, for the record."""

    def __init__(self, logins: Logins, box: SecretBox) -> None:
        self._logins, self._box = logins, box

    # -- a login --------------------------------------------------------------------
    async def login(self, given: Attempt, address: str) -> Granted:
        """Begin a login. KnownError codes of ``accounts.attempt``, and ``busy``."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        seat = plain(given.seat, "seat", MAX_SEAT)
        try:
            return await self._begin(given, seat, address)
        except KnownError:
            wait = began + self._logins.policy.refuse_after_s - loop.time()
            await asyncio.sleep(max(0.0, wait))
            raise

    async def _begin(self, given: Attempt, seat: str, address: str) -> Granted:
        user = given.user.strip()[:MAX_USER].casefold()
        logins = self._logins
        checked = logins.record(user)
        ok = await self._matches(checked, given.password, address)
        async with logins.one:
            now = logins.clock()
            record = logins.record(user)
            ok = ok and record.password == checked.password  # it may have changed meanwhile
            verdict = rules.attempt(
                record,
                password_ok=ok,
                otp=given.otp,
                step=self._step(record, given.otp, now) if ok else None,
                now=now,
                policy=logins.policy,
            )
            if verdict.refusal is not None:
                await self._refuse(verdict, record, seat, address, now)
                raise verdict.refusal
            life = logins.policy.remembered_s if given.remember else logins.policy.login_s
            login = LoginRecord(
                id=new_login_id(),
                user=user,
                seat=seat,
                address=address,
                began_at=now,
                used_at=now,
                ends_at=now + life,
                idle_s=life if given.remember else logins.policy.idle_s,
                refresh=b"",
            )
            standing = logins.of(user)
            too_many = standing[: max(0, len(standing) + 1 - logins.policy.logins)]
            told = _entry("login", user, seat, address, now)
            return await self._granted(login, verdict.record, too_many, [told])

    async def renew(self, refresh: str, key: str, address: str) -> Granted:
        """New tokens for the refresh token of a login; each is good once.

        A token that was used already ends its login, because two hold it. A console that did not
        hear the answer asks again with the same ``key``. KnownError ``login_ended``.
        """
        logins = self._logins
        async with logins.one:
            standing = logins.by_refresh(refresh)
            if standing is None:
                raise login_ended("ended")
            login, now = standing.record, logins.clock()
            record = logins.accounts[login.user]
            given = rules.digest(refresh)
            repeated = given == login.previous and bool(key) and key == login.key
            if given != login.refresh and not repeated:
                told = _entry("login.stolen", login.user, login.seat, address, now, "token_reused")
                await logins.keep(ended=[standing], reason="token_reused", audit=[told])
                raise login_ended("token_reused")
            if record.disabled or now - login.used_at > login.idle_s:
                reason = "account_off" if record.disabled else "idle"
                await self._over([standing], reason, login.user, address)
                raise login_ended(reason)
            previous = login.previous if repeated else login.refresh
            login = replace(login, used_at=now, previous=previous, key=key[:64])
            return await self._granted(login, record, (), ())

    async def logout(self, standing: Standing, address: str) -> None:
        """End a login."""
        async with self._logins.one:
            await self._over([standing], "logout", standing.record.user, address)

    # -- one's own password and factor ------------------------------------------------
    async def change_password(
        self, standing: Standing, old: str, new: str, address: str
    ) -> tuple[str, ...]:
        """Give oneself another password; other logins of the account end. What is pending then.

        KnownError ``wrong_login`` (counted like a failed login), ``weak_password``,
        ``password_reused``.
        """
        logins, login = self._logins, standing.record
        await self._prove(standing, old, address)
        logins.policy.check_password(new, login.user)
        record = logins.accounts[login.user]
        known = (record.password, *record.earlier)
        if await logins.hash(lambda: any(passwords.verify(k, new) for k in known)):
            raise KnownError(
                "password_reused", "this password was used before; take another", field="new"
            )
        made = await logins.hash(lambda: passwords.hashed(new))
        async with logins.one:
            now = logins.clock()
            record = rules.with_password(logins.accounts[login.user], made, now, logins.policy)
            others = [s for s in logins.of(login.user) if s is not standing]
            told = _entry("account.password", login.user, login.seat, address, now)
            await logins.keep(record, ended=others, reason="password_changed", audit=[told])
        return logins.pending(standing)

    async def begin_factor(self, standing: Standing, password: str, address: str) -> str:
        """A new secret for an authenticator, as its URI; it holds once a code of it was given.

        KnownError ``factor_set`` where there is one: an unlocked desk must not be enough to put
        another in its place.
        """
        logins, user = self._logins, standing.record.user
        if logins.accounts[user].totp:
            raise KnownError(
                "factor_set", "there is a second factor; have it reset by the administrator first"
            )
        await self._prove(standing, password, address)
        secret = totp.new_secret()
        async with logins.one:
            record = replace(logins.accounts[user], totp_new=self._box.seal(secret, user))
            await logins.keep(record)
        return totp.uri(secret, user, logins.policy.otp_issuer)

    async def confirm_factor(self, standing: Standing, code: str, address: str) -> tuple[str, ...]:
        """Let the new secret hold: its authenticator shows this code. What is pending then.

        KnownError ``wrong_otp`` or ``no_factor``.
        """
        logins, login = self._logins, standing.record
        async with logins.one:
            record, now = logins.accounts[login.user], logins.clock()
            if not record.totp_new:
                raise KnownError("no_factor", "begin with the picture for the authenticator")
            step = totp.step_of(self._box.open(record.totp_new, login.user), code, now, 0)
            if step is None:
                await self._refuse_factor(record, login, address, now)
                raise KnownError(
                    "wrong_otp", "this code does not belong to the picture", field="otp"
                )
            record = replace(record, totp=record.totp_new, totp_new=b"", totp_step=step)
            others = [s for s in logins.of(login.user) if s is not standing]
            told = _entry("account.factor", login.user, login.seat, address, now)
            await logins.keep(record, ended=others, reason="factor_changed", audit=[told])
        return logins.pending(standing)

    async def unlock(self, standing: Standing, password: str, address: str) -> None:
        """Whether the one who logged in here sits at the desk again; KnownError as for a login."""
        await self._prove(standing, password, address)

    # -- inside -----------------------------------------------------------------------
    async def _matches(self, record: AccountRecord, password: str, address: str) -> bool:
        given = password[: MAX_PASSWORD + 1]
        stored = record.password or passwords.NOBODY
        fits = await self._logins.hash(lambda: passwords.verify(stored, given), address)
        return fits and bool(record.password)

    def _step(self, record: AccountRecord, code: str, now: float) -> int | None:
        if not record.totp or not code:
            return None
        secret = self._box.open(record.totp, record.user)
        return totp.step_of(secret, code, now, record.totp_step)

    async def _prove(self, standing: Standing, password: str, address: str) -> None:
        """That who asks knows the password.

        A failure counts for the account as at a login; but only failures of this login shut this
        way: a stranger who locks an account must not keep its holder from an open seat.
        """
        logins, login = self._logins, standing.record
        checked = logins.accounts[login.user]
        ok = await self._matches(checked, password, address)
        async with logins.one:
            now = logins.clock()
            record = logins.accounts[login.user]
            ok = ok and record.password == checked.password
            bare = replace(  # the login has shown the factor
                record,
                totp=b"",
                password_until=None,
                failures=standing.failures,
                locked_until=standing.locked_until,
            )
            verdict = rules.attempt(
                bare, password_ok=ok, otp="", step=None, now=now, policy=logins.policy
            )
            standing.failures = verdict.record.failures
            standing.locked_until = verdict.record.locked_until
            if verdict.refusal is not None:
                failed = verdict.refusal.code == "wrong_login"
                kept = rules.failed(record, now, logins.policy) if failed else record
                refused = Verdict(kept, verdict.refusal)
                await self._refuse(refused, record, login.seat, address, now)
                raise verdict.refusal
            if record.failures and record.locked_until <= now:
                await logins.keep(replace(record, failures=0, locked_until=0.0))

    async def _refuse(
        self, verdict: Verdict, before: AccountRecord, seat: str, address: str, now: float
    ) -> None:
        code = verdict.refusal.code if verdict.refusal is not None else ""
        told = _entry("login", verdict.record.user, seat, address, now, code)
        audit = [told]
        if verdict.record.locked_until > now and before.locked_until <= now:
            wait = round(verdict.record.locked_until - now)
            audit.append(
                entry(
                    "account.locked",
                    object_=verdict.record.user,
                    address=address,
                    time=now,
                    detail={"wait_s": wait, "failures": verdict.record.failures},
                )
            )
        if verdict.record != before and before.roles:
            await self._logins.keep(verdict.record, audit=audit)
            return
        # nothing has changed, or there is no such account: a flood of these fills no disk
        await self._logins.keep(verdict.record)
        for each in audit:
            self._logins.note(each)

    async def _refuse_factor(
        self, record: AccountRecord, login: LoginRecord, address: str, now: float
    ) -> None:
        told = _entry("account.factor", login.user, login.seat, address, now, "wrong_otp")
        await self._logins.keep(rules.failed(record, now, self._logins.policy), audit=[told])

    async def _granted(
        self,
        login: LoginRecord,
        record: AccountRecord,
        ended: Sequence[Standing],
        audit: Sequence[Entry],
    ) -> Granted:
        logins = self._logins
        refresh = rules.new_token(rules.REFRESH, login.id)
        login = replace(login, refresh=rules.digest(refresh))
        changed = [record] if record != logins.accounts[record.user] else []
        await logins.keep(*changed, logins=[login], ended=ended, reason="too_many", audit=audit)
        standing = logins.by_refresh(refresh)
        if standing is None:
            raise login_ended("ended")
        access = logins.grant(standing)
        return Granted(
            access=access,
            refresh=refresh,
            expires_in=standing.good_until - logins.clock(),
            user=record.user,
            name=record.name,
            roles=record.roles,
            pending=logins.pending(standing),
        )

    async def _over(
        self, standings: Sequence[Standing], reason: str, by: str, address: str
    ) -> None:
        now = self._logins.clock()
        audit = [
            entry(
                "login.ended",
                actor=by,
                seat=s.record.seat,
                address=address,
                object_=s.record.user,
                time=now,
                detail={"why": reason},
            )
            for s in standings
        ]
        await self._logins.keep(ended=standings, reason=reason, audit=audit)


def _entry(type_: str, user: str, seat: str, address: str, now: float, reason: str = "") -> Entry:
    return entry(
        type_, actor=user, seat=seat, address=address, object_=user, reason=reason, time=now
    )

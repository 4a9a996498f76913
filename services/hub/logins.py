"""Accounts and logins of a running hub: in memory to ask, on the disk before anything is answered.

Event loop's thread. Access tokens live in memory only: a hub that starts anew asks every console
to renew. Passwords are hashed on a thread of their own; all changes of one hub go one by one.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from services.access import accounts as rules
from services.access.accounts import AccountRecord, LoginRecord
from services.access.policy import Policy
from services.access.scope import Account
from services.audit.record import Entry
from services.audit.sink import AuditSink
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.storage.accounts import AccessChange, AccountStore, LoginRow

T = TypeVar("T")
log = logging.getLogger(__name__)
TIDY_S = 600.0
MOST_STRANGERS = 1_000
MOST_WAITING = 32
"""Passwords that wait to be checked; more is refused, so that a flood costs no more than that."""
MOST_FROM_ONE = 8
"""Of one address, so that a flood from one machine keeps nobody else out."""
_ACCOUNT = msgspec.msgpack.Decoder(AccountRecord)
_LOGIN = msgspec.msgpack.Decoder(LoginRecord)


@dataclass(slots=True)
class Standing:
    """How a login stands. ``good_until``: when its newest access token runs out, by the clock.
    ``failures``, ``locked_until``: of its own proofs of the password."""

    record: LoginRecord
    good_until: float = 0.0
    reason: str = ""
    failures: int = 0
    locked_until: float = 0.0
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Logins:
    """All accounts, all logins, and the access tokens that are good now."""

    def __init__(
        self,
        store: AccountStore,
        policy: Policy,
        clock: Clock,
        executor: ThreadPoolExecutor,
        audit: AuditSink,
    ) -> None:
        self.policy, self.clock, self.note = policy, clock, audit.note
        self._store, self._executor = store, executor
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="password")
        self._hashes: Counter[str] = Counter()
        self.one = asyncio.Lock()
        known, open_ = store.read()
        self.accounts = {a.user: a for a in map(_ACCOUNT.decode, known)}
        now = clock()
        self._standing = {
            r.id: Standing(r)
            for r in map(_LOGIN.decode, open_)
            if r.ends_at > now and r.user in self.accounts
        }
        self._access: dict[bytes, str] = {}
        self._strangers: OrderedDict[str, AccountRecord] = OrderedDict()

    def close(self) -> None:
        """End the thread."""
        self._hashing.shutdown(wait=True)

    # -- asking -----------------------------------------------------------------
    def record(self, user: str) -> AccountRecord:
        """An account, or who stands in for one that is none."""
        found = self.accounts.get(user)
        return found or self._strangers.get(user) or rules.nobody(user)

    def standing(self, token: str) -> Standing:
        """The login behind an access token; KnownError ``token_expired`` (renew it),
        ``login_ended`` or ``wrong_token``."""
        id_ = rules.login_of(token, rules.ACCESS)
        if id_ is None:
            raise KnownError("wrong_token", "this token is not known to the hub", field="token")
        found = self._standing.get(id_)
        if found is None:
            raise login_ended("ended")
        if self._access.get(rules.digest(token)) != id_ or self.clock() >= found.good_until:
            raise KnownError("token_expired", "this token has run out; renew it", field="token")
        return found

    def by_refresh(self, token: str) -> Standing | None:
        """The login that a refresh token names, whether or not the token is good."""
        id_ = rules.login_of(token, rules.REFRESH)
        found = None if id_ is None else self._standing.get(id_)
        return found if found is not None and found.record.ends_at > self.clock() else None

    def pending(self, standing: Standing) -> tuple[str, ...]:
        """What its holder must do first."""
        record = self.accounts[standing.record.user]
        return record.pending(standing.record.began_at, self.policy)

    def now(self, session: str) -> Account | None:
        """Who a login is by now; None when it is over."""
        found = self._standing.get(session)
        over = found is None or bool(found.reason) or found.record.ends_at <= self.clock()
        return None if found is None or over else self.account(found)

    def password_left(self, account: Account) -> float | None:
        """Seconds until this account's password must be changed, from the warning on; None before,
        and for a token of the machine's own file."""
        record = self.accounts.get(account.user) if account.session else None
        return None if record is None else record.password_left(self.clock(), self.policy)

    def of(self, user: str) -> list[Standing]:
        """The open logins of an account, oldest first."""
        found = [s for s in self._standing.values() if s.record.user == user]
        return sorted(found, key=lambda s: s.record.began_at)

    def account(self, standing: Standing) -> Account:
        """Who a login is."""
        return self.accounts[standing.record.user].account(standing.record.id)

    # -- changing ---------------------------------------------------------------
    async def keep(
        self,
        *records: AccountRecord,
        logins: Sequence[LoginRecord] = (),
        ended: Iterable[Standing] = (),
        reason: str = "",
        audit: Sequence[Entry] = (),
    ) -> None:
        """Write what has changed and its records, then let it hold; KnownError and nothing."""
        over = list(ended)
        change = AccessChange(
            {
                r.user: msgspec.msgpack.encode(r)
                for r in records
                if r.user in self.accounts and r != self.accounts[r.user]
            },
            {r.id: LoginRow(r.user, r.ends_at, msgspec.msgpack.encode(r)) for r in logins},
            [s.record.id for s in over],
        )
        if change.accounts or change.logins or change.ended or audit:
            await self._off_loop(lambda: self._store.write(change, audit))
        for record in records:
            if record.user in self.accounts:
                self.accounts[record.user] = record
            else:
                self._strangers[record.user] = record
                self._strangers.move_to_end(record.user)
                while len(self._strangers) > MOST_STRANGERS:
                    self._strangers.popitem(last=False)
        for login in logins:
            self._standing.setdefault(login.id, Standing(login)).record = login
        for standing in over:
            self._end(standing, reason)

    async def add(self, record: AccountRecord, audit: Sequence[Entry]) -> None:
        """Write a new account."""
        body = msgspec.msgpack.encode(record)
        await self._off_loop(lambda: self._store.write(AccessChange({record.user: body}), audit))
        self.accounts[record.user] = record
        self._strangers.pop(record.user, None)

    def grant(self, standing: Standing) -> str:
        """A new access token for a login; the ones before it end."""
        self._forget(standing)
        token = rules.new_token(rules.ACCESS, standing.record.id)
        self._access[rules.digest(token)] = standing.record.id
        standing.good_until = min(self.clock() + self.policy.access_s, standing.record.ends_at)
        return token

    def recheck(self, user: str) -> None:
        """Have the logins of an account renew at once: its rights have changed."""
        for standing in self.of(user):
            self._forget(standing)
            standing.good_until = 0.0
            old, standing.ended = standing.ended, asyncio.Event()
            old.set()

    async def hash(self, work: Callable[[], T], address: str = "") -> T:
        """Do something slow with passwords; KnownError ``busy`` when too many wait, of all or of
        the address that asks."""
        waiting = self._hashes
        if waiting.total() >= MOST_WAITING or waiting[address] >= MOST_FROM_ONE:
            raise KnownError("busy", "too many logins at once; try again in a moment")
        waiting[address] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._hashing, work)
        finally:
            waiting[address] -= 1
            if not waiting[address]:
                del waiting[address]

    async def tidy(self) -> None:
        """Let go of logins that have run out, now and then, until cancelled."""
        while True:
            await asyncio.sleep(TIDY_S)
            async with self.one:
                now = self.clock()
                over = [
                    s
                    for s in self._standing.values()
                    if s.record.ends_at <= now or now - s.record.used_at > s.record.idle_s
                ]
                try:
                    await self.keep(ended=over, reason="idle")
                except KnownError as error:
                    log.warning("logins that have run out could not be forgotten: %s", error)

    async def until_over(self, standing: Standing) -> KnownError:
        """Wait until a login has ended or its access has run out; why."""
        while True:
            ended = standing.ended
            if standing.reason:
                return login_ended(standing.reason)
            left = standing.good_until - self.clock()
            if left <= 0.0:
                return KnownError("token_expired", "the login must be renewed")
            try:
                async with asyncio.timeout(min(left, 60.0)):
                    await ended.wait()
            except TimeoutError:
                continue

    def _end(self, standing: Standing, reason: str) -> None:
        self._standing.pop(standing.record.id, None)
        self._forget(standing)
        standing.reason = reason or "ended"
        standing.ended.set()

    def _forget(self, standing: Standing) -> None:
        mine = [d for d, id_ in self._access.items() if id_ == standing.record.id]
        for each in mine:
            del self._access[each]

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def login_ended(reason: str) -> KnownError:
    """Why a login does not hold any more."""
    return KnownError(
        "login_ended", f"this login has ended ({reason}); log in again", params={"reason": reason}
    )


def new_login_id() -> str:
    """Unguessable, because it names a login in its tokens."""
    return secrets.token_urlsafe(18)

"""Who stands behind a token, and what they may see and do. Event loop's thread."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from services.access.accounts import ACCESS, login_of
from services.access.policy import DAY_S
from services.access.roles import REMOTE
from services.access.scope import Account, Compiler, Permission
from services.access.sight import Sight
from services.access.tokens import TokenFile
from services.domain.errors import KnownError
from services.domain.model import Alarm, Case, Entity
from services.domain.world import World
from services.hub.logins import Logins
from services.hub.sights import Look, Sights

T = TypeVar("T")
LOOK_S = 2.0
"""How often a token of the file is looked up again: what is taken out ends within 5 s."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class State(Protocol):
    """Answers questions of the World; the sequencer does."""

    async def read(self, question: Callable[[World], T]) -> T:
        """Ask something of the World as it stands on the disk."""
        ...


class Gate:
    """Asked by every endpoint before anything is done for whoever knocks."""

    def __init__(
        self,
        tokens: TokenFile,
        logins: Logins,
        compiler: Compiler,
        sights: Sights,
        state: State,
    ) -> None:
        self._tokens, self._logins = tokens, logins
        self._compiler, self._sights, self._state = compiler, sights, state
        self.masks = sights.masks

    def account(self, token: str, peer: str) -> Account:
        """Whose token this is; KnownError ``wrong_token``, ``token_expired``, ``login_ended``, or
        ``login_pending`` where a password or a second factor is to be set up first.

        Tokens of the machine's own file open the desk only to who sits at this machine; programs
        (data sources, teams) may come from elsewhere.
        """
        if login_of(token, ACCESS) is not None:
            standing = self._logins.standing(token)
            pending = self._logins.pending(standing)
            if pending:
                raise KnownError(
                    "login_pending",
                    "set up a password of your own and, where it is asked for, a second factor",
                    params={"pending": ",".join(pending)},
                )
            return self._logins.account(standing)
        account = self._tokens.account(token)
        if account is None or (peer not in LOOPBACK and not REMOTE.issuperset(account.roles)):
            raise KnownError("wrong_token", "this token is not known to the hub", field="token")
        return account

    async def until_over(self, token: str, account: Account) -> KnownError:
        """Wait until a token does not open the door any more; why."""
        if account.session:
            return await self._logins.until_over(self._logins.standing(token))
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                if self._tokens.account(token) == account:
                    continue
            except KnownError as error:
                if error.code == "bad_tokens":
                    continue  # somebody is writing it; what it said before still holds
            return KnownError("login_ended", "this token is not known to the hub any more")

    def warning(self, account: Account) -> tuple[str, str] | None:
        """What the person should hear when a session opens: code and text."""
        left = self._logins.password_left(account)
        if left is None:
            return None
        days = max(0, math.ceil(left / DAY_S))
        return "password_ends", f"in {days} days a login asks for a new password"

    def still(self, token: str, account: Account) -> bool:
        """Whether an account that was let in is still here and what it was: for answers that take
        long. A token that was renewed meanwhile does not count."""
        if account.session:
            return self._logins.now(account.session) == account
        return self._tokens.account(token) == account

    def permission(self, account: Account) -> Permission:
        """What an account may see and do."""
        return self._compiler.of(account)

    def look(self, account: Account) -> Look:
        """What a session of this account sees; to be renewed before it is used."""
        return Look(self._sights, self.permission(account).scope, self._state.read)

    def sight_of_the_past(self, account: Account) -> Sight:
        """What a replay shows to this account: a sight of its own, to be started by it."""
        return Sight(self.permission(account).scope, self._sights.masks)

    async def sight(self, account: Account) -> Sight:
        """What one answer to this account may hold; KnownError while the store has failed."""
        look = self.look(account)
        await look.renew()
        return look.view.sight

    async def seen(self, account: Account, entity_id: str) -> tuple[Entity, Sight]:
        """A thing that the account sees; KnownError ``not_found`` for any other, there or not."""
        sight = await self.sight(account)
        found = await self._state.read(lambda world: world.entities.get(entity_id))
        if found is None or not sight.sees(found):
            raise KnownError("not_found", f"there is no thing “{entity_id[:100]}”", field="id")
        return found, sight

    async def seen_case(self, account: Account, case_id: str) -> Case:
        """A case that the account sees, unmasked; KnownError ``not_found`` for any other."""
        sight = await self.sight(account)
        found = await self._state.read(lambda world: world.cases.get(case_id))
        if found is None or not sight.sees_case(found):
            raise KnownError("not_found", f"there is no case “{case_id[:100]}”", field="id")
        return found

    async def check_known(self, account: Account, entity_id: str) -> None:
        """The same for a thing's record; who sees everything may read it when the thing is gone."""
        if not self.permission(account).scope.whole:
            await self.seen(account, entity_id)

    async def shows(self, account: Account) -> Callable[[Alarm], bool] | None:
        """Which alarms of the record count for an account; None: all."""
        sight = await self.sight(account)
        if sight.scope.whole:
            return None
        things = await self._state.read(lambda world: dict(world.entities))
        return partial(sight.sees_alarm, find=things.get)

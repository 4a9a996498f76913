"""A person's login at a hub: its tokens, kept fresh, and what one does with one's own account.

Thread-safe; every call takes at most as long as one or two questions. Worker threads only.
"""

from __future__ import annotations

import ssl
import threading
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

import msgspec

from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.feed.http import RENEWABLE, HubHttp

T = TypeVar("T")
Kept = Callable[[str, str], None]
"""Is told the account and every new refresh token of it, "" at its end."""


def _nothing(_user: str, _refresh: str) -> None:
    """Nobody keeps it."""


FRESH_S = 60.0
"""A token that is good for less is renewed before it is used."""


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub grants: tokens, for how many seconds, to whom, and what must be done first."""

    access: str
    refresh: str
    expires_in: float
    user: str
    name: str
    roles: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


class _Pending(msgspec.Struct, frozen=True):
    pending: tuple[str, ...]


class _Uri(msgspec.Struct, frozen=True):
    uri: str


class Login:
    """One login. With ``kept`` a desk can remember it."""

    def __init__(
        self,
        http: HubHttp,
        tokens: Tokens,
        *,
        kept: Kept = _nothing,
        clock: Clock = time.monotonic,
    ) -> None:
        self._http, self._clock, self._kept = http, clock, kept
        self._lock = threading.Lock()
        self._key = ""
        self._tokens = tokens
        self._good_until = 0.0
        self._ended: KnownError | None = None
        self._take(tokens)

    @property
    def tokens(self) -> Tokens:
        """What the hub granted last."""
        return self._tokens

    def token(self, refused: str = "") -> str:
        """The access token to use now, renewed where it is ``refused`` or runs out soon.

        KnownError ``login_ended`` for good; ``hub_unreachable`` and others for now.
        """
        with self._lock:
            left = self._good_until - self._clock()
            if left > FRESH_S and refused != self._tokens.access:
                return self._tokens.access
            if self._ended is not None:
                raise self._ended
            try:
                self._renew()
            except KnownError as error:
                if error.code == "login_ended":
                    self._ended = error
                    raise
                if left <= 0.0 or refused == self._tokens.access:
                    raise
            return self._tokens.access

    def change_password(self, old: str, new: str) -> tuple[str, ...]:
        """Give oneself another password; what is pending then."""
        answer = self._own(_Pending, "password", {"old": old, "new": new})
        return self._left(answer.pending)

    def begin_factor(self, password: str) -> str:
        """Begin a second factor; the URI that an authenticator reads."""
        return self._own(_Uri, "totp", {"password": password}).uri

    def confirm_factor(self, code: str) -> tuple[str, ...]:
        """Let the second factor hold; what is pending then."""
        return self._left(self._own(_Pending, "totp/confirm", {"otp": code}).pending)

    def unlock(self, password: str) -> None:
        """KnownError unless this is the password of who logged in here."""
        self._own(dict[str, object], "unlock", {"password": password})

    def logout(self) -> None:
        """End the login at the hub; KnownError when it does not hear it."""
        self._own(dict[str, object], "logout", {})
        self._kept(self._tokens.user, "")

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    # -- inside -----------------------------------------------------------------
    def _own(self, type_: type[T], what: str, body: object) -> T:
        """Ask something for oneself; a token that has run out is renewed first."""
        token = self.token()
        path = f"/api/v1/auth/{what}"
        try:
            return self._http.read(type_, "POST", path, body=body, token=token)
        except KnownError as error:
            if error.code != RENEWABLE:
                raise
        return self._http.read(type_, "POST", path, body=body, token=self.token(token))

    def _left(self, pending: tuple[str, ...]) -> tuple[str, ...]:
        with self._lock:
            self._tokens = msgspec.structs.replace(self._tokens, pending=pending)
        return pending

    def _renew(self) -> None:
        # The key stays until an answer has come: should it be lost, the hub knows a repetition.
        self._key = self._key or uuid.uuid4().hex
        body = {"refresh": self._tokens.refresh, "key": self._key}
        self._take(self._http.read(Tokens, "POST", "/api/v1/auth/refresh", body=body, token=""))
        self._key = ""

    def _take(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._good_until = self._clock() + tokens.expires_in
        self._kept(tokens.user, tokens.refresh)


def log_in(
    url: str,
    user: str,
    password: str,
    otp: str,
    seat: str,
    *,
    remember: bool = False,
    trust: ssl.SSLContext | None = None,
    kept: Kept = _nothing,
) -> Login:
    """Begin a login. KnownError with the hub's codes: ``wrong_login``, ``otp_required``,
    ``wrong_otp``, ``locked`` (``wait_s``), ``account_off``, ``password_expired``, ``busy``."""
    http = HubHttp(url, None, trust)
    body = {"user": user, "password": password, "otp": otp, "seat": seat, "remember": remember}
    try:
        tokens = http.read(Tokens, "POST", "/api/v1/auth/login", body=body)
    except KnownError:
        http.close()
        raise
    return Login(http, tokens, kept=kept)


def resume(
    url: str,
    refresh: str,
    *,
    trust: ssl.SSLContext | None = None,
    kept: Kept = _nothing,
) -> Login:
    """Go on with a login that this desk remembers; KnownError ``login_ended`` when it is over."""
    http = HubHttp(url, None, trust)
    body = {"refresh": refresh, "key": uuid.uuid4().hex}
    try:
        tokens = http.read(Tokens, "POST", "/api/v1/auth/refresh", body=body)
    except KnownError:
        http.close()
        raise
    return Login(http, tokens, kept=kept)

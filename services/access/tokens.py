"""The machine's own accounts, in ``tokens.toml`` of a data directory, readable by its owner only.

They are for programs, and for a console on the hub's own machine; people elsewhere log in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import msgspec

from services.access.scope import Account
from services.domain import toml
from services.domain.errors import KnownError, in_words


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    roles: tuple[str, ...]
    token: str
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    accounts: dict[str, _Entry]


FIRST_ACCOUNTS = (
    Account(user="duty1", name="值班员甲", roles=("duty_officer",)),
    Account(user="duty2", name="值班员乙", roles=("duty_officer",)),
    Account(user="leader", name="领导", roles=("leader",)),
    Account(user="trainer", name="教员", roles=("trainer",)),
    Account(user="source", name="数据源", roles=("ingest",)),
    Account(user="field", name="处置队伍", roles=("field",)),
    Account(user="simulator", name="模拟器", roles=("simulator",)),
)
LATER = frozenset({"simulator"})
"""Accounts that files of older hubs lack: added at start, or the demo would not open there."""
log = logging.getLogger(__name__)
HEADING = "# Accounts of this hub. Keep this file private; a token is a password.\n"
MAX_TOKEN_LENGTH = 256
MIN_TOKEN_LENGTH = 16


class TokenFile:
    """Accounts by token. The file is read again when it has changed. One thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._by_hash: dict[bytes, Account] = {}
        self._tokens: dict[str, str] = {}

    def ensure(self) -> None:
        """Create the file with random tokens on the first start; read it otherwise.

        A file that others may read is made private; one of an older hub gets the accounts it
        lacks, and nothing else in it changes. Raises KnownError ``bad_tokens``.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            with contextlib.suppress(PermissionError):  # owned by somebody else: reading decides
                self._path.chmod(0o600)
        else:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(HEADING + _text(FIRST_ACCOUNTS))
        self._read()
        missing = [a for a in FIRST_ACCOUNTS if a.user in LATER and a.user not in self._tokens]
        if missing:
            self._add(_text(missing))
            self._read()

    def _add(self, text: str) -> None:
        """Append accounts; a file that cannot take them (not ours, written otherwise) stays."""
        try:
            toml.loads(self._path.read_text(encoding="utf-8") + text)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
        except (OSError, ValueError) as error:
            log.warning("%s lacks an account for the simulator: %s", self._path, in_words(error))

    def account(self, token: str) -> Account | None:
        """Whose token this is; None when it is nobody's."""
        self._read()
        if len(token) > MAX_TOKEN_LENGTH:
            return None
        return self._by_hash.get(_hash(token))

    def token_of(self, user: str) -> str:
        """A user's token. Raises KnownError ``unknown_user``."""
        self._read()
        try:
            return self._tokens[user]
        except KeyError:
            raise KnownError("unknown_user", f"there is no account {user!r}") from None

    def _read(self) -> None:
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp == self._stamp:
                return
            raw = toml.loads(self._path.read_text(encoding="utf-8"))
            entries = msgspec.convert(raw, _File).accounts
        except FileNotFoundError:
            raise KnownError(
                "no_tokens", f"{self._path} is missing; start the hub once to create it"
            ) from None
        except (OSError, ValueError, msgspec.ValidationError) as error:
            raise KnownError(
                "bad_tokens", f"{self._path} cannot be read: {in_words(error)}"
            ) from error
        for user, entry in entries.items():
            if not MIN_TOKEN_LENGTH <= len(entry.token) <= MAX_TOKEN_LENGTH:
                raise KnownError(
                    "bad_tokens",
                    f"{self._path}: the token of {user} must have {MIN_TOKEN_LENGTH} to "
                    f"{MAX_TOKEN_LENGTH} characters",
                    field=f"accounts.{user}.token",
                )
        self._tokens = {user: entry.token for user, entry in entries.items()}
        self._by_hash = {
            _hash(entry.token): Account(
                user=user,
                name=entry.name,
                roles=entry.roles,
                areas=entry.areas,
                kinds=entry.kinds,
                departments=entry.departments,
            )
            for user, entry in entries.items()
        }
        self._stamp = stamp


def _hash(token: str) -> bytes:
    # looked up by hash, so that the time of a comparison tells nothing about a token
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _text(accounts: Iterable[Account]) -> str:
    """Accounts with new tokens, to stand behind whatever a file holds."""
    lines: list[str] = []
    for account in accounts:
        lines += [
            "",
            f"[accounts.{account.user}]",
            f"name = {json.dumps(account.name, ensure_ascii=False)}",
            f"roles = {json.dumps(list(account.roles))}",
            f'token = "{secrets.token_urlsafe(32)}"',
        ]
    return "\n".join([*lines, ""])

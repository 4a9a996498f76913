"""One-time codes (RFC 6238, 30 s, six digits), their secrets encrypted at rest."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from pathlib import Path

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.domain.errors import KnownError, in_words

STEP_S = 30
WINDOW = 1
"""Steps before and after the present one that are taken: clocks of telephones are a little off."""
KEY_BYTES, NONCE_BYTES = 32, 12
DIGITS = 6


def new_secret() -> str:
    """A secret for an authenticator, in base32."""
    return pyotp.random_base32()


def uri(secret: str, user: str, issuer: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=issuer)


def code_at(secret: str, step: int) -> str:
    """The code of one step of 30 s since 1970."""
    return pyotp.HOTP(secret).at(step)


def step_of(secret: str, code: str, now: float, last: int) -> int | None:
    """The step that a code belongs to; None where it is wrong, too old, or was used already.

    ``last``: the newest step whose code was taken; codes up to it are never taken again.
    """
    given = code.strip().replace(" ", "")
    if len(given) != DIGITS or not given.isascii() or not given.isdigit():
        return None
    present = int(now // STEP_S)
    found = None
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(code_at(secret, step), given) and step > last:
            found = step
    return found


class SecretBox:
    """Encrypts secrets with a key in a file that only its owner reads (AES-256-GCM).

    Making it creates the key on the first start; KnownError ``bad_access_key`` when it cannot be
    read. Without the file no stored secret opens: then second factors must be set up anew.
    """

    def __init__(self, path: Path) -> None:
        try:
            with contextlib.suppress(FileExistsError):
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(secrets.token_bytes(KEY_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
            path.chmod(0o600)
            key = path.read_bytes()
        except OSError as error:
            raise KnownError(
                "bad_access_key", f"{path} cannot be used: {in_words(error)}"
            ) from error
        if len(key) != KEY_BYTES:
            raise KnownError("bad_access_key", f"{path} is not a key of {KEY_BYTES} bytes")
        self._cipher = AESGCM(key)

    def seal(self, secret: str, user: str) -> bytes:
        """A secret that opens for this user only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), user.encode())

    def open(self, sealed: bytes, user: str) -> str:
        """The secret; KnownError ``bad_access_key`` where the key or the user is another."""
        nonce, data = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, data, user.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise KnownError(
                "bad_access_key",
                "the second factor of this account cannot be read: the hub's key file is another "
                "one; have the second factor reset",
            ) from error

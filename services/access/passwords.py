"""Passwords as argon2id hashes, and one-time passwords. Slow on purpose: never on an event loop."""

from __future__ import annotations

import secrets

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""19 MiB and two passes: tens of milliseconds of one core, and too dear to try by the million."""
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
NOBODY = _HASHER.hash(secrets.token_urlsafe(32))
"""Checked where there is no account, so that the answer takes as long as where there is one."""


def hashed(password: str) -> str:
    """An argon2id hash with its own salt, as text."""
    return _HASHER.hash(password)


def verify(stored: str, password: str) -> bool:
    """Whether a password belongs to a hash; anything that is no hash belongs to none."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def one_time() -> str:
    """A password of 20 random signs (116 bits) in groups, without those that look alike."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)

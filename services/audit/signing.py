"""Checkpoints: Ed25519 signatures over the head and the count of a chain, and their keys.

The private key lies in a file that only its owner may read; public keys are made to be carried
away, so that a chain can be checked where the hub's machine is not trusted.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.audit.chain import Head
from services.domain.errors import KnownError, in_words

_PURPOSE = "onemap audit checkpoint 1"
MAX_KEY_BYTES = 16 * 1024


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signed statement: at ``time`` the chain had ``count`` records and this hash.

    ``number`` counts checkpoints from 1, so that a missing one is noticed. ``key``: id of the key.
    """

    chain: str
    number: int
    count: int
    hash: bytes
    time: float
    key: str
    signature: bytes = b""


def message(checkpoint: Checkpoint) -> bytes:
    """What is signed: everything that the checkpoint says."""
    c = checkpoint
    return msgspec.json.encode([_PURPOSE, c.chain, c.number, c.count, c.hash, c.time, c.key])


class Signer:
    """Signs with one private key. Any thread."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key()
        self.id = key_id(self.public)

    def checkpoint(self, head: Head, number: int, now: float) -> Checkpoint:
        """A signed checkpoint over a head."""
        unsigned = Checkpoint(
            chain=head.chain,
            number=number,
            count=head.count,
            hash=head.hash,
            time=now,
            key=self.id,
        )
        return msgspec.structs.replace(unsigned, signature=self._key.sign(message(unsigned)))


def is_signed(checkpoint: Checkpoint, key: Ed25519PublicKey) -> bool:
    """Whether the signature is this key's over exactly this statement."""
    try:
        key.verify(checkpoint.signature, message(checkpoint))
    except (InvalidSignature, ValueError):  # text that is no Unicode cannot have been signed
        return False
    return True


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


# -- files ------------------------------------------------------------------------
def load_signer(path: Path) -> tuple[Signer, bool]:
    """The key of ``path``, made at first with mode 0600; and whether it was made just now.

    A file that others may read is made private. KnownError ``bad_audit_key``.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
            return Signer(_private(_small(path), path)), False
        key = Ed25519PrivateKey.generate()
        with os.fdopen(handle, "wb") as file:
            file.write(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise KnownError(
            "bad_audit_key", f"the key of the audit, {path}, cannot be used: {in_words(error)}"
        ) from error
    return Signer(key), True


def write_public(signer: Signer, directory: Path) -> Path:
    """Put the public key where it can be carried away; the file's name holds its id.

    KnownError ``bad_audit_key``.
    """
    path = directory / f"public-key-{signer.id}.pem"
    try:
        if not path.exists():
            directory.mkdir(parents=True, exist_ok=True)
            path.write_bytes(public_pem(signer.public))
    except OSError as error:
        raise KnownError(
            "bad_audit_key", f"the public key of the audit cannot be kept: {in_words(error)}"
        ) from error
    return path


def public_pem(key: Ed25519PublicKey) -> bytes:
    """A public key as PEM."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_keys(paths: Iterable[Path]) -> dict[str, Ed25519PublicKey]:
    """Public keys by id, from PEM files. KnownError ``bad_public_key``."""
    keys: dict[str, Ed25519PublicKey] = {}
    for path in paths:
        try:
            key = serialization.load_pem_public_key(_small(path))
        except (OSError, ValueError, UnsupportedAlgorithm) as error:
            raise KnownError(
                "bad_public_key", f"{path} cannot be read as a public key: {in_words(error)}"
            ) from error
        if not isinstance(key, Ed25519PublicKey):
            raise KnownError("bad_public_key", f"{path} is not the public key of an audit")
        keys[key_id(key)] = key
    return keys


def _private(pem: bytes, path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KnownError(
            "bad_audit_key",
            f"{path} is not the key of an audit; put it back from a copy, or move the file away "
            "to begin with a new key, which the audit will record",
        )
    return key


def _small(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_KEY_BYTES)

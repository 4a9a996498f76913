"""How a hub is started."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from services.access.policy import Policy
from services.domain.errors import KnownError
from services.hub.limits import Limits
from services.tls.authority import CERTIFICATE, KEY

DEFAULT_PORT = 8630
HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files that a hub serves with; the key without a password."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class HubOptions:
    """``port`` 0 takes a free one. ``packs``: further pack directories beside the product's own.

    ``tls``: needed on every address that is not this machine's own. ``child``: end when stdin
    closes, so that a hub never outlives the process that started it.
    """

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    packs: tuple[Path, ...] = ()
    child: bool = False
    tls: TlsFiles | None = None
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)


def tls_files(
    directory: Path | None, certificate: Path | None, key: Path | None
) -> TlsFiles | None:
    """The files of a directory that ``onemap ca issue`` made, or the two that were named.

    KnownError ``bad_option`` for both, or for one of the two.
    """
    if directory is not None and (certificate, key) == (None, None):
        return TlsFiles(directory / CERTIFICATE, directory / KEY)
    if directory is None and certificate is not None and key is not None:
        return TlsFiles(certificate, key)
    if (directory, certificate, key) == (None, None, None):
        return None
    raise KnownError("bad_option", "give --tls-dir, or --tls-cert and --tls-key", field="tls")


def check_port(port: int) -> None:
    """KnownError ``bad_port`` for what is no port; 0 means any free one."""
    if not 0 <= port <= HIGHEST_PORT:
        raise KnownError("bad_port", f"{port} is no port; there are 0 (a free one) to 65535")

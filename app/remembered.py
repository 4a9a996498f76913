"""A desk's login that is remembered between starts, in a file that only its owner reads. No Qt."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import msgspec

FILE = "desk-login.json"
MAX_BYTES = 4_096


class _Content(msgspec.Struct, frozen=True):
    hub: str
    user: str
    refresh: str


class RememberedDesk:
    """At most one login. Any thread, one at a time."""

    def __init__(self, data: Path) -> None:
        self.path = data / FILE

    def load(self, hub: str) -> tuple[str, str] | None:
        """User and refresh token for this hub; None where nothing (or nonsense) is kept."""
        try:
            with self.path.open("rb") as file:
                content = msgspec.json.decode(file.read(MAX_BYTES), type=_Content)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return (content.user, content.refresh) if content.hub == hub else None

    def keep(self, hub: str, user: str, refresh: str) -> None:
        """Keep the newest token; OSError when the disk does not take it."""
        fresh = self.path.with_suffix(".new")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(_Content(hub, user, refresh)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def forget(self) -> None:
        """Keep nothing."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

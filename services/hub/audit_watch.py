"""Checks the hub's own audit, at every start and daily, and says where it stands."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.audit.chain import Head
from services.audit.page import AuditState, Problem
from services.audit.record import UNREADABLE, entry
from services.audit.signing import Checkpoint, public_keys
from services.audit.sink import AuditSink
from services.audit.verify import Anchor, Verdict
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.hub.metrics import Metrics
from services.storage.audit import AuditReader
from services.storage.audit_check import check_new, check_store

log = logging.getLogger(__name__)
AT_ONCE = 20_000
"""Records checked before the hub serves; the rest is checked while it does."""
CHECK_S = 86_400.0
REMIND_S = 600.0
PAUSE_S = 0.02
HEAD_FILE = "head.json"
MAX_HEAD_BYTES = 4_096


class AuditWatch:
    """One hub's eye on its audit. Event loop's thread; the checking happens off it."""

    def __init__(
        self,
        reader: AuditReader,
        directory: Path,
        audit: AuditSink,
        clock: Clock,
        metrics: Metrics,
        notify: Callable[[str, str], None],
    ) -> None:
        self._reader, self._directory = reader, directory
        self._audit, self._clock = audit, clock
        self._metrics, self._notify = metrics, notify
        self._known, self._checked_time = Head("", 0, b""), 0.0
        self._whole = False
        self.problem: Problem | None = None

    def at_start(self) -> None:
        """Check the newest records before anything is served (all, where they are few)."""
        since = None
        try:
            since = self._reader.newest_checkpoint(self._reader.head().count - AT_ONCE)
        except KnownError as error:
            log.warning("the audit's head cannot be read: %s", error)
        self._take(check(self._reader, self._directory, since))
        self._whole = since is None

    async def run(self) -> None:
        """Check everything now and every day; while something is wrong, say so again and again."""
        while True:
            if not self._whole:
                self._take(
                    await asyncio.to_thread(check, self._reader, self._directory, pace=PAUSE_S)
                )
            self._whole = False
            left = CHECK_S
            while left > 0:
                if self.problem is not None:
                    self._notify("audit_broken", self.problem.text)
                await asyncio.sleep(min(REMIND_S, left))
                left -= REMIND_S

    async def look(self) -> None:
        """Check what came since the last time; a chain that is broken stays so until it is checked
        from its beginning again."""
        if self.problem is None:
            keys = keys_in(self._directory)
            self._take(await asyncio.to_thread(check_new, self._reader, keys, self._known))

    def state(self, count: int, signed: Checkpoint | None) -> AuditState:
        """Where it stands; ``count``: records on the disk now."""
        return AuditState(
            count=count,
            signed_count=signed.count if signed is not None else 0,
            signed_time=signed.time if signed is not None else 0.0,
            checked_count=self._known.count,
            checked_time=self._checked_time,
            problem=self.problem,
        )

    def _take(self, verdict: Verdict) -> None:
        self._known = Head(verdict.chain, verdict.count, verdict.hash)
        self._checked_time = self._clock()
        before, self.problem = self.problem, verdict.problem
        self._metrics.audit_broken = int(self.problem is not None)
        if self.problem is None or self.problem == before:
            return
        log.critical("the audit is not as it was written: %s", self.problem.text)
        detail = {"record": self.problem.seq, "text": self.problem.text}
        self._audit.note(entry("audit.broken", reason=self.problem.code, detail=detail))


def check(
    reader: AuditReader, directory: Path, since: Checkpoint | None = None, pace: float = 0.0
) -> Verdict:
    """The verdict on a store, with the keys and the head that lie in ``directory``.

    ``pace``: seconds to leave to others after every few thousand records.
    """
    anchors = []
    kept = kept_head(directory)
    if kept is not None:
        anchors.append(Anchor(kept.count, kept.hash))
    return check_store(reader, keys_in(directory), anchors, since, pause=lambda: time.sleep(pace))


def keys_in(directory: Path) -> dict[str, Ed25519PublicKey]:
    """The public keys that lie there; what one that cannot be read has signed stays unproved."""
    keys: dict[str, Ed25519PublicKey] = {}
    for path in sorted(directory.glob("public-key-*.pem")):
        try:
            keys |= public_keys([path])
        except KnownError as error:
            log.error("%s", error)
    return keys


def kept_head(directory: Path) -> Checkpoint | None:
    """The newest checkpoint as it is kept beside the store; None when there is none to be read."""
    try:
        with (directory / HEAD_FILE).open("rb") as file:
            return msgspec.json.decode(file.read(MAX_HEAD_BYTES), type=Checkpoint)
    except (OSError, *UNREADABLE):
        return None

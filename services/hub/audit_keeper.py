"""Keeps the hub's audit: its beginning, signed checkpoints, the daily file, its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import msgspec

from services.audit.page import AuditState
from services.audit.record import Entry, entry
from services.audit.signing import Checkpoint, Signer, load_signer, write_public
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.hub.audit_export import EXPORTED, DailyExport, write_file
from services.hub.audit_sources import Sources
from services.hub.audit_watch import HEAD_FILE, AuditWatch
from services.hub.auditing import AuditTrail
from services.hub.metrics import Metrics
from services.hub.sequencer import Sequencer
from services.storage.audit import AuditReader
from services.storage.writer import LogWriter

log = logging.getLogger(__name__)
T = TypeVar("T")
LOOK_S = 5.0
CHECKPOINT_RECORDS = 500
CHECKPOINT_S = 600.0
KEY_FILE = "audit-key.pem"
DIRECTORY = "audit"


class AuditKeeper:
    """One hub's audit. Event loop's thread; writing is the store thread's.

    Making it creates the signing key on the first start: KnownError says why it cannot.
    """

    def __init__(
        self,
        data: Path,
        writer: LogWriter,
        sequencer: Sequencer,
        executor: ThreadPoolExecutor,
        clock: Clock,
        exported: str | None,
        metrics: Metrics,
        notify: Callable[[str, str], None],
    ) -> None:
        self.directory = data / DIRECTORY
        self._writer, self._sequencer = writer, sequencer
        self._executor, self._clock = executor, clock
        self.reader = AuditReader(data / writer.path.name)
        self.trail = AuditTrail(sequencer.submit_audit, clock)
        self.sources = Sources(self.trail, clock)
        self.watch = AuditWatch(self.reader, self.directory, self.trail, clock, metrics, notify)
        self._daily = DailyExport(exported, clock)
        try:
            self._signer, new = load_signer(data / KEY_FILE)
            write_public(self._signer, self.directory)
            self._last = self.reader.newest_checkpoint()
        except KnownError:
            self.reader.close()
            raise
        self._began = clock()
        self._first = [self._of_key(self._signer, new)] if new else []

    def begin(self, facts: Sequence[Entry], digests: Mapping[str, str]) -> None:
        """Record that the hub starts, and what it starts with; before anything is served."""
        try:
            self.watch.at_start()
            last = self._last
            if last is not None and last.key != self._signer.id and not self._first:
                self._first = [self._of_key(self._signer, new=False)]
            first = [_stamped(e, self._clock()) for e in (*self._first, *facts)]
            self._writer.append([], (), first)
            for key, value in {**digests, EXPORTED: self._daily.kept}.items():
                self._writer.set_meta(key, value)  # after the record: a change is never lost
        except KnownError:
            self.reader.close()
            raise

    async def run(self) -> None:
        """Write what is noted, and checkpoints when they are due, until cancelled."""
        await asyncio.gather(self.trail.run(), self._keep(), self.watch.run())

    def state(self) -> AuditState:
        """Where the audit stands."""
        return self.watch.state(self._writer.audit_head.count, self._last)

    async def finish(self) -> None:
        """The last records and a checkpoint over them, once nothing else writes. What the store
        does not take is left in the hub's log, word for word."""
        rest = self.trail.rest(*self.sources.ended(everything=True), entry("hub.stopped"))
        try:
            await self._off_loop(lambda: self._writer.append([], (), rest))
            await self.checkpoint()
        except KnownError as error:
            log.error("the audit's last records could not be written: %s", error)
            for each in rest:
                log.error("not in the audit: %s", msgspec.json.encode(each).decode())
        self.reader.close()

    async def checkpoint(self) -> Checkpoint | None:
        """Sign what there is, unless the newest checkpoint says it already."""
        if self._last is None or self._writer.audit_head.count != self._last.count:
            self._last = await self._off_loop(self._sign)
        return self._last

    # -- inside -------------------------------------------------------------------
    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            self.sources.look()
            if self._sequencer.refusal is not None:
                continue
            try:
                if self._due():
                    await self.checkpoint()
                if self._daily.due:
                    await self.export()
            except KnownError as error:
                log.error("the audit was not signed or exported: %s", error)

    async def export(self) -> Path | None:
        """Write everything since the last file, signed, to a new one; None when there is nothing.

        The export itself is on record, in the next file.
        """
        newest = await self.checkpoint()
        after = self._daily.count
        if newest is None or newest.count <= after:
            return None
        now = self._clock()
        path = await asyncio.to_thread(write_file, self.reader, self.directory, after, newest, now)
        await self.trail.record(entry("audit.exported", object_=path.name, detail={"why": "daily"}))
        kept = self._daily.done(newest.count)
        await self._off_loop(lambda: self._writer.set_meta(EXPORTED, kept))
        return path

    def _due(self) -> bool:
        count, time = (self._last.count, self._last.time) if self._last else (0, self._began)
        more = abs(self._writer.audit_head.count - count)  # fewer: the end was cut off
        age = self._clock() - time
        # a clock set back must not put checkpoints off
        return more >= CHECKPOINT_RECORDS or (more > 0 and not 0.0 <= age < CHECKPOINT_S)

    def _sign(self) -> Checkpoint:
        """On the store's thread, where the head is that of what is committed."""
        number = self._last.number + 1 if self._last is not None else 1
        made = self._signer.checkpoint(self._writer.audit_head, number, self._clock())
        self._writer.add_checkpoint(made)
        try:
            _replace(self.directory / HEAD_FILE, msgspec.json.encode(made))
        except OSError as error:
            log.warning("the audit's head could not be kept beside the store: %s", error)
        return made

    def _of_key(self, signer: Signer, new: bool) -> Entry:
        before = self._last.key if self._last is not None else ""
        return entry("audit.key", object_=signer.id, detail={"new": new, "before": before})

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _stamped(given: Entry, now: float) -> Entry:
    return given if given.time else msgspec.structs.replace(given, time=now)


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".tmp").write_bytes(data)
    path.with_suffix(".tmp").replace(path)

"""One turn of the sequencer: what was asked, what its transaction holds, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.audit.record import Entry
from services.domain.errors import KnownError
from services.domain.events import Event
from services.feed.frames import Result
from services.hub.agenda import Tick
from services.hub.deciding import CommandCall, ItemBatch
from services.storage.records import KeyRow, LoadSpan
from services.storage.writer import LogWriter

Outcome = int | KnownError
"""Of one item: the offset of its (last) event, 0 where it changed nothing, or the refusal."""


@dataclass(slots=True)
class Job:
    """What was asked, and whoever waits for it: exactly one of the futures is there."""

    work: ItemBatch | CommandCall | Tick | tuple[Entry, ...]
    items: asyncio.Future[list[Outcome]] | None = None
    result: asyncio.Future[Result] | None = None
    done: asyncio.Future[None] | None = None

    @property
    def size(self) -> int:
        """So many items or commands."""
        return len(self.work.items) if isinstance(self.work, ItemBatch) else 1


@dataclass(slots=True)
class Group:
    """What one transaction will hold."""

    events: list[Event] = field(default_factory=list)
    keys: dict[str, KeyRow] = field(default_factory=dict)
    audit: list[Entry] = field(default_factory=list)
    spans: list[LoadSpan] = field(default_factory=list)
    outcomes: list[tuple[Job, list[Outcome] | Result | None]] = field(default_factory=list)

    def append(self, writer: LogWriter) -> None:
        """Write all of it, or KnownError and nothing. The store's thread."""
        writer.append(self.events, list(self.keys.values()), self.audit, self.spans)


def bug(field: str | None = None) -> KnownError:
    """What is said of a bug of ours."""
    return KnownError("internal", "the hub failed on this; its log says why", field=field)


def resolve(job: Job, outcome: list[Outcome] | Result | None) -> None:
    """Tell whoever waits what became of it."""
    if outcome is None:
        if job.done is not None and not job.done.done():
            job.done.set_result(None)
    elif isinstance(outcome, Result):
        if job.result is not None and not job.result.done():
            job.result.set_result(outcome)
    elif job.items is not None and not job.items.done():
        job.items.set_result(outcome)


def fail(jobs: Sequence[Job], error: KnownError) -> None:
    """Tell everybody who waits why nothing of it was done."""
    for job in jobs:
        future = job.items or job.result or job.done
        if future is not None and not future.done():
            future.set_exception(error)

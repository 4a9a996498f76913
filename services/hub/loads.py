"""Loads of files that this hub was told of: who began them, and what may still be done with them.

On the disk before they are answered, so that a restart forgets none. Event loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from msgspec.structs import replace

from services.access.scope import Account
from services.audit.record import Entry
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.ids import check_id
from services.storage.loads import Load, LoadTable

T = TypeVar("T")


class Loads:
    """``epoch``: of the log as it is now. Every method raises KnownError where the store fails."""

    def __init__(
        self,
        table: LoadTable,
        executor: ThreadPoolExecutor,
        epoch: Callable[[], str],
        clock: Clock,
    ) -> None:
        self._table, self._executor = table, executor
        self._epoch, self._clock = epoch, clock
        self._closed: set[str] = set()
        self._beginning = asyncio.Lock()

    async def begin(
        self, id_: str, account: Account, file: str, kind: str, offset: int, audit: Entry
    ) -> Load:
        """A load begins; told again after a lost answer it is the same. KnownError
        ``batch_taken`` where another has the id."""
        async with self._beginning:  # told twice at once it is the same as well
            return await self._begin(id_, account, file, kind, offset, audit)

    async def _begin(
        self, id_: str, account: Account, file: str, kind: str, offset: int, audit: Entry
    ) -> Load:
        known = await self._on_worker(lambda: self._table.find(id_))
        if known is not None:
            same = (known.user, known.file, known.kind, known.epoch)
            if same != (account.user, file, kind, self._epoch()) or known.undo_at is not None:
                raise KnownError("batch_taken", "another load has this id", field="batch")
            return known
        now = self._clock()
        load = Load(
            id=id_,
            user=account.user,
            file=file,
            kind=kind,
            epoch=self._epoch(),
            first=offset,
            began_at=now,
        )
        await self._on_store(lambda: self._table.begin(load, _stamped([audit], now)))
        return load

    async def of(self, id_: str) -> Load:
        """One load; KnownError ``unknown_batch``, ``bad_id``."""
        check_id(id_, "batch")
        load = await self._on_worker(lambda: self._table.find(id_))
        if load is None:
            raise KnownError("unknown_batch", "this hub knows of no such load", field="batch")
        return load

    async def mine(self, id_: str, account: Account) -> Load:
        """A load of this account; KnownError ``unknown_batch``, ``not_your_load``."""
        load = await self.of(id_)
        if load.user != account.user:
            raise KnownError(
                "not_your_load",
                f"this load was begun by {load.user}",
                field="batch",
                params={"user": load.user},
            )
        return load

    async def open(self, id_: str, account: Account) -> None:
        """May rows of this load come? KnownError ``unknown_batch``, ``not_your_load``,
        ``other_epoch``, and ``being_undone`` from the moment on when its undo began.

        What the caller submits before it awaits again is before the undo.
        """
        load = await self.mine(id_, account)
        self.check_epoch(load)
        if load.undo_at is not None or id_ in self._closed:
            raise KnownError("being_undone", "this load is being undone", field="batch")

    def check_epoch(self, load: Load) -> None:
        """KnownError ``other_epoch`` where the log is not the one that it went into."""
        if load.epoch != self._epoch():
            raise KnownError(
                "other_epoch",
                "the hub's record is not the one that this was loaded into; it cannot be undone",
                field="batch",
            )

    def close(self, load: Load) -> None:
        """From now on no rows of it are taken: its undo begins. Rows that were submitted before
        stand in the sequencer's queue, before whatever the caller submits next."""
        self._closed.add(load.id)

    async def spans(self, load: Load) -> list[tuple[int, int]]:
        """Where in the log its rows stand."""
        return await self._on_worker(lambda: self._table.spans(load.id))

    async def undoing(self, load: Load) -> Load:
        """Its undo has begun, also after a restart."""
        kept = replace(load, undo_at=self._clock())
        await self._on_store(lambda: self._table.keep(kept, ()))
        return kept

    async def reverted(self, load: Load, reverted: int, *, all_: bool, audit: list[Entry]) -> None:
        """So many of its ids are taken back, with the records of that: all of it or KnownError."""
        now = self._clock()
        kept = replace(load, reverted=reverted, undone_at=now if all_ else None)
        await self._on_store(lambda: self._table.keep(kept, _stamped(audit, now)))

    async def _on_worker(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)

    async def _on_store(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _stamped(audit: Sequence[Entry], now: float) -> list[Entry]:
    return [replace(each, time=now) for each in audit]

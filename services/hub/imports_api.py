"""``/api/v1/imports``: loads of files, as they begin, end and are undone; each is on record.

The rows themselves come as ingest items. Event loop's thread; the log is read on others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.access.roles import IMPORT, INGEST, allowed
from services.access.scope import Account
from services.audit.record import UNREADABLE, entry
from services.audit.sink import AuditSink
from services.domain.errors import KnownError
from services.domain.ids import check_id
from services.domain.keys import check_keys
from services.domain.model import Scalar
from services.domain.text import plain
from services.feed.frames import ErrorInfo
from services.hub.auth_api import Done
from services.hub.deciding import ItemBatch
from services.hub.import_images import Images
from services.hub.sequencer import Sequencer
from services.hub.web import Door, Endpoint, address, answer, error_info
from services.ingest.reverting import Revert, used_things

T = TypeVar("T")
MAX_BODY = 1024 * 1024
MAX_IDS = 2_000
PART = 500
WAIT_S = 5.0
"""How long a request waits for the log to be read; then it is answered that it is being read."""
KEPT_S = 120.0
"""How long what was read of the log stays for the next part of the same undoing."""
Read = Callable[[str, int, int, str], Images]


class ImportBegin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A load begins: its id at whoever loads, the file's name, what its rows are."""

    batch: str
    file: str
    kind: str


class ImportPlace(msgspec.Struct, frozen=True):
    """Where in the log a load begins, and as which source its events will be told of."""

    epoch: str
    offset: int
    source: str


class ImportEnd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A load has ended, or was stopped."""

    batch: str
    loaded: int
    refused: int


class UndoPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take back what a load did to these ids. ``first``: where it began; ``last``: the newest
    offset it was told of, 0 where that is not known."""

    batch: str
    epoch: str
    source: str
    first: int
    last: int
    ids: list[str]


class LeftAlone(msgspec.Struct, frozen=True):
    """Something that was not taken back, and why."""

    id: str
    error: ErrorInfo


class UndoAnswer(msgspec.Struct, frozen=True):
    """``waiting``: the log is still being read; ask again. ``deleted`` and ``restored`` count what
    was taken back, ``nothing`` what the load had not changed or was taken back before."""

    waiting: bool = False
    deleted: int = 0
    restored: int = 0
    nothing: int = 0
    left: list[LeftAlone] = []


@dataclass(slots=True)
class _Reading:
    key: tuple[str, int, int]
    task: asyncio.Task[Images]
    forget: asyncio.TimerHandle | None = None


class ImportsApi:
    """``read(epoch, first, last, source)`` reads the log, on a worker thread."""

    def __init__(
        self,
        door: Door,
        sequencer: Sequencer,
        epoch: Callable[[], str],
        read: Read,
        audit: AuditSink,
    ) -> None:
        self._door, self._sequencer, self._audit = door, sequencer, audit
        self._epoch, self._read = epoch, read
        self._reading: _Reading | None = None

    def routes(self) -> tuple[tuple[str, str, Endpoint], ...]:
        """Method, path and endpoint of each."""
        return (
            ("POST", "/api/v1/imports", self.begin),
            ("POST", "/api/v1/imports/end", self.end),
            ("POST", "/api/v1/imports/undo", self.undo),
        )

    async def begin(self, request: Request) -> Response:
        """A load begins."""
        account = self._allowed(request)
        told = await self._told(request, ImportBegin)
        batch = check_id(told.batch, "batch")
        detail: dict[str, Scalar] = {
            "file": plain(told.file, "file", 200),
            "kind": plain(told.kind, "kind", 100),
        }
        self._note("import.began", request, account, batch, detail)
        return answer(ImportPlace(self._epoch(), self._sequencer.offset, account.user))

    async def end(self, request: Request) -> Response:
        """A load has ended."""
        account = self._allowed(request)
        told = await self._told(request, ImportEnd)
        batch = check_id(told.batch, "batch")
        detail: dict[str, Scalar] = {"loaded": told.loaded, "refused": told.refused}
        self._note("import.ended", request, account, batch, detail)
        return answer(Done())

    async def undo(self, request: Request) -> Response:
        """Take back a part of a load."""
        account = self._allowed(request)
        told = await self._told(request, UndoPart)
        batch = check_id(told.batch, "batch")
        self._check(told)
        found = await self._images(told)
        if found is None:
            return answer(UndoAnswer(waiting=True))
        done = await self._revert(told, found, account)
        detail: dict[str, Scalar] = {
            "deleted": done.deleted,
            "restored": done.restored,
            "left": len(done.left),
        }
        self._note("import.undone", request, account, batch, detail)
        return answer(done)

    # -- inside -------------------------------------------------------------------
    def _allowed(self, request: Request) -> Account:
        account = self._door.account(request)
        if not (allowed(account.roles, INGEST) or allowed(account.roles, IMPORT)):
            raise KnownError("not_allowed", f"{account.name} may not load files")
        return account

    async def _told(self, request: Request, type_: type[T]) -> T:
        body = await self._door.body(request, MAX_BODY)
        try:
            told = msgspec.json.decode(body, type=type_)
        except UNREADABLE as error:
            raise KnownError("malformed", f"the body cannot be read: {error}") from error
        check_keys(body)
        return told

    def _note(
        self,
        type_: str,
        request: Request,
        account: Account,
        batch: str,
        detail: dict[str, Scalar],
    ) -> None:
        self._audit.note(
            entry(type_, actor=account.user, address=address(request), object_=batch, detail=detail)
        )

    def _check(self, told: UndoPart) -> None:
        if told.epoch != self._epoch():
            raise KnownError(
                "other_epoch",
                "the hub's record is not the one that this was loaded into; it cannot be undone",
                field="epoch",
            )
        if len(told.ids) > MAX_IDS:
            raise KnownError("too_many", f"at most {MAX_IDS:,} ids at once", field="ids")
        top = self._sequencer.offset
        if not 0 <= told.first <= (told.last or top) <= top:
            raise KnownError("out_of_range", "no such place in the record", field="first")

    async def _images(self, told: UndoPart) -> Images | None:
        """What the log says of the load; None while it is being read."""
        key = (told.source, told.first, told.last)
        reading = self._reading
        if reading is None or reading.key != key:
            if reading is not None and not reading.task.done():
                return None  # one at a time: another's is read first
            last = told.last or self._sequencer.offset
            work = asyncio.to_thread(self._read, told.epoch, told.first, last, told.source)
            reading = self._reading = _Reading(key, asyncio.create_task(work))
        done, _ = await asyncio.wait({reading.task}, timeout=WAIT_S)
        if not done:
            return None
        if reading.forget is not None:
            reading.forget.cancel()
        if reading.task.exception() is not None or reading.task.cancelled():
            self._forget(reading)
        else:
            loop = asyncio.get_running_loop()
            reading.forget = loop.call_later(KEPT_S, self._forget, reading)
        return reading.task.result()

    def _forget(self, reading: _Reading) -> None:
        if self._reading is reading:
            self._reading = None

    async def close(self) -> None:
        """Wait for what is being read."""
        reading, self._reading = self._reading, None
        if reading is not None:
            if reading.forget is not None:
                reading.forget.cancel()
            await asyncio.wait({reading.task})

    async def _revert(self, told: UndoPart, found: Images, account: Account) -> UndoAnswer:
        ids = [id_ for id_ in told.ids if id_ in found.made]
        used = await self._sequencer.read(used_things)
        whats = [
            Revert(i, found.before[i], found.made[i], account.name, used.get(i, "")) for i in ids
        ]
        parts = [
            ItemBatch(whats[at : at + PART], account.user, at) for at in range(0, len(whats), PART)
        ]
        deleted = restored = 0
        nothing = len(told.ids) - len(ids)
        left: list[LeftAlone] = []
        outcomes = [o for f in self._sequencer.submit_items(parts) for o in await f]
        for what, outcome in zip(whats, outcomes, strict=True):
            if isinstance(outcome, KnownError):
                left.append(LeftAlone(what.id, error_info(outcome)))
            elif not outcome:
                nothing += 1
            elif what.before is None:
                deleted += 1
            else:
                restored += 1
        return UndoAnswer(deleted=deleted, restored=restored, nothing=nothing, left=left)

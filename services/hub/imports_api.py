"""``/api/v1/imports``: loads of files, as they begin, end and are undone; each is on record.

The rows themselves come as ingest items that name their load. What a load did is what the hub
itself recorded of it: an undo names the load and nothing else. Event loop's thread; the log is
read on others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.access.scope import Account
from services.audit.record import UNREADABLE, Entry, entry
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
from services.hub.import_records import UNDO_BEGAN, undone
from services.hub.import_rights import check_may_load, may_undo
from services.hub.loads import Loads
from services.hub.sequencer import Sequencer
from services.hub.web import Door, Endpoint, address, answer, error_info
from services.ingest.reverting import Revert, used_things
from services.storage.loads import Load

T = TypeVar("T")
MAX_BODY = 64 * 1024
PART_IDS = 1_000
"""Of a load, taken back in one answer."""
PART = 500
WAIT_S = 5.0
"""How long a request waits for the log to be read; then it is answered that it is being read."""
KEPT_S = 120.0
"""How long what was read of the log stays for the next part of the same undoing."""
OLD_DESK = frozenset({"epoch", "source", "first", "last", "ids"})
"""What desks named before the hub itself kept what a load did."""
Read = Callable[[str, Sequence[tuple[int, int]]], Images]


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
    """Take back the next part of what a load did."""

    batch: str


class LeftAlone(msgspec.Struct, frozen=True):
    """Something that was not taken back, and why."""

    id: str
    error: ErrorInfo


class UndoAnswer(msgspec.Struct, frozen=True):
    """``waiting``: the log is still being read; ask again. Of this part, ``deleted`` and
    ``restored`` count what was taken back, ``nothing`` what was taken back before. ``done`` of
    ``total`` ids were looked at by now; ask again until all were."""

    waiting: bool = False
    deleted: int = 0
    restored: int = 0
    nothing: int = 0
    left: list[LeftAlone] = []
    done: int = 0
    total: int = 0


@dataclass(slots=True)
class _Reading:
    batch: str
    task: asyncio.Task[Images]
    forget: asyncio.TimerHandle | None = None


class ImportsApi:
    """``read(epoch, spans)`` reads the log, on a worker thread."""

    def __init__(
        self, door: Door, sequencer: Sequencer, loads: Loads, read: Read, audit: AuditSink
    ) -> None:
        self._door, self._sequencer, self._audit = door, sequencer, audit
        self._loads, self._read = loads, read
        self._reading: _Reading | None = None
        self._undoing = asyncio.Lock()

    def routes(self) -> tuple[tuple[str, str, Endpoint], ...]:
        """Method, path and endpoint of each."""
        return (
            ("POST", "/api/v1/imports", self.begin),
            ("POST", "/api/v1/imports/end", self.end),
            ("POST", "/api/v1/imports/undo", self.undo),
        )

    async def begin(self, request: Request) -> Response:
        """A load begins; it and its record are on the disk when this is answered."""
        account = self._door.account(request)
        check_may_load(account)
        told = await self._told(request, ImportBegin)
        batch = check_id(told.batch, "batch")
        file, kind = plain(told.file, "file", 200), plain(told.kind, "kind", 100)
        note = _entry("import.began", request, account, batch, {"file": file, "kind": kind})
        top = self._sequencer.offset
        load = await self._loads.begin(batch, account, file, kind, top, note)
        return answer(ImportPlace(load.epoch, load.first, load.user))

    async def end(self, request: Request) -> Response:
        """A load has ended."""
        account = self._door.account(request)
        check_may_load(account)
        told = await self._told(request, ImportEnd)
        load = await self._loads.mine(told.batch, account)
        detail: dict[str, Scalar] = {"loaded": told.loaded, "refused": told.refused}
        self._audit.note(_entry("import.ended", request, account, load.id, detail))
        return answer(Done())

    async def undo(self, request: Request) -> Response:
        """Take back a part of a load."""
        account = self._door.account(request)
        told = await self._told(request, UndoPart)
        if self._undoing.locked():
            return answer(UndoAnswer(waiting=True))
        async with self._undoing:
            return answer(await self._undo(request, account, told.batch))

    # -- undoing ------------------------------------------------------------------
    async def _undo(self, request: Request, account: Account, batch: str) -> UndoAnswer:
        load = await self._loads.of(batch)
        touches = self._check_undo(request, account, load)
        if load.undo_at is None:
            load = await self._begin_undo(request, account, load)
        found = await self._images(load)
        if found is None:
            return UndoAnswer(waiting=True)
        ids = sorted(found.made)
        part = ids[load.reverted : load.reverted + PART_IDS]
        done, named = await self._revert(part, found, account, touches)
        end, total = load.reverted + len(part), len(ids)
        note = undone(account.user, address(request), load.id, load.user, named)
        await self._loads.reverted(load, end, all_=end >= total, audit=note)
        return msgspec.structs.replace(done, done=end, total=total)

    def _check_undo(
        self, request: Request, account: Account, load: Load
    ) -> Callable[[object], bool]:
        try:
            touches = may_undo(account, self._door.gate.permission(account), load.user)
        except KnownError as error:
            self._audit.note(
                entry(
                    "import.undone",
                    actor=account.user,
                    address=address(request),
                    object_=load.id,
                    reason=error.code,
                )
            )
            raise
        if load.undone_at is not None:
            raise KnownError("already_undone", "this load was undone already", field="batch")
        self._loads.check_epoch(load)
        return touches

    async def _begin_undo(self, request: Request, account: Account, load: Load) -> Load:
        """Take no more rows, and say so; the record stands behind every row that was taken."""
        self._loads.close(load)
        detail: dict[str, Scalar] = {"begun_by": load.user, "file": load.file, "kind": load.kind}
        await self._audit.record(_entry(UNDO_BEGAN, request, account, load.id, detail))
        return await self._loads.undoing(load)

    async def _images(self, load: Load) -> Images | None:
        """What the log says of the load; None while it is being read."""
        reading = self._reading
        if reading is None or reading.batch != load.id:
            if reading is not None and not reading.task.done():
                return None  # one at a time: another's is read first
            spans = await self._loads.spans(load)
            work = asyncio.to_thread(self._read, load.epoch, spans)
            reading = self._reading = _Reading(load.id, asyncio.create_task(work))
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

    async def _revert(
        self,
        ids: Sequence[str],
        found: Images,
        account: Account,
        touches: Callable[[object], bool],
    ) -> tuple[UndoAnswer, Mapping[str, Sequence[str]]]:
        """What became of these, and their ids by what it was."""
        left = [
            LeftAlone(id_, error_info(KnownError("not_allowed", "this account may not load it")))
            for id_ in ids
            if not (touches(found.made[id_]) and touches(found.before[id_]))
        ]
        kept = {each.id for each in left}
        used = await self._sequencer.read(used_things)
        whats = [
            Revert(i, found.before[i], found.made[i], account.name, used.get(i, ""))
            for i in ids
            if i not in kept
        ]
        parts = [
            ItemBatch(whats[at : at + PART], account.user, at) for at in range(0, len(whats), PART)
        ]
        deleted, restored, nothing = list[str](), list[str](), list[str]()
        outcomes = [o for f in self._sequencer.submit_items(parts) for o in await f]
        for what, outcome in zip(whats, outcomes, strict=True):
            if isinstance(outcome, KnownError):
                left.append(LeftAlone(what.id, error_info(outcome)))
            elif not outcome:
                nothing.append(what.id)
            else:
                (deleted if what.before is None else restored).append(what.id)
        told = UndoAnswer(
            deleted=len(deleted), restored=len(restored), nothing=len(nothing), left=left
        )
        named = {
            "deleted": deleted,
            "restored": restored,
            "left": [each.id for each in left],
            "nothing": nothing,
        }
        return told, named

    # -- inside -------------------------------------------------------------------
    async def _told(self, request: Request, type_: type[T]) -> T:
        body = await self._door.body(request, MAX_BODY)
        try:
            told = msgspec.json.decode(body, type=type_)
        except msgspec.ValidationError as error:
            if type_ is UndoPart and _of_an_old_desk(body):
                raise old_desk() from error
            raise KnownError("malformed", f"the body cannot be read: {error}") from error
        except UNREADABLE as error:
            raise KnownError("malformed", f"the body cannot be read: {error}") from error
        check_keys(body)
        return told


def old_desk() -> KnownError:
    """What a desk hears that is older than its hub."""
    return KnownError(
        "old_desk",
        "this desk is older than the hub: it asks in a way in which loads could be undone that are"
        " not its own. Bring the desk up to the hub's version",
    )


def _of_an_old_desk(body: bytes) -> bool:
    told = msgspec.json.decode(body)
    return isinstance(told, dict) and not OLD_DESK.isdisjoint(told)


def _entry(
    type_: str, request: Request, account: Account, batch: str, detail: dict[str, Scalar]
) -> Entry:
    return entry(type_, actor=account.user, address=address(request), object_=batch, detail=detail)

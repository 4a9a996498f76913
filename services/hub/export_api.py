"""``/api/v1/exports``: what leaves the city's data as a file is on record before it is written.

The file is made where the rows are shown, from rows that the hub has filtered and masked for its
reader; the hub keeps who took what away, and why.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from services.access.roles import EXPORT
from services.access.scope import Account
from services.audit.page import AuditQuery
from services.audit.record import UNREADABLE, Outcome, entry
from services.audit.sink import AuditSink
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.keys import check_keys
from services.domain.text import plain
from services.hub.access import HttpRoute
from services.hub.web import Door, address, answer
from services.packs.model import Catalogue
from services.storage.audit import AuditReader

T = TypeVar("T")
MAX_BODY = 64 * 1024
MAX_WHY = 200
MAX_FILTER = 2_000
MOST_ROWS = 10_000_000
TYPE = "data.exported"
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
Word = Annotated[str, Meta(min_length=1, max_length=120)]


class DataExport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is taken away, and why. ``as_of``: UNIX seconds of the moment that a replay showed."""

    why: str
    layer: Annotated[str, Meta(min_length=1, max_length=200)]
    kinds: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=400)]
    rows: Annotated[int, Meta(ge=0, le=MOST_ROWS)]
    format: Literal["csv", "xlsx", "geojson", "gpkg", "pdf", "png", "clipboard"]
    columns: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=400)]
    filter: Annotated[str, Meta(max_length=MAX_FILTER)] = ""
    datum: Annotated[str, Meta(max_length=40)] = "WGS-84"
    as_of: float | None = None
    seat: Annotated[str, Meta(max_length=80)] = ""


class ExportRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """It is on record: under which number, as whose, when (UNIX seconds)."""

    id: str
    user: str
    name: str
    at: float


class ExportFailed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why nothing was written after all: ``cancelled``, or the code of a failure."""

    reason: Code
    seat: Annotated[str, Meta(max_length=80)] = ""


class ExportKept(msgspec.Struct, frozen=True):
    """It is on record."""

    done: bool = True


class ExportApi:
    """Event loop's thread; ``record`` is read on others. The audit itself is what an export is
    known by, so that one is known after a restart too."""

    def __init__(
        self,
        door: Door,
        catalogue: Catalogue,
        audit: AuditSink,
        record: AuditReader,
        clock: Clock,
    ) -> None:
        self._door, self._kinds = door, catalogue.kinds
        self._audit, self._record, self._clock = audit, record, clock

    def routes(self) -> tuple[HttpRoute, ...]:
        """What is served."""
        return (
            ("POST", "/api/v1/exports", self.begin),
            ("POST", "/api/v1/exports/{id}/failed", self.failed),
        )

    async def begin(self, request: Request) -> Response:
        """Put an export on record; only then it may be written."""
        account = self._door.account(request)
        order = await self._read(request, DataExport)
        why = plain(order.why, "why", MAX_WHY)
        self._check_right(request, account, order)
        if not why:
            raise KnownError("missing_field", "an export needs a reason", field="why")
        id_, now = uuid.uuid4().hex, self._clock()
        told = msgspec.to_builtins(order, builtin_types=())
        detail = {
            k: ", ".join(v) if isinstance(v, tuple) else v
            for k, v in told.items()
            if k != "seat" and v not in (None, "")
        }
        await self._audit.record(
            entry(
                TYPE,
                actor=account.user,
                seat=order.seat,
                address=address(request),
                object_=id_,
                detail={**detail, "why": why},
            )
        )
        return answer(ExportRecorded(id=id_, user=account.user, name=account.name, at=now))

    async def failed(self, request: Request) -> Response:
        """Put on record that an export was not written, once; KnownError ``unknown_export`` where
        this account began none of this number."""
        account = self._door.account(request)
        if not self._door.gate.permission(account).may(EXPORT):
            raise _not_allowed(account)
        told = await self._read(request, ExportFailed)
        id_ = str(request.path_params["id"])
        if not await asyncio.to_thread(self._on_record, id_, account.user, "success"):
            raise KnownError("unknown_export", "this account began no such export", field="id")
        if await asyncio.to_thread(self._on_record, id_, account.user, "failure"):
            return answer(ExportKept())  # told again after an answer that was lost
        await self._audit.record(
            entry(
                TYPE,
                actor=account.user,
                seat=told.seat,
                address=address(request),
                object_=id_,
                reason=told.reason,
            )
        )
        return answer(ExportKept())

    def _on_record(self, id_: str, user: str, outcome: Outcome) -> bool:
        """Worker thread."""
        if not _ID.fullmatch(id_):
            return False
        asked = AuditQuery(actor=user, type=TYPE, object=id_, outcome=outcome)
        return bool(self._record.page(asked, None, 1))

    def _check_right(self, request: Request, account: Account, order: DataExport) -> None:
        """KnownError ``not_allowed``, also for kinds that the reader does not see."""
        permission = self._door.gate.permission(account)
        unknown = [kind for kind in order.kinds if kind not in self._kinds]
        allowed = permission.may(EXPORT)
        if allowed and unknown:
            raise KnownError("unknown_kind", f"there is no kind “{unknown[0]}”", field="kinds")
        if allowed and all(permission.may(EXPORT, kind) for kind in order.kinds):
            return
        self._audit.note(
            entry(
                TYPE,
                actor=account.user,
                seat=order.seat,
                address=address(request),
                reason="not_allowed",
                detail={"layer": order.layer, "format": order.format},
            )
        )
        raise _not_allowed(account)

    async def _read(self, request: Request, type_: type[T]) -> T:
        body = await self._door.body(request, MAX_BODY)
        try:
            value = msgspec.json.decode(body, type=type_)
        except UNREADABLE as error:
            raise KnownError("malformed", f"the body cannot be read: {error}") from error
        check_keys(body)
        return value


def _not_allowed(account: Account) -> KnownError:
    return KnownError("not_allowed", f"{account.name} may not export data")

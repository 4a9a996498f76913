"""``/api/v1/audit``: the audit for those who may read it; reading it is on record too."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.access.roles import AUDIT, allowed
from services.access.scope import Account
from services.audit.page import AuditPage, AuditQuery
from services.audit.record import UNREADABLE, AuditRecord, Entry, entry
from services.domain.cells import safe_cell
from services.domain.clock import Clock, iso
from services.domain.errors import KnownError
from services.domain.keys import check_keys
from services.domain.text import plain
from services.hub.audit_keeper import AuditKeeper
from services.hub.web import Door, address, answer, bearer

MAX_PAGE = 500
MAX_ROWS = 200_000
"""Of one export: a spreadsheet holds a million, a person reads fewer."""
MAX_BODY = 16 * 1024
MAX_WHY = 200
COLUMNS = (
    "seq",
    "time",
    "type",
    "actor",
    "seat",
    "address",
    "object",
    "outcome",
    "reason",
    "detail",
)


class ExportOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which records, and why they are taken away."""

    why: str
    query: AuditQuery


class AuditApi:
    """Event loop's thread; the store is asked on others."""

    def __init__(self, door: Door, keeper: AuditKeeper, clock: Clock) -> None:
        self._door, self._keeper, self._clock = door, keeper, clock

    async def page(self, request: Request) -> Response:
        """One page of records that match the query."""
        account = self._reader(request, "audit.read")
        given = dict(request.query_params)
        limit = _whole(given.pop("limit", "100"), "limit", MAX_PAGE)
        before = given.pop("before", None)
        upto = None if before is None else _whole(before, "before", 2**53)
        asked = _query(given)
        await self._keeper.trail.record(self._of("audit.read", request, account, asked, upto=upto))
        reader = self._keeper.reader
        records = await asyncio.to_thread(reader.page, asked, upto, limit + 1)
        await self._keeper.watch.look()
        page = AuditPage(
            records=records[:limit],
            more=len(records) > limit,
            types=await asyncio.to_thread(reader.types),
            state=self._keeper.state(),
        )
        return answer(page)

    async def export(self, request: Request) -> Response:
        """Everything that matches, as CSV for a spreadsheet, with who asked for it and why."""
        account = self._reader(request, "audit.exported")
        body = await self._door.body(request, MAX_BODY)
        try:
            order = msgspec.json.decode(body, type=ExportOrder)
        except UNREADABLE as error:
            raise KnownError("malformed", f"the body cannot be read: {error}") from error
        check_keys(body)
        why = plain(order.why, "why", MAX_WHY)
        if not why:
            raise KnownError("missing_field", "an export needs a reason", field="why")
        told = self._of("audit.exported", request, account, order.query, why=why)
        await self._keeper.trail.record(told)
        state = self._keeper.state()
        about = [
            ("exported_by", f"{account.name} ({account.user})"),
            ("exported_at", iso(self._clock())),
            ("why", why),
            ("filter", json.dumps(order.query.asked(), ensure_ascii=False)),
            ("records", f"{state.count}, signed up to {state.signed_count}"),
        ]
        return StreamingResponse(
            self._csv(request, account, about, order.query),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="audit.csv"'},
        )

    # -- inside -------------------------------------------------------------------
    async def _csv(
        self,
        request: Request,
        account: Account,
        about: Sequence[tuple[str, str]],
        query: AuditQuery,
    ) -> AsyncIterator[bytes]:
        """A page at a time, each read on a worker thread and sent only while the reader may have
        it; a spreadsheet reads UTF-8 behind a mark only."""
        yield b"\xef\xbb\xbf" + _rows([*about, (), COLUMNS])
        before, left = None, MAX_ROWS
        while left > 0:
            most = min(MAX_PAGE, left)
            records = await asyncio.to_thread(self._keeper.reader.page, query, before, most)
            if not records:
                return
            if not self._door.gate.still(bearer(request), account):
                self._keeper.trail.note(
                    entry(
                        "audit.exported",
                        actor=account.user,
                        address=address(request),
                        reason="login_ended",
                        detail={**query.asked(), "rows": MAX_ROWS - left},
                    )
                )
                yield _rows([("…", "NOT COMPLETE: the login that asked for this has ended")])
                return
            yield await asyncio.to_thread(lambda page: _rows([_cells(r) for r in page]), records)
            before, left = records[-1].seq, left - len(records)
        yield _rows([("…", f"only the newest {MAX_ROWS} records; narrow the filter")])

    def _reader(self, request: Request, type_: str) -> Account:
        account = self._door.account(request)
        if not allowed(account.roles, AUDIT):
            self._keeper.trail.note(
                entry(type_, actor=account.user, address=address(request), reason="not_allowed")
            )
            raise KnownError("not_allowed", f"{account.name} may not read the audit")
        return account

    def _of(
        self, type_: str, request: Request, account: Account, asked: AuditQuery, **more: object
    ) -> Entry:
        detail = {**asked.asked(), **{k: v for k, v in more.items() if v is not None}}
        return entry(type_, actor=account.user, address=address(request), detail=detail)


def _query(given: dict[str, str]) -> AuditQuery:
    try:
        return msgspec.convert(given, AuditQuery, strict=False)
    except msgspec.ValidationError as error:
        raise KnownError("wrong_type", f"the query cannot be read: {error}") from error


def _whole(text: str, field: str, most: int) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:20]) <= most:
        raise KnownError("out_of_range", f"{field} is a number from 1 to {most}", field=field)
    return int(text)


def _cells(record: AuditRecord) -> list[str]:
    detail = json.dumps(record.detail, ensure_ascii=False, sort_keys=True)
    values = [getattr(record, name) for name in COLUMNS[:-1]]
    values[1] = iso(record.time)
    return [str(value) for value in (*values, detail if record.detail else "")]


def _rows(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()

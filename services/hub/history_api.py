"""``/api/v1/cases``, ``/api/v1/alarms`` and ``/api/v1/readings``: the past, page by page.

A reader who sees a part of the city gets that part of each page, so a page may be short; ``next``
says whether there is more.
"""

from __future__ import annotations

import math

from starlette.requests import Request
from starlette.responses import Response

from services.access.scope import Account
from services.domain.errors import KnownError
from services.domain.model import Severity
from services.hub.archive import Archive
from services.hub.web import Door, answer, number
from services.storage.history import MAX_PAGE, MAX_SEARCH, Wanted
from services.storage.reader import LogReader
from services.storage.schema import HOUR_S, MINUTE_S

MAX_POINTS = 10_000
MAX_STATES = 16
MAX_ID = 700
SINGLE_SPAN_S = 6 * 3_600.0
"""Up to this span ``step=auto`` gives single points; longer ones by the minute or hour."""


class HistoryApi:
    """Endpoints that read the record. Event loop's thread; the store is asked off it."""

    def __init__(self, door: Door, reader: LogReader, archive: Archive) -> None:
        self._door, self._reader = door, reader
        self._ask = archive.ask

    async def cases(self, request: Request) -> Response:
        """Cases of the whole record, newest first; with ``id`` also its dispatches."""
        sight = await self._door.gate.sight(self._account(request))
        wanted = self._wanted(request)
        page = await self._ask(lambda: self._reader.cases(wanted))
        cases = [sight.shown_case(case) for case in page.rows if sight.sees_case(case)]
        orders = (
            await self._ask(lambda: self._reader.dispatches(wanted.id))
            if wanted.id and cases
            else []
        )
        return answer({"cases": cases, "next": page.next, "dispatches": orders})

    async def alarms(self, request: Request) -> Response:
        """Alarms of the whole record, one row for each time one stood, newest first."""
        keep = await self._door.gate.shows(self._account(request))
        wanted = self._wanted(request)
        page = await self._ask(lambda: self._reader.alarms(wanted))
        rows = [row for row in page.rows if keep is None or keep(row.alarm)]
        return answer({"alarms": rows, "next": page.next})

    async def readings(self, request: Request) -> Response:
        """A measure of one thing: single points, or mean, least, greatest and count by the minute
        or hour (``step=60``, ``3600`` or ``auto``, which chooses by the span)."""
        account = self._account(request)
        query = request.query_params
        entity_id, name = query.get("id", ""), query.get("name", "")
        if not entity_id or not name:
            raise KnownError("missing_field", "the query needs id and name", field="id")
        await self._door.gate.check_known(account, entity_id)
        start, end = number(request, "start"), number(request, "end")
        limit = int(min(max(number(request, "limit", 2_000.0), 1.0), MAX_POINTS))
        step = _step(query.get("step", "0"), end - start)
        if not step:
            points = await self._ask(
                lambda: self._reader.readings(entity_id, name, start, end, limit)
            )
            return answer({"points": points, "step": 0})
        if (end - start) / step > MAX_POINTS:
            raise KnownError(
                "out_of_range", f"ask for at most {MAX_POINTS} rows of {step} s", field="step"
            )
        rolled = await self._ask(lambda: self._reader.rolled(entity_id, name, start, end, step))
        return answer({"rolled": rolled, "step": step})

    # -- inside -------------------------------------------------------------------
    def _account(self, request: Request) -> Account:
        account = self._door.account(request)
        if self._door.gate.permission(account).scope.empty:
            raise KnownError("not_allowed", f"{account.name} may not see the city's record")
        return account

    def _wanted(self, request: Request) -> Wanted:
        query = request.query_params
        states = tuple(s for s in query.get("state", "").split(",") if s)
        if len(states) > MAX_STATES:
            raise KnownError("out_of_range", f"ask for at most {MAX_STATES} states", field="state")
        for name, most in (("id", MAX_ID), ("object", MAX_ID), ("text", MAX_SEARCH)):
            if len(query.get(name, "")) > most:
                raise KnownError(
                    "out_of_range", f"{name} has at most {most} characters", field=name
                )
        return Wanted(
            id=query.get("id", ""),
            states=states,
            category=query.get("category", "")[:MAX_ID],
            object_id=query.get("object", ""),
            severity=_severity(query.get("severity")),
            text=query.get("text", "").strip(),
            start=number(request, "start") if "start" in query else None,
            end=number(request, "end") if "end" in query else None,
            before=int(_whole(request, "before")) if "before" in query else None,
            limit=int(min(max(number(request, "limit", 100.0), 1.0), MAX_PAGE)),
        )


def _step(text: str, span: float) -> int:
    if text == "auto":
        if span <= SINGLE_SPAN_S:
            return 0
        return MINUTE_S if span <= MAX_POINTS * MINUTE_S else HOUR_S
    if text in ("0", str(MINUTE_S), str(HOUR_S)):
        return int(text)
    raise KnownError("out_of_range", f"step is 0, {MINUTE_S}, {HOUR_S} or auto", field="step")


def _severity(text: str | None) -> Severity | None:
    if text is None:
        return None
    try:
        return Severity(int(text))
    except ValueError:
        raise KnownError("wrong_type", "severity is 0 to 4", field="severity") from None


def _whole(request: Request, name: str) -> float:
    """A whole number within what SQLite calls an integer."""
    value = number(request, name)
    if abs(value) > 2.0**53 or value != math.floor(value):
        raise KnownError("wrong_type", f"{name} must be a whole number", field=name)
    return value

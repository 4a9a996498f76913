"""``POST /api/v1/ingest`` and ``/api/v1/commands``: what comes in over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.access.roles import IMPORT, INGEST, allowed
from services.access.scope import Account
from services.audit.sink import AuditSink
from services.domain.errors import KnownError
from services.domain.keys import check_keys
from services.domain.text import plain
from services.feed.codec import check_depth
from services.feed.frames import ErrorInfo, Result
from services.hub.audit_sources import Sources
from services.hub.auditing import refused_command
from services.hub.commands import Actor
from services.hub.deciding import ItemBatch, command_call
from services.hub.import_rights import described, held_to_loads
from services.hub.imports_api import old_desk
from services.hub.limits import Limits, Rate, check_finite
from services.hub.loads import Loads
from services.hub.sequencer import Sequencer
from services.hub.turn import Outcome
from services.hub.web import STATUS, Door, address, answer, error_info
from services.ingest.items import read

PART = 500
"""Items handed to the sequencer at once, so that a large request shares its turns with others."""
SEAT = "http"
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")


class ItemAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one item."""

    index: int
    ok: bool
    offset: int | None = None
    error: ErrorInfo | None = None


class IngestAnswer(msgspec.Struct, frozen=True):
    """What became of a request, once everything accepted is on the disk."""

    accepted: int
    rejected: int
    items: list[ItemAnswer]


class CommandBody(msgspec.Struct, frozen=True):
    """A command over HTTP."""

    key: str
    name: str
    args: dict[str, Any] = {}
    expect_version: int | None = None
    seat: str = SEAT


_COMMAND = msgspec.json.Decoder(CommandBody)


class Intake:
    """The two writing endpoints. Event loop's thread."""

    def __init__(
        self,
        door: Door,
        sequencer: Sequencer,
        limits: Limits,
        loads: Loads,
        audit: AuditSink,
        sources: Sources,
    ) -> None:
        self._door, self._sequencer, self._limits = door, sequencer, limits
        self._loads, self._audit, self._sources = loads, audit, sources
        self._rates: dict[str, Rate] = {}

    async def ingest(self, request: Request) -> Response:
        """Take a JSON object, an array, or NDJSON; answer per item after fsync.

        ``batch`` in the query names the load that these are rows of; officers send nothing else.
        """
        account = self._door.account(request)
        if not (allowed(account.roles, INGEST) or allowed(account.roles, IMPORT)):
            self._sources.refused(account.user, address(request))
            raise KnownError("not_allowed", f"{account.name} may not send data")
        body = await self._door.body(request)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        items = await asyncio.to_thread(_read, body, media_type in NDJSON)
        load = request.query_params.get("batch", "")
        if not load and not allowed(account.roles, INGEST):
            raise old_desk()
        if load:
            items = self._held(items, account)
            await self._loads.open(load, account)
        parts = [
            ItemBatch(items[i : i + PART], account.user, i, load)
            for i in range(0, len(items), PART)
        ]
        futures = self._sequencer.submit_items(parts)
        done = await asyncio.gather(*futures, return_exceptions=True)
        outcomes: list[Outcome] = []
        for part, result in zip(parts, done, strict=True):
            if isinstance(result, KnownError):
                outcomes += [result] * len(part.items)
            elif isinstance(result, BaseException):
                raise result
            else:
                outcomes += result
        self._sources.took(
            account.user, address(request), len(outcomes), sum(isinstance(o, int) for o in outcomes)
        )
        return _ingest_answer(outcomes)

    def _held(self, items: list[Any], account: Account) -> list[Any]:
        """Rows of a load as they may come, refusals in the place of others."""
        held = [described(item, f"items[{index}]") for index, item in enumerate(items)]
        if allowed(account.roles, INGEST):
            return held
        may, find = self._door.gate.permission(account), self._sequencer.find
        return [held_to_loads(i, may, find, f"items[{index}]") for index, i in enumerate(held)]

    async def command(self, request: Request) -> Response:
        """Take one command; answer its result once its effect is on the disk."""
        account = self._door.account(request)
        body = await self._door.body(request, self._limits.frame_bytes)
        check_depth("json", body)
        try:
            order = _COMMAND.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise KnownError("malformed", f"the command cannot be read: {error}") from error
        check_keys(body)
        check_finite(order.args, "args")
        check_finite(order.expect_version, "expect_version")
        seat = plain(order.seat[:60], "seat")
        actor = Actor(account.user, account.name, seat, account.roles, address(request))
        try:
            self._check_rate(account)
            gate = self._door.gate
            actor = replace(
                actor, permission=gate.permission(account), sight=await gate.sight(account)
            )
            call = command_call(actor, order.key, order.name, order.args, order.expect_version)
            result = await self._sequencer.submit_command(call)
        except KnownError as error:
            self._audit.note(refused_command(actor, order.key, order.name, order.args, error))
            result = Result(key=order.key, error=error_info(error))
        status = 200 if result.error is None else STATUS.get(result.error.code, 409)
        return answer(result, status)

    def _check_rate(self, account: Account) -> None:
        limits = self._limits
        rate = self._rates.get(account.user)
        if rate is None:
            clock = asyncio.get_running_loop().time
            rate = Rate(limits.http_commands_per_s, int(limits.http_commands_per_s * 2), clock)
            self._rates[account.user] = rate
        if not rate.take():
            raise KnownError("too_fast", "too many commands at once; wait a moment")


def _read(body: bytes, lines: bool) -> list[Any]:
    # each line of NDJSON is its own message; only the whole of an array is checked at once
    if not lines:
        check_depth("json", body)
    return list(read(body, lines=lines))


def _ingest_answer(outcomes: list[Outcome]) -> Response:
    rows: list[ItemAnswer] = []
    refused = 0
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, KnownError):
            refused += 1
            rows.append(ItemAnswer(index, ok=False, error=error_info(outcome)))
        else:
            rows.append(ItemAnswer(index, ok=True, offset=outcome or None))
    accepted = len(outcomes) - refused
    status = 200
    if refused and not accepted:
        first = next(o for o in outcomes if isinstance(o, KnownError))
        unable = STATUS.get(first.code, 0) >= 500
        status = STATUS[first.code] if unable else 422
    return answer(IngestAnswer(accepted, refused, rows), status)

"""What every HTTP endpoint shares: bearer tokens, bounded bodies, errors as JSON with text."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.access.scope import Account
from services.audit.record import entry
from services.audit.sink import AuditSink
from services.domain.errors import KnownError
from services.feed.frames import ErrorInfo
from services.hub.gate import Gate
from services.hub.limits import Limits

STATUS = {
    "wrong_token": 401,
    "token_expired": 401,
    "login_ended": 401,
    "wrong_login": 401,
    "wrong_otp": 401,
    "otp_required": 401,
    "account_off": 403,
    "password_expired": 403,
    "login_pending": 403,
    "locked": 429,
    "unknown_user": 404,
    "user_taken": 409,
    "version_conflict": 409,
    "not_allowed": 403,
    "not_your_load": 403,
    "not_found": 404,
    "unknown_batch": 404,
    "unknown_export": 404,
    "no_media": 404,
    "not_a_camera": 404,
    "too_large": 413,
    "packed": 415,
    "too_fast": 429,
    "busy": 503,
    "audit_failed": 503,
    "disk_full": 503,
    "storage_failed": 503,
    "bad_tokens": 503,
    "no_tokens": 503,
    "internal": 500,
}
"""HTTP status of a refusal; 400 where none is named."""

log = logging.getLogger(__name__)
Endpoint = Callable[[Request], Awaitable[Response]]
_encode = msgspec.json.Encoder().encode


def answer(value: object, status: int = 200) -> Response:
    """A value as a JSON response."""
    return Response(_encode(value), status, media_type="application/json")


def error_info(error: KnownError) -> ErrorInfo:
    """A refusal as it goes over the wire."""
    return ErrorInfo(code=error.code, text=error.text, field=error.field, params=error.params)


def refusal(error: KnownError) -> Response:
    """A refusal as a JSON response with its status."""
    return answer({"error": error_info(error)}, STATUS.get(error.code, 400))


def known_errors(endpoint: Endpoint) -> Endpoint:
    """Have an endpoint's KnownError answered as JSON, and a bug as such without its details."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except KnownError as error:
            return refusal(error)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:  # a bug of ours with one request is that request's only
            log.exception("%s %s failed", request.method, request.url.path)
            return refusal(KnownError("internal", "the hub failed on this; its log says why"))

    return guarded


def bearer(request: Request) -> str:
    """The bearer token, "" where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def address(request: Request) -> str:
    """The address of the machine that asks, for the audit."""
    return request.client.host if request.client is not None else ""


def published(document: dict[str, Any]) -> Endpoint:
    """An endpoint that answers one document to everybody; it is encoded once."""
    body = _encode(document)

    async def get(_request: Request) -> Response:
        return Response(body, media_type="application/json")

    return get


class Door:
    """Who asks, and what they send: checked before anything is done for them."""

    def __init__(self, gate: Gate, limits: Limits, audit: AuditSink) -> None:
        self.gate, self._limits, self._audit = gate, limits, audit

    def account(self, request: Request) -> Account:
        """The account of the bearer token; KnownError ``wrong_token``."""
        try:
            return self.gate.account(bearer(request), address(request))
        except KnownError as error:
            self._audit.note(
                entry(
                    "token.refused",
                    address=address(request),
                    reason=error.code,
                    detail={"path": request.url.path},
                )
            )
            raise

    async def body(self, request: Request, limit: int | None = None) -> bytes:
        """The body, never more than ``limit`` bytes in memory, within the body time-out."""
        most = self._limits.body_bytes if limit is None else limit
        packed = request.headers.get("content-encoding", "identity").strip().lower()
        if packed not in ("", "identity"):  # nothing is unpacked, so nothing can swell
            raise KnownError(
                "packed",
                f"the body says that it is packed ({ascii(packed[:40])[1:-1]}); send it as it is,"
                " without Content-Encoding",
                field="content-encoding",
            )
        told = request.headers.get("content-length", "0")
        if not told.isdecimal() or int(told) > most:
            raise _too_large(most)
        data = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_timeout_s):
                async for chunk in request.stream():
                    data += chunk
                    if len(data) > most:
                        raise _too_large(most)
        except TimeoutError:
            raise KnownError("too_slow", "the body did not come in time") from None
        return bytes(data)


def _too_large(most: int) -> KnownError:
    return KnownError("too_large", f"the body is larger than {most} bytes")


def number(request: Request, name: str, default: float | None = None) -> float:
    """A finite number of the query; KnownError ``missing_field`` or ``wrong_type``."""
    text = request.query_params.get(name)
    if text is None:
        if default is None:
            raise KnownError("missing_field", f"the query needs {name}", field=name)
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise KnownError("wrong_type", f"{name} must be a number", field=name)
    return value

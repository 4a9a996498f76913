"""The hub's HTTP API as a data source uses it: ingest in batches, commands, the summary.

Any thread may own a client; one client belongs to one thread. Every call has a time limit and
raises KnownError; the token never appears in an error text.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from services.domain.errors import KnownError
from services.feed.http import RENEWABLE, TokenSource, fixed
from services.tls.contexts import client_context, tls_problem

Item = dict[str, object]
"""One ingest item as JSON: ``type`` names it (entity, reading, position, alarm, case …)."""

MAX_ITEMS = 1_000
MAX_BATCH_BYTES = 4 * 1024 * 1024
MAX_ANSWER_BYTES = 16 * 1024 * 1024
TIMEOUT = httpx.Timeout(15.0, connect=3.0)
RETRY_STATUS = frozenset({429, 502, 503, 504})
WAITS_S = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Waits between tries; a call gives up after one try more than there are waits."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One item that the hub did not take: its place in what was given to ``ingest``, and why."""

    index: int
    code: str
    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class IngestResult:
    """How many items are on the hub's disk, and which were refused. ``last``: the newest offset
    that was told of them, 0 for none."""

    accepted: int = 0
    refused: tuple[Refused, ...] = ()
    last: int = 0


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


class HubClient:
    """A data source's side of the hub at ``url`` (``http://host:port`` or https).

    ``waits`` are the pauses in seconds between tries when the hub is away or busy. ``wait`` does
    one pause and answers True when trying must end now, as ``threading.Event.wait`` does.
    ``token``: one that does not change, or a source of tokens of a login, which is asked for
    another one when one has run out. Close the client after use; it is a context manager too.
    """

    def __init__(
        self,
        url: str,
        token: str | TokenSource,
        *,
        waits: Sequence[float] = WAITS_S,
        wait: Callable[[float], bool] = _sleep,
        transport: httpx.BaseTransport | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.url = url
        self._waits = tuple(waits)
        self._wait = wait
        self._tokens = fixed(token) if isinstance(token, str) else token
        _check_address(url, token if isinstance(token, str) else "")
        self._http = httpx.Client(
            base_url=url,
            timeout=TIMEOUT,
            trust_env=False,  # a desktop's proxy must not stand between a source and its hub
            transport=transport,
            verify=trust or client_context(None),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def __enter__(self) -> HubClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- calls ----------------------------------------------------------------
    def ingest(self, items: Iterable[Item], load: str = "") -> IngestResult:
        """Send items in order, in batches the hub takes; each batch is on its disk on return.
        ``load``: the id of the load of a file that they are rows of.

        Delivery is at least once: after a lost answer a batch is sent again. Items that the hub
        refuses come back with their index; a hub that stays away raises ``hub_unreachable``.
        """
        path = f"/api/v1/ingest?batch={quote(load, safe='')}" if load else "/api/v1/ingest"
        accepted, refused, base, last = 0, list[Refused](), 0, 0
        for batch, count in _batches(items):
            answer = self._call("POST", path, body=batch, ok=(200, 422))
            accepted += _count(answer, "accepted")
            refused += _refusals(answer, base)
            last = max(last, _newest(answer))
            base += count
        return IngestResult(accepted, tuple(refused), last)

    def command(
        self,
        key: str,
        name: str,
        args: dict[str, object],
        *,
        expect_version: int | None = None,
        seat: str = "",
    ) -> dict[str, object]:
        """Give an order; returns the values of its result or raises KnownError with the reason.

        The same ``key`` may be sent again: the hub then repeats its first answer.
        """
        order: dict[str, object] = {"key": key, "name": name, "args": args}
        if expect_version is not None:
            order["expect_version"] = expect_version
        if seat:
            order["seat"] = seat
        answer = self._call(
            "POST", "/api/v1/commands", body=msgspec.json.encode(order), ok=range(200, 500)
        )
        error = answer.get("error")
        if isinstance(error, dict):
            raise _known(error)
        value = answer.get("value")
        return value if isinstance(value, dict) else {}

    def summary(self) -> dict[str, object]:
        """Counts per kind, alarms, cases, and the seed of the demo data if it is loaded."""
        return self._call("GET", "/api/v1/summary")

    def set_demo_seed(self, seed: int) -> None:
        """Tell the hub which demo set it holds now, so that nobody loads it again."""
        self._call("PUT", "/api/v1/demo-seed", body=msgspec.json.encode({"seed": seed}))

    def ask(self, path: str, body: object) -> dict[str, object]:
        """Post something small that may be posted again; the answer."""
        return self._call("POST", path, body=msgspec.json.encode(body))

    # -- one exchange ---------------------------------------------------------
    def _call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        ok: Container[int] = (200,),
    ) -> dict[str, object]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        token = self._tokens("")
        for pause in (*self._waits, None):
            try:
                status, content = self._exchange(method, path, body, headers, token)
                if status == 401 and RENEWABLE.encode() in content:
                    token = self._tokens(token)
                    status, content = self._exchange(method, path, body, headers, token)
            except httpx.HTTPError as error:
                problem = tls_problem(error, self._http.base_url.host)
                if problem is not None and problem.code != "tls_failed":
                    raise problem from error  # waiting mends no certificate
                reason = problem.text if problem else str(error) or type(error).__name__
            else:
                if status not in RETRY_STATUS:
                    return _answer(path, status, content, ok)
                reason = f"it answered {status}"
            if pause is None or self._wait(pause):
                break
        raise KnownError("hub_unreachable", f"the hub is not reachable: {reason}")

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], token: str
    ) -> tuple[int, bytes]:
        headers = {**headers, "Authorization": f"Bearer {token}"}
        with self._http.stream(method, path, content=body, headers=headers) as response:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_ANSWER_BYTES:
                    raise KnownError("too_large", f"the hub's answer to {path} is too large")
            return response.status_code, bytes(content)


def _check_address(url: str, token: str) -> None:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        fine = False
    if not fine:
        raise KnownError("bad_address", f"“{url[:80]}” is not a hub's address", field="hub")
    if not token.isascii() or not token.isprintable():
        raise KnownError("wrong_token", "the token holds characters that no token has")


def _batches(items: Iterable[Item]) -> Iterator[tuple[bytes, int]]:
    """JSON arrays of at most MAX_ITEMS items and about MAX_BATCH_BYTES, with their counts."""
    parts: list[bytes] = []
    size = 0
    encode = msgspec.json.Encoder().encode
    for item in items:
        part = encode(item)
        if parts and (len(parts) >= MAX_ITEMS or size + len(part) > MAX_BATCH_BYTES):
            yield b"[" + b",".join(parts) + b"]", len(parts)
            parts, size = [], 0
        parts.append(part)
        size += len(part) + 1
    if parts:
        yield b"[" + b",".join(parts) + b"]", len(parts)


def _answer(path: str, status: int, content: bytes, ok: Container[int]) -> dict[str, object]:
    try:
        answer = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        answer = None
    if isinstance(answer, dict) and status in ok and ("error" not in answer or status == 200):
        return answer
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        raise _known(answer["error"])
    raise KnownError("hub_refused", f"the hub answered {status} to {path}")


def _known(error: dict[str, object]) -> KnownError:
    where = error.get("field")
    return KnownError(
        str(error.get("code", "hub_refused")),
        str(error.get("text", "the hub gave no reason")),
        field=where if isinstance(where, str) else None,
        params=_params(error.get("params")),
    )


def _params(told: object) -> dict[str, str | int | float]:
    if not isinstance(told, dict):
        return {}
    return {str(k)[:60]: v for k, v in told.items() if isinstance(v, str | int | float)}


def _count(answer: dict[str, object], name: str) -> int:
    value = answer.get(name)
    return value if isinstance(value, int) else 0


def _newest(answer: dict[str, object]) -> int:
    rows = answer.get("items")
    told = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return max((o for row in told if isinstance(o := row.get("offset"), int)), default=0)


def _refusals(answer: dict[str, object], base: int) -> list[Refused]:
    rows = answer.get("items")
    refused: list[Refused] = []
    for row in rows if isinstance(rows, list) else ():
        error = row.get("error") if isinstance(row, dict) and row.get("ok") is False else None
        if not isinstance(error, dict):
            continue
        known = _known(error)
        refused.append(
            Refused(base + int(row.get("index", 0)), known.code, known.text, known.field)
        )
    return refused

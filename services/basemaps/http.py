"""Pictures and documents from servers that a source names: bounded in time and size. Any thread."""

from __future__ import annotations

import email.utils
import logging
import time
from dataclasses import dataclass

import httpx

from services.basemaps.health import TileError, Trouble
from services.basemaps.pictures import MAX_BYTES, kind_of, opened
from services.domain.errors import KnownError
from services.tls.contexts import client_context

USER_AGENT = "OneMap-Console/0.1"
DEFAULT_AGE_S = 7 * 86_400.0
"""How long a tile is good when the server does not say."""
MIN_AGE_S, MAX_AGE_S = 3_600.0, 90 * 86_400.0
MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
_TEXTS = ("text/", "application/json", "application/xml", "application/xhtml")
_NO_TILE = frozenset({204, 404, 410})


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: to connect, to wait for the next bytes, for a whole tile."""

    connect_s: float = 3.0
    read_s: float = 5.0
    whole_s: float = 8.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: a picture, or that the known one is still good, or that there is no such tile
    (neither). ``age_s``: for how long that holds."""

    data: bytes | None
    unchanged: bool
    etag: str
    age_s: float


class _WithoutKeys(logging.Filter):
    """The library logs whole addresses: say which server was asked, and no more."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass every record, with its addresses cut after the host."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{arg.scheme}://{arg.netloc.decode('ascii', 'replace')}/…"
                if isinstance(arg, httpx.URL)
                else arg
                for arg in record.args
            )
        return True


_WITHOUT_KEYS = _WithoutKeys()


class TileHttp:
    """Questions to tile servers, through the proxies of the machine; redirections are not followed.

    Certificates count that the machine trusts. Addresses hold keys: they are never logged and never
    part of an error.
    """

    def __init__(self, timing: Timing | None = None, connections: int = 6) -> None:
        self._timing = timing or Timing()
        self._connections = connections
        self._trust = client_context(None)
        logging.getLogger("httpx").addFilter(_WITHOUT_KEYS)
        self._client = self._made()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def renew(self) -> None:
        """Cut all connections: a server that sends a byte of its head now and then would keep who
        asked it for ever."""
        old, self._client = self._client, self._made()
        old.close()

    def _made(self) -> httpx.Client:
        return httpx.Client(
            verify=self._trust,
            timeout=httpx.Timeout(self._timing.read_s, connect=self._timing.connect_s),
            limits=httpx.Limits(max_connections=self._connections),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            follow_redirects=False,
        )

    def tile(self, url: str, etag: str = "") -> Fetched:
        """One tile; ``etag``: of the picture that is known. TileError."""
        headers = {"If-None-Match": etag} if etag else {}
        status, answer, data = self._ask(url, headers, MAX_BYTES)
        age_s = _age(answer)
        if status in _NO_TILE:
            return Fetched(None, False, "", age_s)
        if status == 304 and etag:
            return Fetched(None, True, etag, age_s)
        self._check(status, answer)
        told = answer.get("content-type", "").lower()
        if told.startswith(_TEXTS) or "+xml" in told or not kind_of(data):
            raise TileError("no_picture", told[:60] or "no picture")
        try:
            opened(data)  # before it is kept for days
        except KnownError as error:
            raise TileError("no_picture", str(error.params.get("why", ""))) from None
        return Fetched(data, False, answer.get("etag", "")[:200], age_s)

    def document(self, url: str) -> bytes:
        """A document such as capabilities. TileError."""
        status, answer, data = self._ask(url, {}, MAX_DOCUMENT_BYTES)
        self._check(status, answer)
        return data

    def _ask(
        self, url: str, headers: dict[str, str], most: int
    ) -> tuple[int, httpx.Headers, bytes]:
        until = time.monotonic() + self._timing.whole_s
        try:
            with self._client.stream("GET", url, headers=headers) as answer:
                data = bytearray()
                if answer.status_code == 200:
                    if answer.headers.get("content-encoding", "identity") != "identity":
                        raise TileError("no_picture", "packed, though that was not asked for")
                    for piece in answer.iter_raw():  # as it comes: no waiting for more of it
                        data += piece
                        if len(data) > most:
                            raise TileError("no_picture", f"more than {most} bytes")
                        if time.monotonic() > until:
                            raise TileError("no_answer", "too slow")
                return answer.status_code, answer.headers, bytes(data)
        except httpx.TimeoutException:
            raise TileError("no_answer", "time ran out") from None
        except httpx.ConnectError as error:
            bad = "CERTIFICATE_VERIFY_FAILED" in str(error)
            raise TileError("untrusted" if bad else "no_answer", "no connection") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
            raise TileError("no_answer", type(error).__name__) from None
        except RuntimeError:  # closed meanwhile
            raise TileError("no_answer", "closed") from None

    @staticmethod
    def _check(status: int, answer: httpx.Headers) -> None:
        """Raise TileError for every status but 200."""
        if status == 200:
            return
        trouble: Trouble = "server_error"
        if status in (401, 403, 407):
            trouble = "wrong_key"
        elif status in (418, 429):
            trouble = "too_many"
        elif 300 <= status < 400:
            trouble = "redirected"
        raise TileError(trouble, f"HTTP {status}", _retry_after(answer))


def _age(answer: httpx.Headers) -> float:
    """Cache-Control's max-age within bounds: what a map shows at night must not hang on a server
    that says "no-store" about tiles that change once a year."""
    for part in answer.get("cache-control", "").lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.isascii() and value.isdigit() and len(value) < 12:
            return min(max(float(value), MIN_AGE_S), MAX_AGE_S)
    return DEFAULT_AGE_S


def _retry_after(answer: httpx.Headers) -> float | None:
    told = answer.get("retry-after", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 8:
        return float(told)
    try:
        return email.utils.parsedate_to_datetime(told).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None

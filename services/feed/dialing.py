"""Getting a socket to a hub: the address, the times, one attempt, the wait before the next."""

from __future__ import annotations

import asyncio
import random
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import websockets.asyncio.client as ws
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from services.feed.codec import MAX_HUB_BYTES, SUBPROTOCOLS, CodecName
from services.feed.protocol import SILENCE_S
from services.tls.contexts import client_context, tls_problem

FINAL_STATUSES = frozenset({400, 401, 403, 404, 426})
FINAL_CLOSE_CODES = range(4400, 4500)


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in seconds. The wait before try n is uniform in 0 … min(longest, first · 2ⁿ)."""

    silence: float = SILENCE_S
    connect: float = 10.0
    send: float = 10.0
    close: float = 1.0
    ping: float = 5.0
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def wait_before(self, attempt: int) -> float:
        """Back-off with full jitter; attempt 0 is the first after a good connection."""
        longest = min(self.longest_wait, self.first_wait * 2.0 ** min(attempt, 16))
        return random.uniform(0.0, longest)


@dataclass(frozen=True, slots=True)
class End:
    """How a connection ended, or why it never began. ``at_once``: no wait is needed. ``code``: the
    hub's own, or one of ours, by which a console says it in its user's language."""

    detail: str
    retry: bool = True
    at_once: bool = False
    code: str = "no_line"


def feed_url(url: str) -> str:
    """The feed's address from the hub's: ``http://h:1`` and ``ws://h:1`` give ``ws://h:1/feed``."""
    scheme, separator, rest = url.partition("://")
    feed_scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(scheme.lower())
    if not separator or feed_scheme is None:
        raise ValueError(f"not a hub's address: {url!r}")
    rest = rest.rstrip("/")
    return f"{feed_scheme}://{rest}" if rest.endswith("/feed") else f"{feed_scheme}://{rest}/feed"


async def dial(
    url: str, codec: CodecName, timing: Timing, trust: ssl.SSLContext | None = None
) -> ws.ClientConnection | End:
    """One attempt, bounded by ``timing.connect``. ``trust``: of ``wss``, else what the system has.

    A certificate that does not verify is tried again like a hub that is away: it may be renewed.
    """
    if url.startswith("wss:") and trust is None:
        trust = client_context(None)
    try:
        async with asyncio.timeout(timing.connect):
            return await ws.connect(
                url,
                subprotocols=[Subprotocol(SUBPROTOCOLS[codec])],
                compression=None,
                open_timeout=None,
                ping_interval=timing.ping,
                ping_timeout=None,  # silence is judged by the protocol
                close_timeout=timing.close,
                max_size=MAX_HUB_BYTES,
                proxy=None,
                ssl=trust if url.startswith("wss:") else None,
            )
    except TimeoutError:
        return End(f"No connection within {timing.connect:g} s.")
    except InvalidStatus as error:
        status = error.response.status_code
        return End(f"The hub answers with HTTP status {status}.", status not in FINAL_STATUSES)
    except InvalidURI as error:
        return End(f"Not an address: {error}.", retry=False)
    except (OSError, InvalidHandshake, EOFError) as error:
        problem = tls_problem(error, urlsplit(url).hostname or "")
        if problem is not None:
            return End(f"No connection: {problem.text}.", code=problem.code)
        return End(f"No connection: {error}.")


def closed_by(error: ConnectionClosed) -> End:
    """Why a socket is closed, in words; codes 44xx mean that there is no sense in coming back."""
    if error.rcvd is None:
        return End("The connection was cut.")
    code, reason = int(error.rcvd.code), error.rcvd.reason
    text = f"The hub closed the connection ({code} {reason}".rstrip() + ")."
    return End(text, retry=code not in FINAL_CLOSE_CODES)

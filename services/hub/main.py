"""Runs a hub as a process: one port, one ready line, one clean end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from services.domain.errors import KnownError
from services.hub.connection import FeedProtocol, protocol_of
from services.hub.options import HubOptions, check_port
from services.hub.server import Hub
from services.storage.lock import refuse_busy, unusable
from services.tls.authority import CA_CERTIFICATE
from services.tls.contexts import is_loopback

KNOWN_ERROR_STATUS = 2
GRACE_S = 3
YOUNG_ONLY = (2_000, 10, 1_000_000)
TIDY_S = 600.0
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
log = logging.getLogger(__name__)


class Ready(msgspec.Struct, frozen=True):
    """The line on stdout, and the content of ``hub.json``."""

    ready: bool
    port: int
    url: str
    pid: int
    ca: str = ""


def serve(options: HubOptions) -> int:
    """Run until a signal, or the end of stdin for a child. Status 0, or 2 with text on stderr."""
    try:
        refuse_busy(options.data)  # before the port is: its hub is the better reason
        with _logging_to(options.data / "logs"):
            asyncio.run(_serve(options))
    except KnownError as error:
        print(f"onemap hub: {error}", file=sys.stderr)
        return KNOWN_ERROR_STATUS
    except OSError as error:
        print(f"onemap hub: {unusable(options.data, error)}", file=sys.stderr)
        return KNOWN_ERROR_STATUS
    return 0


async def _serve(options: HubOptions) -> None:
    with contextlib.closing(
        listen(options.host, options.port, tls=options.tls is not None)
    ) as listener:
        hub = Hub(options)
        port = int(listener.getsockname()[1])
        server = http_server(hub, options)
        async with hub.running() as work, _tidying():
            if not options.child:  # a child's stderr is kept in a file; see services.hub.recovery
                await hub.access.begin(_tell_first)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            with _ends(options.child) as end:
                ending = asyncio.create_task(end.wait())
                announced = asyncio.create_task(_announce(server, options, port))
                await _first(announced, serving, work)
                await _first(ending, serving, work)
                ending.cancel()
            await hub.feed.close_all()
            server.should_exit = True
            await serving
    log.info("the hub has ended")


def _tell_first(user: str, password: str) -> None:
    print(
        f"onemap hub: this hub has no accounts yet. Log in as {user} with the one-time password\n"
        f"\n    {password}\n\n"
        "It is shown only now and kept nowhere. It must be changed at the first login.",
        file=sys.stderr,
        flush=True,
    )


@contextlib.asynccontextmanager
async def _tidying() -> AsyncIterator[None]:
    """Collect young garbage often and old garbage rarely.

    The World and the ring live long and hold no cycles; going through all of them for every few
    thousand new events would stop the loop for tens of milliseconds each time.
    """

    async def tidy() -> None:
        while True:
            gc.collect()
            gc.freeze()
            await asyncio.sleep(TIDY_S)

    before = gc.get_threshold()
    gc.set_threshold(*YOUNG_ONLY)
    task = asyncio.create_task(tidy())
    try:
        yield
    finally:
        task.cancel()
        gc.set_threshold(*before)
        gc.unfreeze()


async def _first(wanted: asyncio.Task[Any], *others: asyncio.Future[None]) -> None:
    """Wait for one thing, or for the server or the hub's work to fail."""
    await asyncio.wait({wanted, *others}, return_when=asyncio.FIRST_COMPLETED)
    for task in (*others, wanted):
        if task.done():
            if (error := task.exception()) is not None:
                log.critical("the hub has failed: %s", error, exc_info=error)
            task.result()


def http_server(hub: Hub, options: HubOptions) -> uvicorn.Server:
    """The server of a hub's one port; whoever runs it also ends it."""
    return _Server(
        uvicorn.Config(
            hub.app,
            http=protocol_of(options.limits),
            ws=FeedProtocol,
            ws_ping_interval=None,  # the feed has heartbeats of its own
            ws_per_message_deflate=False,  # one encoded frame serves all; no bombs either
            ws_max_size=options.limits.hello_bytes,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_S,
            ssl_context_factory=_context_of(hub),
        )
    )


def _context_of(
    hub: Hub,
) -> Callable[[uvicorn.Config, Callable[[], ssl.SSLContext]], ssl.SSLContext] | None:
    certificate = hub.certificate
    return None if certificate is None else lambda _config, _default: certificate.context


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the hub ends its sessions first."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


async def _announce(server: uvicorn.Server, options: HubOptions, port: int) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
    line = Ready(ready=True, port=port, url=_url(options, port), pid=os.getpid(), ca=_ca(options))
    data = msgspec.json.encode(line)
    path = options.data / "hub.json"
    path.with_suffix(".tmp").write_bytes(data)
    path.with_suffix(".tmp").replace(path)
    print(data.decode(), flush=True)
    log.info("serving on port %d", port)


def _url(options: HubOptions, port: int) -> str:
    """Where tools on this machine find the hub."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)
    host = f"[{host}]" if ":" in host else host
    return f"{'http' if options.tls is None else 'https'}://{host}:{port}"


def _ca(options: HubOptions) -> str:
    """The authority's certificate, where it lies beside the hub's own as `onemap ca` puts it."""
    if options.tls is None:
        return ""
    path = options.tls.certificate.with_name(CA_CERTIFICATE)
    return str(path.absolute()) if path.is_file() else ""


def listen(host: str, port: int, *, tls: bool = False) -> socket.socket:
    """The hub's bound socket. KnownError ``needs_tls`` or ``port_in_use``."""
    if not tls and not is_loopback(host):
        raise KnownError(
            "needs_tls",
            f"{host} can be reached from other machines, and what comes from there must be"
            " encrypted. Make an authority and a certificate (onemap ca init ca; onemap ca issue"
            " ca NAME, with --ip or --dns for every way to reach this machine), then start with"
            " --tls-dir ca/NAME. Or use 127.0.0.1 and a tunnel",
            field="host",
        )
    check_port(port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named TCP, because asyncio sets TCP_NODELAY only on sockets that say so: 40 ms an answer
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise KnownError(
            "port_in_use", f"port {port} cannot be opened: {error.strerror}", field="port"
        ) from error
    return listener


@contextlib.contextmanager
def _ends(child: bool) -> Iterator[asyncio.Event]:
    """An event that is set when the process is asked to end."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, end.set)
    if child:
        _watch_stdin(lambda: loop.call_soon_threadsafe(end.set))
    try:
        yield end
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def _watch_stdin(ended: Callable[[], object]) -> None:
    def wait() -> None:
        while os.read(0, 4096):
            pass
        with contextlib.suppress(RuntimeError):  # the loop may have ended first
            ended()

    threading.Thread(target=wait, name="stdin", daemon=True).start()


@contextlib.contextmanager
def _logging_to(directory: Path) -> Iterator[None]:
    directory.mkdir(parents=True, exist_ok=True)
    to_file = RotatingFileHandler(directory / "hub.log", maxBytes=5_000_000, backupCount=3)
    to_file.setLevel(logging.INFO)
    to_stderr = logging.StreamHandler()
    to_stderr.setLevel(logging.WARNING)
    root, handlers = logging.getLogger(), (to_file, to_stderr)
    root.setLevel(logging.INFO)
    for handler in handlers:
        handler.setFormatter(logging.Formatter(LOG_FORMAT))
        root.addHandler(handler)
    for noisy in ("alembic", "websockets", "httpx", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()

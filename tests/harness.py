"""Real processes for end-to-end tests: a hub by its own command line, and waiting with a limit."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx

from services.access.tokens import TokenFile

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 30.0
T = TypeVar("T")


def onemap(*words: str) -> list[str]:
    """The command line of ``onemap`` from this checkout."""
    return [sys.executable, str(ROOT / "main.py"), *words]


def until(question: Callable[[], T], what: str = "the condition", limit_s: float = LIMIT_S) -> T:
    """Ask until the answer is truthy and return it; fails the test at the limit.

    For threads without an event loop; in the GUI thread use ``qtbot.waitUntil``.
    """
    deadline = time.monotonic() + limit_s
    tick = threading.Event()
    while not (answer := question()):
        assert time.monotonic() < deadline, f"{what} did not come within {limit_s:.0f} s"
        tick.wait(0.02)
    return answer


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def descendants(pid: int) -> list[int]:
    """All live processes below one, at this moment."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *descendants(child)]
    return [p for p in found if alive(p)]


class HubProcess:
    """A hub of its own on a data directory, always at the same port; ``words``: more options.

    ``kill`` is kill -9 and may be followed by ``start``: same data, same address.
    """

    def __init__(self, data: Path, *words: str) -> None:
        self.data = data
        self.words = words
        tokens = TokenFile(data / "tokens.toml")
        tokens.ensure()
        self.tokens = tokens
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None, "the hub is not running"
        return self._process.pid

    def token(self, user: str) -> str:
        """The token of an account."""
        return self.tokens.token_of(user)

    def start(self) -> None:
        """Start and wait for the ready line."""
        assert self._process is None, "the hub is already running"
        log = (self.data / "hub.err").open("ab")
        with log:
            self._process = subprocess.Popen(
                onemap(
                    "hub",
                    "--data",
                    str(self.data),
                    "--port",
                    str(self.port),
                    "--child",
                    *self.words,
                ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], LIMIT_S)
        line = self._process.stdout.readline() if readable else b""
        assert b'"ready":true' in line.replace(b" ", b""), self._last_words()

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)
        self._reap()

    def stop(self) -> int:
        """End it well; its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self._reap()

    def close(self) -> None:
        """Leave nothing, whatever state it is in."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def _reap(self) -> int:
        process, self._process = self._process, None
        assert process is not None
        try:
            return process.wait(LIMIT_S)
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _last_words(self) -> str:
        return (self.data / "hub.err").read_text("utf-8", "replace")[-2_000:]

    # -- asking it ------------------------------------------------------------
    def request(self, method: str, path: str, *, user: str = "", **kw: Any) -> Any:
        """One HTTP exchange as an account; the JSON of the answer. Fails on an error status.

        Without a user the source sends, which may not read, and a desk asks.
        """
        user = user or ("duty1" if method == "GET" else "source")
        headers = {"Authorization": f"Bearer {self.token(user)}"}
        with httpx.Client(base_url=self.url, timeout=LIMIT_S, trust_env=False) as client:
            answer = client.request(method, path, headers=headers, **kw)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ingest(self, *items: dict[str, Any]) -> dict[str, Any]:
        """Send items as the data source; all must be accepted."""
        answer: dict[str, Any] = self.request("POST", "/api/v1/ingest", json=list(items))
        assert answer["rejected"] == 0, answer
        return answer

    def command(self, key: str, name: str, *, user: str = "duty1", **args: Any) -> dict[str, Any]:
        """Give an order as an officer; the ``result`` frame."""
        body = {"key": key, "name": name, "args": args}
        answer: dict[str, Any] = self.request("POST", "/api/v1/commands", user=user, json=body)
        return answer


@contextlib.contextmanager
def hub_process(data: Path, *words: str) -> Iterator[HubProcess]:
    """A running hub for the time of the block."""
    hub = HubProcess(data, *words)
    hub.start()
    try:
        yield hub
    finally:
        hub.close()

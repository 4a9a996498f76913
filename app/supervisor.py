"""Keeps the child processes of ``onemap run`` alive: hub, simulator, demo streams.

Plain threads and pipes, no Qt: one keeper thread per child starts it, waits for its ready line,
writes its output to a log, starts it again when it dies, and ends it when asked. The hub keeps its
port over restarts because the port stands in its command.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import msgspec

from app.child_log import Warnings

KNOWN_ERROR_STATUS = 2
"""A child that ends with this before it was ever ready would only fail again: no restart."""
MAX_LOG_BYTES = 5_000_000
"""Of what a child prints; when there is more, the newest so much moves to ``NAME.out.1``."""
LOOK_S = 1.0
"""How often the size of that is looked at: a child's stderr is its own, it passes no pipe."""
MAX_LINE_BYTES = 65_536

State = Literal["starting", "ready", "died", "failed", "stopped", "warned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """One child: its command (first word a program), and whether and when it must say ready.

    ``after`` names children that must be ready first. A ``ready_line`` child prints
    ``{"ready": true, …}`` within ``ready_limit_s``; any other counts as ready once started.
    """

    name: str
    command: tuple[str, ...]
    after: tuple[str, ...] = ()
    ready_line: bool = True
    ready_limit_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between restarts: doubling from ``first_s`` to ``most_s``, anew after a good run."""

    first_s: float = 0.2
    most_s: float = 8.0
    good_run_s: float = 30.0

    def pause(self, failures: int) -> float:
        """Seconds to wait before start number ``failures`` + 1."""
        return min(self.most_s, self.first_s * 2.0 ** min(failures, 16))


@dataclass(frozen=True, slots=True)
class News:
    """What just happened to a child, with text for a person."""

    name: str
    state: State
    text: str
    pid: int = 0


class Supervisor:
    """Owns the children. ``report`` is called on keeper threads and must be quick."""

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        *,
        log_dir: Path,
        report: Callable[[News], None],
        backoff: Backoff | None = None,
        grace_s: float = 5.0,
    ) -> None:
        self._board = _Board(report)
        chosen = backoff or Backoff()
        self._keepers = [_Keeper(s, log_dir, self._board, chosen, grace_s) for s in specs]
        log_dir.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Start every keeper and return at once."""
        for keeper in self._keepers:
            keeper.thread.start()

    def wait_ready(self, name: str, limit_s: float) -> bool:
        """Whether the child became ready within the limit; false at once when it failed."""
        return self._board.wait_ready((name,), limit_s)

    def pid(self, name: str) -> int:
        """The child's process id now, 0 while it does not run."""
        return next(k.pid for k in self._keepers if k.spec.name == name)

    def stop(self) -> None:
        """End all children within two graces; the hub outlives those who speak to it."""
        if self._board.stopping():
            return
        self._board.stop()
        for wave in ([k for k in self._keepers if k.spec.after], self._keepers):
            for keeper in wave:
                keeper.wake()
            for keeper in wave:
                keeper.join()
        for keeper in self._keepers:
            keeper.close()


class _Board:
    """What the keepers know of each other; the only thing they share."""

    def __init__(self, report: Callable[[News], None]) -> None:
        self._report = report
        self._changed = threading.Condition()
        self._states: dict[str, State] = {}
        self._stopping = False

    def stopping(self) -> bool:
        """Whether everything is to end."""
        return self._stopping

    def say(self, news: News) -> None:
        with self._changed:
            self._states[news.name] = news.state
            self._changed.notify_all()
        self._report(news)

    def pass_on(self, news: News) -> None:
        """News that change no state."""
        self._report(news)

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def wait_ready(self, names: Sequence[str], limit_s: float | None = None) -> bool:
        """Wait until all are ready; false on stop, on a failed one, or at the limit."""

        def settled() -> bool:
            states = [self._states.get(n) for n in names]
            return self._stopping or "failed" in states or all(s == "ready" for s in states)

        with self._changed:
            self._changed.wait_for(settled, limit_s)
            return not self._stopping and all(self._states.get(n) == "ready" for n in names)

    def pause(self, seconds: float) -> None:
        """Sleep that ends early on stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, seconds)


class _Keeper:
    """The life of one child, in one thread."""

    def __init__(
        self, spec: ChildSpec, log_dir: Path, board: _Board, backoff: Backoff, grace_s: float
    ) -> None:
        self.spec = spec
        self.pid = 0
        self.thread = threading.Thread(target=self._keep, name=f"keep-{spec.name}", daemon=True)
        self._log_path = log_dir / f"{spec.name}.out"
        self._board = board
        self._backoff = backoff
        self._grace_s = grace_s
        self._wake_read, self._wake_write = os.pipe()
        self._was_ready = False
        self._ever_ready = False

    def wake(self) -> None:
        """Make the thread end its child and itself."""
        os.write(self._wake_write, b"!")

    def join(self) -> None:
        """Wait for the thread, which waits for its child."""
        if self.thread.is_alive():
            self.thread.join(self._grace_s + 2.0)

    def close(self) -> None:
        """Release the pipe; only after ``join``."""
        if not self.thread.is_alive():
            os.close(self._wake_read)
            os.close(self._wake_write)

    def _keep(self) -> None:
        failures = 0
        while not self._board.stopping() and self._board.wait_ready(self.spec.after):
            started = time.monotonic()
            self._was_ready = False
            status = self._live_once()
            if self._board.stopping():
                break
            if time.monotonic() - started > self._backoff.good_run_s:
                failures = 0
            if not self._go_on(status, self._backoff.pause(failures)):
                return
            failures += 1
        self._board.say(News(self.spec.name, "stopped", f"{self.spec.name}: stopped"))

    def _go_on(self, status: int, pause_s: float) -> bool:
        """Say what happened; false when another start would end the same."""
        name, how = self.spec.name, _how_it_ended(status)
        if status == KNOWN_ERROR_STATUS and not (self._ever_ready and self.spec.ready_line):
            text = f"{name}: {self._last_words() or how}"
            self._board.say(News(name, "failed", text))
            return False
        text = f"{name}: {how}; starting again in {pause_s:.1f} s (log: {self._log_path})"
        self._board.say(News(name, "died", text))
        self._board.pause(pause_s)
        return True

    def _live_once(self) -> int:
        """Start the child and stay with it until it is gone; its exit status."""
        name = self.spec.name
        self._board.say(News(name, "starting", f"{name}: starting"))
        with _open_log(self._log_path) as log:
            process = _spawn(self.spec.command, log)
            self.pid = process.pid
            try:
                if not self.spec.ready_line:
                    self._ready(process.pid)
                return self._finish(process, ending=self._follow(process, log))
            finally:
                self.pid = 0
                for pipe in (process.stdin, process.stdout):
                    if pipe is not None:
                        with contextlib.suppress(OSError):
                            pipe.close()

    def _follow(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> bool:
        """Copy output to the log until it ends (true), we are woken, or readiness is too late."""
        assert process.stdout is not None
        output = process.stdout.fileno()
        deadline = time.monotonic() + self.spec.ready_limit_s
        head = b""
        warnings = Warnings(self._log_path)
        while True:
            readable, _, _ = select.select([output, self._wake_read], [], [], LOOK_S)
            for text in warnings.new(time.monotonic()):
                name = self.spec.name
                self._board.pass_on(News(name, "warned", f"{name}: {text}", process.pid))
            _shorten(log, self._log_path)
            if self._wake_read in readable:
                return False
            if output not in readable:
                if self._was_ready or time.monotonic() < deadline:
                    continue
                _write(log, f"not ready after {self.spec.ready_limit_s:.0f} s\n".encode())
                return False
            data = os.read(output, MAX_LINE_BYTES)
            if not data:
                return True
            _write(log, data)
            if not self._was_ready:
                head = (head + data)[-MAX_LINE_BYTES:]
                if any(_says_ready(line) for line in head.split(b"\n")[:-1]):
                    self._ready(process.pid)

    def _ready(self, pid: int) -> None:
        self._was_ready = self._ever_ready = True
        self._board.say(News(self.spec.name, "ready", f"{self.spec.name}: ready", pid))

    def _finish(self, process: subprocess.Popen[bytes], *, ending: bool) -> int:
        """End the child: wait where it is ending by itself, then ask, then insist."""
        if ending:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(self._grace_s)
        process.terminate()
        try:
            return process.wait(self._grace_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _last_words(self) -> str:
        with self._log_path.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - 2_000))
            lines = log.read().decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return last.removeprefix(f"onemap {self.spec.name}: ").removeprefix("onemap: ")


def _spawn(command: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=True,  # Ctrl-C is for the parent, which ends its children in order
    )


def _open_log(path: Path) -> IO[bytes]:
    """What the child prints (its own log lies beside), for appending."""
    log = path.open("ab", buffering=0)
    _shorten(log, path)
    return log


def _shorten(log: IO[bytes], path: Path) -> None:
    """Move what is there to ``.1`` when it has grown large. The child holds the same file, opened
    for appending, so it goes on at the new end."""
    with contextlib.suppress(OSError):  # a full disk must not end who keeps the children
        size = os.fstat(log.fileno()).st_size
        if size <= MAX_LOG_BYTES:
            return
        with path.open("rb") as whole:
            whole.seek(max(0, size - MAX_LOG_BYTES))
            newest = whole.read(MAX_LOG_BYTES)
        os.ftruncate(log.fileno(), 0)
        path.with_suffix(".out.1").write_bytes(newest)


def _write(log: IO[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError):
        log.write(data)


def _says_ready(line: bytes) -> bool:
    try:
        message = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return False
    return isinstance(message, dict) and message.get("ready") is True


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"

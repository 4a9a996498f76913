"""``onemap run``: hub, simulator and demo streams as children, the console in this process.

The main thread belongs to the console; children are kept by the supervisor's threads. Nothing
here imports Qt before the screen is settled.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from app.display import has_display, virtual_screen
from app.options import DEFAULT_PORT, ConsoleOptions
from app.supervisor import ChildSpec, News, Supervisor
from services.access.tokens import TokenFile
from services.domain.errors import KnownError, in_words
from services.storage.lock import refuse_busy
from services.video.registry import MediaRegistry

STREAMS_PORT = 8631
PICTURES = Path("pictures")
HUB_READY_LIMIT_S = 120.0
_DEMO_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/live/probe\.ts")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What ``onemap run`` starts. ``port`` None takes the usual one, or a free one if it is taken.

    ``console`` is complete but for address and token, which are found here.
    """

    console: ConsoleOptions
    port: int | None = None
    demo: bool = True
    demo_officer: bool = False


def run(options: RunOptions) -> int:
    """Start everything, show the console, end everything; the exit status. Main thread."""
    signal.signal(signal.SIGTERM, _leave)
    data = options.console.data_dir
    refuse_busy(data)
    tokens = TokenFile(data / "tokens.toml")
    tokens.ensure()
    port = _choose_port(options.port)
    console = replace(
        options.console,
        hub_url=f"http://127.0.0.1:{port}",
        token=tokens.token_of(options.console.user),
    )
    headless = not has_display(os.environ)
    _prepare_pictures(console, headless)
    if headless:  # nobody is there to answer alarms, and the pictures should show the whole loop
        options = replace(options, demo_officer=options.demo)
    children = [_hub(options, port)]
    if options.demo:
        streams_port = _free_port(STREAMS_PORT)
        _point_cameras_at_demo(data / "media.toml", streams_port)
        children += [_simulator(options, console.hub_url), _streams(streams_port)]
    failures = _Failures(f"hub at {console.hub_url}, data in {data}/")
    supervisor = Supervisor(children, log_dir=data / "logs", report=failures.hear)
    with contextlib.ExitStack() as stack:
        stack.callback(supervisor.stop)
        if headless:
            console = _without_a_display(console, stack)
        supervisor.start()
        status = _show(console, failures.stopping)
    return failures.STATUS if failures.text else status


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(f"onemap: {text}", file=sys.stderr, flush=True)


def show_console(console: ConsoleOptions) -> int:
    """Show one console on the screen that is there, or on a virtual one; the exit status."""
    headless = not has_display(os.environ)
    _prepare_pictures(console, headless)
    with contextlib.ExitStack() as stack:
        if headless:
            console = _without_a_display(console, stack)
        return _show(console, lambda: False)


def _show(console: ConsoleOptions, stopping: Callable[[], bool]) -> int:
    from app.bootstrap import run_console  # Qt may be imported only now: the screen is settled

    return run_console(console, stopping)


class _Failures:
    """Says what children do, and ends the console when the hub cannot start at all."""

    STATUS = 2

    def __init__(self, welcome: str = "") -> None:
        self.text = ""
        self._welcome = welcome
        self._ready: set[str] = set()
        self._lock = threading.Lock()

    def hear(self, news: News) -> None:
        """Called on keeper threads."""
        with self._lock:
            again = news.state == "ready" and news.name in self._ready
            first = news.state == "ready" and not again
            if first:
                self._ready.add(news.name)
            if news.state == "failed" and news.name == "hub":
                self.text = news.text
        warned = news.state == "warned" and news.name == "hub"
        if news.state in ("died", "failed") or again or warned:
            say(news.text)
        if first and news.name == "hub" and self._welcome:
            say(self._welcome)

    def stopping(self) -> bool:
        """Whether the console has no reason to stay."""
        return bool(self.text)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _prepare_pictures(console: ConsoleOptions, headless: bool) -> None:
    """Make the folder of the pictures, and try to write there, before anything starts."""
    directory = console.pictures_dir or (PICTURES if headless else None)
    if directory is None:
        return
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise KnownError(
            "bad_pictures", f"no pictures can be written to {directory}: {in_words(error)}"
        ) from error


def _without_a_display(console: ConsoleOptions, stack: contextlib.ExitStack) -> ConsoleOptions:
    pictures = console.pictures_dir or PICTURES
    name = stack.enter_context(virtual_screen())
    say(
        f"there is no display; using a virtual screen ({name}) and writing a picture of every"
        f" window to {pictures}/ every {console.picture_interval_s:.0f} s"
    )
    return replace(console, pictures_dir=pictures)


# -- children -----------------------------------------------------------------
def _command(*words: str) -> tuple[str, ...]:
    """Our own command line once more: by main.py in a checkout, by module when installed."""
    script = Path(__file__).resolve().parents[1] / "main.py"
    program = (str(script),) if script.is_file() else ("-m", "app.cli")
    return (sys.executable, *program, *words, "--child")


def _hub(options: RunOptions, port: int) -> ChildSpec:
    words = ["hub", "--data", str(options.console.data_dir), "--port", str(port)]
    for directory in options.console.packs_dirs:
        words += ["--packs", str(directory)]
    return ChildSpec(name="hub", command=_command(*words), ready_limit_s=HUB_READY_LIMIT_S)


def _simulator(options: RunOptions, hub_url: str) -> ChildSpec:
    words = ["sim", "--data", str(options.console.data_dir), "--hub", hub_url]
    if options.demo_officer:
        words.append("--demo-officer")
    return ChildSpec(
        name="sim",
        command=_command(*words),
        after=("hub",),
        ready_line=False,
    )


def _streams(port: int) -> ChildSpec:
    return ChildSpec(name="streams", command=_command("streams", "--port", str(port)))


def _point_cameras_at_demo(registry: Path, port: int) -> None:
    """Give cameras the demo's streams, unless somebody registered a pattern of their own."""
    media = MediaRegistry(registry)
    try:
        current = media.resolve("probe")
    except KnownError:
        current = ""
    if not current or _DEMO_ADDRESS.fullmatch(current):
        media.set_pattern(f"http://127.0.0.1:{port}/live/{{id}}.ts")


# -- ports --------------------------------------------------------------------
def _choose_port(wanted: int | None) -> int:
    """The hub's port, fixed before the hub starts so that a restarted hub is found again."""
    if wanted:
        return wanted
    port = _free_port(DEFAULT_PORT if wanted is None else 0)
    if wanted is None and port != DEFAULT_PORT:
        say(f"port {DEFAULT_PORT} is taken; using {port}")
    return port


def _free_port(preferred: int) -> int:
    """``preferred`` if nobody listens there, else any free port of the loopback."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise KnownError("no_port", "There is no free port on the loopback address.")

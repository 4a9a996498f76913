"""Nothing stays when the parent dies: a child watches its stdin and goes when that ends.

The parent holds the other end of a pipe. However it ends (even by kill -9), the kernel closes the
pipe, the child reads end-of-file and stops itself. ``python -m app.guard COMMAND …`` does the same
for a program that knows nothing of this (Xvfb). No Qt, no third-party imports: starts fast.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

GRACE_S = 4.0
"""How long a child may take to end well before it ends at once."""


def exit_with_parent(*, grace_s: float = GRACE_S) -> None:
    """Start the watch in a daemon thread: at end of stdin SIGTERM to ourselves, then a hard exit.

    Call first thing in a child process; the caller's SIGTERM handling does the clean end.
    """

    def end() -> None:
        timer = threading.Timer(grace_s, os._exit, args=(1,))
        timer.daemon = True
        timer.start()
        os.kill(os.getpid(), signal.SIGTERM)

    _watch_stdin(end)


def _watch_stdin(on_end: Callable[[], None]) -> None:
    def watch() -> None:
        # os.read, not sys.stdin: a daemon thread that holds its lock aborts the interpreter's end
        while os.read(0, 4096):
            pass
        on_end()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def run_guarded(command: list[str]) -> int:
    """Run ``command`` until it ends or stdin ends; its exit status, signals as 128 + n."""
    # The program gets no stdin of ours: the watch alone may read the pipe.
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, close_fds=False, start_new_session=True
    )
    signal.signal(signal.SIGTERM, lambda _number, _frame: process.terminate())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _watch_stdin(process.terminate)
    status = process.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    raise SystemExit(run_guarded(sys.argv[1:]))

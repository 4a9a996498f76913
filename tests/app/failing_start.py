"""A console that fails with its windows open: at the start, or in a timer (the word after it)."""

from __future__ import annotations

import sys
from pathlib import Path

from app.bootstrap import run_console
from app.console import Console
from app.options import ConsoleOptions

WHEN, DATA = sys.argv[1], Path(sys.argv[2])


class TroubleError(Exception):
    """What goes wrong."""


def fail() -> None:
    """Go wrong."""
    raise TroubleError(WHEN)


def start(console: Console) -> None:
    """As the product starts, and then not."""
    genuine(console)
    if WHEN == "start":
        fail()
    timer = QTimer(console)
    timer.timeout.connect(fail)
    timer.start(50)


from PySide6.QtCore import QTimer  # noqa: E402

genuine = Console.start
Console.start = start  # type: ignore[method-assign]  # this is the fault that is tried
options = ConsoleOptions(
    hub_url="http://127.0.0.1:9",
    token="t" * 20,
    user="duty1",
    seat="1",
    windows=("desk",),
    run_for_s=1.5,
    data_dir=DATA,
)
raise SystemExit(run_console(options))

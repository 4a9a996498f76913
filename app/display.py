"""A virtual screen where there is none, so that the console also runs on a server. No Qt."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping

from app import guard
from services.domain.errors import KnownError

SCREEN = "1920x1080x24"
START_LIMIT_S = 20.0


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a person's screen is there, X11 or Wayland, or Qt was told what to use."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(environment.get(name) for name in names)


@contextlib.contextmanager
def virtual_screen(size: str = SCREEN) -> Iterator[str]:
    """Run Xvfb for the time of the block and point DISPLAY at it; the display's name.

    Must stand round everything that imports Qt. Raises KnownError when Xvfb is missing or stuck.
    """
    if shutil.which("Xvfb") is None:
        raise KnownError(
            "no_display",
            "There is no display, and Xvfb is not installed (Debian package: xvfb).",
        )
    read_end, write_end = os.pipe()
    # The guard ends Xvfb when we die; -noreset keeps it while windows come and go.
    server = ("Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp")
    process = subprocess.Popen(
        [sys.executable, guard.__file__, *server, "-noreset"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(write_end,),
        start_new_session=True,
    )
    os.close(write_end)
    previous = os.environ.get("DISPLAY")
    try:
        display = f":{_read_number(read_end)}"
        os.environ["DISPLAY"] = display
        yield display
    finally:
        os.close(read_end)
        if previous is None:
            os.environ.pop("DISPLAY", None)
        else:
            os.environ["DISPLAY"] = previous
        _end(process)


def _read_number(pipe: int) -> str:
    readable, _, _ = select.select([pipe], [], [], START_LIMIT_S)
    number = os.read(pipe, 32).decode().strip() if readable else ""
    if not number:
        raise KnownError("no_display", "There is no display, and Xvfb did not start.")
    return number


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()

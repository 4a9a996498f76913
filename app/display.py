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

SCREEN = "3840x2160x24"
MONITORS = (
    ("desk", "1920/508x1080/285+0+0"),
    ("wall", "1920/508x1080/285+1920+0"),
    ("video", "1920/508x1080/285+0+1080"),
    ("replay", "1920/508x1080/285+1920+1080"),
)
"""One monitor per window: a window that another covers gets no picture from X."""
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
        if size == SCREEN:
            _split(display)
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


def _split(display: str) -> None:
    """Cut the screen into monitors; without xrandr it stays one, and windows share it."""
    for number, (name, place) in enumerate(MONITORS):
        output = "screen" if number == 0 else "none"
        command = ("xrandr", "--display", display, "--setmonitor", name, place, output)
        try:
            subprocess.run(command, check=True, timeout=5.0, capture_output=True)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"onemap: the virtual screen stays one monitor: {error}", file=sys.stderr)
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()

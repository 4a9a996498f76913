"""Checks of what draws: display, fonts, OpenGL, the scene graph's QRhi.

Qt is asked in a child process: a driver that crashes is a finding, not the doctor's end.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import msgspec

from app.display import has_display, virtual_screen
from app.doctor.findings import Finding, Patient, ok, problem, warning
from app.doctor.machine import ROOT
from services.domain.errors import KnownError

LIMIT_S = 60.0
SMALL_TEXTURE = 4_096
"""The symbol atlas and a 4K window need this much."""
PROBE = "app.doctor.probe"


class Seen(msgspec.Struct, frozen=True):
    """What the probe tells. ``backend`` "": no QRhi could be made."""

    qt: str
    platform: str
    screens: list[str]
    chinese: list[str]
    backend: str
    texture: int
    renderer: str


def screen(_patient: Patient) -> Iterator[Finding]:
    """What a console would meet on this machine."""
    if importlib.util.find_spec("PySide6") is None:
        yield warning("display", "Qt is not installed", "a hub runs without it; a console does not")
        return
    with contextlib.ExitStack() as stack:
        if has_display(os.environ):
            yield ok("display", f"there is one ({_named()})")
        else:
            try:
                name = stack.enter_context(virtual_screen("1280x720x24"))
            except KnownError as error:
                yield problem("display", error.text, "give it a display, or install xvfb")
                return
            yield ok("display", f"none; a console draws on a virtual one ({name})")
        yield from judge(*probe())


def probe(module: str = PROBE) -> tuple[Seen | None, str]:
    """What Qt says in a process of its own, or in words how that process ended."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired:
        return None, f"it hung for {LIMIT_S:.0f} s"
    last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]
    if done.returncode < 0:
        return None, f"it crashed with {signal.Signals(-done.returncode).name} ({last})"
    try:
        return msgspec.json.decode(done.stdout, type=Seen), ""
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, last


def judge(seen: Seen | None, how: str) -> Iterator[Finding]:
    """Findings from what the probe told."""
    if seen is None:
        yield problem(
            "graphics",
            f"Qt could not be tried: {how}",
            "install what the message names (README: packages), or the graphics driver",
        )
        return
    yield ok("display", f"Qt {seen.qt} on {seen.platform}: {', '.join(seen.screens)}")
    if seen.chinese:
        yield ok("fonts", f"Chinese in {seen.chinese[0]}")
    else:
        yield problem("fonts", "no font has Chinese characters", "install fonts-noto-cjk")
    if not seen.backend:
        yield problem(
            "graphics",
            f"no QRhi can be made on platform {seen.platform}: maps are painted, and slow to drag",
            "install an OpenGL driver (Debian: libgl1-mesa-dri); Qt's offscreen platform has none",
        )
        return
    text = f"{seen.backend} on {seen.renderer or 'an unnamed driver'}"
    if seen.texture < SMALL_TEXTURE:
        todo = f"the map needs textures of {SMALL_TEXTURE}: update the driver"
        yield problem("graphics", f"{text}, textures up to {seen.texture}", todo)
    elif "llvmpipe" in seen.renderer or "softpipe" in seen.renderer:
        yield warning(
            "graphics",
            f"{text}: drawn by the processor",
            "works, with fewer pictures a second; a graphics card draws a wall better",
        )
    else:
        yield ok("graphics", text)


def _named() -> str:
    names = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    return next(f"{n}={os.environ[n]}" for n in names if os.environ.get(n))

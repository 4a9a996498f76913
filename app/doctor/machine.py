"""Checks of the machine: programs, disk, clock."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from app.doctor.findings import Finding, Patient, ok, problem, warning

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (3, 11)
GB = 1_000_000_000
LITTLE_GB, FEW_GB = 1.0, 5.0
SLOW_MS = 50.0
SYNCS = 15
UNSYNCHRONISED = 5
"""TIME_ERROR of adjtimex(2): the kernel's clock is not kept by anything."""
STEP_S = 0.05
SAMPLE_S = 0.3
BUILT = 1_750_000_000.0
"""Summer of 2025: a clock before it is wrong."""
CONSOLE_ONLY = frozenset({"pyside6-essentials", "pyside6-addons", "pyqtgraph"})


# -- programs -------------------------------------------------------------------------
def python(_patient: Patient) -> Iterator[Finding]:
    """The interpreter, and the packages against the lock."""
    now = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        yield problem("python", f"Python {now} is too old", "install Python 3.11 or newer")
    else:
        yield ok("python", f"Python {now}")
    yield from packages(ROOT / "requirements.lock", wanted())


def wanted() -> list[str]:
    """Names of the packages that the product needs, without those of its development."""
    try:
        given = requires("onemap-console") or []
    except PackageNotFoundError:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        given = list(project["dependencies"])
    return [_name(line) for line in given if "extra ==" not in line]


def packages(lock: Path, names: list[str]) -> Iterator[Finding]:
    """Packages that are missing, or of another version than the lock's."""
    locked = _locked(lock)
    missing, other = [], []
    for name in sorted(names):
        try:
            there = version(name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        if locked.get(name, there) != there:
            other.append(f"{name} {there} instead of {locked[name]}")
    needed = [name for name in missing if name not in CONSOLE_ONLY]
    if needed:
        yield problem("packages", f"missing: {', '.join(needed)}", "make venv, or pip install")
    if set(missing) & CONSOLE_ONLY:
        yield warning(
            "packages",
            f"missing: {', '.join(n for n in missing if n in CONSOLE_ONLY)}",
            "a hub runs without them; a console needs them (make venv)",
        )
    if other:
        yield warning(
            "packages", "; ".join(other), "what was tested is in requirements.lock: make venv"
        )
    if not locked:
        yield warning("packages", f"{lock} is not there", "versions cannot be compared with it")
    elif not missing and not other:
        yield ok("packages", f"{len(names)} packages, as in {lock.name}")


def _locked(lock: Path) -> dict[str, str]:
    try:
        text = lock.read_text("utf-8")
    except OSError:
        return {}
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s\\;]+)", text, re.MULTILINE))


def _name(requirement: str) -> str:
    return re.split(r"[<>=!~;\[ (]", requirement)[0].lower().replace("_", "-")


# -- disk -----------------------------------------------------------------------------
def disk(patient: Patient) -> Iterator[Finding]:
    """Room, and how long the disk takes to keep a promise."""
    place = patient.data
    while not place.exists():
        place = place.absolute().parent
    usage = shutil.disk_usage(place)
    free = usage.free / GB
    text = f"{free:.1f} GB free of {usage.total / GB:.0f} GB"
    if free < LITTLE_GB:
        yield problem("disk", text, "free space: a hub with a full disk accepts nothing")
    elif free < FEW_GB:
        yield warning("disk", text, "free space before it runs out")
    else:
        yield ok("disk", text)
    if not os.access(place, os.W_OK):
        return  # said by the check of the data directory
    took = fsync_ms(place)
    text = f"a synced write takes {took:.1f} ms (median of {SYNCS})"
    if took > SLOW_MS:
        yield warning("disk", text, "every acknowledgement waits for it: use a faster disk")
    else:
        yield ok("disk", text)


def fsync_ms(directory: Path) -> float:
    """Median time of a 4 KB write with fsync, milliseconds."""
    times = []
    with tempfile.TemporaryFile(dir=directory) as file:
        for _ in range(SYNCS):
            began = time.perf_counter()
            file.write(b"\0" * 4_096)
            file.flush()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1_000)
    return sorted(times)[SYNCS // 2]


# -- clock ----------------------------------------------------------------------------
def clock(patient: Patient) -> Iterator[Finding]:
    """Whether the clock can be right, is steady, and is kept by something."""
    now = patient.clock()
    shown = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    if now < BUILT:
        yield problem("clock", f"it says {shown}", "set the clock: every record carries its time")
        return
    drift = _drift()
    if abs(drift) > STEP_S:
        yield warning(
            "clock",
            f"it was set by {drift:+.2f} s while it was looked at",
            "let it be slewed, not stepped (chrony, systemd-timesyncd)",
        )
    state = _kernel_state()
    if state is None:
        yield ok("clock", f"{shown}; whether it is synchronised cannot be known here")
    elif state == UNSYNCHRONISED:
        yield warning(
            "clock",
            f"{shown}, kept by nothing",
            "start time synchronisation (chrony, systemd-timesyncd): times of records count",
        )
    else:
        yield ok("clock", f"{shown}, synchronised")


def _drift() -> float:
    """How far the wall clock moved against the monotonic one in a moment, seconds."""
    wall, steady = time.time(), time.monotonic()
    time.sleep(SAMPLE_S)
    return (time.time() - wall) - (time.monotonic() - steady)


def _kernel_state() -> int | None:
    """What adjtimex(2) answers when it only reads; None where there is no such call."""
    try:
        call = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    state = int(call(ctypes.create_string_buffer(512)))  # struct timex, modes 0
    return None if state < 0 else state

"""What the doctor finds, and the frame in which its checks run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from services.domain.clock import Clock
from services.domain.errors import KnownError

Level = Literal["ok", "warning", "problem"]


class Finding(msgspec.Struct, frozen=True):
    """One line of the doctor: where, how bad, what it is, and what to do about it."""

    area: str
    level: Level
    text: str
    todo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What is looked at. ``hub`` "": the one of the data directory, if it runs.

    ``quick``: leave out what reads the whole store. ``clock``: UNIX seconds.
    """

    data: Path
    clock: Clock
    hub: str = ""
    ca: Path | None = None
    packs: tuple[Path, ...] = ()
    tls_dir: Path | None = None
    port: int | None = None
    quick: bool = False


Check = Callable[[Patient], Iterable[Finding]]


def examine(checks: Iterable[tuple[str, Check]], patient: Patient) -> Iterator[Finding]:
    """Run checks in order; what one of them meets never keeps the others from their turn."""
    for area, check in checks:
        try:
            yield from check(patient)
        except KnownError as error:
            yield Finding(area, "problem", str(error))
        except Exception as error:  # a check that fails is a finding about the machine or about us
            what = f"this could not be looked at: {type(error).__name__}: {error}"
            yield Finding(area, "problem", what, "report it together with this line")


def ok(area: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(area, "ok", text)


def warning(area: str, text: str, todo: str) -> Finding:
    """It works, but not well, or not for long."""
    return Finding(area, "warning", text, todo)


def problem(area: str, text: str, todo: str) -> Finding:
    """It does not work, or is not safe."""
    return Finding(area, "problem", text, todo)

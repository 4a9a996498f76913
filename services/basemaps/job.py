"""What a download was asked for, as it stands in its file, and what may not be asked."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

import msgspec

from services.domain.errors import KnownError

JOB = "onemap_download"
"""The row of the file's metadata."""
MAX_RATE = 50.0


class Job(msgspec.Struct, frozen=True):
    """What was asked for, as it stands in the file; without any key."""

    source_id: str
    tiles: str
    rings: list[list[tuple[float, float]]]
    first: int
    last: int
    rate: float


def checked_rate(rate: float) -> float:
    """Questions a second, within what is asked of a server at most; KnownError ``bad_rate`` for
    what is no rate."""
    if not (math.isfinite(rate) and rate > 0.0):
        raise KnownError("bad_rate", "The rate is a number of questions a second, above 0.")
    return min(max(rate, 0.1), MAX_RATE)


def refuse_taken(path: Path) -> None:
    """KnownError ``file_there`` where a download would replace something."""
    if path.exists():
        raise KnownError(
            "file_there",
            f"{path.name} is there already; choose another name.",
            params={"name": path.name},
        )


def job_of(text: str) -> Job | None:
    """What stands in a row, None where it is none."""
    with contextlib.suppress(msgspec.DecodeError):
        return msgspec.json.decode(text, type=Job)
    return None

"""Reads what people type on the command line: durations, moments, window names. Pure, no Qt."""

from __future__ import annotations

import re

from app.options import WINDOWS
from services.domain.clock import parse_time
from services.domain.errors import KnownError

_PART = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d)", re.IGNORECASE)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}


def parse_duration(text: str) -> float:
    """Seconds of ``90``, ``60s``, ``5m``, ``1h30m``, ``2d``; raises KnownError ``bad_duration``."""
    plain = text.strip().lower()
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        seconds = float(plain)
    elif plain and not _PART.sub("", plain):
        seconds = sum(float(n) * _SECONDS[unit] for n, unit in _PART.findall(plain))
    else:
        seconds = 0.0
    if seconds <= 0.0:
        raise KnownError("bad_duration", f"{text!r} is not a duration; write 60s, 5m or 1h30m")
    return seconds


def parse_idle(text: str) -> float | None:
    """Seconds until an unused desk locks; None for ``off``. KnownError ``bad_duration``."""
    return None if text.strip().lower() in ("off", "0") else parse_duration(text)


def parse_moment(text: str) -> float:
    """UNIX seconds of an ISO 8601 time with offset or of a plain number; KnownError ``bad_time``.

    A time without an offset is refused: two machines would read it as two moments.
    """
    number = re.fullmatch(r"\d+(?:\.\d+)?", text.strip())
    return parse_time(float(text) if number else text, "--replay-at")


def parse_windows(text: str) -> tuple[str, ...]:
    """Window names in the order given; raises KnownError ``unknown_window``."""
    names = tuple(dict.fromkeys(n.strip() for n in text.split(",") if n.strip()))
    unknown = [n for n in names if n not in WINDOWS]
    if unknown or not names:
        said = ", ".join(unknown) or "nothing"
        raise KnownError("unknown_window", f"no window {said!r}; there are {', '.join(WINDOWS)}")
    return names

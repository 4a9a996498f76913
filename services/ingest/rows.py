"""Rows of a file on their way in: what every file source yields, and cells read strictly.

Pure; any thread. A cell that cannot be read raises KnownError naming the field and the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from services.domain.clock import parse_time
from services.domain.errors import KnownError
from services.domain.text import plain

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_024
MAX_TEXT = 2_000
"""Longest text that goes into one field, in characters."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
_TRUE = frozenset({"1", "true", "yes", "y", "是"})
_FALSE = frozenset({"0", "false", "no", "n", "否"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row or feature. ``number`` is its line (CSV) or its place from 1 (other formats).

    ``cells`` are texts by column; ``shape`` is a shapely geometry or None; ``raw`` is what a
    person needs to mend it: the cells as they were, or the feature's JSON. ``problem`` is why the
    row cannot be read at all.
    """

    number: int
    cells: dict[str, str]
    raw: tuple[str, ...] | bytes = ()
    shape: Any = None
    problem: KnownError | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """What a file turned out to be, for the preview."""

    name: str
    columns: tuple[str, ...]
    encoding: str
    detail: dict[str, str] = field(default_factory=dict)


class RowSource(Protocol):
    """A file that yields rows, each time from its beginning, in bounded memory."""

    @property
    def format(self) -> Format:
        """What the file is."""
        ...

    @property
    def has_shapes(self) -> bool:
        """Whether rows come with shapes, so that no column need be a position."""
        ...

    def rows(self) -> Iterator[Row]:
        """All rows, readable or not."""
        ...


def check_size(path: Path) -> int:
    """The size in bytes of a file that exists, is a file, is not empty and not too large."""
    try:
        if not path.is_file():
            raise KnownError("no_file", f"{path} is not a file")
        size = path.stat().st_size
    except OSError as error:
        raise KnownError("no_file", f"{path} cannot be read: {error.strerror}") from error
    if size == 0:
        raise KnownError("empty_file", f"{path.name} is empty")
    if size > MAX_FILE_BYTES:
        raise KnownError(
            "too_large",
            f"{path.name} has {size:,} bytes; at most {MAX_FILE_BYTES:,} can be imported at once",
        )
    return size


def number(text: str, where: str) -> float:
    """A finite decimal number, written with a point; no grouping, no words."""
    text = text.strip()
    if text.lower() in _NOT_FINITE:
        raise KnownError("not_finite", f"“{text}” is not a finite number", field=where)
    if not _NUMBER.fullmatch(text):
        raise KnownError("not_a_number", f"“{shorten(text)}” is not a number", field=where)
    value = float(text)
    if not math.isfinite(value):
        raise KnownError("not_finite", f"“{shorten(text)}” is too large a number", field=where)
    return value


def boolean(text: str, where: str) -> bool:
    """Yes or no, as 1/0, true/false, yes/no, 是/否."""
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise KnownError("not_a_boolean", f"“{shorten(text)}” is neither yes nor no", field=where)


def line(text: str, where: str) -> str:
    """Text for a label: one line, bounded, without control or direction-changing characters."""
    return plain(" ".join(text.split()), where, MAX_TEXT)


def moment(text: str, where: str, zone: tzinfo | None) -> float:
    """A time as UNIX seconds: ISO 8601 (also with / for -), or UNIX seconds themselves.

    A time without an offset is read in ``zone``; without a zone it is refused, never guessed.
    """
    text = text.strip()
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text, re.ASCII):
        return parse_time(float(text), where)
    try:
        value = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise KnownError("bad_time", f"“{shorten(text)}” is not a time", field=where) from None
    if value.tzinfo is None:
        if zone is None:
            raise KnownError(
                "no_offset",
                f"“{text}” has no offset from UTC; say with --timezone where its clock stood",
                field=where,
            )
        value = value.replace(tzinfo=zone)
    return parse_time(value.timestamp(), where)


def time_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name (``Asia/Shanghai``) or ``UTC``; None for an empty name."""
    if not name:
        return None
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise KnownError(
            "unknown_timezone",
            f"“{shorten(name)}” is not a time zone such as Asia/Shanghai",
            field="timezone",
        ) from error


def shorten(text: str, limit: int = 60) -> str:
    """The text, or its beginning with an ellipsis, made safe to print."""
    safe = "".join(c if c.isprintable() else "�" for c in text[: limit + 1])
    return safe if len(text) <= limit else safe[:limit] + "…"

"""Reads a calendar file: the district's own where there is one, else the product's."""

from __future__ import annotations

from pathlib import Path

import msgspec

from services.cases.calendar import Calendar, CalendarFile
from services.domain import toml
from services.domain.errors import KnownError, in_words

NAME = "calendar.toml"
MAX_BYTES = 1 << 18


def default_file() -> Path:
    """The calendar that ships with the product."""
    return Path(__file__).resolve().parents[2] / "resources" / NAME


def load_calendar(directory: Path | None = None) -> Calendar:
    """The calendar of a data directory, or the product's; blocking file reads.

    KnownError ``bad_calendar`` names file and field.
    """
    own = directory / NAME if directory is not None else None
    path = own if own is not None and own.exists() else default_file()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnownError("bad_calendar", f"{path} is too large for a calendar")
        raw = toml.loads(path.read_text(encoding="utf-8"))
        return Calendar(msgspec.convert(raw, CalendarFile))
    except KnownError as error:
        raise KnownError(error.code, f"{path}: {error.text}", field=error.field) from None
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise KnownError("bad_calendar", f"{path} cannot be read: {in_words(error)}") from error

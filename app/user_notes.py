"""What one user keeps at this machine from one start to the next: bookmarks, forms, units.

A small file for each user in the data directory, written whole or not at all. No Qt; any thread.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from layers.model.coordinates import Form
from layers.model.measure import AreaUnit, LengthUnit
from services.domain.datum import Datum
from services.domain.errors import KnownError

MAX_BYTES = 256 * 1024
MAX_BOOKMARKS = 200
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Paper = Literal["a4", "a3"]


class Bookmark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named view: centre in degrees, zoom level."""

    name: Name
    lon: Annotated[float, Meta(ge=-180.0, le=180.0)]
    lat: Annotated[float, Meta(ge=-90.0, le=90.0)]
    zoom: Annotated[float, Meta(ge=0.0, le=24.0)]


class Notes(msgspec.Struct, frozen=True):
    """All of it; what an older or newer file does not know is as at first."""

    bookmarks: Annotated[tuple[Bookmark, ...], Meta(max_length=MAX_BOOKMARKS)] = ()
    coordinates: Form = "degrees"
    length_unit: LengthUnit = "auto"
    area_unit: AreaUnit = "auto"
    typed_datum: Datum = "wgs84"


class UserNotes:
    """The notes of one user, in memory and in a file; without a directory in memory only.

    ``save`` may run in any thread, and the newest notes are what is in the file in the end.
    ``trouble``: the name that a file was given which could not be read, "" without any.
    """

    def __init__(self, directory: Path | None = None, user: str = "") -> None:
        name = hashlib.sha256(user.encode()).hexdigest()[:16]
        self.path = None if directory is None else directory / f"notes-{name}.json"
        self.trouble = ""
        self._lock = threading.Lock()
        self._wanted = self._written = 0
        self._notes = Notes() if self.path is None else self._load(self.path)

    @property
    def notes(self) -> Notes:
        """As they are now."""
        return self._notes

    def change(self, **fields: object) -> None:
        """Other values; ``save`` puts them on the disk."""
        self._notes = msgspec.structs.replace(self._notes, **fields)
        self._wanted += 1

    def save(self) -> None:
        """Write what is newest. Raises KnownError (notes_not_kept) when the disk does not take it;
        the notes hold until the end of this console all the same."""
        with self._lock:
            number, notes = self._wanted, self._notes
            if self.path is None or number == self._written:
                return
            try:
                _write(self.path, msgspec.json.encode(notes))
            except OSError as error:
                why = f"{self.path.name}: {error.strerror}"
                raise KnownError(
                    "notes_not_kept", f"Notes cannot be written, {why}", params={"why": why}
                ) from error
            self._written = number

    def _load(self, path: Path) -> Notes:
        """What is kept; where that cannot be read it is put aside, not overwritten."""
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
            if len(raw) > MAX_BYTES:
                raise ValueError("too large")
            return msgspec.json.decode(raw, type=Notes)
        except FileNotFoundError:
            return Notes()
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".broken"))
            self.trouble = path.with_suffix(".broken").name
            return Notes()


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

"""How files of one shape were read before, kept in the data directory and offered the next time.

One file, written whole and atomically, bounded; whatever in it cannot be read is forgotten.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from services.domain.clock import Clock
from services.domain.errors import KnownError, in_words
from services.domain.text import plain
from services.ingest.batches import DIRECTORY, Kept
from services.storage.turn import file_turn

FILE = "mappings.json"
MOST = 100
MAX_BYTES = 1024 * 1024
MAX_NAME = 80


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """One way of reading a shape of file. ``options``: as ``ImportOptions.kept`` gives them."""

    name: str
    signature: str
    kind: str
    options: Kept
    used_at: float = 0.0


def signature(format_name: str, columns: Sequence[str]) -> str:
    """What files with the same columns have in common, in whatever order they stand."""
    words = [format_name, *sorted(columns)]
    return hashlib.sha256(msgspec.json.encode(words)).hexdigest()[:32]


class Memory:
    """The ways that a data directory remembers. Any one thread."""

    def __init__(self, data: Path, clock: Clock = time.time) -> None:
        self._path = data / DIRECTORY / FILE
        self._clock = clock

    def all(self) -> list[Remembered]:
        """Newest used first; none where nothing can be read."""
        try:
            if self._path.stat().st_size > MAX_BYTES:
                return []
            found = msgspec.json.decode(self._path.read_bytes(), type=list[Remembered])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return []
        return sorted(found[:MOST], key=lambda r: -r.used_at)

    def of(self, name: str) -> Remembered:
        """The way of a name; KnownError ``unknown_mapping``."""
        for each in self.all():
            if each.name == name:
                return each
        known = ", ".join(each.name for each in self.all()[:20]) or "none"
        raise KnownError(
            "unknown_mapping",
            f"no mapping “{name[:60]}” is remembered; there are {known}",
            field="mapping",
        )

    def matching(self, shape: str) -> list[Remembered]:
        """Ways for files of a signature, newest used first."""
        return [each for each in self.all() if each.signature == shape]

    def keep(self, name: str, shape: str, kind: str, options: Kept) -> Remembered:
        """Remember a way; one of the same name is replaced, the longest unused beyond MOST goes.

        KnownError ``not_written`` where the disk takes nothing, ``file_busy``.
        """
        named = plain(" ".join(name.split()), "name", MAX_NAME)
        if not named:
            raise KnownError("missing_field", "give it a name", field="name")
        made = Remembered(
            name=named, signature=shape, kind=kind, options=options, used_at=self._clock()
        )
        with file_turn(self._path):
            self._write([made, *(each for each in self.all() if each.name != named)][:MOST])
        return made

    def used(self, name: str) -> None:
        """This way was taken again."""
        now = self._clock()
        with contextlib.suppress(KnownError), file_turn(self._path):
            # a full disk keeps nobody from loading
            self._write([replace(e, used_at=now) if e.name == name else e for e in self.all()])

    def forget(self, name: str) -> None:
        """Remember a way no more."""
        with file_turn(self._path):
            self._write([each for each in self.all() if each.name != name])

    def _write(self, ways: list[Remembered]) -> None:
        fresh = self._path.with_suffix(".new")
        data = msgspec.json.encode(ways)
        while len(data) > MAX_BYTES:
            ways = ways[:-1]
            data = msgspec.json.encode(ways)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with os.fdopen(os.open(fresh, mode, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise KnownError(
                "not_written", f"{self._path} cannot be written: {in_words(error)}"
            ) from error

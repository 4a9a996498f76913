"""Named workspaces of one person in a file: which layers each map shows, and where it looks. No Qt.

Written whole and atomically; a file that cannot be read is set aside under another name.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from layers.model.layer_set import MAX_BYTES as MAX_SET_BYTES
from layers.model.layer_set import LayerSet, check
from services.domain.errors import KnownError

log = logging.getLogger(__name__)
FOLDER = "workspaces"
VERSION = 1
MAX_BYTES = 16 * 1024 * 1024
MAX_WORKSPACES = 30
MAX_MAPS = 12
MAX_NAME = 40
MAX_ASIDE = 100
STANDARD = "-"
"""The workspace that everybody has and nobody has named."""


class View(msgspec.Struct, frozen=True):
    """Where a map looks: degrees and zoom."""

    lon: float
    lat: float
    zoom: float


class MapState(msgspec.Struct, frozen=True):
    """One map of a workspace."""

    layers: LayerSet
    view: View | None = None


Maps = dict[str, MapState]


class Content(msgspec.Struct, frozen=True):
    """What stands in the file: workspaces by name, their maps by window."""

    version: int = VERSION
    current: str = STANDARD
    workspaces: dict[str, Maps] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, and what a person must know of it: where the unreadable file is kept."""

    content: Content = field(default_factory=Content)
    problem: KnownError | None = None


class WorkspaceFile:
    """The file of one person at one hub. ``save`` from any thread; the newest content wins."""

    def __init__(self, directory: Path, hub: str, user: str) -> None:
        name = hashlib.sha256(f"{hub}\n{user}".encode()).hexdigest()[:16]
        self.path = directory / FOLDER / f"{name}.json"
        self._lock = threading.Lock()
        self._asked = self._written = 0

    def load(self) -> Found:
        """What was saved last; nothing where there is no file."""
        try:
            if self.path.stat().st_size > MAX_BYTES:
                raise ValueError("it is too large")
            return Found(decoded(self.path.read_bytes()))
        except FileNotFoundError:
            return Found()
        except (OSError, ValueError, RecursionError, KnownError) as error:
            aside = self._set_aside()
            log.error("workspaces %s cannot be read (%s); kept as %s", self.path, error, aside)
            text = f"Your saved layers cannot be read and were set aside as {aside.name}."
            return Found(
                problem=KnownError("workspaces_unreadable", text, params={"file": aside.name})
            )

    def turn(self) -> int:
        """A number for the next ``save``; ask in the order in which the contents were true."""
        with self._lock:
            self._asked += 1
            return self._asked

    def save(self, content: Content, turn: int) -> None:
        """Write the content of a turn; an older turn's does nothing. OSError when it fails."""
        data = msgspec.json.encode(content)
        with self._lock:
            if turn <= self._written:
                return
            write_whole(self.path, data)
            self._written = turn

    def _set_aside(self) -> Path:
        names = [".unreadable", *(f".unreadable-{n}" for n in range(2, MAX_ASIDE + 1))]
        paths = [self.path.with_suffix(name) for name in names]
        aside = next((path for path in paths if not path.exists()), paths[-1])
        with contextlib.suppress(OSError):
            self.path.replace(aside)
        return aside


def decoded(data: bytes) -> Content:
    """Read a file's content, bounded. ValueError or KnownError say what is wrong."""
    content = msgspec.json.decode(data, type=Content)
    if content.version != VERSION:
        raise ValueError(f"it is of version {content.version}")
    if len(content.workspaces) > MAX_WORKSPACES:
        raise ValueError(f"it holds more than {MAX_WORKSPACES} workspaces")
    for name, maps in content.workspaces.items():
        if not name or len(name) > MAX_NAME or len(maps) > MAX_MAPS:
            raise ValueError("a workspace has no name or too many maps")
        for state in maps.values():
            check(state.layers)
    if content.current not in content.workspaces:
        content = msgspec.structs.replace(content, current=STANDARD)
    return content


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file by another content or not at all, for its owner only. OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def read_bounded(path: Path) -> bytes:
    """The bytes of a layer set's file, at most one more than are allowed. OSError."""
    with path.open("rb") as file:
        return file.read(MAX_SET_BYTES + 1)


# -- changes, pure -----------------------------------------------------------------------
def with_map(content: Content, name: str, window: str, state: MapState) -> Content:
    """One map of a workspace as it is now."""
    maps = {**content.workspaces.get(name, {}), window: state}
    if len(maps) > MAX_MAPS:
        return content
    return _with(content, current=name, workspaces={**content.workspaces, name: maps})


def with_copy(content: Content, name: str, new: str) -> Content:
    """A workspace saved under another name, which becomes the current one. KnownError for no name,
    a name that is too long, and where there are too many."""
    new = new.strip()
    if not new or len(new) > MAX_NAME or new == STANDARD:
        raise KnownError(
            "workspace_name",
            f"A name has 1 to {MAX_NAME} characters.",
            params={"most": MAX_NAME},
        )
    if new not in content.workspaces and len(content.workspaces) >= MAX_WORKSPACES:
        raise KnownError(
            "workspaces_full",
            f"There are {MAX_WORKSPACES} workspaces; delete one first.",
            params={"most": MAX_WORKSPACES},
        )
    maps = dict(content.workspaces.get(name, {}))
    return _with(content, current=new, workspaces={**content.workspaces, new: maps})


def without(content: Content, name: str) -> Content:
    """A workspace less; where it was the current one, that is the standard one."""
    left = {n: maps for n, maps in content.workspaces.items() if n != name}
    current = content.current if content.current != name else STANDARD
    return _with(content, current=current, workspaces=left)


def _with(content: Content, **values: Any) -> Content:
    return msgspec.structs.replace(content, **values)

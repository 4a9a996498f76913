"""Where a data directory keeps its road networks: files by version, and which one is in use.

``roads/<version>.roads`` are never changed; ``roads/current.json`` names one of them. Where it is
not there the bundled roads are in use. Whole files, renamed into place: a reader never sees half.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from services.domain.errors import KnownError, in_words
from services.roads.bundled import JOIN_M, bundled_lines
from services.roads.network import RoadNetwork
from services.roads.noding import build
from services.roads.packed import MAX_BYTES, RoadInfo, info_of, packed, unpacked, version_of
from services.roads.rules import load_rules

FOLDER = "roads"
SUFFIX = ".roads"
CURRENT = "current.json"
BUNDLED = "bundled"
KEPT = 4
"""Versions that stay, the one in use among them, so that an import can be taken back."""
_HEX = frozenset("0123456789abcdef")


class _Current(msgspec.Struct, frozen=True, kw_only=True):
    version: str
    changed_at: float


class RoadStore:
    """The road networks of one data directory. Blocking file work; any one thread at a time."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / FOLDER

    @property
    def version(self) -> str:
        """The version in use; ``bundled`` where none was chosen. KnownError ``bad_roads``."""
        path = self._folder / CURRENT
        try:
            chosen = msgspec.json.decode(path.read_bytes(), type=_Current).version
        except FileNotFoundError:
            return BUNDLED
        except (OSError, msgspec.MsgspecError) as error:
            raise KnownError("bad_roads", f"{path} cannot be read: {in_words(error)}") from error
        return _checked(chosen)

    def load(self, version: str = "") -> tuple[RoadNetwork, RoadInfo]:
        """A network, the one in use by default; KnownError ``bad_roads`` where it is damaged or
        gone."""
        version, rules = version or self.version, load_rules(self._data)
        if version == BUNDLED:
            network = build(bundled_lines(), rules, JOIN_M)
            return network, info_of(network, BUNDLED, "basemap_schematic.geojson", 0.0)
        return unpacked(self.block(version), rules)

    def file(self, version: str) -> Path:
        """The file of a version that is here, never ``bundled``; it is never changed. KnownError
        ``bad_roads`` where it is gone or too large to be one."""
        path = self._path(version)
        try:
            if path.stat().st_size > MAX_BYTES:
                raise KnownError("bad_roads", f"{path} is too large for a road network.")
        except OSError as error:
            raise KnownError("bad_roads", f"{path} cannot be read: {in_words(error)}") from error
        return path

    def block(self, version: str) -> bytes:
        """A version as it is kept; KnownError ``bad_roads``."""
        path = self.file(version)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise KnownError("bad_roads", f"{path} cannot be read: {in_words(error)}") from error
        if version_of(data) != version:
            raise KnownError("bad_roads", f"{path} is damaged: it is not what its name says.")
        return data

    def has(self, version: str) -> bool:
        """Whether a version can be used without being fetched."""
        return version == BUNDLED or self._path(version).is_file()

    def add(self, network: RoadNetwork, name: str, now: float) -> str:
        """Keep a network and use it; its version."""
        return self.keep(packed(network, name, now), now)

    def keep(self, data: bytes, now: float) -> str:
        """Keep a block, which must be a network, and use it; its version."""
        unpacked(data, load_rules(self._data))
        version = version_of(data)
        self._write(self._path(version), data)
        self.use(version, now)
        self._let_go()
        return version

    def take_in(self, version: str, fetch: Callable[[str, Path], None]) -> None:
        """Have ``fetch(version, target)`` bring a version that is not here, and keep it beside the
        one in use; the oldest go. KnownError ``bad_roads`` where something else came."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{_checked(version)}.{os.getpid()}.fetched"
        try:
            fetch(version, target)
            if target.stat().st_size > MAX_BYTES:
                raise KnownError("bad_roads", "The hub sent more than a road network can be.")
            data = target.read_bytes()
        finally:
            target.unlink(missing_ok=True)
        if version_of(data) != version:
            raise KnownError("bad_roads", "The hub sent another road network than it named.")
        unpacked(data, load_rules(self._data))
        self._write(self._path(version), data)
        self._let_go(version)

    def use(self, version: str, now: float) -> None:
        """Use a version that is here, or ``bundled``; KnownError ``unknown_roads``."""
        if not self.has(version):
            raise KnownError("unknown_roads", f"There is no road network {version} here.")
        chosen = _Current(version=version, changed_at=now)
        self._write(self._folder / CURRENT, msgspec.json.encode(chosen))

    def versions(self) -> list[str]:
        """All that are here, newest file first, and ``bundled`` at the end."""
        files = sorted(
            self._folder.glob("*" + SUFFIX), key=lambda p: (-p.stat().st_mtime_ns, p.name)
        )
        return [*(p.stem for p in files), BUNDLED]

    def _path(self, version: str) -> Path:
        return self._folder / (_checked(version) + SUFFIX)

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise KnownError(
                "cannot_write", f"{path} cannot be written: {in_words(error)}"
            ) from error

    def _let_go(self, newest: str = "") -> None:
        """Delete versions that are old, but for the one in use and the newest. One that another
        program has just opened stays readable to it."""
        for version in [v for v in self.versions() if v != BUNDLED][KEPT:]:
            if version not in (self.version, newest):
                self._path(version).unlink(missing_ok=True)


def _checked(version: str) -> str:
    """A version is a few hexadecimal digits, or ``bundled``: never a way to another file."""
    if version != BUNDLED and not (8 <= len(version) <= 64 and set(version) <= _HEX):
        raise KnownError("bad_roads", "That is not the version of a road network.")
    return version

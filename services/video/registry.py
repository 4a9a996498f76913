"""The media registry: camera id → stream address. Feed messages never carry an address."""

from __future__ import annotations

import os
import re
import tempfile
import threading
import tomllib
from pathlib import Path
from urllib.parse import quote

from services.domain import toml
from services.domain.errors import KnownError
from services.domain.media_url import check_media_url

MAX_CAMERAS = 100_000
MAX_FILE_BYTES = 64 * 1024 * 1024
_CAMERA_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z:._-]{0,127}")
_PLACE = "{id}"


class MediaRegistry:
    """Addresses of the cameras, kept in a TOML file that only its owner can read.

    A camera has an address of its own, or the pattern's with ``{id}`` filled in. Every change is
    on disk when the call returns: written beside the file, synced, then renamed over it. Calls
    may come from any thread. Raises KnownError (``no_media``, ``bad_media_url``,
    ``bad_media_pattern``, ``bad_camera_id``, ``too_many``, ``bad_media_file``,
    ``media_not_saved``).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._pattern, self._cameras = _read(path)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def resolve(self, camera_id: str) -> str:
        """Return the stream address of a camera."""
        with self._lock:
            address = self._cameras.get(camera_id)
            pattern = self._pattern
        if address is not None:
            return address
        if pattern is not None and _CAMERA_ID.fullmatch(camera_id):
            return pattern.replace(_PLACE, quote(camera_id, safe=""))
        raise KnownError(
            "no_media",
            "No stream address is registered for this camera; an administrator can add one.",
            field="camera_id",
        )

    def set(self, camera_id: str, url: str) -> None:
        """Give a camera an address of its own."""
        _check_id(camera_id)
        self.check(url)
        with self._lock:
            if camera_id not in self._cameras and len(self._cameras) >= MAX_CAMERAS:
                raise KnownError("too_many", f"The registry is full: {MAX_CAMERAS} cameras.")
            self._store(self._pattern, {**self._cameras, camera_id: url})

    def set_pattern(self, url_template: str | None) -> None:
        """Set the address of all cameras without one of their own; None removes the pattern."""
        if url_template is not None:
            _check_pattern(url_template, "url_template")
        with self._lock:
            self._store(url_template, self._cameras)

    def remove(self, camera_id: str) -> None:
        """Forget a camera's own address; the pattern holds for it again. Unknown ids are fine."""
        with self._lock:
            if camera_id in self._cameras:
                left = {key: url for key, url in self._cameras.items() if key != camera_id}
                self._store(self._pattern, left)

    def check(self, url: str) -> None:
        """Raise KnownError ``bad_media_url`` unless a player may open this address."""
        check_media_url(url)

    def _store(self, pattern: str | None, cameras: dict[str, str]) -> None:
        """Write, then adopt: a failed write leaves memory and disk as they were."""
        _write(self._path, _toml(pattern, cameras))
        self._pattern, self._cameras = pattern, cameras


def _check_id(camera_id: str) -> None:
    if not _CAMERA_ID.fullmatch(camera_id):
        raise KnownError(
            "bad_camera_id",
            "A camera id has 1 to 128 letters, digits or the signs : . _ - and starts with a"
            " letter or digit.",
            field="camera_id",
        )


def _check_pattern(pattern: str, field: str) -> None:
    """Raise unless ``{id}`` stands once, and after the host: an id must not choose the host."""
    before, _, _ = pattern.partition(_PLACE)
    if pattern.count(_PLACE) != 1 or "/" not in before.partition("://")[2]:
        raise KnownError(
            "bad_media_pattern",
            "The pattern must hold {id} once, in the path, where the camera's id goes.",
            field=field,
        )
    check_media_url(pattern.replace(_PLACE, "0"), field=field)


def _read(path: Path) -> tuple[str | None, dict[str, str]]:
    """Read and check the whole file; one bad entry refuses it, naming the camera only."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return None, {}
    if len(raw) > MAX_FILE_BYTES:
        raise _bad_file(path, "it is too large")
    try:
        data = toml.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The decoder's own text may quote the line, and with it a password.
        raise _bad_file(path, "it is not TOML in UTF-8") from None
    pattern = data.get("pattern")
    cameras = data.get("cameras", {})
    if not isinstance(cameras, dict) or len(cameras) > MAX_CAMERAS:
        raise _bad_file(path, f"[cameras] is not a table of at most {MAX_CAMERAS} addresses")
    if pattern is not None:
        if not isinstance(pattern, str):
            raise _bad_file(path, "pattern is not an address")
        _check_pattern(pattern, f"{path.name}: pattern")
    for camera_id, url in cameras.items():
        if not isinstance(url, str) or not _CAMERA_ID.fullmatch(camera_id):
            raise _bad_file(path, f"the entry of camera {camera_id[:40]!r} is not an address")
        check_media_url(url, field=f"{path.name}: cameras.{camera_id}")
    return pattern, dict(cameras)


def _bad_file(path: Path, why: str) -> KnownError:
    return KnownError("bad_media_file", f"{path.name} cannot be used: {why}.", field=path.name)


def _toml(pattern: str | None, cameras: dict[str, str]) -> str:
    """Both ids and addresses are plain ASCII without quotes or backslashes (checked before)."""
    lines = ["# Stream addresses of cameras. Holds secrets: readable by its owner only."]
    if pattern is not None:
        lines.append(f'pattern = "{pattern}"')
    lines += ["", "[cameras]"]
    lines += [f'"{camera_id}" = "{url}"' for camera_id, url in sorted(cameras.items())]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes the file 0600 from the first byte on.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_directory(path.parent)
    except OSError as error:
        raise KnownError(
            "media_not_saved",
            f"{path.name} could not be written ({error.strerror}); the change was not made.",
        ) from error


def _sync_directory(directory: Path) -> None:
    """Without this a power cut may bring the old name back."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

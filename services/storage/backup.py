"""Copies a store while it is being written, and keeps the copy with a manifest that proves it.

A backup is a directory, or a tar file of it: ``manifest.json``, ``onemap.sqlite`` as it was at one
offset, and everything else that the data directory holds and a hub needs: accounts and tokens,
cameras' addresses, settings, packs. It holds secrets and personal data; its files are private. Of a
directory that only desks used there is no store in it, and the manifest says so.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import msgspec

from services.domain.errors import KnownError

STORE = "onemap.sqlite"
MANIFEST = "manifest.json"
FORMAT = 2
WITH_STORE, WITHOUT_STORE = 1, 2
"""Versions that know only the first refuse the second, which they could not bring back."""
INCREMENTAL = 2
STEP_PAGES = 256
STEP_PAUSE_S = 0.004
SYNC_STEPS = 16
"""A megabyte a step, a pause after each, and on the disk every sixteen: a commit of the hub that
falls in between waits for a little of it only, not for the whole copy to be flushed."""
MAX_FILES = 10_000
MAX_MANIFEST = 8 * 1024 * 1024
_REMADE = ("basemaps/tiles.sqlite", "basemaps/tiles.lock")
"""So does a console make anew what begins so: tiles that came from servers. Base maps themselves,
with their keys, and regions that were downloaded are kept."""
LEFT_OUT = ("hub.json", "control.token", "logs", "backups")
"""Of the data directory: what a running hub makes anew. The store itself is copied another way."""
_UNFINISHED = (".part", ".new", ".fetched")
"""Names of files that are being written; another takes their place, or nobody misses them."""
_STORE_FILES = ("onemap.sqlite", "onemap.lock", "onemap.head")
Pages = Callable[[int, int], None]


class FileEntry(msgspec.Struct, frozen=True):
    """A file of a backup, by its path in it."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is of. ``digest`` is that of the state at ``offset``.

    ``format`` WITHOUT_STORE: of a desk's files only; then nothing is said of a log.
    """

    format: int
    program: str
    made_at: float
    schema: str
    epoch: str
    first_offset: int
    offset: int
    events: int
    digest: str
    packs: tuple[str, ...]
    files: tuple[FileEntry, ...]

    @property
    def has_store(self) -> bool:
        """Whether a hub's store is in it."""
        return self.format == WITH_STORE


def copy_store(source: Path, target: Path, pages: Pages, *, alone: bool = False) -> None:
    """A consistent copy of a store at the moment of the call; ``pages`` hears (done, all).

    On a connection that only reads, so that it neither writes nor checkpoints beside the one
    writer, and readers hold up no commit. ``alone`` is for a store that no hub has open and that
    may have been left by a crash: then this connection recovers it.
    """
    address = f"file:{quote(str(source.absolute()))}?mode={'rw' if alone else 'ro'}"
    file = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        _copy(address, target, pages, file)
        os.fsync(file)
    except sqlite3.Error as error:
        raise KnownError("backup_failed", f"the store could not be copied: {error}") from error
    finally:
        os.close(file)


def _copy(address: str, target: Path, pages: Pages, file: int) -> None:
    steps = 0

    def progress(_status: int, remaining: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps % SYNC_STEPS == 0:
            os.fdatasync(file)
        pages(total - remaining, total)

    with (
        contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as source,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        source.execute("BEGIN").close()  # one read transaction: the copy is of one moment
        source.execute("SELECT count(*) FROM meta").fetchone()
        copy.execute("PRAGMA synchronous=OFF").close()  # synced above, in pieces
        source.backup(copy, pages=STEP_PAGES, progress=progress, sleep=STEP_PAUSE_S)
        source.execute("COMMIT").close()
        copy.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, readable anywhere


def shrink(path: Path) -> None:
    """Rewrite a store that nobody has open, when that frees much or lets it shrink by itself later:
    one from before incremental vacuum is only used again inside, never given back."""
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            (automatic,) = connection.execute("PRAGMA auto_vacuum").fetchone()
            (free,) = connection.execute("PRAGMA freelist_count").fetchone()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            if automatic != INCREMENTAL or free > pages // 5:
                connection.execute("PRAGMA auto_vacuum=INCREMENTAL").close()
                connection.execute("VACUUM").close()
    except sqlite3.Error as error:
        raise KnownError("restore_failed", f"the store could not be rewritten: {error}") from error


# -- files beside the store ----------------------------------------------------------------------
def other_files(data: Path) -> Iterator[PurePosixPath]:
    """What a data directory holds beside the store and what a hub makes anew."""
    for root, directories, names in os.walk(data):
        place = Path(root).relative_to(data)
        if place == Path():
            directories[:] = [
                d for d in directories if d not in LEFT_OUT and not d.startswith((".", "replaced-"))
            ]
        for name in sorted(names):
            path = place / name
            if place == Path() and (name in LEFT_OUT or name.startswith(_STORE_FILES)):
                continue
            if path.as_posix().startswith(_REMADE) or name.endswith(_UNFINISHED):
                continue
            if (data / path).is_file() and not (data / path).is_symlink():
                yield PurePosixPath(path.as_posix())


def room(data: Path, packs: Sequence[Path]) -> int:
    """Bytes of everything that a backup copies, as much as can be known before: the store with
    what is not in its main file yet, all other files, packs."""
    found = [*data.glob(f"{STORE}*"), *(data / path for path in other_files(data))]
    found += [file for directory in packs for file in directory.glob("*.toml")]
    total = 0
    for path in found:
        with contextlib.suppress(FileNotFoundError):  # removed since it was listed
            total += path.stat().st_size
    return total


def gather(data: Path, folder: Path) -> None:
    """Copy the other files into a backup's folder. Before the store is copied: what bears witness
    of it beside it must not be newer than it."""
    for path in other_files(data):
        with contextlib.suppress(FileNotFoundError):  # removed since it was listed
            _copy_private(data / path, folder / "data" / path)


def gather_packs(packs: Sequence[Path], folder: Path) -> tuple[str, ...]:
    """Copy pack directories into a backup's folder; the names they have there."""
    names: list[str] = []
    for number, directory in enumerate(packs, 1):
        name = f"{number}-{directory.name}"
        for file in sorted(directory.glob("*.toml")):
            _copy_private(file, folder / "packs" / name / file.name)
        names.append(name)
    return tuple(names)


def _copy_private(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(source, target)
    target.chmod(0o600)


def entries(folder: Path) -> tuple[FileEntry, ...]:
    """Every file of a backup but its manifest, with size and SHA-256."""
    found: list[FileEntry] = []
    for root, _directories, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            relative = path.relative_to(folder).as_posix()
            if relative != MANIFEST:
                found.append(FileEntry(relative, path.stat().st_size, sha256(path)))
    return tuple(sorted(found, key=lambda e: e.path))


def sha256(path: Path) -> str:
    """A file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# -- the manifest -----------------------------------------------------------------------------
def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest into a backup; it is complete only then."""
    path = folder / MANIFEST
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    path.chmod(0o600)


def read_manifest(folder: Path) -> Manifest:
    """The manifest; KnownError ``not_a_backup`` or ``newer_backup``."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MAX_MANIFEST:
            raise KnownError("not_a_backup", f"{path.name} is too large")
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise KnownError("not_a_backup", f"this is no backup: {error}") from error
    if manifest.format > FORMAT:
        raise KnownError("newer_backup", "a newer version of this program made this backup")
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file that the manifest names, and no other, as it was: else ``backup_damaged``."""
    found = {entry.path: entry for entry in entries(folder)}
    for entry in manifest.files:
        if found.pop(entry.path, None) != entry:
            raise _damaged(f"{entry.path} is missing or not as it was written")
    if found:
        raise _damaged(f"{min(found)} does not belong to it")


def _damaged(what: str) -> KnownError:
    return KnownError("backup_damaged", f"the backup is damaged: {what}; take another one")


# -- as one file ------------------------------------------------------------------------------
def pack(folder: Path, target: Path) -> None:
    """A backup's folder as one private tar file, on the disk before this returns."""
    with target.open("xb") as file:
        target.chmod(0o600)
        with tarfile.open(fileobj=file, mode="w") as tar:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                tar.add(path, path.relative_to(folder).as_posix(), recursive=False)
        file.flush()
        os.fsync(file.fileno())


def unpack(source: Path, folder: Path) -> None:
    """A tar file's content in a new folder: plain files only, none outside it, none too many.

    KnownError ``not_a_backup``.
    """
    free = shutil.disk_usage(folder.parent).free
    try:
        with tarfile.open(source, mode="r:") as tar:  # no compression, so no bombs
            total = 0
            for number, member in enumerate(tar):
                path = PurePosixPath(member.name)
                total += member.size
                inside = not path.is_absolute() and ".." not in path.parts and path.parts
                if not member.isreg() or not inside or number >= MAX_FILES:
                    raise KnownError("not_a_backup", f"{source} holds what no backup holds")
                if total > free:
                    raise KnownError("disk_full", f"unpacking {source.name} needs more room")
                _extract(tar, member, folder / path)
    except (OSError, tarfile.TarError) as error:
        raise KnownError("not_a_backup", f"{source} is no backup: {error}") from error


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = tar.extractfile(member)
    if data is None:
        raise KnownError("not_a_backup", "a part of the backup cannot be read")
    with data, target.open("xb") as out:
        target.chmod(0o600)
        shutil.copyfileobj(data, out, 1 << 20)

"""Makes backups of a data directory and brings them back, verified before and after."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from services.audit.record import entry
from services.domain.errors import KnownError
from services.storage import backup
from services.storage.accounts import end_logins
from services.storage.backup import STORE, WITH_STORE, WITHOUT_STORE, Manifest
from services.storage.examine import Findings, Told, examine
from services.storage.lock import StoreLock
from services.storage.writer import LogWriter

HEAD = "onemap.head"
ROOM = 1.05
TAR_COPIES = 3
"""Of a backup that is one file, for a moment: the folder, the file, and what is unpacked of it to
look it over."""
NO_STORE = Findings(schema="", epoch="", first_offset=0, offset=0, events=0, snapshots=0, digest="")


def make(
    data: Path,
    target: Path,
    fetch: Callable[[Path], Sequence[Path]] | None,
    *,
    packs: Sequence[Path] = (),
    program: str,
    now: float,
    told: Told,
) -> Manifest:
    """A backup of a data directory at ``target``: a tar file where it is called so, else a
    directory. Verified before it has its name. ``fetch`` puts a copy of the store where it is told
    to, and names the pack directories in use; None: there is none, and ``packs`` are taken.

    KnownError ``disk_full`` before anything is copied, where the disk of ``target`` has no room.
    """
    check_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _check_room(backup.room(data, packs), target)
    with _workshop(target.parent) as work:
        folder = work / "backup"
        folder.mkdir(mode=0o700)
        backup.gather(data, folder)
        if fetch is not None:
            packs = fetch(folder / STORE)
        names = backup.gather_packs(packs, folder)
        findings = NO_STORE if fetch is None else examine(folder / STORE, told)
        manifest = Manifest(
            format=WITHOUT_STORE if fetch is None else WITH_STORE,
            program=program,
            made_at=now,
            schema=findings.schema,
            epoch=findings.epoch,
            first_offset=findings.first_offset,
            offset=findings.offset,
            events=findings.events,
            digest=findings.digest,
            packs=names,
            files=backup.entries(folder),
        )
        backup.write_manifest(folder, manifest)
        if not is_file(target):
            backup.check_files(folder, manifest)
            folder.rename(target)
            return manifest
        packed = work / "packed.tar"
        backup.pack(folder, packed)
        again = work / "again"
        again.mkdir(mode=0o700)
        backup.unpack(packed, again)
        backup.check_files(again, manifest)
        packed.rename(target)
        return manifest


def _check_room(size: int, target: Path) -> None:
    needed = int(size * ROOM) * (TAR_COPIES if is_file(target) else 1)
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise KnownError(
            "disk_full",
            f"this backup needs {needed / 1e6:,.0f} MB in {target.parent} while it is made; "
            f"{free / 1e6:,.0f} MB are free. Nothing was written",
        )


def check_target(target: Path) -> None:
    """Refuse to write over anything: ``target_exists``."""
    if target.exists():
        raise KnownError("target_exists", f"{target} is there already; name a new one")


def is_file(target: Path) -> bool:
    """Whether a backup of this name is one file."""
    return target.suffix == ".tar"


@contextlib.contextmanager
def opened(source: Path) -> Iterator[tuple[Path, Manifest]]:
    """A backup's folder and manifest, its files checked; a tar file is unpacked beside it."""
    if source.is_dir():
        manifest = backup.read_manifest(source)
        backup.check_files(source, manifest)
        yield source, manifest
        return
    with _workshop(source.parent) as work:
        folder = work / "backup"
        folder.mkdir(mode=0o700)
        backup.unpack(source, folder)
        manifest = backup.read_manifest(folder)
        backup.check_files(folder, manifest)
        yield folder, manifest


def verify(source: Path, told: Told, *, fold: bool = False) -> Manifest:
    """Check a backup completely; KnownError says what is wrong with it."""
    with opened(source) as (folder, manifest), _workshop(folder.parent) as work:
        if not manifest.has_store:
            return manifest
        copy = work / STORE  # SQLite may want to write beside what it reads
        shutil.copyfile(folder / STORE, copy)
        _check_state(examine(copy, told, fold=fold), manifest)
        return manifest


def restore(source: Path, data: Path, told: Told, *, force: bool, stamp: str) -> Manifest:
    """Bring a backup into a data directory, under a new epoch, so that every console starts anew,
    and with no login open: everybody logs in again.

    A directory that holds anything is refused (``not_empty``) without ``force``; with it, what was
    there is moved to ``replaced-STAMP`` inside it, and nothing is thrown away. What a desk's backup
    holds is not put in the place of a hub's data, whatever is said (``a_hubs_data``).
    """
    if not source.exists():
        raise KnownError("no_backup", f"there is no {source}")
    if data.is_dir() and any(data.iterdir()) and not force:
        raise KnownError(
            "not_empty",
            f"{data} is not empty; name another directory, or say --force, which moves what is "
            "there aside",
        )
    data.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(StoreLock(data / "onemap.lock")), _workshop(data) as work:
        with opened(source) as (folder, manifest):
            if manifest.has_store:
                _take_store(folder / STORE, work / STORE, source.name, manifest, told)
            elif (data / STORE).exists():
                raise KnownError(
                    "a_hubs_data",
                    f"{source} holds a desk's files and no event store, and {data} is a hub's;"
                    " name another directory",
                )
            for part in ("data", "packs"):
                if (folder / part).is_dir():
                    shutil.copytree(folder / part, work / part)
        _move_aside(data, work, stamp)
        store = [work / STORE, work / HEAD] if manifest.has_store else []
        for path in [*store, *_inside(work / "data")]:
            shutil.move(path, data / path.name)
        if (work / "packs").is_dir():
            shutil.move(work / "packs", data / "packs-of-backup")
    if not manifest.has_store:
        return manifest
    after = examine(data / STORE, told)
    if after.epoch == manifest.epoch:
        raise KnownError("restore_failed", "the restored store has kept its old epoch")
    _check_state(msgspec.structs.replace(after, epoch=manifest.epoch), manifest, schema=False)
    return manifest


def _take_store(kept: Path, store: Path, name: str, manifest: Manifest, told: Told) -> None:
    shutil.copyfile(kept, store)
    store.chmod(0o600)
    _check_state(examine(store, told), manifest)
    backup.shrink(store)
    _begin_anew(store, name, manifest)


def _begin_anew(store: Path, name: str, manifest: Manifest) -> None:
    """Another epoch, and nobody logged in: who was logged out since, or shut out, would be back in
    with a token of that time. Before the store has its place, so that it never stands there under
    the epoch that consoles know."""
    writer = LogWriter(store)
    try:
        writer.new_epoch(lost=False)
        facts = {"made_at": manifest.made_at, "epoch": manifest.epoch, "offset": manifest.offset}
        back = entry("store.restored", object_=name, detail=facts, time=time.time())
        writer.transact(end_logins, [back])
    finally:
        writer.close()


def _check_state(found: Findings, manifest: Manifest, *, schema: bool = True) -> None:
    wanted = (manifest.epoch, manifest.offset, manifest.events, manifest.digest)
    same = (found.epoch, found.offset, found.events, found.digest) == wanted
    if not same or (schema and found.schema != manifest.schema):
        raise KnownError(
            "backup_damaged",
            "the store of this backup is whole, but not the one that the manifest speaks of",
        )


def _move_aside(data: Path, work: Path, stamp: str) -> None:
    left = [p for p in _inside(data) if p not in (work, data / "onemap.lock")]
    if left:
        aside = data / f"replaced-{stamp}"
        aside.mkdir(mode=0o700)
        for path in left:
            if not path.name.startswith("replaced-"):
                shutil.move(path, aside / path.name)


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


@contextlib.contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    """A private directory on the same disk, gone afterwards."""
    work = Path(tempfile.mkdtemp(prefix=".onemap-", dir=beside))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)

"""Writes one export, whole or not at all: into a file beside, then renamed. Any worker thread."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.domain.errors import KnownError, in_words
from services.exports.geo import write_geojson, write_gpkg
from services.exports.gpkg import GpkgError
from services.exports.sheet import Crs, Format, OutDatum, Progress, Provenance, Sheet
from services.exports.tables import (
    YES_NO,
    metadata_path,
    write_csv,
    write_csv_metadata,
    write_xlsx,
)

ROOM_BYTES = 1 << 20
"""With less left a disk counts as full when a program says only that it could not write."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is written. ``datum`` of CSV, XLSX and GeoJSON, ``crs`` of a GeoPackage; ``mark``:
    a byte-order mark in CSV; ``words`` for no and yes, ``pages`` the names of a workbook's sheets.
    """

    format: Format
    datum: OutDatum = "wgs84"
    crs: Crs = "EPSG:4490"
    mark: bool = True
    words: tuple[str, str] = YES_NO
    pages: tuple[str, str] = ("Data", "About")


def check_target(path: Path) -> None:
    """Whether a file can be written there, before anything is put on record: KnownError as
    ``write``."""
    with _told(path):
        unfinished = _unfinished(path)
        with unfinished.open("wb"):
            pass
        unfinished.unlink()


def write(
    path: Path, sheet: Sheet, about: Provenance, manner: Manner, progress: Progress
) -> list[Path]:
    """Write a file; the files that are there then. ``StopError`` where somebody stopped it.

    KnownError ``export_disk_full``, ``export_no_permission``, ``export_no_folder``,
    ``export_not_written`` or ``export_too_many``; nothing is left of it then, and a file that was
    there before is as it was.
    """
    unfinished = _unfinished(path)
    beside = metadata_path(path)
    half = _unfinished(beside)
    _clear(unfinished, half)  # of somebody who was killed
    try:
        with _told(path):
            _write(unfinished, path, half, sheet, about, manner, progress)
            progress.check()
            pairs = [(unfinished, path)]
            if manner.format == "csv":
                pairs.append((half, beside))
            _settle(pairs)
            return [place for _, place in pairs]
    finally:
        _clear(unfinished, half)


def _write(
    unfinished: Path,
    path: Path,
    half: Path,
    sheet: Sheet,
    about: Provenance,
    manner: Manner,
    progress: Progress,
) -> None:
    match manner.format:
        case "csv":
            write_csv(
                unfinished, sheet, progress,
                datum=manner.datum, mark=manner.mark, words=manner.words,
            )  # fmt: skip
            write_csv_metadata(half, path, sheet, about, manner.datum)
        case "xlsx":
            write_xlsx(
                unfinished, sheet, about, progress,
                datum=manner.datum, words=manner.words, names=manner.pages,
            )  # fmt: skip
        case "geojson":
            write_geojson(unfinished, sheet, about, progress, datum=manner.datum)
        case "gpkg":
            write_gpkg(unfinished, sheet, about, progress, crs=manner.crs, layer=sheet.title)


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.stem}.part{path.suffix}")


def _clear(unfinished: Path, half: Path) -> None:
    """Take away what is unfinished, and what SQLite may leave beside a database."""
    sidecars = (unfinished.with_name(unfinished.name + e) for e in ("-journal", "-wal", "-shm"))
    for rest in (unfinished, half, *sidecars):
        with contextlib.suppress(OSError):
            rest.unlink()


def _settle(pairs: list[tuple[Path, Path]]) -> None:
    """All on the disk, then all in their places: what may fail for want of room fails before
    anything that was there is replaced."""
    for unfinished, _place in pairs:
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
    for unfinished, place in pairs:
        unfinished.replace(place)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Failures of the disk in words; libraries wrap them in errors of their own."""
    try:
        yield
    except OSError as error:
        raise _words(path, error.errno, in_words(error)) from error
    except GpkgError as error:
        raise _words(path, error.errno, str(error)) from error
    except (KnownError, AssertionError):
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "xlsxwriter":
            raise
        cause = error.__cause__ or error.__context__
        number = cause.errno if isinstance(cause, OSError) else None
        raise _words(path, number, str(error)) from error


def _words(path: Path, number: int | None, said: str) -> KnownError:
    name = path.name
    if number in (errno.ENOSPC, errno.EDQUOT) or _is_full(path):
        return KnownError(
            "export_disk_full", f"the disk is full; {name} was not written", params={"name": name}
        )
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return KnownError(
            "export_no_permission",
            f"{path.parent} may not be written; choose another folder",
            params={"name": name, "folder": str(path.parent)},
        )
    if number in (errno.ENOENT, errno.ENOTDIR):
        return KnownError(
            "export_no_folder",
            f"there is no folder {path.parent}",
            params={"folder": str(path.parent)},
        )
    return KnownError(
        "export_not_written",
        f"{name} was not written: {said}",
        params={"name": name, "reason": said},
    )


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < ROOM_BYTES
    except OSError:
        return False

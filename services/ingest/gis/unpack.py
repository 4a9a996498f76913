"""Archives into a folder of ours: few members, bounded bytes, no names of theirs, no nesting.

Whatever a member is called, it is written under a name that we chose.
"""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath

from services.domain.errors import KnownError
from services.ingest.gis.formats import SHAPE_PARTS

MAX_MEMBERS = 1_000
MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all members that are taken, together."""
MAX_SWELL = 200
"""A member may be this many times as large as it lies in the archive, once it is over a megabyte:
text packs to a tenth, what packs better is made to swell."""
MAX_TABLE_SWELL = 1_100
"""Of a shapefile's table, whose texts are filled up with blanks: as much as the method packs."""
_CHUNK = 1 << 20
PREFERRED = "doc.kml"


def unpack(path: Path, folder: Path) -> tuple[Path, str]:
    """The one shapefile, KML or GeoPackage of an archive, unpacked; and its name in there.

    KnownError ``bad_archive`` (broken, encrypted, swelling, names that lead out of it),
    ``empty_archive``, ``which_member`` where there are several.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked(path, archive)
            main = _main(path, members)
            return _extract(archive, main, members, folder), main.filename
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise _bad(path, f"it is broken ({error})") from error
    except (ValueError, KeyError, zipfile.LargeZipFile) as error:
        raise _bad(path, "it is broken") from error


def _checked(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise _bad(path, f"it has {len(members):,} members; at most {MAX_MEMBERS:,} are looked at")
    for member in members:
        name = member.filename.replace("\\", "/")
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
            raise _bad(path, "a member's name leads out of it", member.filename)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _bad(path, "a member is a link", member.filename)
    return [m for m in members if not m.is_dir() and not _hidden(m.filename)]


def _hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _main(path: Path, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    found = [m for m in members if _suffix(m) in (".shp", ".kml", ".gpkg")]
    if path.suffix.lower() == ".kmz":  # what is beside the document are its pictures and parts
        found = [m for m in found if _suffix(m) == ".kml"]
        found.sort(key=lambda m: (PurePosixPath(m.filename).name.lower() != PREFERRED, m.filename))
        found = found[:1]
    if not found:
        raise KnownError(
            "empty_archive",
            f"{path.name} holds no shapefile, KML or GeoPackage",
            field="file",
        )
    if len(found) > 1:
        names = ", ".join(_shown(m.filename) for m in found[:6])
        raise KnownError(
            "which_member",
            f"{path.name} holds {len(found)} of them ({names}); unpack it and import one",
            field="file",
            params={"count": len(found), "names": names},
        )
    return found[0]


def _extract(
    archive: zipfile.ZipFile, main: zipfile.ZipInfo, members: list[zipfile.ZipInfo], folder: Path
) -> Path:
    suffix = _suffix(main)
    wanted = {suffix: main}
    if suffix == ".shp":
        stem = main.filename[: -len(".shp")].casefold()
        for member in members:
            if member.filename.casefold().removesuffix(_suffix(member)) == stem:
                wanted.setdefault(_suffix(member), member)
        wanted = {s: m for s, m in wanted.items() if s in SHAPE_PARTS}
    left = MAX_UNPACKED
    for each, member in wanted.items():
        left -= _pour(archive, member, folder / f"data{each}", left)
    return folder / f"data{suffix}"


def _pour(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unpack one member by what comes out, not by what its entry promises."""
    swell = MAX_TABLE_SWELL if target.suffix == ".dbf" else MAX_SWELL
    limit = min(left, max(_CHUNK, member.compress_size * swell))
    size = 0
    with archive.open(member) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise KnownError(
                    "bad_archive",
                    f"{_shown(member.filename)} swells to more than {limit:,} bytes when it is"
                    " unpacked; that is no honest archive",
                    field="file",
                )
            file.write(chunk)
    return size


def _bad(path: Path, why: str, member: str = "") -> KnownError:
    of = f" ({_shown(member)})" if member else ""
    return KnownError("bad_archive", f"{path.name} cannot be unpacked: {why}{of}", field="file")


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name[:80])

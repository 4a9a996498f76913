"""What an import is asked to do; each field is one option of ``onemap import``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from services.domain.errors import KnownError


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """``onemap import FILE --kind KIND …``; each field is one option.

    path: FILE of at most 100 MB: CSV, GeoJSON, Shapefile (also zipped), GeoPackage, KML or KMZ.
    kind: ``--kind``: ``case``, or a kind of a pack such as ``fire_station``.
    layer: ``--layer``: of a GeoPackage or KML with several.
    crs: ``--crs``: EPSG code of the coordinates; empty: what the file says. CSV and GeoJSON that
        say nothing are WGS-84 degrees; another file that says nothing is refused.
    datum: ``--datum``: what degrees mean: wgs84 (or CGCS2000), gcj02, bd09.
    mapping: ``--map FIELD=COLUMN`` repeated: a column, or a text with ``{column}`` in it.
    constants: ``--set FIELD=VALUE`` repeated: the same value for every row.
    units: ``--unit FIELD=UNIT`` repeated: in which unit a column is, where it is not the pack's.
    exact: no field is filled by its column's name; only what ``mapping`` says. Not an option.
    timezone: ``--timezone``: IANA name of the clock behind times that carry no offset.
    encoding: ``--encoding``: of a text or table; empty: as the file says, or found by itself.
    mend: ``--mend``: mend shapes that cross themselves, and say so, instead of refusing them.
    split: ``--split``: make several things of a row with several shapes instead of refusing it.
    dry_run: ``--dry-run``: check every row, load nothing.
    bad_rows_path: ``--bad-rows FILE``; None: beside FILE, as ``FILE.bad.csv`` or ``.bad.ndjson``.
    url, token, ca: of the hub, with role ``ingest`` (account ``source``); not used by a dry run.
    outline: GeoJSON of the district; the report says when no row lies in it. None: not looked at.
    Make ``mapping`` and ``constants`` from the repeated words with ``pairs(words, "map")``.
    """

    path: Path
    kind: str
    layer: str = ""
    crs: str = ""
    datum: str = "wgs84"
    mapping: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    exact: bool = False
    timezone: str = ""
    encoding: str = ""
    mend: bool = False
    split: bool = False
    dry_run: bool = False
    bad_rows_path: Path | None = None
    url: str = ""
    token: str = ""
    ca: Path | None = None
    outline: Path | None = None

    def kept(self) -> dict[str, str | bool | dict[str, str]]:
        """How the file is read, without where it and the hub are; for going on after a crash."""
        return {name: getattr(self, name) for name in _KEPT}

    def after(self, kept: Mapping[str, str | bool | dict[str, str]]) -> ImportOptions:
        """These options over remembered ones: what was said now counts more."""
        before = ImportOptions.of(self.path, self.kind, kept)
        plain = ImportOptions(path=self.path, kind=self.kind)
        more: dict[str, Any] = {}
        for name in _KEPT:
            old, new = getattr(before, name), getattr(self, name)
            if isinstance(old, dict):
                more[name] = {**old, **new}
            elif new == getattr(plain, name):
                more[name] = old
        return replace(self, **more)

    @classmethod
    def of(
        cls,
        path: Path,
        kind: str,
        kept: Mapping[str, str | bool | dict[str, str]],
        outline: Path | None = None,
    ) -> ImportOptions:
        """The same options again. KnownError ``unknown_batch`` where they are not ours."""
        given = {name: value for name, value in kept.items() if name in _KEPT}
        try:
            told = msgspec.convert(given, _Kept)
        except msgspec.ValidationError as error:
            raise KnownError("unknown_batch", f"how it was read is not known: {error}") from error
        return cls(path=path, kind=kind, outline=outline, **msgspec.structs.asdict(told))


class _Kept(msgspec.Struct):
    layer: str = ""
    crs: str = ""
    datum: str = "wgs84"
    mapping: dict[str, str] = {}
    constants: dict[str, str] = {}
    units: dict[str, str] = {}
    exact: bool = False
    timezone: str = ""
    encoding: str = ""
    mend: bool = False
    split: bool = False


_KEPT = frozenset(_Kept.__struct_fields__)

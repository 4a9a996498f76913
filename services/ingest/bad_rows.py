"""The file of refused rows: what was in them, where, and why; made for mending and importing again.

One thread. The file appears with its first row; formulas in it are plain text to a spreadsheet.
Rows of map formats that have a shape stand in a GeoJSON file besides, to be looked at on a map.
"""

from __future__ import annotations

import contextlib
import csv
import json
from pathlib import Path
from typing import IO

import msgspec
import shapely

from services.domain.cells import safe_cell
from services.domain.errors import KnownError
from services.ingest.rows import Format, Row

LINE, REASON = "_line", "_reason"


class BadRows:
    """Writes refused rows beside their source, or where it is told; a context manager.

    Where that is not possible the import goes on, and ``trouble`` says why there is no file.
    """

    def __init__(self, source: Path, path: Path | None, told: Format) -> None:
        self._as_csv = told.name != "GeoJSON"
        suffix = ".bad.csv" if self._as_csv else ".bad.ndjson"
        self.path = path or source.with_name(source.name + suffix)
        if self.path.resolve() == source.resolve():
            raise KnownError("bad_option", "bad rows may not replace the file", field="bad-rows")
        self._columns = told.columns
        self.trouble = ""
        self._file: IO[str] | None = None
        shapes = self.path.with_name(self.path.name.removesuffix(".csv") + ".geojson")
        self.shapes = _Shapes(shapes) if told.name not in ("CSV", "GeoJSON") else None

    def __enter__(self) -> BadRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self._close()

    def write(self, row: Row, why: KnownError) -> None:
        """Keep one row with its reason."""
        if self.trouble:
            return
        try:
            self._write(self._file if self._file is not None else self._open(), row, why)
            if self.shapes is not None and row.shape is not None:
                self.shapes.write(row, why)
        except OSError as error:
            self._give_up(error)

    def _write(self, file: IO[str], row: Row, why: KnownError) -> None:
        if self._as_csv:
            cells = [safe_cell(cell) for cell in row.raw if isinstance(cell, str)]
            csv.writer(file).writerow([row.number, safe_cell(str(why)), *cells])
            return
        told = {"feature": row.number, "code": why.code, "reason": str(why)}
        line = json.dumps(told, ensure_ascii=False)[:-1]
        file.write(f'{line}, "original": {_one_line(row.raw)}}}\n')

    def _open(self) -> IO[str]:
        # a spreadsheet reads Chinese in a CSV file only behind a byte-order mark
        encoding = "utf-8-sig" if self._as_csv else "utf-8"
        self._file = self.path.open("w", encoding=encoding, newline="")
        if self._as_csv:
            csv.writer(self._file).writerow([LINE, REASON, *map(safe_cell, self._columns)])
        return self._file

    def _close(self) -> None:
        if self.shapes is not None:
            with contextlib.suppress(OSError):  # the table says as much
                self.shapes.close()
        file, self._file = self._file, None
        if file is None:
            return
        try:
            file.close()  # writes what it still holds
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.trouble = f"{self.path} cannot be written ({error.strerror}); use --bad-rows"
        self._close()


class _Shapes:
    """Refused rows as GeoJSON in WGS-84 degrees, one feature a line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def write(self, row: Row, why: KnownError) -> None:
        """Add one row that has a shape."""
        before = ",\n"
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8")
            before = '{"type": "FeatureCollection", "features": [\n'
        told = {LINE: row.number, REASON: str(why), **row.cells}
        shape = shapely.to_geojson(row.shape)
        text = json.dumps(told, ensure_ascii=False)
        self._file.write(
            f'{before}{{"type": "Feature", "properties": {text}, "geometry": {shape}}}'
        )

    def close(self) -> None:
        """End the collection."""
        if self._file is not None:
            with self._file as file:
                file.write("\n]}\n")


def _one_line(raw: tuple[str, ...] | bytes) -> str:
    """A feature's JSON as it was, on one line."""
    try:
        told = raw if isinstance(raw, bytes) else b"null"
        return msgspec.json.format(told, indent=-1).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.dumps(str(raw), ensure_ascii=False)

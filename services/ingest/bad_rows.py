"""The file of refused rows: what was in them, where, and why; made for mending and importing again.

One thread. The file appears with its first row; formulas in it are plain text to a spreadsheet.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import IO

from services.domain.errors import KnownError
from services.ingest.csv_source import safe_cell
from services.ingest.rows import Format, Row

LINE, REASON = "_line", "_reason"


class BadRows:
    """Writes refused rows beside their source, or where it is told; a context manager."""

    def __init__(self, source: Path, path: Path | None, told: Format) -> None:
        self._as_csv = told.name == "CSV"
        suffix = ".bad.csv" if self._as_csv else ".bad.ndjson"
        self.path = path or source.with_name(source.name + suffix)
        if self.path.resolve() == source.resolve():
            raise KnownError("bad_option", "bad rows may not replace the file", field="bad-rows")
        self._columns = told.columns
        self._file: IO[str] | None = None

    def __enter__(self) -> BadRows:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, row: Row, why: KnownError) -> None:
        """Keep one row with its reason."""
        file = self._file if self._file is not None else self._open()
        if self._as_csv:
            cells = [safe_cell(cell) for cell in row.raw if isinstance(cell, str)]
            csv.writer(file).writerow([row.number, safe_cell(str(why)), *cells])
            return
        told = {"feature": row.number, "code": why.code, "reason": str(why)}
        raw = row.raw.decode("utf-8", "replace") if isinstance(row.raw, bytes) else "null"
        line = json.dumps(told, ensure_ascii=False)[:-1]
        file.write(f'{line}, "original": {" ".join(raw.split())}}}\n')

    def _open(self) -> IO[str]:
        try:
            # a spreadsheet reads Chinese in a CSV file only behind a byte-order mark
            encoding = "utf-8-sig" if self._as_csv else "utf-8"
            self._file = self.path.open("w", encoding=encoding, newline="")
        except OSError as error:
            text = f"{self.path} cannot be written: {error.strerror}"
            raise KnownError("cannot_write", text, field="bad-rows") from error
        if self._as_csv:
            csv.writer(self._file).writerow([LINE, REASON, *map(safe_cell, self._columns)])
        return self._file

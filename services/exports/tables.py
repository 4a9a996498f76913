"""CSV and XLSX. Nothing in either is ever carried out as a formula."""

from __future__ import annotations

import csv
import json
import math
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from services.domain.cells import safe_cell
from services.domain.clock import BEIJING
from services.domain.datum import from_wgs84
from services.domain.errors import KnownError
from services.exports.sheet import (
    CHUNK,
    DATUM_WORDS,
    OutColumn,
    OutDatum,
    Progress,
    Provenance,
    Sheet,
)

XLSX_ROWS = 1_048_575
"""Of one sheet, without its header."""
XLSX_TEXT = 32_767
TITLE_WIDTH, MOST_WIDTH = 3, 40
Cell = str | float | int | datetime | None
YES_NO = ("no", "yes")


def write_csv(
    path: Path,
    sheet: Sheet,
    progress: Progress,
    *,
    datum: OutDatum,
    mark: bool,
    words: tuple[str, str] = YES_NO,
) -> None:
    """A header line and the rows. ``mark``: a byte-order mark, which some spreadsheets need for
    Chinese. Who, when and why stand beside it, see ``write_csv_metadata``."""
    readers = [_reader(c, words, _csv_time) for c in _columns(sheet, datum)]
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([safe_cell(c.title) for c in _columns(sheet, datum)])
        for row in range(sheet.count):
            out.writerow([_csv_cell(read(row)) for read in readers])
            if row % CHUNK == 0:
                progress.step(row)


def metadata_path(path: Path) -> Path:
    """Where the metadata of a CSV stands, by the W3C's “CSV on the Web”."""
    return path.with_name(path.name + "-metadata.json")


def write_csv_metadata(
    path: Path, table: Path, sheet: Sheet, about: Provenance, datum: OutDatum
) -> None:
    """Who, when and why, the datum, and what the columns are; tools of CSVW read it."""
    facts = about.facts(DATUM_WORDS[datum])
    schema = [
        {"titles": c.title, "name": c.name, "datatype": _datatype(c), "dc:description": c.unit}
        for c in _columns(sheet, datum)
    ]
    told = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": table.name,
        "dc:title": sheet.title,
        "dc:creator": about.by,
        "dc:date": about.at,
        "dc:description": about.why,
        "notes": [{"name": name, "value": value} for name, value in facts],
        "tableSchema": {"columns": schema},
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2), "utf-8")


def write_xlsx(
    path: Path,
    sheet: Sheet,
    about: Provenance,
    progress: Progress,
    *,
    datum: OutDatum,
    words: tuple[str, str] = YES_NO,
    names: tuple[str, str] = ("Data", "About"),
) -> None:
    """A sheet with the rows and one with who, when and why. ``names`` of both sheets.

    Texts are written as texts: a spreadsheet shows them and reckons with none. KnownError
    ``export_too_many`` where a sheet does not hold so many rows.
    """
    if sheet.count > XLSX_ROWS:
        raise KnownError(
            "export_too_many",
            f"a sheet holds {XLSX_ROWS:,} rows; this is {sheet.count:,}",
            params={"most": f"{XLSX_ROWS:,}", "rows": f"{sheet.count:,}"},
        )
    with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as directory:
        _write_book(path, sheet, about, progress, datum, words, names, directory)


def _write_book(
    path: Path,
    sheet: Sheet,
    about: Provenance,
    progress: Progress,
    datum: OutDatum,
    words: tuple[str, str],
    names: tuple[str, str],
    directory: str,
) -> None:
    """Rows pass through a file in ``directory``, so that memory does not grow with them."""
    options = {
        "constant_memory": True,
        "tmpdir": directory,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    try:
        _write_rows(book, sheet, progress, datum, words, names[0])
        notes = book.add_worksheet(names[1])
        notes.set_column(0, 0, 18)
        notes.set_column(1, 1, 80)
        for at, (name, value) in enumerate(about.facts(DATUM_WORDS[datum])):
            notes.write_string(at, 0, name)
            notes.write_string(at, 1, value[:XLSX_TEXT])
        book.close()
    finally:
        for page in book.worksheets():  # a book that was not closed keeps them open
            page.row_data_fh.close()


def _write_rows(
    book: Any, sheet: Sheet, progress: Progress, datum: OutDatum, words: tuple[str, str], name: str
) -> None:
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    columns = _columns(sheet, datum)
    readers = [_reader(c, words, _xlsx_time) for c in columns]
    page.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        width = min(MOST_WIDTH, max(10, 2 * len(column.title) + TITLE_WIDTH))
        page.set_column(at, at, width)
        page.write_string(0, at, column.title, bold)
    for row in range(sheet.count):
        for at, read in enumerate(readers):
            value = read(row)
            if value is None:
                continue
            if isinstance(value, str):
                page.write_string(row + 1, at, value[:XLSX_TEXT])
            elif isinstance(value, datetime):
                page.write_datetime(row + 1, at, value, time)
            else:
                page.write_number(row + 1, at, value)
        if row % CHUNK == 0:
            progress.step(row)
    page.autofilter(0, 0, max(1, sheet.count), max(0, len(columns) - 1))


# -- cells -----------------------------------------------------------------------------
def _columns(sheet: Sheet, datum: OutDatum) -> list[OutColumn]:
    """The columns, those of the place shifted to the datum and named by it."""
    word = DATUM_WORDS[datum]
    lon, lat = from_wgs84(sheet.places.lon, sheet.places.lat, datum)
    shifted = {"lon": lon, "lat": lat}
    return [
        OutColumn(
            c.name, f"{c.title} {word}", c.content, np.round(shifted[c.name], 7), None, c.unit
        )
        if c.name in shifted
        else c
        for c in sheet.columns
    ]


def _reader(
    column: OutColumn, words: tuple[str, str], time: Callable[[float], Cell]
) -> Callable[[int], Cell]:
    if column.texts is not None:
        return column.texts.__getitem__
    numbers = column.numbers
    assert numbers is not None

    def read(row: int) -> Cell:
        value = float(numbers[row])
        if not math.isfinite(value):
            return None
        if column.content == "time":
            return time(value)
        if column.content == "flag":
            return words[1] if value else words[0]
        return int(value) if value.is_integer() and abs(value) < 2**53 else value

    return read


def _csv_time(value: float) -> Cell:
    return datetime.fromtimestamp(value, BEIJING).isoformat(sep=" ", timespec="seconds")


def _xlsx_time(value: float) -> Cell:
    """Beijing time, of which a spreadsheet does not know the zone."""
    moment = datetime.fromtimestamp(value, BEIJING).replace(tzinfo=None)
    return moment if moment.year >= 1900 else moment.isoformat(sep=" ")


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    return safe_cell(value) if isinstance(value, str) else repr(value)


def _datatype(column: OutColumn) -> str:
    return {"number": "number", "time": "datetime", "flag": "string", "text": "string"}[
        column.content
    ]

"""CSV files as row sources: encoding and delimiter found and named, ragged rows reported.

Pure reading, any thread, one row in memory at a time. Formulas are plain text on the way in and
neutralised on the way out (``services.domain.cells``).
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from services.domain.errors import KnownError
from services.ingest.rows import MAX_COLUMNS, MAX_ROWS, Format, Row, check_size, shorten

MAX_HEADER = 1 << 16
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte-order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 with byte-order mark"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 with byte-order mark"),
)
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class CsvSource:
    """One CSV file. ``encoding`` overrides what would be found."""

    def __init__(self, path: Path, encoding: str = "") -> None:
        check_size(path)
        self._path = path
        self._codec, named = _named(encoding) if encoding else detect_encoding(path)
        _check_text(path, self._codec, named)
        self._delimiter, columns = self._header()
        self._format = Format("CSV", columns, named, {"delimiter": _DELIMITERS[self._delimiter]})

    @property
    def has_shapes(self) -> bool:
        """Whether rows come with shapes."""
        return False

    @property
    def format(self) -> Format:
        """Columns in file order, encoding and delimiter by name."""
        return self._format

    def _header(self) -> tuple[str, tuple[str, ...]]:
        try:
            with self._path.open(encoding=self._codec, newline="") as file:
                first = file.readline(MAX_HEADER)
                delimiter = max(_DELIMITERS, key=first.count)
                reader = csv.reader(chain([first], file), delimiter=delimiter)
                columns = tuple(cell.strip() for cell in next(reader, []))
        except (UnicodeError, csv.Error) as error:
            raise KnownError("bad_csv", f"the header row cannot be read: {error}") from error
        if "\x00" in first:
            raise KnownError("bad_csv", f"{self._path.name} is not a text file")
        if len(first) >= MAX_HEADER:
            raise KnownError("bad_csv", f"the header row has more than {MAX_HEADER:,} characters")
        _check_columns(columns)
        return delimiter, columns

    def rows(self) -> Iterator[Row]:
        """Rows after the header; a broken one carries its problem and reading goes on."""
        columns = self._format.columns
        with self._path.open(encoding=self._codec, newline="") as file:
            taken: list[str] = []
            reader = csv.reader(_noted(file, taken), delimiter=self._delimiter)
            next(reader, None)
            for count in range(1, MAX_ROWS + 2):
                line = reader.line_num + 1
                taken.clear()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield _unreadable(line, taken, error)
                    continue
                if count > MAX_ROWS:
                    problem = KnownError("too_many", f"only the first {MAX_ROWS:,} rows are read")
                    yield Row(line, {}, problem=problem)
                    return
                if cells:
                    yield _row(line, columns, cells)


def _noted(file: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The lines of a file, each noted: of a row that cannot be read nothing may be lost."""
    for line in file:
        taken.append(line)
        yield line


def _unreadable(line: int, taken: list[str], error: csv.Error) -> Row:
    lines = f"lines {line} to {line + len(taken) - 1}" if len(taken) > 1 else f"line {line}"
    why = f"{lines} cannot be read as a row ({error})"
    if len(taken) > 1:
        why += f"; look for a quote in line {line} that is not closed"
    return Row(line, {}, tuple(t.rstrip("\r\n") for t in taken), problem=KnownError("bad_row", why))


def _row(line: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    raw = tuple(cells)
    if len(cells) != len(columns):
        text = f"the row has {len(cells)} cells, the header has {len(columns)}"
        return Row(line, {}, raw, problem=KnownError("ragged_row", text))
    return Row(line, dict(zip(columns, cells, strict=True)), raw)


def _check_columns(columns: tuple[str, ...]) -> None:
    if not any(columns):
        raise KnownError("bad_csv", "the header row is empty")
    if len(columns) > MAX_COLUMNS:
        raise KnownError("too_large", f"{len(columns):,} columns; at most {MAX_COLUMNS:,}")
    seen: set[str] = set()
    for place, name in enumerate(columns, 1):
        if not name:
            raise KnownError("bad_csv", f"column {place} has no name in the header row")
        if name in seen:
            raise KnownError("bad_csv", f"the header row names “{shorten(name)}” twice")
        seen.add(name)


def detect_encoding(path: Path) -> tuple[str, str]:
    """The codec of a text file and its name for people: by byte-order mark, UTF-8, or GBK."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, codec, named in _BOMS:
        if head.startswith(mark):
            return codec, named
    if _decodes(path, "utf-8"):
        return "utf-8", "UTF-8"
    if _decodes(path, "gb18030"):
        return "gb18030", "GBK (GB 18030)"
    place = ", ".join(
        f"not {named} in line {_first_bad(path, codec)}"
        for codec, named in (("utf-8", "UTF-8"), ("gb18030", "GBK"))
    )
    raise KnownError(
        "unknown_encoding",
        f"{path.name} is neither UTF-8 nor GBK text ({place}); mend it, or name its encoding with"
        " --encoding",
        field="encoding",
    )


def _check_text(path: Path, codec: str, named: str) -> None:
    """Refuse a file that is not what its mark or ``--encoding`` says, before any row is lost."""
    line = _first_bad(path, codec)
    if line:
        raise KnownError(
            "unknown_encoding",
            f"{path.name} is not {named} in line {line}; mend that line, or name the encoding with"
            " --encoding",
            field="encoding",
        )


def _named(encoding: str) -> tuple[str, str]:
    try:
        codec = codecs.lookup(encoding).name
        "".encode(codec)
    except LookupError as error:
        raise KnownError(
            "unknown_encoding", f"“{shorten(encoding)}” is not a text encoding", field="encoding"
        ) from error
    return ("utf-8-sig" if codec == "utf-8" else codec), codec


def _decodes(path: Path, codec: str) -> bool:
    return _first_bad(path, codec) == 0


def _first_bad(path: Path, codec: str) -> int:
    """The line of the first byte that is not text in ``codec``; 0 where all of it is."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start]  # what was held of the chunk before, and this
                return line + good.replace(b"\0", b"").count(b"\n")
            line += text.count("\n")
            if not chunk:
                return 0

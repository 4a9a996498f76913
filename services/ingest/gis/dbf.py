"""The table of a shapefile: in which encoding its texts are, and which numbers are whole.

Reads bytes only; the values themselves are read by the driver.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.domain.errors import KnownError

MAX_FIELDS = 1_024
_LANGUAGES = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
"""Bytes of the header that name a Chinese code page; others are set by habit and mean nothing."""
_PAGES = {"936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
_PAGES |= {"65001": "utf-8", "utf8": "utf-8", "utf-8": "utf-8", "950": "big5"}
_NAMES = {"gb18030": "GBK (GB 18030)", "utf-8": "UTF-8", "big5": "Big5", "latin-1": "Latin-1"}
_CHUNK_ROWS = 4_000


@dataclass(frozen=True, slots=True)
class Column:
    """One field: where it lies in a record, bytes, and whether it holds whole numbers only."""

    at: int
    width: int
    text: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The layout of a .dbf."""

    path: Path
    start: int
    record: int
    rows: int
    language: int
    names: tuple[bytes, ...]
    columns: tuple[Column, ...]


def layout(path: Path) -> Table:
    """The header of a .dbf; KnownError ``broken_file``."""
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            raise _broken(path)
        rows, start, record = struct.unpack("<IHH", head[4:12])
        fields = file.read(min(max(start - 32, 0), MAX_FIELDS * 32 + 1))
    names, columns, at = [], [], 1
    for begin in range(0, len(fields) - 31, 32):
        field = fields[begin : begin + 32]
        if field[0] == 0x0D:
            break
        width = field[16]
        sort = field[11:12]
        whole = sort in (b"N", b"F") and field[17] == 0
        names.append(field[:11].split(b"\0")[0])
        columns.append(Column(at, width, sort == b"C", whole))
        at += width
    if record < 1 or start < 33:
        raise _broken(path)
    return Table(path, start, record, rows, head[29], tuple(names), tuple(columns))


def encoding_of(table: Table, cpg: Path | None, given: str) -> tuple[str, str]:
    """The codec of the texts and where it is known from: given, cpg, dbf or found.

    What the file says is believed only if its texts can be read so; KnownError
    ``unknown_encoding`` names what fits instead.
    """
    if given:
        return codec_of(given), "given"
    said, where = _said(table, cpg)
    fits = next((c for c in ("utf-8", "gb18030") if decodes(table, c)), "")
    if said and (said == fits or decodes(table, said)):
        return said, where
    if said:
        fitting = f"; it reads as {named(fits)}, so name that with --encoding" if fits else ""
        raise KnownError(
            "unknown_encoding",
            f"the texts are not {named(said)}, as .{where} says{fitting}",
            field="encoding",
        )
    if not fits:
        raise KnownError(
            "unknown_encoding",
            "the texts are neither UTF-8 nor GBK; name their encoding with --encoding",
            field="encoding",
        )
    return fits, "found"


def _said(table: Table, cpg: Path | None) -> tuple[str, str]:
    if cpg is not None:
        word = cpg.read_bytes()[:64].decode("ascii", "replace").strip()
        if word:
            return codec_of(word), "cpg"
    return _LANGUAGES.get(table.language, ""), "dbf"


def codec_of(word: str) -> str:
    """Python's codec for a word as it stands in a .cpg, such as GBK, 936, UTF-8 or 8859_1."""
    plain = word.strip().lower().removeprefix("ansi").removeprefix("oem").strip(" :_-")
    plain = plain.removeprefix("cp") if plain.removeprefix("cp").isdecimal() else plain
    found = _PAGES.get(plain)
    if found is None and plain.isdecimal():
        plain = f"cp{plain}"
    try:
        codec = codecs.lookup(found or (f"iso{plain}" if plain.startswith("8859") else plain))
        "".encode(codec.name)
    except (LookupError, ValueError, TypeError) as error:
        shown = "".join(c if c.isprintable() else "�" for c in word[:40])
        raise KnownError(
            "unknown_encoding", f"“{shown}” is not a text encoding", field="encoding"
        ) from error
    return "latin-1" if codec.name == "iso8859-1" else codec.name


def named(codec: str) -> str:
    """A codec by its name for people."""
    return _NAMES.get(codec, codec)


def decodes(table: Table, codec: str) -> bool:
    """Whether every text and every name of the table is text in ``codec``."""
    try:
        for raw in table.names:
            raw.decode(codec)
        for raw, filled in _texts(table):
            text_of(raw, codec, filled=filled)
    except UnicodeDecodeError:
        return False
    return True


def text_of(raw: bytes, codec: str, *, filled: bool) -> str:
    """The text of a cell. One that fills its field may have been cut inside its last character,
    which is then left out. UnicodeDecodeError where it is no text in ``codec``."""
    if raw.isascii():
        return raw.decode("ascii")
    return codecs.getincrementaldecoder(codec)("strict").decode(raw, not filled)


def _texts(table: Table) -> Iterator[tuple[bytes, bool]]:
    texts = [c for c in table.columns if c.text]
    if not texts:
        return
    with table.path.open("rb") as file:
        file.seek(table.start)
        while chunk := file.read(table.record * _CHUNK_ROWS):
            if chunk.isascii():
                continue
            for begin in range(0, len(chunk) - table.record + 1, table.record):
                for column in texts:
                    cell = chunk[begin + column.at : begin + column.at + column.width]
                    if not cell.isascii():
                        text = cell.split(b"\0")[0].rstrip(b" ")
                        yield text, len(text) == column.width


def _broken(path: Path) -> KnownError:
    return KnownError("broken_file", f"{path.name} has no readable header", field="file")

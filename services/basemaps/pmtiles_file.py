"""PMTiles files of pictures, read with the format's own library behind bounds of our own."""

from __future__ import annotations

import gzip
import os
import threading
import zlib
from collections import OrderedDict
from pathlib import Path

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from services.basemaps.pictures import MAX_BYTES
from services.domain.errors import KnownError, in_words

HEADER_BYTES = 127
MAX_DIRECTORY_BYTES = 1024 * 1024
"""Of a directory, unpacked; usual ones have less than a tenth."""
MAX_DEPTH = 4
KEPT_DIRECTORIES = 32
_PICTURES = (TileType.PNG, TileType.JPEG, TileType.WEBP)


class PmtilesReader:
    """Tiles of one local file. Any thread. KnownError ``bad_pmtiles`` and ``vector_tiles``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._directories: OrderedDict[tuple[int, int], list[Entry]] = OrderedDict()
        try:
            self._file = os.open(path, os.O_RDONLY)
            self._size = os.fstat(self._file).st_size
        except OSError as error:
            raise self._bad(in_words(error)) from error
        try:
            self._read_header()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file; nothing is read after."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            self._file = -1

    def read(self, zoom: int, x: int, y: int) -> bytes | None:
        """The picture of a tile, None where there is none."""
        if not self.min_level <= zoom <= self.max_level:
            return None
        wanted = zxy_to_tileid(zoom, x, y)
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(MAX_DEPTH):
            entry = find_tile(self._directory(offset, length), wanted)
            if entry is None:
                return None
            if entry.run_length:
                start = self._header["tile_data_offset"] + entry.offset
                return self._unpacked(
                    self._bytes(start, entry.length, MAX_BYTES),
                    self._header["tile_compression"],
                    MAX_BYTES,
                )
            offset = self._header["leaf_directory_offset"] + entry.offset
            length = entry.length
        raise self._bad("its directories lead nowhere")

    def _read_header(self) -> None:
        try:
            self._header = deserialize_header(self._bytes(0, HEADER_BYTES, HEADER_BYTES))
        except MagicNumberNotFound:
            raise self._bad("it does not begin like one") from None
        except SpecVersionUnsupported:
            raise self._bad("it is not of version 3") from None
        except (ValueError, IndexError, UnicodeDecodeError) as error:
            raise self._bad(str(error)[:200]) from None
        kind = self._header["tile_type"]
        if kind not in _PICTURES:
            vector = kind in (TileType.MVT, TileType.MLT)
            what = "vector tiles" if vector else f"tiles of type {kind.name}"
            raise KnownError(
                "vector_tiles",
                f"{self._path.name} holds {what}; only pictures (PNG, JPEG, WebP) can be shown.",
            )
        self.min_level, self.max_level = self._header["min_zoom"], self._header["max_zoom"]
        if not 0 <= self.min_level <= self.max_level <= 30:
            raise self._bad("its levels make no sense")

    def _directory(self, offset: int, length: int) -> list[Entry]:
        key = (offset, length)
        with self._lock:
            if key in self._directories:
                self._directories.move_to_end(key)
                return self._directories[key]
        packed = self._bytes(offset, length, MAX_DIRECTORY_BYTES)
        plain = self._unpacked(packed, self._header["internal_compression"], MAX_DIRECTORY_BYTES)
        try:
            entries = deserialize_directory(gzip.compress(plain, 1))
        except (EOFError, ValueError, OverflowError, IndexError) as error:
            raise self._bad(f"a directory is damaged ({type(error).__name__})") from None
        with self._lock:
            self._directories[key] = entries
            while len(self._directories) > KEPT_DIRECTORIES:
                self._directories.popitem(last=False)
        return entries

    def _bytes(self, offset: int, length: int, most: int) -> bytes:
        """A part of the file; refused before anything is read when it is too large or outside."""
        if length > most:
            raise self._bad(f"a part of {length} bytes where {most} are the most")
        if offset + length > self._size:
            raise self._bad("it ends too early")
        with self._lock:
            if self._file < 0:
                raise self._bad("it has been closed")
            try:
                data = os.pread(self._file, length, offset)
            except (OSError, OverflowError) as error:
                raise self._bad(str(error)[:200]) from error
        if len(data) < length:
            raise self._bad("it ends too early")
        return data

    def _unpacked(self, data: bytes, how: Compression, most: int) -> bytes:
        if how == Compression.NONE:
            return data
        if how != Compression.GZIP:
            raise self._bad(f"packed as {how.name}, which is not read")
        machine = zlib.decompressobj(wbits=31)
        try:
            plain = machine.decompress(data, most + 1)
        except zlib.error as error:
            raise self._bad(f"a part cannot be unpacked ({error})") from None
        if len(plain) > most or not machine.eof:
            raise self._bad(f"a part unpacks to more than {most} bytes, or is cut off")
        return plain

    def _bad(self, why: str) -> KnownError:
        return KnownError(
            "bad_pmtiles",
            f"{self._path.name} cannot be used as PMTiles: {why}.",
            params={"name": self._path.name, "why": why},
        )

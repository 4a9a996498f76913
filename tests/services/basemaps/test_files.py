"""MBTiles and PMTiles: what others made is read, what is broken or hostile is refused by name."""

from __future__ import annotations

import contextlib
import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.tile import TileType, serialize_directory

from services.basemaps.pmtiles_file import PmtilesReader
from services.domain.errors import KnownError
from services.storage import mbtiles as storage
from services.storage.mbtiles import MbtilesReader, MbtilesWriter
from tests.services.basemaps.pictured import Tile, mbtiles, picture, pmtiles

RED, BLUE = picture("red"), picture("blue")
TILES: dict[Tile, bytes] = {(3, 6, 2): RED, (3, 6, 3): BLUE, (5, 25, 12): BLUE}
NAMED = {"name": "t", "format": "png", "minzoom": "3", "maxzoom": "5"}


def _refused(read: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as refused:
        read()
    return refused.value


# -- MBTiles ------------------------------------------------------------------------------------
def test_mbtiles_count_rows_from_the_south(tmp_path: Path) -> None:
    reader = MbtilesReader(mbtiles(tmp_path / "m.mbtiles", TILES, **NAMED))
    assert (reader.min_level, reader.max_level, reader.metadata["name"]) == (3, 5, "t")
    assert {tile: reader.read(*tile) for tile in TILES} == TILES
    assert reader.read(3, 6, 4) is None
    reader.close()


def test_levels_that_are_not_told_are_looked_up(tmp_path: Path) -> None:
    reader = MbtilesReader(mbtiles(tmp_path / "m.mbtiles", TILES, minzoom="-1", maxzoom="x"))
    assert (reader.min_level, reader.max_level) == (3, 5)
    reader.close()


def test_vector_tiles_are_refused_by_name(tmp_path: Path) -> None:
    error = _refused(
        lambda: MbtilesReader(mbtiles(tmp_path / "v.mbtiles", TILES, **{**NAMED, "format": "pbf"}))
    )
    assert (error.code, "v.mbtiles" in error.text) == ("vector_tiles", True)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"SQLite format 3", b"\0" * 4096])
def test_what_is_no_database_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.mbtiles"
    path.write_bytes(content)
    error = _refused(lambda: MbtilesReader(path))
    assert (error.code, "no.mbtiles" in error.text) == ("bad_mbtiles", True)
    assert str(tmp_path) not in error.text


def test_broken_files_are_refused(tmp_path: Path) -> None:
    whole = mbtiles(tmp_path / "m.mbtiles", TILES, **NAMED).read_bytes()
    broken = tmp_path / "broken.mbtiles"
    broken.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    assert _refused(lambda: MbtilesReader(broken)).code == "bad_mbtiles"
    assert _refused(lambda: MbtilesReader(tmp_path / "none.mbtiles")).code == "bad_mbtiles"
    empty = mbtiles(tmp_path / "empty.mbtiles", {})
    assert _refused(lambda: MbtilesReader(empty)).code == "bad_mbtiles"
    with sqlite3.connect(tmp_path / "other.mbtiles") as other:
        other.execute("CREATE TABLE photos (id integer)")
    other.close()
    assert _refused(lambda: MbtilesReader(tmp_path / "other.mbtiles")).code == "bad_mbtiles"


def test_a_tile_that_is_too_large_is_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MAX_TILE_BYTES", 10_000)
    path = mbtiles(tmp_path / "m.mbtiles", {(3, 6, 2): b"\0" * 10_100, (3, 0, 0): RED}, **NAMED)
    reader = MbtilesReader(path)
    assert reader.read(3, 0, 0) == RED
    assert _refused(lambda: reader.read(3, 6, 2)).code == "bad_mbtiles"
    reader.close()


def test_a_view_that_never_ends_is_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "QUESTION_S", 0.05)
    path = tmp_path / "view.mbtiles"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE metadata (name text, value text)")
        base.executemany("INSERT INTO metadata VALUES (?, ?)", NAMED.items())
        base.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT 3 AS zoom_level, 6 AS tile_column, i % 2 AS tile_row, 'x' AS tile_data FROM n"
        )
    base.close()
    reader = MbtilesReader(path)
    assert _refused(lambda: reader.read(3, 6, 2)).code == "bad_mbtiles"
    reader.close()


@given(st.dictionaries(st.tuples(st.integers(0, 63), st.integers(0, 63)), st.binary(), max_size=20))
def test_what_is_written_reads_back(tiles: dict[tuple[int, int], bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.mbtiles"
        writer = MbtilesWriter(path)
        writer.describe(NAMED)
        writer.add([((6, x, y), data) for (x, y), data in tiles.items()], [(6, 63, 0)])
        writer.close()
        again = MbtilesWriter(path)
        assert again.present(6) == {*tiles, (63, 0)}
        assert again.told("format") == "png"
        assert again.told("none") == ""
        again.close()
        reader = MbtilesReader(path)
        assert {tile: reader.read(6, *tile) for tile in tiles} == tiles
        reader.close()


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear all")
    assert _refused(lambda: MbtilesWriter(path)).code == "bad_mbtiles"
    assert path.read_text() == "dear all"


# -- PMTiles ------------------------------------------------------------------------------------
def test_pmtiles_are_read(tmp_path: Path) -> None:
    many = {(8, x, y): picture((x % 256, y % 256, 0), 8) for x in range(90) for y in range(90)}
    reader = PmtilesReader(pmtiles(tmp_path / "p.pmtiles", {**TILES, **many}))
    assert (reader.min_level, reader.max_level) == (3, 8)
    for tile, data in [*TILES.items(), *list(many.items())[::97]]:
        assert reader.read(*tile) == data
    assert reader.read(8, 200, 200) is None
    assert reader.read(9, 0, 0) is None
    reader.close()
    assert _refused(lambda: reader.read(3, 6, 2)).code == "bad_pmtiles"


@pytest.mark.parametrize("kind", [TileType.MVT, TileType.AVIF])
def test_pmtiles_without_pictures_are_refused(tmp_path: Path, kind: TileType) -> None:
    path = pmtiles(tmp_path / "v.pmtiles", TILES, kind)
    assert _refused(lambda: PmtilesReader(path)).code == "vector_tiles"


def _with_root(tmp_path: Path, root: bytes) -> Path:
    """A file whose root directory is these bytes, at its end."""
    data = bytearray(pmtiles(tmp_path / "p.pmtiles", TILES).read_bytes())
    data[8:16] = len(data).to_bytes(8, "little")
    data[16:24] = len(root).to_bytes(8, "little")
    path = tmp_path / "hostile.pmtiles"
    path.write_bytes(bytes(data) + root)
    return path


def _directory(tile: int, run: int, length: int, offset: int) -> bytes:
    from pmtiles.tile import Entry

    return serialize_directory([Entry(tile, offset, length, run)])


@pytest.mark.parametrize(
    "root",
    [
        gzip.compress(b"\0" * 50_000_000, 9),  # a bomb
        b"no gzip at all",
        gzip.compress(b"\xff" * 40),  # numbers without an end
        gzip.compress(b"\xff\xff\xff\xff\x0f"),  # billions of entries
        gzip.compress(b"\x01\x01\x01\x01\x01" * 3)[:-9],  # cut off
        _directory(0, 0, 60, 0),  # a leaf that is none
        _directory(0, 100_000, 1 << 40, 0),  # a tile of a terabyte
        _directory(0, 100_000, 100, 1 << 50),  # beyond the end
    ],
    ids=["bomb", "plain", "endless", "billions", "cut", "leaf", "terabyte", "beyond"],
)
def test_hostile_pmtiles_are_refused(tmp_path: Path, root: bytes) -> None:
    reader = PmtilesReader(_with_root(tmp_path, root))
    error = _refused(lambda: reader.read(3, 6, 2))
    assert (error.code, "hostile.pmtiles" in error.text) == ("bad_pmtiles", True)
    reader.close()


@pytest.mark.parametrize("content", [b"", b"PMTiles", b"PMTiles\x02" + b"\0" * 200, b"x" * 300])
def test_what_is_no_pmtiles_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.pmtiles"
    path.write_bytes(content)
    assert _refused(lambda: PmtilesReader(path)).code == "bad_pmtiles"


@given(st.integers(7, 126), st.integers(0, 255))
def test_any_byte_of_the_header_may_be_wrong(at: int, byte: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = pmtiles(Path(folder) / "p.pmtiles", TILES)
        data = bytearray(path.read_bytes())
        data[at] = byte
        path.write_bytes(bytes(data))
        try:
            reader = PmtilesReader(path)
        except KnownError:
            return
        with contextlib.suppress(KnownError):
            reader.read(3, 6, 2)
        reader.close()

"""Hostile and broken shapefiles, GeoPackages, KML and archives: each is refused or read, in words,
and what the process that reads them may use is bounded."""

from __future__ import annotations

import io
import itertools
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from shapely.geometry import Point

from services.domain.errors import KnownError
from services.ingest.gis import reader
from tests.faults.options import Faults, Row
from tests.services.importer.gis_files import written, zipped

PLACES = [Point(101.8, 36.6), Point(101.9, 36.7)]
COLUMNS = {"name": ["甲", "乙"]}
VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{0}</SrcDataSource></OGRVRTLayer>'
KML = '<?xml version="1.0"?>{0}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{1}</Document></kml>'
PLACE = "<Placemark><name>{0}</name><Point><coordinates>{1}</coordinates></Point></Placemark>"
Make = Callable[[Path], Path]


@pytest.fixture(scope="module", autouse=True)
def tried(faults: Faults) -> Iterator[list[str]]:
    names: list[str] = []
    yield names
    count = len(names)
    faults.found(Row("corpus: map files to import", count, count, 0, 0, "read or refused in words"))


def _saved(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _archive(folder: Path, members: dict[str, bytes | str], name: str = "a.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return folder / name


def _shape(folder: Path) -> Path:
    return written(folder / "a.shp", PLACES, COLUMNS)


def _without(suffix: str) -> Make:
    def make(folder: Path) -> Path:
        path = _shape(folder)
        path.with_suffix(suffix).unlink()
        return path

    return make


def _cut(suffix: str, size: int) -> Make:
    def make(folder: Path) -> Path:
        path = _shape(folder)
        part = path.with_suffix(suffix)
        part.write_bytes(part.read_bytes()[:size])
        return path

    return make


def _package(*statements: str) -> Make:
    def make(folder: Path) -> Path:
        path = written(folder / "a.gpkg", PLACES, COLUMNS)
        with closing(sqlite3.connect(path)) as store:
            for statement in statements:
                store.execute(statement)
            store.commit()
        return path

    return make


def _swelling(folder: Path) -> Path:
    head = KML.format("", "").encode()
    return _archive(folder, {"doc.kml": head + b" " * (200 * 1024 * 1024)}, "a.kmz")


def _lying(folder: Path) -> Path:
    """The directory says that the member is small; what comes out is not."""
    path = _swelling(folder)
    data = path.read_bytes()
    size = struct.pack("<I", len(KML.format("", "")) + 200 * 1024 * 1024)
    path.write_bytes(data.replace(size, struct.pack("<I", 100)))
    return path


def _encrypted(folder: Path) -> Path:
    path = zipped(folder / "a.zip", _shape(folder))
    data = bytearray(path.read_bytes())
    for at in range(len(data) - 4):
        if data[at : at + 4] == b"PK\x03\x04":
            data[at + 6] |= 1
        elif data[at : at + 4] == b"PK\x01\x02":
            data[at + 8] |= 1
    path.write_bytes(data)
    return path


def _linked(folder: Path) -> Path:
    link = zipfile.ZipInfo("a.kml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return folder / "a.zip"


def _nested(folder: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("doc.kml", KML.format("", ""))
    return _archive(folder, {"inner.zip": inner.getvalue()})


def _laughs() -> str:
    names = "abcdefghij"
    rows = [f'<!ENTITY {names[0]} "{"ha" * 1000}">']
    rows += [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise(names)]
    return KML.format(f"<!DOCTYPE kml [{''.join(rows)}]>", PLACE.format("&j;", "101.8,36.6"))


REFUSED: dict[str, tuple[Make, str, str]] = {
    "a shapefile without its index": (_without(".shx"), "missing_part", "a.shx"),
    "a shapefile without its table": (_without(".dbf"), "missing_part", "a.dbf"),
    "a table cut in its header": (_cut(".dbf", 20), "broken_file", "dbf"),
    "a shapefile cut in its header": (_cut(".shp", 50), "broken_file", "a.shp"),
    "a GeoPackage that is a database of something else": (
        lambda f: _saved(f / "a.gpkg", b"SQLite format 3\0" + bytes(52) + b"GPKG" + bytes(400)),
        "broken_file",
        "a.gpkg",
    ),
    "a GeoPackage cut in the middle": (
        lambda f: _saved(
            f / "b.gpkg", written(f / "a.gpkg", PLACES, COLUMNS).read_bytes()[:20_000]
        ),
        "broken_file",
        "b.gpkg",
    ),
    "a layer that never ends": (
        _package(
            "CREATE VIEW endless AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1"
            " FROM n) SELECT count(*) AS fid, NULL AS geom FROM n",
            "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id)"
            " VALUES ('endless', 'features', 'endless', 4326)",
            "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POINT', 4326, 0, 0)",
        ),
        "broken_file",
        "a.gpkg",
    ),
    "KML that is no XML": (
        lambda f: _saved(f / "a.kml", "<kml><Document>"),
        "broken_file",
        "a.kml",
    ),
    "KML of entities that multiply": (lambda f: _saved(f / "a.kml", _laughs()), "", "a.kml"),
    "an archive that leads out of itself": (
        lambda f: _archive(f, {"../../a.kml": KML.format("", "")}),
        "bad_archive",
        "leads out",
    ),
    "an archive with a name from the root": (
        lambda f: _archive(f, {"/etc/a.kml": KML.format("", "")}),
        "bad_archive",
        "leads out",
    ),
    "an archive with a drive's letter": (
        lambda f: _archive(f, {"C:\\a.kml": KML.format("", "")}),
        "bad_archive",
        "leads out",
    ),
    "an archive with a link": (_linked, "bad_archive", "link"),
    "an archive that swells": (_swelling, "bad_archive", "swells"),
    "an archive that lies about its sizes": (_lying, "bad_archive", ""),
    "an encrypted archive": (_encrypted, "bad_archive", "a.zip"),
    "an archive in an archive": (_nested, "empty_archive", "a.zip"),
    "an archive of too many members": (
        lambda f: _archive(f, {f"{n}.txt": "" for n in range(1_001)}),
        "bad_archive",
        "1,001",
    ),
    "an archive of several": (
        lambda f: _archive(f, {"a.kml": "", "b.kml": ""}),
        "which_member",
        "a.kml, b.kml",
    ),
    "an archive cut in the middle": (
        lambda f: _saved(f / "b.zip", zipped(f / "a.zip", _shape(f)).read_bytes()[:300]),
        "bad_archive",
        "b.zip",
    ),
    "a virtual dataset": (
        lambda f: _saved(f / "a.gpkg", VRT.format("/vsicurl/http://127.0.0.1:9/a")),
        "wrong_format",
        "a.gpkg",
    ),
    "a virtual dataset that says kml": (
        lambda f: _saved(f / "a.kml", VRT.format("<kml/>/vsicurl/http://127.0.0.1:9/a")),
        "broken_file",
        "a.kml",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_words(
    tmp_path: Path, tried: list[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    make, code, says = REFUSED[what]
    path = make(tmp_path)
    before = sorted(p for p in tmp_path.rglob("*"))
    monkeypatch.setattr(reader, "CPU_S", 4)
    monkeypatch.setattr(reader, "SILENT_S", 20.0)
    with pytest.raises(KnownError) as caught:
        reader.describe(path)
    tried.append(what)
    assert not code or caught.value.code == code, caught.value
    assert says in caught.value.text
    assert 20 < len(caught.value.text) < 400
    assert "onemap-import-" not in caught.value.text
    assert sorted(p for p in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "address",
    [
        *("/vsicurl/http://127.0.0.1:9/a.gpkg", "/vsizip/a.zip", "WFS:http://127.0.0.1:9/"),
        *("PG:host=127.0.0.1", "/vsistdin/", "/dev/zero", "/proc/self/mem", "http://127.0.0.1:9/"),
    ],
)
def test_what_is_no_file_is_never_opened(tried: list[str], address: str) -> None:
    with pytest.raises(KnownError) as caught:
        reader.describe(Path(address))
    tried.append(address)
    assert caught.value.code in ("no_file", "empty_file", "wrong_format")


def test_a_link_in_a_document_is_not_followed(tmp_path: Path, tried: list[str]) -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/more.kml</href></Link></NetworkLink>"
    place = PLACE.format("甲", "101.8,36.6")
    path = _saved(
        tmp_path / "a.kml", KML.format("", f"<Folder><name>f</name>{link}{place}</Folder>")
    )
    (layer,) = reader.describe(path).layers
    (batch,) = reader.read(path)
    tried.append("a link in KML")
    assert layer.count == len(batch.shapes) == 1


def test_shapes_that_are_none_cost_their_rows_alone(tmp_path: Path, tried: list[str]) -> None:
    path = written(tmp_path / "a.gpkg", [*PLACES, Point(101.7, 36.5)], {"name": ["a", "b", "c"]})
    with closing(sqlite3.connect(path)) as store:
        for trigger, _ in store.execute(
            "SELECT name, 1 FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            store.execute(f'DROP TRIGGER "{trigger}"')
        store.execute("UPDATE a SET geom = x'47500001E610000001FF0000000102' WHERE fid = 2")
        store.commit()
    batches = list(reader.read(path))
    tried.append("a shape of broken bytes")
    assert [s is None for b in batches for s in b.shapes] == [False, True, False]
    assert [name for b in batches for name in b.cells[0]] == ["a", "b", "c"]


def test_a_shapefile_cut_in_its_rows_gives_what_is_there(tmp_path: Path, tried: list[str]) -> None:
    path = _shape(tmp_path)
    path.write_bytes(path.read_bytes()[:-10])
    batches = list(reader.read(path))
    tried.append("a shapefile cut in its rows")
    assert [s is None for b in batches for s in b.shapes] == [False, True]
    assert [name for b in batches for name in b.cells[0]] == ["甲", "乙"]


def test_only_three_drivers_are_there(tmp_path: Path, tried: list[str]) -> None:
    """GeoJSON is a driver of the same library: a file that only it knows must not open."""
    for content in ('{"type":"FeatureCollection","features":[]}', "a,b\n1,2\n", "<gml/>"):
        path = _saved(tmp_path / "a.kml", content)
        with pytest.raises(KnownError) as caught:
            reader.describe(path)
        assert caught.value.code == "wrong_format"
    tried.append("files of other drivers")


def test_memory_is_bounded(
    tmp_path: Path, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = "".join(PLACE.format("x" * 2_000, "101.8,36.6") for _ in range(20_000))
    path = _saved(tmp_path / "a.kml", KML.format("", places))
    monkeypatch.setattr(reader, "MEMORY", 420 * 1024 * 1024)
    with pytest.raises(KnownError) as caught:
        list(reader.read(path))
    tried.append("more than the memory there is")
    assert caught.value.code in ("broken_file", "too_large")

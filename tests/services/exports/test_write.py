"""Exported files against other readers: csv, json, zip and XML, GDAL, shapely."""

from __future__ import annotations

import csv
import errno
import json
import math
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.datum import from_wgs84
from services.domain.errors import KnownError
from services.exports import geo, gpkg, tables, write
from services.exports.sheet import (
    CHUNK,
    OutColumn,
    Places,
    Progress,
    Provenance,
    Sheet,
    StopError,
)
from services.exports.write import Manner, check_target

NOW = 1_784_095_532.0
ABOUT = Provenance(
    record="abc", by="王 (duty1)", at="2026-07-15T14:05:32+08:00", why="汛情通报", layer="液位",
    filter="level > 0", rows=3, as_of="", hub="http://127.0.0.1:8630",
)  # fmt: skip
SQUARE = ((101.8, 36.6), (101.8, 36.7), (101.9, 36.7), (101.9, 36.6))  # turns right, and is open
HOLE = ((101.84, 36.64), (101.86, 36.64), (101.86, 36.66), (101.84, 36.66))
LINE = ((101.7, 36.5), (101.75, 36.55), (101.8, 36.5))
SHEET_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheet() -> Sheet:
    lon, lat = np.array([101.81, 101.85, 101.75]), np.array([36.61, 36.65, 36.52])
    return Sheet(
        "液位监测",
        ["s:1", "s:2", "s:3"],
        (
            OutColumn("name", "名称", "text", None, ["=1+1", '康乐, "十字"\n2', None]),
            OutColumn("level", "水位 (m)", "number", np.array([0.5, np.nan, 3.0]), unit="m"),
            OutColumn("seen", "最近上报", "time", np.array([NOW, np.nan, NOW + 0.25])),
            OutColumn("stale", "失联", "flag", np.array([1.0, 0.0, np.nan])),
            OutColumn("lon", "经度", "number", lon, unit="°"),
            OutColumn("lat", "纬度", "number", lat, unit="°"),
        ),
        Places(lon, lat, {1: (SQUARE, HOLE), 2: (LINE,)}, {1: "polygon", 2: "line"}),
    )


def written(tmp_path: Path, manner: Manner, of: Sheet | None = None) -> Path:
    path = tmp_path / f"out.{manner.format}"
    write.write(path, of or sheet(), ABOUT, manner, Progress())
    return path


def test_csv_for_a_spreadsheet(tmp_path: Path) -> None:
    path = written(tmp_path, Manner("csv", words=("否", "是")))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == [
        "名称", "水位 (m)", "最近上报", "失联", "经度 WGS-84", "纬度 WGS-84"
    ]  # fmt: skip
    assert rows == [
        ["'=1+1", "0.5", "2026-07-15 14:05:32+08:00", "是", "101.81", "36.61"],
        ['康乐, "十字"\n2', "", "", "否", "101.85", "36.65"],
        ["", "3", "2026-07-15 14:05:32+08:00", "", "101.75", "36.52"],
    ]
    assert not written(tmp_path, Manner("csv", mark=False)).read_bytes().startswith(b"\xef")


def test_a_csv_s_companion_says_who_when_and_why(tmp_path: Path) -> None:
    written(tmp_path, Manner("csv", "gcj02"))
    told = json.loads((tmp_path / "out.csv-metadata.json").read_text("utf-8"))
    assert told["@context"] == "http://www.w3.org/ns/csvw"
    assert (told["url"], told["dc:creator"]) == ("out.csv", "王 (duty1)")
    notes = {n["name"]: n["value"] for n in told["notes"]}
    assert (notes["why"], notes["datum"], notes["audit_record"]) == ("汛情通报", "GCJ-02", "abc")
    titles = [c["titles"] for c in told["tableSchema"]["columns"]]
    assert titles[-2:] == ["经度 GCJ-02", "纬度 GCJ-02"]


def test_positions_are_shifted_to_the_datum_that_is_named(tmp_path: Path) -> None:
    lon, lat = from_wgs84(101.81, 36.61, "gcj02")
    with written(tmp_path, Manner("csv", "gcj02")).open(encoding="utf-8-sig") as file:
        row = list(csv.reader(file))[1]
    assert float(row[4]) == pytest.approx(float(lon), abs=1e-7)
    assert float(row[5]) == pytest.approx(float(lat), abs=1e-7)
    told = json.loads(written(tmp_path, Manner("geojson", "gcj02")).read_text("utf-8"))
    assert told["onemap"]["datum"] == "GCJ-02"
    x, y = told["features"][0]["geometry"]["coordinates"]
    assert (x, y) == (pytest.approx(float(lon), abs=1e-7), pytest.approx(float(lat), abs=1e-7))
    corner = told["features"][1]["geometry"]["coordinates"][0]
    wanted = from_wgs84(*SQUARE[0], "gcj02")
    assert [pytest.approx(float(v), abs=1e-7) for v in wanted] in corner


def test_xlsx_holds_texts_numbers_times_and_no_formula(tmp_path: Path) -> None:
    path = written(tmp_path, Manner("xlsx", pages=("数据", "说明")))
    with zipfile.ZipFile(path) as book:
        names = ElementTree.fromstring(book.read("xl/workbook.xml")).findall(".//m:sheet", SHEET_NS)
        assert [n.get("name") for n in names] == ["数据", "说明"]
        rows, about = (
            ElementTree.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")) for n in (1, 2)
        )
    assert not rows.findall(".//m:f", SHEET_NS)
    cells = {c.get("r"): c for c in rows.findall(".//m:c", SHEET_NS)}
    assert cells["A2"].get("t") == "inlineStr"
    assert "".join(cells["A2"].itertext()) == "=1+1"
    assert cells["B2"].findtext("m:v", None, SHEET_NS) == "0.5"
    assert "B3" not in cells  # nothing is nothing
    day = float(cells["C2"].findtext("m:v", "", SHEET_NS))
    assert day == pytest.approx(46_218 + (14 * 3_600 + 5 * 60 + 32) / 86_400)  # 2026-07-15
    assert "".join(cells["E1"].itertext()) == "经度 WGS-84"
    told = "".join(about.itertext())
    assert "汛情通报" in told
    assert "王 (duty1)" in told


def test_xlsx_that_would_not_hold_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "XLSX_ROWS", 2)
    with pytest.raises(KnownError) as caught:
        written(tmp_path, Manner("xlsx"))
    assert caught.value.code == "export_too_many"
    assert list(tmp_path.iterdir()) == []


def test_geojson_is_as_its_standard_wants_it(tmp_path: Path) -> None:
    told = json.loads(written(tmp_path, Manner("geojson")).read_text("utf-8"))
    assert told["onemap"]["why"] == "汛情通报"
    first, area, line = told["features"]
    assert first == {
        "type": "Feature", "id": "s:1",
        "geometry": {"type": "Point", "coordinates": [101.81, 36.61]},
        "properties": {
            "name": "=1+1", "level": 0.5, "seen": "2026-07-15T14:05:32+08:00", "stale": True,
        },
    }  # fmt: skip
    assert area["properties"]["level"] is None
    outer, hole = area["geometry"]["coordinates"]
    assert outer[0] == outer[-1]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw
    assert shapely.geometry.shape(area["geometry"]).equals(shapely.Polygon(SQUARE, [HOLE]))
    assert line["geometry"]["type"] == "LineString"
    assert "lon" not in first["properties"]


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326"])
def test_a_geopackage_is_read_by_gdal(tmp_path: Path, crs: str) -> None:
    path = written(tmp_path, Manner("gpkg", crs=crs))  # type: ignore[arg-type]  # one of both
    assert [n for n, _ in pyogrio.list_layers(path)] == ["液位监测", geo.NOTE]
    meta, _, shapes, values = pyogrio.raw.read(path, layer="液位监测")
    assert meta["crs"] == crs
    assert list(meta["fields"]) == ["name", "level", "seen", "stale"]
    found = shapely.from_wkb(shapes)
    assert found[0] == shapely.Point(101.81, 36.61)
    assert found[1].equals(shapely.Polygon(SQUARE, [HOLE]))
    assert found[2] == shapely.LineString(LINE)
    assert values[0].tolist() == ["=1+1", '康乐, "十字"\n2', None]
    assert np.isnan(values[1][1])
    seen = pyogrio.raw.read(path, layer="液位监测", columns=["seen"], datetime_as_string=True)[3][0]
    assert seen[0].startswith("2026-07-15T06:05:32")
    assert seen[0].endswith(("Z", "+00:00"))
    assert seen[1] is None
    info = pyogrio.read_info(path, layer="液位监测")
    assert info["layer_metadata"]["why"] == "汛情通报"
    _, _, _, notes = pyogrio.raw.read(path, layer=geo.NOTE)
    told = dict(zip(notes[0].tolist(), notes[1].tolist(), strict=True))
    assert told["exported_by"] == "王 (duty1)"
    assert told["datum"] == crs


def test_a_geopackage_is_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geo, "PART_ROWS", 2)
    monkeypatch.setattr(geo, "PIECE_ROWS", 1)
    path = written(tmp_path, Manner("gpkg"))
    _, _, _, values = pyogrio.raw.read(path, layer="液位监测")
    assert len(values[0]) == 3


def test_an_empty_table_is_a_file_without_rows(tmp_path: Path) -> None:
    nothing = np.zeros(0)
    columns = (
        OutColumn("name", "名称", "text", None, []),
        OutColumn("level", "水位", "number", nothing),
    )
    empty = Sheet("无", [], columns, Places(nothing, nothing))
    assert (
        json.loads(written(tmp_path, Manner("geojson"), empty).read_text("utf-8"))["features"] == []
    )
    path = written(tmp_path, Manner("gpkg"), empty)
    assert pyogrio.read_info(path, layer="无")["features"] == 0
    for format_ in ("csv", "xlsx"):
        written(tmp_path, Manner(format_), empty)  # type: ignore[arg-type]


def test_names_that_a_database_takes_for_one_stay_apart(tmp_path: Path) -> None:
    names = ["Level", "level", "fid", "geom", "LEVEL_2"]
    one = np.array([1.0])
    columns = tuple(OutColumn(n, n, "number", one * i) for i, n in enumerate(names))
    of = Sheet("x", ["a"], columns, Places(one * 101, one * 36))
    meta, _, _, values = pyogrio.raw.read(written(tmp_path, Manner("gpkg"), of), layer="x")
    assert len({n.lower() for n in meta["fields"]}) == 5
    assert [float(v[0]) for v in values] == [0.0, 1.0, 2.0, 3.0, 4.0]


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
numbers = st.one_of(st.none(), st.floats(-1e9, 1e9), st.integers(-(2**40), 2**40).map(float))


@given(st.lists(st.tuples(texts, numbers), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float | None]]
) -> None:
    directory = tmp_path_factory.mktemp("out")
    count = len(rows)
    values = np.array([np.nan if v is None else v for _, v in rows])
    of = Sheet(
        "t",
        [f"i{i}" for i in range(count)],
        (
            OutColumn("a", "a", "text", None, [t for t, _ in rows]),
            OutColumn("b", "b", "number", values),
        ),
        Places(np.full(count, 101.8), np.full(count, 36.6)),
    )  # fmt: skip
    features = json.loads(written(directory, Manner("geojson"), of).read_text("utf-8"))["features"]
    assert [(f["properties"]["a"], f["properties"]["b"]) for f in features] == rows
    _, _, _, (names, read) = pyogrio.raw.read(written(directory, Manner("gpkg"), of), layer="t")
    assert names.tolist() == [t for t, _ in rows]
    assert np.array_equal(read, values, equal_nan=True)
    with written(directory, Manner("csv"), of).open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.reader(file))[1:]
    for (text, value), row in zip(rows, told, strict=True):
        assert row[0] in (text, "'" + text)
        assert (math.nan if row[1] == "" else float(row[1])) == pytest.approx(
            math.nan if value is None else value, nan_ok=True, rel=0, abs=0
        )


# -- whole or not at all --------------------------------------------------------------------
@pytest.mark.parametrize("format_", ["csv", "xlsx", "geojson", "gpkg"])
def test_what_is_stopped_leaves_nothing_and_what_was_there_is_as_it_was(
    tmp_path: Path, format_: str
) -> None:
    path = tmp_path / f"out.{format_}"
    path.write_text("before", "utf-8")
    progress = Progress()
    progress.stop()
    with pytest.raises(StopError):
        write.write(path, sheet(), ABOUT, Manner(format_), progress)  # type: ignore[arg-type]
    assert path.read_text("utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "export_disk_full"),
        (errno.EDQUOT, "export_disk_full"),
        (errno.EACCES, "export_no_permission"),
        (errno.EROFS, "export_no_permission"),
        (errno.EIO, "export_not_written"),
    ],
)
def test_a_disk_that_refuses_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def refuse(path: Path, *_args: object, **_more: object) -> None:
        path.write_text("half", "utf-8")
        raise OSError(number, "as the system says")

    monkeypatch.setattr(write, "write_csv", refuse)
    with pytest.raises(KnownError) as caught:
        written(tmp_path, Manner("csv"))
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_companion_that_does_not_reach_the_disk_leaves_both_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, Manner("csv"))
    beside = write.metadata_path(path)
    before = path.read_bytes(), beside.read_bytes()
    path.write_bytes(b"older")
    synced: list[int] = []

    def second_fails(number: int) -> None:
        synced.append(number)
        if len(synced) == 2:
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(write.os, "fsync", second_fails)
    with pytest.raises(KnownError):
        written(tmp_path, Manner("csv"))
    assert (path.read_bytes(), beside.read_bytes()) == (b"older", before[1])
    assert sorted(tmp_path.iterdir()) == sorted([path, beside])


def test_texts_are_let_go_piece_by_piece() -> None:
    texts: list[str | None] = ["a"] * (2 * CHUNK + 1)
    column = OutColumn("name", "Name", "text", None, texts)
    nowhere = np.zeros(len(texts))
    made = Sheet("x", [""] * len(texts), (column,), Places(nowhere, nowhere))
    made.let_go()
    assert texts == []


def test_a_writing_process_that_dies_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpkg, "MODULE", "services.exports.none_such")
    with pytest.raises(KnownError) as caught:
        written(tmp_path, Manner("gpkg"))
    assert caught.value.code == "export_not_written"
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_waits_for_the_writing_process_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Progress()

    def slow(_pipe: object, _what: object) -> None:
        progress.stop()  # and the process was told nothing, so it never answers

    monkeypatch.setattr(gpkg, "send", slow)
    with pytest.raises(StopError):
        write.write(tmp_path / "out.gpkg", sheet(), ABOUT, Manner("gpkg"), progress)
    assert list(tmp_path.iterdir()) == []


def test_a_library_s_own_error_is_said_in_words_too(tmp_path: Path) -> None:
    for format_ in ("xlsx", "gpkg", "csv"):
        with pytest.raises(KnownError) as caught:
            write.write(
                tmp_path / "none" / f"x.{format_}", sheet(), ABOUT,
                Manner(format_), Progress(),  # type: ignore[arg-type]
            )  # fmt: skip
        assert caught.value.code in ("export_no_folder", "export_not_written"), format_
    with pytest.raises(KnownError) as caught:
        check_target(tmp_path / "none" / "x.csv")
    assert caught.value.code == "export_no_folder"
    check_target(tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []

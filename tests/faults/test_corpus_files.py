"""The corpus of files that `onemap import` is given: named row by row, and no formula comes out."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import resource
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from services.domain.errors import KnownError
from services.ingest.importer import ImportOptions, preview, run
from services.ingest.rows import MAX_FILE_BYTES
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from tests.faults.entries import Entry, entries
from tests.faults.options import Faults, Row
from tests.services.importer.fake_hub import FakeHub

TABLES, SHAPES = entries("csv"), entries("geojson")
GROWTH = 300 * 1024 * 1024
RING = [[101.8, 36.6], [101.81, 36.6], [101.81, 36.61], [101.8, 36.6]]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


@pytest.fixture(scope="module", autouse=True)
def tried(faults: Faults) -> Iterator[list[str]]:
    names: list[str] = []
    yield names
    count = len(names)
    faults.found(Row("corpus: files to import", count, count, 0, 0, "read or refused by row"))


def options(path: Path, kind: str = "fire_station", *, dry: bool = False) -> ImportOptions:
    return ImportOptions(path=path, kind=kind, dry_run=dry)


def _written(entry: Entry) -> bytes:
    codec = entry.get("codec", "utf-8")
    if codec == "mixed":  # UTF-8, and bytes that are text nowhere
        return bytes(entry["text"].encode().replace("ÿ".encode(), b"\xff"))
    return bytes.fromhex(entry.get("hex", "")) + entry["text"].encode(codec)


def _refused(entry: Entry, error: KnownError) -> None:
    assert error.code == entry["refused"], error
    assert entry["says"] in error.text, error
    assert 10 < len(error.text) < 400


@pytest.mark.parametrize("entry", TABLES, ids=lambda e: e["what"])
def test_a_table_is_read_row_by_row(
    tmp_path: Path, catalogue: Catalogue, tried: list[str], entry: Entry
) -> None:
    tried.append(entry["what"])
    path = tmp_path / "bad.csv"
    path.write_bytes(_written(entry))
    if "refused" in entry:
        with pytest.raises(KnownError) as caught:
            preview(options(path), catalogue)
        _refused(entry, caught.value)
        return
    shown = preview(options(path, dry=True), catalogue, rows=100)
    assert shown.lines()[0].startswith(f"CSV, {entry['encoding']}, delimiter comma, ")
    assert all(line.isprintable() for line in shown.lines())
    codes = [r.code if isinstance(r, KnownError) else "ok" for _, r in shown.rows]
    if "first" in entry:
        assert codes[: len(entry["first"])] == entry["first"]
    else:
        assert codes == entry["rows"]
    _loaded(path, catalogue)


def _loaded(path: Path, catalogue: Catalogue) -> None:
    """The good rows reach the hub, all of the others a file that a spreadsheet may open."""
    dry = run(options(path, dry=True), catalogue)
    hub = FakeHub(lambda item: "too long" if len(item["name"]) > 200 else "")
    with hub.client() as client:
        report = run(options(path), catalogue, client=client)
    assert (report.loaded, report.refused) == (dry.loaded, dry.refused)
    assert len([i for i in hub.items if len(i["name"]) <= 200]) == report.loaded
    if not report.refused:
        assert report.bad_rows_path is None
        return
    assert report.bad_rows_path is not None
    text = report.bad_rows_path.read_text("utf-8-sig")
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    finally:
        csv.field_size_limit(131_072)
    assert len(rows) == report.refused
    for cell in (cell for row in rows for cell in row):
        number = cell.lstrip("-+").replace(".", "").isdecimal()
        assert number or not cell.lstrip(" ").startswith(FORMULA), cell


def test_of_a_quote_that_is_not_closed_no_line_is_lost(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    entry = next(e for e in TABLES if e["what"] == "a quote that is not closed")
    path = tmp_path / "bad.csv"
    path.write_bytes(_written(entry))
    report = run(options(path, dry=True), catalogue)
    assert report.bad_rows_path is not None
    kept = report.bad_rows_path.read_text("utf-8-sig").count("丙")
    assert kept + report.loaded - 1 == 20_000
    assert "quote in line 3" in report.examples["bad_row"]


# -- shapes --------------------------------------------------------------------------------------
@pytest.mark.parametrize("entry", SHAPES, ids=lambda e: e["what"])
def test_a_feature_is_refused_between_two_good_ones(
    tmp_path: Path, catalogue: Catalogue, tried: list[str], entry: Entry
) -> None:
    tried.append(entry["what"])
    path = tmp_path / "bad.geojson"
    if "whole" in entry:
        path.write_bytes(entry["whole"].encode(entry.get("codec", "utf-8")))
        with pytest.raises(KnownError) as caught:
            preview(options(path), catalogue)
        _refused(entry, caught.value)
        return
    kind = "unit_grid" if "area" in entry else "fire_station"
    good = (
        {"type": "Polygon", "coordinates": [RING]}
        if "area" in entry
        else {"type": "Point", "coordinates": RING[0]}
    )
    shapes = [json.dumps(good), entry.get("area") or entry["point"], json.dumps(good)]
    features = [
        f'{{"type":"Feature","properties":{{"name":"{i}"}},"geometry":{shape}}}'
        for i, shape in enumerate(shapes)
    ]
    path.write_text(f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}')
    hub = FakeHub()
    with hub.client() as client:
        report = run(options(path, kind), catalogue, client=client)
    if entry["code"] == "ok":
        assert (report.loaded, len(hub.items)) == (3, 3)
        return
    assert report.reasons == {entry["code"]: 1}
    assert [item["name"] for item in hub.items] == ["0", "2"]
    (text,) = report.examples.values()
    assert text.startswith("row 2: ")
    assert entry.get("says", "") in text
    assert 20 < len(text) < 400
    assert "exception" not in text
    assert report.bad_rows_path is not None
    (kept,) = report.bad_rows_path.read_text("utf-8").splitlines()
    assert kept.startswith('{"feature": 2, ')


# -- files that are something else ---------------------------------------------------------------
def _impostors(folder: Path) -> dict[str, tuple[str, bytes]]:
    """A word of the refusal: its code, and a file that is something else than it is called."""
    store = folder / "made.gpkg"
    with sqlite3.connect(store) as made:
        made.execute("PRAGMA application_id = 1196444487")  # "GPKG"
        made.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    made.close()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", b"0" * (64 * 1024 * 1024))
    return {
        "GeoPackage": ("broken_file", store.read_bytes()),
        "holds no": ("empty_archive", bomb.getvalue()),
        "gzip": ("wrong_format", gzip.compress(b"name,lon,lat\n" + b" " * (64 * 1024 * 1024))),
        "a.shx": ("missing_part", bytes.fromhex("0000270a") + bytes(96)),
        ".xls": ("wrong_format", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)),
        "PDF": ("wrong_format", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    }


def test_what_a_file_is_counts_and_not_what_it_is_called(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    impostors = _impostors(tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for what, (code, content) in impostors.items():
        for name in ("a.csv", "a.geojson", "a.gpkg", "a.xlsx"):
            path = tmp_path / name
            path.write_bytes(content)
            with pytest.raises(KnownError) as caught:
                preview(options(path), catalogue)
            if name == "a.xlsx" and code == "empty_archive":
                assert caught.value.code == "wrong_format"
                assert "CSV" in caught.value.text
                continue
            assert caught.value.code == code, (what, name)
            assert what in caught.value.text
            if code == "wrong_format":
                assert "CSV" in caught.value.text
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < GROWTH


def test_a_geopackage_that_is_text_is_read_as_what_it_is(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    path = tmp_path / "stations.gpkg"
    path.write_text("name,lon,lat\n甲,101.8,36.6\n", "utf-8")
    assert preview(options(path), catalogue).lines()[0].startswith("CSV, UTF-8")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path, catalogue: Catalogue) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.csv").touch()
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    for name, code in (
        ("pipe.csv", "no_file"),
        ("folder.csv", "no_file"),
        ("nothing.csv", "no_file"),
        ("empty.csv", "empty_file"),
        ("large.csv", "too_large"),
    ):
        with pytest.raises(KnownError) as caught:
            preview(options(tmp_path / name), catalogue)
        assert caught.value.code == code
        assert name in caught.value.text
    with pytest.raises(KnownError) as caught:
        preview(options(Path("/dev/zero")), catalogue)
    assert caught.value.code == "no_file"


def test_the_command_says_it_too(tmp_path: Path) -> None:
    """A column's name may not write on the terminal."""
    path = tmp_path / "bad.csv"
    path.write_text("name,lon,lat,\x1b[2J\u202e\n甲,101.8,36.6,x\n乙,NaN,36.6,x\n", "utf-8")
    result = CliRunner().invoke(app, ["import", str(path), "--kind", "fire_station", "--dry-run"])
    assert result.exit_code == 0, result.output
    assert "refused 1" in result.output
    assert all(line.isprintable() for line in result.output.splitlines())

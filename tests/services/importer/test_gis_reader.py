"""Shapefiles, GeoPackages and KML through the process that reads them: what they say, and rows."""

from __future__ import annotations

import itertools
import zipfile
from pathlib import Path

import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon

from services.domain.errors import KnownError
from services.ingest.gis import reader
from services.ingest.gis.formats import DRIVERS, OTHERS
from services.ingest.gis.frames import Batch
from tests.services.importer.gis_files import without_crs, written, zipped

PLACES = [Point(101.813, 36.607), Point(101.819, 36.6026), None]
NAMES = ["康乐十字", "博文路口", "无处"]
COLUMNS = {"名称": NAMES, "level": [0.5, 1.25, 2.0], "n": [1, 2, 3]}


def only(path: Path, **more: str) -> Batch:
    (batch,) = reader.read(path, **more)
    return batch


def points(batch: Batch) -> list[tuple[float, float] | None]:
    shapes = [None if s is None else shapely.from_wkb(s) for s in batch.shapes]
    return [None if s is None else (round(s.x, 9), round(s.y, 9)) for s in shapes]


def refused(path: Path, **more: str) -> KnownError:
    with pytest.raises(KnownError) as caught:
        list(reader.read(path, **more))
    return caught.value


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".kml"])
def test_rows_and_columns_come_as_they_were_written(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path / f"a{suffix}", PLACES[:2], {k: v[:2] for k, v in COLUMNS.items()})
    told = reader.describe(path)
    (layer,) = told.layers
    assert layer.crs is not None
    assert (layer.crs.epsg, layer.crs.degrees, layer.crs.accuracy_m) == (4326, True, 0.0)
    assert (layer.count, layer.name) == (2, "a")
    batch = only(path)
    cells = dict(zip(layer.columns, batch.cells, strict=True))
    name = "名称" if suffix != ".kml" else next(k for k, v in cells.items() if v[0] == NAMES[0])
    assert cells[name] == tuple(NAMES[:2])
    assert cells["level"] == ("0.5", "1.25")
    assert cells["n"] == ("1", "2")
    assert points(batch) == [(p.x, p.y) for p in PLACES[:2]]
    assert batch.first == 1


@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_a_row_without_a_place_is_a_row(tmp_path: Path, suffix: str) -> None:
    batch = only(written(tmp_path / f"a{suffix}", PLACES, COLUMNS))
    assert points(batch)[2] is None
    assert batch.problems == {}
    assert batch.cells[0][2] == "无处"


@pytest.mark.parametrize(("encoding", "named"), [("GBK", "GBK (GB 18030)"), ("UTF-8", "UTF-8")])
@pytest.mark.parametrize("cpg", ["as written", "none", "wrong"])
def test_the_encoding_of_a_shapefile_is_found_and_named(
    tmp_path: Path, encoding: str, named: str, cpg: str
) -> None:
    path = written(tmp_path / "a.shp", PLACES[:2], {"名称": NAMES[:2]}, encoding=encoding)
    said = path.with_suffix(".cpg")
    if cpg == "none":
        said.unlink()
        data = bytearray(path.with_suffix(".dbf").read_bytes())
        data[29] = 0  # nor in the table's own header
        path.with_suffix(".dbf").write_bytes(data)
    elif cpg == "wrong":
        said.write_text("UTF-8" if encoding == "GBK" else "GBK")
    if cpg == "wrong" and encoding == "GBK":  # GBK bytes are no UTF-8: it is noticed
        assert named in refused(path).text
        assert refused(path).code == "unknown_encoding"
        assert only(path, encoding="GBK").cells[0] == tuple(NAMES[:2])
        return
    told = reader.describe(path)
    if cpg != "wrong":
        assert (told.encoding, told.encoding_from) == (named, "cpg" if cpg != "none" else "found")
        assert told.layers[0].columns == ("名称",)
        assert only(path).cells[0] == tuple(NAMES[:2])
    assert only(path, encoding=encoding).cells[0] == tuple(NAMES[:2])


def test_one_broken_text_costs_its_row_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", PLACES[:2], {"名称": NAMES[:2]}, encoding="GBK")
    table = path.with_suffix(".dbf")
    data = table.read_bytes()
    at = data.index("博文".encode("gbk"))
    table.write_bytes(data[:at] + b"\xff" + data[at + 1 :])
    batch = only(path, encoding="GBK")
    assert batch.cells[0] == (NAMES[0], "")
    assert {row: code for row, (code, _) in batch.problems.items()} == {1: "bad_text"}


def test_a_text_cut_inside_its_last_character_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", PLACES[:1], {"t": ["aa" + "城" * 126]}, encoding="GBK")
    table = path.with_suffix(".dbf")
    data = table.read_bytes()
    city = "城".encode("gbk")
    whole = b"aa" + city * 126  # fills the field of 254 bytes
    table.write_bytes(data.replace(whole, b"a" + city * 126 + city[:1]))
    assert only(path).cells[0] == ("a" + "城" * 126,)


def test_a_number_that_is_too_long_is_refused_and_not_rounded(tmp_path: Path) -> None:
    exact, long = 2**53 - 1, 2**60 + 1
    for suffix in (".shp", ".gpkg"):
        columns = {"n": [exact, long]}
        path = written(tmp_path / f"a{suffix}", PLACES[:2], columns)
        batch = only(path)
        if suffix == ".gpkg":
            assert batch.cells[0] == (str(exact), str(long))
        else:
            assert batch.cells[0] == (str(exact), "")
            assert batch.problems[1][0] == "not_exact"


def test_layers_are_chosen_by_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", PLACES[:1], {"t": ["x"]}, layer="站点")
    line = LineString([(101.8, 36.6), (101.81, 36.61)])
    written(path, [line], {"t": ["y"]}, layer="道路", append=True)
    assert [(x.name, x.geometry) for x in reader.describe(path).layers] == [
        ("站点", "Point"),
        ("道路", "LineString"),
    ]
    why = refused(path)
    assert why.code == "which_layer"
    assert "道路" in why.text
    assert only(path, layer="道路").cells == (("y",),)
    assert refused(path, layer="没有").code == "which_layer"


def test_a_zipped_shapefile_and_a_kmz_are_read(tmp_path: Path) -> None:
    shape = written(tmp_path / "站 点.shp", PLACES[:2], {"名称": NAMES[:2]}, encoding="GBK")
    path = zipped(tmp_path / "all.zip", shape, folder="数据/")
    told = reader.describe(path)
    assert (told.driver, told.member) == ("Shapefile", "数据/站 点.shp")
    assert only(path).cells[0] == tuple(NAMES[:2])
    doc = written(tmp_path / "doc.kml", PLACES[:1], {"Name": ["甲"]})
    (tmp_path / "other.kml").write_bytes(doc.read_bytes())
    kmz = zipped(tmp_path / "a.kmz", tmp_path / "other.kml", doc)
    assert reader.describe(kmz).member == "doc.kml"
    assert points(only(kmz)) == [(101.813, 36.607)]


def test_a_table_of_blanks_is_an_honest_archive(tmp_path: Path) -> None:
    """A shapefile's texts are filled up with blanks, which pack to a thousandth."""
    wide = {f"c{n}": ["x" * 254, *[""] * 599] for n in range(10)}
    shape = written(tmp_path / "wide.shp", [Point(101.8, 36.6)] * 600, wide)
    path = zipped(tmp_path / "wide.zip", shape)
    with zipfile.ZipFile(path) as archive:
        table = archive.getinfo("wide.dbf")
    assert table.file_size > 200 * table.compress_size
    assert table.file_size > 1 << 20
    assert reader.describe(path).layers[0].count == 600


def test_heights_are_left_out_and_shapes_stay_whole(tmp_path: Path) -> None:
    hole = [(101.802, 36.602), (101.804, 36.602), (101.804, 36.604), (101.802, 36.602)]
    ring = [(101.8, 36.6, 5), (101.81, 36.6, 5), (101.81, 36.61, 5), (101.8, 36.61, 5)]
    area = Polygon(ring, [[(*p, 5) for p in hole]])
    path = written(tmp_path / "a.gpkg", [area], {"t": ["x"]}, geometry="Polygon Z")
    shape = shapely.from_wkb(only(path).shapes[0])
    assert not shape.has_z
    assert len(shape.interiors) == 1
    assert shape.equals(shapely.force_2d(area))
    many = written(tmp_path / "m.gpkg", [MultiPoint([(101.8, 36.6), (101.9, 36.7)])], {"t": ["x"]})
    assert shapely.from_wkb(only(many).shapes[0]).geom_type == "MultiPoint"


@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_a_missing_reference_system_is_asked_for(tmp_path: Path, suffix: str) -> None:
    path = without_crs(written(tmp_path / f"a{suffix}", PLACES[:2], {"t": ["x", "y"]}))
    (layer,) = reader.describe(path).layers
    assert layer.crs is None
    assert layer.bounds == pytest.approx((101.813, 36.6026, 101.819, 36.607))
    assert refused(path).code == "no_crs"
    assert points(only(path, crs="4490")) == [(p.x, p.y) for p in PLACES[:2]]
    assert refused(path, crs="EPSG:999999").code == "unknown_crs"
    assert refused(path, crs="/etc/passwd").code == "unknown_crs"
    assert refused(path, crs="4490", datum="mars").code == "unknown_datum"


def test_batches_are_bounded_and_in_order(tmp_path: Path) -> None:
    count = 4_500
    shapes = [Point(101.8 + i * 1e-6, 36.6) for i in range(count)]
    for suffix in (".shp", ".gpkg", ".kml"):
        path = written(tmp_path / f"a{suffix}", shapes, {"n": list(range(count))})
        batches = list(reader.read(path))
        assert [(b.first, len(b.shapes)) for b in batches] == [(1, 2000), (2001, 2000), (4001, 500)]
        cells = list(itertools.chain.from_iterable(b.cells[-1] for b in batches))
        assert cells == [str(i) for i in range(count)]


def test_the_drivers_that_are_let_go_of_are_those_that_are_there() -> None:
    assert set(OTHERS.split(",")) == set(pyogrio.list_drivers()) - set(DRIVERS)


def test_leaving_early_and_stopping_end_the_process(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", PLACES[:2], {"t": ["x", "y"]})
    rows = reader.read(path)
    next(rows)
    rows.close()  # the fixtures of all tests look for processes that stayed
    with pytest.raises(KnownError) as caught:
        list(reader.read(path, stop=lambda: True))
    assert caught.value.code == "stopped"

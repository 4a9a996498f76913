"""Shapefiles, GeoPackages, KML and tables in metres, from file to items: places, units, shapes."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon, box

from services.domain.datum import from_wgs84
from services.domain.errors import KnownError
from services.ingest import units
from services.ingest.importer import ImportOptions, Report, preview, run
from services.ingest.rows import Row
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from tests.services.importer.fake_hub import FakeHub
from tests.services.importer.gis_files import without_crs, written

ZONE_34 = pyproj.Transformer.from_crs(4490, 4522, always_xy=True).transform
UNITS = sorted(units._TABLE)
BOW_TIE = Polygon([(101.8, 36.6), (101.81, 36.61), (101.81, 36.6), (101.8, 36.61)])


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


def loaded(
    catalogue: Catalogue, path: Path, kind: str = "fire_station", **more: Any
) -> tuple[Report, list[dict[str, Any]]]:
    hub = FakeHub()
    with hub.client() as client:
        report = run(ImportOptions(path=path, kind=kind, **more), catalogue, client=client)
    return report, hub.items


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".kml"])
def test_the_same_things_come_out_of_every_format(
    tmp_path: Path, catalogue: Catalogue, suffix: str
) -> None:
    columns = {"name": ["一站", "二站"], "area_name": ["城东区", "城东区"]}
    shapes = [Point(101.813, 36.607), Point(101.819, 36.6026)]
    path = written(tmp_path / f"s{suffix}", shapes, columns)
    report, items = loaded(catalogue, path)
    assert (report.read, report.loaded) == (2, 2)
    assert [(i["name"], i["lon"], i["lat"]) for i in items] == [
        ("一站", 101.813, 36.607),
        ("二站", 101.819, 36.6026),
    ]
    assert items[0]["attrs"]["area_name"] == "城东区"


def test_metres_of_a_zone_land_where_they_should(tmp_path: Path, catalogue: Catalogue) -> None:
    place = Point(*ZONE_34(101.813, 36.607))
    path = written(tmp_path / "s.shp", [place], {"name": ["一站"]}, crs="EPSG:4522")
    told = preview(ImportOptions(path=path, kind="fire_station"), catalogue).lines()
    assert "EPSG:4522" in told[1]
    assert "WARNING" not in told[1]
    _, (item,) = loaded(catalogue, path)
    assert (item["lon"], item["lat"]) == (101.813, 36.607)


def test_a_missing_system_is_suggested_and_never_guessed(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    place = Point(*ZONE_34(101.813, 36.607))
    path = without_crs(written(tmp_path / "s.shp", [place], {"name": ["一站"]}, crs="EPSG:4522"))
    with pytest.raises(KnownError) as caught:
        loaded(catalogue, path)
    assert caught.value.code == "no_crs"
    assert "zone 34, metres: EPSG:4522" in caught.value.text
    assert caught.value.params["epsg"] == 4522
    _, (item,) = loaded(catalogue, path, crs="4522")
    assert (item["lon"], item["lat"]) == (101.813, 36.607)


def test_a_table_in_metres_says_what_it_looks_like(tmp_path: Path, catalogue: Catalogue) -> None:
    east, north = ZONE_34(101.813, 36.607)
    path = tmp_path / "s.csv"
    path.write_text(
        f"name,x,y\n一站,{east:.3f},{north:.3f}\n二站,{north:.3f},{east:.3f}\n", "utf-8"
    )
    report, _ = loaded(catalogue, path)
    assert report.reasons == {"wrong_crs": 2}
    assert "EPSG:4522" in report.examples["wrong_crs"]
    report, (item,) = loaded(catalogue, path, crs="4522")
    assert (item["lon"], item["lat"]) == (101.813, 36.607)
    assert report.reasons == {"swapped": 1}  # north before east, as survey tables have it
    shown = preview(ImportOptions(path=path, kind="fire_station"), catalogue).lines()
    assert "assumed" in shown[1]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_declared_datum_is_taken_out(tmp_path: Path, catalogue: Catalogue, datum: str) -> None:
    lon, lat = (float(v) for v in from_wgs84(101.813, 36.607, datum))
    table = tmp_path / "s.csv"
    table.write_text(f"name,lon,lat\n一站,{lon!r},{lat!r}\n", "utf-8")
    feature = {"type": "Point", "coordinates": [lon, lat]}
    shapes = tmp_path / "s.geojson"
    told = {"type": "Feature", "properties": {"name": "一站"}, "geometry": feature}
    shapes.write_text(json.dumps({"type": "FeatureCollection", "features": [told]}))
    for path in (table, shapes, written(tmp_path / "s.kml", [Point(lon, lat)], {"Name": ["一站"]})):
        _, (item,) = loaded(catalogue, path, datum=datum)
        assert (item["lon"], item["lat"]) == pytest.approx((101.813, 36.607), abs=2e-7)


def test_an_old_datum_is_warned_of(tmp_path: Path, catalogue: Catalogue) -> None:
    path = written(tmp_path / "s.gpkg", [Point(101.8, 36.6)], {"name": ["x"]}, crs="EPSG:4610")
    lines = preview(ImportOptions(path=path, kind="fire_station"), catalogue).lines()
    assert "WARNING" in lines[1]


def test_swapped_coordinates_are_refused_by_name(tmp_path: Path, catalogue: Catalogue) -> None:
    path = written(
        tmp_path / "s.gpkg", [Point(36.6, 101.8), Point(101.8, 36.6)], {"name": ["x", "y"]}
    )
    report, items = loaded(catalogue, path)
    assert report.reasons == {"swapped": 1}
    assert [i["name"] for i in items] == ["y"]


# -- shapes ---------------------------------------------------------------------------
def test_a_shape_that_crosses_itself_is_refused_or_mended_and_said(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    path = written(
        tmp_path / "s.gpkg", [BOW_TIE, box(101.8, 36.6, 101.9, 36.7)], {"name": ["a", "b"]}
    )
    report, items = loaded(catalogue, path)
    assert report.reasons == {"bad_geometry": 1}
    assert "Self-intersection[101.805 36.605]" in report.examples["bad_geometry"]
    report, items = loaded(catalogue, path, mend=True)
    assert report.notes == {"mended: Self-intersection": 1}
    assert len(items) == 2
    assert 101.8 <= items[0]["lon"] <= 101.81
    # two triangles are two areas: a kind that has one area says so
    report, items = loaded(catalogue, path, kind="unit_grid", mend=True)
    assert report.reasons == {"bad_geometry": 1}
    report, items = loaded(catalogue, path, kind="unit_grid", mend=True, split=True)
    assert report.refused == 0
    assert len(items) == 3
    assert items[0]["id"].endswith("-1")


def test_several_shapes_are_several_things_only_when_asked(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    areas = MultiPolygon([box(101.8, 36.6, 101.81, 36.61), box(101.82, 36.6, 101.83, 36.61)])
    path = written(tmp_path / "a.shp", [areas], {"id": ["7"], "name": ["a"]}, geometry="Polygon")
    report, items = loaded(catalogue, path, kind="unit_grid")
    assert "--split" in report.examples["bad_geometry"]
    report, items = loaded(catalogue, path, kind="unit_grid", split=True)
    assert [i["id"] for i in items] == ["unit_grid:7-1", "unit_grid:7-2"]
    assert report.notes == {"split into 2 parts": 1}
    assert (report.read, report.loaded) == (1, 1)
    points = MultiPoint([(101.8, 36.6), (101.9, 36.7)])
    path = written(tmp_path / "p.gpkg", [points], {"id": ["7"], "name": ["a"]})
    report, items = loaded(catalogue, path)
    assert report.refused == 1
    report, items = loaded(catalogue, path, split=True)
    assert [(i["lon"], i["lat"]) for i in items] == [(101.8, 36.6), (101.9, 36.7)]


def test_refused_rows_of_a_map_format_stand_in_a_table_and_on_a_map(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    shapes = [Point(101.8, 36.6), Point(101.9, 36.7)]
    path = written(tmp_path / "s.gpkg", shapes, {"name": ["", "b"], "state": ["x", ""]})
    report, _ = loaded(catalogue, path)
    assert report.bad_rows_path == tmp_path / "s.gpkg.bad.csv"
    text = report.bad_rows_path.read_text("utf-8-sig")
    head, row = list(csv.reader(text.splitlines()))
    assert head == ["_line", "_reason", "name", "state"]
    assert row == ["1", "name: name is empty", "", "x"]
    (feature,) = json.loads((tmp_path / "s.gpkg.bad.geojson").read_text())["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [101.8, 36.6]}
    assert feature["properties"]["_reason"] == "name: name is empty"


# -- units ----------------------------------------------------------------------------
def test_values_come_in_the_unit_that_the_pack_declares(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    path = tmp_path / "l.csv"
    path.write_text("name,lon,lat,水深(cm)\n甲,101.8,36.6,35\n", "utf-8")
    assert units.unit_in("水深(cm)") == "cm"
    more = {"mapping": {"depth_record_m": "水深(cm)"}, "units": {"depth_record_m": "厘米"}}
    _, (item,) = loaded(catalogue, path, kind="flood_point", **more)
    assert item["attrs"] == {"depth_record_m": 0.35}
    for unit, code in (("°C", "wrong_unit"), ("cubit", "unknown_unit")):
        asked = more | {"units": {"depth_record_m": unit}}
        with pytest.raises(KnownError) as caught:
            loaded(catalogue, path, kind="flood_point", **asked)
        assert caught.value.code == code
    with pytest.raises(KnownError):
        loaded(catalogue, path, kind="flood_point", units={"name": "cm"})


@given(
    st.sampled_from(sorted(units._TABLE)),
    st.sampled_from(sorted(units._TABLE)),
    st.floats(-1e6, 1e6),
)
def test_a_unit_turned_there_and_back_is_what_it_was(a: str, b: str, value: float) -> None:
    if units._TABLE[a][0] != units._TABLE[b][0]:
        with pytest.raises(KnownError):
            units.conversion(a, b, "x")
        return
    there, back = units.conversion(a, b, "x"), units.conversion(b, a, "x")
    again = back.of(there.of(value))
    scale = max(abs(value), abs(there.plus / there.times), 1e-3)
    assert math.isclose(again, value, rel_tol=1e-6, abs_tol=scale * 1e-6)


@pytest.mark.parametrize(
    ("word", "unit", "value", "turned"),
    [
        *(("°F", "°C", 212.0, 100.0), ("ft", "m", 10.0, 3.048), ("亩", "m²", 3.0, 2000.0)),
        *(("km/h", "m/s", 36.0, 10.0), ("kPa", "MPa", 250.0, 0.25), ("K", "°C", 273.15, 0.0)),
    ],
)
def test_units_are_what_everybody_knows(word: str, unit: str, value: float, turned: float) -> None:
    assert units.conversion(word, unit, "x").of(value) == pytest.approx(turned)


def test_stopping_ends_an_import_between_batches(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "many.csv"
    path.write_text("name,lon,lat\n" + "".join(f"n{i},101.8,36.6\n" for i in range(2_500)))
    hub = FakeHub()
    asked = iter([False, True])
    with hub.client() as client:
        options = ImportOptions(path=path, kind="fire_station")
        report = run(options, catalogue, client=client, stop=lambda: next(asked))
    assert report.stopped
    assert (report.loaded, len(hub.items)) == (2_000, 2_000)
    assert Row(1, {}).problem is None

"""GeoJSON files as they come: broken, self-crossing, deep, of another reference system."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from services.domain.errors import KnownError
from services.ingest.geojson_source import MAX_VERTICES, GeoJsonSource
from services.ingest.rows import MAX_COLUMNS, Row
from services.ingest.settle import sound

SQUARE = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
BOW_TIE = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(*at: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at)}


def saved(tmp_path: Path, *features: Any, **more: Any) -> Path:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return path


def read(path: Path) -> list[Row]:
    return list(GeoJsonSource(path).rows())


def problem(row: Row) -> KnownError:
    assert row.problem is not None
    return row.problem


def test_properties_become_cells_and_geometry_a_shape(tmp_path: Path) -> None:
    path = saved(tmp_path, feature(point(101.8, 36.6, 2_300), name="站", floors=3, x=None))
    source = GeoJsonSource(path)
    (row,) = source.rows()
    assert row.cells == {"name": "站", "floors": "3", "x": ""}
    assert (row.shape.x, row.shape.y, row.shape.has_z) == (101.8, 36.6, False)
    assert source.format.columns == ("name", "floors", "x")


def test_properties_that_come_up_late_are_columns_as_well(tmp_path: Path) -> None:
    early = [feature(point(1, 2), name="n") for _ in range(400)]
    late = {**feature(point(1, 2), name="n", 备注="late"), "id": 7}
    source = GeoJsonSource(saved(tmp_path, *early, {"type": 3}, late))
    assert source.format.columns == ("name", "备注", "@id")
    assert list(source.rows())[-1].cells == {"name": "n", "备注": "late", "@id": "7"}


def test_ever_new_properties_are_refused(tmp_path: Path) -> None:
    many = [feature(point(1, 2), **{f"p{n}": n}) for n in range(MAX_COLUMNS + 1)]
    with pytest.raises(KnownError) as refused:
        GeoJsonSource(saved(tmp_path, *many))
    assert refused.value.code == "too_large"


def test_a_single_feature_with_its_own_id_is_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    content = json.dumps({**feature(point(1, 2), name="n"), "id": 17})
    path.write_bytes(b"\xef\xbb\xbf" + content.encode())
    (row,) = read(path)
    assert row.cells["@id"] == "17"


def test_a_self_crossing_polygon_is_reported_with_its_place_and_not_mended(tmp_path: Path) -> None:
    good = {"type": "Polygon", "coordinates": [SQUARE]}
    bad = {"type": "Polygon", "coordinates": [BOW_TIE]}
    rows = read(saved(tmp_path, feature(bad), feature(good)))
    with pytest.raises(KnownError) as caught:
        sound(rows[0].shape, mend=False)
    assert caught.value.code == "bad_geometry"
    assert "Self-intersection[0.5 0.5]" in caught.value.text
    assert sound(rows[1].shape, mend=False) == (rows[1].shape, "")
    assert json.loads(bytes(rows[0].raw))["geometry"] == bad


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (point(36.6, 101.8), "swapped"),
        (point(200.0, 36.6), "out_of_range"),
        (point(1.0), "bad_geometry"),
        (point("101.8", "36.6"), "bad_geometry"),
        (point(1.0, None), "bad_geometry"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "bad_geometry"),
        ({"type": "Polygon", "coordinates": [SQUARE[:2]]}, "bad_geometry"),
        ({"type": "Blob", "coordinates": [1.0, 2.0]}, "bad_geometry"),
        ({"type": "Point"}, "bad_geometry"),
        ({"type": "MultiPoint", "coordinates": [[0.0, 0.0]] * (MAX_VERTICES + 1)}, "too_large"),
    ],
)
def test_a_broken_geometry_costs_its_feature_alone(
    tmp_path: Path, geometry: dict[str, Any], code: str
) -> None:
    rows = read(saved(tmp_path, feature(geometry), feature(point(1.0, 2.0))))
    assert problem(rows[0]).code == code
    assert rows[1].problem is None


@pytest.mark.parametrize("empty", [None, {"type": "GeometryCollection", "geometries": []}])
def test_a_feature_without_a_place_has_no_shape(tmp_path: Path, empty: Any) -> None:
    (row,) = read(saved(tmp_path, feature(empty, name="n")))
    assert (row.shape, row.problem) == (None, None)


@pytest.mark.parametrize("other", [3, "x", {"type": "Point"}, {"type": "Feature", "properties": 5}])
def test_what_is_no_feature_is_reported(tmp_path: Path, other: Any) -> None:
    rows = read(saved(tmp_path, other, feature(point(1.0, 2.0))))
    assert problem(rows[0]).code == "bad_feature"
    assert rows[1].problem is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"{", "bad_geojson"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Fea', "bad_geojson"),
        (b'{"type": "Topology"}', "bad_geojson"),
        (b'{"type": "FeatureCollection"}', "bad_geojson"),
        (b'{"type": "FeatureCollection", "features": []}', "empty_file"),
        (b'{"features": []}', "bad_geojson"),
        (b"[1, 2]", "bad_geojson"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "bad_geojson"),
        (b'{"type": "\xff"}', "bad_geojson"),
        (b'{"type":"FeatureCollection","features":[' + b"[" * 200_000, "bad_geojson"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused_with_text(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    with pytest.raises(KnownError) as caught:
        GeoJsonSource(path)
    assert caught.value.code == code
    assert caught.value.text


def test_degrees_are_taken_as_they_are_and_what_has_a_code_is_turned(tmp_path: Path) -> None:
    def crs(name: str) -> dict[str, Any]:
        return {"crs": {"type": "name", "properties": {"name": name}}}

    at = feature(point(101.8, 36.6))
    (row,) = read(saved(tmp_path, at, **crs("urn:ogc:def:crs:OGC:1.3:CRS84")))
    assert (row.shape.x, row.shape.y) == (101.8, 36.6)
    radius = 6_378_137.0
    north = radius * math.log(math.tan(math.pi / 4 + math.radians(36.6) / 2))
    metres = feature(point(radius * math.radians(101.8), north))
    (row,) = read(saved(tmp_path, metres, **crs("urn:ogc:def:crs:EPSG::3857")))
    assert (round(row.shape.x, 4), round(row.shape.y, 4)) == (101.8, 36.6)
    for name in ("EPSG:5773", "somewhere", "urn:ogc:def:crs:EPSG::99999999"):
        with pytest.raises(KnownError) as caught:
            read(saved(tmp_path, at, **crs(name)))
        assert caught.value.code == "wrong_crs"
        assert name in caught.value.text

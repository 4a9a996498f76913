"""Road networks of one's own by command: read, checked, kept, used, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import LineString, Point
from typer.testing import CliRunner

from app.cli import app
from app.roads_import import RoadImport, read
from services.domain.errors import KnownError
from services.roads.importing import RoadFields
from services.roads.store import RoadStore
from tests.services.importer.gis_files import written
from tests.services.roads.town import degrees

LINES = (
    ("residential", "yes", "", "东关大街", "", degrees((0, 0), (400, 0))),
    ("motorway", "", "T", "高速", "", degrees((200, -200), (200, 200))),
    ("weird", "-1", "", "", "35", degrees((0, 0), (0, 300))),
    ("primary", "", "", "", "999", degrees((0, 300), (400, 300))),
)
COLUMNS = ("fclass", "oneway", "bridge", "name", "maxspeed")
FIELDS = RoadFields(
    klass="fclass", one_way="oneway", bridge="bridge", name="name", speed="maxspeed"
)
WORDS = [
    *("--class-field", "fclass", "--oneway-field", "oneway", "--bridge-field", "bridge"),
    *("--name-field", "name", "--speed-field", "maxspeed"),
]


def geojson(path: Path) -> Path:
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": dict(zip(COLUMNS, row[:5], strict=True)),
            "geometry": {"type": "LineString", "coordinates": [list(p) for p in row[5]]},
        }
        for row in LINES
    ]
    point = {"type": "Point", "coordinates": [101.8, 36.6]}
    features.append({"type": "Feature", "properties": {}, "geometry": point})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def other(path: Path) -> Path:
    shapes = [LineString(row[5]) for row in LINES]
    columns = {c: [row[i] for row in LINES] for i, c in enumerate(COLUMNS)}
    return written(path, shapes, columns)


@pytest.mark.parametrize("suffix", [".geojson", ".shp", ".gpkg"])
def test_lines_of_every_format_become_the_same_network(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"roads{suffix}"
    made = read(
        RoadImport(path=(geojson if suffix == ".geojson" else other)(path), fields=FIELDS), None
    )
    network = made.network
    assert len(network) == 3  # the bridge crosses without a junction; 999 km/h is left out
    assert set(network.names) == {"", "东关大街", "高速"}
    by_class = {network.class_of(e).id: e for e in range(3)}
    assert network.one_way[by_class["motorway"]] == 0
    slow = [e for e in range(3) if network.one_way[e] == -1]
    assert network.mps[slow].tolist() == pytest.approx([35 / 3.6])
    assert made.report.unknown == {"weird": 1}
    assert made.report.left_out["a speed outside 1 to 200 km/h"] == 1
    assert made.report.left_out["no line"] == (suffix == ".geojson")
    assert (made.report.roads, made.report.one_way, made.report.raised) == (3, 2, 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [(RoadFields(klass="nothing"), "unknown_column"), (RoadFields(), "no_roads")],
)
def test_what_is_no_road_file_is_refused(tmp_path: Path, fields: RoadFields, code: str) -> None:
    path = geojson(tmp_path / "a.geojson")
    if code == "no_roads":
        path = written(tmp_path / "p.gpkg", [Point(101.8, 36.6)], {"t": ["x"]})
    with pytest.raises(KnownError) as refused:
        read(RoadImport(path=path, fields=fields), None)
    assert refused.value.code == code


def test_degrees_of_another_datum_are_brought_to_ours(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson")
    shifted = read(RoadImport(path=path, datum="gcj02"), None).network
    plain = read(RoadImport(path=path), None).network
    assert abs(shifted.extent()[0] - plain.extent()[0]) > 1e-4


def test_a_network_is_checked_kept_used_and_taken_back(tmp_path: Path) -> None:
    path, data = geojson(tmp_path / "a.geojson"), tmp_path / "data"
    run = CliRunner()
    words = ["roads", "import", str(path), *WORDS, "--data", str(data)]
    checked = run.invoke(app, [*words, "--check"])
    assert checked.exit_code == 0, checked.output
    assert "stretches: 3" in checked.output
    assert not data.exists()
    kept = run.invoke(app, words)
    assert kept.exit_code == 0, kept.output
    version = RoadStore(data).version
    assert f"in use: version {version}" in kept.output
    shown = run.invoke(app, ["roads", "info", "--data", str(data)])
    assert version in shown.output
    assert "a.geojson" in shown.output
    assert "others: bundled" in shown.output
    back = run.invoke(app, ["roads", "use", "bundled", "--data", str(data)])
    assert back.output == "in use: bundled\n"
    assert RoadStore(data).load()[1].version == "bundled"
    again = run.invoke(app, ["roads", "use", version, "--data", str(data)])
    assert again.exit_code == 0

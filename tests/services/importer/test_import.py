"""Imports end to end against a hub of a few lines: mapping, preview, bad rows with reasons."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.domain.errors import KnownError
from services.ingest.importer import ImportOptions, pairs, plan, preview, run
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from tests.services.importer.fake_hub import FakeHub

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SQUARE = [[101.8, 36.6], [101.8, 36.61], [101.81, 36.61], [101.81, 36.6], [101.8, 36.6]]
BOW_TIE = [[101.8, 36.6], [101.81, 36.61], [101.81, 36.6], [101.8, 36.61], [101.8, 36.6]]
CASES = (
    "编号,案件标题,经度,纬度,上报时间,处置时限,结案时间\n"
    "A-1,井盖松动,101.813,36.607,2026-07-01 08:00:00,2026-07-01 12:00:00,\n"
    "A-2,路灯不亮,101.819,36.6026,2026/07/01 09:30,,2026-07-01T10:00:00+08:00\n"
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


Write = Callable[[str, "str | bytes"], Path]


def cases(path: Path, **more: Any) -> ImportOptions:
    given = {"constants": {"category": "P01-01"}, "timezone": "Asia/Shanghai"}
    return ImportOptions(path=path, kind="case", **(given | more))


def stations(path: Path, **more: Any) -> ImportOptions:
    return ImportOptions(path=path, kind="fire_station", **more)


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


# -- cases ------------------------------------------------------------------------
def test_cases_load_by_guessed_chinese_columns(file: Write, catalogue: Catalogue) -> None:
    hub = FakeHub()
    with hub.client() as client:
        report = run(cases(file("c.csv", CASES.encode("gbk"))), catalogue, client=client)
    assert (report.read, report.loaded, report.refused) == (2, 2, 0)
    assert report.bad_rows_path is None
    assert hub.items[0] == {
        "type": "case",
        "id": "case:A-1",
        "category": "P01-01",
        "title": "井盖松动",
        "source": "import:c.csv",
        "lon": 101.813,
        "lat": 36.607,
        "reported_at": 1_782_864_000.0,
        "deadline_at": 1_782_878_400.0,
    }
    assert hub.items[1]["closed_at"] - hub.items[1]["reported_at"] == 1_800.0


def test_a_time_without_a_zone_is_refused_not_guessed(file: Write, catalogue: Catalogue) -> None:
    report = run(cases(file("c.csv", CASES), timezone="", dry_run=True), catalogue)
    assert report.reasons == {"no_offset": 2}
    assert "--timezone" in report.examples["no_offset"]


def test_real_service_requests_load_as_cases(tmp_path: Path, catalogue: Catalogue) -> None:
    path = SHARED / "boston311-100.csv"
    if not path.exists():  # the product's own repository does not carry it
        path = tmp_path / "boston.csv"
        path.write_text(
            "case_enquiry_id,open_dt,target_dt,closed_dt,case_title,location,department,"
            "latitude,longitude,source\n"
            "101004130437,2022-01-19 11:18:00,,2022-01-19 11:42:16,Needle Pickup,"
            "42 Cross St,GEN_,42.3634,-71.0566,Constituent Call\n"
        )
    hub = FakeHub()
    with hub.client() as client:
        options = cases(path, timezone="America/New_York", bad_rows_path=tmp_path / "bad.csv")
        report = run(options, catalogue, client=client)
    assert report.refused == 0
    assert report.loaded == len(hub.items) > 0
    needle = next(i for i in hub.items if i["id"] == "case:101004130437")
    assert needle["title"] == "Needle Pickup"
    assert needle["reported_at"] == 1_642_609_080.0  # 16:18 UTC
    assert needle["closed_at"] == 1_642_610_536.0
    assert (needle["lon"], needle["lat"]) == (-71.0566, 42.3634)


def test_bad_rows_go_to_a_file_with_line_reason_and_cells(
    file: Write, catalogue: Catalogue
) -> None:
    path = file(
        "bad.csv",
        "id,title,lon,lat\n"
        "1,good,101.8,36.6\n"
        "2,=cmd|'/C calc'!A0,36.6,101.8\n"
        "3,nan,nan,36.6\n"
        "4,ragged\n"
        "5,range,181,36.6\n"
        "6,half,101.8,\n"
        "7,words,east,36.6\n"
        "1,again,101.8,36.6\n"
        "8,bidi\u202e,101.8,36.6\n"
        "9,,101.8,36.6\n"
        "10,inf,1e999,36.6\n",
    )
    hub = FakeHub()
    with hub.client() as client:
        report = run(cases(path), catalogue, client=client)
    assert [i["id"] for i in hub.items] == ["case:1"]
    assert (report.read, report.loaded, report.refused) == (11, 1, 10)
    assert report.reasons == {
        "not_finite": 2,
        "missing_field": 2,
        "swapped": 1,
        "ragged_row": 1,
        "out_of_range": 1,
        "not_a_number": 1,
        "duplicate_id": 1,
        "bad_character": 1,
    }
    assert report.bad_rows_path == path.with_name("bad.csv.bad.csv")
    with report.bad_rows_path.open(encoding="utf-8-sig", newline="") as bad:
        rows = list(csv.reader(bad))
    assert rows[0] == ["_line", "_reason", "id", "title", "lon", "lat"]
    assert rows[1][0] == "3"
    assert rows[1][3] == "'=cmd|'/C calc'!A0"
    assert rows[3] == ["5", "the row has 2 cells, the header has 4", "4", "ragged"]
    assert all(row[1] for row in rows)


def test_a_formula_is_loaded_as_the_text_it_is(file: Write, catalogue: Catalogue) -> None:
    hub = FakeHub()
    with hub.client() as client:
        run(cases(file("f.csv", "id,title\n1,=1+1\n")), catalogue, client=client)
    assert hub.items[0]["title"] == "=1+1"


def test_what_the_hub_refuses_is_a_bad_row_with_the_hub_s_reason(
    file: Write, catalogue: Catalogue
) -> None:
    rows = "".join(f"{n},t{n},101.8,36.6\n" for n in range(1_500))
    path = file("many.csv", "id,title,lon,lat\n" + rows)
    hub = FakeHub(lambda item: "not here" if item["id"] in ("case:3", "case:1200") else "")
    progress: list[int] = []
    with hub.client() as client:
        report = run(cases(path), catalogue, client=client, progress=progress.append)
    assert hub.batches == [1_000, 500]
    assert progress == [1_000, 1_500]
    assert (report.loaded, report.refused) == (1_498, 2)
    assert report.bad_rows_path is not None
    text = report.bad_rows_path.read_text("utf-8-sig")
    assert "5,name: not here,3,t3" in text
    assert "1202,name: not here,1200,t1200" in text


def test_a_dry_run_says_what_would_load_and_touches_nothing(
    file: Write, catalogue: Catalogue
) -> None:
    path = file("c.csv", "id,title\n1,good\n2," + "x" * 300 + "\n")
    report = run(cases(path, dry_run=True, url="http://127.0.0.1:1", token="t"), catalogue)
    where = f"(with reasons in {path}.bad.csv)"
    assert report.lines()[0] == f"read 2, would load 1, refused 1 {where}"
    report = run(cases(path, dry_run=True, constants={"category": "X"}), catalogue)
    assert report.reasons == {"unknown_category": 1, "too_long": 1}


def test_the_preview_shows_file_mapping_and_first_rows(file: Write, catalogue: Catalogue) -> None:
    shown = preview(cases(file("c.csv", CASES.encode("gbk"))), catalogue, rows=1)
    text = "\n".join(shown.lines())
    assert "CSV, GBK (GB 18030), delimiter comma, 7 columns" in text
    assert "lon = 经度" in text
    assert "category := P01-01" in text
    assert "{" not in text
    assert "; title " in text
    assert len(shown.rows) == 1


def test_bad_rows_never_replace_the_file(file: Write, catalogue: Catalogue) -> None:
    path = file("c.csv", CASES)
    with pytest.raises(KnownError) as caught:
        run(cases(path, bad_rows_path=path), catalogue)
    assert caught.value.field == "bad-rows"
    assert path.read_text() == CASES


def test_a_place_that_cannot_be_written_does_not_stop_the_import(
    file: Write, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = file("c.csv", "id,title\n1,\n2,good\n3,\n")
    hub = FakeHub()
    with hub.client() as client:
        options = cases(path, bad_rows_path=tmp_path / "none" / "bad.csv")
        report = run(options, catalogue, client=client)
    assert [i["id"] for i in hub.items] == ["case:2"]
    assert report.bad_rows_path is None
    assert "--bad-rows" in report.lines()[-1]


def test_a_disk_that_fills_up_does_not_stop_the_import(file: Write, catalogue: Catalogue) -> None:
    path = file("c.csv", "id,title\n1,\n2,good\n")
    hub = FakeHub()
    with hub.client() as client:
        report = run(cases(path, bad_rows_path=Path("/dev/full")), catalogue, client=client)
    assert (report.loaded, report.refused) == (1, 1)
    assert "No space left" in report.trouble


# -- things -----------------------------------------------------------------------
def test_areas_become_places_of_a_point_kind(file: Write, catalogue: Catalogue) -> None:
    good = {"type": "Polygon", "coordinates": [SQUARE]}
    bad = {"type": "Polygon", "coordinates": [BOW_TIE]}
    path = file(
        "s.geojson",
        collection(
            feature(good, ID="a b", name="一站", area_name="区"), feature(bad, name="二  站")
        ),
    )
    hub = FakeHub()
    with hub.client() as client:
        report = run(stations(path), catalogue, client=client)
    (item,) = hub.items
    assert item["id"] == "fire_station:a_b"
    assert item["attrs"] == {"area_name": "区"}
    assert 101.8 < item["lon"] < 101.81
    assert 36.6 < item["lat"] < 36.61
    assert report.reasons == {"bad_geometry": 1}
    assert report.bad_rows_path == path.with_name("s.geojson.bad.ndjson")
    (line,) = report.bad_rows_path.read_text().splitlines()
    told = json.loads(line)
    assert (told["feature"], told["code"]) == (2, "bad_geometry")
    assert "Self-intersection" in told["reason"]
    assert told["original"]["properties"] == {"name": "二  站"}


def test_real_fire_stations_load(tmp_path: Path, catalogue: Catalogue) -> None:
    path = SHARED / "gm_fire_stations.geojson"
    if not path.exists():  # the product's own repository does not carry it
        path = tmp_path / "stations.geojson"
        shape = {"type": "Polygon", "coordinates": [SQUARE]}
        path.write_text(collection(feature(shape, ID="A", area_name="B", CLASSIFICA="C")))
    hub = FakeHub()
    mapping = pairs(["name={area_name} {CLASSIFICA}", "classification=CLASSIFICA"], "map")
    with hub.client() as client:
        options = stations(path, mapping=mapping, bad_rows_path=tmp_path / "bad.ndjson")
        report = run(options, catalogue, client=client)
    assert report.refused == 0
    assert report.loaded == len(hub.items) > 0
    assert all(i["kind"] == "fire_station" and " " in i["name"] for i in hub.items)


def test_an_area_kind_keeps_its_rings_and_takes_no_several(
    file: Write, catalogue: Catalogue
) -> None:
    hole = [[x * 0.1 + 91.621, y * 0.1 + 32.941] for x, y in SQUARE]
    one = {"type": "Polygon", "coordinates": [SQUARE, hole]}
    two = {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[x + 1, y] for x, y in SQUARE]]]}
    path = file(
        "g.geojson", collection(feature(one, id="1", name="a"), feature(two, id="2", name="b"))
    )
    options = ImportOptions(path=path, kind="unit_grid")
    hub = FakeHub()
    with hub.client() as client:
        report = run(options, catalogue, client=client)
    (item,) = hub.items
    assert len(item["geometry"]) == 2
    assert item["geometry"][0][0] == item["geometry"][0][-1]
    assert "2 × Polygon" in report.examples["bad_geometry"]


def test_attributes_are_read_as_the_pack_declares_and_no_readings(
    file: Write, catalogue: Catalogue
) -> None:
    path = file(
        "t.csv",
        "id,name,lon,lat,speciality,members,capacity\n"
        "1,甲,101.8,36.6,drainage,7,x\n"
        "2,乙,101.8,36.6,drainage,7.5,x\n",
    )
    hub = FakeHub()
    with hub.client() as client:
        report = run(ImportOptions(path=path, kind="team"), catalogue, client=client)
    assert hub.items[0]["attrs"] == {"speciality": "drainage", "members": 7}
    assert report.reasons == {"not_a_number": 1}
    level = file("l.csv", "name,x,y,level,state,link\n甲,101.8,36.6,0.25,fault,online\n")
    with hub.client() as client:
        run(ImportOptions(path=level, kind="level_sensor"), catalogue, client=client)
    told = {"id", "type", "kind", "name", "lon", "lat"}
    assert hub.items[-1].keys() == told  # readings and states come from whoever observes them
    for field in ("level", "values.level", "state", "link", "heading_deg", "observed_at"):
        for given in ({"mapping": {field: "level"}}, {"constants": {field: "1"}}):
            with pytest.raises(KnownError) as caught:
                run(ImportOptions(path=level, kind="level_sensor", **given), catalogue)
            assert (caught.value.code, caught.value.field) == ("live_field", field)


def test_rows_without_ids_get_stable_ones(file: Write, catalogue: Catalogue) -> None:
    path = file("n.csv", "name,lon,lat\n甲,101.8,36.6\n乙,101.8,36.6\n")
    ids = []
    for _ in range(2):
        hub = FakeHub()
        with hub.client() as client:
            run(stations(path), catalogue, client=client)
        ids.append([i["id"] for i in hub.items])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


def test_standard_ids_stay_as_they_are(file: Write, catalogue: Catalogue) -> None:
    camera = "63010200081326000001"
    path = file("k.csv", f"id,name,lon,lat\n{camera},甲,101.8,36.6\ncamera:9,乙,101.8,36.6\n")
    hub = FakeHub()
    with hub.client() as client:
        run(ImportOptions(path=path, kind="camera"), catalogue, client=client)
    assert [i["id"] for i in hub.items] == [camera, "camera:9"]


# -- options ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"kind": "spaceship"}, "unknown_kind"),
        ({"mapping": {"name": "nix"}}, "unknown_column"),
        ({"mapping": {"name": "{nix} {name}"}}, "unknown_column"),
        ({"mapping": {"colour": "name"}}, "unknown_field"),
        ({"constants": {"colour": "red"}}, "unknown_field"),
        ({"timezone": "Mars/Olympus"}, "unknown_timezone"),
        ({"timezone": "../../etc/passwd"}, "unknown_timezone"),
        ({"kind": "unit_grid"}, "missing_field"),
        ({"kind": "case"}, "missing_field"),
    ],
)
def test_a_plan_that_cannot_work_is_refused_before_any_row(
    file: Write, catalogue: Catalogue, options: dict[str, Any], code: str
) -> None:
    path = file("o.csv", "name,lon,lat\n甲,101.8,36.6\n")
    with pytest.raises(KnownError) as caught:
        plan(ImportOptions(**({"path": path, "kind": "fire_station"} | options)), catalogue)
    assert caught.value.code == code


def test_a_table_without_positions_is_refused_for_a_place(
    file: Write, catalogue: Catalogue
) -> None:
    with pytest.raises(KnownError, match="--map lon=COLUMN"):
        plan(stations(file("o.csv", "name\n甲\n")), catalogue)


def test_pairs_of_options_are_read_strictly() -> None:
    assert pairs(["lon=x", " lat = y "], "map") == {"lon": "x", "lat": "y"}
    assert pairs(["name={a}={b}"], "map") == {"name": "{a}={b}"}
    for words in (["lon"], ["=x"], ["lon="], ["lon=x", "lon=y"]):
        with pytest.raises(KnownError) as caught:
            pairs(words, "map")
        assert caught.value.field == "map"


def test_a_template_reaches_columns_and_nothing_else(file: Write, catalogue: Catalogue) -> None:
    path = file("o.csv", "a.__class__,name,lon,lat\nsafe,甲,101.8,36.6\n")
    hub = FakeHub()
    with hub.client() as client:
        options = stations(path, mapping={"name": "{a.__class__}-{name}"})
        run(options, catalogue, client=client)
    assert hub.items[0]["name"] == "safe-甲"


@pytest.mark.parametrize(
    ("zone", "told"),
    [("UTC", "2022-01-22 00:07:00+08:00"), ("Asia/Shanghai", "2022-01-21 16:07:00+08:00")],
)
def test_the_preview_shows_times_on_the_districts_clock(
    file: Write, catalogue: Catalogue, zone: str, told: str
) -> None:
    path = file("c.csv", "id,title,reported_at\n1,good,2022-01-21 16:07:00\n")
    text = "\n".join(preview(cases(path, timezone=zone), catalogue).lines())
    assert f"reported_at {told}" in text
    assert "1642" not in text


@pytest.mark.parametrize(("lon", "inside"), [("101.813", True), ("121.5", False)])
def test_the_report_says_when_no_row_lies_in_the_district(
    file: Write, catalogue: Catalogue, lon: str, inside: bool
) -> None:
    path = file("c.csv", f"id,title,lon,lat\n1,good,{lon},36.607\n2,good,121.6,31.2\n")
    outline = Path(__file__).parents[3] / "resources" / "basemap" / "district_outline.geojson"
    report = run(cases(path, dry_run=True, outline=outline), catalogue)
    assert (report.placed, report.inside) == (2, int(inside))
    told = "no row lies within the district's outline (looked at 2)" in "\n".join(report.lines())
    assert told is not inside

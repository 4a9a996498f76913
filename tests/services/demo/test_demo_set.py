"""The demo has the inventory of the source document, in the district, the same on every run."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from shapely.geometry import LineString, Point, Polygon

from services.demo.ground import Ground
from services.demo.inventory import NOW, SEED, DemoSet, build
from services.domain import geodesy
from services.domain.ids import is_case_id, is_gb28181, is_part_id
from services.domain.model import Entity, Link
from services.packs import kpi
from services.packs.loader import default_directory, load
from services.packs.validate import check_entity

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = load(default_directory())
GROUND = Ground()
PERSONS = (
    "person", "keeper", "leader", "contact", "driver", "manager", "owner_name", "ranger",
    "secretary", "watcher",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> DemoSet:
    return build()


def digest(demo: DemoSet) -> str:
    whole = (demo.entities, demo.stock, demo.cases)
    return hashlib.sha256(msgspec.json.encode(whole)).hexdigest()


def of(demo: DemoSet, *kinds: str) -> list[Entity]:
    return [e for e in demo.entities if e.kind in kinds]


def cameras(demo: DemoSet) -> list[Entity]:
    return of(demo, "camera", "camera_eagle", "camera_station", "camera_ptz")


def test_counts_of_every_kind(demo: DemoSet) -> None:
    assert Counter(e.kind for e in demo.entities) == {
        "camera": 3_428, "camera_eagle": 10, "camera_station": 52, "camera_ptz": 2,
        "level_sensor": 10, "rain_gauge": 14, "pump_station": 8, "flood_point": 20, "slope": 24,
        "sound_column": 16, "conference_terminal": 53,
        "gas_station": 25, "gas_regulator": 120, "gas_guard": 20_000,
        "warehouse": 12, "team": 40, "shelter": 31, "emergency_vehicle": 24, "hospital": 10,
        "watch_point": 14, "fire_weather": 4, "forest_checkpoint": 10, "forest_water": 8,
        "fire_station": 4, "hydrant": 300, "smart_hydrant": 120, "fire_alarm_host": 90,
        "key_fire_unit": 110, "micro_fire_station": 45,
        "construction_site": 60, "road_work": 12, "illegal_building": 45,
        "self_built_house": 320, "unsafe_house": 80,
        "lift": 3_000, "mall": 12, "scenic_spot": 6, "entertainment_venue": 80,
        "restaurant": 420, "pharmacy": 120, "key_enterprise": 40,
        "drain_pipe": 70, "gas_pipe": 70, "power_line": 70, "heat_pipe": 70, "water_pipe": 70,
        "drain_monitor": 24, "water_monitor": 18, "heat_station": 30, "substation": 20,
        "manhole": 4_500, "street_lamp": 3_000, "bridge": 11,
        "public_toilet": 60, "waste_station": 24, "signboard": 120,
        "water_quality": 3, "groundwater_well": 4, "air_station": 16, "noise_station": 12,
        "soil_station": 7, "ghg_station": 5, "pollution_source": 12,
        "flow_point": 46, "traffic_signal": 60, "parking": 18, "bus_hub": 4,
        "community_station": 59, "mediation_centre": 10, "police_post": 20, "service_hall": 10,
        "school": 20, "care_home": 12,
        "data_node": 12, "security_node": 4, "compute_node": 2,
        "responsibility_grid": 601, "unit_grid": 4_001,
    }  # fmt: skip
    assert len({e.id for e in demo.entities}) == len(demo.entities)
    assert len(demo.entities) == 41_894


def test_every_kind_has_things(demo: DemoSet) -> None:
    """But cases, which are no things and are drawn from the cases of the set, and closures of
    roads, which officers order."""
    assert set(CATALOGUE.kinds) - {e.kind for e in demo.entities} == {"case", "road_closure"}
    assert demo.cases


def test_parts_carry_the_standards_ids(demo: DemoSet) -> None:
    parts = [e for e in demo.entities if CATALOGUE.kinds[e.kind].part_codes]
    assert len(parts) > 7_000
    for part in parts:
        assert is_part_id(part.id)
        assert part.id.startswith("630102")
        assert part.id[6:10] in CATALOGUE.kinds[part.kind].part_codes


def test_pipes_run_along_streets(demo: DemoSet) -> None:
    edge = GROUND.outline.buffer(1.0)
    for kind in ("drain_pipe", "gas_pipe", "power_line", "heat_pipe", "water_pipe", "road_work"):
        for pipe in of(demo, kind):
            assert pipe.geometry is not None
            run = LineString([GROUND.plane.xy(*p) for p in pipe.geometry[0]])
            assert 40.0 < run.length < 1_400.0
            assert edge.contains(run)
            assert run.distance(Point(GROUND.plane.xy(pipe.lon or 0, pipe.lat or 0))) < 1.0


def test_states_are_what_the_readings_say(demo: DemoSet) -> None:
    judged = [e for e in demo.entities if CATALOGUE.kinds[e.kind].derived_state(e.values)]
    assert len(judged) > 3_000
    for entity in judged:
        assert entity.state == CATALOGUE.kinds[entity.kind].derived_state(entity.values)


def test_a_name_gives_no_home_away(demo: DemoSet) -> None:
    """Names carry no data class: where people live, the name is a number."""
    homes = of(demo, "gas_guard", "self_built_house", "unsafe_house", "illegal_building")
    for home in homes:
        assert re.fullmatch(r"(燃气卫士|自建房|危房|违建图斑) \d{4,5}", home.name)
        assert str(home.attrs["address"]).endswith("（示例）")
    assert len({h.name for h in homes}) == len(homes)


def test_heating_stands_still_in_summer() -> None:
    winter = build(now=NOW + 180 * 86_400.0)
    warm = [e.values["supply_temp"] for e in of(winter, "heat_station")]
    assert min(warm) > 50.0
    assert {e.state for e in of(winter, "heat_station")} == {"heating"}


def test_the_cameras_of_the_source_document(demo: DemoSet) -> None:
    all_cameras = cameras(demo)
    assert len(all_cameras) == 3_492
    assert Counter(e.attrs["category"] for e in all_cameras) == {
        "society": 424, "compound": 324, "face": 488, "station": 52, "eagle_eye": 10,
        "hill_ptz": 2, "street": 2_192,
    }  # fmt: skip
    assert len({e.attrs["site"] for e in all_cameras if e.attrs["category"] == "compound"}) == 69
    assert all(is_gb28181(e.id) and e.id[10:14] == "1326" for e in all_cameras)
    assert all_cameras[0].id == "63010200081326000001"
    assert all_cameras[0].name.startswith("康乐十字")
    assert all(e.heading_deg is not None and e.attrs["fov_deg"] for e in all_cameras)


def test_links_are_a_plausible_night(demo: DemoSet) -> None:
    def links(*kinds: str) -> tuple[int, int, int]:
        count = Counter(e.link for e in of(demo, *kinds))
        return count[Link.ONLINE], count[Link.OFFLINE], count[Link.UNKNOWN]

    assert Counter(e.link for e in cameras(demo)) == {
        Link.ONLINE: 3_312, Link.OFFLINE: 119, Link.UNKNOWN: 61,
    }  # fmt: skip
    assert links("camera_station") == (50, 2, 0)
    assert links("gas_guard") == (19_214, 0, 786)
    assert links("gas_regulator") == (118, 2, 0)
    assert links("team") == (38, 2, 0)
    assert links("conference_terminal") == (51, 2, 0)
    assert links("level_sensor") == (10, 0, 0)


def test_last_signs_of_life_agree_with_the_links(demo: DemoSet) -> None:
    for entity in demo.entities:
        kind = CATALOGUE.kinds[entity.kind]
        if entity.link is Link.ONLINE:
            assert entity.observed_at is not None
            assert kind.stale_after_s is not None
            assert 0 <= NOW - entity.observed_at < kind.stale_after_s
        elif entity.link is Link.OFFLINE:
            assert entity.observed_at is not None
            assert NOW - entity.observed_at >= 3_600
        else:
            assert entity.observed_at is None
            assert not entity.values


def test_named_places(demo: DemoSet) -> None:
    level = {e.attrs["site"]: e for e in of(demo, "level_sensor")}
    assert {"康乐十字", "博文路口", "大寺沟", "沙塘川河西侧"} <= set(level)
    assert level["康乐十字"].id == "level_sensor:0001"
    for site in ("康乐十字", "博文路口"):
        at = GROUND.lonlat(GROUND.places[site])
        assert geodesy.within(level[site].lon or 0, level[site].lat or 0, at, 60.0)
    columns = of(demo, "sound_column")
    assert Counter(e.attrs["site"] for e in columns) == {"东关大街": 6, "大众街": 5, "建国路": 5}
    assert all(is_gb28181(e.id) and e.id[10:13] == "137" for e in columns)
    assert {e.attrs["river"] for e in of(demo, "water_quality")} == {"湟水河"}
    terminals = Counter(e.attrs["level"] for e in of(demo, "conference_terminal"))
    assert terminals == {"town": 2, "subdistrict": 7, "village": 20, "community": 24}


def test_everything_lies_in_the_district(demo: DemoSet) -> None:
    outside = [
        e.name
        for e in demo.entities
        if e.lon is None
        or e.lat is None
        or not GROUND.outline.contains(Point(GROUND.plane.xy(e.lon, e.lat)))
    ]
    assert outside == []
    edge = GROUND.outline.buffer(0.5)
    for entity in of(demo, "unit_grid", "responsibility_grid"):
        assert entity.geometry is not None
        corners = [GROUND.plane.xy(*p) for p in entity.geometry[0]]
        assert edge.contains(Polygon(corners))


def test_unit_grids_cover_the_district_without_overlap(demo: DemoSet) -> None:
    def shape(entity: Entity) -> Polygon:
        assert entity.geometry is not None
        return Polygon([GROUND.plane.xy(*p) for p in entity.geometry[0]])

    units = of(demo, "unit_grid")
    area = sum(shape(u).area for u in units)
    assert area == pytest.approx(GROUND.outline.area, rel=1e-3)
    assert all(4 <= len(u.geometry[0]) <= 9 for u in units if u.geometry)
    parents = {e.id: shape(e).buffer(0.5) for e in of(demo, "responsibility_grid")}
    for unit in units:
        assert parents[str(unit.attrs["responsibility_grid"])].contains(shape(unit))
    assert {len(e.id) for e in units} == {14}
    assert all(e.id.startswith("630102") for e in units)


def test_every_thing_and_line_passes_its_pack(demo: DemoSet) -> None:
    for entity in demo.entities:
        check_entity(CATALOGUE, entity)
    warehouses = {e.id for e in of(demo, "warehouse")}
    assert {line.warehouse_id for line in demo.stock} == warehouses
    assert {line.item for line in demo.stock} <= set(CATALOGUE.items)
    assert all(line.on_hand > 0 and line.reserved == 0 for line in demo.stock)
    assert len({line.key for line in demo.stock}) == len(demo.stock)


def test_every_plan_can_be_met_somewhere(demo: DemoSet) -> None:
    skills = {e.attrs["speciality"] for e in of(demo, "team")}
    items = {line.item for line in demo.stock}
    for category in CATALOGUE.categories.values():
        for need in category.need:
            assert (need.item in items) if need.item else (need.team in skills)


def test_the_kangle_junction_has_help_near(demo: DemoSet) -> None:
    here = (101.813, 36.607)

    def near(kind: str) -> list[Entity]:
        return [e for e in of(demo, kind) if geodesy.within(e.lon or 0, e.lat or 0, here, 1_000.0)]

    assert len(near("warehouse")) >= 2
    assert "drainage" in {e.attrs["speciality"] for e in near("team")}
    assert len(near("camera")) >= 30


def test_persons_are_marked_as_invented(demo: DemoSet) -> None:
    people = [value for e in demo.entities for name in PERSONS if (value := e.attrs.get(name))]
    assert len(people) > 4_000
    assert all(str(p).endswith("（示例）") for p in people)
    phones = [p for e in demo.entities if (p := e.attrs.get("phone"))]
    assert all("****" in str(p) for p in phones)


def test_names_tell_things_apart(demo: DemoSet) -> None:
    names = Counter(e.name for e in cameras(demo))
    assert max(names.values()) == 1


def test_cases_show_all_lights_and_two_weeks(demo: DemoSet) -> None:
    open_cases = [c for c in demo.cases if c.state != "closed"]
    assert Counter(kpi.case_light(c, NOW) for c in open_cases) == {
        "green": 171, "yellow": 34, "red": 9,
    }  # fmt: skip
    assert {c.state for c in open_cases} == {
        "reported", "pending_dispatch", "pending_handle", "handling",
    }  # fmt: skip
    assert len(demo.cases) == 1_414
    assert all(is_case_id(c.id) for c in demo.cases)
    assert len({c.id for c in demo.cases}) == len(demo.cases)
    assert {c.category for c in demo.cases} <= set(CATALOGUE.categories)
    units = {e.id for e in of(demo, "unit_grid")}
    assert {c.grid_id for c in demo.cases} <= units
    for case in demo.cases:
        times = [step.time for step in case.flow]
        assert times == sorted(times)
        assert times[-1] <= NOW


def test_another_moment_moves_the_times_and_nothing_else(demo: DemoSet) -> None:
    later = build(now=NOW + 86_400.0)
    assert [e.id for e in later.entities] == [e.id for e in demo.entities]
    moved = [
        (a.observed_at or 0) - (b.observed_at or 0)
        for a, b in zip(later.entities, demo.entities, strict=True)
        if b.observed_at is not None
    ]
    assert moved == pytest.approx([86_400.0] * len(moved), abs=0.01)
    assert sorted(c.title for c in later.cases) == sorted(c.title for c in demo.cases)


def test_one_seed_is_one_set(demo: DemoSet) -> None:
    """Also in another process with another hash seed; another seed is another set."""
    program = (
        "import hashlib, msgspec; from services.demo.inventory import build; d = build();"
        "w = (d.entities, d.stock, d.cases);"
        "print(hashlib.sha256(msgspec.json.encode(w)).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4711"}, capture_output=True, text=True,
        timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == digest(demo)
    assert demo.seed == SEED
    assert digest(build(seed=7)) != digest(demo)

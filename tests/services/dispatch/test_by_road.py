"""The hub's own choice goes by road, and round what is closed from the moment it is closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from services.dispatch.travel import Trip
from services.domain.events import EntityUpserted
from services.domain.model import Entity, Task
from services.hub.commands import decide
from services.hub.roads import HubRoads
from services.hub.timed import timed_sorts
from services.packs.loader import default_directory, load
from services.roads.store import RoadStore
from tests.services.commands.desks import OrderDesk
from tests.services.roads.town import degrees, grid
from tests.services.small_city import OFFICER, TEAM

PLACE = degrees((400, 400))[0]


def team(name: str, *metres: float) -> Entity:
    lon, lat = degrees((metres[0], metres[1]))[0]
    return Entity(
        id=f"team:{name}",
        kind="team",
        name=name,
        lon=lon,
        lat=lat,
        attrs={"speciality": "drainage"},
        state="idle",
    )


@pytest.fixture
def desk(tmp_path: Path) -> OrderDesk:
    RoadStore(tmp_path).add(grid(5, 5), "grid", 0.0)
    made = OrderDesk()
    made.catalogue = load(default_directory())
    roads = HubRoads(tmp_path, made.catalogue)
    plain = made.scene

    def scene(*args: object, **more: object):  # type: ignore[no-untyped-def]  # adds the roads
        import dataclasses

        found = plain(*args, **more)  # type: ignore[arg-type]
        return dataclasses.replace(found, travel=roads.travel(made.world, made.clock()))

    made.scene = scene  # type: ignore[method-assign]
    made.roads = roads  # type: ignore[attr-defined]
    made.add(team("a", 400, 500), team("b", 400, 0), team("c", 800, 400), team("d", 9_000, 9_000))
    return made


def declined(desk: OrderDesk) -> Task:
    """Who is proposed when team a says no."""
    case = desk.world.cases[
        desk.do("case.create", {"category": "E04-96", "lon": PLACE[0], "lat": PLACE[1]})["case"]
    ]
    sent = desk.do("dispatch.send", {"case": case.id, "tasks": [{"entity": "team:a"}]})["dispatch"]
    args = {"dispatch": sent, "task": f"{sent}/1", "state": "declined"}
    desk.do("task.update", args, actor=TEAM)
    tasks = desk.world.dispatches[sent].tasks
    assert tasks[0].drive_s == pytest.approx(100 / (20 / 3.6), abs=0.3)
    assert tasks[0].road_m == pytest.approx(100, rel=0.01)
    return tasks[-1]


def test_a_closed_road_counts_from_the_moment_it_is_closed(desk: OrderDesk) -> None:
    assert declined(desk).entity_id == "team:b"  # as far as c, and before it by its id
    for point in ((400, 300), (300, 400), (400, 500)):
        lon, lat = degrees(point)[0]
        desk.do("road.close", {"lon": lon, "lat": lat, "radius_m": 20, "reason": "works"})
    trips = desk.roads.travel(
        desk.world, desk.clock()
    )(  # type: ignore[attr-defined]
        *PLACE, list(desk.world.entities.values())[:4]
    )
    assert trips["team:c"].metres == pytest.approx(400, rel=0.01)
    assert trips["team:b"].metres == pytest.approx(800, rel=0.01)
    assert "team:d" not in trips  # too far from every road: nothing is invented


def test_a_silent_team_is_replaced_by_road_too(desk: OrderDesk) -> None:
    case = desk.do("case.create", {"category": "E04-96", "lon": PLACE[0], "lat": PLACE[1]})["case"]
    sent = desk.do("dispatch.send", {"case": case, "tasks": [{"entity": "team:a"}]})["dispatch"]
    lon, lat = degrees((400, 200))[0]
    desk.do("road.close", {"lon": lon, "lat": lat, "radius_m": 20, "reason": "works"})
    desk.clock.advance(301)
    sorts = timed_sorts(desk.catalogue, desk.calendar, desk.roads.travel)  # type: ignore[attr-defined]
    (silent,) = [s for s in sorts if s.name == "silent_tasks"]
    desk.fold(silent.fire(desk.world, sent, desk.clock()))
    proposed = desk.world.dispatches[sent].tasks[-1]
    assert (proposed.entity_id, proposed.road_m) == ("team:c", pytest.approx(400, rel=0.01))


def test_without_roads_that_can_be_read_the_straight_distance_decides(
    desk: OrderDesk, tmp_path: Path
) -> None:
    (tmp_path / "roads" / "current.json").write_bytes(b"{")
    found = desk.roads.travel(desk.world, 0.0)(*PLACE, [team("a", 0, 0)])  # type: ignore[attr-defined]
    assert found == {}
    moved = replace(team("b", 400, 0), lon=PLACE[0])
    desk.fold([EntityUpserted(entity=moved)])
    args = {"category": "E04-96", "lon": PLACE[0], "lat": PLACE[1]}
    decision = decide(desk.scene(OFFICER), "case.create", args)
    desk.fold(decision.bodies)
    args = {"case": decision.value["case"], "tasks": [{"entity": "team:c"}]}
    sent = desk.do("dispatch.send", args)["dispatch"]
    (task,) = desk.world.dispatches[sent].tasks
    assert (task.drive_s, task.road_m) == (None, None)
    assert task.distance_m == pytest.approx(400, rel=0.01)


def test_another_network_is_noticed(desk: OrderDesk, tmp_path: Path) -> None:
    roads: HubRoads = desk.roads  # type: ignore[attr-defined]
    before = roads.travel(desk.world, 0.0)(*PLACE, [team("b", 400, 0)])
    assert before["team:b"].metres == pytest.approx(400, rel=0.01)
    RoadStore(tmp_path).add(grid(2, 2, 100.0), "other", 1.0)
    after = roads.travel(desk.world, 0.0)(*PLACE, [team("b", 400, 0)])
    assert after["team:b"] != before["team:b"]
    assert isinstance(after["team:b"], Trip)

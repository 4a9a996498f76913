from __future__ import annotations

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pyproj import Geod

from services.dispatch.proposal import propose
from services.dispatch.travel import Travel, Trip
from services.domain.model import Dispatch, Entity, Link, Task
from tests.services.small_city import CENTRE, City, sensor, team, warehouse

GEOD = Geod(ellps="WGS84")


def brute(entity: Entity) -> float:
    """One distance at a time, by pyproj itself."""
    return float(GEOD.inv(*CENTRE, entity.lon, entity.lat)[2])


def camera(name: str, east: float, north: float) -> Entity:
    return Entity(
        id=f"camera:{name}",
        kind="camera",
        name=name,
        lon=CENTRE[0] + east,
        lat=CENTRE[1] + north,
    )


offsets = st.tuples(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))


@settings(max_examples=40, deadline=None)
@given(st.lists(offsets, max_size=30), st.floats(100.0, 6_000.0))
def test_nearness_agrees_with_pyproj_one_by_one(
    places: list[tuple[float, float]], radius_m: float
) -> None:
    city = City()
    cameras = [camera(str(i), *place) for i, place in enumerate(places)]
    city.add(*cameras)
    got = propose(city.world, city.catalogue, *CENTRE, radius_m, None).cameras
    expected = sorted(
        ((brute(c), c.id) for c in cameras if brute(c) <= radius_m), key=lambda pair: pair
    )
    assert [c.id for c, _ in got] == [id_ for _, id_ in expected]
    for (_, metres), (wanted, _) in zip(got, expected, strict=True):
        assert abs(metres - wanted) < 1e-3


def test_an_empty_city_falls_short_of_everything() -> None:
    city = City()
    proposal = propose(city.world, city.catalogue, *CENTRE, 2_000.0, "flood")
    assert (proposal.teams, proposal.warehouses, proposal.cameras) == ([], [], [])
    assert [(s.item_or_team, s.needed, s.found, s.nearest_m) for s in proposal.shortfalls] == [
        ("drainage", 2, 0, None),
        ("pump", 5, 0, None),
    ]


def test_the_nearest_free_teams_of_the_speciality_are_chosen() -> None:
    city = City()
    city.add(
        team("busy by state", 0.001, state="busy"),
        team("silent", 0.002, link=Link.OFFLINE),
        team("nurses", 0.003, speciality="medical"),
        team("first", 0.004),
        team("on a task", 0.005),
        team("second", 0.006),
        team("third", 0.007),
        team("far", 0.5),
        replace(team("nowhere"), lon=None, lat=None),
    )
    dispatch = Dispatch(
        id="dispatch:1",
        case_id="c",
        by="甲",
        seat="",
        created_at=0.0,
        tasks=(Task(id="dispatch:1/1", entity_id="team:on a task", name=""),),
    )
    city.world.dispatches[dispatch.id] = dispatch
    proposal = propose(city.world, city.catalogue, *CENTRE, 2_000.0, "flood")
    assert [(p.entity.name, p.chosen, p.reason) for p in proposal.teams] == [
        ("busy by state", False, "busy"),
        ("silent", False, "offline"),
        ("nurses", False, "other_speciality"),
        ("first", True, "needed"),
        ("on a task", False, "busy"),
        ("second", True, "needed"),
        ("third", False, "spare"),
    ]
    assert proposal.teams[4].dispatch_id == "dispatch:1"


def test_material_is_taken_from_the_nearest_and_what_lacks_is_said() -> None:
    city = City()
    city.add(warehouse("near", 0.001), warehouse("next", 0.002), warehouse("out", 0.1), sensor())
    city.stock("warehouse:near", "pump", 2)
    city.stock("warehouse:near", "bag", 50)
    city.stock("warehouse:next", "pump", 1)
    city.stock("warehouse:out", "pump", 9)
    city.add(team("far", 0.2))
    proposal = propose(city.world, city.catalogue, *CENTRE, 2_000.0, "flood")
    assert [(p.entity.name, p.lines) for p in proposal.warehouses] == [
        ("near", (("bag", 50, 0), ("pump", 2, 2))),
        ("next", (("pump", 1, 1),)),
    ]
    teams, pumps = proposal.shortfalls
    assert (teams.item_or_team, teams.found) == ("drainage", 0)
    assert teams.nearest_m is not None
    assert abs(teams.nearest_m - brute(team("far", 0.2))) < 1e-3
    assert (pumps.item_or_team, pumps.needed, pumps.found) == ("pump", 5, 3)
    assert pumps.nearest_m is not None
    assert abs(pumps.nearest_m - brute(warehouse("out", 0.1))) < 1e-3


def test_enough_is_enough() -> None:
    city = City()
    city.add(warehouse("near", 0.001), warehouse("next", 0.002), warehouse("out", 0.1))
    city.stock("warehouse:near", "pump", 4)
    city.stock("warehouse:next", "pump", 4)
    city.stock("warehouse:out", "pump", 0)
    city.add(team("a"), team("b", 0.001), team("far", 0.2), team("far and busy", 0.3, state="busy"))
    proposal = propose(city.world, city.catalogue, *CENTRE, 2_000.0, "flood")
    assert [p.lines for p in proposal.warehouses] == [(("pump", 4, 4),), (("pump", 4, 1),)]
    assert proposal.shortfalls == []


def test_without_a_plan_everything_is_listed_and_nothing_chosen() -> None:
    city = City()
    city.add(team("a"), warehouse("near"), camera("c", 0.0, 0.001))
    city.stock("warehouse:near", "pump", 4)
    for code in (None, "other", "no such category"):
        proposal = propose(city.world, city.catalogue, *CENTRE, 2_000.0, code)
        assert [(p.chosen, p.reason) for p in proposal.teams] == [(False, "spare")]
        assert [p.lines for p in proposal.warehouses] == [(("pump", 4, 0),)]
        assert len(proposal.cameras) == 1
        assert proposal.shortfalls == []


def by_road(**seconds: float) -> Travel:
    """Trips by the name of the thing, ten metres a second."""

    def travel(_lon: float, _lat: float, things: Sequence[Entity]) -> dict[str, Trip]:
        return {
            e.id: Trip(seconds[e.name], seconds[e.name] * 10) for e in things if e.name in seconds
        }

    return travel


def test_who_is_there_first_by_road_goes_before_who_is_nearer() -> None:
    city = City()
    city.add(team("across", 0.001), team("round", 0.004), team("lost", 0.002), team("far", 0.2))
    city.add(warehouse("w1", 0.001), warehouse("w2", 0.002))
    city.stock("warehouse:w1", "pump", 5)
    city.stock("warehouse:w2", "pump", 5)
    travel = by_road(across=900.0, round=120.0, far=60.0, w1=700.0, w2=100.0)
    found = propose(city.world, city.catalogue, *CENTRE, 2_000.0, "flood", None, travel)
    assert [(p.entity.name, p.chosen) for p in found.teams] == [
        ("round", True),
        ("across", True),
        ("lost", False),  # no way by road is known, so it comes after those with one
    ]
    assert found.teams[0].trip == Trip(120.0, 1_200.0)
    assert found.teams[2].trip is None
    assert [(p.entity.name, p.lines[0][2]) for p in found.warehouses] == [("w2", 5), ("w1", 0)]


def test_the_next_one_outside_is_told_in_a_straight_line() -> None:
    city = City()
    city.add(team("near", 0.1), team("soon", 0.2))
    travel = by_road(soon=60.0)
    found = propose(city.world, city.catalogue, *CENTRE, 2_000.0, "flood", None, travel)
    (short, _pumps) = found.shortfalls
    assert short.nearest_m is not None
    assert abs(short.nearest_m - brute(team("near", 0.1))) < 1e-3


@given(
    st.lists(st.tuples(offsets, st.none() | st.integers(1, 9)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_order_does_not_depend_on_the_order_of_the_inventory(
    drawn: list[tuple[tuple[float, float], int | None]], chance: Random
) -> None:
    teams = [replace(team(str(i), a), lat=CENTRE[1] + b) for i, ((a, b), _) in enumerate(drawn)]
    travel = by_road(**{str(i): s * 60.0 for i, (_, s) in enumerate(drawn) if s is not None})
    lists = []
    for _ in range(2):
        chance.shuffle(teams)
        city = City()
        city.add(*teams)
        found = propose(city.world, city.catalogue, *CENTRE, 1e5, None, None, travel)
        lists.append([p.entity.id for p in found.teams])
    assert lists[0] == lists[1]
    known = [p.trip.seconds for p in found.teams if p.trip is not None]
    assert known == sorted(known)
    assert [p.trip is None for p in found.teams] == [False] * len(known) + [True] * (
        len(teams) - len(known)
    )

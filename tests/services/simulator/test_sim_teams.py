"""Teams on a task: the order of their reports, their way on roads, what interrupts them."""

from __future__ import annotations

import itertools

import pytest

from services.demo.ground import Ground
from services.demo.roads import RoadGraph
from services.domain.geodesy import distance_m
from services.domain.model import Case, Dispatch, Entity, Link, Severity, Task, TaskState
from services.ingest.teams import Fleet, Key, Moved, Reported, Step, Way

NOW = 1_784_088_000.0
HOME = (101.815, 36.6056)
PLACE = (101.8062, 36.5985)
CASE = Case(
    id="c", category="E05-06", title="t", severity=Severity.MAJOR, state="handling",
    lon=PLACE[0], lat=PLACE[1],
)  # fmt: skip


@pytest.fixture(scope="module")
def roads() -> RoadGraph:
    return Ground().graph


@pytest.fixture
def fleet(roads: RoadGraph) -> Fleet:
    return Fleet(roads, {"team:1": HOME}, scale=6.0, seed=1)


def team(lon: float = HOME[0], lat: float = HOME[1], link: Link = Link.ONLINE) -> Entity:
    return Entity(id="team:1", kind="team", name="排涝一队", lon=lon, lat=lat, link=link)


def dispatch(state: TaskState = "sent") -> Dispatch:
    whole = "recalled" if state == "recalled" else "sent"
    task = Task(id="t1", entity_id="team:1", name="排涝一队", state=state)
    return Dispatch(
        id="d1", case_id="c", by="b", seat="s", created_at=NOW, tasks=(task,), state=whole
    )


def played(fleet: Fleet, start: float, seconds: float) -> list[tuple[float, Key, Step]]:
    found = []
    for tick in range(int(seconds * 2) + 1):
        now = start + tick / 2
        found += [(now - start, key, step) for key, _, step in fleet.steps(now)]
    return found


def reports(found: list[tuple[float, Key, Step]]) -> list[tuple[float, str]]:
    return [(at, s.state) for at, _, s in found if isinstance(s, Reported)]


def moves(found: list[tuple[float, Key, Step]]) -> list[tuple[float, Moved]]:
    return [(at, s) for at, _, s in found if isinstance(s, Moved)]


def test_a_task_is_accepted_driven_to_done_in_order(fleet: Fleet) -> None:
    fleet.follow(dispatch(), CASE, lambda _: team(), NOW)
    found = played(fleet, NOW, 120.0)
    times = reports(found)
    assert [state for _, state in times] == ["accepted", "en_route", "arrived", "done"]
    assert 2.0 <= times[0][0] <= 4.5
    assert times[-1][0] > times[-2][0] + 10.0
    done = [s for _, _, s in found if isinstance(s, Reported) and s.state == "done"]
    assert done[0].note
    assert played(fleet, NOW + 500.0, 10.0) == []


def test_the_way_follows_the_roads_at_the_given_speed_and_ends_at_the_place(
    fleet: Fleet, roads: RoadGraph
) -> None:
    fleet.follow(dispatch(), CASE, lambda _: team(), NOW)
    found = played(fleet, NOW, 120.0)
    way = moves(found)
    states = {state: at for at, state in reports(found)}
    end = way[-1][1]
    assert distance_m(end.lon, end.lat, *PLACE) < 1.0
    assert way[-1][0] == states["arrived"]
    length = roads.route(*HOME, *PLACE).length_m
    assert length > 1.1 * distance_m(*HOME, *PLACE)
    speed = length / (states["arrived"] - states["en_route"])
    assert 6.0 * 40 / 3.6 * 0.85 < speed < 6.0 * 40 / 3.6 * 1.25
    gaps = [b - a for (a, _), (b, _) in itertools.pairwise(way)]
    assert max(gaps) <= 1.5
    assert all(0.0 <= m.heading_deg < 360.0 for _, m in way)


@pytest.mark.parametrize(
    ("state", "rest"),
    [
        ("accepted", ["en_route", "arrived", "done"]),
        ("en_route", ["arrived", "done"]),
        ("arrived", ["done"]),
    ],
)
def test_a_restarted_simulator_goes_on_where_the_task_stands(
    fleet: Fleet, state: TaskState, rest: list[str]
) -> None:
    fleet.follow(dispatch(state), CASE, lambda _: team(), NOW)
    found = played(fleet, NOW, 120.0)
    assert [s for _, s in reports(found)] == rest
    assert bool(moves(found)) == (state != "arrived")


def test_hearing_the_same_again_does_not_start_it_again(fleet: Fleet) -> None:
    for _ in range(3):
        fleet.follow(dispatch(), CASE, lambda _: team(), NOW)
    assert len(reports(played(fleet, NOW, 120.0))) == 4
    fleet.follow(dispatch("arrived"), CASE, lambda _: team(), NOW + 121.0)  # late news
    assert reports(played(fleet, NOW + 121.0, 60.0)) == []


def test_a_recalled_team_reports_nothing_more_and_drives_home(fleet: Fleet) -> None:
    fleet.follow(dispatch(), CASE, lambda _: team(), NOW)
    played(fleet, NOW, 8.0)
    fleet.follow(dispatch("recalled"), CASE, lambda _: team(*PLACE), NOW + 8.0)
    found = played(fleet, NOW + 8.0, 120.0)
    assert reports(found) == []
    end = moves(found)[-1][1]
    assert distance_m(end.lon, end.lat, *HOME) < 1.0


def test_after_the_task_it_drives_home_unless_it_is_sent_again(fleet: Fleet) -> None:
    fleet.end(("d1", "t1"), team(*PLACE), NOW)
    assert moves(played(fleet, NOW, 3.0))
    second = Dispatch(
        id="d2", case_id="c", by="b", seat="s", created_at=NOW,
        tasks=(Task(id="t2", entity_id="team:1", name="n"),),
    )  # fmt: skip
    fleet.follow(second, CASE, lambda _: team(*PLACE), NOW + 3.0)
    keys = {key for _, key, _ in played(fleet, NOW + 3.0, 60.0)}
    assert keys == {("d2", "t2")}


def test_a_team_without_signal_never_hears_of_it(fleet: Fleet) -> None:
    fleet.follow(dispatch(), CASE, lambda _: team(link=Link.OFFLINE), NOW)
    assert played(fleet, NOW, 60.0) == []


def test_a_task_without_a_place_is_done_without_driving(fleet: Fleet) -> None:
    fleet.follow(dispatch(), None, lambda _: team(), NOW)
    found = played(fleet, NOW, 60.0)
    assert [s for _, s in reports(found)] == ["accepted", "en_route", "arrived", "done"]
    assert moves(found) == []


def test_a_way_is_walked_by_metres() -> None:
    way = Way(((101.8, 36.6), (101.81, 36.6), (101.81, 36.61)))
    assert way.length_m == pytest.approx(
        distance_m(101.8, 36.6, 101.81, 36.6) + distance_m(101.81, 36.6, 101.81, 36.61), abs=0.01
    )
    start, corner = way.moved(0.0), way.moved(distance_m(101.8, 36.6, 101.81, 36.6))
    assert start is not None
    assert corner is not None
    assert (start.lon, start.lat) == (101.8, 36.6)
    assert start.heading_deg == pytest.approx(90.0, abs=0.1)
    assert (corner.lon, corner.lat) == pytest.approx((101.81, 36.6), abs=1e-6)
    beyond = way.moved(1e9)
    assert beyond is not None
    assert (beyond.lon, beyond.lat) == (101.81, 36.61)
    assert Way(((101.8, 36.6),)).moved(5.0) is None

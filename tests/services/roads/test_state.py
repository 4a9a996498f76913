"""Which roads the state closes: by alarm, case, works and order, and that they open again."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from services.domain.model import Alarm, Case, Entity, Severity, Suppression
from services.domain.suppression import OUT_OF_SERVICE, SHELVED
from services.domain.world import Delta, World
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from services.roads.closing import close
from services.roads.state import ClosureBook, closures
from tests.services.roads.town import degrees, grid

NOW = 1_784_095_532.0
PLACE = degrees((200, 200))[0]
SENSOR = Entity(
    id="level_sensor:1",
    kind="level_sensor",
    name="康乐十字",
    lon=PLACE[0],
    lat=PLACE[1],
    attrs={"setting": "road"},
    values={"level": 0.35},
)
ALARM = Alarm(
    key="rule|level_high|level_sensor:1",
    source="rule",
    rule="level_high",
    object_id=SENSOR.id,
    severity=Severity.MINOR,
    active=True,
)
CASE = Case(
    id="case1",
    category="E05-06",
    title="道路积水",
    severity=Severity.CRITICAL,
    state="handling",
    lon=PLACE[0],
    lat=PLACE[1],
)
WORK = Entity(
    id="road_work:1",
    kind="road_work",
    name="works",
    lon=PLACE[0],
    lat=PLACE[1],
    geometry=(degrees((150, 200), (250, 200)),),
    state="working",
    attrs={"traffic": "closed"},
)
ORDERED = Entity(
    id="road_closure:1",
    kind="road_closure",
    name="E1",
    lon=PLACE[0],
    lat=PLACE[1],
    attrs={"radius_m": 25.0, "reason": "flood"},
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


def state(*records: Entity | Alarm | Case) -> World:
    world = World("e")
    for record in records:
        if isinstance(record, Entity):
            world.entities[record.id] = record
        elif isinstance(record, Alarm):
            world.alarms[record.key] = record
        else:
            world.cases[record.id] = record
    return world


def test_water_on_a_road_closes_it_until_the_alarm_is_over(catalogue: Catalogue) -> None:
    (closure,) = closures(state(SENSOR, ALARM), catalogue, NOW)
    assert (closure.why, closure.name, closure.about) == ("water_on_road", "康乐十字", SENSOR.id)
    assert closure.run == (PLACE,)
    assert set(close(grid(3, 3), [closure]).roads_of(closure.id)) == {"E1", "N1"}
    assert closures(state(SENSOR, replace(ALARM, active=False)), catalogue, NOW) == ()
    assert closures(state(ALARM), catalogue, NOW) == ()


@pytest.mark.parametrize("setting", ["gully", "river", ""])
def test_water_elsewhere_closes_nothing(catalogue: Catalogue, setting: str) -> None:
    other = replace(SENSOR, attrs={"setting": setting} if setting else {})
    assert closures(state(other, ALARM), catalogue, NOW) == ()


def test_an_alarm_that_is_not_to_be_trusted_closes_nothing(catalogue: Catalogue) -> None:
    def suppressed(kind: str) -> World:
        why = Suppression(kind=kind, by="a", reason="r", since=NOW - 10, until=NOW + 600)
        return state(SENSOR, replace(ALARM, suppressed=(why,)))

    assert closures(suppressed(OUT_OF_SERVICE), catalogue, NOW) == ()
    assert len(closures(suppressed(SHELVED), catalogue, NOW)) == 1  # put aside, but still wet


@pytest.mark.parametrize(
    ("case", "closed"),
    [
        (CASE, True),
        (replace(CASE, severity=Severity.MAJOR), False),
        (replace(CASE, state="reported"), False),
        (replace(CASE, state="pending_check"), False),
        (replace(CASE, category="E04-96"), False),
        (replace(CASE, lon=None), False),
    ],
)
def test_a_case_closes_while_it_is_worked_on(
    catalogue: Catalogue, case: Case, closed: bool
) -> None:
    assert len(closures(state(case), catalogue, NOW)) == closed


def test_works_close_only_where_nobody_gets_through(catalogue: Catalogue) -> None:
    (closure,) = closures(state(WORK), catalogue, NOW)
    assert closure.run == WORK.geometry[0] if WORK.geometry else False
    for other in (
        replace(WORK, state="planned"),
        replace(WORK, attrs={"traffic": "narrowed"}),
        replace(WORK, attrs={}),
    ):
        assert closures(state(other), catalogue, NOW) == ()


def test_an_order_closes_as_far_as_it_says(catalogue: Catalogue) -> None:
    (closure,) = closures(state(ORDERED), catalogue, NOW)
    assert (closure.why, closure.radius_m) == ("ordered", 25.0)


def test_a_line_that_ends_where_it_began_closes_the_roads_it_lies_on(catalogue: Catalogue) -> None:
    ring = degrees((0, 0), (90, 0), (90, 90), (0, 0))
    drawn = replace(ORDERED, geometry=(ring,))
    (closure,) = closures(state(drawn), catalogue, NOW)
    assert (closure.run, closure.rings) == (ring, ())
    areas = load(default_directory())
    kind = areas.kinds[ORDERED.kind]
    areas.kinds[ORDERED.kind] = msgspec.structs.replace(kind, geometry="polygon")
    (closure,) = closures(state(drawn), areas, NOW)
    assert (closure.run, closure.rings) == ((), (ring,))


def test_a_book_follows_as_if_it_read_everything_anew(catalogue: Catalogue) -> None:
    """Each change alone, with the book beside a fresh reading of the state after it."""
    book = ClosureBook(catalogue)
    world = state()
    wet = replace(SENSOR, values={"level": 0.5})
    dry = replace(ALARM, active=False)
    steps: list[Delta] = [
        Delta(entities={SENSOR.id: SENSOR}),
        Delta(alarms={ALARM.key: ALARM}),
        Delta(entities={SENSOR.id: wet}),
        Delta(entities={WORK.id: WORK}, cases={CASE.id: CASE}),
        Delta(entities={ORDERED.id: ORDERED}),
        Delta(entities={SENSOR.id: replace(wet, attrs={"setting": "river"})}),
        Delta(entities={SENSOR.id: wet}),
        Delta(alarms={ALARM.key: dry}, entities={ORDERED.id: None}),
        Delta(cases={CASE.id: None}, alarms={ALARM.key: None}),
        Delta(entities={WORK.id: replace(WORK, kind="camera")}),
    ]
    versions = []
    for step in steps:
        for mine, news in (
            (world.entities, step.entities),
            (world.alarms, step.alarms),
            (world.cases, step.cases),
        ):
            for key, record in news.items():
                if record is None:
                    mine.pop(key, None)  # type: ignore[attr-defined]  # three tables, one loop
                else:
                    mine[key] = record  # type: ignore[index, assignment]
        book.follow(step, world, NOW)
        assert book.closures == closures(world, catalogue, NOW)
        versions.append(book.version)
    assert versions == [0, 1, 1, 2, 3, 4, 5, 6, 7, 8]
    book.follow(Delta(reset=True), state(SENSOR, ALARM), NOW)
    assert [c.about for c in book.closures] == [SENSOR.id]

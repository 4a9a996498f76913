"""A reader of a scope, fed by snapshot and events, stands where the filtered state stands."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.access.areas import Region, holds_id
from services.access.masking import Masks
from services.access.scope import WHOLE, Scope
from services.access.sight import Sight
from services.domain.events import (
    AlarmChanged,
    Body,
    CaseChanged,
    DispatchChanged,
    EntityDeleted,
    EntityUpserted,
    Event,
    Observed,
    OperatorActed,
    ServiceChanged,
    StockChanged,
)
from services.domain.model import Alarm, Case, Dispatch, Entity, Severity, StockLine, Task
from services.domain.world import Tables, World
from services.packs.model import Attribute, Catalogue, Kind, Label, Pack, Symbol

LABEL = Label(zh="字", en="word")
DOT = Symbol(shape="circle")
CLEAR = WHOLE.clear
SECRET = "张三丰"


def _kind(id_: str, *traits: Any, personal: bool = False) -> Kind:
    attribute = (Attribute(name="person", label=LABEL, data_class="personal"),) if personal else ()
    return Kind(
        id=id_, label=LABEL, geometry="point", traits=traits, symbol=DOT, attribute=attribute
    )


CATALOGUE = Catalogue(
    (
        Pack(
            id="p",
            version=1,
            label=LABEL,
            kind=(
                _kind("team", "located", "mobile", "dispatchable", personal=True),
                _kind("sensor", "located", "observing"),
                _kind("warehouse", "located", "stocked"),
                _kind("grid", "area"),
                _kind("case", "case-bearing"),
            ),
        ),
    )
)
SCOPES = (
    WHOLE,
    Scope(kinds=None, clear=CLEAR, areas=frozenset({"63010201"})),
    Scope(kinds=None, clear=CLEAR, areas=frozenset({"6301020101", "6301020102"})),
    Scope(kinds=frozenset({"team", "case"}), clear=CLEAR),
    Scope(kinds=frozenset({"sensor"}), clear=CLEAR, cases=False, areas=frozenset({"6301020101"})),
    Scope(kinds=None, clear=CLEAR, departments=frozenset({"water"})),
    Scope(kinds=frozenset(), clear=frozenset(), cases=False),
)

NUMBERS = st.integers(1, 3)
PLACES = st.tuples(st.sampled_from([0.5, 1.0, 1.5, 2.5, 3.5]), st.sampled_from([0.5, 1.5]))
KINDS = st.sampled_from(["team", "sensor", "warehouse"])


def square(number: int) -> Entity:
    """A grid cell of 1° × 2°: number 1 from 0° to 1° east, and so on."""
    west, east = number - 1.0, float(number)
    ring = ((west, 0.0), (east, 0.0), (east, 2.0), (west, 2.0), (west, 0.0))
    return Entity(id=f"63010201{number:02d}", kind="grid", name=f"grid {number}", geometry=(ring,))


def thing(kind: str, number: int, place: tuple[float, float] | None) -> Entity:
    lon, lat = place if place else (None, None)
    attrs = {"person": SECRET} if kind == "team" else {}
    return Entity(
        id=f"{kind}:{number}", kind=kind, name=f"n{number}", lon=lon, lat=lat, attrs=attrs
    )


def alarm(number: int, kind: str, active: bool, acknowledged: bool, place: Any) -> Alarm:
    lon, lat = place if place else (None, None)
    object_id = f"{kind}:{number}"
    return Alarm(
        key=f"s/r/{object_id}",
        source="s",
        rule="r",
        object_id=object_id,
        severity=Severity.MAJOR,
        active=active,
        acknowledged=acknowledged,
        lon=lon,
        lat=lat,
    )


def case(number: int, place: Any, department: str, person: bool) -> Case:
    lon, lat = place if place else (None, None)
    return Case(
        id=f"case:{number}",
        category="c",
        title="t",
        severity=Severity.MINOR,
        state="handling",
        lon=lon,
        lat=lat,
        department=department,
        attrs={"person": SECRET} if person else {},
    )


def dispatch(number: int, of: int, kind: str, team: int) -> Dispatch:
    task = Task(id="t1", entity_id=f"{kind}:{team}", name="n")
    return Dispatch(
        id=f"d:{number}", case_id=f"case:{of}", by="x", seat="s", created_at=1.0, tasks=(task,)
    )


SOMEWHERE = st.one_of(PLACES, PLACES, st.none())
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(lambda k, n, p: EntityUpserted(entity=thing(k, n, p)), KINDS, NUMBERS, SOMEWHERE),
    st.builds(lambda n: EntityUpserted(entity=square(n)), NUMBERS),
    st.builds(lambda k, n: EntityDeleted(id=f"{k}:{n}"), KINDS, NUMBERS),
    st.builds(
        lambda k, n, p, v: Observed(id=f"{k}:{n}", lon=p[0], lat=p[1], values={"v": v}),
        KINDS,
        NUMBERS,
        PLACES,
        st.floats(0, 9),
    ),
    st.builds(lambda k, n, v: Observed(id=f"{k}:{n}", values={"v": v}), KINDS, NUMBERS, NUMBERS),
    st.builds(
        lambda n, k, a, c, p: AlarmChanged(alarm=alarm(n, k, a, c, p), change="raised"),
        NUMBERS,
        KINDS,
        st.booleans(),
        st.booleans(),
        SOMEWHERE,
    ),
    st.builds(
        lambda n, p, d, a: CaseChanged(case=case(n, p, d, a), action="a"),
        NUMBERS,
        SOMEWHERE,
        st.sampled_from(["water", "fire"]),
        st.booleans(),
    ),
    st.builds(
        lambda n, c, k, t: DispatchChanged(dispatch=dispatch(n, c, k, t), change="sent"),
        NUMBERS,
        NUMBERS,
        KINDS,
        NUMBERS,
    ),
    st.builds(
        lambda n, h: StockChanged(
            line=StockLine(warehouse_id=f"warehouse:{n}", item="pump", on_hand=h)
        ),
        NUMBERS,
        NUMBERS,
    ),
    st.builds(lambda k, n: OperatorActed(name="n", actor="a", seat="s", subject=f"{k}:{n}"), KINDS,
              NUMBERS),
    st.builds(lambda k, n: ServiceChanged(id=f"{k}:{n}"), KINDS, NUMBERS),
)  # fmt: skip


def numbered(bodies: list[Body]) -> list[Event]:
    return [
        Event(offset=i, event_time=float(i), recv_time=float(i), source="s", body=body)
        for i, body in enumerate(bodies, 1)
    ]


HISTORIES = st.lists(BODIES, min_size=1, max_size=50).map(numbered)


def ids(tables: Tables) -> dict[str, set[str]]:
    return {
        "entities": {e.id for e in tables.entities},
        "alarms": {a.key for a in tables.alarms},
        "cases": {c.id for c in tables.cases},
        "dispatches": {d.id for d in tables.dispatches},
        "stock": {s.key for s in tables.stock},
    }


@settings(max_examples=300, deadline=None)
@given(HISTORIES, st.integers(0, 20), st.sampled_from(SCOPES))
def test_snapshot_and_events_lead_to_the_filtered_state(
    history: list[Event], at: int, scope: Scope
) -> None:
    world, reader = World("e"), World("e")
    for event in history[:at]:
        world.apply(event)
    sight = Sight(scope, Masks(CATALOGUE))

    def snapshot() -> World:
        sight.start(world)
        return World.restore("e", world.offset, world.time, [sight.tables(world.tables())])

    reader = snapshot()
    for event in history[at:]:
        world.apply(event)
        told = sight.event(event, world.entities.get)
        if told is not None:
            assert told.offset == event.offset
            reader.apply(told)
        if sight.stale:
            reader = snapshot()
    expected = sight.tables(world.tables())
    got = reader.tables()
    assert {e.id: e for e in got.entities} == {e.id: e for e in expected.entities}
    mine, wanted = ids(got), ids(expected)
    assert wanted["cases"] == mine["cases"]
    for table in ("alarms", "dispatches", "stock"):
        # what was shown once goes on being told, so that nobody looks at what is no longer so
        assert wanted[table] <= mine[table], table
    for shown in got.cases:
        assert shown == sight.shown_case(world.cases[shown.id])
    for alarm_row in got.alarms:  # what is shown is as it is now
        assert world.alarms.get(alarm_row.key) == alarm_row
    assert SECRET not in str(got)


def test_a_thing_that_leaves_is_deleted_and_one_that_comes_is_sent_whole_and_masked() -> None:
    world = World("e")
    bodies: list[Body] = [
        EntityUpserted(entity=square(1)),
        EntityUpserted(entity=thing("team", 1, (0.5, 0.5))),
        EntityUpserted(entity=thing("team", 2, (2.5, 0.5))),
    ]
    moves: list[Body] = [
        Observed(id="team:1", lon=2.5, lat=0.5),
        Observed(id="team:1", values={"v": 1.0}),
        Observed(id="team:2", lon=0.5, lat=0.5),
    ]
    events = numbered([*bodies, *moves])
    for event in events[:3]:
        world.apply(event)
    scope = Scope(kinds=None, clear=CLEAR, areas=frozenset({"6301020101"}))
    sight = Sight(scope, Masks(CATALOGUE))
    sight.start(world)
    assert ids(sight.tables(world.tables()))["entities"] == {"team:1"}
    told = []
    for event in events[3:]:
        world.apply(event)
        told.append(sight.event(event, world.entities.get))
    left, silent, came = told
    assert left is not None
    assert left.body == EntityDeleted(id="team:1")
    assert silent is None
    assert came is not None
    assert isinstance(came.body, EntityUpserted)
    assert came.body.entity.attrs == {"person": "张**"}
    assert (came.body.entity.lon, came.offset) == (0.5, 6)


@pytest.mark.parametrize(
    ("areas", "id_", "holds"),
    [
        ({"630102001"}, "63010200100100", True),
        ({"630102001"}, "63010200200100", False),
        ({"63010200100100"}, "63010200100100", True),
        ({"63010200100100"}, "630102001001", False),
        ({"63"}, "63010200100100", False),  # shorter than a district's code
        ({"grid:north"}, "grid:north", True),
        ({"grid:north"}, "grid:north:1", False),
        (set(), "63010200100100", False),
    ],
)
def test_an_area_is_an_id_or_the_code_it_begins_with(
    areas: set[str], id_: str, holds: bool
) -> None:
    assert holds_id(frozenset(areas), id_) is holds


@given(st.lists(st.tuples(st.floats(-1, 4), st.floats(-1, 3)), max_size=20))
def test_a_region_holds_what_shapely_holds(places: list[tuple[float, float]]) -> None:
    region = Region([square(1), square(2)])
    both = shapely.box(0.0, 0.0, 2.0, 2.0)  # neighbours share their edge
    things = [thing("sensor", i, place) for i, place in enumerate(places)]
    expected = {t.id for t in things if both.intersects(shapely.Point(t.lon, t.lat))}
    assert region.holding(things) == expected
    assert {t.id for t in things if region.holds(t.lon, t.lat)} == expected
    assert not region.holds(None, None)
    assert not Region(()).holds(0.5, 0.5)

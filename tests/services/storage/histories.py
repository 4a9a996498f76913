"""Random but valid histories of a small city, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

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
from services.domain.model import (
    Alarm,
    Case,
    Dispatch,
    Entity,
    Link,
    Severity,
    StockLine,
    Suppression,
)
from services.domain.world import World

START = 1_750_000_000.0
IDS = st.sampled_from(["level:1", "level:2", "team:1", "camera:1"])
NUMBERS = st.floats(-10, 10, allow_nan=False)
DEGREES = st.floats(101, 102, allow_nan=False)

OUT = Suppression(kind="thing_out_of_service", by="甲", reason="rebuilt", since=START)
_service = st.builds(ServiceChanged, id=IDS, out=st.sampled_from([None, OUT]))
_observed = st.builds(
    Observed,
    id=IDS,
    values=st.dictionaries(st.sampled_from(["level", "ch4"]), NUMBERS, max_size=2),
    link=st.sampled_from([None, Link.ONLINE, Link.OFFLINE]),
    state=st.sampled_from([None, "idle", "busy"]),
    heading_deg=st.sampled_from([None, 90.0]),
) | st.builds(Observed, id=IDS, lon=DEGREES, lat=st.just(36.6))
_upserted = st.builds(
    lambda id_, name, values: EntityUpserted(
        entity=Entity(id=id_, kind=id_.partition(":")[0], name=name, values=values)
    ),
    IDS,
    st.sampled_from(["甲", "乙"]),
    st.dictionaries(st.just("level"), NUMBERS, max_size=1),
)
_alarm = st.builds(
    lambda id_, severity, active, acked, suppressed, change: AlarmChanged(
        alarm=Alarm(
            key=f"s|r|{id_}",
            source="s",
            rule="r",
            object_id=id_,
            severity=severity,
            active=active,
            acknowledged=acked,
            suppressed=suppressed,
        ),
        change=change,
    ),
    IDS,
    st.sampled_from(list(Severity)[1:]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), (OUT,)]),
    st.sampled_from(["raised", "cleared", "acknowledged"]),
)
_case = st.builds(
    lambda n, state, version: CaseChanged(
        case=Case(
            id=f"case:{n}",
            category="c",
            title="t",
            severity=Severity.MINOR,
            state=state,
            version=version,
        ),
        action="a",
    ),
    st.integers(1, 3),
    st.sampled_from(["pending_dispatch", "handling", "closed"]),
    st.integers(1, 9),
)
_others = st.sampled_from(
    [
        StockChanged(line=StockLine(warehouse_id="w", item="pump", on_hand=3, reserved=1)),
        StockChanged(line=StockLine(warehouse_id="w", item="pump", on_hand=2)),
        DispatchChanged(
            dispatch=Dispatch(id="d:1", case_id="case:1", by="x", seat="s", created_at=1.0),
            change="sent",
        ),
        OperatorActed(name="n", actor="x", seat="s"),
    ]
)
_deleted = st.builds(EntityDeleted, id=IDS)
BODIES = st.one_of(_observed, _observed, _upserted, _deleted, _service, _alarm, _case, _others)


def number(bodies: list[Body]) -> list[Event]:
    """Bodies as a log: offsets from 1, several events a second."""
    return [
        Event(
            offset=i,
            event_time=START + i / 4 - (i % 3),
            recv_time=START + (i // 2) / 2,
            source="test",
            body=body,
        )
        for i, body in enumerate(bodies, 1)
    ]


HISTORIES = st.lists(BODIES, min_size=1, max_size=60).map(number)


def fold(events: list[Event], epoch: str = "e") -> World:
    """The state by the plainest way there is."""
    world = World(epoch)
    for event in events:
        world.apply(event)
    return world

"""A scripted history with every kind of event in it; never changed, only added to at its end."""

from __future__ import annotations

from msgspec.structs import replace

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
    StockChanged,
)
from services.domain.model import (
    Alarm,
    Case,
    Dispatch,
    Entity,
    FlowStep,
    Link,
    Reservation,
    Severity,
    StockLine,
    Task,
)

EPOCH = "0123456789abcdef"
START = 1_750_000_000.0
SNAPSHOT_AT = 12

_ALARM = Alarm(
    key="hub|water.high|level:1",
    source="hub",
    rule="water.high",
    object_id="level:1",
    severity=Severity.MAJOR,
    value=0.9,
    limit=0.5,
    first_time=START + 5,
    last_time=START + 5,
)
_CASE = Case(
    id="6301022026112500001",
    category="E05-06",
    title="康乐十字积水",
    severity=Severity.MAJOR,
    state="pending_dispatch",
    lon=101.77,
    lat=36.63,
    address="康乐十字",
    reported_at=START + 7,
    alarm_key=_ALARM.key,
    flow=(
        FlowStep(time=START + 7, actor="甲", seat="1", action="report", state="pending_dispatch"),
    ),
)
_DISPATCH = Dispatch(
    id="d:1",
    case_id=_CASE.id,
    by="甲",
    seat="1",
    created_at=START + 8,
    tasks=(Task(id="t:1", entity_id="team:1", name="排水一队"),),
    reservations=(Reservation(warehouse_id="w:1", item="pump", quantity=2),),
)


def _bodies() -> list[Body]:
    level = Entity(id="level:1", kind="level_sensor", name="康乐十字", lon=101.77, lat=36.63)
    ring = ((101.7, 36.6), (101.8, 36.6), (101.8, 36.7), (101.7, 36.6))
    bodies: list[Body] = [
        EntityUpserted(entity=level),
        EntityUpserted(entity=Entity(id="team:1", kind="team", name="排水一队", state="idle")),
        EntityUpserted(entity=Entity(id="grid:1", kind="unit_grid", name="网格", geometry=(ring,))),
        StockChanged(line=StockLine(warehouse_id="w:1", item="pump", on_hand=5)),
        Observed(id="level:1", values={"level": 0.9}, link=Link.ONLINE),
        AlarmChanged(alarm=_ALARM, change="raised"),
        CaseChanged(case=_CASE, action="report"),
        DispatchChanged(dispatch=_DISPATCH, change="sent"),
        StockChanged(line=StockLine(warehouse_id="w:1", item="pump", on_hand=5, reserved=2)),
        Observed(id="team:1", lon=101.75, lat=36.62, heading_deg=90.0, state="busy"),
        OperatorActed(name="video.open", actor="甲", seat="1", subject="camera:1"),
        EntityDeleted(id="grid:1"),
    ]
    bodies += [Observed(id="level:1", values={"level": 0.9 - i / 20}) for i in range(1, 16)]
    gone = {"active": False, "acknowledged": True, "ack_by": "甲", "cleared_time": START + 30}
    closed = {"state": "closed", "closed_at": START + 31, "dispatch_ids": ("d:1",), "version": 2}
    bodies += [
        AlarmChanged(alarm=replace(_ALARM, **gone), change="acknowledged"),
        CaseChanged(case=replace(_CASE, **closed), action="close"),
        Observed(id="level:1", values={"level": 0.05, "battery": 3.6}),
    ]
    return bodies


HISTORY = [
    Event(
        offset=offset,
        event_time=START + offset,
        recv_time=START + offset + 0.25,
        source="golden",
        body=body,
    )
    for offset, body in enumerate(_bodies(), 1)
]

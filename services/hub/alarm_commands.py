"""Orders about alarms: from a world to events, or a refusal with reason. Pure."""

from __future__ import annotations

from services.alarms import logic as alarms
from services.cases import logic as cases
from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, CaseChanged
from services.domain.model import Alarm, Scalar
from services.domain.shape import convert
from services.domain.text import plain
from services.hub.alarm_args import AcknowledgeArgs, ToCaseArgs
from services.hub.place import grid_at, title_of
from services.hub.scene import Decision, Scene, category_of, check_version


def acknowledge(scene: Scene, args: dict[str, object]) -> Decision:
    """alarm.acknowledge: somebody has seen it and says so; several at once, one does not stop the
    others. Of several the answer says by key "" or the code of the refusal."""
    order = convert(args, AcknowledgeArgs)
    note = plain(order.note, "note", 500)
    if order.alarm is not None and not order.alarms:
        changed = _seen(scene, standing_alarm(scene, order.alarm), note)
        return Decision((changed,), {"alarm": order.alarm, "version": changed.alarm.version})
    if order.alarm is not None or not order.alarms:
        raise KnownError("missing_field", "Name one alarm, or several.", field="alarms")
    bodies: list[AlarmChanged] = []
    outcomes: dict[str, Scalar] = {}
    for key in dict.fromkeys(order.alarms):
        try:
            bodies.append(_seen(scene, known_alarm(scene, key), note))
            outcomes[key] = ""
        except KnownError as refusal:
            outcomes[key] = refusal.code
    return Decision(tuple(bodies), outcomes)


def _seen(scene: Scene, alarm: Alarm, note: str) -> AlarmChanged:
    return alarms.acknowledge(alarm, scene.actor.name, scene.actor.seat, scene.now, note)


def to_case(scene: Scene, args: dict[str, object]) -> Decision:
    """alarm.to_case: a case from an alarm, with all that the alarm knows filled in."""
    order = convert(args, ToCaseArgs)
    alarm = standing_alarm(scene, order.alarm)
    rule = scene.catalogue.rules.get(alarm.rule)
    code = order.category or (rule.category if rule is not None else "")
    if not code:
        raise KnownError(
            "missing_field", "This alarm suggests no category; choose one.", field="category"
        )
    category = category_of(scene, code)
    thing = scene.world.entities.get(alarm.object_id)
    lon, lat = alarm.lon, alarm.lat
    if (lon is None or lat is None) and thing is not None:
        lon, lat = thing.lon, thing.lat
    grid = grid_at(scene, lon, lat)
    case = cases.open_case(
        cases.Report(
            id=scene.new_id("case"),
            category=code,
            title=plain(order.title, "title")
            or title_of(category, thing.name if thing is not None else alarm.text),
            severity=alarm.severity,
            reported_at=scene.now,
            limit_s=category.limit.seconds,
            limit_unit=category.limit.unit,
            lon=lon,
            lat=lat,
            radius_m=category.radius_m,
            address=grid.name if grid is not None else "",
            grid_id=grid.id if grid is not None else "",
            source="alarm",
            department=category.department,
            alarm_key=alarm.key,
            attrs=_evidence(alarm),
        ),
        scene.who,
        scene.now,
        scene.calendar,
    )
    linked = alarms.link(alarm, case.id)
    return Decision(
        (CaseChanged(case=case, action=case.flow[-1].action), linked), {"case": case.id}
    )


def _evidence(alarm: Alarm) -> dict[str, Scalar]:
    """What the alarm said when the case was made of it: it will change, the case keeps this."""
    facts: dict[str, Scalar] = {
        "alarm_rule": alarm.rule,
        "alarm_object": alarm.object_id,
        "alarm_text": alarm.text,
        "alarm_value": alarm.value,
        "alarm_peak": alarm.peak,
        "alarm_limit": alarm.limit,
        "alarm_first_time": alarm.first_time,
        "alarm_count": alarm.count,
    }
    return {name: fact for name, fact in facts.items() if fact not in (None, "")}


def standing_alarm(scene: Scene, key: str) -> Alarm:
    """The alarm in the version that the officer has seen; KnownError where it is another."""
    alarm = known_alarm(scene, key)
    check_version(scene, alarm.version, alarm.ack_by)
    return alarm


def known_alarm(scene: Scene, key: str) -> Alarm:
    """The alarm, or KnownError ``unknown_alarm``."""
    alarm = scene.world.alarms.get(key)
    if alarm is None:
        raise KnownError("unknown_alarm", "This alarm is not standing any more.", field="alarm")
    return alarm

"""Orders that put an alarm or a thing aside and take it back: from a world to events. Pure."""

from __future__ import annotations

from services.alarms import suppression
from services.alarms.suppression import Owner
from services.alarms.surroundings import policy_of
from services.domain.errors import KnownError
from services.domain.model import Entity, Scalar
from services.domain.shape import convert
from services.domain.text import plain
from services.hub.alarm_args import OutArgs, ReturnArgs, ShelveArgs, UnshelveArgs
from services.hub.alarm_commands import known_alarm, standing_alarm
from services.hub.scene import Decision, Scene


def shelve(scene: Scene, args: dict[str, object]) -> Decision:
    """alarm.shelve: aside for a time, with owner and reason; the clock brings it back."""
    order = convert(args, ShelveArgs)
    alarm = standing_alarm(scene, order.alarm)
    changed = suppression.shelve(
        alarm,
        _owner(scene, plain(order.reason, "reason", 500)),
        scene.now,
        order.for_s,
        policy_of(scene.catalogue, alarm.rule),
        one_shot=order.mode == "one_shot",
    )
    until = changed.alarm.suppressed[-1].until
    return Decision((changed,), {"alarm": alarm.key, "until": until})


def unshelve(scene: Scene, args: dict[str, object]) -> Decision:
    """alarm.unshelve: back before its time."""
    order = convert(args, UnshelveArgs)
    alarm = standing_alarm(scene, order.alarm)
    changed = suppression.unshelve(alarm, _owner(scene, plain(order.note, "note", 500)))
    return Decision((changed,), {"alarm": alarm.key})


def out_of_service(scene: Scene, args: dict[str, object]) -> Decision:
    """alarm.out_of_service: an alarm, or a thing with all its alarms, until it is put back."""
    order = convert(args, OutArgs)
    owner = _owner(scene, plain(order.reason, "reason", 500))
    if _names_object(order.alarm, order.object):
        thing = _thing(scene, order.object)
        service = suppression.take_thing_out(thing, owner, scene.now)
        return Decision((service,), _answer("object", thing.id))
    alarm = known_alarm(scene, order.alarm or "")
    return Decision((suppression.take_out(alarm, owner, scene.now),), _answer("alarm", alarm.key))


def return_to_service(scene: Scene, args: dict[str, object]) -> Decision:
    """alarm.return_to_service: an abnormal one is in the list again, as nobody has seen it yet."""
    order = convert(args, ReturnArgs)
    owner = _owner(scene, plain(order.note, "note", 500))
    if _names_object(order.alarm, order.object):
        thing = _thing(scene, order.object)
        return Decision((suppression.put_thing_back(thing, owner),), _answer("object", thing.id))
    alarm = known_alarm(scene, order.alarm or "")
    return Decision((suppression.put_back(alarm, owner),), _answer("alarm", alarm.key))


def _names_object(alarm: str | None, thing: str | None) -> bool:
    """Whether the order is about a thing; KnownError where it names both or neither."""
    if (alarm is None) == (thing is None):
        raise KnownError("missing_field", "Name an alarm or an object, one of them.", field="alarm")
    return thing is not None


def _thing(scene: Scene, id_: str | None) -> Entity:
    thing = scene.world.entities.get(id_ or "")
    if thing is None:
        raise KnownError("unknown_object", f"There is no thing “{id_}”.", field="object")
    return thing


def _owner(scene: Scene, reason: str) -> Owner:
    return Owner(name=scene.actor.name, seat=scene.actor.seat, reason=reason)


def _answer(name: str, id_: str) -> dict[str, Scalar]:
    return {name: id_}

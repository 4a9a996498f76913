"""What an alarm meets in the world: its rule's policy, and the state of its thing. Pure.

Fails open: where something about suppression or delay cannot be worked out, the alarm shows at
once, and the log says what was wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from services.alarms import logic
from services.alarms.logic import PLAIN, SYSTEM, Policy, Signal
from services.alarms.suppression import follow_thing
from services.domain.events import (
    AlarmChanged,
    Body,
    EntityUpserted,
    Observed,
    ServiceChanged,
)
from services.domain.model import Alarm, Entity, Suppression
from services.domain.suppression import BY_DESIGN
from services.domain.world import World
from services.packs.model import Catalogue

log = logging.getLogger(__name__)
_NONE: Mapping[str, Alarm] = {}


def receive(world: World, catalogue: Catalogue, signal: Signal, now: float) -> AlarmChanged | None:
    """What a signal does to the alarm that it is about, whether that stands already or not."""
    thing = world.entities.get(signal.object_id)
    return logic.receive(
        world.alarms.get(signal.key),
        signal,
        now,
        policy_of(catalogue, signal.rule),
        automatic(catalogue, thing, now),
    )


def policy_of(catalogue: Catalogue, rule_id: str) -> Policy:
    """How alarms of a rule live; those of no known rule are raised at once and latched."""
    rule = catalogue.rules.get(rule_id)
    if rule is None:
        return PLAIN
    return Policy(
        on_delay_s=rule.on_delay_s,
        off_delay_s=rule.off_delay_s,
        latched=rule.latched,
        max_shelve_s=rule.max_shelve_s,
    )


def automatic(catalogue: Catalogue, thing: Entity | None, now: float) -> tuple[Suppression, ...]:
    """What suppresses every alarm of a thing: its being out of service, its state by design."""
    if thing is None:
        return ()
    try:
        out = () if thing.out_of_service is None else (thing.out_of_service,)
        return (*out, *_by_design(catalogue, thing, now))
    except Exception:  # whatever is wrong with a pack or a record must not hide an alarm
        log.exception("what suppresses alarms of %s cannot be told; they show", thing.id)
        return ()


def _by_design(catalogue: Catalogue, thing: Entity, now: float) -> tuple[Suppression, ...]:
    kind = catalogue.kinds.get(thing.kind)
    states = () if kind is None else kind.state
    if any(s.id == thing.state and s.suppresses_alarms for s in states):
        reason = thing.state
        return (Suppression(kind=BY_DESIGN, by=SYSTEM, reason=reason, since=now),)
    return ()


def followed(
    world: World,
    catalogue: Catalogue,
    body: Body,
    now: float,
    latest: Mapping[str, Alarm] = _NONE,
) -> Iterator[AlarmChanged]:
    """How the alarms of a thing follow a body about it that was folded: suppressed, or no more.

    ``latest``: alarms as bodies make them that are decided but not folded yet.
    """
    match body:
        case Observed() if body.state is not None:
            thing_id = body.id
        case EntityUpserted():
            thing_id = body.entity.id
        case ServiceChanged():
            thing_id = body.id
        case _:
            return
    wanted = automatic(catalogue, world.entities.get(thing_id), now)
    for standing in world.alarms_of(thing_id):
        alarm = latest.get(standing.key, standing)
        change = follow_thing(alarm, wanted) if alarm.stays else None
        if change is not None:
            yield change


def thing_gone(world: World, thing_id: str, now: float) -> Iterator[AlarmChanged]:
    """A thing that is gone has no condition and no state: its alarms clear, and wait for their
    acknowledgement; what suppressed them with the thing is over."""
    for standing in world.alarms_of(thing_id):
        alarm = standing
        if alarm.active:
            cleared = logic.clear(alarm, now)
            alarm = cleared.alarm
            yield cleared
        elif alarm.pending is not None:
            withdrawn = logic.withdraw(alarm)
            alarm = withdrawn.alarm
            yield withdrawn
        change = follow_thing(alarm, ()) if alarm.stays else None
        if change is not None:
            yield change

"""What an item or a command makes happen, against the World as it stands. Pure but for new ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from services.access.roles import allowed
from services.alarms import logic as alarms
from services.alarms import surroundings
from services.cases.calendar import Calendar
from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, Body, EntityUpserted, Observed
from services.domain.model import Alarm, Scalar
from services.domain.world import World
from services.hub.commands import Actor, decide
from services.hub.peaks import Peaks
from services.hub.roads import TravelOf, nowhere
from services.hub.scene import Scene
from services.hub.subjects import check_subjects
from services.ingest.bodies import Desk, event_time, to_bodies
from services.ingest.item_types import Item
from services.ingest.items import Parsed
from services.ingest.reverting import Revert, revert
from services.packs.model import Catalogue, Rule
from services.warning import logic as warning

MAX_KEY = 128


@dataclass(frozen=True, slots=True)
class ItemBatch:
    """Items of one request, or a part of it that starts at its item number ``base``; or what a load
    did, to be taken back. ``load``: the id of the load that they are rows of, "" for none.

    Refusals found while reading keep their place.
    """

    items: Sequence[Parsed | Revert]
    source: str
    base: int = 0
    load: str = ""


@dataclass(frozen=True, slots=True)
class CommandCall:
    """One order with its key and the SHA-256 of everything it says."""

    actor: Actor
    key: str
    name: str
    args: dict[str, object]
    expect_version: int | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Decided:
    """Bodies to fold and commit together. ``event_time``: the source's clock, None for ours."""

    bodies: tuple[Body, ...]
    event_time: float | None = None
    value: dict[str, Scalar] = field(default_factory=dict)


def command_call(
    actor: Actor, key: str, name: str, args: dict[str, object], expect_version: int | None
) -> CommandCall:
    """An order that may be asked of the sequencer; KnownError ``bad_key`` or ``not_allowed``."""
    if not 0 < len(key) <= MAX_KEY:
        raise KnownError("bad_key", f"a key has 1 to {MAX_KEY} characters", field="key")
    if not allowed(actor.roles, name):
        raise KnownError(
            "not_allowed",
            f"{actor.name} may not give the command “{name[:60]}”",
            field="name",
            params={"name": name[:60]},
        )
    payload = msgspec.msgpack.Encoder(order="deterministic").encode(
        (actor.user, name, args, expect_version)
    )
    digest = hashlib.sha256(payload).digest()
    return CommandCall(actor, key, name, args, expect_version, digest)


class Decider:
    """Turns items and commands into bodies, and bodies into what follows from them.

    ``peaks`` follows the values of standing alarms between their events.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        calendar: Calendar,
        new_id: Callable[[str], str],
        travel_of: TravelOf = nowhere,
    ) -> None:
        self._catalogue = catalogue
        self._calendar = calendar
        self._new_id = new_id
        self._travel_of = travel_of
        self.peaks = Peaks(catalogue)
        self._rules: dict[str, tuple[Rule, ...]] = {
            kind: tuple(catalogue.rules_of(kind)) for kind in catalogue.kinds
        }

    def item(
        self, world: World, item: Item | Revert, source: str, now: float, where: str
    ) -> Decided:
        """What one ingest item does; ``where`` names it in a refusal."""
        if isinstance(item, Revert):
            return Decided(revert(world, self._catalogue, item, now))
        desk = Desk(world, self._catalogue, self._calendar, source, now, self._unused(world))
        bodies = to_bodies(item, desk, where)
        return Decided(bodies, event_time(item, now))

    def command(self, world: World, call: CommandCall, now: float) -> Decided:
        """What one order does."""
        actor = call.actor
        if actor.permission is not None and actor.sight is not None:
            check_subjects(world, actor.permission, actor.sight, call.name, call.args)
        scene = Scene(
            world,
            self._catalogue,
            self._calendar,
            call.actor,
            call.expect_version,
            now,
            self._unused(world),
            self._travel_of(world, now),
        )
        decision = decide(scene, call.name, call.args)
        return Decided(decision.bodies, None, decision.value)

    def _unused(self, world: World) -> Callable[[str], str]:
        """New ids that nothing has: a source may have told cases with numbers of ours."""

        def make(kind: str) -> str:
            while (id_ := self._new_id(kind)) in world.cases or id_ in world.dispatches:
                pass
            return id_

        return make

    def consequences(self, world: World, body: Body, now: float) -> Iterator[Body]:
        """What follows once ``body`` is folded into the World: alarms that rules raise and clear,
        alarms that follow their thing's state, and a state that its kind derives from readings.

        The state comes last: its own consequences are decided upon the alarms as they are then."""
        latest: dict[str, Alarm] = {}
        for changed in self._judged(world, body, now):
            latest[changed.alarm.key] = changed.alarm
            yield changed
        yield from surroundings.followed(world, self._catalogue, body, now, latest)
        yield from self._stated(world, body)

    def _stated(self, world: World, body: Body) -> Iterator[Observed]:
        entity = world.entities.get(_read(body)[0])
        kind = self._catalogue.kinds.get(entity.kind) if entity is not None else None
        if entity is None or kind is None or not kind.status:
            return
        state = kind.derived_state(entity.values, entity.state)
        if state is not None and state != entity.state:
            yield Observed(id=entity.id, state=state)

    def _judged(self, world: World, body: Body, now: float) -> Iterator[AlarmChanged]:
        entity_id, touched = _read(body)
        if not touched or (entity := world.entities.get(entity_id)) is None:
            return
        for rule in self._rules.get(entity.kind, ()):
            if rule.measure not in touched:
                continue
            standing = world.alarms.get(alarms.key_of(warning.SOURCE, rule.id, entity.id))
            self.peaks.read(rule, standing, touched[rule.measure], now)
            finding = warning.evaluate(rule, entity, standing)
            if finding is None:
                continue
            signal = alarms.Signal(
                source=warning.SOURCE,
                rule=rule.id,
                object_id=entity.id,
                severity=finding.severity,
                value=finding.value,
                limit=finding.limit,
                lon=entity.lon,
                lat=entity.lat,
            )
            changed = surroundings.receive(world, self._catalogue, signal, now)
            if changed is not None:
                yield changed


def _read(body: Body) -> tuple[str, Mapping[str, float]]:
    """Of which thing a body tells readings, and which; nothing where it tells none."""
    match body:
        case Observed() if body.values:
            return body.id, body.values
        case EntityUpserted() if body.entity.values:
            return body.entity.id, body.entity.values
        case _:
            return "", {}

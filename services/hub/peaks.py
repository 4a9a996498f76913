"""The worst and the newest value of every standing alarm of a rule, whatever the log keeps of it.

Readings change an alarm only where they change its severity; between those moments its value
moves on. It is followed here, in memory, and written with whatever happens to the alarm next; by
itself only when the worst value has grown by a step a person would see, at most every ten seconds
for one thing. So the clearing event carries the true worst value without an event per reading.

Event loop's thread. After a start, or when the World was folded anew, ``recall`` asks the readings
that are on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from services.alarms.load import raised_at
from services.domain.events import AlarmChanged, Body, EntityUpserted, Observed
from services.domain.model import Alarm
from services.domain.world import World
from services.hub.agenda import SYSTEM
from services.packs.model import Catalogue, Rule
from services.warning import logic as warning

EVERY_S = 10.0
"""How often the worst values of one thing's alarms are written by themselves at most."""
STEP_OF_LIMIT = 0.02
Extremes = Callable[[str, str, float], tuple[float, float] | None]
"""(least, greatest) reading of an entity's measure from a time on; None where there is none."""


@dataclass(slots=True)
class _Run:
    """One standing of an alarm, or the wait before it."""

    alarm_key: str
    worst: float
    newest: float
    written: float  # the worst value as the log has it
    written_at: float
    step: float


class Peaks:
    """What the readings said since each alarm was raised, or since its condition has begun."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._runs: dict[str, dict[str, _Run]] = {}  # by object, then by alarm

    def recall(self, world: World, extremes: Extremes) -> None:
        """Begin anew with a World that was folded from the log, and the readings beside it."""
        self._runs.clear()
        for alarm in world.alarms.values():
            rule = self._rule(alarm)
            if rule is None or not alarm.active:
                continue
            run = self._begin(alarm, rule, raised_at(alarm))
            entity = world.entities.get(alarm.object_id)
            if run is None or entity is None:
                continue
            found = extremes(alarm.object_id, rule.measure, raised_at(alarm))
            for value in found or ():
                run.worst = _worse(rule, run.worst, value)
            run.newest = entity.values.get(rule.measure, run.newest)

    def read(self, rule: Rule, standing: Alarm | None, value: float, now: float) -> None:
        """A reading of the rule's measure while an alarm stands, or waits for its delay."""
        if standing is None or not (standing.active or standing.pending is not None):
            return
        run = self._run(standing) or self._begin(standing, rule, now)
        if run is not None:
            run.worst, run.newest = _worse(rule, run.worst, value), value

    def stamp(self, body: Body, now: float) -> Body:
        """The body as it is to be written: an alarm that stands, or has just cleared, with its
        newest value and the exact worst one."""
        if not isinstance(body, AlarmChanged) or (rule := self._rule(body.alarm)) is None:
            return body
        alarm = body.alarm
        stands = alarm.active or alarm.pending is not None
        run = self._run(alarm)
        if run is None:
            if stands:
                self._begin(alarm, rule, now)
            return body
        if alarm.active or body.change == "cleared":
            run.written, run.written_at = run.worst, now
            alarm = replace(alarm, value=run.newest, peak=run.worst)
        if not stands:
            self._end(alarm)
        return replace(body, alarm=alarm)

    # -- written by themselves ------------------------------------------------------
    def due(self, object_id: str) -> float | None:
        """When the worst values of a thing's alarms are to be written; None: nothing to tell."""
        runs = self._runs.get(object_id, {}).values()
        if not any(_has_grown(run) for run in runs):
            return None
        return max(run.written_at for run in runs) + EVERY_S

    def grown(self, object_id: str) -> tuple[str, ...]:
        """The keys of a thing's alarms that have become worse by a step since it was written."""
        runs = self._runs.get(object_id, {}).values()
        return tuple(run.alarm_key for run in runs if _has_grown(run))

    def objects(self) -> tuple[str, ...]:
        """The things on which alarms of rules stand."""
        return tuple(self._runs)

    # -- inside ---------------------------------------------------------------------
    def _rule(self, alarm: Alarm) -> Rule | None:
        return self._catalogue.rules.get(alarm.rule) if alarm.source == warning.SOURCE else None

    def _run(self, alarm: Alarm) -> _Run | None:
        return self._runs.get(alarm.object_id, {}).get(alarm.key)

    def _begin(self, alarm: Alarm, rule: Rule, now: float) -> _Run | None:
        value = alarm.value if alarm.active or alarm.pending is None else alarm.pending.value
        if value is None:
            return None
        worst = value if not alarm.active or alarm.peak is None else alarm.peak
        step = max(STEP_OF_LIMIT * abs(alarm.limit or 0.0), self._unit(rule))
        run = _Run(alarm.key, worst, value, worst, now, step)
        self._runs.setdefault(alarm.object_id, {})[alarm.key] = run
        return run

    def _end(self, alarm: Alarm) -> None:
        runs = self._runs.get(alarm.object_id, {})
        runs.pop(alarm.key, None)
        if not runs:
            self._runs.pop(alarm.object_id, None)

    def _unit(self, rule: Rule) -> float:
        """The last place in which the measure is shown."""
        kind = self._catalogue.kinds.get(rule.kind)
        places = [m.decimals for m in kind.measure if m.name == rule.measure] if kind else []
        return float(10.0 ** -(places[0] if places else 0))


class AlarmPeaks:
    """The worst values that have grown, as a sort of timed things; ids are ids of things."""

    name = "alarm_peaks"

    def __init__(self, peaks: Peaks) -> None:
        self._peaks = peaks

    def standing(self, world: World) -> Iterable[str]:
        """Everything that has an alarm of a rule."""
        return [id_ for id_ in self._peaks.objects() if world.alarms_of(id_)]

    def subject(self, body: Body) -> str | None:
        """The thing that a reading is of."""
        match body:
            case Observed() if body.values:
                return body.id
            case EntityUpserted() if body.entity.values:
                return body.entity.id
            case _:
                return None

    def due(self, world: World, id_: str) -> float | None:
        """Some seconds after it was last written."""
        at = self._peaks.due(id_)
        return at if at is None or world.alarms_of(id_) else None

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        """The alarms as they stand; what is written gets their values. Their versions stay: a
        number that moves makes nobody's decision about the alarm an old one."""
        at = self._peaks.due(id_)
        for key in self._peaks.grown(id_) if at is not None and at <= now else ():
            if (alarm := world.alarms.get(key)) is not None:
                yield AlarmChanged(alarm=alarm, change="updated", by=SYSTEM)


def _worse(rule: Rule, a: float, b: float) -> float:
    return max(a, b) if rule.direction == "above" else min(a, b)


def _has_grown(run: _Run) -> bool:
    return abs(run.worst - run.written) >= run.step

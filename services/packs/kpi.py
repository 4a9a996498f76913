"""Numbers of the wall: named pure functions that packs choose by name. No expression is run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from services.domain.model import Alarm, Case, Dispatch, Entity, Link, Severity
from services.domain.suppression import reason_of, stands
from services.packs.model import Catalogue, Kpi

CLOSED = frozenset({"closed", "voided", "not_accepted"})
WEEK_S = 7 * 86_400.0
YELLOW_FROM = 0.8
"""Share of a case's limit after which its light turns yellow; beyond the limit it is red."""

Light = Literal["green", "yellow", "red"]


class WorldView(Protocol):
    """What a number may look at: the tables of a world, live or replayed."""

    @property
    def entities(self) -> Mapping[str, Entity]:
        """Things by id."""

    @property
    def alarms(self) -> Mapping[str, Alarm]:
        """Alarms by key."""

    @property
    def cases(self) -> Mapping[str, Case]:
        """Cases by id."""

    @property
    def dispatches(self) -> Mapping[str, Dispatch]:
        """Dispatches by id."""


@dataclass(frozen=True, slots=True)
class KpiValue:
    """One number: ``value`` is None where nothing is known; ``detail`` names what stands behind.

    ``severity`` colours it after the limits of its pack.
    """

    value: float | None
    unit: str = ""
    detail: dict[str, float] = field(default_factory=dict)
    severity: Severity = Severity.NORMAL


Function = Callable[[WorldView, Kpi, Catalogue, float], KpiValue]


def evaluate(view: WorldView, kpi: Kpi, catalogue: Catalogue, now: float) -> KpiValue:
    """The number of one KPI at ``now`` (UNIX seconds); cost grows with the table it looks at."""
    return FUNCTIONS[kpi.function](view, kpi, catalogue, now)


def case_light(case: Case, now: float) -> Light | None:
    """Green to 80 % of the limit, yellow to 100 %, red beyond; None without a limit.

    The clock stops at the hand-back, else at the closing, and during a suspension: the same
    judgement as ``services.cases.limits.lights``, which this layer may not import (a test holds
    them equal).
    """
    if case.deadline_at is None:
        return None
    at = now
    if case.handed_back_at is not None:
        at = case.handed_back_at
    elif case.closed_at is not None:
        at = case.closed_at
    elif case.state == "suspended" and case.suspension is not None:
        at = case.suspension.since
    if at > case.deadline_at:
        return "red"
    turns = case.yellow_at
    if turns is None:
        turns = case.reported_at + YELLOW_FROM * (case.deadline_at - case.reported_at)
    return "yellow" if at > turns else "green"


def _of_kinds(view: WorldView, kpi: Kpi) -> Iterable[Entity]:
    kinds = frozenset(kpi.kinds)
    return (e for e in view.entities.values() if not kinds or e.kind in kinds)


def _finish(kpi: Kpi, value: float | None, detail: dict[str, float], unit: str = "") -> KpiValue:
    """Colour the number by the limits of its pack."""
    measured = detail.get(kpi.limit_on) if kpi.limit_on else value
    worst = Severity.NORMAL
    if measured is not None:
        for limit in kpi.limits:
            crossed = measured >= limit.at if kpi.direction == "above" else measured <= limit.at
            worst = max(worst, limit.severity) if crossed else worst
    return KpiValue(value, kpi.unit or unit, detail, worst)


def share_online(view: WorldView, kpi: Kpi, _catalogue: Catalogue, _now: float) -> KpiValue:
    """Per cent of the kinds' things that answer. Unknown is not online."""
    counts = {Link.ONLINE: 0, Link.OFFLINE: 0, Link.UNKNOWN: 0}
    for entity in _of_kinds(view, kpi):
        counts[entity.link] += 1
    total = sum(counts.values())
    detail = {
        "online": float(counts[Link.ONLINE]),
        "offline": float(counts[Link.OFFLINE]),
        "unknown": float(counts[Link.UNKNOWN]),
        "total": float(total),
    }
    return _finish(kpi, 100 * counts[Link.ONLINE] / total if total else None, detail, "%")


def unacknowledged_alarms(view: WorldView, kpi: Kpi, _catalogue: Catalogue, now: float) -> KpiValue:
    """Alarms that nobody has taken, coloured by the worst; ``oldest_s`` is the first one's age,
    ``aside`` how many are suppressed, acknowledged or not."""
    kinds = frozenset(kpi.kinds)
    waiting, aside = [], 0
    for alarm in view.alarms.values():
        thing = view.entities.get(alarm.object_id)
        if kinds and (thing is None or thing.kind not in kinds):
            continue
        if reason_of(alarm, now) is not None:
            aside += 1
        elif not alarm.acknowledged and stands(alarm, now):
            waiting.append(alarm)
    detail = {"active": float(sum(a.active for a in waiting)), "aside": float(aside)}
    if waiting:
        detail["oldest_s"] = max(0.0, now - min(a.first_time for a in waiting))
    worst = max((a.severity for a in waiting), default=Severity.NORMAL)
    return KpiValue(float(len(waiting)), kpi.unit, detail, worst)


def open_cases(view: WorldView, kpi: Kpi, _catalogue: Catalogue, now: float) -> KpiValue:
    """Cases that are not closed, with how many lights are red, yellow and green."""
    detail = {"red": 0.0, "yellow": 0.0, "green": 0.0, "no_limit": 0.0}
    sources = frozenset(kpi.sources)
    for case in view.cases.values():
        if case.state not in CLOSED and (not sources or case.source in sources):
            detail[case_light(case, now) or "no_limit"] += 1
    return _finish(kpi, sum(detail.values()), detail)


def on_time_rate(view: WorldView, kpi: Kpi, _catalogue: Catalogue, now: float) -> KpiValue:
    """按期处置率: per cent of the cases due in the last seven days that were handed back in time.

    ``previous`` is the same for the seven days before; cases that were voided, not accepted, or
    exempted by an appeal do not count.
    """
    due, kept = [0, 0], [0, 0]
    for case in view.cases.values():
        if case.state in ("voided", "not_accepted") or (case.appeal and case.appeal.granted):
            continue
        if case.deadline_at is None or case.deadline_at > now:
            continue
        week = int((now - case.deadline_at) // WEEK_S)
        if week > 1:
            continue
        done = case.handed_back_at if case.handed_back_at is not None else case.closed_at
        due[week] += 1
        kept[week] += done is not None and done <= case.deadline_at
    detail = {"on_time": float(kept[0]), "due": float(due[0])}
    if due[1]:
        detail["previous"] = 100 * kept[1] / due[1]
    return _finish(kpi, 100 * kept[0] / due[0] if due[0] else None, detail, "%")


def units_en_route(view: WorldView, kpi: Kpi, _catalogue: Catalogue, now: float) -> KpiValue:
    """Teams on their way; ``arrived`` are at the place, ``last_arrival_s`` is how long ago."""
    tasks = [t for d in view.dispatches.values() if d.state == "sent" for t in d.tasks]
    states = [t.state for t in tasks]
    detail = {s: float(states.count(s)) for s in ("sent", "accepted", "en_route", "arrived")}
    arrivals = [t.times["arrived"] for t in tasks if "arrived" in t.times]
    if arrivals:
        detail["last_arrival_s"] = max(0.0, now - max(arrivals))
    return _finish(kpi, detail["en_route"], detail)


def newest_value(view: WorldView, kpi: Kpi, catalogue: Catalogue, now: float) -> KpiValue:
    """The reading of one thing, or the highest among the kinds; ``age_s`` says how old it is."""
    if kpi.object_id:
        thing = view.entities.get(kpi.object_id)
        things = [] if thing is None else [thing]
    else:
        things = list(_of_kinds(view, kpi))
    known = [e for e in things if kpi.measure in e.values]
    if not known:
        return KpiValue(None, kpi.unit)
    top = max(known, key=lambda e: e.values[kpi.measure])
    kind = catalogue.kinds.get(top.kind)
    measures = kind.measure if kind is not None else ()
    unit = next((m.unit for m in measures if m.name == kpi.measure), "")
    detail = {} if top.observed_at is None else {"age_s": max(0.0, now - top.observed_at)}
    return _finish(kpi, top.values[kpi.measure], detail, unit)


def count(view: WorldView, kpi: Kpi, _catalogue: Catalogue, _now: float) -> KpiValue:
    """How many things of the kinds there are."""
    return _finish(kpi, float(sum(1 for _ in _of_kinds(view, kpi))), {})


def count_in_state(view: WorldView, kpi: Kpi, _catalogue: Catalogue, _now: float) -> KpiValue:
    """How many things of the kinds are in one state; ``total`` is how many there are."""
    states = [e.state for e in _of_kinds(view, kpi)]
    return _finish(kpi, float(states.count(kpi.state)), {"total": float(len(states))})


def _readings(view: WorldView, kpi: Kpi) -> list[float]:
    return [e.values[kpi.measure] for e in _of_kinds(view, kpi) if kpi.measure in e.values]


def total(view: WorldView, kpi: Kpi, _catalogue: Catalogue, _now: float) -> KpiValue:
    """The sum of a measure; ``known`` of ``total`` things have told it."""
    found = _readings(view, kpi)
    detail = {"known": float(len(found)), "total": float(sum(1 for _ in _of_kinds(view, kpi)))}
    return _finish(kpi, math.fsum(found) if found else None, detail)


def mean(view: WorldView, kpi: Kpi, _catalogue: Catalogue, _now: float) -> KpiValue:
    """The mean of a measure; ``known`` of ``total`` things have told it."""
    found = _readings(view, kpi)
    detail = {"known": float(len(found)), "total": float(sum(1 for _ in _of_kinds(view, kpi)))}
    return _finish(kpi, math.fsum(found) / len(found) if found else None, detail)


FUNCTIONS: Mapping[str, Function] = {
    "share_online": share_online,
    "unacknowledged_alarms": unacknowledged_alarms,
    "open_cases": open_cases,
    "on_time_rate": on_time_rate,
    "units_en_route": units_en_route,
    "newest_value": newest_value,
    "count": count,
    "count_in_state": count_in_state,
    "total": total,
    "mean": mean,
}

NEEDS_MEASURE = frozenset({"newest_value", "total", "mean"})
NEEDS_STATE = frozenset({"count_in_state"})

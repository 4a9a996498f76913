"""What the wall says: numbers, the three worst things, curves. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from services.domain.model import Alarm, Case, Dispatch, Entity, Severity, Task
from services.packs.kpi import KpiValue, evaluate
from services.packs.model import Catalogue, Kpi

WORST = 3


class View(Protocol):
    """The tables of a read model."""

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
class Help:
    """Who is on an alarm: the case made of it, its furthest task, and that task's team."""

    case: Case
    task: Task | None


def numbers(view: View, catalogue: Catalogue, now: float) -> list[tuple[Kpi, KpiValue]]:
    """The wall's numbers, at most seven, in pack order."""
    return [(kpi, evaluate(view, kpi, catalogue, now)) for kpi in catalogue.kpis[:7]]


def worst_alarms(view: View) -> list[Alarm]:
    """The three worst active alarms: severity first, then not acknowledged, then the newest."""
    active = [a for a in view.alarms.values() if a.active and a.severity >= Severity.MINOR]
    active.sort(key=lambda a: (-a.severity, a.acknowledged, -a.first_time))
    return active[:WORST]


_PROGRESS = ("arrived", "en_route", "accepted", "sent", "done", "declined", "recalled")


def help_for(view: View, alarm: Alarm) -> Help | None:
    """Who is on it, None where nobody is."""
    case = view.cases.get(alarm.case_id)
    if case is None:
        return None
    tasks = [
        task
        for dispatch_id in case.dispatch_ids
        if (dispatch := view.dispatches.get(dispatch_id)) is not None
        for task in dispatch.tasks
    ]
    if not tasks:
        return Help(case, None)
    return Help(case, min(tasks, key=lambda t: _PROGRESS.index(t.state)))

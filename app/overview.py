"""What the wall says: numbers, the three worst things, curves. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.domain.model import Alarm, Case, Severity, Task
from services.domain.suppression import stands
from services.packs.kpi import KpiValue, WorldView, evaluate
from services.packs.model import Catalogue, Kpi
from widgets.wall_items import Curve

WORST = 3


@dataclass(frozen=True, slots=True)
class Help:
    """Who is on an alarm: the case made of it, its furthest task, and that task's team."""

    case: Case
    task: Task | None


def numbers(view: WorldView, catalogue: Catalogue, now: float) -> list[tuple[Kpi, KpiValue]]:
    """The numbers of the wall's usual scene, at most seven, in its order."""
    return [(kpi, evaluate(view, kpi, catalogue, now)) for kpi in catalogue.wall_kpis()]


def worst_alarms(view: WorldView, now: float) -> list[Alarm]:
    """The three worst active alarms: severity first, then not acknowledged, then the newest.
    What is shelved or out of service is not among them."""
    active = [
        a
        for a in view.alarms.values()
        if a.active and a.severity >= Severity.MINOR and stands(a, now)
    ]
    active.sort(key=lambda a: (-a.severity, a.acknowledged, -a.first_time))
    return active[:WORST]


def measured_curve(
    kpi: Kpi,
    points: Sequence[tuple[float, float]],
    value: KpiValue,
    now: float,
    lang: str,
    silent_s: float = 0.0,
) -> Curve:
    """The curve of a number that is measured; it ends with the value that the number shows.

    ``points``: (UNIX seconds, value), oldest first, as they were last asked for. ``silent_s``:
    seconds after which what measures it counts as silent.
    """
    shown = list(points)
    read_at = now - value.detail.get("age_s", 0.0)
    if value.value is not None and (not shown or shown[-1][0] < read_at):
        shown.append((read_at, value.value))
    newest = shown[-1][1] if shown else None
    crossed, following = (None, None) if newest is None else _limits(kpi, newest)
    return Curve(
        id=kpi.id,
        label=kpi.label.text(lang),
        unit=value.unit or kpi.unit,
        times=[t for t, _ in shown],
        values=[v for _, v in shown],
        limit=following,
        crossed=crossed,
        severity=value.severity,
        newest="" if newest is None else f"{newest:.{kpi.decimals}f}",
        silent_s=silent_s,
    )


def silent_after(kpi: Kpi, catalogue: Catalogue) -> float:
    """Seconds after which the slowest kind that a number looks at counts as silent; 0 unknown."""
    kinds = [catalogue.kinds[k] for k in kpi.kinds if k in catalogue.kinds]
    return max((kind.stale_after_s or 0.0 for kind in kinds), default=0.0)


def _limits(kpi: Kpi, newest: float) -> tuple[float | None, float | None]:
    """The worst limit that the newest value has crossed, and the next that it would cross."""
    above = kpi.direction == "above"
    at = sorted((limit.at for limit in kpi.limits), reverse=not above)
    crossed = [a for a in at if (newest >= a if above else newest <= a)]
    return (crossed[-1] if crossed else None), next((a for a in at if a not in crossed), None)


_PROGRESS = ("arrived", "en_route", "accepted", "sent", "done", "declined", "recalled")


def help_for(view: WorldView, alarm: Alarm) -> Help | None:
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

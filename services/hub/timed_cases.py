"""What the clock does to cases: a deadline passes, a suspension ends, another calendar applies."""

from __future__ import annotations

from collections.abc import Iterable

from services.cases import oversight
from services.cases.calendar import Calendar
from services.domain.events import Body, CaseChanged
from services.domain.world import World


class _OfCases:
    """Common: the subject is a case."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def standing(self, world: World) -> Iterable[str]:
        """Every case in memory."""
        return list(world.cases)

    def subject(self, body: Body) -> str | None:
        """The case that changed."""
        return body.case.id if isinstance(body, CaseChanged) else None


class CaseClock(_OfCases):
    """Deadlines that pass with the work undone, and suspensions that end."""

    name = "case_clock"

    def due(self, world: World, id_: str) -> float | None:
        """The deadline, or the end of the suspension."""
        case = world.cases.get(id_)
        return None if case is None else oversight.due_at(case)

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        """The case overdue, or resumed."""
        after = oversight.when_due(world.cases[id_], now, self._calendar)
        if after is not None:
            yield CaseChanged(case=after, action=after.flow[-1].action)


class CalendarChanges(_OfCases):
    """Open cases whose deadline was computed with another calendar: due at once, at the start."""

    name = "calendar_changes"

    def due(self, world: World, id_: str) -> float | None:
        """At once, or never."""
        case = world.cases.get(id_)
        if case is None or not oversight.is_outdated(case, self._calendar):
            return None
        return 0.0

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        """The deadline computed anew."""
        after = oversight.recompute(world.cases[id_], now, self._calendar)
        yield CaseChanged(case=after, action="recompute")

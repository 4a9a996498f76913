"""Everything that happens by itself in this hub, one entry per sort. Built once, at the start."""

from __future__ import annotations

from services.cases.calendar import Calendar
from services.hub.agenda import Timed
from services.hub.alarm_times import AlarmTimes
from services.hub.road_commands import ClosureEnds
from services.hub.roads import TravelOf, nowhere
from services.hub.timed_cases import CalendarChanges, CaseClock
from services.hub.timed_tasks import SilentTasks
from services.packs.model import Catalogue


def timed_sorts(
    catalogue: Catalogue, calendar: Calendar, travel_of: TravelOf = nowhere
) -> tuple[Timed, ...]:
    """The sorts of timed things, each with its own name."""
    return (
        AlarmTimes(),
        CaseClock(calendar),
        CalendarChanges(calendar),
        SilentTasks(catalogue, travel_of),
        ClosureEnds(catalogue),
    )

"""What the clock does to alarms: delays that have been held, shelves that have ended. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from services.alarms import suppression
from services.domain.events import AlarmChanged, Body
from services.domain.world import World


class AlarmTimes:
    """Delays and shelves as a sort of timed things; ids are alarm keys."""

    name = "alarm"

    def standing(self, world: World) -> Iterable[str]:
        """Every alarm that is kept."""
        return list(world.alarms)

    def subject(self, body: Body) -> str | None:
        """The alarm that a body changes."""
        return body.alarm.key if isinstance(body, AlarmChanged) else None

    def due(self, world: World, id_: str) -> float | None:
        """When a delay or a shelf of an alarm ends."""
        alarm = world.alarms.get(id_)
        return None if alarm is None else suppression.due_at(alarm)

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        """What the alarm does then."""
        alarm = world.alarms.get(id_)
        return () if alarm is None else suppression.tick(alarm, now)

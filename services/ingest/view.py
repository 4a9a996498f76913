"""What the simulator knows of the hub's world, and which things a real source speaks for.

One thread: deltas are put in, questions are asked.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TypeVar

from services.domain.model import Alarm, Case, Dispatch, Entity, StockLine
from services.domain.world import Delta

T = TypeVar("T")

MEMORY = 12
"""Values remembered per measure of a thing: more than can be under way at once."""


@dataclass(slots=True)
class View:
    """The newest records by id, as the feed tells them; what a proposal looks at."""

    entities: dict[str, Entity] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    dispatches: dict[str, Dispatch] = field(default_factory=dict)
    stock: dict[str, StockLine] = field(default_factory=dict)

    def absorb(self, delta: Delta) -> None:
        """Put a delta on top; a reset forgets what was here."""
        if delta.reset:
            for table in (self.entities, self.alarms, self.cases, self.dispatches, self.stock):
                table.clear()
        _put(self.entities, delta.entities)
        _put(self.alarms, delta.alarms)
        _put(self.cases, delta.cases)
        _put(self.dispatches, delta.dispatches)
        _put(self.stock, delta.stock)


class Yielding:
    """Notices that somebody else sends readings of a thing, and then lets it be for a while.

    A value that we never sent is a real source's: the simulator must not talk over it.
    """

    def __init__(self, quiet_s: float = 600.0) -> None:
        self._quiet_s = quiet_s
        self._sent: dict[tuple[str, str], deque[float]] = {}
        self._until: dict[str, float] = {}

    def sending(self, entity_id: str, values: dict[str, float]) -> None:
        """We are about to send these values."""
        for name, value in values.items():
            self._sent.setdefault((entity_id, name), deque(maxlen=MEMORY)).append(value)

    def heard(self, before: Entity | None, after: Entity | None, now: float) -> bool:
        """The hub tells a thing's values; True when they were not ours for the first time."""
        if before is None or after is None:
            return False
        for name, value in after.values.items():
            ours = self._sent.get((after.id, name))
            if ours is not None and value != before.values.get(name) and value not in ours:
                news = not self.yields(after.id, now)
                self._until[after.id] = now + self._quiet_s
                return news
        return False

    def yields(self, entity_id: str, now: float) -> bool:
        """Whether the simulator leaves a thing to its real source."""
        return now < self._until.get(entity_id, 0.0)


def _put(table: dict[str, T], news: dict[str, T | None]) -> None:
    for id_, record in news.items():
        if record is None:
            table.pop(id_, None)
        else:
            table[id_] = record

"""Notices when the machine's clock is set, and tells everybody.

Offsets order events whatever the clock does, and ``recv_time`` never goes back; but after a step
back it stands still for a while, and after a step ahead everything before looks old. A person who
reads times must know. Belongs to the event loop's thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from services.domain.clock import Clock

log = logging.getLogger(__name__)
LOOK_S = 2.0
STEP_S = 2.0
"""A smaller difference between two looks is slewing or a busy machine, not a step."""


def step_of(wall: tuple[float, float], steady: tuple[float, float]) -> float:
    """Seconds by which the wall clock was set between two looks; 0.0 where it just ran on.

    ``wall`` and ``steady`` are (then, now) of a clock that can be set and of one that cannot.
    """
    step = (wall[1] - wall[0]) - (steady[1] - steady[0])
    return step if abs(step) >= STEP_S else 0.0


class ClockWatch:
    """Looks every two seconds. ``notify(code, text)`` reaches every console."""

    def __init__(self, wall: Clock, steady: Clock, notify: Callable[[str, str], None]) -> None:
        self._wall, self._steady, self._notify = wall, steady, notify
        self._then = (wall(), steady())
        self.steps = 0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def look(self) -> float:
        """Compare with the last look; the step in seconds, 0.0 without one."""
        now = (self._wall(), self._steady())
        step = step_of((self._then[0], now[0]), (self._then[1], now[1]))
        self._then = now
        if step:
            self.steps += 1
            log.warning("the machine's clock was set by %+.1f s", step)
            if step < 0:
                self._notify(
                    "clock_back",
                    f"The hub's clock was set back by {-step:.0f} s. Events keep their order, but"
                    " their times stand still until the clock has caught up.",
                )
            else:
                self._notify(
                    "clock_ahead",
                    f"The hub's clock was set ahead by {step:.0f} s. What came before looks older"
                    " than it is.",
                )
        return step

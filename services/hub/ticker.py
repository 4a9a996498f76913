"""Lets happen what is due: asks the agenda, hands it to the sequencer, sleeps until the next.

So whatever happens by itself is decided in its turn, against the World of that moment, and is an
event of the log like any other: all seats see it at the same offset, and a replay shows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.hub.agenda import Agenda
from services.hub.sequencer import Sequencer

log = logging.getLogger(__name__)

LONGEST_S = 5.0
"""The clock is looked at this often, because it may be set while the hub sleeps."""
RETRY_S = 3.0


class Ticker:
    """The hub's own hand on the clock. Event loop's thread."""

    def __init__(self, agenda: Agenda, sequencer: Sequencer, clock: Clock) -> None:
        self._agenda, self._sequencer, self._clock = agenda, sequencer, clock

    async def run(self) -> None:
        """Work until cancelled."""
        await self._sequencer.read(self._agenda.start)
        while True:
            self._agenda.changed.clear()
            if not await self.turn():
                await self._sleep()

    async def turn(self) -> bool:
        """Deal with what is due by now; whether there was anything."""
        now = self._clock()
        tick = self._agenda.take(now)
        if not tick.due:
            return False
        try:
            await self._sequencer.submit_tick(tick)
            await self._sequencer.read(lambda world: self._agenda.settle(world, tick, now))
        except KnownError as error:  # the store is read-only or busy: later, nothing is lost
            log.warning("%d due things wait: %s", len(tick.due), error)
            self._agenda.rest(tick, now + RETRY_S)
        return True

    async def _sleep(self) -> None:
        at = self._agenda.next_at()
        wait = LONGEST_S if at is None else min(max(at - self._clock(), 0.0), LONGEST_S)
        # not wait_for: before Python 3.12 it swallows a cancellation that comes with the event
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._agenda.changed.wait()

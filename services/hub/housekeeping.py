"""The hub looks after its store: rollups of readings, and what the retention policy lets go.

Each small step runs where commits run, one after the other with a pause between, so that a commit
waits for one step at most.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.hub.clock_watch import step_of
from services.hub.metrics import Metrics
from services.hub.sequencer import Sequencer
from services.storage.upkeep import Upkeep

log = logging.getLogger(__name__)
T = TypeVar("T")
LOOK_S = 20.0
COMPACT_EVERY_S = 3_600.0
COMPACT_FIRST_S = 120.0
DOUBT_S = 86_400.0
"""After a clock that may be wrong by more than this, nothing is let go for as long: what a wrong
year has deleted is gone for good, and within a day somebody sees it."""
PAUSE_S = 0.02
PACE = 3.0
"""After a step it rests so many times as long as it took: commits have most of the time."""
_END = object()


class Housekeeper:
    """Runs the upkeep of one store. Event loop's thread; the steps are off it."""

    def __init__(
        self,
        upkeep: Upkeep,
        sequencer: Sequencer,
        executor: ThreadPoolExecutor,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._upkeep, self._sequencer = upkeep, sequencer
        self._executor, self._metrics, self._clock = executor, metrics, clock

    async def run(self) -> None:
        """Look every few seconds whether something is due; a failure is logged and tried again."""
        loop = asyncio.get_running_loop()
        newest = await self._sequencer.read(lambda world: world.time)
        next_compaction = loop.time() + COMPACT_FIRST_S
        then = newest or self._clock(), loop.time()
        while True:
            await asyncio.sleep(LOOK_S)
            now = self._clock(), loop.time()
            if step_of((then[0], now[0]), (then[1], now[1])) > DOUBT_S:
                log.warning("the clock is far ahead of what it was; nothing is let go for a day")
                next_compaction = loop.time() + DOUBT_S
            then = now
            if self._sequencer.refusal is not None:
                continue
            try:
                await self.roll_up()
                if loop.time() >= next_compaction:
                    next_compaction = loop.time() + COMPACT_EVERY_S
                    await self.compact()
            except KnownError as error:
                self._metrics.upkeep_failures += 1
                log.warning("the store could not be looked after: %s", error)

    async def roll_up(self) -> None:
        """Bring the rollups up to date."""
        await self._all(self._upkeep.roll_up(self._clock()))

    async def compact(self) -> None:
        """Take out what the policy no longer keeps."""
        plan = await asyncio.to_thread(self._upkeep.plan, self._clock())
        await self._all(self._upkeep.compact(plan))

    async def _all(self, steps: Iterator[None]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while await self._off_loop(lambda: next(steps, _END)) is not _END:
            await asyncio.sleep(max(PAUSE_S, PACE * (loop.time() - began)))
            began = loop.time()

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

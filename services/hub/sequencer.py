"""The one place where things happen: decides, numbers, folds, commits, then tells everybody.

Belongs to the event loop's thread; only the commit and reads of the store leave it. What is not
on the disk yet is seen by nobody: readers of the World wait at the gate until the commit is done,
and a commit that fails throws the World away and folds it anew from the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec

from services.audit.record import Entry, entry
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.events import Body, Event
from services.domain.model import Entity
from services.domain.world import World
from services.feed.frames import Result
from services.hub.agenda import SYSTEM, Agenda, Tick
from services.hub.auditing import command_entry
from services.hub.broker import Broker
from services.hub.deciding import CommandCall, Decided, Decider, ItemBatch
from services.hub.limits import Limits
from services.hub.metrics import Metrics
from services.hub.turn import Group, Job, Outcome, bug, fail, resolve
from services.hub.unbroken import unbroken
from services.hub.web import error_info
from services.storage.reader import LogReader
from services.storage.records import KeyRow, LoadSpan
from services.storage.writer import LogWriter

log = logging.getLogger(__name__)
T = TypeVar("T")
GROUP_EVENTS = 2_000
"""Items decided into one transaction: bounds how long the loop is busy and an ack waits."""
RETRY_S = 3.0


class Sequencer:
    """Owner of the World and of the order of events."""

    def __init__(
        self,
        world: World,
        writer: LogWriter,
        reader: LogReader,
        broker: Broker,
        decider: Decider,
        agenda: Agenda,
        limits: Limits,
        metrics: Metrics,
        clock: Clock,
        executor: ThreadPoolExecutor,
        notify: Callable[[str, str], None],
    ) -> None:
        self._world = world
        self._writer, self._reader, self._broker = writer, reader, broker
        self._decider, self._limits, self._metrics = decider, limits, metrics
        self._agenda = agenda
        self._clock, self._notify = clock, notify
        self._executor = executor
        self._jobs: deque[Job] = deque()
        self._pending = 0
        self._wake = asyncio.Event()
        self._gate = asyncio.Lock()
        self._committed = world.offset
        self._tainted = False
        self.refusal: KnownError | None = None

    # -- asking -------------------------------------------------------------------
    def submit_items(self, batches: Sequence[ItemBatch]) -> list[asyncio.Future[list[Outcome]]]:
        """Queue the parts of a request, all or none; each future is done when its part is on the
        disk or refused.

        Raises KnownError at once when the hub is read-only or has too much waiting.
        """
        loop = asyncio.get_running_loop()
        jobs = [Job(batch, items=loop.create_future()) for batch in batches]
        self._queue(jobs)
        return [job.items for job in jobs if job.items is not None]

    def submit_command(self, call: CommandCall) -> asyncio.Future[Result]:
        """Queue a command; the result says what became of it. Raises like ``submit_items``."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue([Job(call, result=future)])
        return future

    def submit_tick(self, tick: Tick) -> asyncio.Future[None]:
        """Queue what is due; done when it has happened. Raises like ``submit_items``."""
        return self._queue_one(tick)

    def submit_audit(self, entries: Sequence[Entry]) -> asyncio.Future[None]:
        """Queue audit records of what is no command; done when they are on the disk."""
        return self._queue_one(tuple(entries))

    def _queue_one(self, work: Tick | tuple[Entry, ...]) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue([Job(work, done=future)])
        return future

    async def read(self, question: Callable[[World], T]) -> T:
        """Ask something of the World as it stands on the disk; the question must be quick."""
        async with self._gate:
            if self._tainted and self.refusal is not None:
                raise self.refusal
            return question(self._world)

    async def set_meta(self, key: str, value: str, *audit: Entry) -> None:
        """Keep a small fact beside the log; KnownError when the store does not take it."""
        await self._off_loop(lambda: self._writer.set_meta(key, value, audit))

    def find(self, entity_id: str) -> Entity | None:
        """An entity as it stands, for filters only: may be a moment ahead of the disk."""
        return self._world.entities.get(entity_id)

    @property
    def offset(self) -> int:
        """The newest committed offset."""
        return self._committed

    @property
    def pending(self) -> int:
        """Items and commands that wait."""
        return self._pending

    # -- working ------------------------------------------------------------------
    async def run(self) -> None:
        """Work until cancelled. A turn that was begun is ended first: half of one would leave a
        World ahead of the log, and the last snapshot would be of what never was committed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._jobs:
                await unbroken(self._turn(self._take()))

    async def recover(self) -> None:
        """Look every few seconds whether a store that failed takes writes again."""
        while True:
            await asyncio.sleep(RETRY_S)
            if self.refusal is None:
                continue
            try:
                async with self._gate:
                    await self._reopen()
            except KnownError as error:
                self.refusal = error
                continue
            self.refusal = None
            self._metrics.writable = 1
            log.warning("the event store takes writes again")
            self._notify("storage_recovered", "The event store takes writes again.")

    def _queue(self, jobs: Sequence[Job]) -> None:
        if self.refusal is not None:
            raise self.refusal
        size = sum(job.size for job in jobs)
        if self._pending + size > self._limits.pending_items:
            raise KnownError("busy", "the hub has too much waiting; send again in a second")
        self._pending += size
        self._jobs.extend(jobs)
        self._wake.set()

    def _take(self) -> list[Job]:
        jobs: list[Job] = []
        size = 0
        while self._jobs and (not jobs or size + self._jobs[0].size <= GROUP_EVENTS):
            job = self._jobs.popleft()
            jobs.append(job)
            size += job.size
        self._pending -= size
        return jobs

    async def _turn(self, jobs: list[Job]) -> None:
        """One transaction: everything of ``jobs`` is on the disk after it, or nothing is."""
        if self.refusal is not None:
            return fail(jobs, self.refusal)
        async with self._gate:
            try:
                group = await self._decide(jobs)
                if group.events or group.keys or group.audit:
                    started = self._clock()
                    await self._off_loop(lambda: group.append(self._writer))
                    self._metrics.commits += 1
                    self._metrics.commit_seconds += self._clock() - started
            except KnownError as error:
                await self._failed(error)
                return fail(jobs, error)
            except Exception:
                log.exception("a turn of the sequencer failed")
                await self._failed(bug())
                return fail(jobs, bug())
            self._committed = self._world.offset
        self._metrics.events += len(group.events)
        self._agenda.note(self._world, group.events)
        self._broker.publish(group.events)
        for job, outcome in group.outcomes:
            resolve(job, outcome)
        return None

    async def _decide(self, jobs: list[Job]) -> Group:
        group = Group()
        asked = [j.work.key for j in jobs if isinstance(j.work, CommandCall)]
        if asked:
            known = await self._off_loop(lambda: self._reader.keys(asked))
        else:
            known = {}
        for job in jobs:
            if isinstance(job.work, ItemBatch):
                group.outcomes.append((job, self._items(job.work, group)))
            elif isinstance(job.work, Tick):
                self._tick(job.work, group)
                group.outcomes.append((job, None))
            elif isinstance(job.work, tuple):
                group.audit += job.work
                group.outcomes.append((job, None))
            else:
                group.outcomes.append((job, self._command(job.work, known, group)))
            await asyncio.sleep(0)  # heartbeats and other sessions get their turn
        return group

    def _items(self, batch: ItemBatch, group: Group) -> list[Outcome]:
        outcomes: list[Outcome] = []
        first = self._world.offset
        for index, item in enumerate(batch.items, batch.base):
            if isinstance(item, KnownError):
                outcomes.append(item)
                continue
            now = max(self._clock(), self._world.time)
            try:
                decided = self._decider.item(
                    self._world, item, batch.source, now, f"items[{index}]"
                )
            except KnownError as error:
                outcomes.append(error)
                continue
            except Exception:  # a bug of ours with one item must not stop the others
                log.exception("item %d of %s could not be decided", index, batch.source)
                outcomes.append(bug(f"items[{index}]"))
                continue
            outcomes.append(self._fold(decided, batch.source, now, group))
        self._metrics.rejected += sum(isinstance(o, KnownError) for o in outcomes)
        if batch.load and self._world.offset > first:
            group.spans.append(LoadSpan(batch.load, first, self._world.offset))
        return outcomes

    def _command(self, call: CommandCall, known: dict[str, KeyRow], group: Group) -> Result:
        row = group.keys.get(call.key) or known.get(call.key)
        now = max(self._clock(), self._world.time)
        if row is not None and row.fingerprint == call.fingerprint:
            return msgspec.msgpack.decode(row.result, type=Result)  # audited when it was done
        first = self._world.offset + 1
        try:
            if row is not None:
                raise KnownError("key_reused", "this key was used for another command", field="key")
            decided = self._decider.command(self._world, call, now)
        except KnownError as error:
            result = Result(key=call.key, error=error_info(error))
        except Exception:
            log.exception("command %s could not be decided", call.name)
            result = Result(key=call.key, error=error_info(bug()))
        else:
            self._fold(decided, call.actor.user, now, group)
            result = Result(key=call.key, value=decided.value)
        group.audit.append(command_entry(call, now, result.error, group.events, first))
        if result.error is not None and result.error.code in ("key_reused", "internal"):
            return result  # no answer to keep for the key
        self._metrics.commands += 1
        data = msgspec.msgpack.encode(result)
        group.keys[call.key] = KeyRow(call.key, call.fingerprint, data, now)
        return result

    def _tick(self, tick: Tick, group: Group) -> None:
        for sort, id_ in tick.due:
            now = max(self._clock(), self._world.time)
            try:
                at = sort.due(self._world, id_)
                if at is not None and at <= now:
                    bodies = tuple(sort.fire(self._world, id_, now))
                    self._fold(Decided(bodies), SYSTEM, now, group)
            except Exception as error:  # a bug with one thing must not stop the others
                tick.fail(sort, id_, error)

    def _fold(self, decided: Decided, source: str, now: float, group: Group) -> int:
        last = 0
        queue: deque[Body] = deque(decided.bodies)
        while queue:
            body = self._decider.peaks.stamp(queue.popleft(), now)
            event = Event(
                offset=self._world.offset + 1,
                event_time=now if decided.event_time is None else decided.event_time,
                recv_time=now,
                source=source,
                body=body,
            )
            self._world.apply(event)
            group.events.append(event)
            last = event.offset
            try:
                queue.extend(self._decider.consequences(self._world, body, now))
            except Exception:  # a bug in a rule must not keep what it judges from being recorded
                log.exception("what follows from event %d could not be decided", last)
        return last

    # -- when the store fails -------------------------------------------------------
    async def _failed(self, error: KnownError) -> None:
        """Nothing is acked any more; the World goes back to what is committed."""
        log.error("the hub is read-only: %s", error)
        self.refusal, self._tainted = error, True
        self._metrics.writable = 0
        self._metrics.storage_failures += 1
        self._notify(error.code, error.text)
        try:
            await self._reload(self._committed)
        except KnownError as again:
            log.error("the log cannot be read either: %s", again)

    async def _reload(self, offset: int) -> None:
        epoch = self._broker.epoch
        self._world = world = await self._off_loop(lambda: self._reader.world_at(offset, epoch))
        await self._off_loop(lambda: self._decider.peaks.recall(world, self._reader.extremes))
        self._tainted = False

    async def _reopen(self) -> None:
        proof = entry("hub.recovered", time=self._clock())
        await self._off_loop(lambda: self._writer.reopen([proof]))
        last = await self._off_loop(self._writer.last_offset)
        if last < self._committed:  # acked events are gone: say so by a new epoch
            epoch = await self._off_loop(lambda: self._writer.new_epoch(lost=True))
            self._broker.restart(epoch, last)
            self._committed = last
            await self._reload(last)
            self._agenda.start(self._world)
            return
        if self._tainted:
            await self._reload(self._committed)
        # the commit that failed may have reached the disk after all: then it did happen
        late = await self._off_loop(lambda: list(self._reader.tail(self._committed, last)))
        for event in late:
            self._world.apply(event)
        self._committed = self._world.offset
        self._agenda.note(self._world, late)
        self._broker.publish(late)

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

"""Builds one hub out of its parts and runs it: the only place where they meet."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from services.access.masking import Masks
from services.cases.calendar_file import load_calendar
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.ids import IdFactory
from services.domain.model import Entity
from services.hub.access import Access, HttpRoute
from services.hub.agenda import Agenda, Timed
from services.hub.api import SEED, Api
from services.hub.archive import Archive
from services.hub.asyncapi import asyncapi
from services.hub.audit_api import AuditApi
from services.hub.audit_config import starting
from services.hub.audit_export import EXPORTED
from services.hub.audit_keeper import AuditKeeper
from services.hub.backups import Backups
from services.hub.broker import Broker
from services.hub.certificate import HubCertificate
from services.hub.clock_watch import ClockWatch
from services.hub.deciding import Decider
from services.hub.export_api import ExportApi
from services.hub.feed import FeedEndpoint
from services.hub.history_api import HistoryApi
from services.hub.housekeeping import Housekeeper
from services.hub.import_images import images
from services.hub.imports_api import ImportsApi
from services.hub.intake import Intake
from services.hub.live import LiveParts
from services.hub.loads import Loads
from services.hub.metrics import Metrics
from services.hub.openapi import openapi
from services.hub.options import HubOptions
from services.hub.peaks import AlarmPeaks
from services.hub.roads import HubRoads
from services.hub.roads_api import RoadsApi
from services.hub.route_docs import DOCS
from services.hub.sequencer import Sequencer
from services.hub.sights import Sights
from services.hub.snapshots import SnapshotKeeper, SnapshotShop
from services.hub.ticker import Ticker
from services.hub.timed import timed_sorts
from services.hub.web import Door, known_errors, published
from services.packs.loader import default_directory, load
from services.storage.database import unreadable
from services.storage.examine import spot_check
from services.storage.loads import LoadTable
from services.storage.policy import read_policy
from services.storage.reader import LogReader
from services.storage.upkeep import Upkeep
from services.storage.writer import LogWriter
from services.video.registry import MediaRegistry


def _nothing() -> None:
    """The commit hook of every hub that is not being tested."""


class Hub:
    """A whole hub on one data directory. Make and use it inside a running event loop.

    Making it opens (and upgrades) the store, loads packs and folds the World: KnownError says
    what stands in the way. For tests, ``before_commit`` simulates a failing disk, and ``timed``
    lets further things happen by themselves.
    """

    def __init__(
        self,
        options: HubOptions,
        *,
        clock: Clock = time.time,
        steady: Clock = time.monotonic,
        before_commit: Callable[[], None] = _nothing,
        timed: Sequence[Timed] = (),
    ) -> None:
        data, limits = options.data, options.limits
        catalogue = load(default_directory(), *options.packs)
        calendar = load_calendar(data)
        media = MediaRegistry(data / "media.toml")
        policy = read_policy(data / "hub.toml")
        self.certificate = (
            None if options.tls is None else HubCertificate(options.tls, clock, self._notify)
        )
        self._writer = LogWriter(data / "onemap.sqlite", before_commit=before_commit)
        self._reader = LogReader(data / "onemap.sqlite")
        # of its own, so that no order waits for somebody's search to give a connection back
        self._deciding = LogReader(data / "onemap.sqlite")
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._closers: list[Callable[[], None]] = []
        try:
            spot_check(self._reader)
            last = self._reader.bounds().last_offset
            world = self._reader.world_at(last, self._writer.epoch)
            seed = self._reader.meta(SEED)
            new_id = IdFactory(clock, [*world.cases, *world.dispatches])
            roads = HubRoads(data, catalogue)
            decider = Decider(catalogue, calendar, new_id, roads.travel)
            decider.peaks.recall(world, self._reader.extremes)
        except KnownError:
            self.close()
            raise
        except Exception as error:  # a bit flipped in an index answers what cannot be
            self.close()
            raise unreadable(error) from error
        self.metrics = Metrics()
        self.clock_watch = ClockWatch(clock, steady, self._notify)
        sights = Sights(Masks(catalogue))
        self.broker = Broker(world.epoch, world.offset, limits, self._find, sights)
        sorts = (*timed_sorts(catalogue, calendar, roads.travel), AlarmPeaks(decider.peaks), *timed)
        agenda = Agenda(sorts)
        self.sequencer = Sequencer(
            world,
            self._writer,
            self._deciding,
            self.broker,
            decider,
            agenda,
            limits,
            self.metrics,
            clock,
            self._executor,
            self._notify,
        )
        self.ticker = Ticker(agenda, self.sequencer, clock)
        try:
            self.audit = AuditKeeper(
                data,
                self._writer,
                self.sequencer,
                self._executor,
                clock,
                self._reader.meta(EXPORTED),
                self.metrics,
                self._notify,
            )
            self.audit.begin(*starting(options, catalogue, self._reader))
        except KnownError:
            self.close()
            raise
        except Exception as error:
            self.close()
            raise unreadable(error) from error
        audit = self.audit.trail
        try:
            self.access = Access(
                data,
                catalogue,
                sights,
                self._writer,
                self._reader,
                self._executor,
                self.sequencer,
                options.policy,
                clock,
                audit,
            )
        except KnownError:
            self.audit.reader.close()
            self.close()
            raise
        self._closers.append(self.access.close)
        shop = SnapshotShop(self.sequencer, self.broker)
        self.keeper = SnapshotKeeper(
            self.sequencer, self._writer, self._reader, self._executor, self.metrics, clock, steady
        )
        self.housekeeper = Housekeeper(
            Upkeep(self._writer, self._reader, policy),
            self.sequencer,
            self._executor,
            self.metrics,
            clock,
        )
        parts = LiveParts(
            self.broker, self.sequencer, shop, self._reader, limits, self.metrics, clock, audit
        )
        self.feed = FeedEndpoint(parts, self.access.gate)
        door = Door(self.access.gate, limits, audit)
        archive = Archive()
        api = Api(
            door,
            self.sequencer,
            self.broker,
            self._reader,
            archive,
            media,
            frozenset(kind.id for kind in catalogue.with_trait("camera")),
            self.metrics,
            clock,
            None if seed is None else int(seed),
            audit,
        )
        loads = Loads(
            LoadTable(self._writer, self._reader),
            self._executor,
            lambda: self.broker.epoch,
            clock,
        )
        intake = Intake(door, self.sequencer, limits, loads, audit, self.audit.sources)
        past = HistoryApi(door, self._reader, archive)
        reading = AuditApi(door, self.audit, clock)
        self.backups = Backups(data, options.packs, door, audit)
        self.imports = ImportsApi(
            door,
            self.sequencer,
            loads,
            lambda epoch, spans: images(self._reader, epoch, spans),
            audit,
        )
        exports = ExportApi(door, catalogue, audit, self.audit.reader, clock)
        ways = RoadsApi(door, roads.store)
        more = (
            *(*self.access.routes(door), *self.imports.routes(), *exports.routes()),
            *ways.routes(),
        )
        self.app = _app(self.feed, intake, api, past, reading, self.backups, more)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Future[None]]:
        """The hub's work while inside; a last snapshot and a closed store after.

        What is given ends only by an error: a part of the work that has failed does not come back
        by itself, and a hub without it must not go on as if nothing were.
        """
        tasks = [
            asyncio.create_task(work)
            for work in (
                self.sequencer.run(),
                self.sequencer.recover(),
                self.broker.run(),
                self.keeper.run(),
                self.clock_watch.run(),
                *(() if self.certificate is None else (self.certificate.run(),)),
                self.audit.run(),
                self.access.run(),
                self.housekeeper.run(),
                self.ticker.run(),
            )
        ]
        work = asyncio.ensure_future(_all_of(tasks))
        try:
            yield work
        finally:
            await self.backups.close()
            await self.imports.close()
            await self.audit.trail.drain()
            for task in (work, *tasks):
                task.cancel()
            await asyncio.gather(work, *tasks, return_exceptions=True)
            await self.keeper.keep()
            await self.audit.finish()
            self.close()

    def close(self) -> None:
        """Close the store; readers first, because the writer's end checkpoints."""
        for close in self._closers:
            close()
        self._executor.shutdown(wait=True)
        self._reader.close()
        self._deciding.close()
        self._writer.close()

    def _find(self, entity_id: str) -> Entity | None:
        return self.sequencer.find(entity_id)

    def _notify(self, code: str, text: str) -> None:
        self.feed.notify(code, text)


async def _all_of(tasks: Sequence[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


def _app(
    feed: FeedEndpoint,
    intake: Intake,
    api: Api,
    past: HistoryApi,
    audit: AuditApi,
    backups: Backups,
    more: tuple[HttpRoute, ...],
) -> Starlette:
    table: tuple[HttpRoute, ...] = (
        ("GET", "/healthz", api.healthz),
        ("GET", "/readyz", api.readyz),
        ("GET", "/metrics", api.metrics),
        ("GET", "/api/v1/openapi.json", published(openapi(DOCS))),
        ("GET", "/api/v1/asyncapi.json", published(asyncapi())),
        ("POST", "/api/v1/ingest", intake.ingest),
        ("POST", "/api/v1/commands", intake.command),
        ("GET", "/api/v1/summary", api.summary),
        ("GET", "/api/v1/entities/{id}", api.entity),
        ("GET", "/api/v1/readings", past.readings),
        ("GET", "/api/v1/cases", past.cases),
        ("GET", "/api/v1/alarms", past.alarms),
        ("POST", "/api/v1/backup", backups.start),
        ("GET", "/api/v1/backup", backups.state),
        ("GET", "/api/v1/alarm-counts", api.alarm_counts),
        ("GET", "/api/v1/alarm-raises", api.alarm_raises),
        ("GET", "/api/v1/log", api.log),
        ("GET", "/api/v1/media/{id}", api.media),
        ("PUT", "/api/v1/media/{id}", api.set_media),
        ("PUT", "/api/v1/media-pattern", api.set_media_pattern),
        ("PUT", "/api/v1/demo-seed", api.set_demo_seed),
        ("GET", "/api/v1/audit", audit.page),
        ("POST", "/api/v1/audit/export", audit.export),
        *more,
    )
    routes = [Route(path, known_errors(work), methods=[method]) for method, path, work in table]
    return Starlette(routes=[WebSocketRoute("/feed", feed.serve), *routes])

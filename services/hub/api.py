"""The reading side of ``/api/v1``, camera addresses, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from services.access.roles import INGEST, SYSTEM, VIDEO, allowed
from services.access.sight import Sight
from services.audit.record import Entry, entry
from services.audit.sink import AuditSink
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.keys import check_keys
from services.domain.media_url import shown_media_url
from services.domain.model import Link
from services.domain.world import CLOSED_STATES, World
from services.hub.archive import Archive
from services.hub.audit_config import MEDIA, file_digest
from services.hub.broker import Broker
from services.hub.gate import LOOPBACK
from services.hub.metrics import Metrics
from services.hub.sequencer import Sequencer
from services.hub.web import Door, address, answer, number
from services.storage.reader import LogReader
from services.video.registry import MediaRegistry

MAX_RAISES = 10_000
MAX_LOAD_S = 7 * 86_400.0
MAX_BUCKETS = 5_000
SMALL_BODY = 16 * 1024
SEED = "demo_seed"


class Api:
    """Endpoints that read, and those that set what is not an event. Event loop's thread."""

    def __init__(
        self,
        door: Door,
        sequencer: Sequencer,
        broker: Broker,
        reader: LogReader,
        archive: Archive,
        media: MediaRegistry,
        camera_kinds: frozenset[str],
        metrics: Metrics,
        clock: Clock,
        demo_seed: int | None,
        audit: AuditSink,
    ) -> None:
        self._door, self._sequencer, self._broker = door, sequencer, broker
        self._reader, self._media, self._metrics = reader, media, metrics
        self._archive = archive
        self._camera_kinds = camera_kinds
        self._clock = clock
        self._demo_seed = demo_seed
        self._audit = audit

    # -- the state ----------------------------------------------------------------
    async def summary(self, request: Request) -> Response:
        """How much of what there is, and how it is."""
        account = self._door.account(request)
        sight = await self._door.gate.sight(account)
        counted = await self._sequencer.read(lambda w: _count(w, sight))
        rest = {
            "epoch": self._broker.epoch,
            "server_time": self._clock(),
            "demo_seed": self._demo_seed,
        }
        return answer({**counted, **rest})

    async def entity(self, request: Request) -> Response:
        """One thing as it is now, as its reader may see it."""
        account = self._door.account(request)
        found, sight = await self._door.gate.seen(account, request.path_params["id"])
        return answer(sight.shown(found))

    # -- history ------------------------------------------------------------------
    async def alarm_counts(self, request: Request) -> Response:
        """Alarms raised per bucket of time and severity."""
        account = self._door.account(request)
        start, end = number(request, "start"), number(request, "end")
        bucket = number(request, "bucket_s")
        if not end - start > 0 or bucket <= 0 or (end - start) / bucket > MAX_BUCKETS:
            raise KnownError(
                "out_of_range", f"ask for 1 to {MAX_BUCKETS} buckets", field="bucket_s"
            )
        keep = await self._door.gate.shows(account)
        counts = await self._archive.ask(
            lambda: self._reader.alarm_counts(start, end, bucket, keep)
        )
        return answer({"buckets": counts})

    async def alarm_raises(self, request: Request) -> Response:
        """Alarms raised that asked for attention, newest first: what a seat's load is made of."""
        account = self._door.account(request)
        start, end = number(request, "start"), number(request, "end")
        if not 0 < end - start <= MAX_LOAD_S:
            raise KnownError("out_of_range", "ask for at most a week", field="start")
        keep = await self._door.gate.shows(account)
        rows = await self._archive.ask(
            lambda: self._reader.alarm_raises(start, end, MAX_RAISES, keep)
        )
        return answer({"raises": rows})

    async def log(self, request: Request) -> Response:
        """The ends of the log."""
        self._door.account(request)
        return answer(await asyncio.to_thread(self._reader.bounds))

    # -- camera addresses ---------------------------------------------------------
    async def media(self, request: Request) -> Response:
        """The stream address of a camera, for those who may look at it."""
        account = self._door.account(request)
        if not allowed(account.roles, VIDEO):
            raise KnownError("not_allowed", f"{account.name} may not look at cameras")
        await self._door.gate.check_known(account, request.path_params["id"])
        camera = await self._camera(request)
        return answer({"url": await asyncio.to_thread(self._media.resolve, camera)})

    async def set_media(self, request: Request) -> Response:
        """Register a camera's stream address."""
        self._check_at_home(request)
        url = str(await self._setting(request, "url", str))
        camera = await self._camera(request)
        self._media.check(url)
        await self._set_media(request, camera, url, lambda: self._media.set(camera, url))
        return answer({"url": url})

    async def set_media_pattern(self, request: Request) -> Response:
        """Register the address of all cameras that have none of their own."""
        self._check_at_home(request)
        template = str(await self._setting(request, "url_template", str))
        await self._set_media(request, "*", template, lambda: self._media.set_pattern(template))
        return answer({"url_template": template})

    async def set_demo_seed(self, request: Request) -> Response:
        """Remember which demo data was loaded, so that it is loaded once."""
        seed = int(await self._setting(request, "seed", int))
        await self._audit.record(self._change(request, "config.demo_seed", str(seed)))
        await self._sequencer.set_meta(SEED, str(seed))
        self._demo_seed = seed
        return answer({"seed": seed})

    def _check_at_home(self, request: Request) -> None:
        """A data source says where cameras are on the hub's own machine only, where it could write
        the file as well: elsewhere it could show the desk pictures of its own."""
        account, peer = self._door.account(request), address(request)
        if allowed(account.roles, SYSTEM) or peer in LOOPBACK:
            return
        self._audit.note(self._change(request, "config.media", "", "not_allowed"))
        raise KnownError("not_allowed", f"{account.name} may not change this from {peer}")

    async def _camera(self, request: Request) -> str:
        """The id in the path; KnownError ``not_a_camera`` unless it is a camera's."""
        camera = str(request.path_params["id"])
        kind = await self._sequencer.read(lambda w: e.kind if (e := w.entities.get(camera)) else "")
        if kind in self._camera_kinds:
            return camera
        shown = camera[:100]
        why = f"“{shown}” is no camera" if kind else f"the hub knows no camera “{shown}”"
        raise KnownError("not_a_camera", why, field="id", params={"id": shown})

    async def _set_media(
        self, request: Request, camera: str, url: str, work: Callable[[], None]
    ) -> None:
        """Recorded before it is done, because what cannot be recorded must not be done."""
        shown = shown_media_url(url)
        await self._audit.record(self._change(request, "config.media", camera, url=shown))
        try:
            await asyncio.to_thread(work)
        except KnownError as error:
            self._audit.note(self._change(request, "config.media", camera, error.code, url=shown))
            raise
        digest = await asyncio.to_thread(file_digest, self._media.path)
        await self._sequencer.set_meta(MEDIA, digest)  # or the next start would call it changed

    def _change(
        self, request: Request, type_: str, object_: str, reason: str = "", **detail: object
    ) -> Entry:
        return entry(
            type_,
            actor=self._door.account(request).user,
            address=address(request),
            object_=object_,
            reason=reason,
            detail=detail,
        )

    # -- health -------------------------------------------------------------------
    async def healthz(self, request: Request) -> Response:
        """The process lives."""
        del request
        return PlainTextResponse("ok\n")

    async def readyz(self, request: Request) -> Response:
        """The hub takes data; 503 with the reason while it does not."""
        del request
        refusal = self._sequencer.refusal
        if refusal is None:
            return PlainTextResponse("ready\n")
        return PlainTextResponse(f"{refusal.code}: {refusal.text}\n", 503)

    async def metrics(self, request: Request) -> Response:
        """Counters as Prometheus text."""
        del request
        text = self._metrics.text(
            {
                "log_offset": self._sequencer.offset,
                "pending": self._sequencer.pending,
                "deliveries": self._broker.delivered,
            }
        )
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def _setting(self, request: Request, name: str, type_: type) -> Any:
        account = self._door.account(request)
        if not (allowed(account.roles, INGEST) or allowed(account.roles, SYSTEM)):
            raise KnownError("not_allowed", f"{account.name} may not change this")
        body = await self._door.body(request, SMALL_BODY)
        try:
            value = msgspec.json.decode(body, type=dict[str, type_])[name]  # type: ignore[valid-type]  # a type chosen at run time
        except KeyError:
            raise KnownError("missing_field", f"the body needs {name}", field=name) from None
        except (msgspec.DecodeError, RecursionError) as error:
            raise KnownError("malformed", f"the body cannot be read: {error}") from error
        check_keys(body)
        return value


def _count(world: World, sight: Sight) -> dict[str, object]:
    whole = world.tables()
    if not sight.scope.whole:
        whole = sight.tables(whole)
    counts: dict[str, dict[str, int]] = {}
    for entity in whole.entities:
        row = counts.setdefault(entity.kind, {"total": 0, "online": 0, "offline": 0, "unknown": 0})
        row["total"] += 1
        row[_LINKS[entity.link]] += 1
    return {
        "top": world.offset,
        "counts": counts,
        "alarms": len(whole.alarms),
        "cases": sum(c.state not in CLOSED_STATES for c in whole.cases),
    }


_LINKS = {Link.UNKNOWN: "unknown", Link.ONLINE: "online", Link.OFFLINE: "offline"}

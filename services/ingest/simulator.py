"""The simulated district: sources, weather and teams that speak to a hub as real ones would.

``run`` owns its thread until it is stopped. What happens comes from pure parts (rhythm, hotline,
scenes, teams); this module only keeps time and talks over HTTP and the feed.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from types import FrameType

from services.cases.foreign import is_ours
from services.cases.logic import is_open
from services.demo import inventory
from services.demo.ground import Ground
from services.demo.inventory import DemoSet
from services.domain.errors import KnownError
from services.domain.model import Entity
from services.feed.client import FeedClient
from services.feed.source import LinkUpdate, StateUpdate, Update
from services.ingest import seeding
from services.ingest.hotline import Hotline
from services.ingest.http_client import HubClient, Item
from services.ingest.officer import DemoOfficer
from services.ingest.patience import Patience
from services.ingest.rhythm import Quiet, Rhythm, Timed
from services.ingest.scenes import Cloudburst
from services.ingest.simulator_options import SimulatorOptions
from services.ingest.teams import Fleet, Key, Moved, Point, Reported
from services.ingest.view import View, Yielding
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from services.tls.contexts import trust

__all__ = ["SimulatorOptions", "run"]

TICK_S = 0.5
WAITS_S = (0.25, 0.5, 1.0)
LEAST_SPEED, MOST_SPEED = 0.1, 60.0
MOST_PENDING = 5_000
MOST_BEHIND_S = 60.0
"""After a longer pause (a suspended machine, a hub that was away) the rhythm goes on from now."""
EXPECTED = frozenset({"wrong_state", "unknown_object"})
"""Refusals that are part of life: a call dispatched here is not its own system's to close."""
TIMES = ("time", "reported_at", "closed_at", "deadline_at")

log = logging.getLogger(__name__)


def run(options: SimulatorOptions) -> int:
    """Simulate until ``stop_event``, SIGTERM, or the end of stdin for a child. Exit status 0.

    Waits for a hub that is not there yet, and says so. Raises KnownError for what waiting cannot
    mend: a wrong token, options out of range. Signals are watched when it runs on the main thread.
    """
    if not LEAST_SPEED <= options.speed <= MOST_SPEED:
        text = f"the speed must lie in {LEAST_SPEED:g} … {MOST_SPEED:g}"
        raise KnownError("out_of_range", text, field="speed")
    if not LEAST_SPEED <= options.time_scale <= MOST_SPEED:
        text = f"the team speed must lie in {LEAST_SPEED:g} … {MOST_SPEED:g}"
        raise KnownError("out_of_range", text, field="team-speed")
    stop = options.stop_event
    if threading.current_thread() is threading.main_thread():
        _end_on_signals(stop)
    if options.child:
        _end_with_stdin(stop)
    began = time.time()
    patience = Patience(options.url, stop.wait)
    with (
        _client(options, options.token_source, patience.wait) as source,
        _client(options, options.token_field, stop.wait) as field,
        _client(options, options.token_officer, stop.wait) as officer,
    ):
        catalogue = load(default_directory())
        demo = _seeded(options, source, catalogue)
        if demo is None:
            return 0
        City(options, demo, catalogue, source, field, officer, began).live()
    return 0


def _client(options: SimulatorOptions, token: str, wait: Callable[[float], bool]) -> HubClient:
    return HubClient(
        options.url,
        token,
        waits=WAITS_S,
        wait=wait,
        trust=trust(options.url, options.ca),
    )


def _seeded(options: SimulatorOptions, source: HubClient, catalogue: Catalogue) -> DemoSet | None:
    """The demo set that the hub holds, after telling it if it had none; None when stopped."""
    while not options.stop_event.is_set():
        try:
            held = source.summary().get("demo_seed")
            seed = held if isinstance(held, int) else options.seed
            demo = inventory.build(seed, now=time.time(), catalogue=catalogue)
            if held is None:
                result = source.ingest(seeding.items(demo))
                for refused in result.refused[:5]:
                    log.warning("The hub refused item %d: %s", refused.index, refused.text)
                source.set_demo_seed(seed)
                log.warning("The demo district is loaded: %d items", result.accepted)
        except KnownError as error:
            if error.code != "hub_unreachable":
                raise
            log.info("Waiting for the hub: %s", error)
        else:
            return demo
    return None


class City:
    """The loop: every half second what is due goes out, and what the feed told comes in."""

    def __init__(
        self,
        options: SimulatorOptions,
        demo: DemoSet,
        catalogue: Catalogue,
        source: HubClient,
        field: HubClient,
        officer: HubClient,
        began: float,
    ) -> None:
        """``began``: UNIX seconds at which the simulator started; scenes count from there."""
        self._options = options
        self._stop = options.stop_event
        self._source, self._field = source, field
        self._clock = SimClock(began, options.speed)
        categories = catalogue.categories.keys()
        first = max(began + options.scene_delay_s, time.time() + 1.0)
        scene = (
            Cloudburst(
                demo.entities,
                categories,
                options.seed,
                self._clock.simulated(first),
                options.scene_period_s,
            )
            if options.scenes
            else Quiet()
        )
        self._rhythm = Rhythm(demo.entities, catalogue, options.seed, scene)
        self._hotline = Hotline(demo.entities, categories, options.seed)
        homes = {e.id: home for e in demo.entities for home in _home(catalogue, e)}
        self._fleet = Fleet(Ground().graph, homes, options.time_scale, options.seed)
        self._view = View()
        self._yielding = Yielding()
        self._updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
        self._pending: deque[Item] = deque()
        self._reports: deque[tuple[Key, str, Reported]] = deque()
        self._officer = (
            DemoOfficer(self._view, catalogue, officer, options.officer_delay_s)
            if options.token_officer
            else None
        )

    def live(self) -> None:
        """Run until stopped."""
        feed = FeedClient(
            self._options.url,
            self._options.token_reader,
            seat="sim:teams",
            client="onemap-sim",
            sink=self._updates.put,
            trust=trust(self._options.url, self._options.ca),
        )
        feed.start()
        try:
            reached = self._clock.simulated(time.time())
            while not self._stop.wait(TICK_S):
                now = time.time()
                self._listen(now)
                until = self._clock.simulated(now)
                reached = max(reached, until - MOST_BEHIND_S * self._options.speed)
                self._gather(reached, until)
                reached = until
                self._act(now)
        finally:
            feed.close(2.0)

    # -- in -----------------------------------------------------------------------
    def _listen(self, now: float) -> None:
        """Take in what the feed told since the last tick."""
        changed: set[str] = set()
        while True:
            try:
                update = self._updates.get_nowait()
            except queue.Empty:
                break
            if isinstance(update, LinkUpdate) and update.state == "refused":
                raise KnownError("refused", f"the hub refuses the feed: {update.detail}")
            if not isinstance(update, StateUpdate):
                continue
            delta = update.delta
            if not delta.reset:
                for id_, entity in delta.entities.items():
                    if self._yielding.heard(self._view.entities.get(id_), entity, now):
                        log.warning("A real source speaks for %s; the simulator yields", id_)
            self._view.absorb(delta)
            changed |= delta.dispatches.keys()
        for id_ in changed:
            dispatch = self._view.dispatches.get(id_)
            if dispatch is not None:
                case = self._view.cases.get(dispatch.case_id)
                self._fleet.follow(dispatch, case, self._view.entities.get, now)

    # -- out ----------------------------------------------------------------------
    def _gather(self, start: float, end: float) -> None:
        """Queue what happens after ``start`` up to ``end``, simulated seconds."""
        happens: Iterable[Timed] = sorted(
            [*self._rhythm.items(start, end), *self._hotline.items(start, end)]
        )
        for timed in happens:
            item = self._clock.restamped(timed.item)
            values = item.get("values")
            if item["type"] == "reading" and isinstance(values, dict):
                if self._yielding.yields(str(item["id"]), time.time()):
                    continue
                self._yielding.sending(str(item["id"]), values)
            if item["type"] == "case" and "closed_at" in item and not self._may_close(item):
                continue
            self._pending.append(item)
        while len(self._pending) > MOST_PENDING:
            self._pending.popleft()  # the hub is away; what is newest counts

    def _may_close(self, item: Item) -> bool:
        """A case is its own system's to close only while nobody here works on it."""
        case = self._view.cases.get(str(item["id"]))
        return case is not None and is_open(case) and not is_ours(case)

    def _act(self, now: float) -> None:
        """Send; what the hub did not take for want of a connection waits for the next tick."""
        for key, entity_id, step in self._fleet.steps(now):
            if isinstance(step, Moved):
                self._pending.append(_position(entity_id, step, now))
            else:
                self._reports.append((key, entity_id, step))
        try:
            while self._reports:
                self._report(*self._reports[0], now)
                self._reports.popleft()
            self._send()
            if self._officer is not None:
                self._officer.step(now)
        except KnownError as error:
            if error.code != "hub_unreachable":
                raise
            log.info("The hub is away: %s", error)

    def _send(self) -> None:
        if not self._pending:
            return
        items = list(self._pending)
        result = self._source.ingest(items)
        self._pending.clear()
        for refused in result.refused:
            if refused.code not in EXPECTED:
                log.warning("The hub refused %s: %s", items[refused.index], refused.text)

    def _report(self, key: Key, entity_id: str, step: Reported, now: float) -> None:
        """A team's word on its task; when the hub refuses it, the trip is over."""
        dispatch_id, task_id = key
        args: dict[str, object] = {"dispatch": dispatch_id, "task": task_id, "state": step.state}
        if step.note:
            args["note"] = step.note
        over = step.state == "done"
        team = self._view.entities.get(entity_id)
        seat = team.name if team is not None else entity_id
        try:
            self._field.command(
                f"sim-{dispatch_id}-{task_id}-{step.state}", "task.update", args, seat=seat
            )
        except KnownError as error:
            if error.code == "hub_unreachable":
                raise
            log.warning("The hub refused a report of %s: %s", entity_id, error)
            over = True
        if over:
            self._fleet.end(key, self._view.entities.get(entity_id), now)


class SimClock:
    """Simulated time: ``speed`` seconds a second since ``began``. Times are UNIX seconds."""

    def __init__(self, began: float, speed: float) -> None:
        self._began = began
        self._speed = speed

    def simulated(self, real: float) -> float:
        """The simulated moment of a real one."""
        return self._began + (real - self._began) * self._speed

    def real(self, simulated: float) -> float:
        """The real moment of a simulated one."""
        return self._began + (simulated - self._began) / self._speed

    def restamped(self, item: Item) -> Item:
        """An item with its times as the hub's clock will see them."""
        if self._speed == 1.0:
            return item
        times = {
            name: round(self.real(value), 3)
            for name in TIMES
            if isinstance(value := item.get(name), float)
        }
        return {**item, **times}


def _home(catalogue: Catalogue, entity: Entity) -> Iterable[Point]:
    kind = catalogue.kinds.get(entity.kind)
    if kind is not None and "dispatchable" in kind.traits and entity.lon and entity.lat:
        yield entity.lon, entity.lat


def _position(entity_id: str, moved: Moved, now: float) -> Item:
    return {
        "type": "position",
        "id": entity_id,
        "time": now,
        "lon": moved.lon,
        "lat": moved.lat,
        "heading_deg": moved.heading_deg,
    }


def _end_on_signals(stop: threading.Event) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _end_with_stdin(stop: threading.Event, read: Callable[[int, int], bytes] = os.read) -> None:
    def wait() -> None:
        while read(0, 4_096):
            pass
        stop.set()

    threading.Thread(target=wait, name="stdin", daemon=True).start()


if __name__ == "__main__":
    from services.ingest.__main__ import main

    raise SystemExit(main())

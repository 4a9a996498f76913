"""Tiles of one server: from the cache while they are good, else asked for, never waited for long.

A question that has no answer in time goes on by itself, and its picture is kept for the next look.
"""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass
from enum import Enum

from services.basemaps.health import Health, TileError, Trouble
from services.basemaps.http import Fetched, TileHttp
from services.basemaps.model import Source, cache_key, tile_url
from services.storage.tile_cache import CachedTile, TileCache

log = logging.getLogger(__name__)
WAIT_S = 2.0
"""How long a map waits for one tile before the schematic one stands in."""
STEP_S = 0.05
STUCK_S = 20.0
"""After which a question is given up whose answer comes byte by byte."""
OLD_WAIT_S = 0.3
"""And for a newer one where there is one whose time is over."""
WORKERS = 6
MOST_QUEUED = 120
FRESH_KEPT = 256
"""Pictures that are at hand without the disk, which may not take any."""
EMPTY_KEPT = 4_000
EMPTY_AGE_S = 600.0
Place = tuple[int, int, int, int]
"""Which address (0: the map, 1: its overlay), level, column, row."""


class Missing(Enum):
    """Why there is no picture."""

    NONE = "none"
    """The source has none there."""
    LATER = "later"
    """Not now; it is tried again."""
    TOO_FAR = "too far"
    """Its levels begin further in."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a source does. ``since``: of the trouble, UNIX seconds; ``oldest``: when the oldest
    picture was fetched that was shown although its time was over, None without one."""

    trouble: Trouble = ""
    detail: str = ""
    since: float = 0.0
    oldest: float | None = None


class RemoteTiles:
    """The pictures of one source's server. ``clock``: UNIX seconds. Any thread.

    ``arrived`` is called, on a worker's thread, when something came that a map has already been
    told is missing, and when the server is out or back. ``close`` cancels what has not begun.
    """

    def __init__(
        self,
        source: Source,
        cache: TileCache,
        clock: Callable[[], float],
        arrived: Callable[[], None],
        http: TileHttp | None = None,
        wait_s: float = WAIT_S,
        stuck_s: float = STUCK_S,
    ) -> None:
        self._source = source
        self._addresses = [a for a in (source.address, source.overlay) if a]
        self._names = [cache_key(source, address) for address in self._addresses]
        self._cache = cache
        self._clock = clock
        self._arrived = arrived
        self._http = http or TileHttp(connections=WORKERS)
        self._wait_s = wait_s
        self._stuck_s = stuck_s
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="basemap")
        self._lock = threading.Lock()
        self._health = Health()
        self._going: dict[Place, Future[bytes | Missing]] = {}
        self._begun: dict[Place, float] = {}
        self._empty: OrderedDict[Place, float] = OrderedDict()
        self._fresh: OrderedDict[Place, CachedTile] = OrderedDict()
        self._late: set[Place] = set()
        self._wanted: Place | None = None
        self._oldest: float | None = None
        self._closed = False

    @property
    def has_overlay(self) -> bool:
        """Whether there are labels to lay over the map."""
        return len(self._addresses) > 1

    def status(self) -> Status:
        """How the server does now."""
        with self._lock:
            health = self._health
            if self._source.needs_key and not self._source.key:
                return Status("no_key", "", 0.0, self._oldest)
            return Status(health.trouble, health.detail, health.since, self._oldest)

    def get(
        self, places: Sequence[Place], within_s: float = math.inf
    ) -> dict[Place, bytes | Missing]:
        """Pictures from wherever they can be had; all of them together within ``wait_s``, and
        within ``within_s`` if that is less."""
        had = {place: self._at_hand(place) for place in places}
        asked = {
            place: self._ask(place, kept)
            for place, kept in had.items()
            if not isinstance(kept, bytes | Missing)
        }
        until = time.monotonic() + min(self._wait_s, max(0.0, within_s))
        answers: dict[Place, bytes | Missing] = {}
        for place, kept in had.items():
            if isinstance(kept, bytes | Missing):
                answers[place] = kept
                continue
            left = max(0.0, until - time.monotonic())
            came = self._within(asked[place], left if kept is None else min(left, OLD_WAIT_S))
            answers[place] = self._old(kept, place) if came is Missing.LATER else came
        return answers

    def kept(self, places: Sequence[Place]) -> dict[Place, bytes]:
        """What is at hand of these, however old; nothing is asked for."""
        found: dict[Place, bytes] = {}
        for place in places:
            had = self._at_hand(place)
            if isinstance(had, CachedTile):
                found[place] = had.data
            elif isinstance(had, bytes):
                found[place] = had
        return found

    def _at_hand(self, place: Place) -> bytes | Missing | CachedTile | None:
        """A picture that is still good, the word that there is none, an old one, or nothing."""
        now = self._clock()
        with self._lock:
            fresh = self._fresh.get(place)
            empty = self._empty.get(place, 0.0) > now
        if fresh is None or now >= fresh.expires:
            fresh = self._cache.get(self._names[place[0]], *place[1:]) or fresh
        if fresh is not None and now < fresh.expires:
            return fresh.data
        return Missing.NONE if empty else fresh

    def try_now(self) -> None:
        """Do not wait for the next try of a server that is out."""
        with self._lock:
            self._health.hurry()
        self.tick()

    def tick(self) -> None:
        """Once a second: while the server is out and a map waits for it, try it when it is time;
        and cut off a server that never ends its answers."""
        late = time.monotonic() - self._stuck_s
        with self._lock:
            stuck = any(begun < late for begun in self._begun.values())
            if stuck:
                self._begun.clear()
                for _ in range(2):  # enough to leave it alone
                    self._health.failed(TileError("no_answer", "without an end"), self._clock())
        if stuck:
            self._http.renew()
            self._arrived()
        with self._lock:
            wanted = self._wanted if self._health.is_out else None
        if wanted is not None:
            self._ask(wanted, self._cache.get(self._names[wanted[0]], *wanted[1:]))

    def close(self) -> None:
        """Take no more questions; those under way end by their own limits."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._http.close()

    def fetch(self, place: Place, etag: str = "") -> Fetched:
        """Ask the server, now and without the cache; for downloads and checks. TileError."""
        address = self._addresses[place[0]]
        return self._http.tile(tile_url(self._source, address, *place[1:]), etag)

    # -- asking ----------------------------------------------------------------------------
    def _ask(self, place: Place, kept: CachedTile | None) -> Future[bytes | Missing] | None:
        """The question that goes out, or is under way, for a place; None when none may go."""
        with self._lock:
            going = self._going.get(place)
            if going is not None:
                return going
            if self._closed or len(self._going) >= MOST_QUEUED:
                return None
            if self._source.needs_key and not self._source.key:
                return None
            if not self._health.may_ask(self._clock()):
                return None
            with contextlib.suppress(RuntimeError):
                future = self._pool.submit(self._fetch, place, kept)
                self._going[place] = future
                return future
        return None

    def _fetch(self, place: Place, kept: CachedTile | None) -> bytes | Missing:
        """On a worker: ask, keep, and note how the server does."""
        was_out = self._is_out()
        answer: bytes | Missing = Missing.LATER
        try:
            with self._lock:
                self._begun[place] = time.monotonic()
                if not was_out and self._health.is_out:
                    return Missing.LATER  # it failed while this one waited for its turn
            answer = self._keep(place, kept, self.fetch(place, "" if kept is None else kept.etag))
        except TileError as error:
            log.info("%s: tile %d/%d/%d: %s", self._source.id, *place[1:], error)
            with self._lock:
                self._health.failed(error, self._clock())
        except Exception as error:  # a map shall not stand still for a fault of ours
            if not self._closed:
                log.exception("%s: tile %d/%d/%d", self._source.id, *place[1:])
            with self._lock:
                inside = TileError("no_answer", type(error).__name__)
                self._health.failed(inside, self._clock())
        finally:
            with self._lock:
                self._going.pop(place, None)
                self._begun.pop(place, None)
                late = place in self._late and answer is not Missing.LATER
                self._late.discard(place)
        if late or was_out != self._is_out():
            self._arrived()
        return answer

    def _keep(self, place: Place, kept: CachedTile | None, came: Fetched) -> bytes | Missing:
        now = self._clock()
        name, expires = self._names[place[0]], now + came.age_s
        with self._lock:
            self._health.answered()
            self._oldest = None
        if came.unchanged and kept is not None:
            self._cache.renew(name, *place[1:], expires)
            self._hold(place, CachedTile(kept.data, kept.etag, now, expires))
            return kept.data
        if came.data is None:
            with self._lock:
                self._empty[place] = now + EMPTY_AGE_S
                while len(self._empty) > EMPTY_KEPT:
                    self._empty.popitem(last=False)
            return Missing.NONE
        self._hold(place, CachedTile(came.data, came.etag, now, expires))
        self._cache.put(name, *place[1:], came.data, came.etag, expires)
        return came.data

    def _within(self, future: Future[bytes | Missing] | None, seconds: float) -> bytes | Missing:
        """What a question brings in that time, LATER when it brings nothing. In short steps, so
        that closing waits for nobody."""
        until = time.monotonic() + seconds
        while future is not None and not self._closed:
            step = min(STEP_S, max(0.0, until - time.monotonic()))
            try:
                return future.result(step)
            except CancelledError:
                break
            except LateError:
                if step < STEP_S:
                    break
        return Missing.LATER

    def _hold(self, place: Place, tile: CachedTile) -> None:
        with self._lock:
            self._fresh[place] = tile
            self._fresh.move_to_end(place)
            while len(self._fresh) > FRESH_KEPT:
                self._fresh.popitem(last=False)

    def _old(self, kept: CachedTile | None, place: Place) -> bytes | Missing:
        """What is there although the server says nothing."""
        with self._lock:
            self._wanted = place
            if kept is None:
                if len(self._late) >= EMPTY_KEPT:
                    self._late.clear()
                self._late.add(place)
                return Missing.LATER
            if self._health.is_out:
                self._oldest = min(kept.stored, self._oldest or kept.stored)
            return kept.data

    def _is_out(self) -> bool:
        with self._lock:
            return self._health.is_out

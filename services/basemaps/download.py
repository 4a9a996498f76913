"""Downloads a region of a source into an MBTiles file that is a base map by itself afterwards.

A download may be paused, ended and taken up again, after a restart as well: what was asked for
stands in the file, and so does every tile that came.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import msgspec

from services.basemaps import region as regions
from services.basemaps.health import Health, TileError
from services.basemaps.http import Fetched
from services.basemaps.job import JOB, Job, checked_rate, job_of, refuse_taken
from services.basemaps.model import Source, cache_key
from services.basemaps.pictures import encoded, kind_of, laid_over, opened
from services.basemaps.plan import USUAL_BYTES, check_room, check_source
from services.basemaps.region import Region, Tile
from services.basemaps.remote import Place
from services.domain.errors import KnownError, in_words
from services.storage.mbtiles import MbtilesWriter

PART = ".part"
AT_ONCE = 4
BATCH = 40
"""Tiles that are written in one go at most."""
TRIES = 3
"""How often a single tile is asked for that fails while others come."""
_FORMATS = {"png": "png", "jpeg": "jpg", "webp": "webp"}
"""What MBTiles calls them."""
_HOPELESS = frozenset({"wrong_key", "redirected", "untrusted"})
"""Troubles that do not pass while one waits."""
ENOUGH = 20
"""Pictures whose mean size says something of the others."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is. ``bytes`` are in the file, ``about`` will be, as far as can be told;
    ``seconds`` are left at its rate. ``failed``: tiles that did not come after some tries;
    ``trouble``: why nothing comes at the moment, "" while it goes on."""

    total: int
    done: int
    empty: int
    failed: int
    bytes: int
    trouble: str = ""
    finished: bool = False
    about: int = 0
    seconds: float = 0.0


class Asks(Protocol):
    """What asks a server for a tile."""

    @property
    def has_overlay(self) -> bool:
        """Whether there are labels to lay over the map."""
        ...

    def fetch(self, place: Place, etag: str = "") -> Fetched:
        """Ask now. TileError."""
        ...


def unfinished(folder: Path) -> list[Path]:
    """Downloads that were not brought to their end."""
    return sorted(folder.glob(f"*.mbtiles{PART}"))


@dataclass
class Download:
    """One download. ``run`` works until the end and may be called again; other threads may call
    ``pause``, ``go_on`` and ``cancel``. ``told`` hears of the progress, on the thread of ``run``.

    ``path``: of the finished file; until then ``.part`` is added. KnownError ``bad_mbtiles``,
    ``mbtiles_not_written``, ``not_downloadable``, ``bad_region``, ``region_too_large``,
    ``bad_rate``, and of ``run`` ``file_there`` (``path`` is taken, and not to be ``replaced``),
    ``other_download`` (the part is of another map or region), ``tiles_missing`` and
    ``download_refused`` (the server wants another key, or is not to be trusted).
    """

    source: Source
    region: Region
    path: Path
    asks: Asks
    rate: float = 5.0
    told: Callable[[Progress], None] = lambda _progress: None
    clock: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] | None = None
    replaced: bool = False
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _running: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        check_source(self.source, self.region)
        self.rate = checked_rate(self.rate)
        self._running.set()
        self._health = Health()
        self._next_at = 0.0
        self._pace = threading.Lock()
        self._counted = Progress(0, 0, 0, 0, 0)
        self._pictures = 0
        self._refused: TileError | None = None
        self._known: Tile | None = None  # one that the server gave before

    @property
    def part(self) -> Path:
        """The file while it is not whole."""
        return self.path.with_name(self.path.name + PART)

    def pause(self) -> None:
        """Ask for nothing until ``go_on``; what is under way still comes."""
        self._running.clear()

    def go_on(self) -> None:
        """Go on after a pause."""
        self._running.set()

    def cancel(self) -> None:
        """End soon; the file stays as far as it is, for another time."""
        self._cancelled.set()
        self._running.set()

    @property
    def is_paused(self) -> bool:
        """Whether it waits for ``go_on``."""
        return not self._running.is_set()

    def run(self) -> Progress:
        """Fetch what is missing; the finished file has its own name when this returns finished."""
        self._check_place()
        writer = MbtilesWriter(self.part)
        try:
            self._claim(writer)
            total = sum(regions.counts(self.region, self.source.datum).values())
            missing = self._missing(writer)
            self._pictures, size = writer.pictures()
            self._counted = Progress(total, 0, 0, 0, size)
            check_room(self.part.parent, self._about(size) - size)
            self._tell(done=total - len(missing))
            size = max(AT_ONCE, min(BATCH, round(2 * self.rate)))  # about two seconds
            for start in range(0, len(missing), size):
                if not self._cancelled.is_set():
                    self._fetch(writer, missing[start : start + size])
            if self._refused is not None:
                refused = self._refused
                raise KnownError(
                    "download_refused",
                    f"The tile server does not let this be downloaded ({refused.detail}).",
                    params={"why": refused.detail},
                )
            if self._cancelled.is_set():
                return self._counted
        finally:
            writer.close()
        self._end()
        self._tell(finished=True)
        return self._counted

    def _end(self) -> None:
        """All was asked for: give the file its name, or say why not."""
        self._check_place()  # somebody else may have put something there meanwhile
        if self._counted.failed:
            raise KnownError(
                "tiles_missing",
                f"{self._counted.failed} tiles did not come. Download again to fetch them.",
                params={"count": self._counted.failed},
            )
        try:
            self.part.replace(self.path)
        except OSError as error:
            raise KnownError(
                "mbtiles_not_written",
                f"{self.path.name} cannot be written: {in_words(error)}.",
                params={"why": in_words(error)},
            ) from error

    # -- inside -----------------------------------------------------------------------
    def _check_place(self) -> None:
        if not self.replaced:
            refuse_taken(self.path)

    def _claim(self, writer: MbtilesWriter) -> None:
        """The file is this download's, or becomes it."""
        job = Job(
            self.source.id,
            cache_key(self.source, f"{self.source.address}\n{self.source.overlay}"),
            [list(ring) for ring in self.region.rings],
            self.region.first,
            self.region.last,
            self.rate,
        )
        had = writer.told(JOB)
        if had:
            before = job_of(had)
            if before is None or msgspec.structs.replace(before, rate=job.rate) != job:
                raise KnownError(
                    "other_download",
                    f"{self.part.name} is the download of another base map or region; choose"
                    " another name.",
                    params={"name": self.part.name},
                )
        west, south, east, north = regions.bounds(self.region)
        writer.describe(
            {
                "name": self.source.title_en,
                "format": writer.told("format") or _FORMATS.get(self.source.format, "png"),
                "type": "baselayer",
                "version": "1",
                "minzoom": str(self.region.first),
                "maxzoom": str(self.region.last),
                "bounds": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}",
                "attribution": self.source.attribution,
                "onemap_datum": self.source.datum,
                JOB: msgspec.json.encode(job).decode(),
            }
        )

    def _missing(self, writer: MbtilesWriter) -> list[Tile]:
        present: dict[int, set[tuple[int, int]]] = {}
        missing = []
        for tile in regions.tiles(self.region, self.source.datum):
            level = tile[0]
            if level not in present:
                present[level] = writer.present(level)
            if tile[1:] not in present[level]:
                missing.append(tile)
            else:
                self._known = tile
        return missing

    def _fetch(self, writer: MbtilesWriter, batch: list[Tile]) -> None:
        """One batch, a few tiles at a time, and onto the disk."""
        pictures: list[tuple[Tile, bytes]] = []
        empty: list[Tile] = []
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="download") as pool:
            try:
                answers = list(pool.map(self._tile, batch))
            except BaseException:  # Ctrl-C: who is asking shall not go on
                self.cancel()
                raise
        for tile, came in zip(batch, answers, strict=True):
            if isinstance(came, bytes):
                pictures.append((tile, came))
            elif came:
                empty.append(tile)
        if pictures and not self._pictures:  # programs that go by it would misread every tile
            writer.describe({"format": _FORMATS[kind_of(pictures[0][1])]})
        writer.add(pictures, empty)
        self._pictures += len(pictures)
        lost = 0 if self._cancelled.is_set() else len(batch) - len(pictures) - len(empty)
        counted = self._counted
        self._tell(
            done=counted.done + len(pictures) + len(empty),
            empty=counted.empty + len(empty),
            failed=counted.failed + lost,
            bytes=counted.bytes + sum(len(data) for _, data in pictures),
        )

    def _tile(self, tile: Tile) -> bytes | bool:
        """The picture, True where there is none, False when it did not come."""
        tries = 0
        while not self._cancelled.is_set():
            self._running.wait()
            if not self._turn():
                continue
            try:
                picture = self._picture(tile)
            except TileError as error:
                tries += 1
                if error.trouble in _HOPELESS:
                    self._refused = error
                    self.cancel()
                with self._pace:
                    self._health.failed(error, self.clock())
                    out = self._health.is_out
                if tries >= TRIES and (not out or self._is_the_tiles_own(error)):
                    return False
                self._tell(trouble=error.trouble)
            else:
                with self._pace:
                    self._health.answered()
                self._known = tile
                if self._counted.trouble:
                    self._tell(trouble="")
                return True if picture is None else picture
        return False

    def _is_the_tiles_own(self, error: TileError) -> bool:
        """Whether a tile failed while the server still gives another, so that waiting for the
        server would be waiting for ever. What is no picture is given up in any case."""
        if self._known is not None and error.trouble not in _HOPELESS:
            try:
                self._picture(self._known)
            except TileError:
                return error.trouble == "no_picture"
            with self._pace:
                self._health.answered()
            self._tell(trouble="")
            return True
        return error.trouble == "no_picture"

    def _picture(self, tile: Tile) -> bytes | None:
        below = self.asks.fetch((0, *tile)).data
        if below is None or not self.asks.has_overlay:
            return below
        self._turn()
        above = self.asks.fetch((1, *tile)).data
        if above is None:
            return below
        try:
            return encoded(laid_over(opened(below), opened(above)).convert("RGB"), kind_of(below))
        except KnownError as error:
            raise TileError("no_picture", error.text[:100]) from None

    def _turn(self) -> bool:
        """Wait for one's turn by the rate; False while the server is left alone."""
        with self._pace:
            now = self.clock()
            if not self._health.may_ask(now):
                pause, mine = 0.5, False
            else:
                at = max(now, self._next_at)
                self._next_at = at + 1.0 / self.rate
                pause, mine = at - now, True
        if pause > 0:
            (self.wait or self._cancelled.wait)(pause)
        return mine and not self._cancelled.is_set()

    def _about(self, size: int) -> int:
        """Bytes that the file will have: by the pictures that are there, if they are some."""
        counted = self._counted
        mean = size / self._pictures if self._pictures >= ENOUGH else USUAL_BYTES
        return round(size + mean * (counted.total - counted.done))

    def _tell(self, **change: Any) -> None:
        with self._pace:
            counted = replace(self._counted, **change)
            left = (counted.total - counted.done) * (2 if self.asks.has_overlay else 1)
            self._counted = counted
            about = self._about(counted.bytes)
            self._counted = counted = replace(counted, about=about, seconds=left / self.rate)
        self.told(counted)


def resumed(
    part: Path,
    find: Callable[[str], Source],
    ask: Callable[[Source], Asks],
) -> Download:
    """A download as it stands in its file. KnownError ``bad_mbtiles``, ``other_download`` (it is
    no download), ``unknown_basemap``."""
    writer = MbtilesWriter(part)
    try:
        job = job_of(writer.told(JOB))
    finally:
        writer.close()
    if job is None:
        raise KnownError(
            "other_download", f"{part.name} is no download.", params={"name": part.name}
        )
    source = find(job.source_id)
    region = Region(tuple(tuple(ring) for ring in job.rings), job.first, job.last)
    path = part.with_name(part.name.removesuffix(PART))
    return Download(source, region, path, ask(source), job.rate)

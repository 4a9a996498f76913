"""A base map as the map window sees it: finished pictures of WGS-84 tiles, toned for the night.

It asks the source for whatever a tile is made of: tiles beside it where the datum is shifted, the
level above where the source has no more, labels to lay over.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from services.basemaps.grid import window
from services.basemaps.model import Source
from services.basemaps.pictures import Look, cut, encoded, kind_of, laid_over, opened, toned
from services.basemaps.pmtiles_file import PmtilesReader
from services.basemaps.remote import WAIT_S, Missing, Place, Status
from services.domain.errors import KnownError
from services.storage.mbtiles import MbtilesReader

log = logging.getLogger(__name__)
KEPT = 300
"""Finished tiles in memory."""
Parts = dict[tuple[int, int], bytes]
"""Pictures by column and row."""
MOST_UP = 6
"""Levels that a picture is enlarged by at most: then four pixels fill a tile."""


class Tiles(Protocol):
    """Where pictures come from, as the source has them. Any thread; raises nothing."""

    @property
    def has_overlay(self) -> bool:
        """Whether there are labels to lay over the map."""
        ...

    def get(
        self, places: Sequence[Place], within_s: float = math.inf, /
    ) -> dict[Place, bytes | Missing]:
        """Pictures, all within a bounded time, and within so many seconds."""
        ...

    def kept(self, places: Sequence[Place]) -> dict[Place, bytes]:
        """Pictures that are at hand; nothing is waited for."""
        ...

    def status(self) -> Status:
        """How the source does."""
        ...

    def tick(self) -> None:
        """Called once a second."""
        ...

    def try_now(self) -> None:
        """Somebody does not want to wait for the next try."""
        ...

    def close(self) -> None:
        """Let go of files and threads."""
        ...


class FileTiles:
    """Pictures of a file. KnownError when it cannot be used."""

    has_overlay = False

    def __init__(self, source: Source) -> None:
        path = Path(source.address)
        self.reader: MbtilesReader | PmtilesReader = (
            MbtilesReader(path) if source.type == "mbtiles" else PmtilesReader(path)
        )
        self._trouble: KnownError | None = None

    def get(
        self, places: Sequence[Place], _within_s: float = math.inf, /
    ) -> dict[Place, bytes | Missing]:
        """Pictures; what cannot be read counts as missing and is said in the status."""
        found: dict[Place, bytes | Missing] = {}
        trouble: KnownError | None = None
        for place in places:
            try:
                data = self.reader.read(*place[1:])
                found[place] = Missing.NONE if data is None else data
            except KnownError as error:
                trouble, found[place] = error, Missing.NONE
        self._trouble = trouble
        return found

    def kept(self, places: Sequence[Place]) -> dict[Place, bytes]:
        """The same, because a file keeps nobody waiting."""
        return {place: data for place, data in self.get(places).items() if isinstance(data, bytes)}

    def status(self) -> Status:
        """Whether the file can still be read."""
        trouble = self._trouble
        return Status() if trouble is None else Status("file", trouble.text)

    def tick(self) -> None:
        """A file needs nothing."""

    def try_now(self) -> None:
        """It is read anew with every look."""

    def close(self) -> None:
        """Close the file."""
        self.reader.close()


class TileProvider:
    """Finished tiles of one source under one look. Called by several threads at a time.

    ``tile`` answers within about ``WAIT_S`` whatever happens. ``tiles`` is shared and closed by
    whoever made it.
    """

    def __init__(self, source: Source, tiles: Tiles, look: Look) -> None:
        self._source = source
        self._tiles = tiles
        self._look = look
        self._lock = threading.Lock()
        self._done: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()

    def tile(self, zoom: int, x: int, y: int) -> tuple[bytes | Missing, bool]:
        """The picture of a tile, or why there is none; and whether nothing more is to come."""
        if zoom < self._source.min_level:
            return Missing.TOO_FAR, True
        key = (zoom, x, y)
        with self._lock:
            done = self._done.get(key)
            if done is not None:
                self._done.move_to_end(key)
                return done, True
        try:
            made, whole = self._made(zoom, x, y)
        except KnownError as error:
            log.info("%s: tile %d/%d/%d: %s", self._source.id, zoom, x, y, error)
            return Missing.NONE, True
        if isinstance(made, bytes) and whole:
            with self._lock:
                self._done[key] = made
                while len(self._done) > KEPT:
                    self._done.popitem(last=False)
        return made, whole

    def _made(self, zoom: int, x: int, y: int) -> tuple[bytes | Missing, bool]:
        """The picture, and whether nothing more is to come for it."""
        top = min(zoom, self._source.max_level)
        lowest = max(self._source.min_level, zoom - MOST_UP)
        until = time.monotonic() + WAIT_S  # for all levels: a server that is slow is so on each
        for level in range(top, lowest - 1, -1):
            left = until - time.monotonic()
            parts, labels, waits = self._parts(zoom, x, y, level, left)
            if parts is None:
                return self._enlarged(zoom, x, y, level - 1, lowest), False
            if parts:
                return self._picture(zoom, x, y, level, parts, labels), not waits
        return Missing.NONE, True

    def _enlarged(self, zoom: int, x: int, y: int, top: int, lowest: int) -> bytes | Missing:
        """Until a tile comes: what is kept of the levels above, coarser but of the same map."""
        source = self._source
        for level in range(top, lowest - 1, -1):
            places = window(zoom, x, y, level, source.datum, source.tile_px).tiles()
            kept = self._tiles.kept([(0, level, *place) for place in places])
            if kept and len(kept) == len(places):
                parts = {(column, row): data for (_, _, column, row), data in kept.items()}
                return self._picture(zoom, x, y, level, parts, {})
        return Missing.LATER

    def _parts(
        self, zoom: int, x: int, y: int, level: int, within_s: float
    ) -> tuple[Parts | None, Parts, bool]:
        """The source's pictures that a tile is cut out of, None while one is on its way; those of
        the labels over it, and whether one of them is on its way."""
        source = self._source
        places = window(zoom, x, y, level, source.datum, source.tile_px).tiles()
        layers = (0, 1) if self._tiles.has_overlay else (0,)
        wanted = [(layer, level, *place) for layer in layers for place in places]
        came = self._tiles.get(wanted, within_s)
        waits = {place[0] for place, tile in came.items() if tile is Missing.LATER}
        parts: tuple[Parts, Parts] = ({}, {})
        for (layer, _level, column, row), tile in came.items():
            if isinstance(tile, bytes):
                parts[layer][column, row] = tile
        return None if 0 in waits else parts[0], parts[1], 1 in waits

    def _picture(
        self,
        zoom: int,
        x: int,
        y: int,
        level: int,
        parts: Parts,
        over: Parts,
    ) -> bytes:
        source = self._source
        plain = source.datum == "wgs84" and level == zoom and not over
        first = next(iter(parts.values()))
        if plain and not self._look.changes:
            opened(first)  # it shall be a picture, not only begin like one
            return first
        shown = window(zoom, x, y, level, source.datum, source.tile_px)
        image = opened(first) if plain else cut(shown, parts)
        if over:
            image = laid_over(image, cut(shown, over))
        return encoded(toned(image, self._look), kind_of(first))

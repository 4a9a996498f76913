"""The local tile service: HTTP on a loopback port of its own, for the map's base layer only.

It answers ``GET /STYLE/z/x/y.png`` and nothing else. For the schematic map ``STYLE`` is a hash over
what is drawn and how: it names the map's cache directory, so that a cache never answers with an
older look. Other base maps are published with a source, each time under a new ``STYLE``.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from enum import Enum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

from layers.model.basemap import load_basemap
from layers.render import tile_painter
from layers.render.theme import MapTheme
from layers.render.tile_painter import TilePainter

log = logging.getLogger(__name__)
MAX_ZOOM = 19
CACHED_TILES = 600
SOCKET_TIMEOUT_S = 10.0
_PATH = re.compile(r"/([0-9a-f]{16})/(\d{1,2})/(\d{1,6})/(\d{1,6})\.png")


class Gap(Enum):
    """Why a source has no picture for a tile."""

    SCHEMATIC = "schematic"
    """There is none, or none yet: the schematic map stands in."""
    TOO_FAR = "too far"
    """The base map begins at a larger scale."""


class TileSource(Protocol):
    """Pictures of a base map. Called on the service's threads, several at a time; answers within a
    few seconds whatever happens behind it, and raises nothing."""

    def tile(self, zoom: int, x: int, y: int, /) -> bytes | Gap:
        """A PNG, JPEG or WebP picture of one tile in WGS-84 Web Mercator."""
        ...


def tile_style(path: str) -> str:
    """The style that a request path names, "" where it is no tile at all."""
    match = _PATH.fullmatch(path)
    return match[1] if match is not None else ""


def tile_address(path: str, style: str) -> tuple[int, int, int] | None:
    """Zoom, column and row of a request path, None unless it is exactly a tile of the style."""
    match = _PATH.fullmatch(path)
    if match is None or match[1] != style:
        return None
    zoom, x, y = (int(match[i]) for i in (2, 3, 4))
    if zoom > MAX_ZOOM or x >= 1 << zoom or y >= 1 << zoom:
        return None
    return zoom, x, y


class TileService:
    """Serves the bundled base map. Raises KnownError (bad_basemap) when it cannot be read.

    ``oversampling`` 2 draws tiles twice as fine, so that fractional zoom levels and dense screens
    stay sharp; that costs half a frame where the processor draws, so there the default is 1.
    ``words`` writes names larger, for a wall. ``bounds`` and ``home``: west, south, east, north in
    degrees of the district, and of the part of it to be shown first. Threads are its own; ``close``
    ends them.
    """

    def __init__(
        self,
        basemap_geojson_paths: Sequence[Path],
        theme: MapTheme,
        oversampling: int | None = None,
        words: float = 1.0,
    ) -> None:
        basemap = load_basemap(basemap_geojson_paths)
        self.basemap, self.bounds, self.home = basemap, basemap.bounds, basemap.home
        oversampling = oversampling or (2 if has_graphics_device() else 1)
        self.style = _style(basemap_geojson_paths, theme, oversampling, words)
        self._painter = TilePainter(basemap, theme, oversampling, words)
        self._drawing = threading.Lock()
        self._tiles: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._blanks: dict[str, bytes] = {}
        self._published: dict[str, tuple[TileSource, str]] = {}
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Listen on a free loopback port; returns the address that the map is given."""
        self._server = _Server(self)
        # A daemon: a console that is refused halfway through building has nobody to close this,
        # and its process must end all the same.
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            name="tiles",
            kwargs={"poll_interval": 0.05},
            daemon=True,
        )
        self._thread.start()
        return self.url

    @property
    def url(self) -> str:
        """The schematic map's address; RuntimeError before ``start``."""
        return self._url(self.style)

    def publish(self, source: TileSource, too_far: str) -> str:
        """Serve another base map too; returns its address, which was never given before, so that
        no cache can answer for it. ``too_far``: what its blank tiles say. GUI thread."""
        style = secrets.token_hex(8)
        self._published[style] = (source, too_far)
        return self._url(style)

    def withdraw(self, url: str) -> None:
        """Answer for a published address no longer; unknown ones are fine."""
        self._published.pop(url.rstrip("/").rpartition("/")[2], None)

    def close(self) -> None:
        """Stop listening and wait for the last answers."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None

    def answer(self, path: str) -> bytes | None:
        """The picture for a request path, None where it names no tile; any thread."""
        style = tile_style(path)
        published = self._published.get(style)
        address = tile_address(path, self.style if published is None else style)
        if address is None:
            return None
        if published is None:
            return self.tile(*address)
        source, too_far = published
        picture = source.tile(*address)
        if isinstance(picture, bytes):
            return picture
        return self._blank(too_far) if picture is Gap.TOO_FAR else self.tile(*address)

    def _blank(self, words: str) -> bytes:
        with self._drawing:
            if words not in self._blanks:
                self._blanks[words] = self._painter.blank_png(words)
            return self._blanks[words]

    def _url(self, style: str) -> str:
        if self._server is None:
            raise RuntimeError("the tile service has not been started")
        return f"http://127.0.0.1:{self._server.server_port}/{style}/"

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        """One tile as PNG, drawn or remembered; any thread."""
        key = (zoom, x, y)
        with self._drawing:
            data = self._tiles.get(key)
            if data is None:
                data = self._tiles[key] = self._painter.png(zoom, x, y)
            self._tiles.move_to_end(key)
            while len(self._tiles) > CACHED_TILES:
                self._tiles.popitem(last=False)
        return data


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64

    def __init__(self, service: TileService) -> None:
        self.service = service
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.0, one answer per connection: no thread waits for a second question."""

    timeout = SOCKET_TIMEOUT_S
    server: _Server

    def do_GET(self) -> None:
        """Answer with a tile, or 404."""
        try:
            data = self.server.service.answer(self.path)
        except RuntimeError:
            log.exception("tile %s cannot be drawn", self.path)
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR, "the tile cannot be drawn")
            return
        if data is None:
            self.send_error(HTTPStatus.NOT_FOUND, "no such tile")
            return
        try:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            log.debug("the map no longer wants tile %s", self.path)

    def log_message(self, format: str, *args: object) -> None:
        """Not to stderr."""
        log.debug(format, *args)


def has_graphics_device() -> bool:
    """Whether frames are likely drawn by a graphics device and not by the processor."""
    return sys.platform != "linux" or any(Path("/dev/dri").glob("renderD*"))


def _style(paths: Sequence[Path], theme: MapTheme, oversampling: int, words: float) -> str:
    digest = hashlib.sha256(f"{oversampling} {words}".encode())
    painter = Path(tile_painter.__file__)
    for path in (*paths, painter):  # another painter draws another look
        digest.update(path.read_bytes())
    for token in ("ground", "panel", "good", "info", "neutral", "muted", "faint"):
        digest.update(theme.color(token).name().encode())
    return digest.hexdigest()[:16]

"""The local tile service: HTTP on a loopback port of its own, for the map's base layer only.

It answers ``GET /STYLE/z/x/y.png`` and nothing else. ``STYLE`` is a hash over what is drawn and
how: it names the map's cache directory, so that a cache never answers with an older look.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from layers.model.basemap import load_basemap
from layers.render import tile_painter
from layers.render.theme import MapTheme
from layers.render.tile_painter import TilePainter

log = logging.getLogger(__name__)
MAX_ZOOM = 19
CACHED_TILES = 600
SOCKET_TIMEOUT_S = 10.0
_PATH = re.compile(r"/([0-9a-f]{16})/(\d{1,2})/(\d{1,6})/(\d{1,6})\.png")


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
        self.bounds, self.home = basemap.bounds, basemap.home
        oversampling = oversampling or (2 if has_graphics_device() else 1)
        self.style = _style(basemap_geojson_paths, theme, oversampling, words)
        self._painter = TilePainter(basemap, theme, oversampling, words)
        self._drawing = threading.Lock()
        self._tiles: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Listen on a free loopback port; returns the address that the map is given."""
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="tiles", kwargs={"poll_interval": 0.05}
        )
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/{self.style}/"

    def close(self) -> None:
        """Stop listening and wait for the last answers."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None

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
        service = self.server.service
        address = tile_address(self.path, service.style)
        if address is None:
            self.send_error(HTTPStatus.NOT_FOUND, "no such tile")
            return
        try:
            data = service.tile(*address)
        except RuntimeError:
            log.exception("tile %s cannot be drawn", address)
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR, "the tile cannot be drawn")
            return
        try:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            log.debug("the map no longer wants tile %s", address)

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

"""The base maps of a console: which window shows which, how its server does, how it is toned.

GUI thread; files and connections are opened by operations. One ``BaseMaps`` per console owns the
tile services, the sources that are in use and the cache on the disk.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.base_map_downloads import BaseMapDownloads
from app.base_map_places import Opened, Place, Published
from app.base_map_words import plate_words
from app.bridge import ThreadBridge
from app.operations import Operations
from app.resources import resource
from app.settings import Settings, Tone
from layers.render.base_map import BaseMap
from layers.render.tiles import TileService
from services.basemaps.catalogue import FILE, FOLDER, BasemapCatalogue
from services.basemaps.model import SCHEMATIC, SCHEMATIC_SOURCE, Source, cache_key
from services.basemaps.pictures import Look
from services.basemaps.provider import FileTiles, TileProvider, Tiles
from services.basemaps.remote import RemoteTiles, Status
from services.domain.errors import KnownError
from services.storage.tile_cache import TileCache
from widgets.theme import Theme

log = logging.getLogger(__name__)
FILES = (
    resource("basemap", "basemap_schematic.geojson"),
    resource("basemap", "district_outline.geojson"),
)
TICK_MS = 1_000
ANEW_MS = 1_500
"""Tiles that come late are shown together: a map that is laid anew all the time cannot be read."""

TONE_MS = 150
"""After the last step of a slider, so that a map is not laid anew for each."""


class BaseMaps(QObject):
    """``changed``: sources, what windows show, or how a server does. ``downloads``: of regions.

    ``url`` and ``wall_url()``: addresses of the schematic map, with words for a desk and for a
    wall; ``home``: west, south, east, north of what is shown first; ``basemap``: the data behind.
    """

    changed = Signal()

    def __init__(
        self,
        data_dir: Path,
        user: str,
        theme: Theme,
        operations: Operations,
        bridge: ThreadBridge,
        parent: QObject | None = None,
        wall_words: Callable[[], float] = lambda: 1.0,
    ) -> None:
        super().__init__(parent)
        self.folder = data_dir / FOLDER
        self.catalogue = BasemapCatalogue(data_dir / FILE)
        self.downloads = BaseMapDownloads(self.folder, self.catalogue, bridge, self)
        self.downloads.added.connect(self.source_changed)
        self._settings = Settings(data_dir)
        self._user = user
        self._theme = theme
        self._operations = operations
        self._bridge = bridge
        self._wall_words = wall_words
        self._places: dict[str, Place] = {}
        self._opened: dict[str, Opened] = {}
        self._opening: set[str] = set()
        self._failed: dict[str, KnownError] = {}
        self._cache: TileCache | None = None
        self._cache_lock = threading.Lock()
        self._closed = False
        self._wall: TileService | None = None
        self._desk = self._service()
        self.url = self._desk.url
        self.home, self.basemap = self._desk.home, self._desk.basemap
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._ticked)
        self._anew = QTimer(self)
        self._anew.setSingleShot(True)
        self._anew.setInterval(ANEW_MS)
        self._anew.timeout.connect(self._lay_anew)
        self._toning = QTimer(self)
        self._toning.setSingleShot(True)
        self._toning.setInterval(TONE_MS)
        self._toning.timeout.connect(self._show_tone)

    # -- life ---------------------------------------------------------------------------
    def wall_url(self) -> str:
        """The schematic map with words for a wall."""
        if self._wall is None:
            self._wall = self._service(self._wall_words())
        return self._wall.url

    def take_look(self, theme: Theme) -> None:
        """Draw in other colours; windows have to be gone before and are attached anew after."""
        self._theme = theme
        self._desk.close()
        if self._wall is not None:
            self._wall.close()
            self._wall = None
        self._desk = self._service()
        self.url = self._desk.url

    def close(self) -> None:
        """Let go of services, servers and files."""
        self._closed = True
        self.downloads.close()
        self._tick.stop()
        self._anew.stop()
        self._toning.stop()
        for opened in self._opened.values():
            opened.tiles.close()
        self._opened.clear()
        self._desk.close()
        if self._wall is not None:
            self._wall.close()
        with self._cache_lock:
            if self._cache is not None:
                self._cache.close()

    # -- windows ------------------------------------------------------------------------
    def attach(self, name: str, base: BaseMap, *, wall: bool = False) -> None:
        """A map window opened; it shows what this person chose for it last."""
        service = self._wall if wall and self._wall is not None else self._desk
        wish = self._settings.base_map(self._user, name)
        self._places[name] = Place(base, service, wish, url=service.url)
        self._show(name)

    def detach(self, name: str) -> None:
        """The window is gone."""
        place = self._places.pop(name, None)
        if place is not None:
            place.service.withdraw(place.url)
        self._release()

    def windows(self) -> tuple[str, ...]:
        """Names of the map windows that are open."""
        return tuple(self._places)

    def chosen(self, name: str) -> str:
        """The source that a window shall show."""
        place = self._places.get(name)
        return SCHEMATIC if place is None else place.wish

    def choose(self, name: str, id_: str) -> None:
        """Show a source in a window, now and after a start. KnownError ``unknown_basemap``."""
        self.catalogue.get(id_)
        self._failed.pop(id_, None)
        self._settings.set_base_map(self._user, name, id_)
        if name in self._places:
            self._places[name].wish = id_
            self._show(name)
        self.changed.emit()

    # -- sources ------------------------------------------------------------------------
    def status(self, id_: str) -> Status:
        """How a source does; one that is not in use is well until it fails."""
        failed = self._failed.get(id_)
        if failed is not None:
            return Status("file", failed.text)
        opened = self._opened.get(id_)
        return Status() if opened is None else opened.tiles.status()

    def try_now(self, id_: str) -> None:
        """Try a source that fails again, at once."""
        if id_ in self._failed:
            self.source_changed(id_)
        elif id_ in self._opened:
            self._opened[id_].tiles.try_now()

    def cache_trouble(self) -> KnownError | None:
        """Why tiles are not kept on the disk, None while they are; a cache that is only being
        opened is waited for by nobody."""
        cache = self._cache
        return None if cache is None else cache.trouble

    def source_changed(self, id_: str) -> None:
        """A source was added, changed or removed in the catalogue: show it as it is now."""
        opened = self._opened.pop(id_, None)
        if opened is not None:
            opened.tiles.close()
        self._failed.pop(id_, None)
        for name, place in self._places.items():
            if place.wish == id_:
                self._show(name)
        self.changed.emit()

    def mean_size(self, source: Source) -> float | None:
        """Bytes of a tile of a source so far; waits for the disk, so not for the GUI thread."""
        return self.cache().mean_size(cache_key(source, source.address))

    @property
    def tone(self) -> Tone:
        """How base maps are toned down under these colours."""
        return self._settings.tone(self._user, self._theme.name)

    def set_tone(self, tone: Tone) -> None:
        """Tone them otherwise."""
        if tone != self.tone:
            self._settings.set_tone(self._user, self._theme.name, tone)
            self._toning.start()

    def cache(self) -> TileCache:
        """The cache on the disk, opened at the first call; waits for the disk. Any thread."""
        with self._cache_lock:
            if self._cache is None:
                size = self.catalogue.cache_mb * 1_000_000
                self._cache = TileCache(self.folder, size, time.time)
            return self._cache

    def resize_cache(self, megabytes: int) -> None:
        """Let the cache grow so far, now and after a start; waits for the disk, so not for the GUI
        thread. KnownError of the catalogue."""
        self.catalogue.set_cache_mb(megabytes)
        self.cache().resize(megabytes * 1_000_000)

    # -- inside -------------------------------------------------------------------------
    def _show_tone(self) -> None:
        for name, place in self._places.items():
            if place.shown != SCHEMATIC:
                self._publish(name)
        self.changed.emit()

    def _service(self, words: float = 1.0) -> TileService:
        service = TileService(FILES, self._theme, words=words)
        service.start()
        return service

    def _source(self, id_: str) -> Source:
        """The source, or the schematic one where it is not there any more."""
        found = (s for s in self.catalogue.sources() if s.id == id_)
        return next(found, SCHEMATIC_SOURCE)

    def _show(self, name: str) -> None:
        """Bring a window to what it shall show, at once or when the source is open."""
        place = self._places[name]
        source = self._source(place.wish)
        if source.type == "schematic" or source.id in self._failed or source.id in self._opened:
            self._publish(name)
        elif source.id not in self._opening:
            self._opening.add(source.id)
            self._operations.run(
                lambda: self._open(source),
                lambda tiles: self._came(source, tiles),
                lambda error: self._could_not(source, error),
                owner=self,
            )
        self._release()

    def _open(self, source: Source) -> Tiles:
        """On a worker."""
        if source.is_file:
            return FileTiles(source)

        def arrived() -> None:
            self._bridge.post(lambda: self._news(source.id))

        return RemoteTiles(source, self.cache(), time.time, arrived)

    def _came(self, source: Source, tiles: Tiles) -> None:
        self._opening.discard(source.id)
        if self._closed or self._source(source.id) != source:
            tiles.close()
            if not self._closed:
                self.source_changed(source.id)
            return
        self._opened[source.id] = Opened(source, tiles)
        for name, place in self._places.items():
            if place.wish == source.id:
                self._publish(name)
        self._release()
        self.changed.emit()

    def _could_not(self, source: Source, error: Exception) -> None:
        self._opening.discard(source.id)
        if not isinstance(error, KnownError):
            log.warning("base map %s cannot be opened", source.id, exc_info=error)
            error = KnownError("bad_basemap_source", type(error).__name__)
        self._failed[source.id] = error
        for name, place in self._places.items():
            if place.wish == source.id:
                self._publish(name)
        self.changed.emit()

    def _publish(self, name: str) -> None:
        """Give a window an address of its own, so that nothing old can answer for it."""
        place, before = self._places[name], self._places[name].url
        source = self._source(place.wish)
        opened = self._opened.get(source.id)
        if opened is None:
            place.shown, place.published, place.url = SCHEMATIC, None, place.service.url
            place.base.show(place.url, kept=True)
        else:
            published = Published(TileProvider(source, opened.tiles, self._look()))
            far = QCoreApplication.translate(
                "BaseMaps", "This base map begins at a larger scale. Zoom in."
            )
            place.shown, place.published = source.id, published
            place.url = place.service.publish(published, far)
            place.base.show(place.url)
        if before not in (place.url, place.service.url):
            place.service.withdraw(before)
        self._say(place)

    def _say(self, place: Place) -> None:
        source = self._source(place.wish)
        stood_in = place.published is not None and place.published.stood_in
        place.base.say(*plate_words(source, self.status(source.id), stood_in, time.time()))

    def _look(self) -> Look:
        tone, ground = self.tone, self._theme.color("ground")
        rgb = (ground.red(), ground.green(), ground.blue())
        return Look(tone.opacity, tone.grey, tone.light, rgb)

    def _release(self) -> None:
        """Close what no window shows any more; look after servers only while there are some."""
        wanted = {place.wish for place in self._places.values()}
        for id_ in [id_ for id_ in self._opened if id_ not in wanted]:
            self._opened.pop(id_).tiles.close()
        if self._opened and not self._closed:
            self._tick.start()
        else:
            self._tick.stop()

    def _news(self, id_: str) -> None:
        """Something came late, or a server is out or back."""
        opened = self._opened.get(id_)
        if opened is None or self._closed:
            return
        opened.news = True
        for place in self._places.values():
            self._say(place)
        if not self._anew.isActive():
            self._anew.start()
        self.changed.emit()

    def _lay_anew(self) -> None:
        """Windows that showed less than there is now are laid anew, all tiles at once."""
        with_news = {id_ for id_, opened in self._opened.items() if opened.news}
        for id_ in with_news:
            self._opened[id_].news = False
        for name, place in self._places.items():
            lacking = place.published is not None and place.published.lacking
            if place.shown in with_news and lacking and not self.status(place.shown).trouble:
                self._publish(name)

    def _ticked(self) -> None:
        for opened in self._opened.values():
            opened.tiles.tick()
        for place in self._places.values():
            self._say(place)

"""The download of a region in a console: one at a time, on a thread of its own.

GUI thread. It goes on while windows come and go, and ends with the console; what came by then stays
in its file and is taken up again when somebody asks for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.bridge import ThreadBridge
from services.basemaps.catalogue import BasemapCatalogue
from services.basemaps.download import Download, Progress, resumed, unfinished
from services.basemaps.finished import as_source
from services.basemaps.job import refuse_taken
from services.basemaps.model import Source
from services.basemaps.region import Region
from services.basemaps.remote import RemoteTiles
from services.domain.errors import KnownError
from services.storage.tile_cache import TileCache

log = logging.getLogger(__name__)
END_S = 1.0
"""How long closing waits for a download, whose connections are cut."""


class BaseMapDownloads(QObject):
    """``changed``: progress, a pause, the end. ``added(id)``: a region is whole and a base map now.

    ``error``: why the last one ended, None while all is well.
    """

    changed = Signal()
    added = Signal(str)

    def __init__(
        self,
        folder: Path,
        catalogue: BasemapCatalogue,
        bridge: ThreadBridge,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._catalogue = catalogue
        self._bridge = bridge
        self._download: Download | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self.progress: Progress | None = None
        self.error: Exception | None = None

    @property
    def running(self) -> Download | None:
        """The download that is under way, or paused."""
        return self._download

    def left(self) -> list[Path]:
        """Downloads that were not brought to their end, but for the one under way."""
        going = None if self._download is None else self._download.part
        return [path for path in unfinished(self.folder) if path != going]

    def free_name(self, wish: str) -> str:
        """A name like the wished one, of no region that is whole already."""
        names = (wish, *(f"{wish}-{n}" for n in range(2, 1_000)))
        return next((n for n in names if not (self.folder / f"{n}.mbtiles").exists()), wish)

    def start(self, source: Source, region: Region, name: str, rate: float) -> None:
        """Begin; ``name`` of the file without its ending. KnownError ``download_busy``,
        ``file_there``, and those of ``Download``."""
        path = self.folder / f"{name}.mbtiles"
        refuse_taken(path)
        self._begin(lambda: Download(source, region, path, _asks(source), rate))

    def resume(self, part: Path) -> None:
        """Take one up again. KnownError ``download_busy``, ``unknown_basemap``, ``bad_mbtiles``,
        ``other_download``."""
        self._begin(lambda: resumed(part, self._catalogue.get, _asks))

    def pause(self) -> None:
        """Ask for nothing for a while, or go on."""
        if self._download is not None:
            if self._download.is_paused:
                self._download.go_on()
            else:
                self._download.pause()
            self.changed.emit()

    def cancel(self) -> None:
        """End it; it can be taken up again."""
        if self._download is not None:
            self._download.cancel()

    def close(self) -> None:
        """The console ends."""
        self._closed = True
        self.cancel()
        if self._download is not None and isinstance(self._download.asks, RemoteTiles):
            self._download.asks.close()
        if self._thread is not None:
            self._thread.join(END_S)

    # -- inside ---------------------------------------------------------------------------
    def _begin(self, make: Callable[[], Download]) -> None:
        if self._download is not None:
            raise KnownError("download_busy", "Another region is being downloaded already.")
        download = make()
        download.told = lambda progress: self._bridge.post(lambda: self._told(progress))
        self._download, self.progress, self.error = download, None, None
        self._thread = threading.Thread(
            target=self._run, args=(download,), name="base map region", daemon=True
        )
        self._thread.start()
        self.changed.emit()

    def _run(self, download: Download) -> None:
        """On the thread."""
        source: Source | None = None
        error: Exception | None = None
        try:
            if download.run().finished:
                source = self._finished(download)
        except Exception as failed:
            if not isinstance(failed, KnownError):
                log.exception("the download of a region failed")
            error = failed
        finally:
            if isinstance(download.asks, RemoteTiles):
                download.asks.close()
        self._bridge.post(lambda: self._ended(source, error))

    def _finished(self, download: Download) -> Source:
        """The region as a base map of its own."""
        stem, of = download.path.stem, download.source
        id_ = self._catalogue.free_id(stem)
        source = as_source(
            download.path, id_, f"{of.title_zh}（离线 {stem}）", f"{of.title_en} (offline {stem})"
        )
        self._catalogue.put(source)
        return source

    def _told(self, progress: Progress) -> None:
        if not self._closed:
            self.progress = progress
            self.changed.emit()

    def _ended(self, source: Source | None, error: Exception | None) -> None:
        self._download = self._thread = None
        self.error = error
        if self._closed:
            return
        if source is not None:
            self.added.emit(source.id)
        self.changed.emit()


def _asks(source: Source) -> RemoteTiles:
    """Asks the server past the cache, which a whole region would wash out."""
    return RemoteTiles(source, TileCache(Path(), 0, time.time), time.time, lambda: None)

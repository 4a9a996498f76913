"""The base map under one map window: which tiles it shows, and what is said about them.

GUI thread only. The map plugin's address is fixed when it is made, so another address makes another
map in the QML, over the one before it, which stays until the new one has had time to fetch tiles.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtPositioning import QGeoCoordinate
from PySide6.QtQuick import QQuickItem

from layers.render.map_parts import Chrome, cache_directory

DISK_TILES = 4_000
"""What the map plugin may keep of one look of the schematic map. Counted, not weighed: what it
remembers of a tile weighs more than most tiles, so that a cache of as many bytes took hundreds of
megabytes of memory in a night."""
UNKEPT = "/none/"
"""In place of an address whose tiles are not kept: its cache's folder stays empty, but is made."""


class BaseMap(QObject):
    """``root``: the map window's QML. ``show`` changes the tiles; the view stays as it is.

    ``choice_asked``: the button on the map was pressed.
    """

    choice_asked = Signal()

    def __init__(self, root: QQuickItem, chrome: Chrome, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = root
        chrome.asked.connect(self._asked)
        self._map = self._made()

    @property
    def tile_url(self) -> str:
        """Where the tiles come from now."""
        return str(self._root.property("tileHost"))

    @property
    def attribution(self) -> str:
        """Whose map it is, as it stands at the map's edge."""
        return str(self._root.property("attribution") or "")

    def show(self, tile_url: str, *, kept: bool = False) -> None:
        """Take tiles from another address of a tile service. ``kept``: its tiles never change, so
        that the plugin may keep them on the disk."""
        if tile_url != self.tile_url:
            self._root.setProperty("diskTiles", DISK_TILES if kept else 0)
            place = cache_directory(tile_url if kept else UNKEPT)
            self._root.setProperty("cacheDirectory", place)
            self._root.setProperty("tileHost", tile_url)
            self._map = self._made()

    def set_shown(self, shown: bool) -> None:
        """For benchmarks: draw its tiles or the plain ground."""
        self._map.setVisible(shown)

    def look_at(self, lon: float, lat: float, zoom: float) -> None:
        """Follow the camera: degrees of the middle and a zoom level."""
        self._map.setProperty("zoomLevel", zoom)
        self._map.setProperty("center", QGeoCoordinate(lat, lon))

    def say(self, attribution: str, trouble: str = "") -> None:
        """Words at the map's edge: whose map it is, and what is wrong with it; plain text."""
        self._root.setProperty("attribution", attribution)
        self._root.setProperty("baseTrouble", trouble)

    def _asked(self, action: str) -> None:
        if action == "basemap":
            self.choice_asked.emit()

    def _made(self) -> QQuickItem:
        made = self._root.property("map")
        if not isinstance(made, QQuickItem):
            raise RuntimeError("the map window has no base map")
        return made

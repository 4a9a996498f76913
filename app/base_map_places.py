"""What a console knows of each map window and each source that is in use. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from layers.render.base_map import BaseMap
from layers.render.tiles import Gap, TileService
from services.basemaps.model import SCHEMATIC, Source
from services.basemaps.provider import TileProvider, Tiles
from services.basemaps.remote import Missing


class Published:
    """A provider as the tile service wants it. ``lacking``: something is still to come for a tile
    that was given out; ``stood_in``: the schematic map had to stand in for one."""

    def __init__(self, provider: TileProvider) -> None:
        self._provider = provider
        self.lacking = self.stood_in = False

    def tile(self, zoom: int, x: int, y: int, /) -> bytes | Gap:
        """A picture, or what to show instead."""
        picture, whole = self._provider.tile(zoom, x, y)
        self.lacking |= not whole
        self.stood_in |= picture is Missing.LATER
        if isinstance(picture, bytes):
            return picture
        return Gap.TOO_FAR if picture is Missing.TOO_FAR else Gap.SCHEMATIC


@dataclass
class Place:
    """One map window: what it shall show, and what it shows."""

    base: BaseMap
    service: TileService
    wish: str
    shown: str = SCHEMATIC
    url: str = ""
    published: Published | None = None


@dataclass
class Opened:
    """The tiles of a source that is in use."""

    source: Source
    tiles: Tiles
    news: bool = False

"""What every window of a console is built from."""

from __future__ import annotations

from dataclasses import dataclass

from app.operations import Operations
from services.feed.api import HubApi
from services.packs.model import Catalogue
from widgets.theme import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Shared, immutable or thread-safe; handed to windows and controllers by constructor.

    ``home``: west, south, east, north in degrees of what a map shows first.
    """

    catalogue: Catalogue
    theme: Theme
    lang: str
    user: str
    seat: str
    tile_url: str
    home: tuple[float, float, float, float]
    api: HubApi
    operations: Operations

"""What every window of a console is built from."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.base_maps import BaseMaps
from app.logged_in import LoggedIn
from app.operations import Operations
from app.road_book import RoadBooks
from app.user_notes import UserNotes
from layers.model.places import Places
from services.cases.calendar import Calendar
from services.feed.api import HubApi
from services.packs.model import Catalogue
from widgets.theme import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Shared, immutable or thread-safe; handed to windows and controllers by constructor.

    ``calendar``: the product's own; where the hub has another, times are told by the wall clock.
    ``places``: the names of the base map and of administrative units. ``notes``: what the user
    keeps at this machine. ``tile_url``: the schematic map's; ``bases``: all base maps. ``home``:
    west, south, east, north in degrees of what a map shows first. ``logged_in`` None: the desk has
    its token from a file. ``roads`` None: nothing is reckoned by road.
    """

    catalogue: Catalogue
    calendar: Calendar
    theme: Theme
    lang: str
    user: str
    seat: str
    tile_url: str
    bases: BaseMaps
    home: tuple[float, float, float, float]
    api: HubApi
    operations: Operations
    places: Places = field(default_factory=Places)
    notes: UserNotes = field(default_factory=UserNotes)
    logged_in: LoggedIn | None = None
    hub_url: str = ""
    roads: RoadBooks | None = None

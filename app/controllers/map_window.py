"""The controller of a further map window: its layers, tools and base map. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.actions_map import BOOKMARK, map_buttons
from app.actions_roads import road_buttons
from app.console_parts import Parts
from app.controllers.base_map import BaseMapController
from app.controllers.layer_editors import LayerEditors
from app.controllers.layers import LayersController
from app.controllers.map_feed import MapFeed
from app.controllers.map_places import MapPlacesController
from app.controllers.map_tools import MapToolsController
from app.controllers.printing import PrintController
from app.controllers.roads import RoadsController
from app.controllers.tables import TableHost, TablesController
from app.controllers.under_way import UnderWay
from app.finder import Finder
from app.road_book import RoadBook
from app.session import ConsoleSession
from app.windows.map import MapWindow
from app.workspaces import Workspaces
from services.domain.model import Severity
from services.feed.frames import ReplayState
from widgets.format import date_time


class MapWindowController(QObject):
    """``name``: of the window, under which its layers and view are kept. ``chosen(feature id)``: a
    mark was clicked, ``incident_requested(lon, lat)``: a right click; both are for the desk."""

    chosen = Signal(str)
    incident_requested = Signal(float, float)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        window: MapWindow,
        workspaces: Workspaces,
        tables: TableHost,
        name: str,
    ) -> None:
        super().__init__(window)
        self._window = window
        chart = window.map
        self.base = BaseMapController(parts, name, chart, self, session.model.now)
        window.base_map_asked.connect(self.base.ask)
        self.layers = LayersController(parts, session, chart, window.layers, workspaces, name, self)
        self.layers.said.connect(self.say)
        self.editors = LayerEditors(
            parts, self.layers, window.map.stage.paints, window.layers, self
        )
        self.tools = MapToolsController(parts, session, chart, window.tools, self)
        store = session.model.store
        kinds, work = parts.catalogue, parts.operations
        finder = Finder(store, kinds, parts.places, parts.theme, parts.lang, parts.home, work)
        self.places = MapPlacesController(parts, finder, chart, window.tools, self)
        self.printing = PrintController(parts, session, chart, self)
        self.printing.said.connect(self.say)
        self.places.bookmarks_changed.connect(self._bookmarks_changed)
        self._bookmarks_changed()
        for part in (self.tools, self.places):
            part.chosen.connect(self._clicked)
            part.said.connect(self.say)
            part.incident_requested.connect(self.incident_requested)
        self.roads, book = self._build_roads(parts, session)
        self.tables = TablesController(parts, session, chart, tables, self)
        self.tables.opened.connect(self._clicked)
        self.tables.follow(window.layers)
        self.tables.said.connect(self.say)
        window.table_asked.connect(partial(self.tables.open_chosen, window.layers))
        chart.escape_pressed.connect(window.leave_full_screen)
        self.tools.asked.connect(window.act)
        chart.action_requested.connect(window.act)
        window.tool_requested.connect(self._use_tool)
        chart.feature_clicked.connect(self._clicked)
        session.replay_changed.connect(self._replay_moved)
        if session.replay_state is not None:
            self._replay_moved(session.replay_state)
        MapFeed(session, chart, self).catch_up()
        UnderWay(session, chart, book, self).refresh()

    def say(self, text: str) -> None:
        """Tell whoever looks at this map something."""
        self._window.messages.show_message(Severity.INFO, text)

    def close(self) -> None:
        """End what holds on to something outside the window."""
        self.tables.close()
        self.printing.close()
        self.base.close()
        self.editors.close()
        self.layers.close()
        self._window.map.close()

    def _build_roads(
        self, parts: Parts, session: ConsoleSession
    ) -> tuple[RoadsController | None, RoadBook | None]:
        """Routes, drive times and closures as at the desk, of the one book of the session."""
        if parts.roads is None:
            return None, None
        window, book = self._window, parts.roads.of(session)
        roads = RoadsController(parts, session, window.map, window.tools, book, self)
        roads.said.connect(self.say)
        roads.shown.connect(self._clicked)
        window.map.set_buttons([*map_buttons(), *road_buttons()])
        return roads, book

    def _use_tool(self, name: str) -> None:
        if name.startswith(BOOKMARK):
            self.places.go_to_bookmark(int(name.removeprefix(BOOKMARK)))
            return
        roads = self.roads.actions if self.roads is not None else {}
        own = {**self.tools.actions, **self.places.actions, **self.printing.actions}
        known: dict[str, Callable[[], object]] = {**own, **roads}
        known.get(name, self._no_roads)()

    def _no_roads(self) -> None:
        self.say(self.tr("There are no roads to reckon with."))

    def _bookmarks_changed(self) -> None:
        self._window.set_bookmarks(self.places.bookmarks)

    def _clicked(self, feature_id: str) -> None:
        self._window.map.set_selected(feature_id)
        self.chosen.emit(feature_id)

    def _replay_moved(self, state: ReplayState) -> None:
        if self._window.frame is not None:
            self._window.frame.set_clock(date_time(state.at))

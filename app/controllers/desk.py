"""The duty desk's controller: builds the smaller ones and connects what crosses them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.actions_map import BOOKMARK, map_buttons
from app.actions_roads import road_buttons
from app.console_parts import Parts
from app.controllers.alarms import AlarmsController
from app.controllers.base_map import BaseMapController
from app.controllers.detail import DetailController
from app.controllers.incident import IncidentController
from app.controllers.layer_editors import LayerEditors
from app.controllers.layers import LayersController
from app.controllers.lists import ListsController
from app.controllers.map_places import MapPlacesController
from app.controllers.map_tools import MapToolsController
from app.controllers.mapping import MapController
from app.controllers.orders import OrdersController
from app.controllers.printing import PrintController
from app.controllers.replay import ReplayController
from app.controllers.roads import RoadsController
from app.controllers.tables import TableHost, TablesController, TableState
from app.controllers.top import TopController
from app.controllers.under_way import UnderWay
from app.finder import Finder
from app.projection import CASE_PREFIX
from app.road_book import RoadBook
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from app.workspaces import Workspaces
from layers.model.layer_set import LayerSet
from layers.model.measure import Measured
from services.domain.model import Severity


@dataclass(frozen=True, slots=True)
class DeskState:
    """What an operator has arranged on a desk: the view, the layers, what the card shows, and in
    a replay the moment (UNIX seconds)."""

    lon: float
    lat: float
    zoom: float
    locked: bool
    layers: LayerSet
    shown: str
    at: float | None
    tables: tuple[TableState, ...] = ()
    measured: tuple[Measured, ...] = ()
    selected: tuple[str, ...] = ()


class DeskController(QObject):
    """Owns the desk's controllers; ``open_video`` shows a camera in the video window.
    ``map_asked``: a further map window of this desk's session."""

    action_requested = Signal(str)
    map_asked = Signal()

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        window: DeskWindow,
        open_video: Callable[[str], None],
        workspaces: Workspaces,
        tables: TableHost,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.session = session
        window.action_requested.connect(self._act)
        self.map = MapController(session, window, self)
        name = "replay" if session.is_replay else "desk"
        self.base = BaseMapController(parts, name, window.map, self, session.model.now)
        window.base_map_asked.connect(self.base.ask)
        self.layers = LayersController(
            parts, session, window.map, window.layers, workspaces, name, self
        )
        self.layers.said.connect(self.say)
        self.editors = LayerEditors(
            parts, self.layers, window.map.stage.paints, window.layers, self
        )
        self.tools = MapToolsController(parts, session, window.map, window.tools, self)
        store, kinds = session.model.store, parts.catalogue
        finder = Finder(
            store, kinds, parts.places, parts.theme, parts.lang, parts.home, parts.operations
        )
        self.places = MapPlacesController(parts, finder, window.map, window.tools, self)
        self.printing = PrintController(parts, session, window.map, self)
        self.printing.said.connect(self.say)
        self.tables = TablesController(parts, session, window.map, tables, self)
        self.roads, book = self._build_roads(parts)
        self.under_way = UnderWay(session, window.map, book, self)
        self.detail = DetailController(parts, session, window, self, self.under_way)
        self.incident = IncidentController(parts, session, window, self, book)
        self.alarms = AlarmsController(parts, session, window, self)
        self.lists = ListsController(parts, session, window, self)
        self.top = TopController(parts, session, window, finder, self)
        self.orders = OrdersController(parts, session, window, self)
        self.replay = (
            ReplayController(parts, session, window, self) if window.axis is not None else None
        )
        self.map.chosen.connect(self._clicked)
        self.tools.chosen.connect(self._identified)
        self.tables.opened.connect(self._show_card)
        self.tables.follow(window.layers)
        self.tables.said.connect(self.say)
        self.tools.said.connect(self.say)
        self.tools.incident_requested.connect(self.incident.begin)
        self.tools.asked.connect(window.act)
        window.map.action_requested.connect(window.act)
        window.tool_requested.connect(self._use_tool)
        self.places.incident_requested.connect(self.incident.begin)
        window.incident_requested.connect(self.incident.begin)
        self.places.chosen.connect(self._show_and_go)
        self.places.said.connect(self.say)
        self.places.bookmarks_changed.connect(self._bookmarks_changed)
        self._bookmarks_changed()
        self.detail.goto_requested.connect(self.map.go_to)
        self.detail.incident_requested.connect(self.incident.begin)
        self._open_video = open_video
        self._replay_window = session.is_replay
        self.detail.video_requested.connect(self._show_video)
        window.incident.open_video_requested.connect(self._show_video)
        window.incident.entity_activated.connect(self.map.go_to)
        self.lists.chosen.connect(self._show_and_go)
        self.alarms.chosen.connect(self._show_and_go)
        self.alarms.case_made.connect(self.incident.begin_for_case)
        self.detail.case_dispatch_requested.connect(self.incident.begin_for_case)
        window.card.acknowledge_requested.connect(self.alarms.acknowledge)
        window.card.to_case_requested.connect(self.alarms.to_case)
        self.top.chosen.connect(self.places.take)
        self.incident.done.connect(self.detail.show)
        window.return_bar.back_requested.connect(window.show_incident)
        window.return_bar.drop_requested.connect(self.incident.cancel)
        window.card.closed.connect(self._card_closed)
        for escape in (window.escape_pressed, window.map.escape_pressed):
            escape.connect(self._escape)

    def _build_roads(self, parts: Parts) -> tuple[RoadsController | None, RoadBook | None]:
        """Routes and closures, where a console has roads at all."""
        if parts.roads is None:
            return None, None
        window, session = self._window, self.session
        book = parts.roads.of(session)
        roads = RoadsController(parts, session, window.map, window.tools, book, self)
        roads.said.connect(self.say)
        roads.shown.connect(self._identified)
        window.card.route_requested.connect(self._route)
        window.map.set_buttons([*map_buttons(), *road_buttons()])
        return roads, book

    def _route(self, feature_id: str, end: str) -> None:
        if self.roads is not None:
            known = feature_id in self.session.model.entities
            self.roads.request(feature_id if known else CASE_PREFIX + feature_id, end)

    def say(self, text: str) -> None:
        """Tell the operator of this desk something."""
        self._window.messages.show_message(Severity.INFO, text)

    def fit(self, box: tuple[float, float, float, float]) -> None:
        """Show a box (west, south, east, north in degrees) on the map."""
        self._window.map.fit(*box)

    def state(self) -> DeskState:
        """How the desk is arranged now."""
        view, replay = self._window.map.view, self.session.replay_state
        return DeskState(
            lon=view.lon,
            lat=view.lat,
            zoom=view.zoom,
            locked=view.locked,
            layers=self.layers.layers,
            shown=self.detail.shown,
            at=replay.at if replay is not None else None,
            tables=self.tables.state(),
            measured=self.tools.measured,
            selected=tuple(self._window.map.selecting.selection.ids()),
        )

    def arrange(self, state: DeskState) -> None:
        """Arrange the desk as another one was."""
        self.layers.show_layers(state.layers)
        self._window.map.set_view(state.lon, state.lat, state.zoom)
        if state.locked:
            self._window.map.pan(0.0, 0.0)
        if state.shown:
            self.detail.show(state.shown)
        self.tables.arrange(state.tables)
        self.tools.set_measured(state.measured)
        self._window.map.set_selection(state.selected)

    def show_thing(self, feature_id: str) -> None:
        """A mark was clicked on this desk's map, or on another map of its session."""
        self._clicked(feature_id)

    def close(self) -> None:
        """End what holds on to something outside the window."""
        self.tables.close()
        self.detail.close()
        self.printing.close()
        self.base.close()
        self.editors.close()
        self.layers.close()
        if self.replay is not None:
            self.replay.close()
        self._window.map.close()

    def _use_tool(self, name: str) -> None:
        if name.startswith(BOOKMARK):
            self.places.go_to_bookmark(int(name.removeprefix(BOOKMARK)))
        else:
            roads = self.roads.actions if self.roads is not None else {}
            own = {**self.tools.actions, **self.places.actions, **self.printing.actions}
            known = {**own, **roads}
            known.get(name, self._no_roads)()

    def _bookmarks_changed(self) -> None:
        self._window.set_bookmarks(self.places.bookmarks)

    def _no_roads(self) -> None:
        self.say(self.tr("There are no roads to reckon with."))

    def _identified(self, feature_id: str) -> None:
        self._window.map.set_selected(feature_id)
        self.detail.show(feature_id)

    def _show_video(self, camera_id: str) -> None:
        if self._replay_window:  # today's picture would pass for that of the moment
            text = self.tr("There is no recording of this moment.")
            self._window.messages.show_message(Severity.MINOR, text)
        else:
            self._open_video(camera_id)

    def _clicked(self, feature_id: str) -> None:
        """What the dispatch panel lists is pointed out there; all else opens its card."""
        window = self._window
        if not (window.shows_incident and window.incident.point_out(feature_id)):
            self.detail.show(feature_id)

    def _card_closed(self) -> None:
        if self.incident.is_open:
            self._window.show_incident()

    def _escape(self) -> None:
        """One step back: an open question, then the dispatch or the card that is in front."""
        window = self._window
        if window.map.escape():
            return
        if window.shows_incident:
            if not window.incident.dismiss_question():
                self.incident.cancel()
        elif not window.card.dismiss_question():
            window.card.close_card()

    def _act(self, name: str) -> None:
        if name == "table":
            self.tables.open_chosen(self._window.layers)
        elif name == "new_map":
            self.map_asked.emit()
        else:
            self.action_requested.emit(name)

    def _show_card(self, feature_id: str) -> None:
        """Asked from another window: this one comes to the front."""
        self._show_and_go(feature_id)
        self._window.raise_()
        self._window.activateWindow()

    def _show_and_go(self, feature_id: str) -> None:
        self.detail.show(feature_id)
        self.map.go_to(feature_id)

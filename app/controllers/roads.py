"""Routes, drive-time areas and closed roads on a desk's map and in its panel. GUI thread.

Searching is done by workers; an answer that comes after the question has changed is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import shapely
from PySide6.QtCore import QObject, Signal

from app.closure_words import ClosureWords
from app.console_parts import Parts
from app.controllers.closing_form import ClosingForm
from app.controllers.reach import ReachController
from app.messages import person_text
from app.projection import CASE_PREFIX
from app.road_book import RoadBook
from app.road_paths import LonLat, closed_paths, way_paths
from app.session import ConsoleSession
from layers.render.map_widget import MapWidget
from layers.render.tools.base import Pointer
from layers.render.tools.places import PlaceTool
from services.access.roles import allowed
from services.domain.world import Delta
from services.feed.frames import Result
from services.feed.source import LinkUpdate
from services.roads.network import RoadNetwork
from services.roads.route import Estimate, Route, route
from services.roads.state import BY_HAND
from widgets.closures_view import ClosuresView
from widgets.map_panel import MapPanel
from widgets.route_view import RouteView, Stop

MOST_STOPS = 12
NEAR_DEG = 2e-5
"""About two metres: a route this near to a closed stretch goes through it."""
ROUTE, CLOSED = "route", "closed_roads"


class RoadsController(QObject):
    """``said(words)``; ``shown(thing id)``: the thing of a closure is to be shown."""

    said = Signal(str)
    shown = Signal(str)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        chart: MapWidget,
        panel: MapPanel,
        book: RoadBook,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._map = chart
        self._panel = panel
        self._book = book
        self._words = ClosureWords(session.model, parts.catalogue, parts.lang)
        self._stops: list[Stop] = []
        self._as_open = False
        self._turn = 0
        self._drawn: tuple[object, ...] = ()
        self.route_view = RouteView(parts.theme)
        self.closures_view = ClosuresView(parts.theme)
        self.closing = ClosingForm(session, chart, panel, book, self.closures_view, self)
        self.reach = ReachController(parts, session, chart, panel, book, self)
        self.reach.said.connect(self.said)
        kinds = parts.catalogue.with_trait(BY_HAND)
        self._kinds = {k.id for k in kinds}
        reasons = [a for k in kinds for a in k.attribute if a.name == "reason"]
        self.closures_view.set_reasons(
            [(c, a.choice_label[c].text(parts.lang)) for a in reasons[:1] for c in a.choices]
        )
        self._build()
        self._connect()
        self._rights_changed()
        self._roads_changed()

    @property
    def actions(self) -> dict[str, Callable[[], object]]:
        """What is done here, by the id of its action."""
        return {
            "route": partial(self._take, "route"),
            "reach": partial(self._take, "reach"),
            "closures": partial(self._panel.show_page, "closures"),
            "close_road": self.closing.take,
        }

    # -- a route ------------------------------------------------------------------------
    def route_to(self, stop: Stop) -> None:
        """The place is where the route ends; without a beginning the next click is one."""
        self._set_stops([*self._stops[:1], stop] if self._stops else [stop])
        if len(self._stops) < 2:
            self._first_is_goal = True
        self._panel.show_page("route")
        self._ask_for_the_other_end()

    def route_from(self, stop: Stop) -> None:
        """The place is where the route begins."""
        self._first_is_goal = False
        self._set_stops([stop, *self._stops[1:]])
        self._panel.show_page("route")
        self._ask_for_the_other_end()

    def stop_of(self, feature_id: str) -> Stop | None:
        """A thing or a case as a place of a route; None where it has none."""
        model = self._session.model
        case = model.cases.get(feature_id.removeprefix(CASE_PREFIX))
        record = model.entities.get(feature_id) or case
        if record is None or record.lon is None or record.lat is None:
            return None
        name = record.title if record is case else getattr(record, "name", "")
        return Stop(str(name) or feature_id, record.lon, record.lat)

    def request(self, feature_id: str, end: str) -> None:
        """A card asks for a route to, or from, what it shows."""
        stop = self.stop_of(feature_id)
        if stop is not None:
            (self.route_to if end == "to" else self.route_from)(stop)

    # -- inside: building -----------------------------------------------------------------
    def _build(self) -> None:
        self._first_is_goal = False
        panel, tools = self._panel, self._map.tools
        panel.add_page("route", self.tr("Route"), self.route_view)
        self.reach.build()
        panel.add_page("closures", self.tr("Closed roads"), self.closures_view)
        tools.add(PlaceTool("route", self._route_hint, self._clicked))
        self.closing.said.connect(self.said)

    def _connect(self) -> None:
        view, closures = self.route_view, self.closures_view
        view.removed.connect(self._remove)
        view.turned.connect(self._turn_round)
        view.cleared.connect(self._clear)
        view.as_open_chosen.connect(self._choose_open)
        view.step_chosen.connect(self._look)
        view.copied.connect(self._copied)
        closures.chosen.connect(self._look_at)
        closures.open_ordered.connect(self._order_opening)
        self._book.changed.connect(self._roads_changed)
        self._session.model.changed.connect(self._changed)
        self._session.link_changed.connect(self._link_changed)

    def _take(self, name: str) -> None:
        self._panel.show_page(name)
        self._map.tools.take(name)

    def _route_hint(self) -> str:
        if not self._stops:
            return self.tr("Click where the route starts · Ctrl snaps to features · Esc")
        if len(self._stops) == 1:
            return (
                self.tr("Click where the route starts · Ctrl snaps to features · Esc")
                if self._first_is_goal
                else self.tr("Click where the route goes · Ctrl snaps to features · Esc")
            )
        return self.tr("Each click goes on from the last place · Esc")

    # -- inside: route --------------------------------------------------------------------
    def _clicked(self, at: Pointer) -> None:
        name = self._name_of(at)
        stop = Stop(name, at.lon, at.lat)
        if len(self._stops) == 1 and self._first_is_goal:
            self._first_is_goal = False
            self._set_stops([stop, *self._stops])
        elif len(self._stops) >= MOST_STOPS:
            self.said.emit(self.tr("A route has at most {0} places.").format(MOST_STOPS))
        else:
            self._set_stops([*self._stops, stop])
        self._panel.show_page("route")

    def _name_of(self, at: Pointer) -> str:
        """The thing under the pointer, else the road beside it, else the position."""
        rows = self._map.clicks.rows_at(at.x, at.y)
        store = self._session.model.store
        names = [store.names[row] for row in rows if store.names[row]]
        if len(names) == 1:
            return names[0]
        network = self._book.network(as_open=True)
        if network is not None:
            feet = network.feet([(at.lon, at.lat)])
            if len(feet) and feet.access_m[0] < 60.0:
                name = network.names[int(network.name[feet.edge[0]])]
                if name:
                    return name
        return f"{at.lon:.5f}°, {at.lat:.5f}°"

    def _ask_for_the_other_end(self) -> None:
        if len(self._stops) < 2 and self._map.tools.active != "route":
            self._map.tools.take("route")

    def _set_stops(self, stops: Sequence[Stop]) -> None:
        self._stops = list(stops)
        self.route_view.set_stops(self._stops)
        self._map.set_paths(ROUTE, ())
        self._search()

    def _search(self) -> None:
        self._turn += 1
        turn, places = self._turn, [(s.lon, s.lat) for s in self._stops]
        if len(places) < 2:
            return
        whole, as_open = self._book.network(as_open=True), self._as_open

        def work(network: RoadNetwork) -> tuple[Route | Estimate, Route | Estimate]:
            found = route(network, places)
            return found, found if whole is None or as_open else route(whole, places)

        def show(found: tuple[Route | Estimate, Route | Estimate]) -> None:
            if turn == self._turn:
                self._show(places, *found)

        if self._book.ask(work, show, owner=self, as_open=as_open):
            self.route_view.set_waiting()
        else:
            self.route_view.set_nothing(self.reach.why_not())

    def _show(
        self, places: Sequence[LonLat], found: Route | Estimate, if_open: Route | Estimate
    ) -> None:
        self.route_view.set_found(found, self._avoided(if_open))
        self._map.set_paths(ROUTE, way_paths(places, found))

    def _avoided(self, if_open: Route | Estimate) -> str:
        """The closures on the way that would be taken if every road were open."""
        closed = self._book.closed
        if closed is None or isinstance(if_open, Estimate) or len(if_open.points) < 2:
            return ""
        course = shapely.LineString(if_open.points)
        lines = [shapely.LineString(s.points) for s in closed.stretches]
        near = shapely.dwithin(np.array(lines, object), course, NEAR_DEG) if lines else []
        hit = {s.closure for s, on in zip(closed.stretches, near, strict=True) if on}
        words = [self._words.sentence(c, closed) for c in self._book.closures if c.id in hit]
        if not words:
            return ""
        text = self.tr("Goes through: {0}") if self._as_open else self.tr("Goes round: {0}")
        return text.format(
            "；".join(words) if self._words.lang.startswith("zh") else "; ".join(words)
        )

    def _remove(self, number: int) -> None:
        self._first_is_goal = False
        self._set_stops([s for i, s in enumerate(self._stops) if i != number])

    def _turn_round(self) -> None:
        self._set_stops(self._stops[::-1])

    def _clear(self) -> None:
        self._first_is_goal = False
        self._set_stops(())

    def _choose_open(self, on: bool) -> None:
        self._as_open = on
        self._search()

    def _copied(self) -> None:
        self.said.emit(self.tr("Copied."))

    # -- inside: closures -------------------------------------------------------------------
    def _order_opening(self, thing: str) -> None:
        self._session.command("road.open", {"object": thing}, self._answered)

    def _answered(self, result: Result) -> None:
        if result.error is not None:
            self.said.emit(person_text(result.error))

    def _look(self, lon: float, lat: float) -> None:
        self._map.set_view(lon, lat, max(self._map.view.zoom, 15.5))

    def _look_at(self, lon: float, lat: float, thing: str) -> None:
        self._look(lon, lat)
        self.shown.emit(thing)

    def _link_changed(self, _link: LinkUpdate) -> None:
        self._rights_changed()

    def _rights_changed(self) -> None:
        """Who may close roads; a replay closes none."""
        roles = self._session.link.roles
        why_not = ""
        if not self._session.can_command:
            why_not = self.tr("This is a replay: orders go nowhere.")
        elif roles and not allowed(roles, "road.close"):
            why_not = self.tr("Your account may not close roads.")
        self.closures_view.set_orders_allowed(why_not)
        self._may_order = not why_not
        self._tell(force=True)

    def _roads_changed(self) -> None:
        self._tell(force=True)
        if len(self._stops) > 1:
            self._search()
        self.reach.search_again()

    def _changed(self, delta: Delta) -> None:
        """Words tell what is measured now: the water on a closed road rises and falls."""
        if delta.reset or not {c.about for c in self._book.closures}.isdisjoint(delta.entities):
            self._tell()

    def _tell(self, *, force: bool = False) -> None:
        closed = self._book.closed
        rows = tuple(
            self._words.row(c, closed, may_order=self._may_order) for c in self._book.closures
        )
        if not force and rows == self._drawn:
            return
        self._drawn = rows
        rows_shown = sorted(rows, key=lambda row: (not row.touches, row.words, row.id))
        on_roads = sum(row.touches for row in rows)
        self._panel.set_title(
            "closures",
            self.tr("Closed roads ({0})").format(on_roads) if on_roads else self.tr("Closed roads"),
        )
        self.closures_view.set_rows(rows_shown, self._summary(on_roads))
        words = {c.id: self._words.reason(c) for c in self._book.closures}
        self._map.set_paths(CLOSED, closed_paths(closed, words))

    def _summary(self, on_roads: int) -> str:
        if self._book.network(as_open=True) is None:
            return self.reach.why_not()
        if not on_roads:
            return self.tr("No road is closed.")
        return self.tr("Places where roads are closed: {0}").format(on_roads)

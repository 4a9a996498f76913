"""Closing a road by order: the place, which stretches it takes out, the order. GUI thread."""

from __future__ import annotations

import shapely
from PySide6.QtCore import QObject, Signal

from app.messages import person_text
from app.road_book import RoadBook
from app.session import ConsoleSession
from layers.model.overlays import Area, Path
from layers.render.map_widget import MapWidget
from layers.render.tools.base import Pointer
from layers.render.tools.places import PlaceTool
from services.domain.geodesy import circle
from services.feed.frames import Result
from services.roads.closing import ClosedStretch, Closure, stretches_in
from services.roads.network import RoadNetwork
from services.roads.spared import MOST_SPARED, Mark
from services.roads.state import ORDERED
from widgets.closures_view import CloseOrder, ClosuresView
from widgets.map_panel import MapPanel
from widgets.stretch_list import Stretch

FORM = "close_road"
ON_ROAD_M = 100.0
"""A click this near to a road means the road."""


class ClosingForm(QObject):
    """``said(words)``."""

    said = Signal(str)

    def __init__(
        self,
        session: ConsoleSession,
        chart: MapWidget,
        panel: MapPanel,
        book: RoadBook,
        view: ClosuresView,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._map, self._panel = session, chart, panel
        self._book, self._view = book, view
        self._turn = 0
        self._level = 0
        self._found: tuple[ClosedStretch, ...] = ()
        chart.tools.add(PlaceTool(FORM, self._hint, self._pick))
        view.pick_requested.connect(self.take)
        view.form_changed.connect(self._changed)
        view.stretches.changed.connect(self._draw)
        view.close_ordered.connect(self._order)

    def take(self) -> None:
        """Take the tool that picks the place in hand."""
        self._panel.show_page("closures")
        if not self._session.can_command:
            self.said.emit(self.tr("This is a replay: orders go nowhere."))
        else:
            self._map.tools.take(FORM)

    # -- inside -----------------------------------------------------------------------
    def _hint(self) -> str:
        return self.tr("Click the place where the road is closed · Esc")

    def _pick(self, at: Pointer) -> None:
        network = self._book.network(as_open=True)
        lon, lat, name, self._level = at.lon, at.lat, "", 0
        if network is not None and len(feet := network.feet([(lon, lat)])):
            edge = int(feet.edge[0])
            if feet.access_m[0] < ON_ROAD_M:  # a road is meant: the closure lies on it
                name = network.names[int(network.name[edge])]
                self._level = int(network.level[edge])
                foot = shapely.line_interpolate_point(
                    network.line[edge], feet.share[0], normalized=True
                )
                lon, lat = (float(v) for v in network.plane.lonlat((foot.x, foot.y)))
        self._map.tools.take("pan")
        self._view.set_place((lon, lat), name)
        self._panel.show_page("closures")

    def _changed(self) -> None:
        """Another place or radius: see what lies in it."""
        self._turn += 1
        turn, place = self._turn, self._view.place
        if place is None:
            self._take_found(turn, ())
            return
        self._draw()
        lon, lat, radius_m = place
        closure = Closure(FORM, ORDERED, run=((lon, lat),), radius_m=radius_m)

        def work(network: RoadNetwork) -> tuple[ClosedStretch, ...]:
            return stretches_in(network, closure)

        self._book.ask(work, lambda found: self._take_found(turn, found), owner=self, as_open=True)

    def _take_found(self, turn: int, found: tuple[ClosedStretch, ...]) -> None:
        if turn != self._turn:
            return
        self._found = found[:MOST_SPARED]
        rows = [Stretch(s.mark, s.road, s.metres, s.mark[2]) for s in self._found]
        others = [s.mark for s in rows if s.level != self._level]
        self._view.stretches.set_stretches(rows, others)
        self._draw()

    def _draw(self) -> None:
        place = self._view.place
        if place is None:
            self._map.set_areas(FORM, ())
            self._map.set_paths(FORM, ())
            return
        self._map.set_areas(FORM, [Area((circle(*place),), "major", "", "marching", 0.15)])
        spared = set(self._view.stretches.spared())
        self._map.set_paths(FORM, [_path(n, s, spared) for n, s in enumerate(self._found, 1)])

    def _order(self, order: CloseOrder) -> None:
        args: dict[str, object] = {
            "lon": order.lon,
            "lat": order.lat,
            "radius_m": order.radius_m,
            "reason": order.reason,
            "road": order.road,
            "note": order.note,
        }
        if order.spared:
            args["spared"] = list(order.spared)
        if order.for_min:
            args["for_min"] = order.for_min
        self._session.command("road.close", args, self._answered)

    def _answered(self, result: Result) -> None:
        if result.error is not None:
            self.said.emit(person_text(result.error))


def _path(number: int, stretch: ClosedStretch, spared: set[Mark]) -> Path:
    """Closed stretches thick, those that stay open thin and dashed; numbered as in the list."""
    if stretch.mark in spared:
        return Path(stretch.points, "accent", str(number), "dashed", 2.0)
    return Path(stretch.points, "major", str(number), "plain", 6.0)

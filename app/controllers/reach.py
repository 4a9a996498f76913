"""Drive-time areas on a desk's map: from a clicked place, or from all things of a kind."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from PySide6.QtCore import QObject, Signal

from app.console_parts import Parts
from app.road_book import RoadBook
from app.road_paths import LonLat, band_areas
from app.session import ConsoleSession
from layers.model.query import rows_in_polygon
from layers.render.map_widget import MapWidget
from layers.render.tools.base import Pointer
from layers.render.tools.places import PlaceTool
from services.domain.geodesy import area_m2
from services.roads.isochrone import Band, isochrone
from services.roads.network import RoadNetwork
from widgets.map_panel import MapPanel
from widgets.reach_view import Reached, ReachView

KEY = "reach"
STATIONS = ("dispatchable", "stocked")
"""Traits of kinds from all of whose things one may start, beside those that the packs mark so."""
MOST_PLACES = 2_000


class ReachController(QObject):
    """``bands`` is what is shown, for others to select by; ``said(words)``."""

    said = Signal(str)

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
        self._parts = parts
        self._session = session
        self._map = chart
        self._panel = panel
        self._book = book
        self._place: tuple[str, tuple[LonLat, ...]] | None = None
        self._kind = ""
        self._as_open = False
        self._turn = 0
        self.bands: tuple[Band, ...] = ()
        self.view = ReachView(parts.theme)
        self.view.set_kinds(self._kinds())
        self.view.kind_chosen.connect(self.from_kind)
        self.view.minutes_chosen.connect(self.search_again)
        self.view.as_open_chosen.connect(self._choose_open)
        self.view.select_requested.connect(self.select)
        self.view.cleared.connect(self.clear)

    def build(self) -> None:
        """Put the page into the panel and the tool into the map's box."""
        self._panel.add_page("reach", self.tr("Drive time"), self.view)
        self._map.tools.add(PlaceTool("reach", self._hint, self._clicked))

    def from_places(self, where: str, places: Sequence[LonLat]) -> None:
        """Show how far one drives from the nearest of some places."""
        self._place = (where, tuple(places[:MOST_PLACES]))
        self._panel.show_page("reach")
        self.search_again()

    def from_kind(self, kind: str) -> None:
        """Start from every thing of a kind that has a place."""
        self._kind = kind
        found = [
            (e.lon, e.lat)
            for e in self._session.model.entities.values()
            if e.kind == kind and e.lon is not None and e.lat is not None
        ]
        label = self._parts.catalogue.kinds[kind].label.text(self._parts.lang)
        if not found:
            self.said.emit(self.tr("{0}: none has a place.").format(label))
            return
        text = self.tr("From the nearest of {1} {0}")
        self.from_places(text.format(label, f"{len(found):,}"), found)

    def search_again(self) -> None:
        """The same places with other minutes, or other roads."""
        if self._place is None:
            return
        self._turn += 1
        turn = self._turn
        where, places = self._place
        minutes = self.view.bands()

        def work(network: RoadNetwork) -> tuple[Band, ...]:
            return isochrone(network, places, minutes)

        def show(bands: tuple[Band, ...]) -> None:
            if turn == self._turn:
                self._show(where, bands)

        if self._book.ask(work, show, owner=self, as_open=self._as_open):
            self.view.set_waiting(where)
        else:
            self.view.set_nothing(self.why_not())

    def select(self, at: int) -> None:
        """Select all that is shown inside one band."""
        store = self._session.model.store
        rows = rows_in_polygon(store, band_shape(self.bands[at]))
        self._map.selecting.take_rows(rows, "replace")

    def clear(self) -> None:
        """Show nothing."""
        self._turn += 1
        self._place, self.bands = None, ()
        self._map.set_areas(KEY, ())
        self.view.set_nothing()

    def why_not(self) -> str:
        """Why nothing can be searched."""
        if self._book.base.problem is not None:
            return self.tr("The road network cannot be read; see the log.")
        return self.tr("The roads are still being read.")

    # -- inside -----------------------------------------------------------------------
    def _kinds(self) -> list[tuple[str, str]]:
        kinds = self._parts.catalogue.kinds.values()
        return [
            (k.id, k.label.text(self._parts.lang))
            for k in kinds
            if k.geometry == "point"
            and (not k.measure or set(STATIONS) & set(k.traits))
            and "camera" not in k.traits
            and "case-bearing" not in k.traits
        ]

    def _hint(self) -> str:
        return self.tr("Click a place: how far one drives from there · Esc")

    def _clicked(self, at: Pointer) -> None:
        self._kind = ""
        self.view.kinds.setCurrentIndex(0)
        where = self.tr("From {0}").format(f"{at.lon:.5f}°, {at.lat:.5f}°")
        self.from_places(where, [at.place])

    def _choose_open(self, on: bool) -> None:
        self._as_open = on
        self.search_again()

    def _show(self, where: str, bands: tuple[Band, ...]) -> None:
        self.bands = bands
        self._map.set_areas(KEY, band_areas(bands))
        network = self._book.network(as_open=True)
        if network is None:
            return
        if not bands or not bands[-1].areas:
            self.view.set_nothing(self.tr("No road lies near enough to this place."))
            return
        store = self._session.model.store
        reached = [
            Reached(
                band.minutes,
                sum(area_m2(rings) for rings in band.areas) / 1e6,
                band.road_m / 1e3,
                len(rows_in_polygon(store, band_shape(band))),
            )
            for band in bands
        ]
        self.view.set_reached(where, reached, network.rules.corridor_m)


def band_shape(band: Band) -> shapely.Geometry:
    """The area of a band in degrees, for queries."""
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in band.areas]
    return shapely.make_valid(shapely.MultiPolygon(parts)) if parts else shapely.Polygon()

"""Drive-time areas on a desk's map: from a clicked place, or from all things of a kind."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.console_parts import Parts
from app.reach_job import Reach, Things, picked_inside, reach
from app.road_book import RoadBook
from app.road_paths import LonLat, band_areas
from app.session import ConsoleSession
from layers.model.selection import Picked
from layers.model.work import StoppedError, Work
from layers.render.map_widget import MapWidget
from layers.render.tools.base import Pointer
from layers.render.tools.places import PlaceTool
from services.roads.isochrone import Band
from services.roads.network import RoadNetwork
from widgets.map_panel import MapPanel
from widgets.reach_view import ReachView

log = logging.getLogger(__name__)
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
        self._work: Work | None = None
        self._selecting: Work | None = None
        self._shown: Reach | None = None
        self._shown_place: tuple[str, tuple[LonLat, ...]] | None = None
        self.view = ReachView(parts.theme)
        self.view.set_kinds(self._kinds())
        self.view.kind_chosen.connect(self.from_kind)
        self.view.minutes_chosen.connect(self.search_again)
        self.view.as_open_chosen.connect(self._choose_open)
        self.view.select_requested.connect(self.select)
        self.view.cleared.connect(self.clear)
        self.view.stop_asked.connect(self.stop)

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
        """The same places with other minutes, or other roads; what is under way is given up."""
        if self._place is None:
            return
        self._give_up()
        where, places = self._place
        minutes, work = self.view.bands(), Work()
        things = Things.of(self._session.model.store)

        def search(network: RoadNetwork) -> Reach:
            return reach(network, where, places, minutes, things, work)

        def show(found: Reach) -> None:
            if self._work is work:
                self._work = None
                self._show(found)

        if self._book.ask(search, show, self._failed, owner=self, as_open=self._as_open):
            self._work = work
            self.view.set_waiting(where)
        else:
            self.view.set_nothing(self.why_not())

    def stop(self) -> None:
        """Give up what is searched; what was shown before it stays."""
        if self._work is None:
            return
        self._give_up()
        if self._shown is not None:
            self._place = self._shown_place
            self._show(self._shown)
        else:
            self._place = None
            self.view.set_nothing(self.tr("Stopped. Click a place, or choose a kind."))

    def select(self, at: int) -> None:
        """Select all that is shown inside one band, as things stand now."""
        store, band, work = self._session.model.store, self.bands[at], Work()
        things = Things.of(store)
        self._selecting = work

        def take(picked: Picked) -> None:
            if self._selecting is work:
                self._map.selecting.take_rows(picked.still(store), "replace")

        self._parts.operations.run(
            lambda: picked_inside(band, things, work), take, self._failed, owner=self
        )

    def clear(self) -> None:
        """Show nothing."""
        self._give_up()
        self._place = self._shown_place = self._shown = None
        self._map.set_areas(KEY, ())
        self.view.set_nothing()

    @property
    def bands(self) -> tuple[Band, ...]:
        """What is shown."""
        return () if self._shown is None else self._shown.bands

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

    def _give_up(self) -> None:
        self._selecting = None
        if self._work is not None:
            self._work.stop()
            self._work = None

    def _failed(self, error: Exception) -> None:
        if isinstance(error, StoppedError):
            return
        log.warning("a search for what is reached failed: %s", error, exc_info=error)
        self._work = None
        self.view.set_nothing(self.tr("The search failed; see the log."))

    def _show(self, found: Reach) -> None:
        self._shown, self._shown_place = found, self._place
        self._map.set_areas(KEY, band_areas(found.bands))
        network = self._book.network(as_open=True)
        if network is None:
            return
        if not found.bands or not found.bands[-1].areas:
            self.view.set_nothing(self.tr("No road lies near enough to this place."))
            return
        self.view.set_reached(found.where, found.reached, network.rules.corridor_m)

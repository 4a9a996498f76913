"""What a person typed into a search box: coordinates, codes, things, places. GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject

from app.operations import Operations
from app.place_words import place_kind
from app.projection import CASE_PREFIX
from layers.model import coordinates, goto, measure
from layers.model.features import FeatureStore
from layers.model.goto import Spot
from layers.model.places import Places
from layers.model.work import StoppedError, Work
from services.domain.datum import Datum
from services.packs.model import Catalogue
from widgets.format import distance
from widgets.search_box import SearchResult
from widgets.symbols import Mark, severity_mark
from widgets.theme import Theme

PLACE = "place:"
MAX_THINGS, MAX_PLACES = 40, 12
AT_ONCE = 60_000
"""So many things are looked through without a worker."""
Show = Callable[[list[SearchResult]], None]
log = logging.getLogger(__name__)
DATUM_NAMES: dict[Datum, str] = {"wgs84": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True, slots=True)
class Target:
    """A place to go to that is no feature; ``words`` stand beside its marker."""

    lon: float
    lat: float
    words: str


class Finder:
    """Results for a text; those of the last text can be looked up by id."""

    def __init__(
        self,
        store: FeatureStore,
        catalogue: Catalogue,
        places: Places,
        theme: Theme,
        lang: str,
        home: tuple[float, float, float, float],
        operations: Operations | None = None,
    ) -> None:
        self._operations = operations
        self._work: Work | None = None
        self._store = store
        self._catalogue = catalogue
        self._places = places
        self._theme = theme
        self._lang = lang
        self._home = home
        self._near = ((home[0] + home[2]) / 2, (home[1] + home[3]) / 2)
        self._targets: dict[str, Target] = {}

    def target(self, result_id: str) -> Target | None:
        """Where a result lies that is no feature; None for features."""
        return self._targets.get(result_id)

    def ask(self, text: str, chosen: Datum, show: Show, owner: QObject) -> None:
        """The same as ``find`` by ``show(results)``: at once, or where there is very much from a
        worker. What was asked before and is not shown yet is given up."""
        if self._work is not None:
            self._work.stop()
        self._work = None
        if self._operations is None or len(self._store) <= AT_ONCE or not text.strip():
            show(self.find(text, chosen))
            return
        work, naming = Work(), self._store.naming()

        def came(things: list[str]) -> None:
            if self._work is work:
                self._work = None
                show(self._results(text, chosen, things))

        self._work = work
        self._operations.run(
            lambda: naming.search(text, MAX_THINGS, work), came, self._failed, owner=owner
        )

    def find(self, text: str, chosen: Datum = "wgs84") -> list[SearchResult]:
        """Coordinates first, then what is called just so, then things, then places."""
        return self._results(text, chosen, self._store.search(text, MAX_THINGS))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, StoppedError):
            log.warning("a search failed: %s", error, exc_info=error)

    def _results(self, text: str, chosen: Datum, ids: list[str]) -> list[SearchResult]:
        self._targets = {}
        found = [self._spot(spot) for spot in goto.spots(text, chosen, self._near)]
        things = [r for i in ids if (r := self._thing(i))]
        wanted = text.strip().casefold()
        named = self._named(text)

        def is_whole(result: SearchResult) -> bool:
            code = result.detail.rpartition(" ")[2]
            return wanted in (_bare(result.id).casefold(), result.name.casefold(), code)

        ranked = sorted([*things, *named], key=lambda r: not is_whole(r))  # stable: things first
        return [*found, *ranked]

    def _spot(self, spot: Spot) -> SearchResult:
        translate = QCoreApplication.translate
        words = coordinates.written(spot.lon, spot.lat, "degrees")
        if spot.meridian is not None:
            zone = translate("Finder", "CGCS2000 zone, central meridian {0}°")
            detail = zone.format(spot.meridian)
        else:
            detail = translate("Finder", "Coordinates in {0}").format(DATUM_NAMES[spot.datum])
        if (away := self._away_m(spot)) > 0.0:
            outside = translate("Finder", "outside of the district, {0} away")
            detail = f"{detail} · {outside.format(distance(away))}"
        return self._place(
            f"{spot.lon:.7f},{spot.lat:.7f}", Target(spot.lon, spot.lat, words), detail
        )

    def _away_m(self, spot: Spot) -> float:
        """Metres from the box of the district, 0 inside of it."""
        west, south, east, north = self._home
        nearest = min(max(spot.lon, west), east), min(max(spot.lat, south), north)
        return measure.distance((spot.lon, spot.lat), nearest)

    def _named(self, text: str) -> list[SearchResult]:
        found = []
        for number, place in enumerate(self._places.search(text, MAX_PLACES)):
            detail = place_kind(place.kind)
            if place.kind == "village" and place.code:
                detail = QCoreApplication.translate("Finder", "Community or village")
            if place.code:
                detail = f"{detail} {place.code}"
            if not place.exact:
                near = QCoreApplication.translate(
                    "Finder", "its place is not known: its township's"
                )
                detail = f"{detail} · {near}"
            target = Target(place.lon, place.lat, place.name)
            found.append(self._place(f"named{number}", target, detail))
        return found

    def _place(self, key: str, target: Target, detail: str) -> SearchResult:
        self._targets[PLACE + key] = target
        mark = Mark("cross", self._theme.color("muted"))
        return SearchResult(PLACE + key, target.words, detail, mark)

    def _thing(self, feature_id: str) -> SearchResult | None:
        feature = self._store.feature(feature_id)
        if feature is None:
            return None
        kind = self._catalogue.kinds.get(feature.kind)
        label = kind.label.text(self._lang) if kind is not None else ""
        mark = severity_mark(self._theme, feature.severity)
        return SearchResult(feature.id, feature.name, f"{label} {_bare(feature.id)}", mark)


def _bare(feature_id: str) -> str:
    return feature_id.removeprefix(CASE_PREFIX)

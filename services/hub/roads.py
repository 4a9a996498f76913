"""The hub's roads: the network of its data directory with the closed roads of the moment taken out.

Event loop's thread. Loading waits until somebody asks; another version is noticed by its name.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from services.dispatch.travel import Travel, Trip, no_roads
from services.domain.errors import KnownError
from services.domain.model import Entity
from services.domain.world import World
from services.packs.model import Catalogue
from services.roads.closing import Closure, close
from services.roads.network import RoadNetwork
from services.roads.state import closures
from services.roads.store import RoadStore
from services.roads.trips import trips_to

log = logging.getLogger(__name__)
RETRY_S = 20.0
"""Between two tries to read a network that could not be read; until then no file is touched."""
TravelOf = Callable[[World, float], Travel]
"""Ways by road in a state of the world at a time (UNIX seconds)."""


def nowhere(_world: World, _now: float) -> Travel:
    """No roads are known in any state."""
    return no_roads


class HubRoads:
    """Answers how long teams take, by the roads that are open in a World."""

    def __init__(
        self,
        data: Path,
        catalogue: Catalogue,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = RoadStore(data)
        self._catalogue = catalogue
        self._steady = steady
        self._failed = ""
        self._again_at = 0.0
        self._version = ""
        self._whole: RoadNetwork | None = None
        self._closures: tuple[Closure, ...] | None = None
        self._open: RoadNetwork | None = None

    def travel(self, world: World, now: float) -> Travel:
        """Trips in a state of the world. Nothing is read before the answer is asked for; without
        a network that can be read nothing is known of roads, which the log says once."""

        def trips(lon: float, lat: float, things: Sequence[Entity]) -> Mapping[str, Trip]:
            network = self._at(world, now)
            if network is None:
                return {}
            found = trips_to(network, lon, lat, things)
            return {id_: Trip(seconds, metres) for id_, (seconds, metres) in found.items()}

        return trips

    def _at(self, world: World, now: float) -> RoadNetwork | None:
        whole = self._network()
        if whole is None:
            return None
        found = closures(world, self._catalogue, now)
        if self._open is None or found != self._closures:
            self._closures, self._open = found, close(whole, found).network
        return self._open

    def _network(self) -> RoadNetwork | None:
        """The network in use; one that could not be read is tried again after a while, because a
        disk that was full or a file that was put right says nothing."""
        if self._failed and self._steady() < self._again_at:
            return None
        try:
            version = self.store.version
            if version != self._version:
                self._version, self._open, self._whole = "", None, None
                self._whole = self.store.load()[0]
                self._version = version
        except KnownError as error:
            if error.text != self._failed:
                log.error("there are no roads to reckon with: %s", error)
            self._failed, self._again_at = error.text, self._steady() + RETRY_S
            return None
        self._failed = ""
        return self._whole

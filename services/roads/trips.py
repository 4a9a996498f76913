"""Ways by road of many things to one place. Pure; any thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.domain.model import Entity
from services.roads.network import RoadNetwork
from services.roads.search import times


def trips_to(
    network: RoadNetwork, lon: float, lat: float, things: Sequence[Entity]
) -> dict[str, tuple[float, float]]:
    """Seconds and metres of located things to a place, by id; those without a way are left out."""
    places = np.array([(e.lon, e.lat) for e in things], np.float64).reshape(-1, 2)
    if not len(places):
        return {}
    found = times(network, lon, lat, places, toward=True)
    known = np.flatnonzero(np.isfinite(found.seconds)).tolist()
    return {things[i].id: (float(found.seconds[i]), float(found.metres[i])) for i in known}

"""What is reached by road and what lies inside, worked out by a worker that can be stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers.model.attributes import Floats, Rows
from layers.model.features import FeatureStore
from layers.model.selection import Picked
from layers.model.work import Work
from services.domain.geodesy import area_m2
from services.roads.isochrone import Band, isochrone
from services.roads.network import RoadNetwork
from widgets.reach_view import Reached

LonLat = tuple[float, float]
PART = 50_000


@dataclass(frozen=True, slots=True)
class Things:
    """Where everything was at one moment: degrees, one for each of ``picked``."""

    picked: Picked
    lon: Floats
    lat: Floats

    @classmethod
    def of(cls, store: FeatureStore) -> Things:
        """Everything that is there now. The store's thread."""
        rows = store.rows()
        return cls(Picked.of(store, rows), store.lon[rows], store.lat[rows])


@dataclass(frozen=True, slots=True)
class Reach:
    """Areas by minutes with what they hold, the fewest minutes first."""

    where: str
    bands: tuple[Band, ...]
    reached: tuple[Reached, ...]


def reach(
    network: RoadNetwork,
    where: str,
    places: Sequence[LonLat],
    minutes: Sequence[float],
    things: Things,
    work: Work,
) -> Reach:
    """Search, and count what lies inside. StoppedError where the work was stopped."""
    bands = isochrone(network, places, minutes, check=work.step)
    found = []
    for band in bands:
        area = sum(area_m2(rings) for rings in band.areas) / 1e6
        inside = len(rows_inside(band, things, work))
        found.append(Reached(band.minutes, area, band.road_m / 1e3, inside))
    return Reach(where, bands, tuple(found))


def picked_inside(band: Band, things: Things, work: Work) -> Picked:
    """What lies in a band or on its border. StoppedError where the work was stopped."""
    rows = rows_inside(band, things, work)
    return Picked(rows, things.picked.as_of, things.picked.removed_at)


def rows_inside(band: Band, things: Things, work: Work) -> Rows:
    """The same as rows of the store."""
    shape = band_shape(band)
    if shape.is_empty:
        return things.picked.rows[:0]
    west, south, east, north = shape.bounds
    lon, lat = things.lon, things.lat
    near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    shapely.prepare(shape)
    hit = np.zeros(len(near), np.bool_)
    for first in range(0, len(near), PART):
        part = near[first : first + PART]
        hit[first : first + PART] = shapely.intersects_xy(shape, lon[part], lat[part])
        work.step()
    return things.picked.rows[near[hit]]


def band_shape(band: Band) -> shapely.Geometry:
    """The area of a band in degrees, for queries."""
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in band.areas]
    return shapely.make_valid(shapely.MultiPolygon(parts)) if parts else shapely.Polygon()

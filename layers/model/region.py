"""What a person drew to select by: a box, an outline, a circle. Pure; degrees and metres."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from layers.model import mercator, pick, query
from layers.model.features import FeatureStore
from layers.model.order import Rows

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """All between two meridians and two parallels."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def between(cls, a: Place, b: Place) -> Box:
        """The box with two opposite corners."""
        return cls(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))

    def outline(self) -> tuple[Place, ...]:
        """Its corners, closed."""
        w, s, e, n = self.west, self.south, self.east, self.north
        return ((w, s), (e, s), (e, n), (w, n), (w, s))


@dataclass(frozen=True, slots=True)
class Outline:
    """All inside of corners, not closed; where it crosses itself, even-odd."""

    corners: tuple[Place, ...]

    def outline(self) -> tuple[Place, ...]:
        """Its corners, closed."""
        return (*self.corners, *self.corners[:1])


@dataclass(frozen=True, slots=True)
class Circle:
    """All within geodesic metres of a place."""

    lon: float
    lat: float
    radius_m: float

    def outline(self) -> tuple[Place, ...]:
        """Its rim, closed."""
        rim = pick.circle(self.lon, self.lat, self.radius_m)
        lon, lat = mercator.lonlat(rim[:, 0], rim[:, 1])
        places = list(zip(lon.tolist(), lat.tolist(), strict=True))
        return (*places, places[0])


Region = Box | Outline | Circle


def rows_in(store: FeatureStore, region: Region) -> Rows:
    """Rows of the features whose place lies in a region, borders included."""
    if isinstance(region, Circle):
        return query.rows_in_radius(store, region.lon, region.lat, region.radius_m)
    if isinstance(region, Box):
        return query.rows_in_rect(store, region.west, region.south, region.east, region.north)
    return query.rows_in_polygon(store, shapely.make_valid(shapely.Polygon(region.corners)))

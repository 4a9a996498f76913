"""The schematic district that the demo data stands on: outline, roads, places, townships.

Read from the bundled base map; immutable after construction. All points are metres in ``plane``.
"""

from __future__ import annotations

import csv
import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Polygon
from shapely.geometry import Point as ShapelyPoint
from shapely.prepared import prep

from services.demo.plane import Plane, Point, bearing_deg, moved
from services.demo.roads import Junction, Road, RoadGraph
from services.domain.model import Entity, Scalar

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
TRIES = 1_000
"""How often a place is drawn anew until it lies in the district."""

OLD_TOWN = (101.8045, 36.6105)
OLD_TOWN_REACH_M = 2_300.0


@dataclass(frozen=True, slots=True)
class AdminUnit:
    """A unit of the statistics bureau's list: 12-digit code, name, level, kind."""

    code: str
    name: str
    level: str
    parent: str
    kind: str

    @property
    def short_name(self) -> str:
        """友谊村村民委员会 as people say it: 友谊村."""
        name = self.name.removesuffix("居民委员会").removesuffix("村民委员会")
        return f"{name}村" if self.kind == "村" and not name.endswith("村") else name


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on or by a road: where, which street and number, the street's direction there."""

    point: Point
    street: str
    number: int
    bearing: float

    @property
    def address(self) -> str:
        """The street address."""
        return f"{self.street}{self.number}号"


def admin_units(path: Path = RESOURCES / "admin" / "admin_units.csv") -> list[AdminUnit]:
    """The bundled list of administrative units, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            AdminUnit(r["code12"], r["name"], r["level"], r["parent_code12"], r["kind"])
            for r in csv.DictReader(file)
        ]


class Ground:
    """Answers where things of the demo can plausibly stand."""

    def __init__(self, folder: Path = RESOURCES / "basemap") -> None:
        outline = json.loads((folder / "district_outline.geojson").read_text(encoding="utf-8"))
        base = folder / "basemap_schematic.geojson"
        features = json.loads(base.read_text(encoding="utf-8"))["features"]
        self.graph = RoadGraph.from_geojson(base)
        self.plane: Plane = self.graph.plane
        ring = outline["features"][0]["geometry"]["coordinates"][0]
        self.outline = Polygon([self.plane.xy(*p) for p in ring])
        # A metre inside the line, so that rounding to six decimals cannot lead out.
        self._inside = prep(self.outline.buffer(-1.0))
        self.places = self._points(features)
        self.lines = {
            f["properties"]["name"]: LineString(
                [self.plane.xy(*p) for p in f["geometry"]["coordinates"]]
            )
            for f in features
            if f["geometry"]["type"] == "LineString"
        }
        self.units = admin_units()
        self.townships = self._townships(features)
        self.villages = {
            _bare(f["properties"]["name"]): self.plane.xy(*f["geometry"]["coordinates"])
            for f in features
            if f["properties"]["kind"] == "village"
        }
        self.junctions = self._junctions()
        self.roads = [
            Road(r.name, part)
            for r in self.graph.roads
            for part in _parts(r.line.intersection(self.outline))
        ]
        self._old_town = self.plane.xy(*OLD_TOWN)

    def contains(self, point: Point) -> bool:
        """Whether a point lies in the schematic district."""
        return bool(self._inside.contains(ShapelyPoint(point)))

    def density(self, point: Point) -> float:
        """How built-up it is: 1 in the old town, falling to 0.12 at the edge."""
        distance = math.dist(point, self._old_town)
        return 0.12 + 0.88 * math.exp(-((distance / OLD_TOWN_REACH_M) ** 2))

    def township(self, point: Point) -> AdminUnit:
        """The township whose label is nearest: a Voronoi split, as schematic as the map."""
        return min(self.townships, key=lambda t: math.dist(point, t[1]))[0]

    def spot(self, rng: random.Random, offset: tuple[float, float] = (8.0, 14.0)) -> Spot:
        """A place beside a road, ``offset`` metres from its middle, denser in the old town."""
        return self._until_inside(lambda: self._spot(rng, offset), "beside a road")

    def near(self, rng: random.Random, point: Point, reach_m: float) -> Point:
        """A point of the district within ``reach_m`` of another, evenly spread."""

        def draw() -> Spot:
            distance = reach_m * math.sqrt(rng.random())
            return Spot(moved(point, rng.uniform(0, 360), distance), "", 0, 0.0)

        return self._until_inside(draw, "near a place").point

    def lonlat(self, point: Point) -> Point:
        """Degrees of a point."""
        return self.plane.lonlat(*point)

    def thing(
        self,
        identifier: str,
        kind: str,
        name: str,
        point: Point,
        attrs: dict[str, Scalar],
        **rest: Any,
    ) -> Entity:
        """An entity at a point, with its township; ``rest`` are further fields of Entity."""
        lon, lat = self.lonlat(point)
        told = {**attrs, "township": self.township(point).name}
        return Entity(id=identifier, kind=kind, name=name, lon=lon, lat=lat, attrs=told, **rest)

    def _until_inside(self, draw: Callable[[], Spot], what: str) -> Spot:
        for _ in range(TRIES):
            spot = draw()
            if self.contains(spot.point):
                return spot
        raise ValueError(f"no place {what} lies in the district")

    def _spot(self, rng: random.Random, offset: tuple[float, float]) -> Spot:
        """Roads by length, thinned by density: drawn and thrown away."""
        lengths = [r.line.length for r in self.roads]
        while True:
            road = rng.choices(self.roads, lengths)[0]
            spot = self._beside(rng, road, rng.random(), offset)
            if rng.random() < self.density(spot.point):
                return spot

    def _beside(
        self, rng: random.Random, road: Road, share: float, offset: tuple[float, float]
    ) -> Spot:
        along = share * road.line.length
        a = road.line.interpolate(max(along - 5.0, 0.0)).coords[0]
        b = road.line.interpolate(min(along + 5.0, road.line.length)).coords[0]
        bearing = bearing_deg(a, b)
        left = rng.random() < 0.5
        middle = road.line.interpolate(along).coords[0]
        point = moved(middle, bearing + (-90 if left else 90), rng.uniform(*offset))
        number = 2 * int(along / 24.0) + (1 if left else 2)  # odd on the left, one in 24 m
        return Spot(point, road.name_at(along), number, bearing)

    def _points(self, features: list[dict[str, Any]]) -> dict[str, Point]:
        return {
            _bare(f["properties"]["name"]): self.plane.xy(*f["geometry"]["coordinates"])
            for f in features
            if f["geometry"]["type"] == "Point" and f["properties"]["kind"] != "township_label"
        }

    def _townships(self, features: list[dict[str, Any]]) -> list[tuple[AdminUnit, Point]]:
        labels = {
            f["properties"]["name"]: f["geometry"]["coordinates"]
            for f in features
            if f["properties"]["kind"] == "township_label"
        }
        units = [u for u in self.units if u.level == "township" and u.name in labels]
        return [(u, self.plane.xy(*labels[u.name])) for u in units]

    def _junctions(self) -> list[Junction]:
        names = ("康乐十字", "博文路口", "东稍门")
        places = [(n, *self.plane.lonlat(*self.places[n])) for n in names]
        found = [j for j in self.graph.junctions(places) if self.contains(j.point)]
        # The named ones first, 康乐十字 at the head: it is where the demo's story happens.
        return sorted(found, key=lambda j: names.index(j.name) if j.name in names else len(names))


def at_share(line: LineString, share: float) -> Point:
    """The point at a share of a line's length."""
    point: Point = line.interpolate(share, normalized=True).coords[0]
    return point


def foot(line: LineString, point: Point) -> Point:
    """The point of a line nearest to another."""
    nearest: Point = line.interpolate(line.project(ShapelyPoint(point))).coords[0]
    return nearest


def _parts(geometry: Any) -> list[LineString]:
    return [g for g in getattr(geometry, "geoms", [geometry]) if g.length > 0]


def _bare(name: str) -> str:
    return name.split("(")[0]

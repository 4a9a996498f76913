"""The bundled schematic base map 示意图: what is read from its GeoJSON files, and the areas of the
townships, which are not public and therefore split off by nearness to the townships' labels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from layers.model import mercator
from services.domain.errors import KnownError

MAX_BYTES = 32 * 1024 * 1024
MAX_FEATURES = 100_000
_OUTLINE, _TOWNSHIP, _ROAD = "outline", "township_label", "road"


@dataclass(frozen=True, slots=True)
class BaseFeature:
    """One drawn thing: ``points`` (n, 2) in world coordinates; polygons are closed.

    ``kind`` as in the file (river, road, rail, hill, outline …), ``level`` its road class.
    """

    kind: str
    level: str
    name: str
    shape: str
    points: npt.NDArray[np.float64]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, north, east, south in world coordinates."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


@dataclass(frozen=True, slots=True)
class Basemap:
    """All of it. ``bounds`` in degrees (west, south, east, north): the outline's, else all's.

    ``home``: the part of them that has roads, without the bare hills round it.
    """

    features: tuple[BaseFeature, ...]
    bounds: tuple[float, float, float, float]
    home: tuple[float, float, float, float]


def load_basemap(paths: Sequence[Path]) -> Basemap:
    """Read GeoJSON files. Raises KnownError (bad_basemap) naming the file and what is wrong."""
    raw: list[tuple[dict[str, object], shapely.Geometry]] = []
    for path in paths:
        raw.extend(_read(path))
    if all(shape.is_empty for _, shape in raw):
        raise KnownError("bad_basemap", "The base map holds nothing that can be drawn.")
    outlines = [shape for properties, shape in raw if _kind(properties) == _OUTLINE]
    labels = [shape for properties, shape in raw if _kind(properties) == _TOWNSHIP]
    features = [part for properties, shape in raw for part in _features(properties, shape)]
    if outlines:
        outline = shapely.union_all(outlines)
        edges = shapely.union_all([a.boundary for a in township_areas(outline, labels)])
        borders = shapely.line_merge(edges.difference(outline.boundary.buffer(1e-5)))
        features.extend(_features({"kind": "township_border"}, borders))
    reach = shapely.total_bounds(outlines or [shape for _, shape in raw])
    west, south, east, north = (float(v) for v in reach)
    roads = shapely.union_all([shape for properties, shape in raw if _kind(properties) == _ROAD])
    inhabited = roads.intersection(shapely.box(west, south, east, north)).bounds
    home = (west, south, east, north) if roads.is_empty else inhabited
    return Basemap(tuple(features), (west, south, east, north), home)


def township_areas(
    outline: shapely.Geometry, labels: Sequence[shapely.Geometry]
) -> list[shapely.Geometry]:
    """Split an area by the nearest of some points; the same points give the same areas.

    Schematic, like the whole map: no legal border runs where these run.
    """
    if len(labels) < 2:
        return [outline]
    seeds = shapely.MultiPoint(sorted((p.x, p.y) for p in labels))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=outline))
    cut = [cell.intersection(outline) for cell in cells]
    return sorted((c for c in cut if not c.is_empty), key=lambda c: (c.centroid.x, c.centroid.y))


def _read(path: Path) -> list[tuple[dict[str, object], shapely.Geometry]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnownError("bad_basemap", f"{path.name} is larger than {MAX_BYTES} bytes.")
        items = json.loads(path.read_text("utf-8"))["features"]
        if len(items) > MAX_FEATURES:
            raise KnownError("bad_basemap", f"{path.name} has over {MAX_FEATURES} features.")
        found = []
        for item in items:
            properties = dict(item["properties"])
            if "adcode" in properties:
                properties["kind"] = _OUTLINE
            found.append((properties, shapely.from_geojson(json.dumps(item["geometry"]))))
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.GEOSException) as error:
        raise KnownError(
            "bad_basemap", f"{path.name} is no GeoJSON that can be drawn: {error}"
        ) from (error)
    return found


def _kind(properties: dict[str, object]) -> str:
    return str(properties.get("kind", ""))


def _features(properties: dict[str, object], shape: shapely.Geometry) -> list[BaseFeature]:
    found = []
    for part in shapely.get_parts(shape):
        if part.is_empty:
            continue
        ring = part.exterior if part.geom_type == "Polygon" else part
        lonlat = shapely.get_coordinates(ring)
        found.append(
            BaseFeature(
                kind=_kind(properties),
                level=str(properties.get("cls", "")),
                name=str(properties.get("name", "")),
                shape=str(part.geom_type),
                points=np.stack(mercator.world_xy(lonlat[:, 0], lonlat[:, 1]), axis=1),
            )
        )
    return found

"""What a file holds, for somebody who is about to load it: a few rows of it. Worker threads."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from services.domain.errors import KnownError
from services.ingest import rows
from services.ingest.csv_source import CsvSource
from services.ingest.geojson_source import GeoJsonSource
from services.ingest.gis import reader
from services.ingest.gis.formats import recognise
from services.ingest.gis.frames import CrsInfo, LayerInfo
from services.ingest.gis.placing import WGS84, Placing
from services.ingest.gis.suggest import Suggestion, suggest
from services.ingest.mapping import resolve
from services.ingest.opening import JSON_NAMES, refuse_others
from services.ingest.remembered import signature
from services.ingest.rows import Row, check_size

SAMPLE = 60
Stop = Callable[[], bool]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Examined:
    """``encoding_from``: cpg, dbf, found, given or format. ``layer``: the one that was looked at,
    "" where a format has none. ``said``: the system that the file names; ``crs`` None: it names
    none and none was given. ``looks``: what its numbers look like. ``points``: of the sample,
    WGS-84 degrees. ``count`` -1: not known."""

    format: str
    encoding: str
    encoding_from: str
    layers: tuple[LayerInfo, ...]
    layer: str
    columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    crs: CrsInfo | None
    said: CrsInfo | None
    looks: tuple[Suggestion, ...]
    points: tuple[Place, ...]
    count: int
    has_shapes: bool
    signature: str
    member: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How to look at a file; empty: as it says itself, or the first layer."""

    path: Path
    encoding: str = ""
    layer: str = ""
    crs: str = ""
    datum: str = "wgs84"


def examine(asked: Asked, stop: Stop) -> Examined:
    """Look at a file. KnownError of the readers; ``stopped``."""
    check_size(asked.path)
    refuse_others(asked.path)
    Placing(asked.crs or WGS84, asked.datum)
    if recognise(asked.path) is not None:
        return _gis(asked, stop)
    if asked.path.suffix.lower() in JSON_NAMES:
        return _geojson(asked)
    return _csv(asked)


def _gis(asked: Asked, stop: Stop) -> Examined:
    told, batch = reader.look(
        asked.path, asked.layer, asked.encoding, asked.crs, asked.datum, stop=stop
    )
    layer = next((x for x in told.layers if x.name == asked.layer), told.layers[0])
    given = Placing(asked.crs or WGS84, asked.datum).info if asked.crs else None
    crs = given or layer.crs
    points: tuple[Place, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    if batch is not None:
        sample = tuple(zip(*(c[:SAMPLE] for c in batch.cells), strict=True))
        shapes = [shapely.from_wkb(wkb) for wkb in batch.shapes[:SAMPLE] if wkb is not None]
        points = tuple(_point(s) for s in shapes) if crs is not None else ()
    return Examined(
        format=told.driver,
        encoding=told.encoding,
        encoding_from=told.encoding_from,
        layers=told.layers,
        layer=layer.name,
        columns=layer.columns,
        sample=sample,
        crs=crs,
        said=layer.crs,
        looks=() if layer.crs is not None else suggest(layer.bounds),
        points=points,
        count=layer.count,
        has_shapes=layer.bounds is not None,
        signature=signature(told.driver, layer.columns),
        member=told.member,
    )


def _point(shape: shapely.Geometry) -> Place:
    point = shape if isinstance(shape, shapely.Point) else shape.representative_point()
    return (float(point.x), float(point.y))


def _geojson(asked: Asked) -> Examined:
    source = GeoJsonSource(asked.path, asked.crs, asked.datum)
    found = list(itertools.islice(source.rows(), SAMPLE))
    columns = source.format.columns
    shapes = [row.shape for row in found if row.shape is not None]
    info = source.place.info
    return Examined(
        format="GeoJSON",
        encoding="UTF-8",
        encoding_from="format",
        layers=(),
        layer="",
        columns=columns,
        sample=tuple(tuple(row.cells.get(c, "") for c in columns) for row in found),
        crs=info,
        said=info if source.crs_from != "given" else None,
        looks=(),
        points=tuple(_point(s) for s in shapes if s.is_valid),
        count=source.count,
        has_shapes=True,
        signature=signature("GeoJSON", columns),
    )


def _csv(asked: Asked) -> Examined:
    source = CsvSource(asked.path, asked.encoding)
    columns = source.format.columns
    found = list(itertools.islice(source.rows(), SAMPLE))
    numbers = _numbers(found, columns)
    place = Placing(asked.crs or WGS84, asked.datum)
    chosen = bool(asked.crs) or asked.datum != "wgs84"
    return Examined(
        format="CSV",
        encoding=source.format.encoding,
        encoding_from="given" if asked.encoding else "found",
        layers=(),
        layer="",
        columns=columns,
        sample=tuple(row.raw for row in found if isinstance(row.raw, tuple)),
        crs=place.info if chosen else None,
        said=None,
        looks=suggest(_box(numbers)),
        points=_moved(numbers, place) if chosen else (),
        count=-1,
        has_shapes=False,
        signature=signature("CSV", columns),
    )


def _numbers(found: Sequence[Row], columns: tuple[str, ...]) -> list[Place]:
    """What stands in the columns that look like positions."""
    mapping = resolve({}, (), columns, None)
    if "lon" not in mapping or "lat" not in mapping:
        return []
    numbers = []
    for row in found:
        try:
            x = rows.number(mapping["lon"].of(row.cells), "lon")
            y = rows.number(mapping["lat"].of(row.cells), "lat")
        except KnownError:
            continue
        numbers.append((x, y))
    return numbers


def _box(numbers: list[Place]) -> tuple[float, float, float, float] | None:
    if not numbers:
        return None
    xs, ys = [n[0] for n in numbers], [n[1] for n in numbers]
    return min(xs), min(ys), max(xs), max(ys)


def _moved(numbers: list[Place], place: Placing) -> tuple[Place, ...]:
    moved = []
    for x, y in numbers:
        lon, lat = (float(v) for v in place.move(x, y))
        if abs(lon) <= 180 and abs(lat) <= 90:
            moved.append((lon, lat))
    return tuple(moved)

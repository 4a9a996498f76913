"""GeoJSON (RFC 7946) and GeoPackage: rows with their points, lines and areas."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from services.domain.clock import BEIJING
from services.domain.datum import from_wgs84
from services.domain.model import Ring
from services.exports.gpkg import GpkgProcess
from services.exports.sheet import (
    CHUNK,
    DATUM_WORDS,
    Crs,
    OutColumn,
    OutDatum,
    Places,
    Progress,
    Provenance,
    Sheet,
)

PART_ROWS, PIECE_ROWS = 100_000, 5_000
"""Rows of a GeoPackage that are written in one go, and that are handed over at once."""
NOTE = "export_note"
UTC = 100
"""How GDAL says that a time is of UTC."""
_DECIMALS = 7  # one centimetre


def write_geojson(
    path: Path, sheet: Sheet, about: Provenance, progress: Progress, *, datum: OutDatum
) -> None:
    """One feature per row and line. Who, when and why stand as ``onemap`` beside the features.

    RFC 7946 knows WGS-84 alone: other positions are said by ``datum``, there and in each reader's
    own hands.
    """
    facts = dict(about.facts(DATUM_WORDS[datum]))
    lon, lat = from_wgs84(sheet.places.lon, sheet.places.lat, datum)
    readers = [(c.name, c) for c in sheet.columns if c.name not in ("lon", "lat")]
    encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dump leaves a cycle for each call
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection",\n')
        file.write(f'"onemap": {json.dumps(facts, ensure_ascii=False)},\n"features": [')
        for row in range(sheet.count):
            feature = {
                "type": "Feature",
                "id": sheet.ids[row],
                "geometry": _geometry(sheet.places, row, float(lon[row]), float(lat[row]), datum),
                "properties": {name: _value(column, row) for name, column in readers},
            }
            file.write(",\n" if row else "\n")
            file.write(encode(feature))
            if row % CHUNK == 0:
                progress.step(row)
        file.write("\n]}\n")


def write_gpkg(
    path: Path, sheet: Sheet, about: Provenance, progress: Progress, *, crs: Crs, layer: str
) -> None:
    """One layer with the rows, and a table ``export_note`` with who, when and why."""
    facts = about.facts(crs)
    columns = [c for c in sheet.columns if c.name not in ("lon", "lat")]
    names = _field_names(columns)
    progress.check()
    with GpkgProcess(progress) as writer:
        manner: dict[str, Any] = {"layer": layer, "crs": crs, "geometry_type": "Unknown"}
        times = [n for n, c in zip(names, columns, strict=True) if c.content == "time"]
        for first in range(0, max(1, sheet.count), PART_ROWS):
            last = min(first + PART_ROWS, sheet.count)
            for start in range(first, max(first + 1, last), PIECE_ROWS):
                piece = slice(start, min(start + PIECE_ROWS, last))
                progress.step(start)
                writer.give(_wkb(sheet.places, piece), [_array(c, piece) for c in columns])
            zones = {name: np.full(last - first, UTC, np.int32) for name in times}
            metadata = None if first else dict(facts)
            _write(writer, path, names, **manner, append=first > 0, layer_metadata=metadata,
                   gdal_tz_offsets=zones or None)  # fmt: skip
        progress.check()
        writer.give(None, [np.array(told, object) for told in zip(*facts, strict=True)])
        _write(writer, path, ["name", "value"], layer=NOTE, append=True)


def _write(writer: GpkgProcess, path: Path, names: list[str], **more: Any) -> None:
    writer.write(path, fields=names, driver="GPKG", encoding="UTF-8", **more)


# -- geometry ----------------------------------------------------------------------------
def _geometry(
    places: Places, row: int, lon: float, lat: float, datum: OutDatum
) -> dict[str, Any] | None:
    rings = places.rings.get(row)
    if rings:
        shifted = [_shifted(ring, datum) for ring in rings]
        if places.shapes.get(row) == "line":
            return {"type": "LineString", "coordinates": shifted[0]}
        turned = [_turned(ring, outer=at == 0) for at, ring in enumerate(shifted)]
        return {"type": "Polygon", "coordinates": turned}
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return None
    return {"type": "Point", "coordinates": [round(lon, _DECIMALS), round(lat, _DECIMALS)]}


def _shifted(ring: Ring, datum: OutDatum) -> list[list[float]]:
    points = np.array(ring, np.float64)
    lon, lat = from_wgs84(points[:, 0], points[:, 1], datum)
    pairs: list[list[float]] = np.round(np.column_stack([lon, lat]), _DECIMALS).tolist()
    return pairs


def _turned(ring: list[list[float]], *, outer: bool) -> list[list[float]]:
    """Closed, and turning as RFC 7946 wants it: outer rings to the left, holes to the right."""
    closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
    doubled = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in itertools.pairwise(closed))
    return closed if (doubled < 0) == outer else closed[::-1]


def _wkb(places: Places, part: slice) -> Any:
    shapes = shapely.points(places.lon[part], places.lat[part])
    nowhere = ~(np.isfinite(places.lon[part]) & np.isfinite(places.lat[part]))
    shapes[nowhere] = None
    for row in range(part.start, part.stop):
        rings = places.rings.get(row)
        if rings:
            line = places.shapes.get(row) == "line"
            shapes[row - part.start] = (
                shapely.LineString(rings[0]) if line else shapely.Polygon(rings[0], rings[1:])
            )
    return shapely.to_wkb(shapes)


# -- values ------------------------------------------------------------------------------
def _value(column: OutColumn, row: int) -> str | float | int | bool | None:
    if column.texts is not None:
        return column.texts[row]
    assert column.numbers is not None
    value = float(column.numbers[row])
    if not math.isfinite(value):
        return None
    if column.content == "flag":
        return bool(value)
    if column.content == "time":
        return datetime.fromtimestamp(value, BEIJING).isoformat(timespec="seconds")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _array(column: OutColumn, part: slice) -> Any:
    if column.texts is not None:
        return np.array(column.texts[part], dtype=object)
    assert column.numbers is not None
    if column.content == "time":
        return _moments(column.numbers[part])
    return column.numbers[part]


def _moments(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.datetime64]:
    """UNIX seconds as moments of UTC, none for NaN."""
    milliseconds = np.where(np.isfinite(seconds), np.round(seconds * 1_000), 0).astype("int64")
    moments = milliseconds.astype("datetime64[ms]")
    moments[~np.isfinite(seconds)] = np.datetime64("NaT")
    return moments


def _field_names(columns: Sequence[OutColumn]) -> list[str]:
    """Names as a GeoPackage takes them: each once whatever the case of its letters, none of its
    own."""
    taken, found = {"fid", "geom"}, []
    for column in columns:
        name, number = column.name, 2
        while name.casefold() in taken:
            name, number = f"{column.name}_{number}", number + 1
        taken.add(name.casefold())
        found.append(name)
    return found

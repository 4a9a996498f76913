"""GeoJSON files (RFC 7946) as row sources; each feature is checked on its own.

Any thread. Memory is about the file's size: features stay raw slices until their turn.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from services.domain.errors import KnownError
from services.domain.geodesy import check_position
from services.domain.keys import check_keys
from services.ingest.gis import placing
from services.ingest.gis.placing import WGS84, Placing
from services.ingest.gis.shapes import check_degrees
from services.ingest.rows import MAX_COLUMNS, MAX_ROWS, Format, Row, check_size, shorten

MAX_VERTICES = 100_000


class _Collection(msgspec.Struct):
    type: str
    features: list[msgspec.Raw] | None = None
    crs: msgspec.Raw = msgspec.Raw(b"null")


class _NamedCrs(msgspec.Struct):
    properties: dict[str, str]


class _Feature(msgspec.Struct):
    type: str
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None
    id: str | int | float | None = None


class _Names(msgspec.Struct):
    """What is read of every feature to learn the property names."""

    properties: dict[str, msgspec.Raw] | None = None
    id: str | int | float | None = None


_DECODE_NAMES = msgspec.json.Decoder(_Names)


class GeoJsonSource:
    """One GeoJSON file: a FeatureCollection, or a single Feature."""

    def __init__(self, path: Path, crs: str = "", datum: str = "wgs84") -> None:
        """``crs`` instead of what the file says, which is WGS-84 degrees where it says nothing."""
        check_size(path)
        self._features, said = _features(path)
        self.crs_from = "given" if crs else "file" if said else "format"
        self.place = Placing(crs or said or WGS84, datum)
        self.count = len(self._features)
        columns = _columns(self._features)
        detail = {"features": f"{len(self._features):,}"}
        self._format = Format("GeoJSON", tuple(columns), "UTF-8", detail)

    @property
    def has_shapes(self) -> bool:
        """Whether rows come with shapes."""
        return True

    @property
    def format(self) -> Format:
        """Property names of all features; ``@id`` stands for the feature's own id."""
        return self._format

    def rows(self) -> Iterator[Row]:
        """All features, readable or not."""
        return self._rows(self._features)

    def _rows(self, features: list[msgspec.Raw]) -> Iterator[Row]:
        for number, raw in enumerate(features, 1):
            yield _row(number, bytes(raw), self.place)


def _columns(features: list[msgspec.Raw]) -> tuple[str, ...]:
    """All property names, in the order in which they come up. KnownError ``too_large``."""
    columns: dict[str, None] = {}
    for raw in features:
        try:
            told = _DECODE_NAMES.decode(raw)
        except (msgspec.DecodeError, RecursionError):
            continue  # its row will say what is wrong
        if told.properties:
            columns.update(dict.fromkeys(told.properties))
        if told.id is not None:
            columns["@id"] = None
        if len(columns) > MAX_COLUMNS:
            raise KnownError(
                "too_large", f"more than {MAX_COLUMNS:,} different properties in one file"
            )
    return tuple(columns)


def _features(path: Path) -> tuple[list[msgspec.Raw], str]:
    """The features as they stand, and the reference system that the file names."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        whole = msgspec.json.decode(data, type=_Collection)
    except msgspec.ValidationError as error:
        raise KnownError("bad_geojson", f"{path.name} is not GeoJSON: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KnownError(
            "bad_geojson", f"{path.name} is broken JSON{_line(data, error)}: {error}"
        ) from error
    except RecursionError as error:
        raise KnownError("bad_geojson", f"{path.name} is nested too deep") from error
    said = _crs(whole.crs)
    if whole.type == "Feature":
        return [msgspec.Raw(data)], said
    if whole.type != "FeatureCollection" or whole.features is None:
        raise KnownError(
            "bad_geojson", f"{path.name} is a {shorten(whole.type)}, not a FeatureCollection"
        )
    if not whole.features:
        raise KnownError("empty_file", f"{path.name} has no features")
    if len(whole.features) > MAX_ROWS:
        raise KnownError(
            "too_large", f"{len(whole.features):,} features; at most {MAX_ROWS:,} at once"
        )
    return whole.features, said


def _line(data: bytes, error: Exception) -> str:
    """In which line, where the decoder says at which byte."""
    place = re.search(r"\(byte (\d+)\)", str(error))
    at = int(place[1]) if place else error.start if isinstance(error, UnicodeDecodeError) else -1
    return "" if at < 0 else f" in line {data.count(bytes([10]), 0, at) + 1}"


def _crs(raw: msgspec.Raw) -> str:
    """Old files name a reference system; "" where it is not named."""
    if bytes(raw).strip() == b"null":
        return ""
    try:
        told = msgspec.json.decode(raw, type=_NamedCrs)
        placing.parse(told.properties["name"])
    except (msgspec.DecodeError, KeyError, RecursionError, KnownError):
        text = bytes(raw).decode("utf-8", "replace")
        raise KnownError(
            "wrong_crs",
            "coordinates must be WGS-84 or CGCS2000 degrees, or in a system with an EPSG code; the"
            f" file says {shorten(text, 120)}",
            field="crs",
        ) from None
    return told.properties["name"]


def _row(place: int, raw: bytes, to: Placing) -> Row:
    try:
        feature = msgspec.json.decode(raw, type=_Feature)
        check_keys(raw)
    except KnownError as problem:
        return Row(place, {}, raw, problem=problem)
    except (msgspec.DecodeError, RecursionError) as error:
        text = "nested too deep" if isinstance(error, RecursionError) else str(error)
        return Row(place, {}, raw, problem=KnownError("bad_feature", f"not a feature: {text}"))
    if feature.type != "Feature":
        text = f"“{shorten(feature.type)}” is not a Feature"
        return Row(place, {}, raw, problem=KnownError("bad_feature", text))
    cells = {name: _text(value) for name, value in (feature.properties or {}).items()}
    if feature.id is not None:
        cells["@id"] = _text(feature.id)
    try:
        shape = _shape(feature.geometry, to)
    except KnownError as problem:
        return Row(place, cells, raw, problem=problem)
    return Row(place, cells, raw, shape)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _shape(geometry: dict[str, Any] | None, to: Placing) -> BaseGeometry | None:
    """A shapely geometry in WGS-84 degrees, or None where the feature has no place."""
    if geometry is None:
        return None
    _check_positions(geometry, to)
    try:
        shape = shapely.from_geojson(msgspec.json.encode(geometry))
    except shapely.errors.GEOSException as error:
        raise KnownError("bad_geometry", _broken(geometry, str(error)), field="geometry") from error
    if shape is None or shape.is_empty:
        return None
    moved: BaseGeometry = to.shapes(shape)
    if not to.is_plain:
        check_degrees(moved)
    return moved


def _broken(geometry: dict[str, Any], why: str) -> str:
    """What is wrong, without the decoder's own words where they help nobody."""
    if "json.exception" not in why:
        return f"broken geometry: {why}"
    told = geometry.get("type")
    named = f"a “{shorten(told)}”" if isinstance(told, str) else "any type"
    return f"broken geometry: its coordinates are not nested and written as those of {named}"


def _check_positions(geometry: dict[str, Any], to: Placing) -> None:
    """Every position is a pair of finite numbers in range, and there are not too many."""
    stack: list[Any] = [geometry]
    vertices = 0
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            stack += [part.get("coordinates"), *_list(part.get("geometries"))]
        elif isinstance(part, list) and part and isinstance(part[0], int | float):
            vertices += 1
            if vertices > MAX_VERTICES:
                raise KnownError("too_large", f"more than {MAX_VERTICES:,} vertices")
            if len(part) < 2 or not isinstance(part[1], int | float):
                raise KnownError("bad_geometry", "a position needs two numbers", field="geometry")
            x, y = _number(part[0]), _number(part[1])
            to.check(x, y) if not to.in_degrees else check_position(x, y)
        elif isinstance(part, list):
            stack += part
        elif part is not None:
            text = f"“{shorten(str(part))}” is not a coordinate"
            raise KnownError("bad_geometry", text, field="geometry")


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond every float
        return math.inf


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

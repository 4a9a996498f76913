"""Inside the reading process: one file through its driver, in bounded batches of texts and WKB.

Only ``child`` uses this; nothing of it runs in a hub or a console.
"""

from __future__ import annotations

import math
import shutil
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read as read_raw

from services.domain.errors import KnownError
from services.ingest.gis import dbf, formats, kml, placing
from services.ingest.gis.formats import DRIVERS, Driver
from services.ingest.gis.frames import Batch, CrsInfo, Described, LayerInfo, Request
from services.ingest.gis.shapes import to_degrees
from services.ingest.gis.texts import Cells
from services.ingest.gis.unpack import unpack
from services.ingest.rows import MAX_COLUMNS, MAX_ROWS

BATCH_ROWS = 2_000
FIRST_ROWS = 100
MAX_LAYERS = 200
MAX_BROKEN = 2_000
"""Tries that may fail before a file is given up; a broken row costs a dozen."""
_ALL_AT_ONCE: tuple[Driver, ...] = ("LIBKML",)
"""Formats that are parsed whole on every opening."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready for its driver. ``codec``: of the texts; ``table``: of a shapefile; ``names``:
    of a KML document, by what the driver calls them."""

    path: Path
    driver: Driver
    codec: str
    encoding: str
    encoding_from: str
    member: str
    table: dbf.Table | None
    names: Mapping[str, str] = field(default_factory=dict)


def stage(request: Request) -> Opened:
    """Bring the file into our folder, where nobody changes it and nothing of ours is beside it."""
    source, folder = Path(request.path), Path(request.folder)
    kind = formats.recognise(source)
    member = ""
    if kind is not None and kind.driver is None:
        source, member = unpack(source, folder)
        kind = formats.recognise(source)
    if kind is None or kind.driver is None:
        raise _wrong(Path(request.path))
    if kind.driver == "ESRI Shapefile":
        return _shapefile(source, folder, request.encoding, member)
    suffix = ".gpkg" if kind.driver == "GPKG" else ".kml"
    target = folder / f"read{suffix}"
    codec = dbf.codec_of(request.encoding) if request.encoding else "utf-8"
    found = "given" if request.encoding else "format"
    names: dict[str, str] = {}
    if kind.driver == "LIBKML":
        document, names = kml.plain_names(source.read_bytes())
        target.write_bytes(document)
    else:
        shutil.copyfile(source, target)
    return Opened(target, kind.driver, codec, dbf.named(codec), found, member, None, names)


def _wrong(path: Path) -> KnownError:
    return KnownError(
        "wrong_format",
        f"{path.name} is neither a shapefile, a GeoPackage nor KML, whatever its name says",
        field="file",
    )


def _shapefile(source: Path, folder: Path, encoding: str, member: str) -> Opened:
    formats.refuse_missing(source)
    target = folder / "read.shp"
    for suffix in (".shp", ".shx", ".dbf", ".prj"):
        part = formats.sibling(source, suffix)
        if part is not None:
            shutil.copyfile(part, target.with_suffix(suffix))
    table = dbf.layout(target.with_suffix(".dbf"))
    codec, found = dbf.encoding_of(table, formats.sibling(source, ".cpg"), encoding)
    # every byte comes through as it is, so that one broken text costs its row and no other
    target.with_suffix(".cpg").write_text("ISO-8859-1", "ascii")
    return Opened(target, "ESRI Shapefile", codec, dbf.named(codec), found, member, table)


def describe(opened: Opened, name: str) -> Described:
    """What the file holds. ``name``: the file's own, for refusals."""
    layers = [(str(n), str(g or "")) for n, g in pyogrio.list_layers(opened.path)[: MAX_LAYERS + 1]]
    if len(layers) > MAX_LAYERS:
        raise KnownError("too_large", f"{name} has more than {MAX_LAYERS} layers")
    told = [_layer(opened, layer, name) for layer, geometry in layers]
    if not told:
        raise KnownError("empty_file", f"{name} has no layers")
    return Described(
        driver=DRIVERS[opened.driver],
        layers=tuple(told),
        encoding=opened.encoding,
        encoding_from=opened.encoding_from,
        member=opened.member,
    )


def _layer(opened: Opened, layer: str, name: str) -> LayerInfo:
    whole = opened.driver in _ALL_AT_ONCE
    told = pyogrio.read_info(
        opened.path,
        layer=layer,
        encoding=_read_as(opened),
        force_feature_count=whole,
        force_total_bounds=True,
    )
    if len(told["fields"]) > MAX_COLUMNS:
        raise KnownError("too_large", f"{name} has more than {MAX_COLUMNS:,} columns")
    bounds = told["total_bounds"]
    box = None
    if bounds is not None and all(math.isfinite(v) for v in bounds):
        box = (float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3]))
    shown = name.rpartition(".")[0] if layer == "read" else layer
    cells = Cells(opened.codec, opened.table, told, _left_out(opened))
    return LayerInfo(
        name=shown[:200],
        geometry=str(told["geometry_type"] or "none"),
        count=int(told["features"]),
        columns=kml.named_again([n for n, _ in cells.columns], opened.names),
        crs=_crs(told["crs"], box),
        bounds=box,
    )


def _left_out(opened: Opened) -> frozenset[str]:
    return kml.NOISE if opened.driver == "LIBKML" else frozenset()


def _crs(told: Any, box: tuple[float, float, float, float] | None) -> CrsInfo | None:
    """None also where the file names a system that has no positions on the Earth."""
    if not told:
        return None
    middle = None if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    try:
        return placing.info(str(told), middle)
    except KnownError:
        return None


def _read_as(opened: Opened) -> str | None:
    """Latin-1, so that bytes come through; a shapefile's driver has been told so already."""
    return None if opened.driver == "ESRI Shapefile" else "latin-1"


def first_rows(opened: Opened, request: Request) -> Iterator[Batch]:
    """The first rows of a layer ("": the first); raw where nothing says in which system."""
    names = [str(n) for n, _ in pyogrio.list_layers(opened.path)]
    layer = request.layer if request.layer in names else names[0]
    told = pyogrio.read_info(opened.path, layer=layer, encoding=_read_as(opened))
    known = request.crs or _crs(told["crs"], None) is not None
    place = placing.Placing(
        request.crs or (str(told["crs"]) if known else placing.WGS84), request.datum
    )
    source = _Layer(opened, layer)
    for piece in source.rows(0, FIRST_ROWS):
        for batch in _cut(piece, source.cells(piece), place):
            yield batch
            return


def batches(opened: Opened, request: Request) -> Iterator[Batch]:
    """All rows of a layer, in order. KnownError ``which_layer``, ``no_crs``, ``too_large``."""
    layer = _chosen(opened, request)
    told = pyogrio.read_info(opened.path, layer=layer, encoding=_read_as(opened))
    if not request.crs and _crs(told["crs"], None) is None:
        raise no_crs(request.path)
    place = placing.Placing(request.crs or str(told["crs"]), request.datum)
    step = MAX_ROWS + 1 if opened.driver in _ALL_AT_ONCE else BATCH_ROWS
    source = _Layer(opened, layer)
    first = 0
    while first <= MAX_ROWS:
        count = 0
        for piece in source.rows(first, step):
            yield from _cut(piece, source.cells(piece), place)
            count += piece.size
        first += count
        if count < step:
            return
    raise KnownError("too_many", f"only the first {MAX_ROWS:,} rows are read")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rows ``first`` … from 0 as the driver gives them. ``why``: the one row of it has no shape
    that could be read."""

    first: int
    size: int
    told: Mapping[str, Any]
    columns: list[Any]
    shapes: Any
    why: str = ""


class _Layer:
    """Reads pieces of one layer. A row that cannot be read is found by halving and given alone."""

    def __init__(self, opened: Opened, layer: str) -> None:
        self._opened, self._layer = opened, layer
        self._failures = 0

    def cells(self, piece: _Piece) -> Cells:
        """Reads a piece's columns as texts."""
        return Cells(self._opened.codec, self._opened.table, piece.told, _left_out(self._opened))

    def rows(self, first: int, count: int) -> Iterator[_Piece]:
        """Up to ``count`` rows; fewer only at the end of the layer."""
        try:
            yield self._read(first, count, shapes=True)
            return
        except (DataSourceError, DataLayerError, ValueError, RuntimeError) as error:
            self._failures += 1
            if self._failures > MAX_BROKEN or self._opened.driver in _ALL_AT_ONCE:
                raise
            why = " ".join(str(error).split())[:120]
        if count == 1:
            piece = self._read(first, 1, shapes=False)
            yield replace(piece, why=why)
            return
        half = count // 2
        found = 0
        for piece in self.rows(first, half):
            found += piece.size
            yield piece
        if found == half:
            yield from self.rows(first + half, count - half)

    def _read(self, first: int, count: int, *, shapes: bool) -> _Piece:
        told, _, geometry, columns = read_raw(
            self._opened.path,
            layer=self._layer,
            encoding=_read_as(self._opened),
            force_2d=True,
            read_geometry=shapes,
            skip_features=first,
            max_features=count,
        )
        size = len(columns[0]) if len(columns) else 0 if geometry is None else len(geometry)
        return _Piece(first, size, told, list(columns), geometry)


def _cut(piece: _Piece, cells: Cells, place: placing.Placing) -> Iterator[Batch]:
    for start in range(0, piece.size, BATCH_ROWS):
        part = slice(start, start + BATCH_ROWS)
        size = min(BATCH_ROWS, piece.size - start)
        shapes = None if piece.shapes is None else piece.shapes[part]
        columns = [c[part] for c in piece.columns]
        batch = _batch(piece.first + start, size, columns, shapes, cells, place)
        if piece.why:
            batch.problems[0] = ("bad_geometry", f"broken geometry: {piece.why}")
        yield batch


def _batch(
    first: int, size: int, columns: list[Any], shapes: Any, cells: Cells, place: placing.Placing
) -> Batch:
    problems: dict[int, tuple[str, str]] = {}
    texts = cells.texts(columns, size, problems)
    wkb = to_degrees(shapes, size, place, problems)
    return Batch(first=first + 1, cells=texts, shapes=wkb, problems=problems)


def _chosen(opened: Opened, request: Request) -> str:
    names = [str(n) for n, _ in pyogrio.list_layers(opened.path)]
    own = Path(request.path).name.rpartition(".")[0]
    if request.layer:
        if request.layer in names:
            return request.layer
        if names == ["read"] and request.layer == own:
            return "read"
    elif len(names) == 1:
        return names[0]
    shown = ", ".join(names[:30])
    raise KnownError(
        "which_layer",
        f"choose one of the layers {shown}"
        if not request.layer
        else f"there is no layer “{request.layer[:60]}”; there are {shown}",
        field="layer",
        params={"layers": shown},
    )


def no_crs(path: str) -> KnownError:
    """A file that does not say in which reference system its numbers are."""
    return KnownError(
        "no_crs",
        f"{Path(path).name} does not say in which reference system of the Earth its"
        " coordinates are; name it with --crs, such as --crs 4490",
        field="crs",
    )


def quiet() -> None:
    """The driver's warnings would be lines on a pipe nobody reads; what they say of rows is found
    again in the rows."""
    warnings.simplefilter("ignore")
    shapely.prepare(shapely.Point(0, 0))
    np.seterr(all="ignore")

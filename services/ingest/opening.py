"""Which source reads a file: by how it begins, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from services.domain.errors import KnownError
from services.ingest.csv_source import CsvSource
from services.ingest.geojson_source import GeoJsonSource
from services.ingest.gis.formats import recognise
from services.ingest.gis.placing import WGS84, Placing
from services.ingest.gis.source import GisSource
from services.ingest.import_options import ImportOptions
from services.ingest.import_report import Positions
from services.ingest.rows import RowSource, check_size

JSON_NAMES = (".geojson", ".json")
_MAGIC = (
    (b"SQLite format 3\0", "a SQLite database that is no GeoPackage"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"\xd0\xcf\x11\xe0", "an old Office file, such as .xls"),
    (b"%PDF", "a PDF"),
)
"""How files begin that people take for one of ours. None is unpacked, so none can swell."""
_OFFICE = (".xlsx", ".docx", ".ods")


def open_source(
    options: ImportOptions, stop: Callable[[], bool]
) -> tuple[RowSource, Positions, Placing]:
    """The source of a file's rows, in which numbers its positions are, and how numbers in its
    cells become degrees. KnownError of the sources, ``wrong_format``."""
    check_size(options.path)
    refuse_others(options.path)
    if recognise(options.path) is not None:
        source = GisSource(
            options.path,
            options.layer,
            options.encoding,
            options.crs,
            options.datum,
            stop=stop,
        )
        return source, source.positions, Placing(options.crs or WGS84, options.datum)
    if options.layer:
        raise KnownError("which_layer", f"{options.path.name} has no layers", field="layer")
    if options.path.suffix.lower() in JSON_NAMES:
        features = GeoJsonSource(options.path, options.crs, options.datum)
        where = Positions(features.place.info, options.datum, features.crs_from)
        return features, where, features.place
    place = Placing(options.crs or WGS84, options.datum)
    told = "given" if options.crs or options.datum != "wgs84" else "assumed"
    positions = Positions(place.info, options.datum, told)
    return CsvSource(options.path, options.encoding), positions, place


def refuse_others(path: Path) -> None:
    """KnownError ``wrong_format`` for files that people take for one of ours."""
    with path.open("rb") as file:
        head = file.read(72)
    ours = recognise(path) is not None
    for start, what in _MAGIC:
        if head.startswith(start) and not ours:
            raise KnownError("wrong_format", _advice(path.name, what), field="file")
    if head.startswith(b"PK\x03\x04") and path.suffix.lower() in _OFFICE:
        what = "an Office file, such as .xlsx"
        raise KnownError("wrong_format", _advice(path.name, what), field="file")


def _advice(name: str, what: str) -> str:
    return f"{name} is {what}; save it as CSV (UTF-8) or GeoJSON and import that"

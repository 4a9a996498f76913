"""What kind of file it is, by how it begins and not by its name alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.domain.errors import KnownError

Driver = Literal["ESRI Shapefile", "GPKG", "LIBKML"]
DRIVERS: dict[Driver, str] = {
    "ESRI Shapefile": "Shapefile",
    "GPKG": "GeoPackage",
    "LIBKML": "KML",
}
"""The only three that are ever asked to open something, and their names for people."""
OTHERS = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRIJSON,"
    "Elasticsearch,FlatGeobuf,GDALG,GML,GPSBabel,GPX,GTFS,GeoJSON,GeoJSONSeq,GeoRSS,HTTP,"
    "Idrisi,JML,JSONFG,KML,LVBAG,MBTiles,MEM,MVT,MapInfo File,MapML,MiraMonVector,NGW,"
    "OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,"
    "PLSCENES,PMTiles,S57,SQLite,SXF,Selafin,TopoJSON,VDV,VFK,VICAR,WAsP,WFS,XLSX"
)
"""Drivers of the library that are let go of at once; any that is not named here is let go of by
beginning anew, which costs a fifth of a second."""
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SUFFIXES = (".shp", ".gpkg", ".kml", ".kmz", ".zip")
_HEAD = 4_096
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_ENDIANS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class Kind:
    """``driver`` None: an archive, to be unpacked first."""

    driver: Driver | None
    name: str


def recognise(path: Path) -> Kind | None:
    """What a file is, or None where it is none of ours; OSError where it cannot be read."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"SQLite format 3\0"):
        return Kind("GPKG", "GeoPackage") if head[68:72] in _GPKG_IDS else None
    if head.startswith(b"PK\x03\x04"):
        return Kind(None, "KMZ" if path.suffix.lower() == ".kmz" else "ZIP")
    if head.startswith(b"\x00\x00\x27\x0a"):
        return Kind("ESRI Shapefile", "Shapefile")
    if _is_kml(head):
        return Kind("LIBKML", "KML")
    return None


def _is_kml(head: bytes) -> bool:
    codec = next((c for mark, c in _ENDIANS.items() if head.startswith(mark)), "latin-1")
    text = head.decode(codec, "replace").lstrip()
    return text.startswith("<") and ("<kml" in text or ":kml" in text)


def refuse_missing(path: Path) -> None:
    """KnownError where a shapefile lacks a part without which it cannot be read."""
    for suffix in (".shx", ".dbf"):
        if sibling(path, suffix) is None:
            raise KnownError(
                "missing_part",
                f"{path.name} needs {path.stem}{suffix} beside it; copy all parts of the"
                " shapefile, or pack them into one .zip",
                field="file",
                params={"part": path.stem + suffix},
            )


def sibling(path: Path, suffix: str) -> Path | None:
    """A part of a shapefile beside it, whatever the case of its name."""
    for name in (path.stem + suffix, path.stem + suffix.upper()):
        found = path.with_name(name)
        if found.is_file():
            return found
    return None

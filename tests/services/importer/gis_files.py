"""Small shapefiles, GeoPackages and KML for tests, written by the same library that others use."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import write

DRIVERS = {".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".kml": "KML"}


def written(
    path: Path,
    shapes: Sequence[Any],
    columns: dict[str, Sequence[Any]],
    *,
    crs: str | None = "EPSG:4326",
    layer: str | None = None,
    encoding: str | None = None,
    geometry: str | None = None,
    append: bool = False,
) -> Path:
    """A file of shapely shapes and columns (lists of one type each)."""
    data = np.array([None if s is None else shapely.to_wkb(s) for s in shapes], dtype=object)
    first = next((s.geom_type for s in shapes if s is not None), "Point")
    write(
        path,
        data,
        [_array(values) for values in columns.values()],
        list(columns),
        layer=layer,
        driver=DRIVERS[path.suffix],
        geometry_type=geometry or first,
        crs=crs,
        encoding=encoding,
        append=append,
    )
    return path


def _array(values: Sequence[Any]) -> Any:
    if any(isinstance(v, str) or v is None for v in values):
        return np.array(values, dtype=object)
    return np.array(values)


def zipped(path: Path, *files: Path, folder: str = "") -> Path:
    """An archive of files, and of all parts of shapefiles."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            parts = sorted(file.parent.glob(f"{file.stem}.*")) if file.suffix == ".shp" else [file]
            for part in parts:
                archive.write(part, folder + part.name)
    return path


def without_crs(path: Path) -> Path:
    """Take what a file says of its reference system away."""
    if path.suffix == ".shp":
        path.with_suffix(".prj").unlink(missing_ok=True)
        return path
    with sqlite3.connect(path) as store:
        store.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
        store.execute("UPDATE gpkg_contents SET srs_id = -1")
    store.close()
    return path

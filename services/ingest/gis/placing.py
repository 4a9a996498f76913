"""From the numbers of a file to WGS-84 degrees: its reference system, then its datum.

Pure; any thread. ``crs`` says how numbers become degrees (an EPSG code, or WKT as a file has it),
``datum`` what the degrees mean (WGS-84, GCJ-02 or BD-09).
"""

from __future__ import annotations

import math
import re
import warnings
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj._transformer import AreaOfInterest
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from services.domain.datum import DATUMS, Datum, to_wgs84
from services.domain.errors import KnownError
from services.ingest.gis.frames import CrsInfo

Floats = npt.NDArray[np.float64]
MAX_WKT = 32_768
CGCS2000_M = 1.0
"""How far CGCS2000 may lie from WGS 84; nothing is done about it."""
CHINA_NORTHINGS = (1_900_000.0, 6_000_000.0)
"""Metres north of the equator, from Hainan to Heilongjiang."""
LOOSE_M = 2.0
"""A reference system that can be brought to WGS 84 no better than this is warned of."""
_CODE = re.compile(r"(?:EPSG:{1,2})?(\d{4,6})", re.IGNORECASE)
_URN = re.compile(r"urn:ogc:def:crs:(?:EPSG:[\d.]*:(\d{4,6})|OGC:[\d.]*:(CRS84))", re.IGNORECASE)
WGS84 = "EPSG:4326"


class Placing:
    """One way from a file's numbers to WGS-84 degrees."""

    def __init__(self, crs: str = WGS84, datum: str = "wgs84") -> None:
        """KnownError ``unknown_crs`` or ``unknown_datum``."""
        if datum not in DATUMS:
            raise KnownError(
                "unknown_datum",
                f"“{datum[:40]}” is none of {', '.join(DATUMS)}",
                field="datum",
            )
        self.datum: Datum = datum
        self._crs = parse(crs)
        self._degrees = self._crs.is_geographic
        operation = self._crs.coordinate_operation
        self._transverse = operation is not None and "Transverse" in operation.method_name
        self._same = _is_wgs84(self._crs)

    @property
    def is_plain(self) -> bool:
        """Whether numbers are WGS-84 degrees already."""
        return self._same and self.datum == "wgs84"

    @property
    def info(self) -> CrsInfo:
        """The reference system in words and numbers."""
        return info(self._crs.to_wkt())

    @property
    def in_degrees(self) -> bool:
        """Whether the file's own numbers are degrees."""
        return self._degrees

    def move(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Longitude and latitude; infinite where there are none."""
        east, north = np.asarray(x, np.float64), np.asarray(y, np.float64)
        if not self._same:
            try:
                east, north = _transformer(self._crs.to_wkt()).transform(east, north)
            except ProjError:  # one impossible pair must not cost the others
                return np.full_like(east, np.inf), np.full_like(north, np.inf)
            east, north = np.asarray(east, np.float64), np.asarray(north, np.float64)
        return to_wgs84(east, north, self.datum)

    def check(self, x: float, y: float) -> None:
        """KnownError ``swapped`` where metres of a Chinese zone stand north before east, as survey
        tables have them; ``wrong_crs`` where the numbers are no place in the system."""
        if self._degrees:
            return
        if not (math.isfinite(x) and math.isfinite(y)):
            raise KnownError("not_finite", "A coordinate is not a finite number.", field="lon")
        north = CHINA_NORTHINGS[0] <= x <= CHINA_NORTHINGS[1]
        east = 100_000 <= y <= 900_000 or 13_000_000 <= y < 46_000_000
        if self._transverse and north and east:
            raise KnownError(
                "swapped",
                f"North stands before east: {x:,.0f}, {y:,.0f}.",
                field="lat",
                params={"lon": x, "lat": y},
            )
        lon, lat = (float(v) for v in self.move(x, y))
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise KnownError(
                "wrong_crs",
                f"{x:,.6g}, {y:,.6g} is no place in {self._crs.name}; choose another reference"
                " system",
                field="crs",
            )

    def shapes(self, shapes: Any) -> Any:
        """Shapely geometries (one, or an array) in WGS-84 degrees, without heights."""
        flat = shapely.force_2d(shapes)
        if self.is_plain:
            return flat

        def moved(points: Floats) -> Floats:
            return np.column_stack(self.move(points[:, 0], points[:, 1]))

        return shapely.transform(flat, moved)


def parse(crs: str) -> pyproj.CRS:
    """A reference system by code (``EPSG:4490``, ``4490``, an OGC URN) or WKT, never by a file's or
    another service's name. KnownError ``unknown_crs``."""
    text = crs.strip()
    urn = _URN.fullmatch(text)
    code = _CODE.fullmatch(text) or urn
    try:
        if urn and urn[2]:
            return pyproj.CRS.from_epsg(4326)
        if code:
            found = pyproj.CRS.from_epsg(int(code[1]))
        elif len(text) <= MAX_WKT and re.match(r"[A-Z0-9_]{4,20}\[", text):
            found = pyproj.CRS.from_wkt(text)
        else:
            raise CRSError("neither a code nor WKT")
    except (CRSError, ProjError, ValueError, OverflowError) as error:
        raise _unknown(text) from error
    flat = found.sub_crs_list[0] if found.is_compound else found
    if not (flat.is_geographic or flat.is_projected) or flat.is_vertical:
        raise _unknown(text)
    return flat


def info(crs: str, at: tuple[float, float] | None = None) -> CrsInfo:
    """What there is to say about a reference system; KnownError ``unknown_crs``.

    ``at``: a place in its own numbers, because how well a datum is known differs by region.
    """
    found = parse(crs)
    return CrsInfo(
        name=found.name[:120],
        epsg=found.to_epsg(min_confidence=70) or 0,
        degrees=found.is_geographic,
        accuracy_m=_accuracy(found, at),
    )


def _is_wgs84(crs: pyproj.CRS) -> bool:
    """CGCS2000 too: the two differ by less than a map of a district shows."""
    return crs.is_geographic and (crs.to_epsg(min_confidence=70) or 0) in (4326, 4490, 4979, 4480)


@lru_cache(maxsize=32)
def _transformer(wkt: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(pyproj.CRS.from_wkt(wkt), 4326, always_xy=True)


def _accuracy(crs: pyproj.CRS, at: tuple[float, float] | None) -> float | None:
    """Metres; None where only a guess leads to WGS 84."""
    base = crs.geodetic_crs
    if base is None:
        return None
    if _is_wgs84(base):
        return 0.0 if base.to_epsg(min_confidence=70) in (4326, 4979) else CGCS2000_M
    area = None
    if at is not None:
        there = pyproj.Transformer.from_crs(crs, base, always_xy=True).transform(*at)
        lon, lat = (float(v) for v in there)
        if abs(lon) <= 180 and abs(lat) <= 90:
            area = AreaOfInterest(lon - 0.01, max(lat - 0.01, -90), lon + 0.01, min(lat + 0.01, 90))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a better one is not installed shows in the figure
        group = TransformerGroup(base, 4326, always_xy=True, area_of_interest=area)
    known = [t.accuracy for t in group.transformers if "allpark" not in t.description]
    return float(known[0]) if known and known[0] >= 0 else None


def _unknown(text: str) -> KnownError:
    shown = "".join(c if c.isprintable() else "�" for c in text[:60])
    return KnownError(
        "unknown_crs",
        f"“{shown}” is no reference system with positions; write an EPSG code such as 4490",
        field="crs",
    )

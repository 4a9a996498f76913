"""The district and its middle, as what base maps are checked at and downloaded for. No Qt."""

from __future__ import annotations

from pathlib import Path

from app.resources import resource
from layers.model import mercator
from layers.model.basemap import load_basemap
from services.basemaps.region import Region
from services.domain.errors import KnownError

OUTLINE = resource("basemap", "district_outline.geojson")


def district(first: int, last: int, outline: Path = OUTLINE) -> Region:
    """The district within its outline."""
    rings = []
    for feature in load_basemap([outline]).features:
        if feature.kind == "outline":
            lon, lat = mercator.lonlat(feature.points[:, 0], feature.points[:, 1])
            rings.append(tuple(zip(lon.tolist(), lat.tolist(), strict=True)))
    return Region(tuple(rings), first, last)


def middle(outline: Path = OUTLINE) -> tuple[float, float]:
    """Longitude and latitude in the middle of the district."""
    west, south, east, north = load_basemap([outline]).bounds
    return (west + east) / 2, (south + north) / 2


def parse_levels(text: str) -> tuple[int, int]:
    """Two levels as ``10-16``, or one. KnownError ``bad_option``."""
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()) or len(text) > 5:
        raise KnownError("bad_option", f"{text[:40]!r} is no range of levels such as 10-16")
    return int(first), int(last or first)


def parse_box(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees, with commas between. KnownError ``bad_option``."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise KnownError(
            "bad_option", f"{text[:60]!r} is no box such as 101.7,36.5,101.9,36.7"
        ) from None
    return west, south, east, north


def size_words(count: float) -> str:
    """Bytes as people read them: 12.3 MB."""
    for unit in ("B", "kB", "MB"):
        if count < 1_000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1_000
    return f"{count:.1f} GB"

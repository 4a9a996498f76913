"""A driver's WKB into WGS-84 degrees, a batch at once; what cannot be is said by row. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.errors import GEOSException

from services.domain.errors import KnownError
from services.domain.geodesy import check_position
from services.ingest.gis.placing import Placing

MAX_VERTICES = 100_000
Problems = dict[int, tuple[str, str]]


def to_degrees(
    shapes: Any, size: int, place: Placing, problems: Problems
) -> tuple[bytes | None, ...]:
    """WKB of each row, None where it has no place (or none that can be used: see ``problems``)."""
    if shapes is None:
        return (None,) * size
    found = np.empty(size, dtype=object)
    for row in range(size):
        found[row] = _parsed(shapes[row], row, problems)
    try:
        moved = place.shapes(found)
    except GEOSException as error:
        for row in range(size):
            problems.setdefault(row, ("bad_geometry", f"broken geometry: {str(error)[:120]}"))
        return (None,) * size
    for row in range(size):
        moved[row] = None if row in problems else _checked(found[row], moved[row], place)
        if isinstance(moved[row], KnownError):
            problems[row] = (moved[row].code, moved[row].text)
            moved[row] = None
    return tuple(None if s is None else shapely.to_wkb(s) for s in moved)


def _parsed(raw: bytes | None, row: int, problems: Problems) -> Any:
    if raw is None or len(raw) == 0:
        return None
    try:
        shape = shapely.from_wkb(raw)
    except GEOSException as error:
        problems.setdefault(row, ("bad_geometry", f"broken geometry: {str(error)[:120]}"))
        return None
    if shape is None or shape.is_empty:
        return None
    if shapely.get_num_coordinates(shape) > MAX_VERTICES:
        problems.setdefault(row, ("too_large", f"more than {MAX_VERTICES:,} vertices"))
        return None
    return shape


def _checked(told: Any, moved: Any, place: Placing) -> Any:
    """The shape in degrees, or the KnownError that says why there is none."""
    if told is None:
        return None
    try:
        x, y = shapely.get_coordinates(told)[0]
        place.check(float(x), float(y))
        check_degrees(moved)
    except KnownError as why:
        return why
    return moved


def check_degrees(shape: Any) -> None:
    """KnownError for the first vertex that is no position, or stands latitude first."""
    points = shapely.get_coordinates(shape)
    lon, lat = points[:, 0], points[:, 1]
    # most shapes are fine; only in one that is not is the vertex looked for
    if np.isfinite(points).all() and np.abs(lon).max() <= 180 and np.abs(lat).max() < 73:
        return
    for x, y in points.tolist():
        check_position(x, y)

"""Areas that an account is held to, as one shape to test places against. Pure; any thread.

An area is the id of a thing with an outline, or a township's code: all digits, with which the ids
of its grids begin. Plane geometry on degrees: areas are small, and neighbours share their edges.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from services.domain.model import Entity

MIN_CODE = 6
"""Digits of a district's code: nothing shorter is taken for the beginning of grid ids."""


def holds_id(areas: frozenset[str], id_: str) -> bool:
    """Whether an area's id, or the code that it begins with, is among ``areas``."""
    if id_ in areas:
        return True
    return id_.isdecimal() and any(id_[:end] in areas for end in range(MIN_CODE, len(id_)))


class Region:
    """The union of some outlines; empty where none is known yet."""

    def __init__(self, outlines: Iterable[Entity]) -> None:
        shapes = [
            shapely.make_valid(shapely.Polygon(e.geometry[0], e.geometry[1:]))
            for e in outlines
            if e.geometry and len(e.geometry[0]) >= 4
        ]
        self._shape = shapely.union_all(shapes)
        shapely.prepare(self._shape)

    def holds(self, lon: float | None, lat: float | None) -> bool:
        """Whether a place lies inside or on the edge; what has no place does not."""
        if lon is None or lat is None:
            return False
        return bool(shapely.intersects_xy(self._shape, lon, lat))

    def holding(self, entities: Iterable[Entity]) -> set[str]:
        """Ids of the things that lie inside, all tested at once."""
        placed = [e for e in entities if e.lon is not None and e.lat is not None]
        if not placed:
            return set()
        lons = np.array([e.lon for e in placed], dtype=np.float64)
        lats = np.array([e.lat for e in placed], dtype=np.float64)
        inside = shapely.intersects_xy(self._shape, lons, lats)
        return {e.id for e, holds in zip(placed, inside, strict=True) if holds}

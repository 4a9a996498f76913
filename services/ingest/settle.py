"""Shapes as they come into shapes that a kind can have: whole, mended, or one by one. Pure.

A shape that crosses itself is refused, or mended where that was asked for; one of several parts is
refused, or becomes several things. Either way its row says so: nothing is changed in silence.
"""

from __future__ import annotations

from typing import Any

import shapely
from shapely.validation import explain_validity

from services.domain.errors import KnownError

MAX_PARTS = 200
_WANTED = {"polygon": "Polygon", "line": "LineString", "point": "Point"}


def sound(shape: Any, *, mend: bool) -> tuple[Any, str]:
    """The shape, and what was mended in it ("": nothing). KnownError ``bad_geometry`` names the
    fault and its place."""
    if shape.is_valid:
        return shape, ""
    reason = explain_validity(shape)
    if not mend:
        raise KnownError("bad_geometry", f"invalid geometry: {reason}", field="geometry")
    made = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if made.is_empty or made.geom_type.removeprefix("Multi") != shape.geom_type.removeprefix(
        "Multi"
    ):
        raise KnownError(
            "bad_geometry",
            f"invalid geometry, and nothing is left of it: {reason}",
            field="geometry",
        )
    return made, f"mended: {reason}"


def parts(shape: Any, geometry: str, kind: str, *, split: bool) -> list[Any]:
    """The shapes that one row gives to a kind: one, or several where ``split``.

    ``geometry``: point, polygon or line. A point kind takes any shape, marked at a point inside of
    it; only several points of one row are several things. KnownError ``bad_geometry``.
    """
    wanted = _WANTED[geometry]
    found = _flat(shape)
    if geometry == "point" and not all(p.geom_type == "Point" for p in found):
        return [shape]
    others = next((p.geom_type for p in found if p.geom_type != wanted), "")
    if others or not found:
        raise KnownError(
            "bad_geometry",
            f"{kind} needs one {wanted}; the feature has {len(found)} × {others or 'nothing'}",
            field="geometry",
        )
    if len(found) > 1 and not split:
        raise KnownError(
            "bad_geometry",
            f"{kind} needs one {wanted}; the feature has {len(found)} × {wanted} (they can be"
            " split into a thing each: --split)",
            field="geometry",
            params={"parts": len(found)},
        )
    if len(found) > MAX_PARTS:
        raise KnownError(
            "too_large", f"more than {MAX_PARTS} parts in one feature", field="geometry"
        )
    return found


def _flat(shape: Any) -> list[Any]:
    inner = getattr(shape, "geoms", None)
    return [shape] if inner is None else [p for each in inner for p in _flat(each)]

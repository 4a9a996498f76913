"""Zoom levels as map scales. Pure."""

from __future__ import annotations

import math

from layers.model import mercator

PIXEL_M = 0.000_28
"""The pixel of the OGC's scale denominators."""


def denominator(zoom: float, lat: float) -> int:
    """N of the scale 1:N on the ground at a latitude, to two digits."""
    exact = mercator.metres_per_px(lat, zoom) / PIXEL_M
    digits = max(0, math.floor(math.log10(exact)) - 1)
    step = 10.0**digits
    return int(round(exact / step) * step)


def scale_text(zoom: float, lat: float) -> str:
    """The scale as it is written on a map."""
    return f"1:{denominator(zoom, lat):,}"

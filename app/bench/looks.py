"""The looks at one city that every map in ``onemap bench render`` is given alike."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from app.bench import points
from layers.model import mercator
from layers.model.view import MapView

WIDTH, HEIGHT = 1920, 1080
SHORT_FROM = 500_000
"""From so many points on a frame of a peer takes seconds: fewer frames are measured."""
ZOOM_AT = WIDTH * 0.4, HEIGHT * 0.45
Box = tuple[float, float, float, float]
Step = tuple[float, float, float]
"""Pixels to the right and down, and zoom levels at a fixed place of the view."""


def steps(size: int) -> list[Step]:
    """Pans in a circle, then in and out through three zoom levels."""
    pans, zooms = (12, 8) if size >= SHORT_FROM else (60, 24)
    found = [(9 * math.cos(i / 6), 7 * math.sin(i / 6), 0.0) for i in range(pans)]
    step = 6.0 / zooms
    return found + [(0.0, 0.0, step if i < zooms // 2 else -step) for i in range(zooms)]


def boxes(home: Box, size: int) -> list[Box]:
    """West, south, east, north in degrees after each step, for maps that know no gestures."""
    view = MapView()
    view.resize(WIDTH, HEIGHT)
    view.fit(*home)
    found = []
    for dx, dy, zoom in steps(size):
        if zoom:
            view.zoom_by(zoom, *ZOOM_AT)
        else:
            view.pan(dx, dy)
        west, north, east, south = view.camera().rect()
        (w, e), (n, s) = mercator.lonlat(np.array([west, east]), np.array([north, south]))
        found.append((float(w), float(s), float(e), float(n)))
    return found


def write(path: Path, size: int) -> None:
    """All longitudes, then all latitudes, as raw float64."""
    lon, lat = points.lonlat(size)
    path.write_bytes(lon.tobytes() + lat.tobytes())

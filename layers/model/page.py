"""Where things stand on a sheet of paper with a map, and how long its scale bar is. Pure.

Lengths are pixels of 1/96 inch, in which the map is drawn at the size of a screen; more dots an
inch make the same sheet finer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from layers.model import mercator
from layers.model.view import Camera

Paper = Literal["a4", "a3"]
PAPERS: dict[Paper, tuple[float, float]] = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
"""Short and long side in millimetres."""
PX_PER_MM = 96.0 / 25.4
MARGIN_MM, HEAD_MM, FOOT_MM, SIDE_MM, GAP_MM = 10.0, 15.0, 15.0, 52.0, 3.0
BAR_SHARE = 0.28
"""The scale bar takes at most this share of the map's width."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The sheet and its parts."""

    paper: Paper
    landscape: bool
    page: Area
    head: Area
    map: Area
    legend: Area
    foot: Area


def layout(paper: Paper, landscape: bool) -> PageLayout:
    """Head above, legend at the right, foot below, the map in all the rest."""
    short, long = PAPERS[paper]
    width, height = (long, short) if landscape else (short, long)
    inner = width - 2 * MARGIN_MM
    below = height - MARGIN_MM - FOOT_MM
    top = MARGIN_MM + HEAD_MM
    map_width = inner - SIDE_MM - GAP_MM
    map_height = below - GAP_MM - top

    def area(x: float, y: float, w: float, h: float) -> Area:
        return Area(*(value * PX_PER_MM for value in (x, y, w, h)))

    return PageLayout(
        paper,
        landscape,
        area(0.0, 0.0, width, height),
        area(MARGIN_MM, MARGIN_MM, inner, HEAD_MM - GAP_MM),
        area(MARGIN_MM, top, map_width, map_height),
        area(MARGIN_MM + map_width + GAP_MM, top, SIDE_MM, map_height),
        area(MARGIN_MM, below, inner, FOOT_MM),
    )


def camera_for(seen: Camera, frame: Area) -> Camera:
    """A camera that shows at least what another one shows, in a frame of another shape."""
    grow = min(frame.width / seen.width, frame.height / seen.height)
    return Camera(seen.x, seen.y, seen.zoom + math.log2(grow), frame.width, frame.height)


def metres_per_px(camera: Camera) -> float:
    """Ground metres of a pixel in the middle of a camera's view."""
    lat = float(mercator.lonlat(camera.x, camera.y)[1])
    return mercator.metres_per_px(lat, camera.zoom)


def scale_of(camera: Camera) -> float:
    """N of the scale 1:N that a sheet has in the middle of its map."""
    return metres_per_px(camera) / mercator.PIXEL_M


def scale_bar(metres_px: float, most_px: float) -> tuple[float, float]:
    """The longest round length (1, 2 or 5 with noughts, metres) that fits, and its pixels."""
    most = most_px * metres_px
    power = 10.0 ** math.floor(math.log10(most))
    step = next(s for s in (5.0, 2.0, 1.0) if s * power <= most * (1 + 1e-9))
    return step * power, step * power / metres_px

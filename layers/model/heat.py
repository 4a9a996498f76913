"""How densely things lie, as a picture: counted into cells, smoothed, coloured. Pure; any thread.

Time and memory are bounded by the cells of the view and go with the things in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model import mercator

Floats = npt.NDArray[np.float64]
Field = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Rect = tuple[float, float, float, float]
MOST_CELLS = 400_000
CELLS_PER_RADIUS = 7.0
"""Cells so fine that none can be seen in the smoothed picture."""
REACH = 2.5
"""The radius in standard deviations of the bell that spreads each thing."""
FADE = 0.16
"""Up to this share of the peak the colour comes out of nothing."""
MOST_OPAQUE = 0.82


@dataclass(frozen=True, slots=True)
class HeatInput:
    """The things of one layer: degrees (n,), what each weighs (None: one), the radius in pixels and
    the layer's opacity."""

    layer: str
    lon: Floats
    lat: Floats
    weights: Floats | None
    radius: float
    opacity: float


@dataclass(frozen=True, slots=True)
class HeatRequest:
    """``rect`` in world coordinates, ``world_px`` the world's width in pixels; ``ramp`` holds
    colours (r, g, b) of 0..255 from little to much."""

    inputs: tuple[HeatInput, ...]
    rect: Rect
    world_px: float
    ramp: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class HeatPicture:
    """``pixels`` (height, width, 4) premultiplied RGBA from the north-west corner of ``rect``, in
    world coordinates. ``peaks``: the densest place of each layer, per square kilometre."""

    rect: Rect
    pixels: Pixels
    peaks: tuple[tuple[str, float], ...]


def picture(request: HeatRequest) -> HeatPicture:
    """All heat layers of a view over each other, the first on top."""
    radius = min((given.radius for given in request.inputs), default=24.0)
    width, height, cell = _cells(request.rect, request.world_px, radius)
    west, north = request.rect[0], request.rect[1]
    rect = (west, north, west + width * cell, north + height * cell)
    area = _cell_km2((north + rect[3]) / 2, cell)
    pixels = np.zeros((height, width, 4), np.float32)
    peaks = []
    for given in reversed(request.inputs):
        values = density(given, (west, north), cell, (width, height), request.world_px)
        peak = float(values.max(initial=0.0))
        peaks.append((given.layer, peak / area))
        if peak > 0:
            _lay(pixels, colored(values / peak, request.ramp), given.opacity)
    return HeatPicture(rect, np.rint(pixels * 255).astype(np.uint8), tuple(reversed(peaks)))


def density(
    given: HeatInput,
    corner: tuple[float, float],
    cell: float,
    size: tuple[int, int],
    world_px: float,
) -> Field:
    """What lies in each cell (height, width), each thing spread over its radius as a bell whose
    whole is what it weighs. ``cell``: a side in world coordinates, from the corner on."""
    width, height = size
    kernel = bell(given.radius / world_px / cell)
    pad = len(kernel) // 2
    x, y = mercator.world_xy(given.lon, given.lat)
    at_x = np.floor((x - corner[0]) / cell).astype(np.int64) + pad
    at_y = np.floor((y - corner[1]) / cell).astype(np.int64) + pad
    wide, high = width + 2 * pad, height + 2 * pad
    near = (at_x >= 0) & (at_x < wide) & (at_y >= 0) & (at_y < high)
    weights = None if given.weights is None else given.weights[near]
    flat = np.bincount(at_y[near] * wide + at_x[near], weights, wide * high)
    grid = flat.reshape(high, wide).astype(np.float32)
    across = sum(k * grid[:, i : i + width] for i, k in enumerate(kernel.tolist()))
    down = sum(k * np.asarray(across)[i : i + height] for i, k in enumerate(kernel.tolist()))
    return np.asarray(down, np.float32)


def bell(radius_cells: float) -> Floats:
    """Weights over an odd number of cells whose sum is one."""
    reach = max(1, math.ceil(radius_cells))
    steps = np.arange(-reach, reach + 1, dtype=np.float64) * (REACH / max(radius_cells, 0.5))
    weights = np.exp(-0.5 * steps**2)
    return np.asarray(weights / weights.sum(), np.float64)


def colored(share: Field, ramp: tuple[tuple[int, int, int], ...]) -> Field:
    """Premultiplied RGBA (height, width, 4) of 0..1 for shares of the peak."""
    table = np.zeros((256, 4), np.float32)
    steps = np.linspace(0.0, 1.0, 256)
    stops = np.linspace(0.0, 1.0, len(ramp))
    alpha = np.minimum(steps / FADE, 1.0) * MOST_OPAQUE
    for channel in range(3):
        table[:, channel] = np.interp(steps, stops, [c[channel] / 255 for c in ramp]) * alpha
    table[:, 3] = alpha
    return table[np.clip(share * 255, 0, 255).astype(np.uint8)]


def _lay(below: Field, above: Field, opacity: float) -> None:
    above = above * np.float32(opacity)
    below *= 1.0 - above[:, :, 3:4]
    below += above


def _cells(rect: Rect, world_px: float, radius: float) -> tuple[int, int, float]:
    """Cells across and down, and the side of one in world coordinates."""
    across, down = rect[2] - rect[0], rect[3] - rect[1]
    side = max(2.0, radius / CELLS_PER_RADIUS) / world_px
    side = max(side, math.sqrt(across * down / MOST_CELLS))
    return max(1, math.ceil(across / side)), max(1, math.ceil(down / side)), side


def _cell_km2(y: float, cell: float) -> float:
    lat = float(mercator.lonlat(0.5, min(1.0, max(0.0, y)))[1])
    side = cell * mercator.EARTH_CIRCUMFERENCE_M * math.cos(math.radians(lat)) / 1_000
    return side * side

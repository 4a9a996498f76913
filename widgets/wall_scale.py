"""Sizes of the wall: from the window, and from how far away it is read. Pure, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

DESIGN_HEIGHT = 1080.0
"""The window height at which every size below is meant, in pixels."""
LEFT, RIGHT = 430.0, 470.0
COLUMNS_SHARE = 0.62
"""The map keeps the rest of the width."""
SMALLEST = 20.0
"""The smallest words on the wall."""
FIGURE_SHARE = 0.73
"""Height of figures and capitals of the font, per pixel of its size (Noto Sans CJK)."""
READABLE = 200.0
"""Words are readable from 200 times their height."""
MM_PER_INCH = 25.4
PLAUSIBLE_DPI = (6.0, 400.0)
"""From a coarse LED wall to a small sharp monitor; projectors report anything."""
LEAST_SIDE_MM = 150.0
MIN_SCALE = 0.3


@dataclass(frozen=True)
class Screen:
    """A screen in pixels and millimetres, as its driver tells; 0 is unknown."""

    width_px: float
    height_px: float
    width_mm: float
    height_mm: float

    def px_per_mm(self) -> float | None:
        """How dense it is, or None where the driver cannot be believed."""
        if min(self.width_mm, self.height_mm) < LEAST_SIDE_MM:
            return None
        across, down = self.width_px / self.width_mm, self.height_px / self.height_mm
        low, high = (dpi / MM_PER_INCH for dpi in PLAUSIBLE_DPI)
        square = math.isclose(across, down, rel_tol=0.15)
        return down if square and low <= down <= high else None


@dataclass(frozen=True)
class Needs:
    """Least heights of the two columns at scale 1, with and without their smallest lines."""

    full: float
    compact: float


@dataclass(frozen=True)
class WallScale:
    """One factor for everything; ``compact`` leaves out the smallest lines."""

    factor: float
    compact: bool

    def px(self, design: float) -> int:
        """Pixels for a size at the design height; never nothing."""
        return max(1, round(design * self.factor))

    def run(self, top: float, height: float) -> tuple[int, int]:
        """Top and height in pixels; runs that touch in the design touch, and never overlap."""
        first = round(top * self.factor)
        return first, max(1, round((top + height) * self.factor) - first)

    def readable_from(self, screen: Screen) -> float | None:
        """Metres from which the smallest words can be read; None on an unknown screen."""
        density = screen.px_per_mm()
        if density is None:
            return None
        return SMALLEST * self.factor * FIGURE_SHARE / density * READABLE / 1_000


def wanted_factor(metres: float, screen: Screen) -> float | None:
    """The factor at which the smallest words are readable from ``metres``."""
    density = screen.px_per_mm()
    if density is None or not metres > 0:
        return None
    return metres * 1_000 / READABLE * density / FIGURE_SHARE / SMALLEST


def wall_scale(
    width: float, height: float, needs: Needs, metres: float | None, screen: Screen
) -> WallScale:
    """In proportion to the window, larger where the distance asks for it, never so large that
    something would not fit: the smallest lines go first, then the growth ends."""
    across = width * COLUMNS_SHARE / (LEFT + RIGHT)
    full, compact = min(across, height / needs.full), min(across, height / needs.compact)
    even = min(across, height / DESIGN_HEIGHT)
    wanted = max(even, (wanted_factor(metres, screen) if metres is not None else None) or even)
    if wanted <= full or compact <= full:
        return WallScale(max(MIN_SCALE, min(wanted, full)), False)
    return WallScale(max(MIN_SCALE, min(wanted, compact)), True)

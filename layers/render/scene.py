"""What the GPU is given: plain arrays, made on the GUI thread, never changed after.

Record layouts are those of resources/shaders, all float32: a sprite has 14 (place 2, box 4, uv 4,
look 4), a line segment 16 (ends 4, tint 4, look 4, cuts 4), a fill corner 7 (place 2, tint 4,
hatched 1), a heat corner 4 (place 2, uv 2). Places are map units (1/UNIT of the world) from the
scene's origin, boxes logical pixels, tints premultiplied.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from layers.model.cluster import UNIT
from layers.model.heat import HeatPicture
from layers.model.view import Camera

Records = npt.NDArray[np.float32]
SPRITE, LINE, FILL, HEAT = 14, 16, 7, 4
HATCH_PX = 9.0
"""Between the stripes of a hatched area."""
MARCH_WRAP_PX = 27_720.0
"""Marching dashes start again after so many pixels: a multiple of most periods; no jump shows."""
LAYERS: dict[str, str] = {
    "fills": "fills",
    "lines": "lines",
    "cones": "fills",
    "trails": "lines",
    "laid_fills": "fills",
    "laid_lines": "lines",
    "sprites": "sprites",
    "over_fills": "fills",
    "over_lines": "lines",
    "labels": "sprites",
    "over_sprites": "sprites",
}
"""The tables of a scene in drawing order, and what each holds."""


def is_same(one: Records, other: Records) -> bool:
    """Whether two tables hold the same bits."""
    if one is other:
        return True
    return one.shape == other.shape and np.array_equal(bits(one), bits(other))


def bits(table: Records) -> npt.NDArray[np.uint32]:
    """A table as words that compare also where a number is none."""
    return np.ascontiguousarray(table).view(np.uint32)


def no_records(width: int) -> Records:
    """An empty table."""
    return np.zeros((0, width), np.float32)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture of everything over the base map; ``origin`` in world coordinates.

    A new object per change; tables are told apart by identity, so one that did not change is not
    uploaded again.
    """

    origin: tuple[float, float] = (0.0, 0.0)
    heat: HeatPicture | None = None
    fills: Records = field(default_factory=lambda: no_records(FILL))
    lines: Records = field(default_factory=lambda: no_records(LINE))
    cones: Records = field(default_factory=lambda: no_records(FILL))
    trails: Records = field(default_factory=lambda: no_records(LINE))
    laid_fills: Records = field(default_factory=lambda: no_records(FILL))
    laid_lines: Records = field(default_factory=lambda: no_records(LINE))
    sprites: Records = field(default_factory=lambda: no_records(SPRITE))
    over_fills: Records = field(default_factory=lambda: no_records(FILL))
    over_lines: Records = field(default_factory=lambda: no_records(LINE))
    labels: Records = field(default_factory=lambda: no_records(SPRITE))
    over_sprites: Records = field(default_factory=lambda: no_records(SPRITE))

    def after(self, before: Scene) -> Scene:
        """This scene with the tables of the one before where they are the same, and that scene
        itself if everything is."""
        tables = {name: getattr(self, name) for name in LAYERS}
        older = {name: getattr(before, name) for name in LAYERS}
        kept = {name: older[name] for name in LAYERS if is_same(tables[name], older[name])}
        whole = len(kept) == len(LAYERS)
        if whole and self.origin == before.origin and self.heat is before.heat:
            return before
        return replace(self, **kept)


@dataclass(frozen=True, slots=True)
class Frame:
    """How to look at a scene: centre in world coordinates, world width and view in pixels.

    ``grey`` 0..1 takes the colour out of stale data; ``phase`` 0..1 is where the pulse stands,
    ``march`` how many pixels marching dashes have gone.
    """

    x: float = 0.5
    y: float = 0.5
    world_px: float = 256.0
    width: float = 1.0
    height: float = 1.0
    grey: float = 0.0
    phase: float = 0.0
    march: float = 0.0

    @classmethod
    def of(cls, camera: Camera, grey: float, phase: float, march: float) -> Frame:
        """Through a camera."""
        size = camera.width, camera.height
        return cls(camera.x, camera.y, camera.world_px, *size, grey, phase, march)

    def uniform(self, origin: tuple[float, float], ratio: float) -> npt.NDArray[np.float32]:
        """The last twelve floats of the shaders' uniform block."""
        ground = (self.x + self.y) * self.world_px - (self.width + self.height) / 2
        return np.array(
            [
                (self.x - origin[0]) * UNIT,
                (self.y - origin[1]) * UNIT,
                self.width,
                self.height,
                self.world_px / UNIT,
                self.grey,
                self.phase,
                ratio,
                self.march,
                HATCH_PX,
                math.fmod(ground, HATCH_PX) + HATCH_PX,
                0.0,
            ],
            np.float32,
        )


class SceneTarget(Protocol):
    """Where scenes go: a window's overlay, or a sheet of paper."""

    def show_scene(self, scene: Scene) -> None:
        """Draw this from now on."""
        ...

    def show_frame(self, frame: Frame) -> None:
        """Look at it so from now on."""
        ...

"""What the GPU is given: plain arrays, made on the GUI thread, never changed after.

Record layouts are those of resources/shaders: a sprite is 14 float32 (place 2, box 4, uv 4,
tint 4), a line segment 9 (ends 4, tint 4, width), a fill vertex 6 (place 2, tint 4). Places are
local map units, boxes logical pixels, tints premultiplied 0…1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[np.float32]
SPRITE, LINE, FILL = 14, 9, 6


def no_records(width: int) -> Records:
    """An empty table."""
    return np.zeros((0, width), np.float32)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture of everything over the base map. A new object per change; layers are compared by
    identity, so what did not change is not uploaded again."""

    fills: Records = field(default_factory=lambda: no_records(FILL))
    lines: Records = field(default_factory=lambda: no_records(LINE))
    over_lines: Records = field(default_factory=lambda: no_records(LINE))
    sprites: Records = field(default_factory=lambda: no_records(SPRITE))
    over_sprites: Records = field(default_factory=lambda: no_records(SPRITE))


@dataclass(frozen=True, slots=True)
class Frame:
    """How to look at a scene: centre in local units, pixels per unit, size in logical pixels."""

    centre_x: float
    centre_y: float
    scale: float
    width: float
    height: float
    fade: float = 1.0

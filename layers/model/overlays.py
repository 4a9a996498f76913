"""Areas and paths that tools, roads and plans lay over the map, and what is drawn of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely

from layers.model import mercator
from layers.model.shapes import segments, triangles
from services.domain.model import Ring

Floats = npt.NDArray[np.float64]
Place = tuple[float, float]
AreaLook = Literal["plain", "dashed", "marching", "hatched"]
PathLook = Literal["plain", "dashed", "marching"]


@dataclass(frozen=True, slots=True)
class Area:
    """One area over the marks. ``rings``: closed, in degrees, the outline and then its holes.

    ``token`` is a colour of the theme, ``label`` plain text that stands inside, ``fill`` the
    opacity of the inside (0 for an outline only). ``look``: how the outline runs; "hatched" has a
    plain outline and a striped inside.
    """

    rings: tuple[Ring, ...]
    token: str = "accent"
    label: str = ""
    look: AreaLook = "plain"
    fill: float = 0.14


@dataclass(frozen=True, slots=True)
class Path:
    """One line over the marks along places in degrees; ``width`` in pixels, ``label`` plain text
    that stands at its middle."""

    run: tuple[Place, ...]
    token: str = "accent"
    label: str = ""
    look: PathLook = "plain"
    width: float = 2.4


@dataclass(frozen=True, slots=True)
class Ready:
    """An area or a path in world coordinates: corners of triangles (3 n, 2), segments (m, 4), and
    where its label stands, None for a shape without extent."""

    corners: Floats
    ends: Floats
    middle: Place | None


def ready_area(area: Area) -> Ready:
    """Triangles, outline and a place inside for the label."""
    rings = tuple(ring for ring in area.rings if len(ring) > 1)
    if not rings:
        return Ready(np.zeros((0, 2)), np.zeros((0, 4)), None)
    corners = triangles(rings) if area.fill > 0 else np.zeros((0, 2))
    return Ready(corners, np.concatenate([segments(ring) for ring in rings]), inside_point(rings))


def ready_path(path: Path) -> Ready:
    """Segments and the place half way along."""
    if len(path.run) < 2:
        return Ready(np.zeros((0, 2)), np.zeros((0, 4)), None)
    ends = segments(path.run)
    return Ready(np.zeros((0, 2)), ends, halfway(ends))


def inside_point(rings: Sequence[Ring]) -> Place | None:
    """A place well inside an area, in world coordinates; for a line the place half way along."""
    outline = rings[0]
    if len(outline) < 4 or outline[0] != outline[-1]:
        return halfway(segments(outline)) if len(outline) > 1 else None
    area = shapely.make_valid(shapely.Polygon(outline, list(rings[1:])))
    if area.is_empty or area.area <= 0:
        return halfway(segments(outline))
    parts = [part for part in shapely.get_parts(area) if part.area > 0]
    largest = max(parts, key=lambda part: float(part.area))
    middle = largest.centroid
    if not largest.contains(middle):
        reach = shapely.maximum_inscribed_circle(largest, tolerance=largest.length / 400)
        middle = shapely.get_point(reach, 0)
    x, y = mercator.world_xy(np.array([middle.x]), np.array([middle.y]))
    return float(x[0]), float(y[0])


def halfway(ends: Floats) -> Place | None:
    """The place half way along segments (n, 4)."""
    if not len(ends):
        return None
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    reached = np.cumsum(length)
    half = reached[-1] / 2
    at = min(int(np.searchsorted(reached, half)), len(ends) - 1)
    share = (half - (reached[at] - length[at])) / length[at] if length[at] > 0 else 0.0
    x = ends[at, 0] + share * (ends[at, 2] - ends[at, 0])
    y = ends[at, 1] + share * (ends[at, 3] - ends[at, 1])
    return float(x), float(y)

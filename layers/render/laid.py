"""Areas and paths that were laid over the map, as tables for the GPU. GUI thread.

Owners have keys, so that a measuring tool and a road closure do not overwrite each other. Shapes
are made ready once when they are set; another selection or camera makes nothing anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from layers.model.overlays import Area, Path, Place, Ready, ready_area, ready_path
from layers.render.scene import FILL, LINE, Records, no_records
from layers.render.shape_layer import fill_records, line_records, tint
from layers.render.theme import MapTheme

DASH = (7.0, 5.0)
MARCHING = (-9.0, 6.0)
"""A negative dash marches."""
OUTLINE_PX = 2.0


@dataclass(frozen=True, slots=True)
class LaidLabel:
    """A text over the map at a place in world coordinates, in a colour of the theme; ``room``: how
    large what it names is, in world widths."""

    text: str
    at: Place
    token: str
    room: float


@dataclass(frozen=True, slots=True)
class LaidTables:
    """Fills, lines and labels of everything that is laid over the map."""

    fills: Records
    lines: Records
    labels: tuple[LaidLabel, ...]


class LaidShapes:
    """Makes the tables; the same ones as long as nothing is set and the origin stays."""

    def __init__(self, theme: MapTheme) -> None:
        self._theme = theme
        self._areas: dict[str, tuple[tuple[Area, ...], tuple[Ready, ...]]] = {}
        self._paths: dict[str, tuple[tuple[Path, ...], tuple[Ready, ...]]] = {}
        self._made: tuple[Place, LaidTables] | None = None

    def tables(
        self,
        areas: Mapping[str, tuple[Area, ...]],
        paths: Mapping[str, tuple[Path, ...]],
        origin: Place,
    ) -> LaidTables:
        """Everything of all owners, in the order of their keys."""
        changed = self._take(areas, paths)
        if changed or self._made is None or self._made[0] != origin:
            self._made = (origin, self._build(origin))
        return self._made[1]

    def _take(
        self, areas: Mapping[str, tuple[Area, ...]], paths: Mapping[str, tuple[Path, ...]]
    ) -> bool:
        """Make ready what is new; whether anything was."""
        changed = False
        for key in [k for k in self._areas if k not in areas]:
            del self._areas[key]
            changed = True
        for key in [k for k in self._paths if k not in paths]:
            del self._paths[key]
            changed = True
        for key, some in areas.items():
            if key not in self._areas or self._areas[key][0] is not some:
                self._areas[key] = (some, tuple(ready_area(area) for area in some))
                changed = True
        for key, runs in paths.items():
            if key not in self._paths or self._paths[key][0] is not runs:
                self._paths[key] = (runs, tuple(ready_path(path) for path in runs))
                changed = True
        return changed

    def _build(self, origin: Place) -> LaidTables:
        fills, lines = [no_records(FILL)], [no_records(LINE)]
        labels: list[LaidLabel] = []
        for key in sorted(self._areas):
            for area, ready in zip(*self._areas[key], strict=True):
                color = self._theme.color(area.token)
                hatched = area.look == "hatched"
                fills.append(fill_records(ready.corners, origin, tint(color, area.fill), hatched))
                dash = {"dashed": DASH, "marching": MARCHING}.get(area.look, (0.0, 0.0))
                lines.append(line_records(ready.ends, origin, tint(color, 0.9), OUTLINE_PX, dash))
                if area.label and ready.middle is not None:
                    labels.append(_label(area, ready, ready.middle))
        for key in sorted(self._paths):
            for path, ready in zip(*self._paths[key], strict=True):
                color = self._theme.color(path.token)
                dash = {"dashed": DASH, "marching": MARCHING}.get(path.look, (0.0, 0.0))
                lines.append(line_records(ready.ends, origin, tint(color, 0.95), path.width, dash))
                if path.label and ready.middle is not None:
                    labels.append(_label(path, ready, ready.middle))
        return LaidTables(np.concatenate(fills), np.concatenate(lines), tuple(labels))


def _label(shape: Area | Path, ready: Ready, at: Place) -> LaidLabel:
    ends = ready.ends.reshape(-1, 2)
    return LaidLabel(shape.label, at, shape.token, float(np.ptp(ends, axis=0).max()))

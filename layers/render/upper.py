"""The tables above the marks: what is laid over them, what tools draw, what is under the pointer.

GUI thread. Each of the three is made anew by itself; what stays the same is not uploaded again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layers.render.hover import Hover
from layers.render.marks import DrawnMarks
from layers.render.over_layer import OverLayer, OverState
from layers.render.scene import Records
from layers.render.shape_layer import Place
from layers.render.sketch_layer import NO_TABLES, SketchLayer, Tables
from layers.render.tools.base import Sketch


class Upper:
    """Holds the newest tables of all three. Its makers raise AtlasFullError."""

    def __init__(self, over: OverLayer, sketches: SketchLayer, hover: Hover) -> None:
        self._over = over
        self._sketches = sketches
        self._hover = hover
        self._laid = self._drafts = NO_TABLES
        self._pointed: Records = NO_TABLES[2]

    def make(
        self,
        state: OverState,
        sketches: Sequence[Sketch],
        drawn: DrawnMarks | None,
        origin: Place,
        world_px: float,
    ) -> None:
        """Everything anew."""
        self._laid = self._over.tables(state, origin, world_px, drawn)
        self.make_sketches(sketches, origin)
        self.make_hover(state, drawn, origin)

    def make_sketches(self, sketches: Sequence[Sketch], origin: Place) -> None:
        """Only what tools draw."""
        self._drafts = self._sketches.tables(tuple(sketches), origin)

    def make_hover(self, state: OverState, drawn: DrawnMarks | None, origin: Place) -> None:
        """Only what is under the pointer."""
        self._pointed = self._hover.table(drawn, state.fan, origin)

    @property
    def marching(self) -> Records:
        """Ends (n, 4) of the segments whose dashes march."""
        ends = [lines[lines[:, 10] < 0, 0:4] for lines in (self._laid[1], self._over.laid.lines)]
        return np.concatenate(ends)

    def tables(self) -> Tables:
        """Fills, lines and sprites of all three."""
        fills, lines, sprites = (
            np.concatenate(pair) if len(pair[1]) else pair[0]
            for pair in zip(self._laid, self._drafts, strict=True)
        )
        if len(self._pointed):
            sprites = np.concatenate([self._pointed, sprites])
        return fills, lines, sprites

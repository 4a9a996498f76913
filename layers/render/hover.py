"""What lies under the pointer, marked out: a soft ring, and for a camera what it sees. GUI thread.

Nothing is drawn as long as the pointer stays on the same thing, or on nothing.
"""

from __future__ import annotations

import numpy as np

from layers.model.cluster import UNIT
from layers.render.atlas import Atlas
from layers.render.hits import Hits
from layers.render.marks import DrawnMarks, MarkBuilder
from layers.render.over_layer import Fan, OverLayer
from layers.render.scene import SPRITE, Records, no_records

HALO_PX = 7.0
"""So much wider than its mark is the ring, less than that of what is selected."""
Place = tuple[float, float]


class Hover:
    """The thing under the pointer of one window. ``table`` raises AtlasFullError."""

    def __init__(self, atlas: Atlas, marks: MarkBuilder, hits: Hits, over: OverLayer) -> None:
        self._atlas = atlas
        self._marks = marks
        self._hits = hits
        self._over = over
        self._pointer: tuple[float, float] | None = None
        self._target: tuple[str, int] | None = None

    @property
    def is_on(self) -> bool:
        """Whether something is marked out."""
        return self._target is not None

    def point(self, x: float, y: float, drawn: DrawnMarks | None, fan: Fan | None) -> bool:
        """The pointer is there now (negative: gone). Whether something else is to be drawn."""
        self._pointer = (x, y) if x >= 0 else None
        before, self._target = self._target, self._found(drawn, fan)
        return self._target != before

    def table(self, drawn: DrawnMarks | None, fan: Fan | None, origin: Place) -> Records:
        """Sprites for the thing under the pointer as it is drawn now."""
        self._target = self._found(drawn, fan)
        if self._target is None or drawn is None:
            return no_records(SPRITE)
        what, number = self._target
        if what == "fan" and fan is not None:
            return self._of_fan(fan, number, origin)
        if what == "mark":
            (at,) = np.flatnonzero(drawn.response.row == number)[:1].tolist() or (None,)
        else:
            at = number
        if at is None or at >= len(drawn.radius):
            return no_records(SPRITE)
        place = drawn.response.xy[at : at + 1]
        ring = self._halo(2 * float(drawn.radius[at]) / self._atlas.scale + HALO_PX)
        parts = [self._marks.records(place, np.array([ring]))]
        if what == "mark":
            view = self._over.view_of(number, place)
            if len(view):  # the mark stands above what it sees
                mark = np.array([self._marks.mark_of(number)])
                parts = [view, self._marks.records(place, mark), *parts]
        return np.concatenate(parts)

    def _found(self, drawn: DrawnMarks | None, fan: Fan | None) -> tuple[str, int] | None:
        """("fan" or "mark", row) for one thing, ("cluster", mark) for several."""
        if self._pointer is None or drawn is None:
            return None
        row = self._hits.in_fan(fan, *self._pointer)
        if row is not None:
            return "fan", row
        mark = self._hits.mark(drawn, *self._pointer)
        if mark is None:
            return None
        row = int(drawn.response.row[mark])
        return ("mark", row) if row >= 0 else ("cluster", mark)

    def _of_fan(self, fan: Fan, row: int, origin: Place) -> Records:
        if row not in fan.rows:
            return no_records(SPRITE)
        place = np.array(
            [[(fan.x - origin[0]) * UNIT, (fan.y - origin[1]) * UNIT]], dtype=np.float32
        )
        side = float(self._atlas.size[self._marks.mark_of(row)].max()) / self._atlas.scale
        offset = fan.offsets[fan.rows.index(row)][None].astype(np.float32)
        ring = self._halo(side + HALO_PX)
        return self._marks.records(place, np.array([ring]), offset)

    def _halo(self, side: float) -> int:
        return self._marks.ring(float(np.ceil(side)), "text", 1.6, soft=True)

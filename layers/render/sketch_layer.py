"""What tools draw over the map: lines, areas, corners, words. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.cluster import UNIT
from layers.model.shapes import segments, triangles
from layers.render.atlas import Atlas
from layers.render.marks import MarkBuilder
from layers.render.scene import FILL, LINE, SPRITE, Records, no_records
from layers.render.shape_layer import Place, fill_records, line_records, tint
from layers.render.symbols import Symbols
from layers.render.tools.base import Sketch, Word

LINE_PX, DOT_PX, WORD_PX = 2.0, 9.0, 13
FILL_OPACITY = 0.12
Tables = tuple[Records, Records, Records]
NO_TABLES: Tables = (no_records(FILL), no_records(LINE), no_records(SPRITE))


class SketchLayer:
    """Builds three tables of a scene. Raises AtlasFullError."""

    def __init__(self, atlas: Atlas, symbols: Symbols, marks: MarkBuilder) -> None:
        self._atlas = atlas
        self._symbols = symbols
        self._marks = marks

    def tables(self, sketches: Sequence[Sketch], origin: Place) -> Tables:
        """Lines, areas, corners and words of tools."""
        accent = self._symbols.color("accent")
        fills, lines, sprites = [no_records(FILL)], [no_records(LINE)], [no_records(SPRITE)]
        for sketch in sketches:
            if len(sketch.line) > 1:
                ends = segments(sketch.line)
                lines.append(line_records(ends, origin, tint(accent), LINE_PX))
            if sketch.filled and len(sketch.line) > 3:
                corners = triangles((sketch.line,))
                fills.append(fill_records(corners, origin, tint(accent, FILL_OPACITY)))
            sprites.append(self._dots(sketch.dots, origin))
            sprites.append(self._words(sketch.words, origin))
        return np.concatenate(fills), np.concatenate(lines), np.concatenate(sprites)

    def _dots(self, dots: Sequence[Place], origin: Place) -> Records:
        if not dots:
            return no_records(SPRITE)
        ring = self._marks.ring(DOT_PX, "accent", 2.0)
        return self._marks.records(_units(dots, origin), np.full(len(dots), ring, np.int64))

    def _words(self, words: Sequence[Word], origin: Place) -> Records:
        if not words:
            return no_records(SPRITE)
        numbers = np.array([self._marks.word(w.text, WORD_PX, bold=True) for w in words], np.int64)
        above = np.zeros((len(words), 2), np.float32)
        above[:, 1] = -self._atlas.size[numbers, 1] * 0.7
        return self._marks.records(_units([(w.lon, w.lat) for w in words], origin), numbers, above)


def _units(places: Sequence[Place], origin: Place) -> npt.NDArray[np.float32]:
    lon, lat = np.asarray(places, np.float64).T
    x, y = mercator.world_xy(lon, lat)
    return (np.stack([x - origin[0], y - origin[1]], axis=1) * UNIT).astype(np.float32)

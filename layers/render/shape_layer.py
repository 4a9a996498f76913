"""Fills and lines for the GPU: areas of features, circles, dispatch lines. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from layers.model import pick
from layers.model.cluster import UNIT
from layers.model.columns import STALE
from layers.model.features import FeatureStore
from layers.model.named_shapes import NamedShape, ShapeNames
from layers.model.painting import Painted
from layers.model.shapes import Shapes, Triangles, segments, triangles
from layers.model.strokes import along, cuts
from layers.model.style import DASHES
from layers.model.view import Camera
from layers.render.scene import FILL, LINE, Records, no_records
from layers.render.theme import SEVERITY_TOKENS, MapTheme
from services.domain.model import Severity

Floats = npt.NDArray[np.float64]
Place = tuple[float, float]
LINE_PX = 1.2
PIPE_PX, PIPE_OPACITY = 1.8, 0.6
"""Of kinds that are lines: they are what there is to see, not a border."""
STYLED_OPACITY, STYLED_FILL = 0.9, 0.3
SHAPE_DASH = {
    shape: DASHES[i % len(DASHES)]
    for i, shape in enumerate(("circle", "square", "triangle", "diamond", "hexagon", "cross"))
}
"""What tells classes of areas and lines apart besides their colour: marks have shapes instead."""
SIZE_PER_PX = 8.0
"""A look of so many pixels more is a line of one pixel more."""
PICK_PX = 6.0
MAX_SEGMENTS = 200_000
"""More than this in one view says nothing to an eye; the largest areas are drawn."""


def tint(color: QColor, opacity: float = 1.0) -> npt.NDArray[np.float32]:
    """A premultiplied colour."""
    a = color.alphaF() * opacity
    return np.array([color.redF() * a, color.greenF() * a, color.blueF() * a, a], np.float32)


def line_records(
    ends: Floats,
    origin: Place,
    color: npt.NDArray[np.float32],
    width: float,
    dash: tuple[float, float] = (0.0, 0.0),
) -> Records:
    """Line records of segments (n, 4) in world coordinates; dashes run on along them.

    A negative dash marches. Segments that follow each other are joined without notch or knot.
    """
    out = np.zeros((len(ends), LINE), np.float32)
    out[:, 0:4] = (ends - np.array([*origin, *origin])) * UNIT
    out[:, 4:8] = color
    out[:, 8] = width
    out[:, 9] = along(ends) * UNIT
    out[:, 10:12] = dash
    out[:, 12:16] = cuts(ends)
    return out


def fill_records(
    corners: Floats, origin: Place, color: npt.NDArray[np.float32], hatched: bool = False
) -> Records:
    """Fill records of triangle corners (3 n, 2) in world coordinates."""
    out = np.zeros((len(corners), FILL), np.float32)
    out[:, 0:2] = (corners - np.array(origin)) * UNIT
    out[:, 2:6] = color
    out[:, 6] = hatched
    return out


def circle_tables(
    lon: float, lat: float, radius_m: float, origin: Place, color: QColor
) -> tuple[Records, Records]:
    """A translucent disc and its dashed rim."""
    rim = pick.circle(lon, lat, radius_m)
    after = np.roll(rim, -1, axis=0)
    middle = np.broadcast_to(rim.mean(axis=0), rim.shape)
    corners = np.stack([middle, rim, after], axis=1).reshape(-1, 2)
    ends = np.concatenate([rim, after], axis=1)
    return (
        fill_records(corners, origin, tint(color, 0.09)),
        line_records(ends, origin, tint(color), 1.6, (7.0, 5.0)),
    )


def run_lines(
    runs: Sequence[Sequence[Place]], origin: Place, color: QColor, width: float = 1.8
) -> Records:
    """Lines along runs of degrees; their dashes march from the first place to the last."""
    parts = [
        line_records(segments(tuple(run)), origin, tint(color, 0.9), width, (-6.0, 6.0))
        for run in runs
        if len(run) > 1
    ]
    return np.concatenate(parts) if parts else no_records(LINE)


class ShapeLayer:
    """The areas of a store, collected anew only when one of them changed. ``painted`` says how
    layers draw them, None: as the packs say."""

    def __init__(self, store: FeatureStore, theme: MapTheme) -> None:
        self._store = store
        self._theme = theme
        self._version = -1
        self._shapes = Shapes.of(FeatureStore())
        self._triangles = Triangles(store)
        self.painted: Painted | None = None
        self._entries = np.zeros(0, np.int64)
        self._names = ShapeNames(store)

    def tables(
        self,
        rect: tuple[float, float, float, float],
        zoom: float,
        visible: frozenset[str] | None,
        origin: Place,
    ) -> tuple[Records, Records]:
        """Fills and outlines of what touches a rect: fills where something is wrong, and where a
        layer's style has a colour."""
        entries = self._entries = self._shown(rect, zoom, visible)
        if not len(entries):
            return no_records(FILL), no_records(LINE)
        shapes, store = self._current(), self._store
        ends, owner = shapes.segments_of(entries)
        rows = shapes.row[entries]
        severity = store.severity[rows]
        lines = line_records(ends, origin, tint(self._theme.color("muted"), 0.14), LINE_PX)
        self._dash(lines, store.kind[rows][owner])
        fills = [no_records(FILL), *self._styled(lines, rows, owner, severity, origin)]
        stale = store.flags[rows] & STALE > 0
        fills += self._silent(lines, rows, owner, stale & (severity == 0), origin)
        for level in np.unique(severity[severity > 0]).tolist():
            color = self._theme.color(SEVERITY_TOKENS[Severity(level)])
            lines[severity[owner] == level, 4:8] = tint(color, 0.9)
            for i in np.flatnonzero(severity == level).tolist():
                corners, hatched = self._triangles.of(int(rows[i])), bool(stale[i])
                fills.append(fill_records(corners, origin, tint(color, 0.16), hatched))
        return np.concatenate(fills), lines

    def _silent(
        self,
        lines: Records,
        rows: npt.NDArray[np.int64],
        owner: npt.NDArray[np.int64],
        silent: npt.NDArray[np.bool_],
        origin: Place,
    ) -> list[Records]:
        """What has not been heard of for too long is hatched grey."""
        color = self._theme.color("stale")
        lines[silent[owner], 4:8] = tint(color, 0.7)
        return [
            fill_records(self._triangles.of(row), origin, tint(color, 0.18), True)
            for row in rows[silent].tolist()
        ]

    def named(self, camera: Camera, world_px: float) -> tuple[NamedShape, ...]:
        """What was drawn last and has room for its name at a zoom level."""
        if self._version != self._store.shapes_version:
            return ()  # drawn anew in a moment
        found = self._names.of(self._shapes, self._entries, camera.rect(), world_px)
        return tuple(found)

    def area_at(
        self, lon: float, lat: float, world: Place, zoom: float, visible: frozenset[str] | None
    ) -> int | None:
        """The row of the line at a place, else of the smallest area round it; None for neither."""
        found = self.areas_at(lon, lat, world, zoom, visible)
        return found[0] if found else None

    def areas_at(
        self, lon: float, lat: float, world: Place, zoom: float, visible: frozenset[str] | None
    ) -> list[int]:
        """Rows of the lines at a place, then of the areas round it, smallest first."""
        x, y = world
        near = PICK_PX / (256.0 * 2.0**zoom)
        entries = self._shown((x - near, y - near, x + near, y + near), zoom, visible)
        shapes, lines, hits = self._current(), [], []
        for i in entries.tolist():
            if self._store.style_of(int(shapes.row[i])).dash is not None:
                ends, _ = shapes.segments_of(np.array([i]))
                if pick.to_segments(ends, x, y) <= near:
                    lines.append(int(shapes.row[i]))
            elif pick.inside_rings(self._store.rings[int(shapes.row[i])], lon, lat):
                hits.append(i)
        box = shapes.box[np.array(hits, np.int64)]
        size = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
        return lines + [int(shapes.row[hits[i]]) for i in np.argsort(size, kind="stable")]

    def outline(self, row: int, origin: Place, color: QColor) -> tuple[Records, Records]:
        """One area, marked out as selected."""
        rings = self._store.rings.get(row)
        if not rings:
            return no_records(FILL), no_records(LINE)
        ends = np.concatenate([segments(ring) for ring in rings])
        return (
            fill_records(triangles(rings), origin, tint(color, 0.14)),
            line_records(ends, origin, tint(color), 2.2),
        )

    def _styled(
        self,
        lines: Records,
        rows: npt.NDArray[np.int64],
        owner: npt.NDArray[np.int64],
        severity: npt.NDArray[np.uint8],
        origin: Place,
    ) -> list[Records]:
        """Give outlines the looks of their layers' styles; returns the fills."""
        painted = self.painted
        if painted is None or painted.number is None:
            return []
        number = painted.number[np.minimum(rows, len(painted.number) - 1)]
        fills = []
        for index in np.unique(number[number > 0]).tolist():
            paint, own = painted.paints[index], number == index
            of_lines = own[owner]
            lines[of_lines, 4:8] *= paint.opacity
            if paint.look.size:
                lines[of_lines, 8] = max(LINE_PX, paint.look.size / SIZE_PER_PX)
            if paint.look.shape:
                lines[of_lines, 10:12] = SHAPE_DASH.get(paint.look.shape, (0.0, 0.0))
            if not paint.look.color:
                continue
            color = self._color(paint.look.color)
            lines[of_lines, 4:8] = tint(color, STYLED_OPACITY * paint.opacity)
            inside = tint(color, STYLED_FILL * paint.opacity)
            for row in rows[own & (severity == Severity.NORMAL)].tolist():
                fills.append(fill_records(self._triangles.of(row), origin, inside))
        return fills

    def _color(self, name: str) -> QColor:
        return QColor(name) if name.startswith("#") else self._theme.color(name)

    def _dash(self, lines: Records, kind: npt.NDArray[np.uint16]) -> None:
        """Kinds of lines stand out from the borders of areas, each by its own dash."""
        for index in np.unique(kind).tolist():
            style = self._store.styles.get(self._store.kinds[index])
            if style is not None and style.dash is not None:
                own = kind == index
                lines[own, 4:8] = tint(self._theme.color("muted"), PIPE_OPACITY)
                lines[own, 8] = PIPE_PX
                lines[own, 10:12] = style.dash

    def _current(self) -> Shapes:
        if self._version != self._store.shapes_version:
            self._shapes = Shapes.of(self._store)
            self._version = self._store.shapes_version
        return self._shapes

    def _shown(
        self,
        rect: tuple[float, float, float, float],
        zoom: float,
        visible: frozenset[str] | None,
    ) -> npt.NDArray[np.int64]:
        shapes = self._current()
        entries = shapes.touching(rect)
        kinds = self._store.kinds
        drawn = np.array([self._is_drawn(kind, zoom, visible) for kind in kinds], np.bool_)
        bad = self._store.severity[shapes.row[entries]] > Severity.NORMAL
        on = np.array([visible is None or kind in visible for kind in kinds], np.bool_)
        kind = self._store.kind[shapes.row[entries]]
        number = None if self.painted is None else self.painted.number
        if number is not None:
            rows = shapes.row[entries]
            entries = entries[
                (rows >= len(number)) | (number[np.minimum(rows, len(number) - 1)] > 0)
            ]
        elif len(entries):
            entries = entries[drawn[kind] | (on[kind] & bad)]
        lengths = shapes.start[entries + 1] - shapes.start[entries]
        if int(lengths.sum()) > MAX_SEGMENTS:
            box = shapes.box[entries]
            order = np.argsort(-(box[:, 2] - box[:, 0]), kind="stable")
            entries = entries[order[np.cumsum(lengths[order]) <= MAX_SEGMENTS]]
        return entries

    def _is_drawn(self, kind: str, zoom: float, visible: frozenset[str] | None) -> bool:
        style = self._store.styles.get(kind)
        min_zoom = style.min_zoom if style is not None else 0.0
        return (visible is None or kind in visible) and zoom >= min_zoom

"""What lies over the marks: selection, circle, dispatch lines, areas and paths of tools, numbered
markers, the fan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layers.model import mercator
from layers.model.chosen import Chosen
from layers.model.cluster import UNIT
from layers.model.features import FeatureStore
from layers.model.labels import shortened
from layers.model.overlays import Area, Path
from layers.model.pick import fan_out
from layers.model.selection import Picked
from layers.model.spread import spread
from layers.render.atlas import Atlas
from layers.render.laid import LaidShapes, LaidTables
from layers.render.marks import DrawnMarks, MarkBuilder
from layers.render.scene import FILL, LINE, SPRITE, Records, no_records
from layers.render.shape_layer import (
    Place,
    ShapeLayer,
    circle_tables,
    fill_records,
    line_records,
    run_lines,
    tint,
)
from layers.render.symbols import Symbols
from layers.render.theme import MapTheme
from services.domain.model import Severity

MAX_FAN = 60
CONE_PX = 64.0
MARKER_PX = 24.0
LEG_PX = 1.2
PLATE_PX = 26.0
RIM_PX = 8.0
"""So much wider than its mark is the ring of what is selected."""
Marker = tuple[float, float, str, Severity]


@dataclass(frozen=True, slots=True)
class Fan:
    """Co-located features spread round their place; ``offsets`` (n, 2) in pixels."""

    x: float
    y: float
    rows: tuple[int, ...]
    offsets: npt.NDArray[np.float64]

    @property
    def reach(self) -> float:
        """Pixels from the middle to the outermost."""
        return float(np.hypot(*self.offsets.T).max(initial=0.0))

    @classmethod
    def of(cls, x: float, y: float, rows: Sequence[int]) -> Fan:
        """Spread up to MAX_FAN features."""
        kept = tuple(rows[:MAX_FAN])
        return cls(x, y, kept, fan_out(len(kept)))


@dataclass(slots=True)
class OverState:
    """What the window was told to show over the marks."""

    selected: str | None = None
    circle: tuple[float, float, float] | None = None
    lines: list[tuple[Place, ...]] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    fan: Fan | None = None
    selection: Picked | None = None
    areas: dict[str, tuple[Area, ...]] = field(default_factory=dict)
    paths: dict[str, tuple[Path, ...]] = field(default_factory=dict)

    @property
    def hangs_on_marks(self) -> bool:
        """Whether it has to be drawn anew when the marks below stand elsewhere."""
        return bool(self.markers or self.selection)

    @property
    def hangs_on_zoom(self) -> bool:
        """Whether legs in it would come off what they lead to while the map grows."""
        return bool(self.markers) or self.fan is not None


class OverLayer:
    """Builds the three upper tables of a scene. Raises AtlasFullError. GUI thread."""

    def __init__(
        self,
        store: FeatureStore,
        atlas: Atlas,
        symbols: Symbols,
        marks: MarkBuilder,
        shapes: ShapeLayer,
        theme: MapTheme,
    ) -> None:
        self._store = store
        self._atlas = atlas
        self._symbols = symbols
        self._marks = marks
        self.shapes = shapes
        self._laid = LaidShapes(theme)
        self._chosen = Chosen()
        self._rung: Picked | None = None
        self._rung_at = -1
        self.laid = LaidTables(no_records(FILL), no_records(LINE), ())

    def tables(
        self,
        state: OverState,
        origin: Place,
        world_px: float,
        drawn: DrawnMarks | None = None,
    ) -> tuple[Records, Records, Records]:
        """Fills, lines and sprites; ``drawn``: the marks below, counted from the same origin. What
        is laid over the map, and lies below the marks, is in ``laid`` from then on."""
        accent = self._symbols.color("accent")
        self.laid = self._laid.tables(state.areas, state.paths, origin)
        fills, lines, sprites = [no_records(FILL)], [no_records(LINE)], [no_records(SPRITE)]
        if state.circle is not None:
            disc, rim = circle_tables(*state.circle, origin, accent)
            fills.append(disc)
            lines.append(rim)
        lines.append(run_lines(state.lines, origin, accent))
        row = self._store.row_of(state.selected) if state.selected is not None else None
        if row is not None:
            area, outline = self.shapes.outline(row, origin, accent)
            fills.append(area)
            lines.append(outline)
            if not len(outline):
                sprites.append(self._selected(row, origin))
        sprites.append(self._rings(state.selection, drawn))
        if state.fan is not None:
            plate, rim = self._fan_plate(state.fan, origin, world_px)
            fills.append(plate)
            lines.append(rim)
            lines.append(self._fan_legs(state.fan, origin, world_px))
            sprites.append(self._fan_marks(state.fan, origin))
        legs, discs = self._markers(state.markers, origin, world_px, drawn)
        lines.append(legs)
        sprites.append(discs)
        return _joined(fills), _joined(lines), np.concatenate(sprites)

    def _rings(self, selection: Picked | None, drawn: DrawnMarks | None) -> Records:
        """A ring round every mark that is selected, or stands for something selected."""
        if not selection or drawn is None:
            return no_records(SPRITE)
        if selection is not self._rung or self._rung_at != self._store.removed_at:
            self._rung, self._rung_at = selection, self._store.removed_at  # else rows are the same
            self._chosen.choose(selection.still(self._store))
        at = np.flatnonzero(self._chosen.per_mark(drawn.response))
        if not len(at):
            return no_records(SPRITE)
        sides, back = np.unique(np.ceil(drawn.radius[at]), return_inverse=True)
        pictures = [
            self._marks.ring(2 * side / self._atlas.scale + RIM_PX, "accent", 2.4)
            for side in sides.tolist()
        ]
        return self._marks.records(drawn.response.xy[at], np.array(pictures, np.int64)[back])

    def _place(self, row: int, origin: Place) -> npt.NDArray[np.float32]:
        x, y = mercator.world_xy(self._store.lon[row], self._store.lat[row])
        return _units(float(x), float(y), origin)

    def _selected(self, row: int, origin: Place) -> Records:
        """The selected feature above everything: its view, its mark, a ring."""
        place = self._place(row, origin)
        parts = [self.view_of(row, place)]
        mark = self._marks.mark_of(row)
        side = float(self._atlas.size[mark].max()) / self._atlas.scale + 10
        ring = self._marks.ring(side, "accent", 2.4)
        parts.append(self._marks.records(place, np.array([mark])))
        parts.append(self._marks.records(place, np.array([ring])))
        return np.concatenate(parts)

    def view_of(self, row: int, place: npt.NDArray[np.float32]) -> Records:
        """What a camera sees; nothing for what is none."""
        heading, fov = float(self._store.heading[row]), float(self._store.fov[row])
        if not (np.isfinite(heading) and np.isfinite(fov) and fov > 0):
            return no_records(SPRITE)
        cone = self._marks.records(place, np.array([self._cone(round(fov))]))
        turn = np.radians(heading)
        cone[:, 12:14] = np.cos(turn), np.sin(turn)
        return cone

    def _cone(self, fov: int) -> int:
        side = 2 * CONE_PX + 4
        return self._atlas.picture(
            ("cone", fov), side, side, lambda p: self._symbols.cone(p, CONE_PX, fov)
        )

    def _disc(self, severity: Severity) -> int:
        return self._atlas.picture(
            ("marker", severity),
            MARKER_PX,
            MARKER_PX,
            lambda p: self._symbols.number_disc(p, MARKER_PX, severity),
        )

    def _fan_plate(self, fan: Fan, origin: Place, world_px: float) -> tuple[Records, Records]:
        """What is fanned out stands out from the marks around it."""
        reach = fan.reach + PLATE_PX * self._atlas.scale
        angle = np.linspace(0.0, 2 * np.pi, 49)
        rim = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (reach / world_px)
        rim += (fan.x, fan.y)
        middle = np.broadcast_to((fan.x, fan.y), (48, 2))
        corners = np.stack([middle, rim[:-1], rim[1:]], axis=1).reshape(-1, 2)
        ends = np.concatenate([rim[:-1], rim[1:]], axis=1)
        return (
            fill_records(corners, origin, tint(self._symbols.color("panel"), 0.9)),
            line_records(ends, origin, tint(self._symbols.color("muted"), 0.5), 1.0),
        )

    def _fan_legs(self, fan: Fan, origin: Place, world_px: float) -> Records:
        ends = np.zeros((len(fan.rows), 4))
        ends[:, 0], ends[:, 1] = fan.x, fan.y
        ends[:, 2:4] = np.array([fan.x, fan.y]) + fan.offsets / world_px
        return line_records(ends, origin, tint(self._symbols.color("muted"), 0.6), 1.0)

    def _fan_marks(self, fan: Fan, origin: Place) -> Records:
        numbers = np.array([self._marks.mark_of(row) for row in fan.rows])
        place = np.repeat(_units(fan.x, fan.y, origin), len(numbers), axis=0)
        return self._marks.records(place, numbers, fan.offsets.astype(np.float32))

    def _markers(
        self, markers: Sequence[Marker], origin: Place, world_px: float, drawn: DrawnMarks | None
    ) -> tuple[Records, Records]:
        """Legs and discs; a disc steps aside from the counts of clusters and from other discs."""
        if not markers:
            return no_records(LINE), no_records(SPRITE)
        x, y = mercator.world_xy([m[0] for m in markers], [m[1] for m in markers])
        world = np.stack([x, y], axis=1)
        radius = MARKER_PX * self._atlas.scale / 2
        taken = _discs(drawn, world_px)
        offsets = spread((world - np.array(origin)) * world_px, radius, taken)
        legs, sprites = [no_records(LINE)], []
        for at, offset, (_lon, _lat, text, severity) in zip(world, offsets, markers, strict=True):
            color = self._symbols.severity_color(severity)
            if offset.any():
                ends = np.concatenate([at, at + offset / world_px])[None]
                legs.append(line_records(ends, origin, tint(color), LEG_PX * self._atlas.scale))
            sprites.append(
                self._marker(_units(float(at[0]), float(at[1]), origin), offset, text, severity)
            )
        return np.concatenate(legs), np.concatenate(sprites)

    def _marker(
        self,
        place: npt.NDArray[np.float32],
        offset: npt.NDArray[np.float64],
        text: str,
        severity: Severity,
    ) -> Records:
        at = offset.astype(np.float32)[None]
        disc = self._marks.records(place, np.array([self._disc(severity)]), at)
        inside = len(text) <= 2
        word = self._marks.word(
            text if inside else shortened(text),
            14,
            "on_accent" if inside else "text",
            bold=True,
            halo=not inside,
        )
        beside = MARKER_PX * self._atlas.scale / 2 + float(self._atlas.size[word, 0]) / 2
        aside = np.array([[0.0 if inside else beside, 0.0]], np.float32)
        return np.concatenate([disc, self._marks.records(place, np.array([word]), at + aside)])


def _discs(drawn: DrawnMarks | None, world_px: float) -> npt.NDArray[np.float64]:
    """Middle and radius of the badges with a count, in pixels from the origin of the marks."""
    if drawn is None:
        return np.zeros((0, 3))
    badges = drawn.response.count > 1
    middle = drawn.response.xy[badges].astype(np.float64) * (world_px / UNIT)
    return np.column_stack([middle, drawn.radius[badges]])


def _joined(tables: list[Records]) -> Records:
    """One table; the very same one when there is no other, so that nothing is uploaded again."""
    filled = [table for table in tables if len(table)]
    if len(filled) < 2:
        return filled[0] if filled else tables[0]
    return np.concatenate(filled)


def _units(x: float, y: float, origin: Place) -> npt.NDArray[np.float32]:
    return np.array([[(x - origin[0]) * UNIT, (y - origin[1]) * UNIT]], np.float32)

"""Names on the map: what wants one, and the sprites of those that get a place. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layers.model import labels, mercator
from layers.model.cluster import UNIT
from layers.model.features import UNACKED, FeatureStore
from layers.model.labels import NOWHERE, Placed, Wishes, shortened
from layers.model.named_shapes import NamedShape
from layers.model.view import Camera
from layers.render.atlas import Atlas
from layers.render.laid import LaidLabel
from layers.render.marks import DrawnMarks, MarkBuilder
from layers.render.over_layer import PLATE_PX, Fan, OverLayer, OverState
from layers.render.scene import SPRITE, Records, no_records
from layers.render.symbols import Symbols
from services.domain.model import Severity

Floats = npt.NDArray[np.float64]
LABEL_PX, CHOSEN_PX = 12, 13
PROMINENT_ZOOM, ALL_ZOOM = 13, 16
"""From these zoom levels on prominent things and all things want their name shown."""
CHOSEN_GAP_PX = 6.0
"""Between what is selected and its name there is the ring."""
FAN_NAMES = 12
NAMES_EVERY_MS = 400
"""Names that change places faster cannot be read, and placing them costs more than the marks."""
MOST_MARKS = 6_000
"""Among more marks than this no name can be read; only what must be named is."""
_SHAPE_KEY, _LAID_KEY, _FAN_KEY = 1 << 40, 1 << 41, 1 << 42


@dataclass(frozen=True, slots=True)
class Naming:
    """What stands on the map and may be named. ``shapes`` are areas and lines in view, ``laid``
    the texts of tools, ``selected`` and ``hovered`` store rows, ``fan`` the one that is open. Where
    everything is drawn by itself (not ``clustered``) single marks have no names."""

    drawn: DrawnMarks
    camera: Camera
    clustered: bool = True
    shapes: tuple[NamedShape, ...] = ()
    laid: tuple[LaidLabel, ...] = ()
    selected: int | None = None
    hovered: int | None = None
    fan: Fan | None = None


@dataclass(slots=True)
class _Want:
    """One wish before it is part of the arrays. ``turn``: cosine and sine of the writing."""

    text: str
    token: str
    px: int
    bold: bool
    at: tuple[float, float]
    gap: float
    rank: int
    key: int
    own: int = -1
    within: bool = False
    must: bool = False
    turn: tuple[float, float] = (1.0, 0.0)
    size: tuple[float, float] = field(default=(0.0, 0.0))


class LabelLayer:
    """Makes the table of names. Raises AtlasFullError."""

    def __init__(
        self,
        store: FeatureStore,
        atlas: Atlas,
        symbols: Symbols,
        marks: MarkBuilder,
        over: OverLayer,
    ) -> None:
        self._store = store
        self._atlas = atlas
        self._symbols = symbols
        self._marks = marks
        self._over = over
        self._before: dict[int, int] = {}
        self._made: tuple[_Seen, Records] | None = None

    def naming(
        self, drawn: DrawnMarks, camera: Camera, state: OverState, clustered: bool
    ) -> Naming:
        """What may be named now."""
        selected = None if state.selected is None else self._store.row_of(state.selected)
        return Naming(
            drawn=drawn,
            camera=camera,
            clustered=clustered,
            shapes=self._over.shapes.named(camera, mercator.world_px(drawn.response.level)),
            laid=self._over.laid.labels,
            selected=selected,
            fan=state.fan,
        )

    def table(self, naming: Naming) -> Records:
        """Sprites of all names that find a place."""
        seen = (naming, self._store.version, self._atlas.epoch)
        if self._made is not None and _same(self._made[0], seen):
            return self._made[1]
        table = self._build(naming)
        self._made = (seen, table)
        return table

    def fits(self, level: int) -> bool:
        """Whether the newest table can be shown a little longer: it was made for this zoom level
        and with the pictures that the atlas has now."""
        if self._made is None:
            return False
        naming, _version, epoch = self._made[0]
        return naming.drawn.response.level == level and epoch == self._atlas.epoch

    def _build(self, naming: Naming) -> Records:
        wants = [
            *self._selected(naming),
            *self._laid(naming),
            *self._fan(naming),
            *self._singles(naming),
            *self._shapes(naming),
        ]
        wants = [want for want in wants if want.text]
        for want in wants:
            want.size = self._size(want)
        if not wants:
            self._before = {}
            return no_records(SPRITE)
        placed = labels.place(_wishes(wants), self._blocked(naming), self._before)
        self._before = {
            want.key: side
            for want, side in zip(wants, placed.side.tolist(), strict=True)
            if side != NOWHERE
        }
        return self._sprites(naming, wants, placed)

    # -- wishes -------------------------------------------------------------------------
    def _selected(self, naming: Naming) -> list[_Want]:
        """What is selected is named in any case, wherever its mark stands."""
        row = naming.selected
        if row is None or (naming.fan is not None and row in naming.fan.rows):
            return []
        if row in self._store.rings:
            return []  # an area's outline says it, and its name stands inside
        x, y = mercator.world_xy(self._store.lon[row], self._store.lat[row])
        at = self._px(naming, (float(x), float(y)))
        mark = self._marks.mark_of(row)
        gap = float(self._atlas.size[mark].max()) / 2 + CHOSEN_GAP_PX * self._atlas.scale
        text = shortened(self._store.names[row])
        return [_Want(text, "text", CHOSEN_PX, True, at, gap, _TOP, row, must=True)]

    def _laid(self, naming: Naming) -> list[_Want]:
        """The words of tools were asked for: they come first, and where what they name is as large
        as they are, they stand on whatever lies there."""
        world_px = mercator.world_px(naming.drawn.response.level)
        wants = []
        for i, label in enumerate(naming.laid):
            want = _Want(
                text=shortened(label.text),
                token=label.token,
                px=CHOSEN_PX,
                bold=True,
                at=self._px(naming, label.at),
                gap=0.0,
                rank=_TOP - 1,
                key=_LAID_KEY + i,
                within=True,
            )
            want.must = label.room * world_px >= self._size(want)[0]
            wants.append(want)
        return wants

    def _fan(self, naming: Naming) -> list[_Want]:
        """Names of a fan that is not too full for them."""
        fan = naming.fan
        if fan is None or len(fan.rows) > FAN_NAMES:
            return []
        x, y = self._px(naming, (fan.x, fan.y))
        wants = []
        for row, (dx, dy) in zip(fan.rows, fan.offsets.tolist(), strict=True):
            gap = float(self._atlas.size[self._marks.mark_of(row)].max()) / 2
            wants.append(
                _Want(
                    text=shortened(self._store.labels[row]),
                    token="text",
                    px=LABEL_PX,
                    bold=row == naming.selected,
                    at=(x + dx, y + dy),
                    gap=gap,
                    rank=_TOP - 2,
                    key=_FAN_KEY + row,
                )
            )
        return wants

    def _singles(self, naming: Naming) -> list[_Want]:
        """Marks of one thing, as far as their zoom level lets them have a name."""
        response, store = naming.drawn.response, self._store
        if not naming.clustered:
            return []
        at = np.flatnonzero(response.row >= 0)
        rows = response.row[at]
        keep = self._may_be_named(response.level, rows)
        keep &= ~self._under_fan(naming, self._places(naming)[at])
        keep &= rows != (NOWHERE if naming.selected is None else naming.selected)
        at, rows = at[keep], rows[keep]
        if not len(at):
            return []
        places = self._places(naming)[at]
        middle = self._px(naming, (naming.camera.x, naming.camera.y))
        shown = np.fromiter((row in self._before for row in rows.tolist()), np.bool_, len(rows))
        rank = labels.rank(
            selected=np.zeros(len(rows), np.bool_),
            hovered=rows == (NOWHERE if naming.hovered is None else naming.hovered),
            unacked=store.flags[rows] & UNACKED > 0,
            severity=store.severity[rows],
            prominent=self._prominent(rows),
            shown=shown,
            distance=np.hypot(*(places - middle).T),
        )
        first = np.argsort(-rank, kind="stable")[: labels.MOST_WISHES]
        return [
            _Want(
                text=shortened(store.labels[int(rows[i])]),
                token="text",
                px=LABEL_PX,
                bold=False,
                at=(float(places[i, 0]), float(places[i, 1])),
                gap=float(naming.drawn.radius[at[i]]) - 1,
                rank=int(rank[i]),
                key=int(rows[i]),
                own=int(at[i]),
            )
            for i in first.tolist()
        ]

    def _shapes(self, naming: Naming) -> list[_Want]:
        """Areas and lines; after the marks, unless something is wrong with them."""
        wants: list[_Want] = []
        if len(naming.drawn.response.count) > MOST_MARKS:
            return wants
        world_px = mercator.world_px(naming.drawn.response.level)
        for shape in naming.shapes:
            severity = int(self._store.severity[shape.row])
            is_line = shape.turn != (1.0, 0.0) or shape.room[1] == 0.0
            want = _Want(
                text=shortened(self._store.labels[shape.row]),
                token="text" if severity >= Severity.MAJOR else "muted",
                px=LABEL_PX,
                bold=False,
                at=self._px(naming, shape.at),
                gap=0.0,
                rank=severity << 22,
                key=_SHAPE_KEY + shape.row,
                within=True,
                turn=shape.turn,
            )
            wide, high = self._size(want)
            room = shape.room[0] * world_px, shape.room[1] * world_px
            if room[0] >= wide and (is_line or room[1] >= 1.5 * high):
                wants.append(want)
        return wants

    def _may_be_named(self, level: int, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        severity = self._store.severity[rows]
        loud = (self._store.flags[rows] & UNACKED > 0) & (severity >= Severity.MINOR)
        may: npt.NDArray[np.bool_] = (severity >= Severity.MAJOR) | loud
        if level >= PROMINENT_ZOOM:
            may |= self._prominent(rows)
        if level >= ALL_ZOOM:
            may |= True
        return may

    def _prominent(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        styles = [self._store.styles.get(kind) for kind in self._store.kinds]
        prominent = np.array([s is not None and s.prominent for s in styles], np.bool_)
        flags: npt.NDArray[np.bool_] = prominent[self._store.kind[rows]]
        return flags

    # -- places -------------------------------------------------------------------------
    def _places(self, naming: Naming) -> Floats:
        response = naming.drawn.response
        px: Floats = response.xy.astype(np.float64) * (mercator.world_px(response.level) / UNIT)
        return px

    def _px(self, naming: Naming, place: tuple[float, float]) -> tuple[float, float]:
        """A place in world coordinates as pixels of the level from the origin of the marks."""
        response = naming.drawn.response
        px = mercator.world_px(response.level)
        return (place[0] - response.origin[0]) * px, (place[1] - response.origin[1]) * px

    def _blocked(self, naming: Naming) -> Floats:
        """Boxes round all marks and counts; those of the response come first."""
        places, radius = self._places(naming), naming.drawn.radius[:, None]
        if len(places) > MOST_MARKS:
            return np.zeros((0, 4))
        reach = np.where(naming.drawn.response.count[:, None] > 1, radius - 3.0, radius * 0.8)
        boxes = [np.hstack([places - reach, places + reach])]
        boxes[0][self._under_fan(naming, places)] = -1e9
        if naming.fan is not None:
            fan = naming.fan.offsets + self._px(naming, (naming.fan.x, naming.fan.y))
            half = 10.0 * self._atlas.scale
            boxes.append(np.hstack([fan - half, fan + half]))
        return np.concatenate(boxes)

    def _under_fan(self, naming: Naming, places: Floats) -> npt.NDArray[np.bool_]:
        """Which places lie under the plate of the fan that is open."""
        if naming.fan is None:
            return np.zeros(len(places), np.bool_)
        away = places - self._px(naming, (naming.fan.x, naming.fan.y))
        under: npt.NDArray[np.bool_] = (
            np.hypot(*away.T) <= naming.fan.reach + PLATE_PX * self._atlas.scale
        )
        return under

    def _size(self, want: _Want) -> tuple[float, float]:
        """Pixels that a name takes, upright."""
        size = self._symbols.word_size(want.text, want.px, bold=want.bold)
        return size[0] * self._atlas.scale, size[1] * self._atlas.scale

    def _sprites(self, naming: Naming, wants: list[_Want], placed: Placed) -> Records:
        chosen = np.flatnonzero(placed.side != NOWHERE)
        if not len(chosen):
            return no_records(SPRITE)
        some = [wants[i] for i in chosen.tolist()]
        words = np.array(
            [self._marks.word(w.text, w.px, w.token, bold=w.bold) for w in some], np.int64
        )
        at = np.array([w.at for w in some])
        box = placed.box[chosen]
        offset = (box[:, 0:2] + box[:, 2:4]) / 2 - at
        unit_px = mercator.world_px(naming.drawn.response.level) / UNIT
        sprites = self._marks.records(
            (at / unit_px).astype(np.float32), words, offset.astype(np.float32)
        )
        sprites[:, 12:14] = np.array([w.turn for w in some], np.float32)
        return sprites


_TOP = 1 << 62
_Seen = tuple[Naming, int, int]


def _same(one: _Seen, two: _Seen) -> bool:
    """Whether the names are the same; where the camera stands changes none."""
    a, b = one[0], two[0]
    return (
        one[1:] == two[1:]
        and a.drawn is b.drawn
        and a.fan is b.fan
        and (a.clustered, a.selected, a.hovered) == (b.clustered, b.selected, b.hovered)
        and a.laid == b.laid
        and a.shapes == b.shapes
    )


def _wishes(wants: list[_Want]) -> Wishes:
    size = np.array([w.size for w in wants])
    turn = np.abs(np.array([w.turn for w in wants]))
    return Wishes(
        at=np.array([w.at for w in wants]),
        gap=np.array([w.gap for w in wants]),
        size=np.stack(
            [
                size[:, 0] * turn[:, 0] + size[:, 1] * turn[:, 1],
                size[:, 0] * turn[:, 1] + size[:, 1] * turn[:, 0],
            ],
            axis=1,
        ),
        rank=np.array([w.rank for w in wants], np.int64),
        key=np.array([w.key for w in wants], np.int64),
        within=np.array([w.within for w in wants], np.bool_),
        own=np.array([w.own for w in wants], np.int64),
        must=np.array([w.must for w in wants], np.bool_),
    )

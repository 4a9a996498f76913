"""From a layer set to what each row of a store looks like. Pure; where its things may be read.

A thing stands on the map once: the topmost layer that is on, in its range and whose filter it
passes draws it. What is in alarm shows below its range too, and in a heat map keeps its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
import numpy.typing as npt

from layers.model import layer_fields
from layers.model.columns import ALIVE, UNACKED
from layers.model.layer_set import (
    Categorised,
    Graduated,
    Heat,
    Layer,
    LayerSet,
    Look,
    Single,
)
from layers.model.shares import Groups, groups_of
from layers.model.things import Things
from services.domain.errors import KnownError
from services.domain.model import Severity

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.uint16]
Passes = Callable[[str], Mask]
"""The rows (one entry per row of the store) that pass a filter; KnownError if it cannot be read."""
PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Paint:
    """How the rows of one style number are drawn; ``step`` counts the classes of a layer from 0,
    -1 where it has none; ``rank`` is higher for what lies on top."""

    layer: str
    look: Look = PLAIN
    opacity: float = 1.0
    rank: int = 0
    step: int = -1


@dataclass(frozen=True, slots=True)
class HeatRows:
    """What one heat layer weighs: rows, where they are in degrees, and what each counts for (None:
    one each)."""

    layer: str
    rows: Rows
    lon: Floats
    lat: Floats
    weights: Floats | None
    radius: int
    opacity: float


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """``kinds`` are those of layers that are on. ``number`` has the style number of each row, 0 for
    what is not drawn, None where every kind is drawn as its pack says; then ``ranks`` by kind.
    ``groups`` tell what clusters consist of, None where there is nothing to be told."""

    kinds: frozenset[str]
    number: Numbers | None
    paints: tuple[Paint, ...]
    ranks: dict[str, int]
    heats: tuple[HeatRows, ...] = ()
    problems: tuple[tuple[str, KnownError], ...] = ()
    groups: Groups | None = None

    @property
    def shown(self) -> Mask | None:
        """The rows that are drawn; None: all of ``kinds``."""
        return None if self.number is None else self.number > 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things a layer has, how many pass its filter, and how many are in each class."""

    total: int
    passed: int
    classes: tuple[int, ...] = ()
    other: int = 0


def is_plain(layers: LayerSet) -> bool:
    """Whether every kind has at most one layer that is on, drawn as its pack says."""
    seen: set[str] = set()
    for layer in layers.layers():
        if not layer.visible:
            continue
        if layer.filter or layer.style != Single() or layer.opacity < 1.0:
            return False
        if layer.min_zoom is not None or layer.max_zoom is not None:
            return False
        if seen.intersection(layer.kinds):
            return False
        seen.update(layer.kinds)
    return True


def paint(layers: LayerSet, things: Things, level: int, passes: Passes) -> Painted:
    """What the rows look like at a whole zoom level. A filter that cannot be read hides nothing
    and is named in ``problems``."""
    all_layers = layers.layers()
    ranks = {k: len(all_layers) - i for i, layer in _on(all_layers) for k in reversed(layer.kinds)}
    kinds = layers.visible_kinds()
    if is_plain(layers):
        return Painted(kinds, None, (Paint(""),), ranks)
    job = _Job(things, level, passes)
    for i, layer in reversed(_on(all_layers)):  # what lies on top is put in last
        job.put(layer, len(all_layers) - i)
    job.flush()
    for i, layer in reversed(_on(all_layers)):
        job.put_alarms(layer, len(all_layers) - i)
    looks = [(paint.look.color, paint.opacity) for paint in job.paints]
    return Painted(
        kinds,
        job.number,
        tuple(job.paints),
        ranks,
        tuple(job.heats),
        tuple(job.problems.items()),
        groups_of(job.number, looks),
    )


def tally(layer: Layer, things: Things, passes: Passes) -> Tally:
    """The numbers of one layer, on or off. A filter that cannot be read lets all pass."""
    job = _Job(things, 0, passes)
    members = job.members(job.table(layer.kinds))
    total = int(np.count_nonzero(members))
    if layer.filter:
        members = members & job.filtered(layer)
    rows = np.flatnonzero(members)
    if isinstance(layer.style, Categorised | Graduated):
        classes = classes_of(layer, things, rows)
        count = len(looks_of(layer)) - 1
        many = np.bincount(classes + 1, minlength=count + 1)
        return Tally(total, len(rows), tuple(many[1:].tolist()), int(many[0]))
    return Tally(total, len(rows))


def withheld(layers: LayerSet, things: Things, passes: Passes) -> Rows:
    """Rows of kinds that are on which no layer draws at any scale, because of a filter or because
    their class is off."""
    if is_plain(layers):
        return np.zeros(0, np.int64)
    wide = LayerSet(items=tuple(map(at_any_scale, layers.layers())))
    painted = paint(wide, things, 0, passes)
    if painted.number is None:
        return np.zeros(0, np.int64)
    on = np.array([kind in painted.kinds for kind in things.kinds], np.bool_)
    if not len(on):
        return np.zeros(0, np.int64)
    alive = things.flags & ALIVE > 0
    return np.flatnonzero(alive & on[things.kind] & (painted.number == 0))


def at_any_scale(layer: Layer) -> Layer:
    """The layer without its range, and with marks instead of heat."""
    style = Single() if isinstance(layer.style, Heat) else layer.style
    return msgspec.structs.replace(layer, min_zoom=0.0, max_zoom=None, style=style)


def looks_of(layer: Layer) -> tuple[Look | None, ...]:
    """The looks of a layer's classes in order, then the one of all else; None: not drawn."""
    style = layer.style
    if isinstance(style, Categorised):
        return (*(c.look if c.visible else None for c in style.classes), style.other)
    if isinstance(style, Graduated):
        return (*(s.look for s in style.steps), style.missing)
    return (style.look if isinstance(style, Single) else PLAIN,)


def classes_of(layer: Layer, things: Things, rows: Rows) -> Rows:
    """The class of each of some rows, -1 for all else."""
    style = layer.style
    if isinstance(style, Categorised):
        found = layer_fields.column(things, style.field, rows)
        return layer_fields.classes(found, [c.value for c in style.classes], len(rows))
    if isinstance(style, Graduated):
        found = layer_fields.column(things, style.field, rows)
        uppers = [s.upper for s in style.steps if s.upper is not None]
        return layer_fields.steps(found, uppers, len(rows))
    return np.full(len(rows), -1, np.int64)


def in_alarm(things: Things) -> Mask:
    """Rows that are shown whatever the scale: major or worse, or not acknowledged; of areas and
    lines everything that is not well."""
    severity, flags = things.severity, things.flags
    area = np.array([(s := things.styles.get(k)) is not None and s.area for k in things.kinds])
    found: Mask = (severity >= Severity.MAJOR) | (flags & UNACKED > 0)
    if len(area):
        found |= area[things.kind] & (severity > Severity.NORMAL)
    return found & (flags & ALIVE > 0)


def in_range(layer: Layer, level: int, pack_min_zoom: float) -> bool:
    """Whether a layer is drawn at a whole zoom level."""
    low = pack_min_zoom if layer.min_zoom is None else layer.min_zoom
    return low < level + 1 and (layer.max_zoom is None or level < layer.max_zoom)


def _on(layers: Sequence[Layer]) -> list[tuple[int, Layer]]:
    return [(i, layer) for i, layer in enumerate(layers) if layer.visible]


class _Job:
    """One evaluation: style numbers by row, filled from the lowest layer up."""

    def __init__(self, things: Things, level: int, passes: Passes) -> None:
        self._things = things
        self._level = level
        self._passes = passes
        self._kind = things.kind
        self._alive = things.flags & ALIVE > 0
        self._place = {kind: i for i, kind in enumerate(things.kinds)}
        self._pending = np.zeros(len(things.kinds), np.uint16)
        self.number = np.zeros(things.count, np.uint16)
        self._blank = True
        self.paints: list[Paint] = [Paint("")]
        self.heats: list[HeatRows] = []
        self.problems: dict[str, KnownError] = {}

    def table(self, kinds: Sequence[str]) -> Mask:
        """These kinds as a mask over the store's."""
        found = np.zeros(len(self._things.kinds), np.bool_)
        found[[self._place[k] for k in kinds if k in self._place]] = True
        return found

    def members(self, table: Mask) -> Mask:
        """Living rows of some kinds."""
        if not len(table):
            return np.zeros(len(self._kind), np.bool_)
        return self._alive & table[self._kind]

    def filtered(self, layer: Layer) -> Mask:
        """Rows that a layer's filter lets through; all where it cannot be read."""
        try:
            return self._passes(layer.filter)
        except KnownError as error:
            self.problems[layer.id] = error
            return np.ones(len(self._kind), np.bool_)

    def put(self, layer: Layer, rank: int) -> None:
        """The things that a layer draws at this level."""
        table = self.table([k for k in layer.kinds if self._reaches(layer, k)])
        if isinstance(layer.style, Heat):
            self._put_heat(layer, layer.style, table)
        elif isinstance(layer.style, Single) and not layer.filter:
            self._pending[table] = self._paint(layer, layer.style.look, rank)
        else:
            self.flush()
            members = self.members(table)
            if layer.filter:
                members = members & self.filtered(layer)
            self._put_rows(layer, np.flatnonzero(members), rank)

    def put_alarms(self, layer: Layer, rank: int) -> None:
        """What is in alarm and drawn by no layer in range: by the topmost one that would."""
        if isinstance(layer.style, Heat):
            table = self.table(layer.kinds)
        else:
            table = self.table([k for k in layer.kinds if not self._reaches(layer, k)])
        rows = self._alarms
        if not table.any() or not len(rows):
            return
        free = (self.number[rows] == 0) | (self.number[rows] >= self._first_alarm)
        rows = rows[free & table[self._kind[rows]]]
        if layer.filter and len(rows):
            rows = rows[self.filtered(layer)[rows]]
        if len(rows):
            self._put_rows(layer, rows, rank)

    @cached_property
    def _alarms(self) -> Rows:
        return np.flatnonzero(in_alarm(self._things))

    def flush(self) -> None:
        """Write down what was put in kind by kind."""
        if self._pending.any() and len(self._kind):
            new = self._pending[self._kind]
            if self._blank:
                self.number = new * self._alive
            else:
                np.copyto(self.number, new, where=(new > 0) & self._alive)
            self._blank = False
            self._pending[:] = 0
        self._first_alarm = len(self.paints)

    def _reaches(self, layer: Layer, kind: str) -> bool:
        style = self._things.styles.get(kind)
        return in_range(layer, self._level, 0.0 if style is None else style.min_zoom)

    def _paint(self, layer: Layer, look: Look, rank: int, step: int = -1) -> int:
        self.paints.append(Paint(layer.id, look, layer.opacity, rank, step))
        return len(self.paints) - 1

    def _put_rows(self, layer: Layer, rows: Rows, rank: int) -> None:
        looks = looks_of(layer)
        numbers = [
            0 if look is None else self._paint(layer, look, rank, i if len(looks) > 1 else -1)
            for i, look in enumerate(looks)
        ]
        of_row = np.array(numbers, np.uint16)[classes_of(layer, self._things, rows)]
        drawn = of_row > 0
        self.number[rows[drawn]] = of_row[drawn]
        self._blank = False

    def _put_heat(self, layer: Layer, style: Heat, table: Mask) -> None:
        members = self.members(table)
        if layer.filter:
            members = members & self.filtered(layer)
        rows = np.flatnonzero(members)
        if not len(rows):
            return
        weights = None
        if style.field:
            found = layer_fields.column(self._things, style.field, rows)
            weights = layer_fields.weights(found, len(rows))
        lon, lat = self._things.lon[rows], self._things.lat[rows]
        self.heats.append(HeatRows(layer.id, rows, lon, lat, weights, style.radius, layer.opacity))

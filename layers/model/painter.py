"""Evaluates layer sets: what rows look like, and the numbers of the tree. One thread at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from layers.model.columns import ALIVE
from layers.model.expression import Expression, parse
from layers.model.fields import BUILT_IN
from layers.model.layer_set import Categorised, Graduated, Heat, Layer, LayerSet
from layers.model.painting import (
    Mask,
    Painted,
    Rows,
    Tally,
    at_any_scale,
    in_range,
    is_plain,
    paint,
    tally,
    withheld,
)
from layers.model.style import KindStyle
from layers.model.things import Things, ThingTable
from services.domain.errors import KnownError
from services.domain.model import Severity

MASKS_KEPT = 32
TIME_STEP_S = 5.0
"""How often a filter that asks the time is asked again; ages are swept as often."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What filters and classes keep off the map: how many things, how many of them in alarm, and
    how many cases that are overdue."""

    total: int = 0
    alarmed: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the tree of a layer set tells: by layer id the numbers of layers with a filter or
    classes, and what is wrong with filters; and what is kept off the map."""

    tallies: dict[str, Tally]
    problems: dict[str, KnownError]
    withheld: Withheld


class Painter:
    """Answers about the things that it was given last. ``known`` are names of fields that the
    packs have: a filter that asks for a field that nothing has is not read as one that nothing
    passes."""

    def __init__(self, things: Things, now: float = 0.0) -> None:
        self.known: frozenset[str] = frozenset()
        self.things = things
        self._now = now
        self._present: set[str] = set()
        self._read: OrderedDict[str, Expression] = OrderedDict()
        self._masks: OrderedDict[str, tuple[tuple[int, float], Mask]] = OrderedDict()
        self._seen: tuple[object, ...] = ()
        self._painted: Painted | None = None

    def take(self, things: Things, now: float) -> None:
        """Answer about these from now on; ``now`` in UNIX seconds."""
        self.things, self._now = things, now

    def painted(self, layers: LayerSet, level: int) -> Painted:
        """What every row looks like at a whole zoom level; the same object while nothing of it
        has changed."""
        reach = reaches(layers, self.things.styles, level)
        seen = (layers, reach, self.things.version, *self._facts(layers))
        if self._painted is None or seen != self._seen:
            new = paint(layers, self.things, level, self.passes)
            self._seen = seen
            if self._painted is None or not _same(new, self._painted):
                self._painted = new
        return self._painted

    def passes(self, text: str) -> Mask:
        """The rows that a filter lets through, one entry per row of the store. KnownError
        ``expression_…`` when it cannot be read."""
        expression = self._parsed(text)
        step = time_step(self._now) if expression.by_time else 0.0
        version = (self.things.facts_version, step)
        kept = self._masks.get(text)
        if kept is None or kept[0] != version:
            kept = (version, expression.mask(ThingTable(self.things, self._now)))
            self._masks[text] = kept
        self._masks.move_to_end(text)
        if len(self._masks) > MASKS_KEPT:
            self._masks.popitem(last=False)
        return kept[1]

    def tally(self, layer: Layer) -> Tally:
        """The numbers of one layer."""
        return tally(layer, self.things, self.passes)

    def numbers(self, layers: LayerSet) -> Numbers:
        """What a tree of these layers tells."""
        tallies, problems = {}, {}
        for layer in layers.layers():
            if layer.filter or isinstance(layer.style, Categorised | Graduated):
                tallies[layer.id] = self.tally(layer)
            if layer.filter and (problem := self.problem(layer.filter)) is not None:
                problems[layer.id] = problem
        return Numbers(tallies, problems, self._withheld(layers))

    def problem(self, text: str) -> KnownError | None:
        """What is wrong with a filter, None where it can be read."""
        try:
            self._parsed(text)
        except KnownError as error:
            return error
        return None

    def rows_of(self, layers: LayerSet) -> Rows:
        """The rows that some layers draw, whatever the scale."""
        things = self.things
        wide = LayerSet(items=tuple(map(at_any_scale, layers.layers())))
        painted = paint(wide, things, 0, self.passes)
        alive = np.flatnonzero(things.flags & ALIVE)
        if painted.number is not None:
            return alive[painted.number[alive] > 0]
        on = np.array([kind in painted.kinds for kind in things.kinds], np.bool_)
        return alive[on[things.kind[alive]]] if len(on) else alive[:0]

    def _withheld(self, layers: LayerSet) -> Withheld:
        things = self.things
        rows = withheld(layers, things, self.passes)
        if not len(rows):
            return Withheld()
        styles = [things.styles.get(kind) for kind in things.kinds]
        lit = np.array([style is not None and style.lit for style in styles], np.bool_)
        severity, of_case = things.severity[rows], lit[things.kind[rows]]
        return Withheld(
            len(rows),
            int(np.count_nonzero((severity > Severity.NORMAL) & ~of_case)),
            int(np.count_nonzero((severity >= Severity.MAJOR) & of_case)),
        )

    def _parsed(self, text: str) -> Expression:
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self._read_anew(text)
        self._read.move_to_end(text)
        if len(self._read) > MASKS_KEPT:
            self._read.popitem(last=False)
        return found

    def _read_anew(self, text: str) -> Expression:
        """Names are those of the packs in any case of letters, or of something that is there."""
        if not self.known:
            return parse(text)
        for name in parse(text).names - self.known - self._present:
            column = self.things.fact(name) if name not in BUILT_IN else None
            if column is None or column.numbers is not None or column.texts is not None:
                self._present.add(name)
        return parse(text, self.known | self._present)

    def _facts(self, layers: LayerSet) -> tuple[float, ...]:
        """What else than marks a layer set depends on: attributes, and the time."""
        if not asks_facts(layers):
            return ()
        return (self.things.facts_version, time_step(self._now))


def asks_facts(layers: LayerSet) -> bool:
    """Whether what layers draw hangs on attributes or the time."""
    return not is_plain(layers) and any(
        layer.filter or isinstance(layer.style, Categorised | Graduated | Heat)
        for layer in layers.layers()
        if layer.visible
    )


def reaches(layers: LayerSet, styles: Mapping[str, KindStyle], level: int) -> tuple[bool, ...]:
    """Which of the layers that are on draw at a whole zoom level, kind by kind: nothing is worked
    out anew for a level at which all is as before."""
    return tuple(
        in_range(layer, level, 0.0 if (style := styles.get(kind)) is None else style.min_zoom)
        for layer in layers.layers()
        if layer.visible
        for kind in layer.kinds
    )


def time_step(now: float) -> float:
    """The step of the time that a moment lies in."""
    return now // TIME_STEP_S


def _same(new: Painted, old: Painted) -> bool:
    if (new.kinds, new.paints, new.ranks) != (old.kinds, old.paints, old.ranks):
        return False
    if new.heats or old.heats or new.problems != old.problems:
        return False
    if new.number is None or old.number is None:
        return new.number is old.number
    return np.array_equal(new.number, old.number)

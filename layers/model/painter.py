"""Keeps what a layer set looks like up with its store. The store's thread."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model.attributes import Column, Floats, Texts, column_of
from layers.model.expression import Expression, parse
from layers.model.features import STALE, UNACKED, FeatureStore
from layers.model.fields import BUILT_IN
from layers.model.layer_set import Categorised, Graduated, Heat, Layer, LayerSet
from layers.model.painting import (
    Mask,
    Painted,
    Rows,
    Tally,
    at_any_scale,
    is_plain,
    paint,
    tally,
)
from services.domain.errors import KnownError

MASKS_KEPT = 32
PAUSES, SLOWEST_MS = 10, 2_000
"""So many times as long as it took last nothing is worked out again, but at most so long."""
TIME_STEP_S = 5.0
"""How often a filter that asks the time is asked again; ages are swept as often."""


@dataclass(frozen=True, slots=True)
class LiveTable:
    """All rows of a store as they are now, those that are free included, as a table to ask."""

    store: FeatureStore
    now: float

    @property
    def count(self) -> int:
        """Rows, used and free."""
        return len(self.store.ids)

    def places(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes in degrees."""
        return self.store.lon[: self.count], self.store.lat[: self.count]

    def column(self, name: str) -> Column:
        """A column of the store or of its attributes."""
        build = _BUILT_IN.get(name)
        return build(self) if build is not None else self.store.attributes.column(name)

    def numbers(self, values: npt.NDArray[np.generic]) -> Column:
        """A column of the store as numbers."""
        return Column(values[: self.count].astype(np.float64), None)

    def words(self, codes: npt.NDArray[np.generic], words: Iterable[str]) -> Column:
        """A column of the store as words."""
        return Column(
            None, Texts(codes[: self.count].astype(np.int32), np.array(list(words), object))
        )

    def ages(self) -> Column:
        """Seconds since each was heard of."""
        seen = np.array(self.store.attributes.observed_at, np.float64)  # NaN for None
        return Column(np.maximum(self.now - seen, 0.0), None)


_BUILT_IN: dict[str, Callable[[LiveTable], Column]] = {
    "id": lambda t: column_of(t.store.ids),
    "name": lambda t: column_of(t.store.names),
    "kind": lambda t: t.words(t.store.kind, t.store.kinds),
    "state": lambda t: column_of([state or None for state in t.store.attributes.states]),
    "severity": lambda t: t.numbers(t.store.severity),
    "link": lambda t: t.numbers(t.store.link),
    "stale": lambda t: t.numbers(t.store.flags & STALE > 0),
    "unacked": lambda t: t.numbers(t.store.flags & UNACKED > 0),
    "lon": lambda t: t.numbers(t.store.lon),
    "lat": lambda t: t.numbers(t.store.lat),
    "age_s": lambda t: t.ages(),
}


class Painter:
    """Answers for one map window. ``now`` is the session's clock; ``known`` are names of fields
    that the packs have: a filter that asks for a field that nothing has is not read as one that
    nothing passes. ``pace_ms``: how long to wait between two changes of the store."""

    def __init__(self, store: FeatureStore, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self.now = now
        self.pace_ms = 0
        self.known: frozenset[str] = frozenset()
        self._present: set[str] = set()
        self._read: OrderedDict[str, Expression] = OrderedDict()
        self._masks: OrderedDict[str, tuple[tuple[int, float], Mask]] = OrderedDict()
        self._seen: tuple[object, ...] = ()
        self._painted: Painted | None = None

    def painted(self, layers: LayerSet, level: int) -> Painted:
        """What every row looks like at a whole zoom level; the same object while nothing of it
        has changed."""
        seen = (layers, level, self._store.version, *self._facts(layers))
        if self._painted is None or seen != self._seen:
            began = time.perf_counter()
            new = paint(layers, self._store, level, self.passes)
            self._seen = seen
            cost_ms = (time.perf_counter() - began) * 1_000
            self.pace_ms = round(min(SLOWEST_MS, PAUSES * cost_ms))
            if self._painted is None or not _same(new, self._painted):
                self._painted = new
        return self._painted

    def passes(self, text: str) -> Mask:
        """The rows that a filter lets through, one entry per row of the store. KnownError
        ``expression_…`` when it cannot be read."""
        expression = self._parsed(text)
        step = self._time_step() if expression.by_time else 0.0
        version = (self._store.attributes.version, step)
        kept = self._masks.get(text)
        if kept is None or kept[0] != version:
            kept = (version, expression.mask(LiveTable(self._store, self.now())))
            self._masks[text] = kept
        self._masks.move_to_end(text)
        if len(self._masks) > MASKS_KEPT:
            self._masks.popitem(last=False)
        return kept[1]

    def tally(self, layer: Layer) -> Tally:
        """The numbers of one layer."""
        return tally(layer, self._store, self.passes)

    def problem(self, text: str) -> KnownError | None:
        """What is wrong with a filter, None where it can be read."""
        try:
            self._parsed(text)
        except KnownError as error:
            return error
        return None

    def rows_of(self, layers: LayerSet) -> Rows:
        """The rows that some layers draw, whatever the scale."""
        wide = LayerSet(items=tuple(map(at_any_scale, layers.layers())))
        painted = paint(wide, self._store, 0, self.passes)
        alive = self._store.rows()
        if painted.number is not None:
            return alive[painted.number[alive] > 0]
        on = np.array([kind in painted.kinds for kind in self._store.kinds], np.bool_)
        return alive[on[self._store.kind[alive]]] if len(on) else alive[:0]

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
            column = self._store.attributes.column(name) if name not in BUILT_IN else None
            if column is None or column.numbers is not None or column.texts is not None:
                self._present.add(name)
        return parse(text, self.known | self._present)

    def _facts(self, layers: LayerSet) -> tuple[float, ...]:
        """What else than marks a layer set depends on: attributes, and the time."""
        if is_plain(layers):
            return ()
        asks = any(
            layer.filter or isinstance(layer.style, Categorised | Graduated | Heat)
            for layer in layers.layers()
            if layer.visible
        )
        return (self._store.attributes.version, self._time_step()) if asks else ()

    def _time_step(self) -> float:
        return self.now() // TIME_STEP_S


def _same(new: Painted, old: Painted) -> bool:
    if (new.kinds, new.paints, new.ranks) != (old.kinds, old.paints, old.ranks):
        return False
    if new.heats or old.heats or new.problems != old.problems:
        return False
    if new.number is None or old.number is None:
        return new.number is old.number
    return np.array_equal(new.number, old.number)

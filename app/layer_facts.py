"""What there is of a layer's things, for the editors of its style and filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model import breaks, layer_fields
from layers.model.columns import ALIVE
from layers.model.layer_set import Layer
from layers.model.things import Things
from services.packs.model import Catalogue
from widgets.layer_names import FieldName, LayerNames

MOST_VALUES = 200
"""So many values of a field are offered."""


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """One field of a layer's things: its values with how many have them, the most first, and the
    number of each thing, NaN where there is none."""

    values: tuple[tuple[str, int], ...]
    numbers: npt.NDArray[np.float64]


def read_facts(
    things: Things, kinds: Sequence[str], fields: Sequence[str]
) -> dict[str, FieldFacts]:
    """All fields of the things of some kinds; where ``things`` may be read."""
    wanted = np.array([kind in kinds for kind in things.kinds], np.bool_)
    alive = np.flatnonzero(things.flags & ALIVE)
    rows = alive[wanted[things.kind[alive]]] if len(wanted) else alive[:0]
    found = {}
    for field in fields:
        column = layer_fields.column(things, field, rows)
        numbers = np.full(len(rows), np.nan) if column.numbers is None else column.numbers
        found[field] = FieldFacts(tuple(layer_fields.values(column)[:MOST_VALUES]), numbers)
    return found


class LayerFacts:
    """The things of a layer's kinds as they were when they were read. GUI thread."""

    def __init__(
        self,
        layer: Layer,
        names: LayerNames,
        catalogue: Catalogue,
        found: dict[str, FieldFacts],
    ) -> None:
        self._layer = layer
        self._names = names
        self._rules = [r for r in catalogue.rules.values() if r.kind in layer.kinds]
        self._found = found

    def fields(self) -> list[FieldName]:
        """All fields of the layer's kinds."""
        return self._names.fields(self._layer.kinds)

    def values(self, field: str) -> Sequence[tuple[str, int]]:
        """Different values with how many things have them, the most first."""
        return self._found[field].values if field in self._found else ()

    def numbers(self, field: str) -> npt.NDArray[np.float64]:
        """The number of each thing, NaN where there is none."""
        return self._found[field].numbers if field in self._found else np.zeros(0)

    def limits(self, field: str) -> tuple[float, ...]:
        """Bounds from the rules that judge this field of these kinds; none where there are none."""
        bounds: set[float] = set()
        for rule in self._rules:
            if rule.measure == field:
                bounds.update(breaks.limits([step.at for step in rule.limits], rule.direction))
        return tuple(sorted(bounds))

    def word(self, field: str, value: str) -> str:
        """A value as its pack words it."""
        return self._names.value(self._layer.kinds, field, value)

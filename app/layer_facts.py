"""What there is of a layer's things, for the editors of its style and filter. GUI thread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from layers.model import breaks, layer_fields
from layers.model.features import FeatureStore
from layers.model.layer_set import Layer
from services.packs.model import Catalogue
from widgets.layer_names import FieldName, LayerNames

Rows = npt.NDArray[np.int64]
MOST_VALUES = 200
"""So many values of a field are offered."""


class LayerFacts:
    """The things of a layer's kinds as they are when they are asked for; nothing is kept of them
    but what was asked."""

    def __init__(
        self, store: FeatureStore, layer: Layer, names: LayerNames, catalogue: Catalogue
    ) -> None:
        self._store = store
        self._layer = layer
        self._names = names
        self._rules = [r for r in catalogue.rules.values() if r.kind in layer.kinds]
        self._values: dict[str, list[tuple[str, int]]] = {}

    def fields(self) -> list[FieldName]:
        """All fields of the layer's kinds."""
        return self._names.fields(self._layer.kinds)

    def values(self, field: str) -> list[tuple[str, int]]:
        """Different values with how many things have them, the most first."""
        if field not in self._values:
            found = layer_fields.column(self._store, field, self.rows())
            self._values[field] = layer_fields.values(found)[:MOST_VALUES]
        return self._values[field]

    def numbers(self, field: str) -> npt.NDArray[np.float64]:
        """The number of each thing, NaN where there is none."""
        rows = self.rows()
        found = layer_fields.column(self._store, field, rows).numbers
        return np.full(len(rows), np.nan) if found is None else found

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

    def rows(self) -> Rows:
        """The rows of the layer's kinds."""
        store = self._store
        wanted = np.array([kind in self._layer.kinds for kind in store.kinds], np.bool_)
        rows = store.rows()
        return rows[wanted[store.kind[rows]]] if len(wanted) else rows[:0]

"""Trails of moving units as fading lines under the marks. GUI thread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from layers.model.features import FeatureStore
from layers.model.painting import Painted
from layers.model.trails import TrailLines
from layers.render.scene import LINE, Records, no_records
from layers.render.shape_layer import Place, line_records, tint
from layers.render.theme import MapTheme

TRAIL_PX = 3.0
FAINTEST, STRONGEST = 0.1, 0.75


class TrailLayer:
    """Makes the table of one window; the same one as long as nothing has moved or faded."""

    def __init__(self, store: FeatureStore, theme: MapTheme) -> None:
        self._store = store
        self._theme = theme
        self._seen: tuple[object, ...] = ()
        self._table = no_records(LINE)

    def table(
        self,
        visible: frozenset[str] | None,
        painted: Painted | None,
        origin: Place,
    ) -> Records:
        """Lines of the units of visible kinds (None: all) that layers show (None: all)."""
        seen = (self._store.trails.version, self._store.version, visible, painted, origin)
        if seen != self._seen:
            self._seen = seen
            shown = None if painted is None else painted.shown
            self._table = self._build(self._store.trails.lines(), visible, shown, origin)
        return self._table

    def _build(
        self,
        lines: TrailLines,
        visible: frozenset[str] | None,
        shown: npt.NDArray[np.bool_] | None,
        origin: Place,
    ) -> Records:
        if not len(lines.ends):
            return no_records(LINE)
        on = np.array([self._is_on(unit, visible, shown) for unit in lines.ids], np.bool_)
        keep = on[lines.owner]
        records = line_records(lines.ends[keep], origin, tint(self._theme.color("text")), TRAIL_PX)
        fade = STRONGEST + (FAINTEST - STRONGEST) * lines.age[keep]
        records[:, 4:8] *= fade[:, None].astype(np.float32)
        return records

    def _is_on(
        self,
        unit: str,
        visible: frozenset[str] | None,
        shown: npt.NDArray[np.bool_] | None,
    ) -> bool:
        row = self._store.row_of(unit)
        if row is None:
            return False
        if visible is not None and self._store.kinds[self._store.kind[row]] not in visible:
            return False
        return shown is None or row >= len(shown) or bool(shown[row])

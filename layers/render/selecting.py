"""What is selected on one map, and how a person selects. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from layers.model.features import FeatureStore
from layers.model.region import Box, Region, rows_in
from layers.model.selection import Mode, Rows, Selection
from layers.model.view import MapView
from layers.render.clicks import Clicks
from layers.render.stage import Stage
from layers.render.tools.base import Pointer


def mode_of(shift: bool, ctrl: bool) -> Mode:
    """Shift adds, Ctrl toggles, else what is selected is replaced."""
    return "add" if shift else "toggle" if ctrl else "replace"


class Selecting(QObject):
    """``changed(ids)``. Only what the map shows is selected; ``left_out`` says how many features
    the last region held besides, of layers that are not shown."""

    changed = Signal(list)

    def __init__(
        self, store: FeatureStore, view: MapView, stage: Stage, clicks: Clicks, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._view = view
        self._stage = stage
        self._clicks = clicks
        self.selection = Selection(store)
        self.left_out = 0

    def set_ids(self, ids: Iterable[str]) -> None:
        """Select these, whether they are shown or not."""
        self._told(self.selection.apply_ids(ids))

    def set_rows(self, rows: Rows) -> None:
        """The same by rows of the store."""
        self.left_out = 0
        self._told(self.selection.apply(rows))

    def take_region(self, region: Region, shift: bool, ctrl: bool) -> None:
        """Select what a region holds."""
        rows = rows_in(self._store, region)
        self.take_rows(rows, mode_of(shift, ctrl))

    def take_rows(self, rows: Rows, mode: Mode) -> None:
        """Select those of some rows that are shown."""
        shown = rows[self.shown(rows)]
        self.left_out = len(rows) - len(shown)
        self._told(self.selection.apply(shown, mode))

    def take_at(self, at: Pointer) -> None:
        """Select what is drawn at a point, all of a cluster."""
        self.left_out = 0
        rows = np.array(self._clicks.rows_at(at.x, at.y), np.int64)
        self._told(self.selection.apply(rows, mode_of(at.shift, at.ctrl)))

    def take_view(self, mode: Mode) -> None:
        """Select all that the view holds; ``toggle`` inverts within the view."""
        self.take_rows(rows_in(self._store, self.view_box()), mode)

    def clear(self) -> None:
        """Select nothing."""
        self.left_out = 0
        self._told(self.selection.apply(np.zeros(0, np.int64)))

    def refresh(self) -> None:
        """The store has changed: what is gone is not selected any more."""
        self._told(self.selection.refresh())

    def shown(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of some rows belong to layers that the map shows."""
        visible = self._stage.visible
        if visible is None:
            return np.ones(len(rows), np.bool_)
        kinds = np.array([kind in visible for kind in self._store.kinds], np.bool_)
        found: npt.NDArray[np.bool_] = kinds[self._store.kind[rows]]
        return found

    def view_box(self) -> Box:
        """What the view shows, in degrees."""
        a = self._view.lonlat_from_screen(0, 0)
        return Box.between(a, self._view.lonlat_from_screen(self._view.width, self._view.height))

    def _told(self, changed: bool) -> None:
        if not changed:
            return
        self.changed.emit(self.selection.ids())

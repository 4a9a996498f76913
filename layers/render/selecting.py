"""What is selected on one map, and how a person selects. GUI thread."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from layers.model import mercator
from layers.model.features import FeatureStore
from layers.model.region import Box, Region, rows_in
from layers.model.selection import Mode, Rows, Selection
from layers.model.view import Camera, MapView
from layers.render.clicks import Clicks
from layers.render.stage import Stage
from layers.render.tools.base import Pointer


def mode_of(shift: bool, ctrl: bool) -> Mode:
    """Shift adds, Ctrl toggles, else what is selected is replaced."""
    return "add" if shift else "toggle" if ctrl else "replace"


class Selecting(QObject):
    """``changed(Picked)``. Only what the map shows is selected; ``left_out`` says how many
    features the last region held besides, of layers that are not shown."""

    changed = Signal(object)

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
        """Which of some rows the map shows: their layers are on, in range, their filters passed."""
        store, painted = self._store, self._stage.painted
        if painted is not None and painted.number is not None:
            known = rows < len(painted.number)
            drawn: npt.NDArray[np.bool_] = painted.number[np.where(known, rows, 0)] > 0
            return drawn | ~known
        visible, styles = self._stage.visible, store.styles
        on = np.array([visible is None or kind in visible for kind in store.kinds], np.bool_)
        least = [style.min_zoom if (style := styles.get(k)) else 0.0 for k in store.kinds]
        near = np.array(least) < math.floor(self._view.zoom) + 1
        kind = store.kind[rows]
        found: npt.NDArray[np.bool_] = on[kind] & (near[kind] | (store.severity[rows] > 0))
        return found

    def view_box(self) -> Box:
        """What the view shows, in degrees."""
        return self.box_of(self._view.camera())

    def box_of(self, camera: Camera) -> Box:
        """What a camera shows, in degrees."""
        west, north, east, south = camera.rect()
        lon, lat = mercator.lonlat([west, east], [north, south])
        return Box.between((float(lon[0]), float(lat[0])), (float(lon[1]), float(lat[1])))

    def _told(self, changed: bool) -> None:
        if not changed:
            return
        self.changed.emit(self.selection.picked)

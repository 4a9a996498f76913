"""The part of a stage that follows a layer set. GUI thread."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QTimer, Signal

from layers.model.features import FeatureStore
from layers.model.layer_set import LayerSet
from layers.model.painting import Painted
from layers.model.view import MapView
from layers.render.marks import MarkBuilder
from layers.render.paint_keeper import PaintKeeper
from layers.render.shape_layer import ShapeLayer

FEATURES_EVERY_MS = 100
"""Clusters that change faster cannot be read."""


class LayeredStage(QObject):
    """A part of ``Stage``, which makes what is named here. ``painted`` is what was worked out last
    of what things look like; ``repainted``: everything is to be drawn by another one."""

    repainted = Signal()
    _view: MapView
    _marks: MarkBuilder
    _shapes: ShapeLayer

    def __init__(self, store: FeatureStore, parent: QObject | None) -> None:
        super().__init__(parent)
        self.store = store
        self.layers: LayerSet | None = None
        self.painted: Painted | None = None
        self.visible: frozenset[str] | None = None
        self.paints = PaintKeeper(store, self)
        self.paints.ready.connect(self._painted_anew)
        self._repainting = False
        self._features = QTimer(self)
        self._features.setSingleShot(True)
        self._features.setInterval(FEATURES_EVERY_MS)

    def set_layers(self, layers: LayerSet) -> None:
        """Draw these layers from now on, instead of the kinds in ``visible``."""
        self.layers = layers
        self._repaint()
        self.repainted.emit()

    def _repaint(self) -> None:
        """What every thing looks like by the layers; of many things as it was worked out last, and
        then again when the next answer is there."""
        if self.layers is None:
            return
        self._repainting = True
        self.paints.refresh(self.layers, math.floor(self._view.zoom))
        self._repainting = False
        self._take_painted()

    def _take_painted(self) -> None:
        assert self.layers is not None
        self._features.setInterval(max(FEATURES_EVERY_MS, self.paints.pace_ms))
        painted = self.paints.painted
        self.painted = self._marks.painted = self._shapes.painted = painted
        self.visible = self.layers.visible_kinds() if painted is None else painted.kinds

    def _painted_anew(self) -> None:
        if not self._repainting:  # else whoever asked goes on with it
            self._take_painted()
            self.repainted.emit()

"""The layers of one map window: tree, map and saved workspaces kept together. GUI thread."""

from __future__ import annotations

import msgspec
import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.console_parts import Parts
from app.controllers.layer_files import LayerFiles
from app.messages import person_text
from app.session import ConsoleSession
from app.workspace_file import MapState, View
from app.workspaces import Workspaces
from layers.model import mercator
from layers.model.heat import HeatPicture
from layers.model.layer_edit import layers_under
from layers.model.layer_set import LayerSet
from layers.model.painter import Numbers
from layers.model.painting import Rows
from layers.render.map_widget import MapWidget
from services.domain.errors import KnownError
from widgets.layer_tree import LayerTreePanel

NUMBERS_EVERY_MS = 500
CLOSE_SPAN_DEG = 0.004
"""A single place is shown with so much round it."""
VIEW_AFTER_MS = 1_500


class LayersController(QObject):
    """``said(text)``: a line for the operator. ``editor_asked(name, layer id)``: style, filter."""

    said = Signal(str)
    editor_asked = Signal(str, str)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        chart: MapWidget,
        panel: LayerTreePanel,
        workspaces: Workspaces,
        slot: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._map = chart
        self._panel = panel
        self._workspaces = workspaces
        self._slot = slot
        self._catalogue = parts.catalogue
        self._files = LayerFiles(parts.operations, panel, workspaces, self)
        self._files.said.connect(self.said)
        self._files.taken.connect(self._take)
        self._numbers = QTimer(self)
        self._numbers.setSingleShot(True)
        self._numbers.setInterval(NUMBERS_EVERY_MS)
        self._numbers.timeout.connect(self._show_numbers)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(VIEW_AFTER_MS)
        self._settle.timeout.connect(self._keep)
        panel.set_catalogue(parts.catalogue, parts.lang)
        self._paints = chart.stage.paints
        self._paints.now = session.model.now
        self._paints.set_known(parts.catalogue.field_names())
        self._paints.working.connect(panel.set_working)
        self._connect()
        self.show_saved(with_view=not session.is_replay)

    @property
    def layers(self) -> LayerSet:
        """What this map shows."""
        return self._panel.layers

    def show_saved(self, *, with_view: bool = True) -> None:
        """Show what the workspace says of this map."""
        state = self._workspaces.state(self._slot)
        self.show_layers(state.layers)
        self._files.show_name()
        if with_view and state.view is not None:
            self._map.set_view(state.view.lon, state.view.lat, state.view.zoom)

    def show_layers(self, layers: LayerSet) -> None:
        """Show another set, without a past."""
        self._panel.set_layers(layers)
        self._draw(layers)

    def preview(self, layers: LayerSet) -> None:
        """Show on the map and in the tree what a set would look like; nothing is kept."""
        self._panel.preview(layers)
        self._draw(layers)

    def close(self) -> None:
        """Keep what is shown, and stop."""
        if self._settle.isActive():
            self._keep()
        self._settle.stop()
        self._numbers.stop()

    # -- inside ---------------------------------------------------------------
    def _connect(self) -> None:
        panel, model = self._panel, self._session.model
        panel.layers_changed.connect(self._changed)
        panel.refused.connect(self.said)
        panel.asked.connect(self._asked)
        panel.sets_requested.connect(self._files.open_menu)
        self._map.view_changed.connect(self._moved)
        self._map.stage.heat.ready.connect(self._heat_drawn)
        model.changed.connect(self._data_changed)
        model.marks_changed.connect(self._data_changed)
        self._workspaces.switched.connect(self.show_saved)
        self._workspaces.listed.connect(self._files.show_name)
        self._workspaces.failed.connect(self._failed)
        if self._workspaces.problem is not None:
            QTimer.singleShot(0, self, self._tell_problem)

    def _tell_problem(self) -> None:
        if self._workspaces.problem is not None:
            self._failed(self._workspaces.problem)

    def _failed(self, error: KnownError) -> None:
        self.said.emit(person_text(error))

    def _changed(self, layers: LayerSet) -> None:
        self._draw(layers)
        self._keep()

    def _take(self, layers: LayerSet) -> None:
        """A set from a file, as a step that can be undone."""
        self._panel.edit(layers)

    def _draw(self, layers: LayerSet) -> None:
        self._map.set_layers(layers)
        self._show_numbers()

    def _keep(self) -> None:
        view = self._map.view
        state = MapState(self._panel.layers, View(view.lon, view.lat, view.zoom))
        self._workspaces.put(self._slot, state)

    def _moved(self, _lon: float, lat: float, zoom: float) -> None:
        self._panel.set_view(zoom, lat)
        self._settle.start()

    def _data_changed(self) -> None:
        if not self._numbers.isActive():
            self._numbers.start()

    def _show_numbers(self) -> None:
        """Counts, "20 of 56", classes, and what filters keep off the map."""
        if not self._session.model.offset:  # before the first data there is nothing to count
            return
        self._panel.set_counts(self._session.model.store.counts())
        layers = self._panel.shown
        self._paints.ask("numbers", lambda p: p.numbers(layers), self._take_numbers, layers)

    def _take_numbers(self, numbers: Numbers) -> None:
        problems = {layer: person_text(error) for layer, error in numbers.problems.items()}
        self._panel.set_tallies(numbers.tallies, problems, numbers.withheld)

    def _heat_drawn(self, picture: HeatPicture | None) -> None:
        self._panel.set_peaks({} if picture is None else dict(picture.peaks))

    def _asked(self, name: str, node_id: str) -> None:
        if name == "zoom_to":
            self._zoom_to(node_id)
        else:
            self.editor_asked.emit(name, node_id)

    def _zoom_to(self, node_id: str) -> None:
        """Show all things that the layers of a row draw, whatever else is off."""
        node = self._panel.layers.node(node_id)
        if node is None:
            return
        shown = [
            msgspec.structs.replace(layer, visible=True, min_zoom=0.0, max_zoom=None)
            for layer in layers_under(node)
        ]
        wanted = LayerSet(items=tuple(shown))
        self._paints.ask("zoom_to", lambda p: p.rows_of(wanted), self._fit, wanted)

    def _fit(self, rows: Rows) -> None:
        """Show some rows; of those that were looked up before the store was emptied none."""
        store = self._session.model.store
        rows = rows[rows < len(store.ids)]
        if not len(rows):
            self.said.emit(self.tr("Nothing of this layer has a place on the map."))
            return
        lon, lat = store.lon[rows], store.lat[rows]
        half = max(float(np.ptp(lon)), float(np.ptp(lat)), CLOSE_SPAN_DEG) * 0.02
        if max(float(np.ptp(lon)), float(np.ptp(lat))) < CLOSE_SPAN_DEG:
            half = CLOSE_SPAN_DEG / 2
        west, east = float(lon.min()) - half, float(lon.max()) + half
        south, north = float(lat.min()) - half, float(lat.max()) + half
        limit = mercator.LAT_LIMIT
        self._map.fit(max(-180.0, west), max(-limit, south), min(180.0, east), min(limit, north))

"""The tools of one map window: what they find and measure, shown in its panel. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.actions_map import map_buttons
from app.console_parts import Parts
from app.controllers.select_by import ExpressionSelect
from app.messages import person_text
from app.place_words import place_kind
from app.projection import CASE_PREFIX
from app.session import ConsoleSession
from layers.model import mercator
from layers.model.measure import Measured
from layers.render.map_widget import MapWidget
from layers.render.tools.base import Pointer
from layers.render.tools.corners import AreaTool, DistanceTool, OutlineTool, measured_sketch
from layers.render.tools.drag import ClickTool, RadiusTool, SelectTool
from services.domain.errors import KnownError
from services.domain.model import Severity
from widgets.identify_view import FoundThing, IdentifyView
from widgets.map_panel import MapPanel
from widgets.measure_view import MeasureView
from widgets.selection_view import KindPart, SelectionView
from widgets.symbols import severity_mark

MOST_MEASURED = 50
NEAR_PX = 14.0
"""Names of the base map are found so far from the point that was clicked."""
FULL_SHARE_DEG = 0.0015
"""A selection of one place is shown with so much round it."""


class MapToolsController(QObject):
    """``chosen(feature id)``: something that was identified is to be opened. ``asked(action id)``:
    a button of a panel whose action is not the tools' own. ``said(words)``.
    ``incident_requested(lon, lat)``: a dispatch to the middle of the selection."""

    chosen = Signal(str)
    asked = Signal(str)
    said = Signal(str)
    incident_requested = Signal(float, float)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        chart: MapWidget,
        panel: MapPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._session = session
        self._map = chart
        self._panel = panel
        self._measured: list[Measured] = []
        self._selection = SelectionView(parts.theme)
        self._here = IdentifyView(parts.theme)
        self._measures = MeasureView(parts.theme)
        self._by_expression = ExpressionSelect(parts, session, chart, self._selection, self)
        notes = parts.notes.notes
        self._measures.set_units(notes.length_unit, notes.area_unit)
        self._build_panel()
        self._add_tools()
        chart.selection_changed.connect(self._selected)

    @property
    def actions(self) -> dict[str, Callable[[], object]]:
        """What the tools do, by the id of its action."""
        selecting = self._map.selecting
        return {
            **{name: partial(self._map.tools.take, name) for name in self._map.tools.ids()[1:]},
            "measure_clear": self._clear_measured,
            "selection": partial(self._panel.show_page, "selection"),
            "select_view": partial(self._select_view, "replace"),
            "select_invert": partial(self._select_view, "toggle"),
            "select_expression": self._ask_expression,
            "select_incident": self._begin_incident,
            "select_zoom": self._zoom_to_selection,
            "select_clear": selecting.clear,
        }

    # -- building ---------------------------------------------------------------------
    def _build_panel(self) -> None:
        panel, selection = self._panel, self._selection
        panel.add_page("selection", self.tr("Selection"), selection)
        panel.add_page("here", self.tr("Here"), self._here)
        panel.add_page("measured", self.tr("Measured"), self._measures)
        selection.add_action(
            "select_zoom", self.tr("Zoom to"), self.tr("Show all that is selected")
        )
        tip = self.tr("Open the attribute table")
        selection.add_action("table", self.tr("Table"), tip)
        tip = self.tr("Begin a dispatch to the middle of what is selected")
        selection.add_action("select_incident", self.tr("Dispatch"), tip)
        tip = self.tr("Select what is in view and not selected, and let go the rest")
        selection.add_action("select_invert", self.tr("Invert"), tip)
        selection.add_action("select_clear", self.tr("Clear"), self.tr("Select nothing"))
        selection.asked.connect(self._act)
        selection.kind_chosen.connect(self._only)
        self._here.chosen.connect(self.chosen)
        self._measures.removed.connect(self._remove_measured)
        self._measures.cleared.connect(self._clear_measured)
        self._measures.copied.connect(self._copied)
        self._measures.units_changed.connect(self._units_changed)

    def _add_tools(self) -> None:
        tools, selecting = self._map.tools, self._map.selecting
        tools.add(ClickTool("identify", self._identify_hint, self._identify))
        tools.add(SelectTool(selecting.take_at, selecting.take_region))
        tools.add(OutlineTool(selecting.take_region))
        tools.add(RadiusTool(selecting.take_region))
        tools.add(DistanceTool(self._keep_measured))
        tools.add(AreaTool(self._keep_measured))
        self._map.set_buttons(map_buttons())

    def _act(self, name: str) -> None:
        mine = self.actions.get(name)
        if mine is None:
            self.asked.emit(name)
        else:
            mine()

    # -- selection --------------------------------------------------------------------
    def _selected(self, _picked: object) -> None:
        selection = self._map.selecting.selection
        kinds, lang = self._parts.catalogue.kinds, self._parts.lang
        parts = [
            KindPart(kind, kinds[kind].label.text(lang) if kind in kinds else kind, count)
            for kind, count in selection.counts().items()
        ]
        self._selection.set_selection(parts, self._map.selecting.left_out)
        title = self.tr("Selection ({0})") if len(selection) else self.tr("Selection")
        self._panel.set_title("selection", title.format(f"{len(selection):,}"))
        if len(selection):
            self._panel.show_page("selection")

    def _only(self, kind: str) -> None:
        """Keep the selected of one kind."""
        selecting, store = self._map.selecting, self._session.model.store
        rows = selecting.selection.rows
        selecting.take_rows(rows[store.kind[rows] != store.kinds.index(kind)], "remove")

    def _select_view(self, mode: str) -> None:
        self._map.selecting.take_view("toggle" if mode == "toggle" else "replace")

    def _ask_expression(self) -> None:
        self._by_expression.offer_fields()
        self._panel.show_page("selection")
        self._selection.expression.setFocus()

    def _begin_incident(self) -> None:
        selection, store = self._map.selecting.selection, self._session.model.store
        if not len(selection):
            self.said.emit(self.tr("Nothing is selected."))
            return
        rows = selection.rows
        self.incident_requested.emit(float(store.lon[rows].mean()), float(store.lat[rows].mean()))

    def _zoom_to_selection(self) -> None:
        box = self._map.selecting.selection.box()
        if box is None:
            self.said.emit(self.tr("Nothing is selected."))
            return
        west, south, east, north = box
        room = FULL_SHARE_DEG
        self._map.fit(west - room, south - room, east + room, north + room)

    # -- what is here -----------------------------------------------------------------
    def _identify_hint(self) -> str:
        return self.tr("Click a point: all that lies there is listed, of every layer")

    def _identify(self, at: Pointer) -> None:
        store, theme = self._session.model.store, self._parts.theme
        rows = self._map.clicks.rows_at(at.x, at.y, every_area=True)
        rows.sort(key=lambda row: (-int(store.severity[row]), store.names[row]))
        found = []
        for row in rows:
            mark = severity_mark(theme, Severity(int(store.severity[row])))
            name = store.names[row] or store.ids[row]
            shown = store.ids[row].removeprefix(CASE_PREFIX)
            layer = self._layer_of(store.kinds[store.kind[row]])
            found.append(FoundThing(layer, store.ids[row], name, shown, mark))
        found.sort(key=lambda thing: thing.layer)
        reach = NEAR_PX * mercator.metres_per_px(at.lat, self._map.view.zoom)
        base = self.tr("Base map")
        for place, metres in self._parts.places.at(at.lon, at.lat, reach):
            detail = f"{place_kind(place.kind)}  {metres:,.0f} m"
            found.append(FoundThing(base, "", place.name, detail))
        self._here.set_found(f"{at.lon:.6f}°, {at.lat:.6f}°", found)
        self._panel.show_page("here")

    def _layer_of(self, kind: str) -> str:
        known = self._parts.catalogue.kinds.get(kind)
        if known is not None:
            return known.label.text(self._parts.lang)
        return self.tr("Cases") if kind == "case" else kind

    # -- measuring --------------------------------------------------------------------
    def _keep_measured(self, measured: Measured) -> None:
        self._measured = [*self._measured, measured][-MOST_MEASURED:]
        self._show_measured()
        self._panel.show_page("measured")

    def _remove_measured(self, number: int) -> None:
        del self._measured[number]
        self._show_measured()

    def _clear_measured(self) -> None:
        self._measured = []
        self._show_measured()

    def _show_measured(self) -> None:
        mu = self.tr("mu")
        self._map.set_kept_sketches([measured_sketch(m, mu) for m in self._measured])
        self._measures.set_measured(self._measured)

    @property
    def measured(self) -> tuple[Measured, ...]:
        """What was measured and not cleared."""
        return tuple(self._measured)

    def set_measured(self, measured: tuple[Measured, ...]) -> None:
        """Show measurements of before."""
        self._measured = list(measured)
        self._show_measured()

    def _units_changed(self, length: str, area: str) -> None:
        notes = self._parts.notes
        notes.change(length_unit=length, area_unit=area)
        self._parts.operations.run(notes.save, _kept, self._not_kept, owner=self)

    def _not_kept(self, error: Exception) -> None:
        self.said.emit(person_text(error) if isinstance(error, KnownError) else str(error))

    def _copied(self, _text: str) -> None:
        self.said.emit(self.tr("Copied."))


def _kept(_done: None) -> None:
    """It is on the disk."""

"""The attribute tables of one desk: opened from its layers, one window for each layer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QRect, Signal

from app.console_parts import Parts
from app.controllers.table import TableController, TableOf
from app.session import ConsoleSession
from app.windows.table import TableWindow
from layers.model.layer_set import Layer
from layers.model.table import Order
from layers.render.map_widget import MapWidget
from widgets.layer_tree import LayerTreePanel


class TableHost(Protocol):
    """Who shows windows and keeps what a person has arranged: the console."""

    def add_table(self, window: TableWindow, closed: Callable[[], None]) -> str:
        """Show a window; its name. ``closed`` is called when it has gone."""
        ...

    def close_window(self, name: str) -> None:
        """Close a window by its name."""
        ...

    def table_columns(self, layer: str) -> list[str]:
        """Names of the columns that were chosen for a layer, none where nobody has."""
        ...

    def keep_table_columns(self, layer: str, names: list[str]) -> None:
        """Remember them."""
        ...


@dataclass(frozen=True, slots=True)
class TableState:
    """What a person has arranged in a table window."""

    of: TableOf
    filter: str
    order: Order | None
    geometry: QRect


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    window: TableWindow
    controller: TableController


class TablesController(QObject):
    """``opened(feature id)``: somebody wants its card. ``said(words)``: why nothing opens."""

    opened = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        chart: MapWidget,
        host: TableHost,
        parent: QObject,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._steady = steady
        self._parts, self._session, self._map, self._host = parts, session, chart, host
        self._open: dict[str, _Open] = {}

    def follow(self, layers: LayerTreePanel) -> None:
        """Open the tables that a tree's rows ask for."""
        layers.table_requested.connect(partial(self._open_layer, layers))

    def open_chosen(self, layers: LayerTreePanel) -> None:
        """The table of the layer that is chosen in the tree, else of what is selected on the
        map."""
        kind = next(iter(self._map.selecting.selection.counts()), "")  # of which most is selected
        holding = (layer for layer in layers.layers.layers() if kind in layer.kinds)
        chosen = layers.chosen()
        layer = chosen if isinstance(chosen, Layer) else next(holding, None)
        if layer is None:
            words = self.tr("Choose a layer in the tree, or select something on the map, first.")
            self.said.emit(words)
        else:
            self._open_layer(layers, layer)

    def _open_layer(self, layers: LayerTreePanel, layer: Layer) -> None:
        title = layers.names.layer(layer)
        self.open(TableOf(layer.id, frozenset(layer.kinds), title, layer.filter))

    def open(self, of: TableOf) -> TableWindow:
        """Open the table of a layer, or bring the one that is open to the front."""
        found = self._open.get(of.id)
        if found is not None:
            if found.controller.of == of:
                found.window.showNormal() if found.window.isMinimized() else found.window.show()
                found.window.raise_()
                found.window.activateWindow()
                return found.window
            self._host.close_window(found.name)  # the layer's filter has changed since
        window = TableWindow(self._parts, self._session, of.title)
        shown = self._host.table_columns(of.id)
        controller = TableController(
            self._parts, self._session, self._map, window, of, shown, steady=self._steady
        )
        controller.opened.connect(self.opened)
        controller.columns_chosen.connect(lambda names: self._host.keep_table_columns(of.id, names))
        name = self._host.add_table(window, lambda: self._closed(of.id))
        self._open[of.id] = _Open(name, window, controller)
        return window

    def state(self) -> tuple[TableState, ...]:
        """What is open, to be opened again."""
        return tuple(
            TableState(
                one.controller.of,
                one.window.table.filter_text,
                one.window.table.asked.order,
                one.window.geometry(),
            )
            for one in self._open.values()
        )

    def arrange(self, states: tuple[TableState, ...]) -> None:
        """Open what was open."""
        for state in states:
            window = self.open(state.of)
            window.setGeometry(state.geometry)
            window.table.set_filter(state.filter)
            window.table.set_order(state.order)

    def close(self) -> None:
        """Close all: they show this desk's session and move its map."""
        for one in list(self._open.values()):
            self._host.close_window(one.name)

    def _closed(self, layer: str) -> None:
        one = self._open.pop(layer, None)
        if one is not None:
            one.controller.close()

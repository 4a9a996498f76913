"""The base map of one map window: the menu it is chosen from, and the way to all of them."""

from __future__ import annotations

from functools import partial

import shiboken6
from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.base_map_words import trouble_words
from app.console_parts import Parts
from app.controllers.base_maps import BaseMapsController
from layers.render.map_widget import MapWidget
from services.basemaps.model import Source
from services.domain.clock import Clock
from widgets.text import button_text, set_tooltip

BESIDE_BUTTON = QPoint(-56, 138)
"""From the map's upper right corner to the menu's, beside the button that opens it."""


class BaseMapController(QObject):
    """``name``: of the window, under which the choice is remembered."""

    def __init__(
        self, parts: Parts, name: str, map_: MapWidget, parent: QObject, clock: Clock
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._name = name
        self._map = map_
        self._clock = clock
        self._all: BaseMapsController | None = None
        parts.bases.attach(name, map_.base)
        map_.base.choice_asked.connect(self.ask)

    def close(self) -> None:
        """The window goes, and the dialog with it."""
        if self._all is not None and shiboken6.isValid(self._all):
            self._all.dialog.close()
        self._parts.bases.detach(self._name)

    def ask(self) -> None:
        """Open the menu of base maps beside the button on the map."""
        menu = self.build_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self._map.mapToGlobal(self._map.rect().topRight()) + BESIDE_BUTTON
        menu.popup(QPoint(corner.x() - menu.sizeHint().width(), corner.y()))

    def build_menu(self) -> QMenu:
        """One entry for each base map, and one that leads to all of them."""
        bases = self._parts.bases
        menu = QMenu(self._map)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        chosen = bases.chosen(self._name)
        for source in bases.catalogue.sources():
            entry = self._entry(source, menu)
            entry.setChecked(source.id == chosen)
            group.addAction(entry)
            menu.addAction(entry)
        menu.addSeparator()
        more = menu.addAction(button_text(self.tr("Add, tone, download…")))
        more.triggered.connect(self._open_all)
        return menu

    def _entry(self, source: Source, menu: QMenu) -> QAction:
        entry = QAction(button_text(source.title(self._parts.lang)), menu)
        entry.setCheckable(True)
        entry.setData(source.id)
        set_tooltip(entry, trouble_words(self._parts.bases.status(source.id), self._clock()))
        entry.triggered.connect(partial(self._choose, source.id))
        return entry

    def _choose(self, id_: str, _on: bool = True) -> None:
        self._parts.bases.choose(self._name, id_)

    def _open_all(self, _on: bool = True) -> None:
        if self._all is not None and shiboken6.isValid(self._all):
            self._all.dialog.raise_()
            self._all.dialog.activateWindow()
            return
        over = self._map.window()
        self._all = BaseMapsController(self._parts, self._name, self._clock, self._box, over)

    def _box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what the map shows."""
        view = self._map.view
        west, north = view.lonlat_from_screen(0.0, 0.0)
        east, south = view.lonlat_from_screen(view.width, view.height)
        return west, south, east, north

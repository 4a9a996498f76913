"""Places on one map window: going to them, reading them off, keeping views. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu

from app.console_parts import Parts
from app.finder import DATUM_NAMES, Finder, Target
from app.messages import person_text
from app.user_notes import MAX_BOOKMARKS, Bookmark
from layers.model import coordinates, mercator
from layers.model.coordinates import FORMS, Form
from layers.render.map_widget import MapWidget
from layers.render.tools.base import Sketch, Word
from services.domain.datum import Datum
from services.domain.errors import KnownError
from widgets.bookmark_view import BookmarkView
from widgets.goto_box import GotoBox
from widgets.map_panel import MapPanel
from widgets.text import button_text

CLOSE_ZOOM = 16.0
NEAR_M = 2_500.0
"""A new bookmark is called after the nearest place so far away, else by its coordinates."""
LEAST_SCALE, LARGEST_SCALE = 200, 50_000_000


class MapPlacesController(QObject):
    """``chosen(feature id)``: a thing was found and is to be shown. ``said(words)``.
    ``incident_requested(lon, lat)``: the menu of a place asks for a dispatch there.
    ``bookmarks_changed``: other names than before."""

    chosen = Signal(str)
    said = Signal(str)
    incident_requested = Signal(float, float)
    bookmarks_changed = Signal()

    def __init__(
        self,
        parts: Parts,
        finder: Finder,
        chart: MapWidget,
        panel: MapPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._finder = finder
        self._map = chart
        self._panel = panel
        self._notes = parts.notes
        self._bookmarks = BookmarkView(parts.theme)
        self._goto = GotoBox(parts.theme, chart)
        self._menu: QMenu | None = None
        self._scale: QInputDialog | None = None
        panel.add_page("bookmarks", self.tr("Bookmarks"), self._bookmarks)
        self._connect()
        chart.set_coordinate_form(self._notes.notes.coordinates)
        self._goto.set_datum(self._notes.notes.typed_datum)
        self._show_bookmarks()

    @property
    def actions(self) -> dict[str, Callable[[], object]]:
        """What is done here, by the id of its action."""
        return {
            "go_to": self._goto.open_empty,
            "pin_clear": self.clear_pin,
            "bookmark_add": self._add_bookmark,
            "bookmarks": self._open_bookmarks,
            "copy_coordinates": self._copy_here,
            "coordinates": self._open_forms,
            "scale": self._ask_scale,
        }

    def _connect(self) -> None:
        self._goto.typed.connect(self._find)
        self._goto.chosen.connect(self.take)
        self._goto.datum_chosen.connect(self._datum_chosen)
        self._bookmarks.chosen.connect(self.go_to_bookmark)
        self._bookmarks.renamed.connect(self._rename)
        self._bookmarks.removed.connect(self._remove)
        self._bookmarks.add_requested.connect(self._add_bookmark)
        self._map.context_requested.connect(self._open_menu)

    # -- going to a place ---------------------------------------------------------------
    def take(self, result_id: str) -> None:
        """Go to what was found: a thing is chosen, a place is marked."""
        target = self._finder.target(result_id)
        if target is None:
            self.chosen.emit(result_id)
        else:
            self.go(target)

    def go(self, target: Target) -> None:
        """Look at a place and mark it."""
        pin = Word(target.lon, target.lat, target.words)
        self._map.set_pin(Sketch(pin=(target.lon, target.lat), words=(pin,)))
        self._map.set_view(target.lon, target.lat, max(CLOSE_ZOOM, self._map.view.zoom))

    def clear_pin(self) -> None:
        """Take the marker off the map."""
        self._map.set_pin(None)

    def _find(self, text: str, chosen: Datum) -> None:
        self._finder.ask(text, chosen, self._goto.set_results, self)

    def _datum_chosen(self, chosen: Datum) -> None:
        self._keep(typed_datum=chosen)

    # -- reading a place off ----------------------------------------------------------------
    def _copy_here(self) -> None:
        place = self._map.pointer_place or (self._map.view.lon, self._map.view.lat)
        self._copy(*place, self._notes.notes.coordinates)

    def _copy(self, lon: float, lat: float, form: Form, _on: bool = False) -> None:
        text = coordinates.copied(lon, lat, form)
        QGuiApplication.clipboard().setText(text)
        self.said.emit(self.tr("Copied: {0}").format(text))

    def _take_form(self, form: Form, _on: bool = False) -> None:
        self._map.set_coordinate_form(form)
        self._keep(coordinates=form)

    def _form_words(self, form: Form) -> str:
        return {
            "degrees": self.tr("CGCS2000 / WGS-84, degrees"),
            "dms": self.tr("CGCS2000 / WGS-84, degrees, minutes, seconds"),
            "zone": self.tr("CGCS2000 3-degree zone, metres"),
            "gcj02": DATUM_NAMES["gcj02"],
            "bd09": DATUM_NAMES["bd09"],
        }[form]

    def _open_forms(self) -> None:
        menu = self._new_menu()
        for form in FORMS:
            entry = menu.addAction(button_text(self._form_words(form)))
            entry.setCheckable(True)
            entry.setChecked(form == self._notes.notes.coordinates)
            entry.triggered.connect(partial(self._take_form, form))
        menu.addSeparator()
        menu.addAction(self.tr("Copy coordinates")).triggered.connect(self._copy_here)
        menu.popup(QCursor.pos())

    # -- the menu of a place ------------------------------------------------------------------
    def _open_menu(self, lon: float, lat: float, _feature_id: str) -> None:
        menu = self._new_menu()
        incident = menu.addAction(self.tr("New incident here"))
        incident.triggered.connect(partial(self._incident, lon, lat))
        menu.addSeparator()
        copy = menu.addMenu(self.tr("Copy coordinates as"))
        for form in FORMS:
            if coordinates.can_write(lon, form):
                words = f"{self._form_words(form)}    {coordinates.copied(lon, lat, form)}"
                entry = copy.addAction(button_text(words))
                entry.triggered.connect(partial(self._copy, lon, lat, form))
        mark = menu.addAction(self.tr("Mark this place"))
        mark.triggered.connect(partial(self._mark, lon, lat))
        clear = menu.addAction(self.tr("Take the marker away"))
        clear.setEnabled(self._map.has_pin)
        clear.triggered.connect(self.clear_pin)
        centre = menu.addAction(self.tr("Middle of the map here"))
        centre.triggered.connect(partial(self._centre, lon, lat))
        menu.addAction(self.tr("Keep this view")).triggered.connect(self._add_bookmark)
        menu.popup(QCursor.pos())
        menu.setActiveAction(incident)

    def _new_menu(self) -> QMenu:
        """A menu in the place of the last one."""
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = QMenu(self._map)
        return self._menu

    def _incident(self, lon: float, lat: float, _on: bool = False) -> None:
        self.incident_requested.emit(lon, lat)

    def _mark(self, lon: float, lat: float, _on: bool = False) -> None:
        words = coordinates.written(lon, lat, self._notes.notes.coordinates)
        self._map.set_pin(Sketch(pin=(lon, lat), words=(Word(lon, lat, words),)))

    def _centre(self, lon: float, lat: float, _on: bool = False) -> None:
        self._map.set_view(lon, lat, self._map.view.zoom)

    # -- scale -----------------------------------------------------------------------------
    def _ask_scale(self) -> None:
        if self._scale is not None:
            self._scale.deleteLater()
        dialog = QInputDialog(self._map)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(self.tr("Scale"))
        dialog.setLabelText(self.tr("Scale of the map, 1:"))
        dialog.setIntRange(LEAST_SCALE, LARGEST_SCALE)
        dialog.setIntValue(round(self._map.scale_number))
        dialog.intValueSelected.connect(self._take_scale)
        self._scale = dialog
        dialog.open()

    def _take_scale(self, number: int) -> None:
        view = self._map.view
        metres = number * mercator.PIXEL_M
        self._map.set_view(view.lon, view.lat, mercator.zoom_of(view.lat, metres))

    # -- bookmarks ----------------------------------------------------------------------------
    @property
    def bookmarks(self) -> list[str]:
        """Names in the order of their numbers."""
        return [b.name for b in self._notes.notes.bookmarks]

    def go_to_bookmark(self, number: int) -> None:
        """Show a view that was kept; one that is gone shows nothing."""
        if number < len(self._notes.notes.bookmarks):
            kept = self._notes.notes.bookmarks[number]
            self._map.set_view(kept.lon, kept.lat, kept.zoom)

    def _open_bookmarks(self) -> None:
        self._panel.show_page("bookmarks")
        self._bookmarks.list.setFocus()

    def _add_bookmark(self) -> None:
        notes, view = self._notes.notes, self._map.view
        if len(notes.bookmarks) >= MAX_BOOKMARKS:
            words = self.tr(
                "{0} views are kept, which is all there is room for. Remove some first."
            )
            self.said.emit(words.format(MAX_BOOKMARKS))
            return
        new = Bookmark(self._new_name(), view.lon, view.lat, view.zoom)
        self._keep(bookmarks=(*notes.bookmarks, new))
        self._show_bookmarks()
        self._panel.show_page("bookmarks")
        self._bookmarks.edit_name(len(notes.bookmarks))

    def _new_name(self) -> str:
        view = self._map.view
        near = self._parts.places.at(view.lon, view.lat, NEAR_M)
        base = near[0][0].name if near else f"{view.lon:.4f}, {view.lat:.4f}"
        name, number = base[:70], 2
        while name in self.bookmarks:
            name, number = f"{base[:70]} {number}", number + 1
        return name

    def _rename(self, number: int, name: str) -> None:
        kept = list(self._notes.notes.bookmarks)
        old = kept[number]
        kept[number] = Bookmark(name, old.lon, old.lat, old.zoom)
        self._keep(bookmarks=tuple(kept))
        self._show_bookmarks()

    def _remove(self, number: int) -> None:
        kept = list(self._notes.notes.bookmarks)
        gone = kept.pop(number)
        self._keep(bookmarks=tuple(kept))
        self._show_bookmarks()
        self.said.emit(self.tr("Removed: {0}").format(gone.name))

    def _show_bookmarks(self) -> None:
        self._bookmarks.set_bookmarks(self.bookmarks)
        self.bookmarks_changed.emit()

    # -- keeping -----------------------------------------------------------------------------
    def _keep(self, **fields: object) -> None:
        self._notes.change(**fields)
        self._parts.operations.run(self._notes.save, _nothing, self._not_kept, owner=self)

    def _not_kept(self, error: Exception) -> None:
        text = person_text(error) if isinstance(error, KnownError) else str(error)
        self.said.emit(text)


def _nothing(_done: None) -> None:
    """It is on the disk."""

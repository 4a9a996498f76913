"""One map window: base map, features, gestures. A QWidget; GUI thread only.

The map never moves by itself under an operator: a gesture locks the view (``lock_changed``), the
setters that move it are for what a person asked for, and ``follow`` lets go again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtQuick import QQuickGraphicsConfiguration, QQuickView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from layers.model import mercator
from layers.model.features import FeatureStore
from layers.model.history import Place
from layers.model.layer_set import LayerSet
from layers.model.selection import Picked
from layers.model.view import MapView
from layers.render.base_map import DISK_TILES, BaseMap
from layers.render.clicks import Clicks
from layers.render.dirty import Uploads
from layers.render.map_parts import Chrome, cache_directory, child, look_of
from layers.render.selecting import Selecting
from layers.render.stage import Stage
from layers.render.stepping import Stepping
from layers.render.surface import MapSurface
from layers.render.theme import MapTheme, TokenTheme
from layers.render.tool_controls import ToolControls
from layers.render.tools.box import ToolBox
from layers.render.trail import ViewTrail

QML = Path(__file__).resolve().parent.parent.parent / "resources" / "qml" / "Map.qml"


class MapWidget(ToolControls, QWidget):
    """See the signals and setters.

    ``tile_url`` is what ``TileService.start`` returned; ``theme`` gives the colours. ``home`` is
    the box (west, south, east, north in degrees) that is shown first and by the home button;
    without one that is where most features are. ``scale`` draws marks and words larger, for a
    wall that is read from afar; ``controls`` False leaves the buttons away.

    ``store``: its features; ``tools``: what the pointer can be used for; ``action_requested(id)``:
    a button on the map whose action is not the map's own; ``selection_changed(Picked)``.
    ``marked(id)``: one feature is marked out, "" for none.
    """

    feature_clicked = Signal(str)
    cluster_clicked = Signal(list)
    feature_hovered = Signal(str)
    context_requested = Signal(float, float, str)
    view_changed = Signal(float, float, float)
    lock_changed = Signal(bool)
    escape_pressed = Signal()
    action_requested = Signal(str)
    selection_changed = Signal(object)
    marked = Signal(str)

    def __init__(
        self,
        features: FeatureStore,
        tile_url: str,
        theme: MapTheme | None = None,
        parent: QWidget | None = None,
        *,
        home: tuple[float, float, float, float] | None = None,
        scale: float = 1.0,
        controls: bool = True,
    ) -> None:
        super().__init__(parent)
        self.store = features
        self._theme = theme or TokenTheme()
        self._home = home
        self._aim: tuple[float, ...] | None = home
        self._placed = False
        self._closed = False
        self.view = MapView()
        self._trail = ViewTrail(self.view, self)
        self.stage = Stage(features, self._theme, self.view, scale, self)
        self.clicks = Clicks(features, self.view, self.stage, self)
        self.steps = Stepping(self.view, self.stage, self.clicks, self)
        self.tools = ToolBox(self.view, self.clicks.place_at, self)
        self.selecting = Selecting(features, self.view, self.stage, self.clicks, self)
        self._refit = QTimer(self)
        self._refit.setSingleShot(True)
        self._refit.setInterval(0)  # after Qt's own sizes
        self._refit.timeout.connect(self._fill)
        self._build(tile_url, scale, controls)
        self.setMinimumSize(QSize(160, 120))
        self.setFocusProxy(self._container)

    # -- setters ---------------------------------------------------------------------
    @property
    def locked(self) -> bool:
        """Whether an operator holds the view."""
        return self.view.locked

    def set_view(self, lon: float, lat: float, zoom: float) -> None:
        """Look at a place in degrees."""
        self._trail.jump()
        self._aim = (lon, lat, zoom)
        self._take_aim()

    def fit(self, w: float, s: float, e: float, n: float) -> None:
        """Show a box of degrees."""
        self._trail.jump()
        self._aim = (w, s, e, n)
        self._take_aim()

    def follow(self) -> None:
        """Unlock the view and go back to what the console last asked to show."""
        self._trail.jump()
        self._set_locked(False)
        self._take_aim()

    def go_back(self) -> bool:
        """Show the view before this one, for an operator; locks. False when there is none."""
        return self._recall(self._trail.back())

    def go_forward(self) -> bool:
        """Show the view that was gone back from; locks. False when there is none."""
        return self._recall(self._trail.forward())

    def set_visible_kinds(self, kinds: frozenset[str]) -> None:
        """Draw these kinds only."""
        self.stage.set_visible(kinds)

    def set_layers(self, layers: LayerSet) -> None:
        """Draw these layers, in their order and styles."""
        self.stage.set_layers(layers)

    def set_clustered(self, clustered: bool) -> None:
        """Draw clusters, or every feature by itself."""
        self.stage.set_clustered(clustered)

    def set_scale(self, scale: float) -> None:
        """Draw marks and words larger or smaller, for another distance of the reader."""
        if scale != self.stage.atlas.scale:
            self._root.setProperty("wordScale", scale)
            self.stage.set_scale(scale)

    def set_stale(self, stale: bool, age_s: float = 0.0, words: str = "") -> None:
        """Grey the data and say for how long it has been old, or show it as live again. ``age_s``:
        seconds since the last data, counted on from there; ``words``: to be said instead."""
        self._root.setProperty("staleSeconds", max(0, int(age_s)))
        self._root.setProperty("staleWords", words)
        if stale != self.stage.stale:
            self.stage.stale = stale
            self._root.setProperty("stale", stale)
            self.stage.push_frame()

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the map under an operator's hand; locks the view."""
        self._set_locked(True)
        self.view.pan(dx_px, dy_px)
        self._moved()

    def zoom(self, steps: float, at_x: float, at_y: float) -> None:
        """Zoom at a screen point for an operator; locks the view."""
        self._set_locked(True)
        self.view.zoom_by(steps, at_x, at_y)
        self._moved()

    def on_frame(self, swapped: Callable[[], None], in_python: Callable[[float], None]) -> None:
        """For benchmarks: call after each swapped frame, and with the overlay's seconds in it."""
        self._quick.frameSwapped.connect(swapped)
        self._surface.on_drawn = in_python

    @property
    def uploads(self) -> Uploads:
        """For benchmarks: bytes that went to the GPU."""
        return self._surface.uploads

    def features_changed(self) -> None:
        """The store has changed; drawn with the next tenth of a second."""
        self.stage.features_changed()
        self.selecting.refresh()
        if self._aim is None and len(self.store):
            self.go_home()

    def set_selected(self, feature_id: str | None) -> None:
        """Mark one feature out, and tell it."""
        super().set_selected(feature_id)
        self.marked.emit(feature_id or "")

    def grab_map(self) -> QImage:
        """The map as it looks now, with everything that floats over it."""
        return QImage() if self._closed else self._quick.grabWindow()

    # -- life --------------------------------------------------------------------------
    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything; a closed map does not come back."""
        self._shut()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        """A map that is deleted without being closed stops as well."""
        if event.type() == QEvent.Type.DeferredDelete:
            self._shut()
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refit.start()
        return super().event(event)

    def _shut(self) -> None:
        if not self._closed:
            self._closed = True
            self._trail.stop()
            self._surface.stop()
            self.stage.close()
            self._quick.close()

    def _build(self, tile_url: str, scale: float, controls: bool) -> None:
        self._chrome = Chrome(self)
        self._quick = QQuickView()
        self._quick.setGraphicsConfiguration(_flat())
        self._quick.setColor(self._theme.color("ground"))
        self._quick.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self._quick.setInitialProperties(
            {
                "chrome": self._chrome,
                "tileHost": tile_url,
                "cacheDirectory": cache_directory(tile_url),
                "diskTiles": DISK_TILES,
                "look": look_of(self._theme),
                "controls": controls,
                "wordScale": scale,
            }
        )
        self._quick.setSource(QUrl.fromLocalFile(str(QML)))
        errors = "; ".join(error.toString() for error in self._quick.errors())
        if errors:
            raise RuntimeError(f"the map window cannot be built: {errors}")
        self._root = self._quick.rootObject()
        self.base = BaseMap(self._root, self._chrome, self)
        self._slot = child(self._root, "slot")
        self._surface = MapSurface(self.stage.atlas, self.tools, self._slot)
        self._surface.setFocus(True)
        self.stage.attach(self._surface)
        self._connect()
        self._container = QWidget.createWindowContainer(self._quick, self)
        self._container.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._container)

    def _connect(self) -> None:
        self._slot.widthChanged.connect(self._resized)
        self._slot.heightChanged.connect(self._resized)
        self._quick.screenChanged.connect(self._rescaled)
        self._quick.screenChanged.connect(self._refit.start)
        self._chrome.asked.connect(self._act)
        self._surface.asked.connect(self._act)
        self._surface.dragged.connect(self.pan)
        self._surface.zoomed.connect(self.zoom)
        self._surface.clicked.connect(self.clicks.click)
        self.clicks.opened.connect(self.feature_clicked)
        self.clicks.gathered.connect(self.cluster_clicked)
        self.clicks.parts.connect(self._part)
        self.tools.sketched.connect(self._sketched)
        self.tools.changed.connect(self._tool_changed)
        self.selecting.changed.connect(self._selected)
        self._surface.context_asked.connect(self._context)
        self._surface.keys = self.steps.key
        self.steps.pointed.connect(self._hovered)
        self._surface.hovered.connect(self._hovered)

    # -- gestures ------------------------------------------------------------------------
    def _act(self, action: str) -> None:
        middle = self.view.width / 2, self.view.height / 2
        mine: dict[str, Callable[[], object]] = {
            "follow": self.follow,
            "back": self.go_back,
            "forward": self.go_forward,
            "home": self.go_home,
            "zoom_in": partial(self.zoom, 1.0, *middle),
            "zoom_out": partial(self.zoom, -1.0, *middle),
            "escape": self._escape,
        }
        if action in self.tools.ids():
            self.tools.take(action)
        elif action in mine:
            mine[action]()
        else:
            self.action_requested.emit(action)

    def _escape(self) -> None:
        if not self.escape():
            self.escape_pressed.emit()

    def _part(self, w: float, s: float, e: float, n: float) -> None:
        """Show the box so that a cluster comes apart."""
        self._trail.jump()
        self._set_locked(True)
        before, view = self.view.zoom, self.view
        view.fit(w, s, e, n, share=0.6)
        if view.zoom < before + 1:  # never a click without an effect
            view.zoom_by(before + 1 - view.zoom, view.width / 2, view.height / 2)
        self._moved()

    def _selected(self, picked: Picked) -> None:
        self.ring(picked)
        self.selection_changed.emit(picked)

    def _context(self, x: float, y: float) -> None:
        lon, lat = self.view.lonlat_from_screen(x, y)
        self.context_requested.emit(lon, lat, self.clicks.id_at(x, y))

    def _hovered(self, x: float, y: float) -> None:
        found = "" if x < 0 else self.clicks.id_at(x, y)
        self.stage.point(x, y)
        self.steps.moved()
        row = self.store.row_of(found)
        self._root.setProperty("hoverX", x)
        self._root.setProperty("hoverY", y)
        self._root.setProperty("hoverText", "" if row is None else self.store.names[row])
        if x >= 0:
            self._point_at(x, y)
        self.feature_hovered.emit(found)

    def _set_locked(self, locked: bool) -> None:
        if locked != self.view.locked:
            self.view.locked = locked
            self._root.setProperty("locked", locked)
            self.lock_changed.emit(locked)

    # -- view -------------------------------------------------------------------------------
    def _resized(self) -> None:
        width, height = self._slot.width(), self._slot.height()
        if width < 1 or height < 1 or self._closed:
            return
        self._rescaled()  # a window that opens on a fine screen has changed none
        self._surface.setSize(self._slot.size())
        first = not self._placed
        self._placed = True
        self.view.resize(width, height)
        if first and len(self.store):
            self.stage.features_changed()
        if (first or not self.view.locked) and self._aim is not None:
            self._take_aim()
        else:
            self._moved()
        self._trail.reshaped()

    def _rescaled(self) -> None:
        self.stage.set_ratio(self._quick.effectiveDevicePixelRatio())

    def _fill(self) -> None:
        """On a screen of another scale the inner window keeps its size in device pixels, so that
        it covers a part of the widget, or more than it."""
        if not self._closed and self._container.isVisible():
            corner = self._container.mapTo(self.window(), QPoint())
            self._quick.setGeometry(QRect(corner, self._container.size()))

    def _take_aim(self) -> None:
        if self._aim is None or not self._placed:
            return
        if len(self._aim) == 4:
            self.view.fit(*self._aim)
        else:
            self.view.look_at(*self._aim)
        self._moved()

    def _recall(self, place: Place | None) -> bool:
        if place is None:
            return False
        self._set_locked(True)
        self.view.look_at(place.lon, place.lat, place.zoom)
        self._moved()
        return True

    def go_home(self) -> None:
        """Show the whole district."""
        self._trail.jump()
        self._aim = self._home or self.stage.hits.most_features() or self._aim
        self._take_aim()

    def _moved(self) -> None:
        if self._closed or not self._placed:
            return
        view = self.view
        lon, lat = view.lon, view.lat
        self.base.look_at(lon, lat, view.zoom)
        self._root.setProperty("metresPerPixel", mercator.metres_per_px(lat, view.zoom))
        self.stage.moved()
        self.steps.moved()
        self._trail.moved()
        self.view_changed.emit(lon, lat, view.zoom)


def _flat() -> QQuickGraphicsConfiguration:
    """Nothing on a map needs a depth buffer, and where the processor draws, one costs a fifth."""
    configuration = QQuickGraphicsConfiguration()
    configuration.setDepthBufferFor2D(False)
    return configuration

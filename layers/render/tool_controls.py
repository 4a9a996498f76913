"""What tools use of a map window: what is drawn for them, selected, read off. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtQuick import QQuickItem

from layers.model import coordinates, mercator
from layers.model.coordinates import Form
from layers.model.view import MapView
from layers.render.clicks import Clicks
from layers.render.over_controls import OverControls
from layers.render.selecting import Selecting
from layers.render.tools.base import Place, Sketch
from layers.render.tools.box import ToolBox


class ToolControls(OverControls):
    """A part of ``MapWidget``, which makes what is named here."""

    view: MapView
    tools: ToolBox
    clicks: Clicks
    selecting: Selecting
    _root: QQuickItem
    _kept: tuple[Sketch, ...] = ()
    _pin: Sketch | None = None
    _form: Form = "degrees"
    pointer_place: Place | None = None
    """Degrees under the pointer where it was last over the map."""

    def set_selection(self, feature_ids: Iterable[str]) -> None:
        """Select features and mark them out; a cluster with some of them inside as well."""
        self.selecting.set_ids(feature_ids)

    def set_kept_sketches(self, sketches: Sequence[Sketch]) -> None:
        """What tools have made and is to stay on the map."""
        self._kept = tuple(sketches)
        self._draw_kept()

    def set_pin(self, pin: Sketch | None) -> None:
        """Mark one place, in the place of the last one."""
        self._pin = pin
        self._draw_kept()

    @property
    def has_pin(self) -> bool:
        """Whether a place is marked."""
        return self._pin is not None

    def set_buttons(self, buttons: Sequence[dict[str, object]]) -> None:
        """The tool bar: ``id`` of the action, ``hint`` with its key, ``path`` of its picture (SVG,
        24 × 24), ``side`` "left" for tools, "right" for the rest."""
        self._root.setProperty("tools", list(buttons))

    def set_coordinate_form(self, form: Form) -> None:
        """Read positions off in this form."""
        self._form = form
        self._show_coordinates()

    @property
    def scale_number(self) -> float:
        """N of the scale 1:N in the middle of the map, on a screen of 96 dots an inch."""
        return mercator.metres_per_px(self.view.lat, self.view.zoom) / mercator.PIXEL_M

    def escape(self) -> bool:
        """Drop the shape in progress, lay the tool away, or close the fan; False without any."""
        return self.tools.escape() or self.clicks.close_fan()

    # -- inside ---------------------------------------------------------------------------
    def _point_at(self, x: float, y: float) -> None:
        """The pointer is over the map."""
        self.pointer_place = self.view.lonlat_from_screen(x, y)
        self._show_coordinates()

    def _show_coordinates(self) -> None:
        if self.pointer_place is not None:
            words = coordinates.written(*self.pointer_place, self._form)
            self._root.setProperty("coordinates", words)

    def _draw_kept(self) -> None:
        self.stage.kept = self._kept if self._pin is None else (*self._kept, self._pin)
        self.stage.draw_sketch()

    def _sketched(self) -> None:
        self.stage.sketch = self.tools.sketch()
        self.stage.draw_sketch()
        self._root.setProperty("pointerX", self.tools.at[0])
        self._root.setProperty("pointerY", self.tools.at[1])
        self._root.setProperty("reading", self.tools.reading())

    def _tool_changed(self, name: str) -> None:
        self._root.setProperty("tool", name)
        self._root.setProperty("hint", self.tools.hint())

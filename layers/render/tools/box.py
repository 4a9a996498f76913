"""The tools of one map window, and which of them has the pointer. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from layers.model.view import MapView
from layers.render.tools.base import MapTool, Place, PlainTool, Pointer, Sketch

PAN = "pan"


class PanTool(PlainTool):
    """Nothing in hand: the map is dragged and its marks are clicked, as ever."""

    id = PAN
    cursor = Qt.CursorShape.ArrowCursor


class ToolBox(QObject):
    """``changed(tool id)``: another tool is in hand. ``sketched``: what it draws is another.

    ``snap(x, y)`` gives the place of the feature at a point of the screen, or None.
    """

    changed = Signal(str)
    sketched = Signal()

    def __init__(
        self,
        view: MapView,
        snap: Callable[[float, float], Place | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._snap = snap
        self._tools: dict[str, MapTool] = {PAN: PanTool()}
        self._active: MapTool = self._tools[PAN]
        self._drags = False
        self.at = (0.0, 0.0)
        """Where the pointer was last told to be, logical pixels."""

    @property
    def active(self) -> str:
        """The tool in hand."""
        return self._active.id

    @property
    def is_panning(self) -> bool:
        """Whether no tool is in hand, so that the map takes the pointer itself."""
        return self._active.id == PAN

    @property
    def cursor(self) -> Qt.CursorShape:
        """How the pointer looks over the map."""
        return self._active.cursor

    def ids(self) -> list[str]:
        """All tools in the order in which they were put in; first nothing in hand."""
        return list(self._tools)

    def add(self, tool: MapTool) -> None:
        """Put a tool in."""
        self._tools[tool.id] = tool

    def take(self, name: str) -> None:
        """Take a tool in hand, or none (``pan``); the one in hand once more lays it away."""
        if name == self._active.id and name != PAN:
            name = PAN
        tool = self._tools[name]
        if tool is self._active:
            return
        self._active.cancel()
        self._drags = False
        self._active = tool
        self.changed.emit(name)
        self.sketched.emit()

    def hint(self) -> str:
        """How the tool in hand is used."""
        return self._active.hint()

    def reading(self) -> str:
        """What is read beside the pointer."""
        return self._active.reading()

    def sketch(self) -> Sketch:
        """What the tool in hand draws."""
        return self._active.sketch()

    def escape(self) -> bool:
        """Drop the shape in progress, else lay the tool away; False when none is in hand."""
        if self.is_panning:
            return False
        self._drags = False
        if self._active.cancel():
            self.sketched.emit()
        else:
            self.take(PAN)
        return True

    # -- the pointer --------------------------------------------------------------------
    def press(self, x: float, y: float, keys: Qt.KeyboardModifier) -> bool:
        """The left button went down; True: the drag is not the map's."""
        self._drags = self._active.press(self._pointer(x, y, keys))
        return self._drags

    def move(self, x: float, y: float, keys: Qt.KeyboardModifier) -> None:
        """The pointer is here."""
        if not self.is_panning:
            self._active.move(self._pointer(x, y, keys))
            self.sketched.emit()

    def release(self, x: float, y: float, keys: Qt.KeyboardModifier) -> None:
        """The tool's drag ended; one that was dropped meanwhile ends nothing."""
        if self._drags:
            self._drags = False
            self._active.release(self._pointer(x, y, keys))
            self.sketched.emit()

    def click(self, x: float, y: float, keys: Qt.KeyboardModifier) -> None:
        """A click that is not a drag."""
        self._active.click(self._pointer(x, y, keys))
        self.sketched.emit()

    def finish(self) -> None:
        """Enter, right or double click."""
        self._active.finish()
        self.sketched.emit()

    def erase(self) -> None:
        """Backspace."""
        self._active.erase()
        self.sketched.emit()

    def _pointer(self, x: float, y: float, keys: Qt.KeyboardModifier) -> Pointer:
        self.at = (x, y)
        ctrl = bool(keys & Qt.KeyboardModifier.ControlModifier)
        shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        place = self._snap(x, y) if ctrl and self._active.snaps else None
        lon, lat = self._view.lonlat_from_screen(x, y) if place is None else place
        return Pointer(x, y, lon, lat, shift, ctrl)

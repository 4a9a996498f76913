"""Tools that are dragged or clicked: selecting in a box or by a click, in a circle, identifying."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt

from layers.model import measure
from layers.model.region import Box, Circle
from layers.render.tools.base import CROSS, PlainTool, Pointer, Sketch

SLACK_PX = 4.0
"""A press that moves no farther is a click."""
LEAST_RADIUS_M = 1.0
Keys = tuple[bool, bool]


def _more() -> str:
    return QCoreApplication.translate("MapTools", "Shift adds, Ctrl toggles")


class DragTool(PlainTool):
    """Knows where its drag began and is."""

    cursor: Qt.CursorShape = CROSS

    def __init__(self) -> None:
        self._from: Pointer | None = None
        self._to: Pointer | None = None

    def press(self, at: Pointer) -> bool:
        """The drag is the tool's."""
        self._from = self._to = at
        return True

    def move(self, at: Pointer) -> None:
        """Draw the shape up to here."""
        if self._from is not None:
            self._to = at

    def cancel(self) -> bool:
        """Forget where it began."""
        was = self._from is not None
        self._from = self._to = None
        return was

    def _moved(self) -> bool:
        a, b = self._from, self._to
        return a is not None and b is not None and abs(a.x - b.x) + abs(a.y - b.y) > SLACK_PX


class SelectTool(DragTool):
    """A click selects what is under it, a drag all in a box: ``picked(pointer)``,
    ``taken(box, shift, ctrl)``."""

    id = "select"
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(
        self, picked: Callable[[Pointer], None], taken: Callable[[Box, bool, bool], None]
    ) -> None:
        super().__init__()
        self._picked = picked
        self._taken = taken

    def hint(self) -> str:
        """How to select."""
        how = QCoreApplication.translate("MapTools", "Click a mark or drag a box")
        return f"{how} · {_more()} · Esc"

    def release(self, at: Pointer) -> None:
        """Hand the box or the click over."""
        self.move(at)
        start, moved = self._from, self._moved()
        self._from = self._to = None
        if start is None:
            return
        if moved:
            self._taken(Box.between(start.place, at.place), at.shift, at.ctrl)
        else:
            self._picked(at)

    def sketch(self) -> Sketch:
        """The box."""
        if not self._moved() or self._from is None or self._to is None:
            return Sketch()
        return Sketch(Box.between(self._from.place, self._to.place).outline(), filled=True)


class RadiusTool(DragTool):
    """Selects in a circle dragged from its middle: ``taken(circle, shift, ctrl)``."""

    id = "select_radius"
    snaps = True

    def __init__(self, taken: Callable[[Circle, bool, bool], None]) -> None:
        super().__init__()
        self._taken = taken

    def hint(self) -> str:
        """How to select."""
        how = QCoreApplication.translate("MapTools", "Drag from the middle of the circle")
        return f"{how} · {_more()} · Esc"

    def reading(self) -> str:
        """The radius."""
        circle = self._circle()
        return "" if circle is None else measure.length_words(circle.radius_m)

    def release(self, at: Pointer) -> None:
        """Hand the circle over; a click alone is none."""
        self.move(at)
        circle = self._circle()
        self._from = self._to = None
        if circle is not None:
            self._taken(circle, at.shift, at.ctrl)

    def sketch(self) -> Sketch:
        """The circle with its radius."""
        circle = self._circle()
        if circle is None or self._from is None or self._to is None:
            return Sketch()
        return Sketch(circle.outline(), filled=True, dots=(self._from.place,))

    def _circle(self) -> Circle | None:
        if not self._moved() or self._from is None or self._to is None:
            return None
        metres = measure.distance(self._from.place, self._to.place)
        return Circle(*self._from.place, metres) if metres >= LEAST_RADIUS_M else None


class ClickTool(PlainTool):
    """A click asks for something at a place: ``asked(pointer)``."""

    def __init__(
        self,
        name: str,
        hint: Callable[[], str],
        asked: Callable[[Pointer], None],
        cursor: Qt.CursorShape = Qt.CursorShape.WhatsThisCursor,
    ) -> None:
        self.id = name
        self.cursor = cursor
        self._hint = hint
        self._asked = asked

    def hint(self) -> str:
        """How it is used."""
        return f"{self._hint()} · Esc"

    def click(self, at: Pointer) -> None:
        """Ask."""
        self._asked(at)

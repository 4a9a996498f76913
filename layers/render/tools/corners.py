"""Tools that set corner after corner: measuring along a line or round an area, an outline."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt

from layers.model import measure
from layers.model.measure import Measured
from layers.model.region import Outline
from layers.render.tools.base import CROSS, Place, PlainTool, Pointer, Sketch, Word

MOST_CORNERS = 500
Taken = Callable[[Measured], None]


class CornerTool(PlainTool):
    """Collects corners; what becomes of them is said by ``_done``."""

    closed = False
    least = 2

    def __init__(self) -> None:
        self._corners: list[Place] = []
        self._here: Place | None = None
        self._keys = (False, False)

    def hint(self) -> str:
        """How corners are set."""
        return QCoreApplication.translate(
            "MapTools",
            "Click sets a corner · Backspace takes the last back · right click or Enter ends · Esc",
        )

    def move(self, at: Pointer) -> None:
        """The last side follows the pointer."""
        self._here = at.place

    def click(self, at: Pointer) -> None:
        """One more corner, unless it is where the last one is."""
        self._keys = (at.shift, at.ctrl)
        if self._corners[-1:] != [at.place] and len(self._corners) < MOST_CORNERS:
            self._corners.append(at.place)
        self._here = at.place

    def erase(self) -> None:
        """The last corner goes."""
        if self._corners:
            self._corners.pop()

    def finish(self) -> None:
        """Hand the corners over, if there are enough; the next click begins anew."""
        if len(self._corners) >= self.least:
            corners, self._corners = tuple(self._corners), []
            self._done(corners)

    def cancel(self) -> bool:
        """Forget the corners."""
        any_there = bool(self._corners)
        self._corners = []
        return any_there

    def sketch(self) -> Sketch:
        """The corners and the side to the pointer."""
        run = self._run()
        if len(run) < 2:
            return Sketch(dots=tuple(self._corners))
        around = (*run, run[0]) if self.closed and len(run) > 2 else run
        return Sketch(measure.bent(around), self.closed and len(run) > 2, tuple(self._corners))

    def _run(self) -> tuple[Place, ...]:
        """The corners with the pointer as the next one."""
        if not self._corners or self._here in (None, self._corners[-1]):
            return tuple(self._corners)
        return (*self._corners, self._here) if self._here is not None else tuple(self._corners)

    def _done(self, corners: tuple[Place, ...]) -> None:
        """The shape is complete."""


class DistanceTool(CornerTool):
    """Measures along corners; ``taken(Measured)`` when a line is complete."""

    id = "measure_distance"
    snaps = True

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self._taken = taken

    def hint(self) -> str:
        """How to measure."""
        snap = QCoreApplication.translate("MapTools", "Ctrl snaps to features")
        return f"{super().hint()} · {snap}"

    def reading(self) -> str:
        """The last side, and all of them."""
        measured = measure.line(self._run())
        if not measured.segments:
            return ""
        total = measure.length_words(measured.length_m)
        if len(measured.segments) == 1:
            return total
        return f"{measure.length_words(measured.segments[-1])} · Σ {total}"

    def _done(self, corners: tuple[Place, ...]) -> None:
        self._taken(measure.line(corners))


class AreaTool(DistanceTool):
    """Measures an area; ``taken(Measured)`` when it is complete."""

    id = "measure_area"
    closed = True
    least = 3

    def reading(self) -> str:
        """The area, and the way round it."""
        run = self._run()
        if len(run) < 3:
            return super().reading()
        measured = measure.area(run)
        mu = QCoreApplication.translate("MapTools", "mu")
        square = measure.area_words(measured.area_m2 or 0.0, mu=mu)
        return f"{square} · {measure.length_words(measured.length_m)}"

    def _done(self, corners: tuple[Place, ...]) -> None:
        self._taken(measure.area(corners))


class OutlineTool(CornerTool):
    """Selects inside an outline; ``taken(outline, shift, ctrl)`` with the keys of the last click"""

    id = "select_polygon"
    cursor: Qt.CursorShape = CROSS
    closed = True
    least = 3

    def __init__(self, taken: Callable[[Outline, bool, bool], None]) -> None:
        super().__init__()
        self._taken = taken

    def hint(self) -> str:
        """How to select."""
        more = QCoreApplication.translate("MapTools", "Shift adds, Ctrl toggles")
        return f"{super().hint()} · {more}"

    def _done(self, corners: tuple[Place, ...]) -> None:
        self._taken(Outline(corners), *self._keys)


def measured_sketch(measured: Measured, mu: str) -> Sketch:
    """How a measurement that is kept is drawn: its line, its corners, its lengths and area."""
    corners = measured.corners
    is_area = measured.area_m2 is not None
    around = (*corners, corners[0]) if is_area else corners
    words = [
        Word((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, measure.length_words(length))
        for a, b, length in zip(around, around[1:], measured.segments, strict=False)
    ]
    if measured.area_m2 is not None:
        middle = (
            sum(c[0] for c in corners) / len(corners),
            sum(c[1] for c in corners) / len(corners),
        )
        words.append(Word(*middle, measure.area_words(measured.area_m2, mu=mu)))
    elif len(measured.segments) > 1:
        words.append(Word(*corners[-1], f"Σ {measure.length_words(measured.length_m)}"))
    return Sketch(measure.bent(around), is_area, corners, tuple(words))

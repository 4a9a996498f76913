"""Which stretches of road an order will close; each may be left open. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from widgets.check_box import CheckBox
from widgets.format import distance
from widgets.panel import clear_layout, column
from widgets.road_words import road_name
from widgets.text import plain_label, set_role
from widgets.theme import Theme
from widgets.words import listing

MOST_PX = 150
MOST_NAMES = 3
Mark = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch by its mark: its road, its metres inside, its level (1 a bridge, -1 a tunnel)."""

    mark: Mark
    road: str
    metres: float
    level: int = 0


class StretchList(QWidget):
    """``changed()``: another choice by the person. What is not ticked stays open."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stretches: tuple[Stretch, ...] = ()
        self.boxes: list[CheckBox] = []
        self.head = plain_label("", "small")
        self.head.setWordWrap(True)
        inside = QWidget()
        set_role(inside, "scrolled")
        self._rows = column(inside, gap=2)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setMaximumHeight(MOST_PX)
        self.area.setWidget(inside)
        layout = column(self, gap=4)
        layout.addWidget(self.head)
        layout.addWidget(self.area)
        self.set_stretches(())

    # -- setters ----------------------------------------------------------------------
    def set_stretches(self, stretches: Sequence[Stretch], spared: Sequence[Mark] = ()) -> None:
        """Show what lies in the place; ``spared`` stay open unless the person ticks them."""
        self._stretches = tuple(stretches)
        self.boxes = []
        clear_layout(self._rows)
        for number, stretch in enumerate(stretches, 1):
            box = CheckBox(self._theme, f"{number}  {self._words(stretch)}")
            box.setChecked(stretch.mark not in spared)
            box.toggled.connect(self._toggled)
            self.boxes.append(box)
            self._rows.addWidget(box)
        self._rows.addStretch(1)
        self.area.setVisible(bool(stretches))
        self._show_head()

    def clear(self) -> None:
        """Forget what there was, and what was ticked."""
        self._stretches, self.boxes = (), []
        self.set_stretches(())

    # -- reading ----------------------------------------------------------------------
    def spared(self) -> tuple[Mark, ...]:
        """What stays open."""
        both = zip(self._stretches, self.boxes, strict=True)
        return tuple(s.mark for s, box in both if not box.isChecked())

    def summary(self) -> str:
        """What will be closed, in a sentence."""
        closed = self._ticked()
        if not closed:
            return self.tr("No known road is closed by it.")
        roads = list(dict.fromkeys(road_name(s.road) for s in closed))
        words = self.tr("Closes {0} stretches, {1} together: {2}.").format(
            len(closed), distance(sum(s.metres for s in closed)), listing(roads[:MOST_NAMES])
        )
        if self.spared():
            words += " " + self.tr("{0} stay open.").format(len(self.spared()))
        return words

    # -- inside -----------------------------------------------------------------------
    def _ticked(self) -> list[Stretch]:
        both = zip(self._stretches, self.boxes, strict=True)
        return [s for s, box in both if box.isChecked()]

    def _words(self, stretch: Stretch) -> str:
        parts = [road_name(stretch.road), distance(stretch.metres)]
        if stretch.level > 0:
            parts.append(self.tr("bridge, above"))
        elif stretch.level < 0:
            parts.append(self.tr("tunnel, below"))
        return " · ".join(parts)

    def _toggled(self, _on: bool) -> None:
        self._show_head()
        self.changed.emit()

    def _show_head(self) -> None:
        self.head.setText(self.summary())

"""The pages of the style editor: what they share, and the simple ones. GUI thread.

Each shows a style of its sort and tells another one with ``changed(Style)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QSlider,
    QWidget,
)

from layers.model.layer_set import (
    Heat,
    Look,
    Single,
    Style,
)
from widgets.check_box import CheckBox
from widgets.layer_names import FieldName
from widgets.look_edit import LookEdit
from widgets.panel import clear_layout, column, line
from widgets.symbols import Mark
from widgets.text import plain, plain_label, set_role
from widgets.theme import Theme

LEAST_STEPS, MOST_STEPS, FIRST_STEPS = 2, 9, 5


class Facts(Protocol):
    """What there is of a layer's things; ``numbers`` are NaN where there is none."""

    def fields(self) -> Sequence[FieldName]:
        """All fields, the numeric ones among them."""

    def values(self, field: str) -> Sequence[tuple[str, int]]:
        """Different values with how many things have them, the most first."""

    def numbers(self, field: str) -> npt.NDArray[np.float64]:
        """The number of each thing."""

    def limits(self, field: str) -> tuple[float, ...]:
        """Bounds from the rules of the packs; none where no rule judges the field."""

    def word(self, field: str, value: str) -> str:
        """A value as its pack words it."""


class Page(QWidget):
    """One sort of style."""

    changed = Signal(object)

    def __init__(self, theme: Theme, own: Mark, facts: Facts) -> None:
        super().__init__()
        self.theme = theme
        self.own = own
        self.facts = facts

    def show_style(self, style: Style) -> None:
        """Show a style of this page's sort."""
        raise TypeError(f"{type(self).__name__} shows no {type(style).__name__}")

    def first(self, old: Style) -> Style | None:
        """A style to begin with when this sort is chosen; None where the things have nothing that
        it could go by."""
        raise TypeError(f"{type(self).__name__} begins with nothing: {old}")


class SinglePage(Page):
    """Everything alike."""

    def __init__(self, theme: Theme, own: Mark, facts: Facts) -> None:
        super().__init__(theme, own, facts)
        self.look = LookEdit(theme, own)
        layout = column(self, gap=8)
        layout.addWidget(self.look)
        words = self.tr("What is in alarm, silent or offline keeps its own look.")
        note = plain_label(words, "small")
        note.setWordWrap(True)
        layout.addWidget(note)
        layout.addStretch(1)
        self.look.changed.connect(self._changed)

    def show_style(self, style: Style) -> None:
        """Show it."""
        if isinstance(style, Single):
            self.look.set_look(style.look)

    def first(self, old: Style) -> Style | None:
        """As the pack says."""
        return old if isinstance(old, Single) else Single()

    def _changed(self, look: Look) -> None:
        self.changed.emit(Single(look=look))


class HeatPage(Page):
    """How densely they lie."""

    def __init__(self, theme: Theme, own: Mark, facts: Facts) -> None:
        super().__init__(theme, own, facts)
        self._style = Heat()
        self.radius = QSlider(Qt.Orientation.Horizontal)
        self.radius.setRange(8, 120)
        self.radius.setAccessibleName(self.tr("Radius"))
        self.pixels = plain_label(role="small")
        self.weight = QComboBox()
        self.weight.addItem(self.tr("every thing alike"), "")
        for field in facts.fields():
            if field.numeric:
                self.weight.addItem(plain(field.label), field.name)
        words = self.tr("Things in alarm keep their marks.")
        layout = column(self, gap=8)
        layout.addLayout(line(plain_label(self.tr("Radius")), self.radius, self.pixels))
        layout.addLayout(line(plain_label(self.tr("Weight")), self.weight, None))
        layout.addWidget(plain_label(words, "small"))
        layout.addStretch(1)
        self.radius.valueChanged.connect(self._chosen)
        self.weight.activated.connect(self._chosen)

    def show_style(self, style: Style) -> None:
        """Show it."""
        if isinstance(style, Heat):
            self._style = style
            with QSignalBlocker(self.radius), QSignalBlocker(self.weight):
                self.radius.setValue(style.radius)
                self.weight.setCurrentIndex(max(0, self.weight.findData(style.field)))
            self.pixels.setText(f"{style.radius} px")

    def first(self, old: Style) -> Style | None:
        """One each."""
        return old if isinstance(old, Heat) else Heat()

    def _chosen(self) -> None:
        self._style = Heat(radius=self.radius.value(), field=self.weight.currentData())
        self.pixels.setText(f"{self._style.radius} px")
        self.changed.emit(self._style)


class ClassesPage(Page):
    """A field and a list of classes, each with its look."""

    def __init__(self, theme: Theme, own: Mark, facts: Facts, fields: Sequence[FieldName]) -> None:
        super().__init__(theme, own, facts)
        self.field = QComboBox()
        for field in fields:
            unit = f" ({field.unit})" if field.unit else ""
            self.field.addItem(plain(field.label + unit), field.name)
        self.field.setAccessibleName(self.tr("Field"))
        self.looks: list[LookEdit] = []
        self.labels: list[QLineEdit] = []
        self.boxes: list[CheckBox] = []
        self.rest = CheckBox(theme, "")
        self.rest_look = LookEdit(theme, own)
        self._rows = QWidget()
        set_role(self._rows, "scrolled")
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 6, 0)
        self._grid.setVerticalSpacing(4)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._rows)

    def end_rows(self, count: int) -> None:
        """Rows above stay together."""
        self._grid.setRowStretch(count, 1)

    def clear_rows(self) -> None:
        """No rows."""
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        clear_layout(self._grid)
        self.looks, self.labels, self.boxes = [], [], []

    def look_row(self, look: Look, take: Callable[[int, Look], None], place: int) -> LookEdit:
        """The look of a class."""
        edit = LookEdit(self.theme, self.own)
        edit.set_look(look)
        edit.changed.connect(partial(take, place))
        self.looks.append(edit)
        return edit

"""The page of the style editor for the steps of a number. GUI thread."""

from __future__ import annotations

import itertools
from functools import partial

import msgspec
import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox

from layers.model import breaks
from layers.model.layer_set import Graduated, Look, Method, Style
from layers.model.style_presets import graduated
from widgets.check_box import CheckBox
from widgets.layer_legend import step_words
from widgets.panel import column, line
from widgets.style_pages import ClassesPage, Facts
from widgets.symbols import Mark
from widgets.text import ElidedLabel, plain_label
from widgets.theme import Theme

LEAST_STEPS, MOST_STEPS, FIRST_STEPS = 2, 9, 5


class StepPage(ClassesPage):
    """By a number."""

    def __init__(self, theme: Theme, own: Mark, facts: Facts) -> None:
        super().__init__(theme, own, facts, [f for f in facts.fields() if f.numeric])
        self._style: Graduated | None = None
        self.method = QComboBox()
        for name, words in self._methods():
            self.method.addItem(words, name)
        self.count = QSpinBox()
        self.count.setRange(LEAST_STEPS, MOST_STEPS)
        self.count.setValue(FIRST_STEPS)
        self.problem = plain_label(role="minor")
        self.rest = CheckBox(theme, self.tr("those without a number"))
        layout = column(self, gap=8)
        layout.addLayout(line(plain_label(self.tr("Field")), self.field, None))
        steps = plain_label(self.tr("Steps"))
        layout.addLayout(line(plain_label(self.tr("Bounds")), self.method, steps, self.count, None))
        layout.addWidget(self.area, 1)
        layout.addLayout(line(self.rest, None, self.rest_look))
        layout.addWidget(self.problem)
        self.field.activated.connect(self._again)
        self.method.activated.connect(self._again)
        self.count.valueChanged.connect(self._again)
        self.rest.toggled.connect(self._rest_toggled)
        self.rest_look.changed.connect(self._rest_looks)

    def _methods(self) -> list[tuple[Method, str]]:
        return [
            ("quantile", self.tr("equally many in each")),
            ("equal", self.tr("equal widths")),
            ("limits", self.tr("limits of the packs")),
            ("manual", self.tr("my own")),
        ]

    def show_style(self, style: Style) -> None:
        """Show it."""
        if not isinstance(style, Graduated):
            return
        old, self._style = self._style, style
        self.field.setCurrentIndex(self.field.findData(style.field))
        self.method.setCurrentIndex(self.method.findData(style.method))
        with QSignalBlocker(self.rest), QSignalBlocker(self.count):
            self.rest.setChecked(style.missing is not None)
            self.count.setValue(len(style.steps))
        self.rest_look.set_look(style.missing or Look())
        self.rest_look.setEnabled(style.missing is not None)
        if old is None or len(old.steps) != len(style.steps) or not self.looks:
            self._build_rows()

    def first(self, old: Style) -> Style | None:
        """By the limits of the packs where there are some, else equally many in each step."""
        if isinstance(old, Graduated):
            return old
        for field in (f.name for f in self.facts.fields() if f.numeric):
            if self.facts.limits(field) and np.isfinite(self.facts.numbers(field)).any():
                return graduated(field, self.facts.limits(field), "limits", Look())
        for field in (f.name for f in self.facts.fields() if f.numeric):
            bounds = breaks.quantile(self.facts.numbers(field), FIRST_STEPS)
            if bounds:
                return graduated(field, bounds, "quantile", Look())
        return None

    def _bounds(self, field: str, method: Method) -> tuple[float, ...]:
        if method == "limits":
            return self.facts.limits(field)
        numbers, count = self.facts.numbers(field), self.count.value()
        if method == "quantile":
            return breaks.quantile(numbers, count)
        return breaks.equal_interval(numbers, count)

    def _again(self) -> None:
        """Other bounds for another field, number of steps or way to find them."""
        field, method = self.field.currentData(), self.method.currentData()
        style = self._style
        if field is None:
            return
        if method == "manual" and style is not None and field == style.field:
            self._tell(msgspec.structs.replace(style, method="manual"))
            return
        missing = self.rest_look.look if self.rest.isChecked() else None
        bounds = self._bounds(field, method)
        self.count.setEnabled(method != "limits")
        if not bounds:
            text = self.tr("There are no such bounds: all numbers are alike, or there are none.")
            if method == "limits":
                text = self.tr("No rule of the packs has limits for this.")
            self.problem.setText(text)
            return
        self.problem.setText("")
        self._tell(graduated(field, bounds, method, missing))
        with QSignalBlocker(self.count):
            self.count.setValue(len(bounds) + 1)
        self._build_rows()

    def _build_rows(self) -> None:
        self.clear_rows()
        style = self._style
        if style is None:
            return
        unit = next((f.unit for f in self.facts.fields() if f.name == style.field), "")
        for place, step in enumerate(style.steps):
            bound = QLineEdit("" if step.upper is None else f"{round(step.upper, 6):g}")
            bound.setFixedWidth(86)
            bound.setEnabled(step.upper is not None)
            bound.setAccessibleName(self.tr("Up to"))
            bound.editingFinished.connect(partial(self._bounded, place))
            self.labels.append(bound)
            words = ElidedLabel(step_words(style, place, unit), "small")
            self._grid.addWidget(bound, place, 0)
            self._grid.addWidget(words, place, 1)
            self._grid.addWidget(self.look_row(step.look, self._looks, place), place, 2)
        self.end_rows(len(style.steps))

    def _bounded(self, place: int) -> None:
        """A bound was typed: from then on they are the person's own."""
        style = self._style
        if style is None:
            return
        try:
            upper = float(self.labels[place].text().strip())
        except ValueError:
            upper = float("nan")
        uppers = [s.upper for s in style.steps]
        if uppers[place] == upper or f"{round(uppers[place] or 0.0, 6):g}" == f"{upper:g}":
            return
        uppers[place] = upper
        known = [u for u in uppers[:-1] if u is not None]
        if not np.isfinite(upper) or any(b <= a for a, b in itertools.pairwise(known)):
            self.problem.setText(self.tr("Bounds are numbers that ascend; this one was not taken."))
            self.labels[place].setText(f"{round(style.steps[place].upper or 0.0, 6):g}")
            return
        self.problem.setText("")
        steps = tuple(
            msgspec.structs.replace(s, upper=u) for s, u in zip(style.steps, uppers, strict=True)
        )
        self.method.setCurrentIndex(self.method.findData("manual"))
        self._tell(msgspec.structs.replace(style, steps=steps, method="manual"))
        self._build_rows()

    def _looks(self, place: int, look: Look) -> None:
        if self._style is not None:
            steps = list(self._style.steps)
            steps[place] = msgspec.structs.replace(steps[place], look=look)
            self._tell(msgspec.structs.replace(self._style, steps=tuple(steps)))

    def _rest_toggled(self, on: bool) -> None:
        self.rest_look.setEnabled(on)
        if self._style is not None:
            missing = self.rest_look.look if on else None
            self._tell(msgspec.structs.replace(self._style, missing=missing))

    def _rest_looks(self, look: Look) -> None:
        if self._style is not None:
            self._tell(msgspec.structs.replace(self._style, missing=look))

    def _tell(self, style: Graduated) -> None:
        self._style = style
        self.changed.emit(style)

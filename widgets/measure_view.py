"""The measurements that were taken on the map, in a unit of choice. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QWidget

from layers.model import measure
from layers.model.measure import AREA_UNITS, LENGTH_UNITS, AreaUnit, LengthUnit, Measured
from widgets.panel import Panel, block, button, clear_layout, column, line
from widgets.text import plain_label, set_role
from widgets.theme import Theme

_SIGNS = {"m": "m", "km": "km", "m2": "m²", "ha": "ha", "km2": "km²"}


class MeasureView(Panel):
    """``removed(number)`` in the list as it was last set, ``cleared``, ``copied`` after a result
    was put on the clipboard, ``units_changed(length, area)``."""

    removed = Signal(int)
    cleared = Signal()
    copied = Signal(str)
    units_changed = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._measured: tuple[Measured, ...] = ()
        self._lengths = self._combo(self.tr("Unit of lengths"), LENGTH_UNITS)
        self._areas = self._combo(self.tr("Unit of areas"), AREA_UNITS)
        self._clear = button(self.tr("Clear all"), "tool")
        self._clear.clicked.connect(self.cleared)
        self._copy = button(self.tr("Copy all"), "tool")
        self._copy.clicked.connect(self._copy_all)
        self._empty = plain_label(
            self.tr("Nothing is measured. Take a measuring tool on the map and click corners."),
            "empty",
        )
        self._empty.setWordWrap(True)
        self._box = QWidget()
        set_role(self._box, "scrolled")
        self._rows = column(self._box, gap=6)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._box)
        layout = column(self, margin=10, gap=6)
        layout.addLayout(line(self._lengths, self._areas, None, gap=6))
        layout.addWidget(self._empty)
        layout.addWidget(self._scroll, 1)
        layout.addStretch(0)
        layout.addLayout(line(None, self._copy, self._clear, gap=6))
        self.set_measured(())

    def set_units(self, length: LengthUnit, area: AreaUnit) -> None:
        """Write values in these units."""
        self._lengths.setCurrentIndex(LENGTH_UNITS.index(length))
        self._areas.setCurrentIndex(AREA_UNITS.index(area))

    def set_measured(self, measured: Sequence[Measured]) -> None:
        """Show these, the newest first."""
        self._measured = tuple(measured)
        there = bool(measured)
        self._empty.setVisible(not there)
        self._scroll.setVisible(there)
        self._clear.setEnabled(there)
        self._copy.setEnabled(there)
        clear_layout(self._rows)
        for number in reversed(range(len(measured))):
            self._rows.addWidget(self._row(number, measured[number]))
        self._rows.addStretch(1)

    def words(self, measured: Measured) -> tuple[str, str]:
        """The value, and what it is made of."""
        length = measure.length_words(measured.length_m, self._length_unit)
        if measured.area_m2 is not None:
            square = measure.area_words(measured.area_m2, self._area_unit, self.tr("mu"))
            return square, self.tr("Perimeter {0}").format(length)
        sides = [measure.length_words(m, self._length_unit) for m in measured.segments]
        return length, " + ".join(sides) if len(sides) > 1 else ""

    @property
    def _length_unit(self) -> LengthUnit:
        return LENGTH_UNITS[self._lengths.currentIndex()]

    @property
    def _area_unit(self) -> AreaUnit:
        return AREA_UNITS[self._areas.currentIndex()]

    def _combo(self, name: str, units: Sequence[str]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        signs = {**_SIGNS, "mu": self.tr("mu"), "auto": self.tr("automatic")}
        combo.addItems([signs[unit] for unit in units])
        combo.activated.connect(self._units_chosen)
        return combo

    def _units_chosen(self, _index: int) -> None:
        self.set_measured(self._measured)
        self.units_changed.emit(self._length_unit, self._area_unit)

    def _row(self, number: int, measured: Measured) -> QFrame:
        value, parts = self.words(measured)
        frame = block()
        layout = column(frame, margin=8, gap=2)
        copy = button(self.tr("Copy"), "link")
        copy.clicked.connect(partial(self._copy_one, number))
        remove = button(self.tr("Remove"), "link")
        remove.clicked.connect(partial(self._remove, number))
        layout.addLayout(line(plain_label(value, "strong"), None, copy, remove))
        if parts:
            small = plain_label(parts, "small")
            small.setWordWrap(True)
            layout.addWidget(small)
        return frame

    def _remove(self, number: int, _on: bool = False) -> None:
        self.removed.emit(number)

    def _copy_one(self, number: int, _on: bool = False) -> None:
        self._put([self._measured[number]])

    def _copy_all(self) -> None:
        self._put(self._measured)

    def _put(self, some: Sequence[Measured]) -> None:
        text = "\n".join("\t".join(word for word in self.words(m) if word) for m in some)
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(text)

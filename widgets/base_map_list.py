"""All base maps in a list: which one a window shows, how they do, how they are toned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QRadioButton,
    QScrollArea,
    QSlider,
    QWidget,
)

from widgets.base_map_cache import BaseMapCache
from widgets.panel import block, button, clear_layout, column, line
from widgets.text import button_text, plain, plain_label, set_role, set_tooltip

STEPS = 20


@dataclass(frozen=True, slots=True)
class BaseMapRow:
    """One base map: its name, what it is, what is wrong or was found, what can be done with it."""

    id: str
    title: str
    detail: str
    told: str = ""
    wrong: bool = False
    own: bool = False
    remote: bool = False


class _Row(QFrame):
    """One of them; a person picks it or one of its buttons. ``asked(what, id)``."""

    asked = Signal(str, str)

    def __init__(self, row: BaseMapRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.id = row.id
        set_role(self, "line")
        self.radio = QRadioButton()
        self.detail = plain_label(role="small")
        self.told = plain_label()
        self.told.setWordWrap(True)
        self.radio.clicked.connect(partial(self._ask, "choose"))
        names = {
            "check": self.tr("Check"),
            "download": self.tr("Download…"),
            "change": self.tr("Change…"),
            "remove": self.tr("Remove…"),
        }
        self.buttons = {name: button(text, "link") for name, text in names.items()}
        for name, push in self.buttons.items():
            push.clicked.connect(partial(self._ask, name))
        layout = column(self, margin=4, gap=2)
        layout.addLayout(line(self.radio, None, *self.buttons.values()))
        below = column(gap=2)
        below.setContentsMargins(26, 0, 4, 2)
        below.addWidget(self.detail)
        below.addWidget(self.told)
        layout.addLayout(below)
        self.show_row(row)

    def show_row(self, row: BaseMapRow) -> None:
        """Show it as it is now."""
        self.radio.setText(button_text(row.title))
        self.detail.setText(row.detail)
        set_role(self.told, "minor" if row.wrong else "good")
        self.told.setText(row.told)
        self.told.setVisible(bool(row.told))
        for name, push in self.buttons.items():
            push.setVisible(row.remote if name == "download" else row.own)
            push.setAccessibleName(f"{push.text()} {row.title}")

    def _ask(self, what: str, _on: bool = True) -> None:
        self.asked.emit(what, self.id)


class BaseMapList(QWidget):
    """``asked(what, id)``: choose, check, download, change or remove a base map; add with "".
    ``window_chosen(name)``: of which window the choice is. ``toned(opacity, grey, light)``.
    ``cache_asked(megabytes)``: how large the cache may grow; ``cache_emptied``. ``close_asked``."""

    asked = Signal(str, str)
    window_chosen = Signal(str)
    toned = Signal(float, float, float)
    cache_asked = Signal(int)
    cache_emptied = Signal()
    close_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.windows = QComboBox()
        self.windows.setAccessibleName(self.tr("Window"))
        self.windows.activated.connect(self._window)
        self.add = button(self.tr("Add a base map…"))
        self.add.clicked.connect(partial(self._ask, "add", ""))
        self.trouble = plain_label(role="minor")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self._rows: dict[str, _Row] = {}
        inner = QWidget()
        set_role(inner, "scrolled")
        self._list = column(inner, gap=2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        layout = column(self, margin=16, gap=10)
        shown_in = plain_label(self.tr("Shown in"), "muted")
        layout.addLayout(line(shown_in, self.windows, None, self.add))
        layout.addWidget(self.trouble)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._tones())
        self.cache = BaseMapCache()
        self.cache.asked.connect(self.cache_asked)
        self.cache.emptied.connect(self.cache_emptied)
        layout.addWidget(self.cache)
        self.done = button(self.tr("Close"))
        self.done.clicked.connect(self.close_asked)
        layout.addLayout(line(None, self.done))

    def set_windows(self, windows: Sequence[tuple[str, str]], current: str) -> None:
        """Open map windows as (name, title)."""
        self.windows.clear()
        for name, title in windows:
            self.windows.addItem(plain(title), name)
        self.windows.setCurrentIndex(max(0, self.windows.findData(current)))

    def set_trouble(self, text: str) -> None:
        """What is wrong with all of them, "" for nothing."""
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    def set_rows(self, rows: Sequence[BaseMapRow], chosen: str) -> None:
        """Show these; what stays the same stays where it is, under the hand."""
        if list(self._rows) != [row.id for row in rows]:
            clear_layout(self._list)
            self._rows = {row.id: _Row(row) for row in rows}
            for made in self._rows.values():
                made.asked.connect(self.asked)
                self._list.addWidget(made)
            self._list.addStretch(1)
        for row in rows:
            made = self._rows[row.id]
            made.show_row(row)
            made.radio.setAutoExclusive(False)
            made.radio.setChecked(row.id == chosen)

    def row(self, id_: str) -> _Row:
        """The row of a base map; KeyError where there is none."""
        return self._rows[id_]

    def set_tone(self, opacity: float, grey: float, light: float) -> None:
        """How base maps are toned now, each from 0 to 1."""
        for slider, value in zip(self.sliders, (opacity, grey, light), strict=True):
            slider.blockSignals(True)
            slider.setValue(round(value * STEPS))
            slider.blockSignals(False)
        self._say_tone()

    # -- inside -------------------------------------------------------------------------
    def _tones(self) -> QFrame:
        frame = block()
        grid = QGridLayout(frame)
        grid.setContentsMargins(12, 8, 12, 8)
        names = (self.tr("Opacity"), self.tr("Grey"), self.tr("Brightness"))
        self.sliders: list[QSlider] = []
        self._values = []
        about = plain_label(self.tr("Tone of tile maps, so that marks stay legible"), "muted")
        reset = button(self.tr("As they come"), "link")
        set_tooltip(reset, self.tr("Show tile maps without any toning"))
        reset.clicked.connect(self._reset)
        grid.addLayout(line(about, None, reset), 0, 0, 1, 3)
        for at, name in enumerate(names, 1):
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setRange(0 if at == 2 else 2, STEPS)
            slider.setPageStep(2)
            slider.setAccessibleName(name)
            slider.valueChanged.connect(self._slid)
            value = plain_label(role="number")
            value.setMinimumWidth(48)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.sliders.append(slider)
            self._values.append(value)
            grid.addWidget(plain_label(name), at, 0)
            grid.addWidget(slider, at, 1)
            grid.addWidget(value, at, 2)
        grid.setColumnStretch(1, 1)
        return frame

    def _tone(self) -> tuple[float, float, float]:
        opacity, grey, light = (slider.value() / STEPS for slider in self.sliders)
        return opacity, grey, light

    def _slid(self, _value: int) -> None:
        self._say_tone()
        self.toned.emit(*self._tone())

    def _say_tone(self) -> None:
        for label, value in zip(self._values, self._tone(), strict=True):
            label.setText(f"{value * 100:.0f} %")

    def _reset(self) -> None:
        self.set_tone(1.0, 0.0, 1.0)
        self.toned.emit(*self._tone())

    def _window(self, _index: int) -> None:
        self.window_chosen.emit(str(self.windows.currentData()))

    def _ask(self, what: str, id_: str, _on: bool = True) -> None:
        self.asked.emit(what, id_)

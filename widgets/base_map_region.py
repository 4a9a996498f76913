"""Downloading a region of a base map: which area and levels, how much that is, how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from widgets.check_box import CheckBox
from widgets.panel import block, button, clear_layout, column, line
from widgets.text import button_text, plain, plain_label
from widgets.theme import Theme

ASK_AFTER_MS = 250
MOST_RATE = 50


@dataclass(frozen=True, slots=True)
class RegionWish:
    """What a person wants to have: ``district`` or the view, levels, questions a second, and the
    name of the file without its ending."""

    district: bool
    first: int
    last: int
    rate: int
    name: str


@dataclass(frozen=True, slots=True)
class RegionProgress:
    """A download under way: in words, and in thousandths; ``trouble`` in words."""

    words: str
    share: int
    trouble: str
    paused: bool


class BaseMapRegion(QWidget):
    """``counted(RegionWish)``: say how much that is; ``started(RegionWish)``; ``paused``: or go on;
    ``cancelled``; ``resumed(name)``: take an unfinished one up again; ``dropped``: back."""

    counted = Signal(object)
    started = Signal(object)
    paused = Signal()
    cancelled = Signal()
    resumed = Signal(str)
    dropped = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = plain_label(role="title")
        self.view = QRadioButton(button_text(self.tr("What the map shows now")))
        self.district = QRadioButton(button_text(self.tr("The district, within its outline")))
        self._area = QButtonGroup(self)
        self.first, self.last, self.rate = QSpinBox(), QSpinBox(), QSpinBox()
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.count = plain_label()
        self.count.setWordWrap(True)
        self.terms = plain_label(role="minor")
        self.terms.setWordWrap(True)
        self.allowed = CheckBox(theme, self.tr("The provider has allowed this download"))
        self.error = plain_label(role="critical")
        self.error.setWordWrap(True)
        self.start = button(self.tr("Download"), "primary")
        self.back = button(self.tr("Back"))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(ASK_AFTER_MS)
        self._wait.timeout.connect(self._ask)
        self._ready = False
        self._left = column(gap=4)
        layout = column(self, margin=16, gap=10)
        layout.addWidget(self.title)
        self.form = QFrame()
        self.form.setLayout(self._form())
        layout.addWidget(self.form)
        layout.addWidget(self._going())
        layout.addWidget(self.error)
        layout.addLayout(self._left)
        layout.addStretch(1)
        layout.addLayout(line(None, self.back, self.start))
        self.start.clicked.connect(self._start)
        self.back.clicked.connect(self.dropped)

    def begin(self, title: str, first: int, last: int, name: str, terms: str) -> None:
        """For a base map with these levels; ``terms``: what its provider wants, "" when whole
        regions are allowed."""
        self.title.setText(title)
        for spin in (self.first, self.last):
            spin.setRange(first, last)
        self.first.setValue(max(first, 10))
        self.last.setValue(min(last, 15))
        self.name.setText(plain(name))
        self.terms.setText(terms)
        self.terms.setVisible(bool(terms))
        self.allowed.setVisible(bool(terms))
        self.allowed.setChecked(False)
        self.set_error("")
        self._changed()

    def set_count(self, words: str, can_start: bool) -> None:
        """How much it would be, or why it cannot be."""
        self.count.setText(words)
        self._ready = can_start
        self._show_ready()

    def set_progress(self, progress: RegionProgress | None) -> None:
        """A download under way; None: there is none, and one can be begun."""
        going = progress is not None
        self.form.setVisible(not going)
        self.start.setVisible(not going)
        self.going.setVisible(going)
        if progress is not None:
            self.bar.setValue(progress.share)
            self.words.setText(progress.words)
            self.trouble.setText(progress.trouble)
            self.trouble.setVisible(bool(progress.trouble))
            self.pause.setText(self.tr("Go on") if progress.paused else self.tr("Pause"))

    def set_left(self, names: Sequence[str]) -> None:
        """Downloads that were not brought to their end."""
        clear_layout(self._left)
        for name in names:
            again = button(self.tr("Go on"), "link")
            again.clicked.connect(partial(self._resume, name))
            words = plain_label(self.tr("Unfinished: {0}").format(name), "muted")
            self._left.addLayout(line(words, again, None))

    def set_error(self, text: str) -> None:
        """What went wrong, "" for nothing."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def wish(self) -> RegionWish:
        """What stands in the form."""
        return RegionWish(
            self.district.isChecked(),
            self.first.value(),
            self.last.value(),
            self.rate.value(),
            self.name.text().strip(),
        )

    # -- inside -------------------------------------------------------------------------
    def _form(self) -> QGridLayout:
        self.rate.setRange(1, MOST_RATE)
        self.rate.setValue(5)
        self.district.setChecked(True)
        for choice in (self.view, self.district):
            self._area.addButton(choice)
            choice.toggled.connect(self._changed)
        for spin in (self.first, self.last, self.rate):
            spin.valueChanged.connect(self._changed)
        self.name.textChanged.connect(self._show_ready)
        self.allowed.toggled.connect(self._show_ready)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("Area"), line(self.district, self.view, None)),
            (self.tr("Levels"), line(self.first, plain_label("–"), self.last, None)),
            (self.tr("Questions a second"), line(self.rate, None)),
            (self.tr("Name of the file"), line(self.name)),
        )
        for at, (name, fields) in enumerate(rows):
            grid.addWidget(plain_label(name, "muted"), at, 0)
            grid.addLayout(fields, at, 1)
        named: tuple[tuple[QWidget, str], ...] = (
            (self.first, self.tr("First level")),
            (self.last, self.tr("Last level")),
            (self.rate, self.tr("Questions a second")),
            (self.name, self.tr("Name of the file")),
        )
        for field, name in named:
            field.setAccessibleName(name)
        for at, widget in enumerate((self.count, self.terms, self.allowed), len(rows)):
            grid.addWidget(widget, at, 0, 1, 2)
        return grid

    def _going(self) -> QFrame:
        self.going = block()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1_000)
        self.bar.setTextVisible(False)
        self.words = plain_label()
        self.trouble = plain_label(role="minor")
        self.trouble.setWordWrap(True)
        self.pause = button(self.tr("Pause"))
        self.cancel = button(self.tr("End for now"))
        layout = column(self.going, margin=12, gap=8)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        layout.addWidget(self.trouble)
        layout.addLayout(line(self.pause, self.cancel, None))
        self.pause.clicked.connect(self.paused)
        self.cancel.clicked.connect(self.cancelled)
        self.going.hide()
        return self.going

    def _changed(self, _value: object = None) -> None:
        self.set_count(self.tr("Counting…"), False)
        self._wait.start()

    def _ask(self) -> None:
        self.counted.emit(self.wish())

    def _show_ready(self, _value: object = None) -> None:
        may = self.allowed.isHidden() or self.allowed.isChecked()
        self.start.setEnabled(self._ready and may and bool(self.name.text().strip()))

    def _start(self) -> None:
        if self.start.isEnabled():
            self.set_error("")
            self.started.emit(self.wish())

    def _resume(self, name: str, _on: bool = True) -> None:
        self.resumed.emit(name)

"""Roads that are closed now, and closing one more by order. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QScrollArea, QSpinBox, QWidget

from widgets.confirm import ConfirmBar
from widgets.panel import Panel, RowButton, block, button, clear_layout, column, line
from widgets.stretch_list import Mark, StretchList
from widgets.text import plain_label, set_role, set_tooltip
from widgets.theme import Theme

FOR_MIN = (0, 30, 60, 120, 240, 720)
"""Minutes for which a closure may be ordered; 0: until somebody opens the road."""


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """One closure in words; ``thing`` can be shown; ``opens``: an order can end it; ``touches``
    False: it closes no road of the network."""

    id: str
    words: str
    detail: str
    thing: str
    lon: float
    lat: float
    opens: bool = False
    touches: bool = True


@dataclass(frozen=True, slots=True)
class CloseOrder:
    """What an officer wants closed. ``for_min`` 0: without an end; ``spared`` stays open."""

    lon: float
    lat: float
    radius_m: float
    reason: str
    road: str
    note: str
    for_min: int
    spared: tuple[Mark, ...] = ()


class ClosuresView(Panel):
    """``chosen(lon, lat, thing id)`` of a row, ``close_ordered(CloseOrder)`` and
    ``open_ordered(thing id)`` after the officer has confirmed, ``pick_requested()`` a place,
    ``form_changed()``: another radius or none."""

    chosen = Signal(float, float, str)
    close_ordered = Signal(object)
    open_ordered = Signal(str)
    pick_requested = Signal()
    form_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._place: tuple[float, float] | None = None
        self._reasons: list[str] = []
        self._why_not = ""
        self.pick = button(self.tr("Close a road…"), "tool")
        self.summary = plain_label("", "bold")
        self.summary.setWordWrap(True)
        self.road = QLineEdit()
        self.reason = QComboBox()
        self.radius = QSpinBox()
        self.radius.setRange(5, 2_000)
        self.radius.setSingleStep(10)
        self.radius.setValue(40)
        self.radius.setSuffix(" m")
        self.until = QComboBox()
        self.note = QLineEdit()
        self.stretches = StretchList(theme)
        self.order = button(self.tr("Close the road"), "primary")
        self.cancel = button(self.tr("Cancel"))
        self.confirm = ConfirmBar()
        self._fields: tuple[QWidget, ...] = (
            *(self.road, self.reason, self.radius, self.until, self.note, self.stretches),
            *(self.order, self.cancel),
        )
        self.form = block()
        self._box = QWidget()
        set_role(self._box, "scrolled")
        self._rows = column(self._box, gap=4)
        self._build()

    # -- setters ----------------------------------------------------------------------
    def set_reasons(self, reasons: Sequence[tuple[str, str]]) -> None:
        """Reasons that an order may give: (id, label)."""
        self._reasons = [id_ for id_, _ in reasons]
        self.reason.clear()
        self.reason.addItems([label for _, label in reasons])

    def set_rows(self, rows: Sequence[ClosedRow], summary: str) -> None:
        """Show the closures of now."""
        self.summary.setText(summary)
        clear_layout(self._rows)
        for row in rows:
            self._rows.addWidget(self._row(row))
        self._rows.addStretch(1)

    def set_place(self, place: tuple[float, float] | None, road: str = "") -> None:
        """Begin to close a road here, or put the form away."""
        self._place = place
        self.confirm.dismiss()
        self.road.setText(road)
        self.note.clear()
        self.stretches.clear()
        self._show_fields(True)
        self.form.setVisible(place is not None)
        self.form_changed.emit()

    def set_orders_allowed(self, why_not: str) -> None:
        """Whether roads may be closed and opened from here; "" when they may."""
        self._why_not = why_not
        self.pick.setEnabled(not why_not)
        set_tooltip(self.pick, why_not)

    @property
    def place(self) -> tuple[float, float, float] | None:
        """Longitude, latitude and radius in metres of what is about to be closed."""
        return None if self._place is None else (*self._place, float(self.radius.value()))

    # -- inside -----------------------------------------------------------------------
    def _build(self) -> None:
        for minutes in FOR_MIN:
            words = (
                self.tr("{0} min").format(minutes)
                if minutes
                else self.tr("until it is opened by order")
            )
            self.until.addItem(words)
        self.road.setPlaceholderText(self.tr("Name of the road"))
        self.note.setPlaceholderText(self.tr("Note (may be left empty)"))
        for widget, name in (
            (self.road, self.tr("Name of the road")),
            (self.reason, self.tr("Reason")),
            (self.radius, self.tr("Radius")),
            (self.until, self.tr("Closed for")),
            (self.note, self.tr("Note (may be left empty)")),
        ):
            widget.setAccessibleName(name)
        inside = column(self.form, margin=8, gap=6)
        inside.addWidget(self.road)
        inside.addLayout(line(self.reason, self.radius, self.until, None, gap=6))
        inside.addWidget(self.note)
        inside.addWidget(self.stretches)
        inside.addLayout(line(self.order, self.cancel, None))
        inside.addWidget(self.confirm)
        self.form.hide()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._box)
        layout = column(self, margin=10, gap=6)
        layout.addLayout(line(self.summary, None, self.pick))
        layout.addWidget(self.form)
        layout.addWidget(scroll, 1)
        self.pick.clicked.connect(self.pick_requested)
        self.order.clicked.connect(self._ask_close)
        self.cancel.clicked.connect(self._put_away)
        self.radius.valueChanged.connect(self._changed)
        self.confirm.asked.connect(self._question)

    def _row(self, row: ClosedRow) -> QFrame:
        frame = block()
        layout = column(frame, margin=6, gap=2)
        go = RowButton(row.words)
        go.clicked.connect(partial(self._go, row))
        head = line(go, gap=4)
        head.setStretch(0, 1)
        if row.opens and not self._why_not:
            open_ = button(self.tr("Open again"), "link")
            open_.clicked.connect(partial(self._ask_open, row))
            head.addWidget(open_)
        layout.addLayout(head)
        if row.detail:
            detail = plain_label(row.detail, "small" if row.touches else "muted")
            detail.setWordWrap(True)
            detail.setContentsMargins(8, 0, 0, 0)  # under the words of the row's button
            layout.addWidget(detail)
        return frame

    def _go(self, row: ClosedRow, _on: bool = False) -> None:
        self.chosen.emit(row.lon, row.lat, row.thing)

    def _ask_open(self, row: ClosedRow, _on: bool = False) -> None:
        self.set_place(None)
        self._show_fields(False)
        self.form.show()
        text = self.tr("{0}: the road is open again, and routes go through it.")
        self.confirm.ask(
            text.format(row.words), self.tr("Open the road"), lambda _n: self._open(row.thing)
        )

    def _show_fields(self, shown: bool) -> None:
        """The fields of an order; the question about another closure stands alone."""
        for widget in self._fields:
            widget.setVisible(shown)

    def _question(self, open_: bool) -> None:
        """A question stands alone; taken back it leaves the fields, or nothing."""
        if self._place is not None:
            self._show_fields(not open_)
        elif not open_:
            self.form.hide()

    def _ask_close(self) -> None:
        if self._place is None:
            return
        text = self.tr("All routes and dispatch proposals go round it at once, at every seat.")
        text = f"{self.stretches.summary()} {text}"
        self.confirm.ask(text, self.tr("Close it now"), lambda _note: self._close())

    def _open(self, thing: str) -> None:
        self._put_away()
        self.open_ordered.emit(thing)

    def _close(self) -> None:
        place = self.place
        if place is None:
            return
        order = CloseOrder(
            lon=place[0],
            lat=place[1],
            radius_m=place[2],
            reason=self._reasons[self.reason.currentIndex()],
            road=self.road.text().strip(),
            note=self.note.text().strip(),
            for_min=FOR_MIN[self.until.currentIndex()],
            spared=self.stretches.spared(),
        )
        self._put_away()
        self.close_ordered.emit(order)

    def _put_away(self) -> None:
        self.set_place(None)

    def _changed(self, _value: int) -> None:
        self.form_changed.emit()

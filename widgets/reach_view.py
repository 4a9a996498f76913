"""How far one drives in some minutes: from a place, or from all things of a kind. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from widgets.check_box import CheckBox
from widgets.format import number
from widgets.panel import Panel, button, clear_layout, column, line
from widgets.road_words import minutes
from widgets.text import plain_label
from widgets.theme import Theme

CHOICES = ((5.0, 10.0, 15.0), (3.0, 5.0, 8.0), (10.0, 20.0, 30.0), (5.0,), (10.0,), (15.0,))
"""Minutes of the bands that may be chosen."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What is reached within some minutes: area in km², roads in km, things that lie inside."""

    minutes: float
    area_km2: float
    road_km: float
    things: int


class ReachView(Panel):
    """``kind_chosen(kind id)`` to start from all of a kind, ``minutes_chosen()``,
    ``select_requested(number)``: select what lies inside a band; ``cleared()``; ``stop_asked()``
    of the search."""

    kind_chosen = Signal(str)
    minutes_chosen = Signal()
    as_open_chosen = Signal(bool)
    select_requested = Signal(int)
    cleared = Signal()
    stop_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ids: list[str] = []
        self.minutes = QComboBox()
        self.minutes.setAccessibleName(self.tr("Minutes"))
        for bands in CHOICES:
            self.minutes.addItem(self.tr("{0} min").format(" / ".join(f"{m:g}" for m in bands)))
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(self.tr("From all of a kind"))
        self.kinds.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.kinds.setMinimumContentsLength(6)  # the panel is narrow on a small screen
        self.as_open = CheckBox(theme, self.tr("As if no road were closed"))
        self.where = plain_label("", "bold")
        self.where.setWordWrap(True)
        self.note = plain_label(
            self.tr("Take “Drive-time area” on the map and click a place, or choose a kind."),
            "empty",
        )
        self.note.setWordWrap(True)
        self.clear = button(self.tr("Clear"), "tool")
        self.stop = button(self.tr("Stop"), "tool")
        self._rows = column(gap=4)
        layout = column(self, margin=10, gap=6)
        choice = line(self.minutes, gap=6)
        choice.addWidget(self.kinds, 1)
        choice.addWidget(self.stop)
        choice.addWidget(self.clear)
        layout.addLayout(choice)
        for widget in (self.as_open, self.where, self.note):
            layout.addWidget(widget)
        layout.addLayout(self._rows)
        layout.addStretch(1)
        self.minutes.activated.connect(self._minutes_chosen)
        self.kinds.activated.connect(self._kind_chosen)
        self.as_open.toggled.connect(self.as_open_chosen)
        self.clear.clicked.connect(self.cleared)
        self.stop.clicked.connect(self.stop_asked)
        self.set_nothing()

    def set_kinds(self, kinds: Sequence[tuple[str, str]]) -> None:
        """Kinds from all of whose things one may start: (id, label)."""
        self._ids = [id_ for id_, _ in kinds]
        self.kinds.clear()
        self.kinds.addItem(self.tr("From all of a kind…"))
        self.kinds.addItems([label for _, label in kinds])

    def bands(self) -> tuple[float, ...]:
        """The minutes that are chosen."""
        return CHOICES[max(0, self.minutes.currentIndex())]

    def set_nothing(self, words: str = "") -> None:
        """Nothing is shown; say why, or how to begin."""
        self.where.setText("")
        self.where.hide()
        if words:
            self.note.setText(words)
        self.note.show()
        self.clear.hide()
        self.stop.hide()
        clear_layout(self._rows)
        if not words:
            self.kinds.setCurrentIndex(0)

    def set_waiting(self, where: str) -> None:
        """Say that the area is being searched."""
        self._say(where, self.tr("Searching…"))
        self.clear.hide()
        self.stop.show()

    def set_reached(self, where: str, reached: Sequence[Reached], corridor_m: float) -> None:
        """Show what is reached from ``where``, fewest minutes first."""
        text = self.tr("What lies within {0} m of a road that is reached counts as reached.")
        self._say(where, text.format(f"{corridor_m:.0f}"))
        for at, band in enumerate(reached):
            self._rows.addWidget(self._row(at, band))

    def _row(self, at: int, band: Reached) -> QWidget:
        holder = QWidget()
        words = self.tr("{0} km² · {1} km of road · things: {2}").format(
            number(band.area_km2, 1), number(band.road_km, 1), number(band.things)
        )
        select = button(self.tr("Select"), "link", self.tr("Select all that is shown inside"))
        select.clicked.connect(lambda _on=False: self.select_requested.emit(at))
        head = plain_label(minutes(band.minutes * 60.0), "bold")
        head.setMinimumWidth(64)
        found = plain_label(words, "small")
        found.setWordWrap(True)
        row = line(head)
        row.addWidget(found, 1)
        row.addWidget(select)
        holder.setLayout(row)
        return holder

    def _say(self, where: str, note: str) -> None:
        self.where.setText(where)
        self.where.show()
        self.note.setText(note)
        self.note.show()
        self.clear.show()
        self.stop.hide()
        clear_layout(self._rows)

    def _minutes_chosen(self, _index: int) -> None:
        self.minutes_chosen.emit()

    def _kind_chosen(self, index: int) -> None:
        if index > 0:
            self.kind_chosen.emit(self._ids[index - 1])

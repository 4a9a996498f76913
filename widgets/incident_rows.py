"""Rows of the incident panel: one team, one warehouse with its stock lines. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSpinBox, QWidget

from services.dispatch.proposal import TeamPick, WarehousePick
from services.dispatch.travel import Trip
from services.packs.model import Catalogue
from widgets.check_box import CheckBox
from widgets.incident_choice import ABLE
from widgets.panel import column, line
from widgets.road_words import by_road, straight
from widgets.text import plain_label, set_role
from widgets.theme import Theme
from widgets.words import reason_word

MOST = 100_000


def way_words(trip: Trip | None, straight_m: float) -> str:
    """How far something is: by road, or straight where no way is known."""
    return straight(straight_m) if trip is None else by_road(trip.seconds, trip.metres)


def look(pick: TeamPick | WarehousePick) -> tuple[str, str, str]:
    """What of a row tells one from another: id, name, way."""
    return pick.entity.id, pick.entity.name, way_words(pick.trip, pick.distance_m)


class TeamRow(QFrame):
    """A team with its way and the reason for or against it. ``toggled(id, on)``;
    ``pointed(id)`` while the pointer is on it, "" when it leaves."""

    toggled = Signal(str, bool)
    pointed = Signal(str)

    def __init__(self, theme: Theme, pick: TeamPick, chosen: bool, facts: str) -> None:
        super().__init__()
        entity = pick.entity
        self._id = entity.id
        self.check = CheckBox(theme, entity.name)
        self.check.setChecked(chosen and pick.reason in ABLE)
        self.check.setEnabled(pick.reason in ABLE)
        reason = plain_label(self._words(pick, facts), "small")
        reason.setWordWrap(True)
        layout = column(self, margin=9, gap=4)
        way = plain_label(way_words(pick.trip, pick.distance_m))
        layout.addLayout(line(self.check, None, way))
        layout.addLayout(_indented(reason))
        self._show_choice(self.check.isChecked())
        self.check.toggled.connect(self._show_choice)
        self.check.toggled.connect(lambda on: self.toggled.emit(entity.id, on))

    def _words(self, pick: TeamPick, facts: str) -> str:
        reason = reason_word(pick.reason)
        return f"{facts} · {reason}" if facts else reason

    def _show_choice(self, on: bool) -> None:
        set_role(self, "block" if on else "block-off")

    def enterEvent(self, event: QEnterEvent) -> None:
        """Somebody looks at this one."""
        super().enterEvent(event)
        self.pointed.emit(self._id)

    def leaveEvent(self, event: QEvent) -> None:
        """And no longer."""
        super().leaveEvent(event)
        self.pointed.emit("")


class WarehouseRow(QFrame):
    """A warehouse with a quantity per stock line. ``quantity_changed(warehouse, item, n)``."""

    quantity_changed = Signal(str, str, int)

    def __init__(
        self,
        theme: Theme,
        pick: WarehousePick,
        quantities: Sequence[int],
        catalogue: Catalogue,
        lang: str,
    ) -> None:
        super().__init__()
        self._id = pick.entity.id
        self.spins: dict[str, QSpinBox] = {}
        self.check = CheckBox(theme, pick.entity.name)
        layout = column(self, margin=9, gap=4)
        way = plain_label(way_words(pick.trip, pick.distance_m))
        layout.addLayout(line(self.check, None, way))
        for (item, free, _suggested), quantity in zip(pick.lines, quantities, strict=True):
            layout.addLayout(_indented(self._line(item, free, quantity, catalogue, lang)))
        if not pick.lines:
            layout.addLayout(_indented(plain_label(self.tr("No stock is recorded here."), "small")))
        self._suggested = {item: suggested for item, _free, suggested in pick.lines}
        self._show_choice()
        self.check.clicked.connect(self._choose_all)

    def _line(
        self, item: str, free: int, quantity: int, catalogue: Catalogue, lang: str
    ) -> QWidget:
        known = catalogue.items.get(item)
        label = known.label.text(lang) if known is not None else item
        unit = known.unit.text(lang) if known is not None else ""
        spin = QSpinBox()
        spin.setRange(0, min(free, MOST))
        spin.setValue(quantity)
        spin.setEnabled(free > 0)
        spin.setAccessibleName(label)
        spin.setMinimumWidth(92)
        spin.valueChanged.connect(lambda n: self._changed(item, n))
        self.spins[item] = spin
        holder = QWidget()
        free_words = self.tr("{0} {1} free").format(f"{free:,}", unit)
        layout = line(plain_label(label), None, plain_label(free_words, "small"), spin)
        holder.setLayout(layout)
        return holder

    def _changed(self, item: str, quantity: int) -> None:
        self._show_choice()
        self.quantity_changed.emit(self._id, item, quantity)

    def _show_choice(self) -> None:
        on = any(spin.value() for spin in self.spins.values())
        self.check.setChecked(on)
        self.check.setEnabled(any(spin.isEnabled() for spin in self.spins.values()))
        set_role(self, "block" if on else "block-off")

    def _choose_all(self, on: bool) -> None:
        """The box takes the suggestion, or at least one of the first line; off takes nothing."""
        for item, spin in self.spins.items():
            spin.setValue(self._suggested[item] if on else 0)
        free = [spin for spin in self.spins.values() if spin.isEnabled()]
        if on and free and not any(spin.value() for spin in free):
            free[0].setValue(1)
        self._show_choice()


def _indented(widget: QWidget) -> QHBoxLayout:
    layout = line(widget)
    layout.setContentsMargins(24, 0, 0, 0)
    return layout

"""Sections of the detail card: values with age, facts, alarms, near cameras. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from services.domain.model import Entity, Link, StockLine
from services.packs.model import Catalogue, Kind, Measure, Rule
from widgets.curve import CurveView
from widgets.format import age, clock_hm, day_clock, distance, number
from widgets.panel import RowButton, block, button, clear_layout, column, line
from widgets.rows import AlarmRow
from widgets.symbols import MarkView, link_mark, severity_mark
from widgets.text import plain_label, set_role
from widgets.theme import Theme
from widgets.words import link_word, suppression_word

SHOWN_CAMERAS = 8


@dataclass(frozen=True)
class NearCamera:
    """A camera near a place."""

    id: str
    name: str
    distance_m: float
    link: Link = Link.UNKNOWN


@dataclass(frozen=True)
class Fact:
    """One line of facts: label and value, both plain text."""

    label: str
    value: str


def entity_facts(entity: Entity, kind: Kind, lang: str) -> list[Fact]:
    """What is described about a thing, in pack order, as the hub lets this account see it."""
    return [
        Fact(
            attribute.label.text(lang),
            attribute.value_text(entity.attrs.get(attribute.name), lang),
        )
        for attribute in kind.attribute
        if entity.attrs.get(attribute.name) not in (None, "")
    ]


def stock_facts(lines: Sequence[StockLine], catalogue: Catalogue, lang: str) -> list[Fact]:
    """Stock lines in pack order: what is free, and what is there where some is reserved."""
    order = {item: place for place, item in enumerate(catalogue.items)}
    facts = []
    for stock in sorted(lines, key=lambda s: (order.get(s.item, len(order)), s.item)):
        item = catalogue.items.get(stock.item)
        label = item.label.text(lang) if item is not None else stock.item
        unit = item.unit.text(lang) if item is not None else ""
        free = f"{number(stock.free)} {unit}".rstrip()
        words = QCoreApplication.translate("Stock", "{0} free").format(free)
        if stock.reserved:
            rest = QCoreApplication.translate("Stock", "{0} reserved")
            words += f" · {rest.format(number(stock.reserved))}"
        facts.append(Fact(label, words))
    return facts


class Section(QWidget):
    """A heading and a body that is hidden while it is empty."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = plain_label(title, "section")
        self.body = column(gap=4)
        layout = column(self, gap=4)
        layout.addWidget(self.title)
        layout.addLayout(self.body)
        self.hide()

    def refill(self, widgets: Sequence[QWidget]) -> None:
        """Put these in place of what was there, in one go: what is new is seen at once, and not
        only with the next turn of Qt's loop, until which the section would stand empty."""
        self.setUpdatesEnabled(False)
        clear_layout(self.body)
        for widget in widgets:
            self.body.addWidget(widget)
            widget.show()
        self.setVisible(bool(widgets))
        self.setUpdatesEnabled(True)


class FactsView(Section):
    """Label and value in two columns."""

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show these lines."""
        self.refill([_facts_grid(facts)] if facts else [])


def _facts_grid(facts: Sequence[Fact]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    for row, fact in enumerate(facts):
        value = plain_label(fact.value)
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(plain_label(fact.label, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, row, 1)
    return holder


class ValueView(QWidget):
    """One measured value: number with unit, age, curve with limits."""

    def __init__(
        self,
        theme: Theme,
        measure: Measure,
        lang: str,
        limits: Sequence[Rule],
        silent_s: float = 0.0,
    ) -> None:
        super().__init__()
        self._measure = measure
        self._silent_s = silent_s
        self._number = plain_label(role="strong")
        self._age = plain_label(role="faint")
        self._curve = CurveView(theme)
        self._curve.setFixedHeight(132)
        self._curve.set_limits(
            [(limit.at, limit.severity) for rule in limits for limit in rule.limits],
            measure.decimals,
        )
        self._curve.hide()
        layout = column(self, gap=3)
        label = plain_label(measure.label.text(lang), "muted")
        layout.addLayout(line(label, self._number, None, self._age))
        layout.addWidget(self._curve)

    def set_value(self, value: float | None) -> None:
        """The newest reading, or a dash."""
        text = "–" if value is None else number(value, self._measure.decimals)
        self._number.setText(f"{text} {self._measure.unit}".rstrip())

    def set_age(self, seconds: float | None, *, stale: bool) -> None:
        """How old it is; a stale one says so and greys the number."""
        words = self.tr("never reported") if seconds is None else age(seconds)
        self._age.setText(self.tr("STALE · {0}").format(words) if stale else words)
        set_role(self._age, "minor" if stale else "faint")
        set_role(self._number, "muted" if stale else "strong")

    def set_points(self, points: Sequence[tuple[float, float]]) -> None:
        """History: (UNIX seconds, value)."""
        self._curve.setVisible(len(points) > 1)
        times, values = [t for t, _v in points], [v for _t, v in points]
        self._curve.set_points(times, values, self._silent_s)


class ValuesView(Section):
    """All measures of a thing."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(title)
        self._theme = theme
        self._views: dict[str, ValueView] = {}

    def set_kind(self, kind: Kind | None, rules: Sequence[Rule], lang: str) -> None:
        """One view per measure of the kind, with the limits of its rules."""
        silent_s = (kind.stale_after_s if kind is not None else None) or 0.0
        self._views = {
            m.name: ValueView(
                self._theme, m, lang, [r for r in rules if r.measure == m.name], silent_s
            )
            for m in (kind.measure if kind is not None else ())
        }
        self.refill(list(self._views.values()))

    def set_values(self, values: dict[str, float]) -> None:
        """Newest readings by measure."""
        for name, view in self._views.items():
            view.set_value(values.get(name))

    def set_age(self, seconds: float | None, *, stale: bool) -> None:
        """Age of the newest sign of life."""
        for view in self._views.values():
            view.set_age(seconds, stale=stale)

    def set_points(self, measure: str, points: Sequence[tuple[float, float]]) -> None:
        """History of one measure."""
        if measure in self._views:
            self._views[measure].set_points(points)


class StandingAlarms(Section):
    """Alarms on a thing, each with its acknowledgement.

    ``acknowledge_requested(keys, note)``, ``to_case_requested(key)``.
    """

    acknowledge_requested = Signal(list, str)
    to_case_requested = Signal(str)

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(title)
        self._theme = theme
        self._rows: tuple[AlarmRow, ...] = ()
        self._can = True

    @property
    def rows(self) -> tuple[AlarmRow, ...]:
        """What is shown."""
        return self._rows

    def set_alarms(self, rows: Sequence[AlarmRow], now: float) -> None:
        """Show these, worst first as given; the same rows again leave the buttons alone."""
        if tuple(rows) != self._rows:
            self._rows = tuple(rows)
            self.refill([self._block(row, now) for row in rows])

    def set_actions_enabled(self, enabled: bool, now: float) -> None:
        """Allow acknowledging and turning into a case."""
        if enabled != self._can:
            self._can = enabled
            self.refill([self._block(row, now) for row in self._rows])

    def _block(self, row: AlarmRow, now: float) -> QWidget:
        alarm = row.alarm
        frame = block()
        mark = MarkView(14)
        mark.set_mark(severity_mark(self._theme, alarm.severity, active=alarm.active))
        text = plain_label(row.text, "bold")
        text.setWordWrap(True)
        top = line(mark)
        top.addWidget(text, 1)
        top.addWidget(plain_label(day_clock(alarm.last_time, now), "small"))
        layout = column(frame, margin=8, gap=6)
        layout.addLayout(top)
        layout.addLayout(self._actions(row))
        return frame

    def _actions(self, row: AlarmRow) -> QVBoxLayout:
        alarm = row.alarm
        holder = column()
        for suppression in alarm.suppressed:
            aside = plain_label(suppression_word(suppression), "small")
            aside.setWordWrap(True)
            holder.addWidget(aside)
        if alarm.acknowledged and alarm.ack_by:
            when = clock_hm(alarm.ack_time) if alarm.ack_time is not None else ""
            words = self.tr("{0} acknowledged {1}").format(alarm.ack_by, when)
            note = f" · {alarm.ack_note}" if alarm.ack_note else ""
            holder.addWidget(plain_label(words + note, "small"))
        buttons: list[QPushButton] = []
        if not alarm.acknowledged:
            acknowledge = button(self.tr("Acknowledge"), "tool")
            acknowledge.clicked.connect(lambda: self.acknowledge_requested.emit([alarm.key], ""))
            buttons.append(acknowledge)
        if not alarm.case_id:
            case = button(self.tr("Turn into a case"), "tool")
            case.clicked.connect(lambda: self.to_case_requested.emit(alarm.key))
            buttons.append(case)
        for made in buttons:
            made.setEnabled(self._can)
        if buttons:
            holder.addLayout(line(*buttons, None))
        return holder


class NearCameras(Section):
    """Cameras near a place, nearest first. ``open_video_requested(id)``, ``chosen(id)``."""

    open_video_requested = Signal(str)
    chosen = Signal(str)

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(title)
        self._theme = theme
        self._cameras: tuple[NearCamera, ...] = ()
        self.rows: dict[str, QWidget] = {}

    def set_cameras(self, cameras: Sequence[NearCamera]) -> None:
        """Show the nearest few, and how many more there are."""
        if tuple(cameras) == self._cameras:
            return
        self._cameras = tuple(cameras)
        self.rows = {camera.id: self._row(camera) for camera in cameras[:SHOWN_CAMERAS]}
        rows: list[QWidget] = list(self.rows.values())
        if len(cameras) > SHOWN_CAMERAS:
            more = self.tr("{0} more further away").format(len(cameras) - SHOWN_CAMERAS)
            rows.append(plain_label(more, "faint"))
        self.refill(rows)

    def _row(self, camera: NearCamera) -> QWidget:
        holder = QFrame()
        set_role(holder, "line")
        mark = MarkView(10)
        mark.set_mark(link_mark(self._theme, camera.link))
        name = RowButton(camera.name, self.tr("Show this camera"))
        name.clicked.connect(lambda: self.chosen.emit(camera.id))
        play = button(self.tr("Open video"), "link")
        play.clicked.connect(lambda: self.open_video_requested.emit(camera.id))
        layout = line(mark, name, gap=4)
        layout.setStretch(1, 1)
        for text in (link_word(camera.link), distance(camera.distance_m)):
            layout.addWidget(plain_label(text, "small"))
        layout.addWidget(play)
        holder.setLayout(layout)
        return holder

"""The case queue: what is open, how long it has, and who has it. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QIcon,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QStackedWidget, QWidget

from layers.model.style import LIGHT_SHAPE, LIGHT_TOKEN
from services.cases.calendar import Calendar
from services.cases.logic import Light, is_open, lights
from services.domain.clock import Clock
from widgets.case_words import own_left_text
from widgets.format import short_id
from widgets.keyed_model import KEY_ROLE, Column, KeyedModel
from widgets.panel import Panel, button, column, line
from widgets.row_view import RowTable
from widgets.rows import CaseRow
from widgets.symbols import Mark, draw_mark
from widgets.text import ElidedLabel, button_text, plain_label, set_tooltip
from widgets.theme import Theme
from widgets.words import case_state_word, light_word

LIGHTS: tuple[Light, ...] = ("green", "yellow", "red")
LIGHT_TEXT = {"green": "text", "yellow": "minor_text", "red": "critical_text", None: "muted"}
TICK_MS = 1_000
LEFT_COLUMN = 4
MARGIN, HEADER_MARGIN, HEADER_GAP = 8, 4, 8


def light_mark(theme: Theme, light: Light | None) -> Mark:
    """A deadline light as a mark: round, six-cornered, square; hollow without a limit."""
    return Mark(LIGHT_SHAPE[light], theme.color(LIGHT_TOKEN[light]), light is not None)


def _urgent(row: CaseRow) -> tuple[bool, bool, float, float]:
    """Open before ended, urged before others, then by deadline."""
    case = row.case
    deadline = case.deadline_at if case.deadline_at is not None else 1e12
    return (not is_open(case), not case.supervision, deadline, case.reported_at)


class CaseQueuePanel(Panel):
    """Cases as a list, the most urgent first. The time left goes on by itself.

    ``case_activated(id)`` by double click or Enter, ``case_selected(id)`` as the selection moves.
    """

    case_activated = Signal(str)
    case_selected = Signal(str)

    def __init__(
        self,
        theme: Theme,
        clock: Clock,
        parent: QWidget | None = None,
        *,
        calendar: Calendar | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._clock = clock
        self._calendar = calendar
        self._reason = ""
        self.model = KeyedModel(self._columns(), _urgent, self)
        self.table = RowTable(theme, self.model)
        self.table.setAccessibleName(self.tr("Cases"))
        self._title = ElidedLabel(role="strong")
        self._detail = ElidedLabel(role="minor")
        self.light_buttons = {light: button("", "tool") for light in LIGHTS}
        self._light_counts: dict[Light, str] = dict.fromkeys(LIGHTS, "")
        self._empty = plain_label(role="empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._build()
        self._show_counts()

    # -- setters --------------------------------------------------------------
    def set_cases(self, rows: Mapping[str, CaseRow]) -> None:
        """Replace all cases."""
        self.model.set_rows(rows)
        self._show_counts()

    def update_cases(self, changed: Mapping[str, CaseRow], removed: Iterable[str] = ()) -> None:
        """One batch of changes; selection and scroll position stay."""
        self.model.update_rows(changed, removed)
        self._show_counts()

    def set_empty_reason(self, text: str) -> None:
        """Say why there may be no cases (not connected); "" for the ordinary words."""
        self._reason = text
        self._show_counts()

    def tick(self) -> None:
        """Let the clock's time show; runs by itself each second while the panel is seen."""
        self.model.recheck()
        self.model.touch(0)
        self.model.touch(LEFT_COLUMN)
        self._show_counts()

    def light_of(self, row: CaseRow) -> Light | None:
        """The deadline light now."""
        return lights(row.case, self._clock())

    # -- building -------------------------------------------------------------
    def _columns(self) -> list[Column[CaseRow]]:
        return [
            Column("", lambda r: light_word(self.light_of(r)), 28, mark=self._mark),
            Column(
                self.tr("Number"),
                lambda r: short_id(r.case.id),
                100,
                color=self._muted,
                leaves=3,
                snug=True,
            ),
            Column(self.tr("Case"), self._name, 72, 1.6, bold=is_open_row),
            Column(self.tr("Place"), lambda r: r.place, 0, 4.0, color=self._muted, leaves=2),
            Column(self.tr("Time left"), self._left, 150, color=self._left_color, snug=True),
            Column(
                self.tr("State"),
                lambda r: case_state_word(r.case.state),
                110,
                color=self._muted,
                leaves=4,
                snug=True,
            ),
            Column(
                self.tr("With"),
                _holder,
                120,
                color=self._muted,
                right=True,
                leaves=1,
                snug=True,
            ),
        ]

    def _build(self) -> None:
        layout = column(self, margin=MARGIN, gap=4)
        lights_ = self.light_buttons.values()
        head = line(self._title, *lights_, self._detail, None, gap=HEADER_GAP, margin=HEADER_MARGIN)
        layout.addLayout(head)
        for light, toggle in self.light_buttons.items():
            toggle.setCheckable(True)
            toggle.setIcon(_mark_icon(light_mark(self.theme, light)))
            toggle.setIconSize(QSize(12, 12))
            toggle.toggled.connect(self._filter_changed)
            tip = self.tr("Show only cases with this light: {0}")
            set_tooltip(toggle, tip.format(light_word(light)))
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        layout.addWidget(self._pages, 1)
        self.table.activated.connect(self._activate)
        self.table.selectionModel().selectionChanged.connect(self._selection_moved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the lights have their words where there is room."""
        super().resizeEvent(event)
        self._show_lights()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with the time."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self._timer.stop()

    # -- intents --------------------------------------------------------------
    def _activate(self, index: QModelIndex) -> None:
        self.case_activated.emit(str(index.data(KEY_ROLE)))

    def _selection_moved(self) -> None:
        keys = self.table.selected_keys()
        if len(keys) == 1:
            self.case_selected.emit(keys[0])

    # -- showing --------------------------------------------------------------
    def _filter_changed(self) -> None:
        chosen = {light for light, toggle in self.light_buttons.items() if toggle.isChecked()}
        self.model.set_filter((lambda r: self.light_of(r) in chosen) if chosen else None)
        self._show_counts()

    def _show_counts(self) -> None:
        rows = self.model.rows()
        found = [self.light_of(r) for r in rows.values() if is_open(r.case)]
        unknown = "–" if self._reason else ""
        self._title.setText(self.tr("Cases · {0} open").format(unknown or len(found)))
        self._light_counts = {
            light: unknown or str(found.count(light)) for light in self.light_buttons
        }
        hidden = self.model.hidden_count()
        self._detail.setText(
            self.tr("{0} of {1} shown").format(len(rows) - hidden, len(rows)) if hidden else ""
        )
        self._show_lights()
        self._pages.setCurrentIndex(0 if self.model.rowCount() else 1)
        self._empty.setText(self._empty_words(hidden))

    def _show_lights(self) -> None:
        """Mark, word and count of each light; where it is narrow the words go, so that the title's
        number is not cut: shape, tip and accessible name still say which light it is."""
        words = {
            light: button_text(f"{light_word(light)} {count}")
            for light, count in self._light_counts.items()
        }
        needed = self._title.sizeHint().width() + HEADER_GAP + self._detail.sizeHint().width()
        for light, toggle in self.light_buttons.items():
            metrics = toggle.fontMetrics()
            frame = toggle.sizeHint().width() - metrics.horizontalAdvance(toggle.text())
            needed += HEADER_GAP + frame + metrics.horizontalAdvance(words[light])
        short = needed + 2 * (MARGIN + HEADER_MARGIN) > self.width()
        for light, toggle in self.light_buttons.items():
            text = self._light_counts[light] if short else words[light]
            if text != toggle.text():
                toggle.setText(text)
            toggle.setAccessibleName(words[light])

    def _empty_words(self, hidden: int) -> str:
        if self._reason:
            return self._reason
        if hidden:
            return self.tr("The filter hides all {0} cases; press its light again.").format(hidden)
        return self.tr("No case is open. A new one appears here by itself.")

    # -- cells ----------------------------------------------------------------
    def _mark(self, row: CaseRow) -> Mark:
        return light_mark(self.theme, self.light_of(row))

    def _name(self, row: CaseRow) -> str:
        """Its title, with the mark that it was urged."""
        title = row.case.title or row.category
        return self.tr("urged · {0}").format(title) if row.case.supervision else title

    def _muted(self, _row: CaseRow) -> QColor:
        return self.theme.color("muted")

    def _left(self, row: CaseRow) -> str:
        return own_left_text(row.case, self._clock(), self._calendar)

    def _left_color(self, row: CaseRow) -> QColor:
        return self.theme.color(LIGHT_TEXT[self.light_of(row)])


def is_open_row(row: CaseRow) -> bool:
    """Whether there is still something to do."""
    return is_open(row.case)


WITH_DEPARTMENT = frozenset({"pending_handle", "handling", "handle_finished"})


def _holder(row: CaseRow) -> str:
    """Who has it: the assignee where there is one, else the department; "" while it waits."""
    case = row.case
    returned = case.state == "returned" and case.returned_to == "department"
    if case.state not in WITH_DEPARTMENT and not returned:
        return ""
    return case.handler or case.department


def _mark_icon(mark: Mark) -> QIcon:
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_mark(painter, pixmap.rect().toRectF(), mark)
    painter.end()
    return QIcon(pixmap)

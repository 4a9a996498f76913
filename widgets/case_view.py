"""A case in the detail card: facts, deadline, dispatches with tasks and stock, flow. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from layers.model.style import LIGHT_TOKEN
from services.cases.logic import is_open, lights
from services.domain.model import Case, Dispatch, FlowStep, Reservation, Task
from services.packs.model import Catalogue
from widgets.card_parts import Fact, FactsView, Section
from widgets.case_queue import light_mark
from widgets.confirm import ConfirmBar
from widgets.format import clock_hm, date_time, day_clock, distance
from widgets.panel import block, button, column, line
from widgets.plan_steps import PlanSteps
from widgets.rows import CaseRow
from widgets.symbols import Mark, MarkView
from widgets.text import plain_label, set_role
from widgets.theme import Theme
from widgets.words import (
    case_state_word,
    flow_word,
    left_text,
    light_word,
    reservation_word,
    seat_word,
    severity_word,
    source_word,
    task_state_word,
)

TASK_LOOK = {
    "sent": ("circle", "minor", False),
    "accepted": ("circle", "info", False),
    "en_route": ("triangle", "info", True),
    "arrived": ("diamond", "info", True),
    "done": ("square", "good", True),
    "declined": ("cross", "critical", True),
    "recalled": ("cross", "neutral", True),
}
OPEN_TASK_STATES = frozenset({"sent", "accepted", "en_route", "arrived"})


@dataclass(frozen=True)
class CaseDetail:
    """A case with its dispatches; ``names``: entity id → name of warehouses."""

    row: CaseRow
    dispatches: tuple[Dispatch, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


class CaseView(QWidget):
    """Everything about one case and what may be done with it.

    ``close_requested(case id, note)``, ``void_requested(case id, reason)``,
    ``recall_requested(dispatch id, note)``, ``dispatch_requested(lon, lat, case id)``.
    """

    close_requested = Signal(str, str)
    void_requested = Signal(str, str)
    recall_requested = Signal(str, str)
    dispatch_requested = Signal(float, float, str)

    def __init__(self, theme: Theme, catalogue: Catalogue, lang: str) -> None:
        super().__init__()
        self._theme = theme
        self._catalogue = catalogue
        self._lang = lang
        self._detail: CaseDetail | None = None
        self._why_not = ""
        self._light = MarkView(14)
        self._left = plain_label(role="strong")
        self._state = plain_label(role="muted")
        self.dispatch_button = button(self.tr("Dispatch more here"), "primary")
        self.close_button = button(self.tr("Close"))
        self.void_button = button(self.tr("Void"), "danger")
        self.recall_buttons: dict[str, QPushButton] = {}
        self.confirm = ConfirmBar()
        self._dispatches = Section(self.tr("Dispatched"))
        self._plan = PlanSteps(self.tr("Response plan"))
        self._facts = FactsView(self.tr("Facts"))
        self._flow = Section(self.tr("Flow record"))
        self._build()

    def set_detail(self, detail: CaseDetail, now: float) -> None:
        """Show a case, or its newer state; a question that is open stays for the same case."""
        other = self._detail is None or self._detail.row.case.id != detail.row.case.id
        if other:
            self.confirm.dismiss()
        if detail == self._detail:
            self.tick(now)
            return
        self._detail = detail
        case = detail.row.case
        self._state.setText(case_state_word(case.state))
        self._facts.set_facts(self._fact_lines(detail))
        self.recall_buttons.clear()
        self._dispatches.refill([self._dispatch_block(d, detail) for d in detail.dispatches])
        plan = self._catalogue.plan_of(case.category) if is_open(case) else None
        self._plan.set_plan(plan, case.severity, self._lang)
        self._flow.refill([_flow_line(step, now) for step in reversed(case.flow)])
        self._show_actions()
        self.tick(now)

    def set_actions_enabled(self, enabled: bool, why_not: str) -> None:
        """Allow acting on the case, or not."""
        self._why_not = "" if enabled else why_not or self.tr("Not possible here.")
        self._show_actions()

    def tick(self, now: float) -> None:
        """Let the time left go on."""
        if self._detail is None:
            return
        case = self._detail.row.case
        light = lights(case, now)
        self._light.set_mark(light_mark(self._theme, light))
        moments = (case.handed_back_at, case.closed_at, now)
        judged = next(m for m in moments if m is not None)
        words = left_text(case.deadline_at, judged)
        self._left.setText(f"{light_word(light)} · {words}" if light else words)
        role = {"minor": "minor", "critical": "critical"}.get(LIGHT_TOKEN[light], "strong")
        set_role(self._left, role)

    # -- building -------------------------------------------------------------
    def _build(self) -> None:
        layout = column(self, gap=8)
        layout.addLayout(line(self._light, self._left, None, self._state))
        layout.addWidget(self.dispatch_button)
        layout.addLayout(line(self.close_button, self.void_button, None))
        layout.addWidget(self.confirm)
        for section in (self._dispatches, self._plan, self._facts, self._flow):
            layout.addWidget(section)
        self.dispatch_button.clicked.connect(self._dispatch_here)
        self.close_button.clicked.connect(self._ask_close)
        self.void_button.clicked.connect(self._ask_void)

    def _fact_lines(self, detail: CaseDetail) -> list[Fact]:
        case = detail.row.case
        lines = [
            (self.tr("Number"), case.id),
            (self.tr("Category"), self._category(case, detail.row.category)),
            (self.tr("Severity"), severity_word(case.severity)),
            (self.tr("Place"), detail.row.place),
            (self.tr("Department"), case.department),
            (self.tr("Source"), source_word(case.source)),
            (self.tr("Grid"), case.grid_id),
            (self.tr("Reported"), date_time(case.reported_at)),
            (self.tr("Deadline"), date_time(case.deadline_at) if case.deadline_at else ""),
        ]
        extra = [self._extra(name, value) for name, value in case.attrs.items()]
        return [Fact(label, value) for label, value in [*lines, *extra] if value]

    def _category(self, case: Case, label: str) -> str:
        """With the major class of the code table that its pack follows."""
        major = self._catalogue.class_of(case.category)
        return f"{major.text(self._lang)} · {label}" if major is not None else label

    def _extra(self, name: str, value: object) -> tuple[str, str]:
        """What a source told besides; that a case is made up stands in words."""
        if name == "demo":
            return self.tr("Data"), self.tr("simulated") if value else ""
        return name, "" if value is None else str(value)

    def _dispatch_block(self, dispatch: Dispatch, detail: CaseDetail) -> QWidget:
        frame = block()
        layout = column(frame, margin=8, gap=5)
        seat = f" · {seat_word(dispatch.seat)}" if dispatch.seat else ""
        head = f"{dispatch.by}{seat} · {date_time(dispatch.created_at)[5:16]}"
        layout.addLayout(
            line(plain_label(head, "small"), None, plain_label(task_state_word(dispatch.state)))
        )
        for task in dispatch.tasks:
            layout.addLayout(_task_line(self._theme, task))
        for reservation in dispatch.reservations:
            layout.addWidget(plain_label(self._reserved(reservation, detail), "muted"))
        if dispatch.state == "sent":
            recall = button(self.tr("Recall"), "tool")
            recall.setEnabled(not self._why_not)
            self.recall_buttons[dispatch.id] = recall
            recall.clicked.connect(lambda: self._ask_recall(dispatch))
            layout.addLayout(line(None, recall))
        return frame

    def _reserved(self, reservation: Reservation, detail: CaseDetail) -> str:
        item = self._catalogue.items.get(reservation.item)
        label = item.label.text(self._lang) if item is not None else reservation.item
        unit = item.unit.text(self._lang) if item is not None else ""
        store = detail.names.get(reservation.warehouse_id, reservation.warehouse_id)
        amount = f"{reservation.quantity:,} {unit}".rstrip()
        return f"{store} · {label} {amount} · {reservation_word(reservation.state)}"

    # -- actions --------------------------------------------------------------
    def _show_actions(self) -> None:
        if self._detail is None:
            return
        case = self._detail.row.case
        free = not self._why_not
        open_tasks = _open_tasks(self._detail.dispatches)
        located = case.lon is not None and case.lat is not None
        self.dispatch_button.setEnabled(free and located and is_open(case))
        can_end = free and open_tasks == 0
        self.close_button.setEnabled(can_end and case.state in ("handling", "pending_check"))
        self.void_button.setEnabled(can_end and is_open(case))
        for recall in self.recall_buttons.values():
            recall.setEnabled(free)

    def case(self) -> Case:
        """What is shown; raises RuntimeError while nothing is."""
        if self._detail is None:
            raise RuntimeError("no case is shown")
        return self._detail.row.case

    def _dispatch_here(self) -> None:
        case = self.case()
        if case.lon is not None and case.lat is not None:
            self.dispatch_requested.emit(case.lon, case.lat, case.id)

    def _ask_close(self) -> None:
        case_id = self.case().id
        self.confirm.ask(
            self.tr("The case is closed for everyone. Its record stays."),
            self.tr("Close the case"),
            lambda note: self.close_requested.emit(case_id, note),
            note=self.tr("Note (optional)"),
        )

    def _ask_void(self) -> None:
        case_id = self.case().id
        self.confirm.ask(
            self.tr("The case is voided: it counts as never justified. This cannot be undone."),
            self.tr("Void the case"),
            lambda note: self.void_requested.emit(case_id, note),
            note=self.tr("Reason (needed)"),
            note_needed=True,
        )

    def _ask_recall(self, dispatch: Dispatch) -> None:
        teams = sum(task.state in OPEN_TASK_STATES for task in dispatch.tasks)
        stock = sum(r.state == "reserved" for r in dispatch.reservations)
        words = self.tr("Teams called back: {0}. Stock lines free again: {1}.")
        self.confirm.ask(
            words.format(teams, stock),
            self.tr("Recall"),
            lambda note: self.recall_requested.emit(dispatch.id, note),
            note=self.tr("Note (optional)"),
        )


def _open_tasks(dispatches: Sequence[Dispatch]) -> int:
    return sum(task.state in OPEN_TASK_STATES for d in dispatches for task in d.tasks)


def _task_line(theme: Theme, task: Task) -> QHBoxLayout:
    shape, token, filled = TASK_LOOK[task.state]
    mark = MarkView(12)
    mark.set_mark(Mark(shape, theme.color(token), filled))
    since = task.times.get(task.state)
    when = f" {clock_hm(since)}" if since is not None else ""
    layout = line(mark, plain_label(task.name, "bold"), None)
    if task.distance_m is not None:
        layout.addWidget(plain_label(distance(task.distance_m), "small"))
    layout.addWidget(plain_label(task_state_word(task.state) + when))
    return layout


def _flow_line(step: FlowStep, now: float) -> QWidget:
    holder = QWidget()
    who = " · ".join(part for part in (step.actor, seat_word(step.seat)) if part)
    words = f"{flow_word(step.action)} → {case_state_word(step.state)} · {who}"
    text = plain_label(f"{words}\n{step.note}" if step.note else words)
    text.setWordWrap(True)
    time = plain_label(day_clock(step.time, now), "small")
    layout = line(time)
    layout.setAlignment(time, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(text, 1)
    holder.setLayout(layout)
    return holder

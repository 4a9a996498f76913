"""A case in the detail card: facts, deadline, dispatches with tasks and stock, flow. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from layers.model.style import LIGHT_TOKEN
from services.cases.calendar import Calendar
from services.cases.choices import choices
from services.cases.limits import lights
from services.cases.logic import is_open
from services.dispatch.logic import open_tasks
from services.domain.model import Case, Dispatch, FlowStep, Task
from services.packs.model import Catalogue
from widgets.alarm_evidence import evidence_line
from widgets.card_parts import Fact, FactsView, Section
from widgets.case_actions import CaseActions
from widgets.case_dispatch import DispatchSection
from widgets.case_queue import light_mark
from widgets.case_words import (
    GRANT,
    REFUSE,
    limit_text,
    link_word_of,
    marks_text,
    own_left_text,
    question,
)
from widgets.confirm import ConfirmBar
from widgets.format import date_time, day_clock
from widgets.panel import column, line
from widgets.plan_steps import PlanSteps
from widgets.road_words import Eta
from widgets.route_buttons import RouteButtons
from widgets.rows import CaseRow
from widgets.symbols import MarkView
from widgets.text import plain_label, set_role
from widgets.theme import Theme
from widgets.words import (
    actor_word,
    case_state_word,
    flow_word,
    light_word,
    seat_word,
    severity_word,
    source_word,
)

DAY_S = 86_400.0


@dataclass(frozen=True)
class CaseDetail:
    """A case with its dispatches; ``names``: entity id → name of warehouses. ``roles``: those of
    the account at this desk, which decide on the buttons; ``may_send``: whether it may dispatch."""

    row: CaseRow
    dispatches: tuple[Dispatch, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    may_send: bool = False


class CaseView(QWidget):
    """Everything about one case and what may be done with it.

    ``command_requested(case id, command, further arguments)``, ``recall_requested(dispatch id,
    task id or "", note)``, ``proposal_answered(dispatch id, task id, send)``,
    ``dispatch_requested(lon, lat, case id)``, ``route_requested(case id, "to" or "from")``.
    ``calendar``: for time left in working time.
    """

    command_requested = Signal(str, str, object)
    recall_requested = Signal(str, str, str)
    proposal_answered = Signal(str, str, bool)
    dispatch_requested = Signal(float, float, str)
    route_requested = Signal(str, str)

    def __init__(
        self, theme: Theme, catalogue: Catalogue, lang: str, calendar: Calendar | None = None
    ) -> None:
        super().__init__()
        self._theme = theme
        self._catalogue, self._lang = catalogue, lang
        self._calendar = calendar
        self._detail: CaseDetail | None = None
        self._now = 0.0
        self._why_not = ""
        self._light = MarkView(14)
        self._left = plain_label(role="strong")
        self._state = plain_label(role="muted")
        self._marks = plain_label(role="minor")
        self.actions_view = CaseActions()
        self.routes = RouteButtons()
        self.confirm = ConfirmBar()
        self.dispatches = DispatchSection(theme, catalogue, lang)
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
        self._detail, self._now = detail, now
        case = detail.row.case
        self._state.setText(f"{link_word_of(case)} · {case_state_word(case.state)}")
        marks = marks_text(case)
        self._marks.setText(marks)
        self._marks.setVisible(bool(marks))
        self._facts.set_facts(self._fact_lines(detail))
        self.dispatches.set_dispatches(detail.dispatches, detail.names, may_send=detail.may_send)
        plan = self._catalogue.plan_of(case.category) if is_open(case) else None
        self._plan.set_plan(plan, case.severity, self._lang)
        self._flow.refill([_flow_line(step, now) for step in reversed(case.flow)])
        self.tick(now)

    def set_etas(self, etas: Mapping[str, Eta]) -> None:
        """When teams under way arrive, by task id."""
        self.dispatches.set_etas(etas)

    def set_actions_enabled(self, enabled: bool, why_not: str) -> None:
        """Allow acting on the case, or not."""
        self._why_not = "" if enabled else why_not or self.tr("Not possible here.")
        self._show_actions()

    def tick(self, now: float) -> None:
        """Let the time left go on; what a passed deadline forbids goes too."""
        if self._detail is None:
            return
        self._now = now
        case = self._detail.row.case
        light = lights(case, now)
        self._light.set_mark(light_mark(self._theme, light))
        words = own_left_text(case, now, self._calendar)
        self._left.setText(f"{light_word(light)} · {words}" if light else words)
        role = {"minor": "minor", "critical": "critical"}.get(LIGHT_TOKEN[light], "strong")
        set_role(self._left, role)
        self._show_actions()

    # -- building -------------------------------------------------------------
    def _build(self) -> None:
        layout = column(self, gap=8)
        layout.addLayout(line(self._light, self._left, None))
        layout.addWidget(self._state)
        self._marks.setWordWrap(True)
        layout.addWidget(self._marks)
        layout.addWidget(self.actions_view)
        layout.addWidget(self.routes)
        layout.addWidget(self.confirm)
        for section in (self.dispatches, self._plan, self._facts, self._flow):
            layout.addWidget(section)
        self.actions_view.chosen.connect(self._chosen)
        self.routes.chosen.connect(self._route)
        self.dispatches.recall_asked.connect(self._ask_recall)
        self.dispatches.task_recall_asked.connect(self._ask_task_recall)
        self.dispatches.confirmed.connect(
            lambda dispatch, task: self.proposal_answered.emit(dispatch, task, True)
        )
        self.dispatches.skipped.connect(
            lambda dispatch, task: self.proposal_answered.emit(dispatch, task, False)
        )

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
            (self.tr("Limit"), limit_text(case)),
            (self.tr("Deadline"), date_time(case.deadline_at) if case.deadline_at else ""),
            (self.tr("Handled by"), case.handler),
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
        evidence = evidence_line(name, value, self._catalogue, self._lang)
        if evidence is not None:
            return evidence
        return name, "" if value is None else str(value)

    # -- actions --------------------------------------------------------------
    def _show_actions(self) -> None:
        if self._detail is None:
            return
        detail = self._detail
        case = detail.row.case
        waiting = open_tasks(detail.dispatches)
        found = choices(case, detail.roles, self._now, open_tasks=waiting)
        located = case.lon is not None and case.lat is not None
        self.routes.setVisible(located)
        self.actions_view.set_commands(case.state, [c for c in found if c != "dispatch" or located])
        free = not self._why_not
        self.actions_view.set_usable(free, self._why_not)
        self.dispatches.set_usable(free)

    def case(self) -> Case:
        """What is shown; raises RuntimeError while nothing is."""
        if self._detail is None:
            raise RuntimeError("no case is shown")
        return self._detail.row.case

    def _route(self, end: str) -> None:
        self.route_requested.emit(self.case().id, end)

    def _chosen(self, command: str) -> None:
        case = self.case()
        if command == "dispatch":
            if case.lon is not None and case.lat is not None:
                self.dispatch_requested.emit(case.lon, case.lat, case.id)
            return
        asked = question(command, case)
        if asked is None:
            self._give(case.id, command, "", "")
            return
        self.confirm.ask(
            asked.text,
            asked.yes,
            partial(self._give, case.id, command, asked.field),
            note=asked.note,
            note_needed=asked.note_needed,
            field=asked.field_label,
            preset={"department": case.department, "address": case.address}.get(asked.field, ""),
            days=self.tr("Days") if asked.field == "days" else "",
        )

    def _give(self, case_id: str, command: str, filled: str, note: str) -> None:
        """Tell the order with what was entered for it."""
        args: dict[str, object] = {"note": note}
        if command in (GRANT, REFUSE):
            args["granted"] = command == GRANT
            command = "appeal_decide"
        if filled == "days":
            args["until"] = self._now + self.confirm.days.value() * DAY_S
        elif filled:
            args[filled] = self.confirm.field.text().strip()
        self.command_requested.emit(case_id, command, args)

    def _ask_recall(self, dispatch: Dispatch) -> None:
        teams = open_tasks([dispatch])
        stock = sum(r.state == "reserved" for r in dispatch.reservations)
        words = self.tr("Teams called back: {0}. Stock lines free again: {1}.")
        self.confirm.ask(
            words.format(teams, stock),
            self.tr("Recall"),
            lambda note: self.recall_requested.emit(dispatch.id, "", note),
            note=self.tr("Note (optional)"),
        )

    def _ask_task_recall(self, dispatch_id: str, task: Task) -> None:
        self.confirm.ask(
            self.tr("Called back: {0}. The others go on.").format(task.name),
            self.tr("Recall"),
            lambda note: self.recall_requested.emit(dispatch_id, task.id, note),
            note=self.tr("Note (optional)"),
        )


def _flow_line(step: FlowStep, now: float) -> QWidget:
    holder = QWidget()
    who = " · ".join(part for part in (actor_word(step.actor), seat_word(step.seat)) if part)
    words = f"{flow_word(step.action)} → {case_state_word(step.state)} · {who}"
    text = plain_label(f"{words}\n{step.note}" if step.note else words)
    text.setWordWrap(True)
    time = plain_label(day_clock(step.time, now), "small")
    layout = line(time)
    layout.setAlignment(time, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(text, 1)
    holder.setLayout(layout)
    return holder

"""The dispatches of a case: tasks, stock, and an officer's word on who is proposed. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from services.dispatch.logic import PENDING_TASKS
from services.domain.model import Dispatch, Reservation, Task
from services.packs.model import Catalogue
from widgets.card_parts import Section
from widgets.format import clock_hm, date_time
from widgets.panel import block, button, column, line
from widgets.road_words import Eta, by_road, eta_words, straight
from widgets.symbols import Mark, MarkView
from widgets.text import plain_label
from widgets.theme import Theme
from widgets.words import reservation_word, seat_word, task_state_word

TASK_LOOK = {
    "proposed": ("hexagon", "minor", False),
    "sent": ("circle", "minor", False),
    "accepted": ("circle", "info", False),
    "en_route": ("triangle", "info", True),
    "arrived": ("diamond", "info", True),
    "done": ("square", "good", True),
    "declined": ("cross", "critical", True),
    "recalled": ("cross", "neutral", True),
}


class DispatchSection(Section):
    """``recall_asked(dispatch)`` and ``task_recall_asked(dispatch id, task)`` ask first;
    ``confirmed`` and ``skipped(dispatch id, task id)`` are an officer's word on a proposal."""

    recall_asked = Signal(object)
    task_recall_asked = Signal(str, object)
    confirmed = Signal(str, str)
    skipped = Signal(str, str)

    def __init__(self, theme: Theme, catalogue: Catalogue, lang: str) -> None:
        super().__init__(self._heading())
        self._theme, self._catalogue, self._lang = theme, catalogue, lang
        self._etas: dict[str, Eta] = {}
        self._eta_labels: dict[str, QLabel] = {}
        self.recall_buttons: dict[str, QPushButton] = {}
        self.task_buttons: dict[tuple[str, str], QPushButton] = {}

    def set_dispatches(
        self,
        dispatches: Sequence[Dispatch],
        names: Mapping[str, str],
        *,
        may_send: bool,
    ) -> None:
        """Show these, newest state; buttons only for who may send."""
        self._eta_labels.clear()
        self.recall_buttons.clear()
        self.task_buttons.clear()
        self.refill([self._block(d, names, may_send) for d in dispatches])

    def set_etas(self, etas: Mapping[str, Eta]) -> None:
        """When teams under way arrive, by task id; nothing is said of the others."""
        self._etas = dict(etas)
        for task_id, label in self._eta_labels.items():
            self._show_eta(task_id, label)

    def _show_eta(self, task_id: str, label: QLabel) -> None:
        eta = self._etas.get(task_id)
        label.setText(eta_words(eta) if eta is not None else "")
        label.setVisible(eta is not None)

    def set_usable(self, usable: bool) -> None:
        """Whether orders may be given now."""
        for made in (*self.recall_buttons.values(), *self.task_buttons.values()):
            made.setEnabled(usable)

    def _heading(self) -> str:
        return self.tr("Dispatched")

    def _block(self, dispatch: Dispatch, names: Mapping[str, str], may_send: bool) -> QWidget:
        frame = block()
        layout = column(frame, margin=8, gap=5)
        seat = f" · {seat_word(dispatch.seat)}" if dispatch.seat else ""
        head = f"{dispatch.by}{seat} · {date_time(dispatch.created_at)[5:16]}"
        layout.addLayout(
            line(plain_label(head, "small"), None, plain_label(task_state_word(dispatch.state)))
        )
        for task in dispatch.tasks:
            layout.addLayout(_task_line(self._theme, task))
            self._eta_labels[task.id] = plain_label(role="small")
            layout.addWidget(self._eta_labels[task.id])
            self._show_eta(task.id, self._eta_labels[task.id])
            note = self._task_note(task, dispatch)
            if note:
                layout.addWidget(plain_label(note, "muted"))
            if may_send and dispatch.state == "sent":
                self._add_task_buttons(layout, dispatch, task)
        for reservation in dispatch.reservations:
            layout.addWidget(plain_label(self._reserved(reservation, names), "muted"))
        if dispatch.state == "sent" and may_send:
            recall = button(self.tr("Recall"), "tool")
            self.recall_buttons[dispatch.id] = recall
            recall.clicked.connect(lambda: self.recall_asked.emit(dispatch))
            layout.addLayout(line(None, recall))
        return frame

    def _task_note(self, task: Task, dispatch: Dispatch) -> str:
        """Why somebody is proposed; that a team is silent; what it said."""
        if task.state == "proposed":
            other = next((t for t in dispatch.tasks if t.id == task.replaces), None)
            if other is None:
                return ""
            silent = other.state == "sent"
            words = (
                self.tr("proposed because {0} is silent")
                if silent
                else self.tr("proposed because {0} declined")
            )
            return words.format(other.name)
        if task.state == "sent" and task.silent_at is not None:
            return self.tr("silent since {0}").format(clock_hm(task.times.get("sent", 0.0)))
        return task.note

    def _add_task_buttons(self, layout: QVBoxLayout, dispatch: Dispatch, task: Task) -> None:
        made: list[QPushButton] = []
        if task.state == "proposed":
            send = button(self.tr("Send"), "primary")
            send.clicked.connect(lambda: self.confirmed.emit(dispatch.id, task.id))
            other = button(self.tr("Somebody else"), "tool")
            other.clicked.connect(lambda: self.skipped.emit(dispatch.id, task.id))
            self.task_buttons[task.id, "confirm"] = send
            self.task_buttons[task.id, "skip"] = other
            made = [send, other]
        elif task.state in PENDING_TASKS and _several(dispatch):
            back = button(self.tr("Recall this team"), "tool")
            back.clicked.connect(lambda: self.task_recall_asked.emit(dispatch.id, task))
            self.task_buttons[task.id, "recall"] = back
            made = [back]
        if made:
            layout.addLayout(line(None, *made))

    def _reserved(self, reservation: Reservation, names: Mapping[str, str]) -> str:
        item = self._catalogue.items.get(reservation.item)
        label = item.label.text(self._lang) if item is not None else reservation.item
        unit = item.unit.text(self._lang) if item is not None else ""
        store = names.get(reservation.warehouse_id, reservation.warehouse_id)
        amount = f"{reservation.quantity:,} {unit}".rstrip()
        words = f"{store} · {label} {amount} · {reservation_word(reservation.state)}"
        if reservation.used is None or reservation.used == reservation.quantity:
            return words
        used = self.tr("{0} used").format(f"{reservation.used:,}")
        return f"{words} · {used}"


def _several(dispatch: Dispatch) -> bool:
    return sum(t.state in PENDING_TASKS for t in dispatch.tasks) > 1


def _task_line(theme: Theme, task: Task) -> QHBoxLayout:
    shape, token, filled = TASK_LOOK[task.state]
    mark = MarkView(12)
    mark.set_mark(Mark(shape, theme.color(token), filled))
    since = task.times.get(task.state)
    when = f" {clock_hm(since)}" if since is not None else ""
    layout = line(mark, plain_label(task.name, "bold"), None)
    if task.drive_s is not None and task.road_m is not None:
        layout.addWidget(plain_label(by_road(task.drive_s, task.road_m), "small"))
    elif task.distance_m is not None:
        layout.addWidget(plain_label(straight(task.distance_m), "small"))
    layout.addWidget(plain_label(task_state_word(task.state) + when))
    return layout

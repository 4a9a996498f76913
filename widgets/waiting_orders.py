"""Orders that wait for the hub or came back refused: one line, and a list that a person folds out.

The line and the list are two parts, because whoever lays them out gives the line a fixed place:
nothing but a click on it moves what lies below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from services.domain.model import Severity
from widgets.format import clock_hms
from widgets.panel import Panel, button, clear_layout, column, line
from widgets.symbols import MarkView, severity_mark
from widgets.text import ElidedLabel, button_text, plain_label, set_role
from widgets.theme import Theme

MOST_ROWS = 8
LIST_PX = 116
"""Height of the open list, however many there are; more are scrolled to."""
State = Literal["queued", "unknown", "held", "refused"]


@dataclass(frozen=True)
class WaitingRow:
    """One order: what it is, on what, since when (UNIX seconds), and why the hub said no."""

    key: str
    words: str
    subject: str
    given_at: float
    state: State
    reason: str = ""


class WaitingBar(Panel):
    """The line, hidden while nothing waits; ``orders`` is its list. ``send_requested(key)``: a
    held order shall go after all; ``withdraw_requested(key)``: the person is done with it."""

    send_requested = Signal(str)
    withdraw_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._rows: tuple[WaitingRow, ...] = ()
        self._mark = MarkView(12)
        self._text = ElidedLabel(role="strong")
        self.fold = button("", "link", self.tr("Show or hide these orders"))
        self.orders = QScrollArea()
        self.orders.setWidgetResizable(True)
        self.orders.setFrameShape(QFrame.Shape.NoFrame)
        self.orders.setFixedHeight(LIST_PX)
        inner = QWidget()
        set_role(inner, "scrolled")
        self.orders.setWidget(inner)
        self._none = plain_label(self.tr("Nothing waits any more."), "empty")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        down = column(inner, gap=4)
        down.setContentsMargins(38, 2, 16, 4)
        down.addWidget(self._none)
        down.addLayout(self._grid)
        down.addStretch(1)
        self.orders.hide()
        self.fold.clicked.connect(self._toggle)
        head = line(self._mark, gap=10, margin=16)
        head.addWidget(self._text, 1)
        head.addWidget(self.fold)
        self.setLayout(head)
        self.hide()

    def set_orders(self, rows: Sequence[WaitingRow]) -> None:
        """Show these, oldest first."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        self._rows = rows
        refused = sum(r.state == "refused" for r in rows)
        self._refill()
        self._none.setVisible(not rows)
        self._text.setText(self._summary(refused))
        worst = Severity.MAJOR if refused else Severity.MINOR
        self._mark.set_mark(severity_mark(self.theme, worst))
        self._say_fold()
        self._show_line()

    def rows(self) -> tuple[WaitingRow, ...]:
        """What is shown."""
        return self._rows

    # -- inside -----------------------------------------------------------------
    def _summary(self, refused: int) -> str:
        counts = {s: sum(r.state == s for r in self._rows) for s in ("queued", "unknown", "held")}
        parts = [
            self.tr("Orders that wait for the line: {0}").format(counts["queued"]),
            self.tr("without an answer: {0}").format(counts["unknown"]),
            self.tr("too old to be sent unasked: {0}").format(counts["held"]),
            self.tr("refused after waiting: {0}").format(refused),
        ]
        numbers = (*counts.values(), refused)
        told = [text for text, n in zip(parts, numbers, strict=True) if n]
        why = next((r.reason for r in self._rows if r.state == "refused" and r.reason), "")
        return " · ".join([why, *reversed(told)] if why else told)  # a person has to read why

    def _refill(self) -> None:
        clear_layout(self._grid)
        for place, row in enumerate(self._rows[:MOST_ROWS]):
            self._add(place, row)
        beyond = len(self._rows) - MOST_ROWS
        if beyond > 0:
            more = plain_label(self.tr("and {0} more").format(beyond), "muted")
            self._grid.addWidget(more, MOST_ROWS, 0)

    def _add(self, place: int, row: WaitingRow) -> None:
        label = ElidedLabel(role="")
        label.setText(f"{clock_hms(row.given_at)}  {row.words}: {row.subject}")
        state = ElidedLabel(role="critical" if row.state == "refused" else "muted")
        state.setText(f"{self._state_words(row.state)} {row.reason}".rstrip())
        self._grid.addWidget(label, place, 0)
        self._grid.addWidget(state, place, 1)
        if row.state == "held":
            send = button(self.tr("Send now"), "link", self.tr("Carry it out although it is old"))
            send.setObjectName(f"send_{row.key}")
            send.clicked.connect(lambda: self.send_requested.emit(row.key))
            self._grid.addWidget(send, place, 2)
        done = button(self._done_words(row.state), "link", self._done_tip(row.state))
        done.setObjectName(f"withdraw_{row.key}")
        done.clicked.connect(lambda: self.withdraw_requested.emit(row.key))
        self._grid.addWidget(done, place, 3)

    def _state_words(self, state: State) -> str:
        return {
            "queued": self.tr("waits, not sent yet"),
            "unknown": self.tr("sent, no answer; it is sent again and carried out once"),
            "held": self.tr("more than ten minutes old: send it, or withdraw it"),
            "refused": self.tr("not carried out:"),
        }[state]

    def _done_words(self, state: State) -> str:
        return self.tr("Dismiss") if state == "refused" else self.tr("Withdraw")

    def _done_tip(self, state: State) -> str:
        if state == "unknown":
            return self.tr("Do not send it again. It may have been carried out already: look.")
        if state == "refused":
            return self.tr("I have read it")
        return self.tr("Never send it")

    def _toggle(self) -> None:
        self.orders.setVisible(self.orders.isHidden())
        self._say_fold()
        self._show_line()

    def _show_line(self) -> None:
        """It stays while its list is open: only a person folds that, and with it moves the map."""
        self.setVisible(bool(self._rows) or not self.orders.isHidden())

    def _say_fold(self) -> None:
        hidden = self.orders.isHidden()
        self.fold.setText(button_text(self.tr("Show") if hidden else self.tr("Hide")))
        set_role(self.fold, "link")

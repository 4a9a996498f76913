"""What is selected on the map, by kind, and what can be done with it. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QScrollArea, QWidget

from widgets.expression_edit import ExpressionEdit
from widgets.panel import Panel, RowButton, button, clear_layout, column
from widgets.text import plain_label, set_role
from widgets.theme import Theme

IN_A_ROW = 3
"""Buttons beside each other: a panel is narrow on a small screen."""


@dataclass(frozen=True, slots=True)
class KindPart:
    """How many of one kind are selected."""

    kind: str
    label: str
    count: int


class SelectionView(Panel):
    """``asked(action id)`` for the buttons; ``kind_chosen(kind)``: only this kind is wanted;
    ``expression_given(text)``: what it is true of is to be selected."""

    asked = Signal(str)
    kind_chosen = Signal(str)
    expression_given = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._title = plain_label("", "strong")
        self.expression = ExpressionEdit()
        self.expression.setPlaceholderText(self.tr("Select by expression, such as level > 0.5"))
        self.expression.setAccessibleName(self.tr("Select by expression"))
        self.expression.settled.connect(self._settled)
        self._problem = plain_label("", "minor")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._note = plain_label("", "small")
        self._note.setWordWrap(True)
        self._empty = plain_label(
            self.tr(
                "Nothing is selected. Take a selection tool on the map: click, drag a box or a "
                "circle, or click corners. Only what the map shows can be selected."
            ),
            "empty",
        )
        self._empty.setWordWrap(True)
        self._rows_box = QWidget()
        set_role(self._rows_box, "scrolled")
        self._rows = column(self._rows_box, gap=0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._rows_box)
        self._buttons: list[QPushButton] = []
        layout = column(self, margin=10, gap=6)
        for widget in (self.expression, self._problem, self._title, self._note, self._empty):
            layout.addWidget(widget)
        layout.addWidget(self._scroll, 1)
        layout.addStretch(0)
        self._more = QGridLayout()
        self._more.setSpacing(6)
        layout.addLayout(self._more)
        self.set_selection([], 0)

    def set_selection(self, parts: Sequence[KindPart], left_out: int) -> None:
        """Show how many of each kind; ``left_out``: how many more lie there in hidden layers."""
        total = sum(part.count for part in parts)
        self._title.setText(self.tr("{0} selected").format(f"{total:,}"))
        words = self.tr(
            "{0} more lie there in layers that are off; only what is shown is selected."
        )
        self._note.setText(words.format(f"{left_out:,}") if left_out else "")
        self._note.setVisible(left_out > 0)
        self._title.setVisible(total > 0)
        self._scroll.setVisible(total > 0)
        self._empty.setVisible(total == 0)
        for push in self._buttons:
            push.setEnabled(total > 0)
        clear_layout(self._rows)
        tip = self.tr("Keep only these selected")
        for part in parts:
            row = RowButton(f"{part.count:,}   {part.label}", tip if len(parts) > 1 else "")
            row.setEnabled(len(parts) > 1)
            row.clicked.connect(partial(self._choose, part.kind))
            self._rows.addWidget(row)
        self._rows.addStretch(1)

    def set_problem(self, text: str, at: int = 0) -> None:
        """Why the expression selects nothing, and at which character from 1; "" when it is well."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        if at:
            self.expression.show_place(at)

    def add_action(self, name: str, text: str, tip: str) -> None:
        """One more thing to do with a selection."""
        push = button(text, "tool", tip)
        push.clicked.connect(partial(self._ask, name))
        push.setEnabled(False)
        self._buttons.append(push)
        place = len(self._buttons) - 1
        self._more.addWidget(push, place // IN_A_ROW, place % IN_A_ROW)

    def _settled(self, text: str) -> None:
        if text.strip():
            self.expression_given.emit(text)
        else:
            self.set_problem("")

    def _choose(self, kind: str, _on: bool = False) -> None:
        self.kind_chosen.emit(kind)

    def _ask(self, name: str, _on: bool = False) -> None:
        self.asked.emit(name)

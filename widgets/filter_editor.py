"""The filter of a layer, edited beside the map that shows it meanwhile. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from widgets.expression_edit import ExpressionEdit
from widgets.format import number
from widgets.layer_names import FieldName
from widgets.panel import button, column, line
from widgets.text import plain, plain_label, set_tooltip

WIDTH_PX, HEIGHT_PX = 560, 420
NAME_ROLE = Qt.ItemDataRole.UserRole


class FilterEditor(QDialog):
    """``previewed(text)`` after each pause in typing; whoever hears it answers with ``show_count``
    or ``show_problem``. ``taken(text)`` at the end, or ``rejected``."""

    previewed = Signal(str)
    taken = Signal(str)

    def __init__(
        self,
        title: str,
        text: str,
        fields: Sequence[FieldName],
        values: Mapping[str, Sequence[tuple[str, str]]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(self.tr("Filter: {0}").format(title)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._values = values
        self._numeric = {field.name: field.numeric for field in fields}
        self._taken = ""
        self._taking = False
        self.edit = ExpressionEdit()
        self.edit.set_fields([(f.name, f.label) for f in fields], values)
        self.edit.setText(plain(text))
        self.count = plain_label(role="strong")
        self.problem = plain_label(role="minor")
        self.problem.setWordWrap(True)
        self.fields, self.samples = QListWidget(), QListWidget()
        self.take = button(self.tr("Take this filter"), "primary")
        self._build(fields)
        self._connect()

    def show_count(self, of: str, passed: int, total: int) -> None:
        """How many things pass the filter ``of``."""
        self.problem.setText("")
        self.count.setText(self.tr("{0} of {1}").format(number(passed), number(total)))
        self.take.setEnabled(True)
        self._judged(of, True)

    def show_problem(self, of: str, words: str, at: int = 0) -> None:
        """What is wrong with the filter ``of``, and at which character from 1."""
        self.count.setText("")
        self.problem.setText(words)
        self.take.setEnabled(False)
        if at:
            self.edit.show_place(at)
        self._judged(of, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is for the line of the expression; Escape leaves."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    # -- inside ---------------------------------------------------------------
    def _build(self, fields: Sequence[FieldName]) -> None:
        self.edit.setPlaceholderText(self.tr("Nothing: all things are drawn"))
        self.edit.setAccessibleName(self.tr("Filter"))
        for field in fields:
            unit = f" ({field.unit})" if field.unit else ""
            item = QListWidgetItem(plain(f"{field.label}{unit}   {field.name}"))
            item.setData(NAME_ROLE, field.name)
            self.fields.addItem(item)
        self.fields.setAccessibleName(self.tr("Fields"))
        self.samples.setAccessibleName(self.tr("Values"))
        set_tooltip(self.fields, self.tr("Double click puts the field into the filter"))
        set_tooltip(self.samples, self.tr("Double click puts the value into the filter"))
        examples = "level > 0.5 and township = '…'      name like '%…%'      severity >= 'major'"
        help_line = plain_label(examples, "small")
        layout = column(self, margin=14, gap=8)
        layout.addWidget(self.edit)
        told = line(self.count, self.problem)
        told.setStretch(1, 1)
        lists = line(gap=10)
        for words, box in ((self.tr("Fields"), self.fields), (self.tr("Values"), self.samples)):
            part = column(gap=4)
            part.addWidget(plain_label(words, "small"))
            part.addWidget(box, 1)
            lists.addLayout(part, 1)
        layout.addLayout(lists, 1)
        layout.addWidget(help_line)
        layout.addLayout(told)  # below: what is offered drops down over the rest
        back = button(self.tr("As it was"))
        back.clicked.connect(self.reject)
        layout.addLayout(line(None, back, self.take))
        self.resize(WIDTH_PX, HEIGHT_PX)

    def _connect(self) -> None:
        self.edit.settled.connect(self.previewed)
        self.fields.currentItemChanged.connect(self._show_values)
        self.fields.itemDoubleClicked.connect(self._put_field)
        self.samples.itemDoubleClicked.connect(self._put_value)
        self.take.clicked.connect(self._take)

    def _show_values(self) -> None:
        self.samples.clear()
        if self.fields.currentRow() < 0:
            return
        chosen = self.fields.currentItem()
        for value, words in self._values.get(str(chosen.data(NAME_ROLE)), ()):
            shown = value if words in ("", value) else f"{value}   {words}"
            item = QListWidgetItem(plain(shown))
            item.setData(NAME_ROLE, value)
            self.samples.addItem(item)

    def _put_field(self, item: QListWidgetItem) -> None:
        self._put(str(item.data(NAME_ROLE)))

    def _put_value(self, item: QListWidgetItem) -> None:
        value = str(item.data(NAME_ROLE))
        is_number = self._numeric[str(self.fields.currentItem().data(NAME_ROLE))]
        self._put(value if is_number else "'" + value.replace("'", "''") + "'")

    def _put(self, text: str) -> None:
        before = self.edit.text()[: self.edit.cursorPosition()]
        gap = "" if not before or before.endswith((" ", "(")) else " "
        self.edit.insert(f"{gap}{text} ")
        self.edit.setFocus()
        self.previewed.emit(self.edit.text())

    def _take(self) -> None:
        """What was typed last may not have been judged yet; of many things that takes its time."""
        self._taken, self._taking = self.edit.text().strip(), True
        self.count.setText(self.tr("Counting…"))
        self.previewed.emit(self._taken)

    def _judged(self, of: str, good: bool) -> None:
        if not self._taking or of != self._taken:
            return
        self._taking = False
        if good:
            self.accept()
            self.taken.emit(self._taken)

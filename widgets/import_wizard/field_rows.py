"""Fields of a kind, one a line: from which column, or which constant, and in which unit. GUI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QScrollArea, QWidget

from widgets.import_wizard.views import FieldView
from widgets.text import plain, plain_label, set_role, set_tooltip
from widgets.theme import Theme

WAIT_MS = 300
"""After the last key, before rows are tried anew."""


class _Box(QComboBox):
    """A choice in a list that scrolls: the wheel scrolls, it chooses nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the list."""
        event.ignore()


class _Line:
    """The parts of one field."""

    def __init__(self, field: FieldView, columns: Sequence[str], hint: str, none: str) -> None:
        self.field = field
        star = " *" if field.required else ""
        self.label = plain_label(plain(field.label) + star, "bold" if field.required else "")
        set_tooltip(self.label, field.name)
        self.source = _Box()
        self.source.setEditable(True)
        self.source.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.source.addItem("")
        for name in columns:
            self.source.addItem(plain(name))
        self.source.setEditText(field.source)
        self.source.setMinimumContentsLength(10)
        self.source.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.source.setAccessibleName(plain(field.label))
        edit = self.source.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(none)
        self.constant = QLineEdit(field.constant)
        self.constant.setPlaceholderText(hint)
        self.constant.setMaxLength(500)
        self.unit = QLineEdit(field.unit_in)
        self.unit.setPlaceholderText(field.unit)
        self.unit.setMaximumWidth(76)
        self.unit.setMaxLength(12)

    def now(self) -> FieldView:
        """The field as it is filled now."""
        return replace(
            self.field,
            source=self.source.currentText().strip(),
            constant=self.constant.text().strip(),
            unit_in=self.unit.text().strip(),
        )


class FieldRows(QScrollArea):
    """``changed()``: something was chosen or typed, a moment ago."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[_Line] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self.changed)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(420)

    def set_fields(self, fields: Sequence[FieldView], columns: Sequence[str]) -> None:
        """Show these instead."""
        self._timer.stop()
        old = self.takeWidget()
        if old is not None:
            old.deleteLater()
        inner = QWidget()
        set_role(inner, "scrolled")
        grid = QGridLayout(inner)
        grid.setContentsMargins(2, 2, 8, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        heads = (
            self.tr("Field"),
            self.tr("Column, or text with columns in braces"),
            self.tr("Same for all rows"),
            self.tr("Unit") if any(field.unit for field in fields) else "",
        )
        for place, head in enumerate(heads):
            grid.addWidget(plain_label(head, "small"), 0, place)
        hint, none = "–", self.tr("not filled")
        self._lines = [_Line(field, columns, hint, none) for field in fields]
        for row, each in enumerate(self._lines, 1):
            for place, part in enumerate((each.label, each.source, each.constant, each.unit)):
                grid.addWidget(part, row, place)
            each.unit.setVisible(bool(each.field.unit))
            each.source.editTextChanged.connect(self._touched)
            each.constant.textEdited.connect(self._touched)
            each.unit.textEdited.connect(self._touched)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        grid.setRowStretch(len(self._lines) + 1, 1)
        self.setWidget(inner)

    def fields(self) -> tuple[FieldView, ...]:
        """As they are filled now."""
        return tuple(each.now() for each in self._lines)

    def line_of(self, name: str) -> _Line | None:
        """The parts of a field."""
        return next((each for each in self._lines if each.field.name == name), None)

    def _touched(self, _text: str) -> None:
        self._timer.start()

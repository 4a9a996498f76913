"""A small window that asks for a name. It does not hold the program up. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from widgets.panel import button, column, line
from widgets.text import plain, plain_label


class AskName(QDialog):
    """``named(text)`` once, when the person says yes to a name that is not blank."""

    named = Signal(str)

    def __init__(
        self, title: str, words: str, yes: str, parent: QWidget, *, preset: str = "", most: int = 40
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.edit = QLineEdit(plain(preset))
        self.edit.setMaxLength(most)
        self.edit.selectAll()
        label = plain_label(words)
        label.setWordWrap(True)
        self.yes = button(yes, "primary")
        back = button(self.tr("Back"))
        layout = column(self, margin=14, gap=10)
        layout.addWidget(label)
        layout.addWidget(self.edit)
        layout.addLayout(line(None, back, self.yes))
        self.setMinimumWidth(380)
        self.edit.textChanged.connect(self._ready)
        self.edit.returnPressed.connect(self._take)
        self.yes.clicked.connect(self._take)
        back.clicked.connect(self.reject)
        self._ready()

    def _ready(self) -> None:
        self.yes.setEnabled(bool(self.edit.text().strip()))

    def _take(self) -> None:
        text = self.edit.text().strip()
        if text:
            self.accept()
            self.named.emit(text)

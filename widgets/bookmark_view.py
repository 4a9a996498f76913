"""Named views of the map: go to one, rename it, take it away. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from widgets.panel import Panel, button, column, line
from widgets.text import plain, plain_label
from widgets.theme import Theme

LONGEST = 80
ROW_PX = 30


class BookmarkView(Panel):
    """Numbers are places in the list: ``chosen(number)``, ``renamed(number, name)``,
    ``removed(number)``; ``add_requested``."""

    chosen = Signal(int)
    renamed = Signal(int, str)
    removed = Signal(int)
    add_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._names: list[str] = []
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Bookmarks"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.itemClicked.connect(self._clicked)
        self.list.itemActivated.connect(self._clicked)
        self.list.itemChanged.connect(self._edited)
        self._empty = plain_label(
            self.tr("No view is kept yet. “Keep this view” gives the one that you see a name."),
            "empty",
        )
        self._empty.setWordWrap(True)
        add = button(self.tr("Keep this view"), "tool")
        add.clicked.connect(self.add_requested)
        self._rename = button(self.tr("Rename"), "tool", self.tr("Another name (F2)"))
        self._rename.clicked.connect(self._start_rename)
        self._remove = button(self.tr("Remove"), "tool")
        self._remove.clicked.connect(self._removed)
        layout = column(self, margin=10, gap=6)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)
        layout.addLayout(line(add, None, self._rename, self._remove, gap=6))
        self.set_bookmarks([])

    def set_bookmarks(self, names: Sequence[str]) -> None:
        """Show these, and keep the same number current."""
        current = max(0, self.list.currentRow())
        self._names = [plain(name) for name in names]
        self.list.blockSignals(True)
        self.list.clear()
        for name in self._names:
            item = QListWidgetItem(name)
            item.setSizeHint(QSize(80, ROW_PX))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
        self.list.setCurrentRow(min(current, len(names) - 1))
        self.list.blockSignals(False)
        self.list.setVisible(bool(names))
        self._empty.setVisible(not names)
        self._rename.setEnabled(bool(names))
        self._remove.setEnabled(bool(names))

    def edit_name(self, number: int) -> None:
        """Let the name of one be typed."""
        self.list.setCurrentRow(number)
        self._start_rename()

    def _start_rename(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.list.setFocus()
            self.list.editItem(item)

    def _clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.list.row(item))

    def _edited(self, item: QListWidgetItem) -> None:
        number, name = self.list.row(item), plain(item.text()).strip()[:LONGEST]
        if name and name != self._names[number]:
            self.renamed.emit(number, name)
        elif item.text() != self._names[number]:
            item.setText(self._names[number])

    def _removed(self) -> None:
        if self.list.currentRow() >= 0:
            self.removed.emit(self.list.currentRow())

"""Tables of the wizard: rows of texts, drawn by one model that holds nothing else. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from widgets.text import plain, set_role, tooltip_text
from widgets.theme import Theme

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
LONGEST = 200


class TextTable(QAbstractTableModel):
    """``set_rows(head, rows, bad)``: ``bad`` are places of rows that are shown as refused."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._head: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._bad: frozenset[int] = frozenset()
        self._colour = QColor(theme.color("critical_text"))

    def set_rows(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        bad: frozenset[int] = frozenset(),
    ) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._head = tuple(plain(text) for text in head)
        self._rows = tuple(tuple(plain(cell) for cell in row) for row in rows)
        self._bad = bad
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self._head)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._head[section] if section < len(self._head) else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell's text, its tip, its colour."""
        row = self._rows[index.row()]
        text = row[index.column()] if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return text[:LONGEST]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(text)
        if role == Qt.ItemDataRole.ForegroundRole and index.row() in self._bad:
            return self._colour
        return None


def text_view(model: TextTable, name: str, parent: QWidget | None = None) -> QTableView:
    """A table view over texts: read only, rows of one height, selected row by row."""
    view = QTableView(parent)
    view.setModel(model)
    view.setAccessibleName(name)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    set_role(view, "texts")
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(26)
    head = view.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setHighlightSections(False)
    head.setStretchLastSection(True)
    return view

"""A virtual table over rows of the feature store: one array of row numbers, no object per row.

GUI thread. Values are read from the store when a cell is painted, so that they are always the
newest; the order changes only when whoever arranges the rows says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from layers.model.attributes import Rows
from layers.model.features import FeatureStore
from layers.model.fields import value_at
from services.domain.clock import Clock
from services.domain.model import Scalar, Severity
from widgets.attribute_columns import TableColumn
from widgets.text import plain, tooltip_text
from widgets.theme import Theme

Index = QModelIndex | QPersistentModelIndex
NOBODY = QModelIndex()


class AttributeModel(QAbstractTableModel):
    """``rows`` are rows of the store from top to bottom; ``clock`` is the session's."""

    def __init__(
        self, theme: Theme, store: FeatureStore, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self.store, self._clock = theme, store, clock
        self.columns: tuple[TableColumn, ...] = ()
        self.rows: Rows = np.zeros(0, np.int64)

    # -- setters --------------------------------------------------------------------
    def set_columns(self, columns: Sequence[TableColumn]) -> None:
        """Other columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def set_rows(self, rows: Rows) -> None:
        """Other rows, or the same in another order; the view holds its place itself."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def refresh(self, first: int, last: int) -> None:
        """The values of these rows may have changed."""
        last = min(last, len(self.rows) - 1)
        if 0 <= first <= last and self.columns:
            ends = self.index(first, 0), self.index(last, len(self.columns) - 1)
            self.dataChanged.emit(*ends)

    # -- reading --------------------------------------------------------------------
    def value(self, place: int, column: int) -> Scalar:
        """The newest value of a cell."""
        row = int(self.rows[place])
        return value_at(self.store, row, self.columns[column].name, self._clock())

    def text(self, place: int, column: int) -> str:
        """A cell in words."""
        return self.columns[column].text(self.value(place, column))

    def id_at(self, place: int) -> str:
        """Id of the feature in a row of the table."""
        return self.store.ids[int(self.rows[place])]

    def place_of(self, row: int) -> int:
        """Where a row of the store stands in the table, -1 where it does not."""
        found = np.flatnonzero(self.rows == row)
        return int(found[0]) if len(found) else -1

    # -- Qt ---------------------------------------------------------------------------
    def rowCount(self, parent: Index = NOBODY) -> int:
        """How many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOBODY) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, side and colour of a cell."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(self.text(index.row(), index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(self.text(index.row(), index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column.severe:
            value = self.value(index.row(), index.column())
            return self._theme.severity_text(Severity(int(value or 0)))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(column.heading)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(f"{column.heading}\n{column.name}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

"""A sorted, filtered table of rows with keys, updated by batches without losing the selection.

GUI thread. A batch costs one pass over what changed; a reset happens only when a batch tears the
list into more than ``MANY_RUNS`` pieces, and the view restores its selection then.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from widgets.symbols import Mark
from widgets.text import plain, tooltip_text

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
MARK_ROLE = Qt.ItemDataRole.UserRole + 1
BOLD_ROLE = Qt.ItemDataRole.UserRole + 4
KEY_ROLE = Qt.ItemDataRole.UserRole
MANY_RUNS = 64


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: ``width`` pixels fixed plus a share ``weight`` of what is left over.

    Where it gets narrow, columns leave in the order of their ``leaves`` (1 first, 0 never). A
    ``snug`` column is only as wide as its words, ``width`` at most.
    """

    title: str
    text: Callable[[R], str]
    width: int = 0
    weight: float = 0.0
    color: Callable[[R], QColor] | None = None
    mark: Callable[[R], Mark | None] | None = None
    bold: Callable[[R], bool] | None = None
    right: bool = False
    leaves: int = 0
    snug: bool = False


class KeyedModel(QAbstractTableModel, Generic[R]):
    """Rows by key in an order; see the module's docstring."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        sort_key: Callable[[R], Any],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._sort = sort_key
        self._filter: Callable[[R], bool] | None = None
        self._rows: dict[str, R] = {}
        self._order: list[str] = []
        self._places: dict[str, int] | None = None

    # -- reading --------------------------------------------------------------
    def rows(self) -> Mapping[str, R]:
        """All rows by key, those that the filter hides included."""
        return self._rows

    def keys(self) -> Sequence[str]:
        """Keys of the shown rows from top to bottom."""
        return self._order

    def hidden_count(self) -> int:
        """How many rows the filter hides."""
        return len(self._rows) - len(self._order)

    def place_of(self, key: str) -> int:
        """Where ``key`` is shown, or -1."""
        if self._places is None:
            self._places = {k: i for i, k in enumerate(self._order)}
        return self._places.get(key, -1)

    # -- writing --------------------------------------------------------------
    def set_rows(self, rows: Mapping[str, R]) -> None:
        """Replace everything."""
        self._reset(dict(rows))

    def update_rows(self, changed: Mapping[str, R], removed: Iterable[str] = ()) -> None:
        """Put in new and changed rows and take out removed ones; selection and scroll stay."""
        gone = [k for k in removed if k not in changed and k in self._rows]
        shown = {k: r for k, r in changed.items() if self._passes(r)}
        leaving = [k for k in gone if self.place_of(k) >= 0]
        leaving += [k for k in changed if k not in shown and self.place_of(k) >= 0]
        entering = [k for k in shown if self.place_of(k) < 0]
        if len(leaving) + len(entering) > MANY_RUNS:
            kept = {k: r for k, r in self._rows.items() if k not in set(gone)}
            self._reset({**kept, **changed})
            return
        self._remove(leaving)
        for key in gone:
            del self._rows[key]
        staying = [k for k in shown if self.place_of(k) >= 0]
        moved = any(self._sort(self._rows[k]) != self._sort(shown[k]) for k in staying)
        self._rows.update(changed)
        self._refresh(staying, moved)
        self._insert(entering)

    def set_filter(self, passes: Callable[[R], bool] | None) -> None:
        """Show only rows that pass; ``hidden_count`` says how many do not."""
        self._filter = passes
        self._reset(self._rows)

    def recheck(self) -> None:
        """Ask the filter again where its answer depends on the time."""
        if self._filter is None:
            return
        turned = {k: r for k, r in self._rows.items() if self._passes(r) != (self.place_of(k) >= 0)}
        if turned:
            self.update_rows(turned)

    def set_sort(self, sort_key: Callable[[R], Any]) -> None:
        """Change the order; the selection stays with its rows."""
        self._sort = sort_key
        self._relayout()

    def touch(self, column: int) -> None:
        """Say that a column looks different though no row changed (time went on)."""
        if self._order:
            self.dataChanged.emit(
                self.index(0, column), self.index(len(self._order) - 1, column), []
            )

    # -- Qt -------------------------------------------------------------------
    def rowCount(self, parent: Index | None = None) -> int:
        """Shown rows."""
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Column titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tip, colour, weight, mark and key of a cell."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        key = self._order[index.row()]
        if role == KEY_ROLE:
            return key
        row, column = self._rows[key], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return plain(column.text(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(column.text(row))
        if role == Qt.ItemDataRole.ForegroundRole:
            return column.color(row) if column.color else None
        if role == BOLD_ROLE:
            return bool(column.bold and column.bold(row))
        if role == MARK_ROLE:
            return column.mark(row) if column.mark else None
        return None

    # -- inside ---------------------------------------------------------------
    def _passes(self, row: R) -> bool:
        return self._filter is None or self._filter(row)

    def _order_key(self, key: str) -> tuple[Any, str]:
        return (self._sort(self._rows[key]), key)

    def _reset(self, rows: dict[str, R]) -> None:
        self.beginResetModel()
        self._rows = rows
        self._order = sorted((k for k, r in rows.items() if self._passes(r)), key=self._order_key)
        self._places = None
        self.endResetModel()

    def _remove(self, keys: Iterable[str]) -> None:
        for place in sorted((self.place_of(k) for k in keys), reverse=True):
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._order[place]
            self._places = None
            self.endRemoveRows()

    def _insert(self, keys: Iterable[str]) -> None:
        for key in keys:
            place = bisect_left(self._order, self._order_key(key), key=self._order_key)
            self.beginInsertRows(QModelIndex(), place, place)
            self._order.insert(place, key)
            self._places = None
            self.endInsertRows()

    def _refresh(self, keys: Sequence[str], moved: bool) -> None:
        if moved:
            self._relayout()
        if not keys:
            return
        places = [self.place_of(k) for k in keys]
        last = len(self.columns) - 1
        self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), last), [])

    def _relayout(self) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        held = [(self._order[i.row()], i.column()) for i in old]
        self._order.sort(key=self._order_key)
        self._places = None
        self.changePersistentIndexList(
            old, [self.index(self.place_of(key), column) for key, column in held]
        )
        self.layoutChanged.emit()

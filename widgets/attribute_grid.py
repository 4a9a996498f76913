"""The view of an attribute table: sorting by its header, and a selection that knows no size.

GUI thread. What is selected is a mask over the store's rows, not Qt's list of ranges: a million
rows picked here and there cost nothing to paint.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from layers.model.attributes import Rows
from layers.model.selection import Mode, Selection
from widgets.attribute_model import AttributeModel, Index
from widgets.theme import Theme

LEAST_PX, MOST_PX = 44, 300
PAD = 6
MEASURED_ROWS = 60
TITLE_ROOM_PX = 30
"""Beside a title: its padding and the arrow of the order."""


class CellDelegate(QStyledItemDelegate):
    """Draws a cell: its words, the hairline below, the row's selection."""

    def __init__(self, theme: Theme, view: AttributeGrid) -> None:
        super().__init__(view)
        self._view = view
        self._font = theme.font()
        self._text, self._line = theme.color("text"), theme.color("line")
        self._selected = QColor(theme.color("accent"))
        self._selected.setAlphaF(0.26)
        self._accent = theme.color("accent")
        self._hover = theme.color("raised")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect = QRectF(option.rect)
        state: Any = option.state
        if self._view.is_selected(index.row()):
            painter.fillRect(rect, self._selected)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._hover)
        painter.setPen(self._line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        color = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(color if isinstance(color, QColor) else self._text)
        painter.setFont(self._font)
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        words = index.data(Qt.ItemDataRole.DisplayRole) or ""
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(inner, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)
        if self._view.currentIndex().row() == index.row() and self._view.hasFocus():
            painter.setPen(self._accent)
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())


class AttributeGrid(QTableView):
    """``selection_changed()`` by the person here; ``opened(id)`` by Enter or double click;
    ``order_asked(field)`` by a click on a title; ``copy_asked()``; ``columns_moved()``."""

    selection_changed = Signal()
    opened = Signal(str)
    order_asked = Signal(str)
    copy_asked = Signal()
    columns_moved = Signal()

    def __init__(self, theme: Theme, model: AttributeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.selection = Selection(model.store)
        self._mask = self.selection.mask()
        self._anchor = -1
        self._held: tuple[int, int, int, float] = (-1, -1, 0, 0.0)
        self._row_px = theme.space.row
        self._pressed = self._from_top = False
        self.setModel(model)
        self.setItemDelegate(CellDelegate(theme, self))
        self._set_up()
        self.activated.connect(self._open)
        header = self.horizontalHeader()
        header.sectionClicked.connect(self._clicked_title)
        header.sectionMoved.connect(lambda *_: self.columns_moved.emit())

    def _set_up(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self._row_px)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(LEAST_PX)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    # -- setters ------------------------------------------------------------------------
    def set_rows(self, rows: Rows) -> None:
        """Show other rows; what is in view, the keyboard's row and the selection stay."""
        if np.array_equal(rows, self._model.rows):
            if self._from_top:
                self._from_top = False
                self.scrollToTop()
            return
        self._hold()
        self._model.set_rows(rows)
        self._restore()

    def fit_columns(self) -> None:
        """Make columns as wide as their titles and the words of the first rows."""
        model, words = self._model, self.fontMetrics()
        rows = range(min(MEASURED_ROWS, model.rowCount()))
        for place, column in enumerate(model.columns):
            widest = max((words.horizontalAdvance(model.text(r, place)) for r in rows), default=0)
            title = words.horizontalAdvance(column.heading) + TITLE_ROOM_PX
            width = max(widest + 3 * PAD, title, LEAST_PX)
            self.setColumnWidth(place, min(width, MOST_PX))

    def to_top(self) -> None:
        """With the next rows begin at the top: another order or filter was asked for."""
        self._from_top = True

    def set_sorted(self, name: str, descending: bool) -> None:
        """Show by which field the rows are sorted; "" for none."""
        place = next((i for i, c in enumerate(self._model.columns) if c.name == name), -1)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(place >= 0)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(place, order)

    def set_selected(self, rows: Rows) -> None:
        """Select rows of the store, and bring the first of them into view where none is; without
        telling."""
        if self.selection.apply(rows):
            self._show_selection()
            self.show_selected()

    def refresh(self) -> None:
        """Values may have changed, and what is gone is not selected any more."""
        if self.selection.refresh():
            self._show_selection()
            self.selection_changed.emit()
        top, bottom = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if top >= 0:
            self._model.refresh(top, bottom if bottom >= 0 else self._model.rowCount() - 1)

    # -- reading ------------------------------------------------------------------------
    def is_selected(self, place: int) -> bool:
        """Whether a row of the table is selected."""
        row = self._model.rows[place]
        return bool(row < len(self._mask) and self._mask[row])

    def selected_rows(self) -> Rows:
        """Rows of the store that are selected and shown, from top to bottom."""
        rows = self._model.rows
        return rows[self._masked(rows)[rows]]

    def _masked(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """The mask of what is selected, long enough for these rows."""
        mask = np.zeros(max(len(self._mask), int(rows.max(initial=-1)) + 1), np.bool_)
        mask[: len(self._mask)] = self._mask
        return mask

    def current_id(self) -> str:
        """Id of the keyboard's row, or ''."""
        place = self.currentIndex().row()
        return self._model.id_at(place) if place >= 0 else ""

    def shown_columns(self) -> list[int]:
        """Columns in the order in which they are seen."""
        header = self.horizontalHeader()
        order = (header.logicalIndex(i) for i in range(header.count()))
        return [i for i in order if not self.isColumnHidden(i)]

    # -- selecting ------------------------------------------------------------------------
    def select_rows(self, rows: Rows, mode: Mode = "replace") -> None:
        """Select rows of the store, for the person here."""
        if self.selection.apply(rows, mode):
            self._show_selection()
            self.selection_changed.emit()

    def select_all(self) -> None:
        """Everything that the table shows."""
        self.select_rows(self._model.rows)

    def invert(self) -> None:
        """What is shown and was not selected."""
        self.select_rows(self._model.rows, "toggle")

    def show_selected(self) -> None:
        """Bring the first selected row into view, unless one is there already."""
        rows = self._model.rows
        places = np.flatnonzero(self._masked(rows)[rows])
        if not len(places):
            return
        top = max(0, self.rowAt(0))
        bottom = self.rowAt(self.viewport().height() - 1)
        bottom = bottom if bottom >= 0 else self._model.rowCount()
        if not ((places >= top) & (places <= bottom)).any():
            hint = QAbstractItemView.ScrollHint.PositionAtCenter
            self.scrollTo(self._model.index(int(places[0]), self._first_column()), hint)

    def _between(self, place: int) -> Rows:
        anchor = self._anchor if 0 <= self._anchor < self._model.rowCount() else place
        first, last = sorted((anchor, place))
        return self._model.rows[first : last + 1]

    def _take(self, place: int, modifiers: Qt.KeyboardModifier) -> None:
        """Select by a click: alone, with Ctrl besides, with Shift up to there."""
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        ctrl = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if shift:
            self.select_rows(self._between(place), "add" if ctrl else "replace")
            return
        self._anchor = place
        self.select_rows(self._model.rows[place : place + 1], "toggle" if ctrl else "replace")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; the right button leaves a selection that holds the row as it is."""
        super().mousePressEvent(event)
        place = self.indexAt(event.position().toPoint()).row()
        if place < 0:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self._take(place, event.modifiers())
        elif event.button() == Qt.MouseButton.RightButton and not self.is_selected(place):
            self._take(place, Qt.KeyboardModifier.NoModifier)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag over rows to select them."""
        super().mouseMoveEvent(event)
        if self._pressed and event.buttons() & Qt.MouseButton.LeftButton:
            place = self.indexAt(event.position().toPoint()).row()
            if place >= 0:
                self.select_rows(self._between(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        self._pressed = False
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows select as a click does; Ctrl+A all, Ctrl+C copies, Space turns one row."""
        before = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() == Qt.Key.Key_Space and before >= 0:
            self._take(before, Qt.KeyboardModifier.ControlModifier)
        else:
            super().keyPressEvent(event)
            after = self.currentIndex().row()
            ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if after >= 0 and after != before and not ctrl:
                self._take(after, event.modifiers())

    # -- inside ---------------------------------------------------------------------------
    def _first_column(self) -> int:
        return next(iter(self.shown_columns()), 0)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._model.id_at(index.row()))

    def _clicked_title(self, section: int) -> None:
        self.order_asked.emit(self._model.columns[section].name)

    def _show_selection(self) -> None:
        self._mask = self.selection.mask()
        self.viewport().update()

    def _hold(self) -> None:
        """Remember what is in view: the keyboard's row where it is seen, else the top row."""
        top, current = self.rowAt(0), self.currentIndex()
        rows = self._model.rows
        seen = current.isValid() and self.visualRect(current).intersects(self.viewport().rect())
        place = current.row() if seen else top
        anchor = int(rows[place]) if 0 <= place < len(rows) else -1
        offset = float(self.rowViewportPosition(place)) if place >= 0 else 0.0
        keyboard = int(rows[current.row()]) if current.isValid() else -1
        selecting = int(rows[self._anchor]) if 0 <= self._anchor < len(rows) else -1
        self._held = (anchor, keyboard, selecting, offset)
        self._column = current.column()

    def _restore(self) -> None:
        anchor, keyboard, selecting, offset = self._held
        model = self._model
        self._anchor = model.place_of(selecting)
        place = model.place_of(keyboard)
        if place >= 0:
            index = model.index(place, max(0, self._column))
            flags = QItemSelectionModel.SelectionFlag.NoUpdate
            self.setAutoScroll(False)
            self.selectionModel().setCurrentIndex(index, flags)
            self.setAutoScroll(True)
        place = 0 if self._from_top else model.place_of(anchor)
        if self._from_top:
            offset, self._from_top = 0.0, False
        if place >= 0:
            self.doItemsLayout()
            self.verticalScrollBar().setValue(round(place * self._row_px - offset))
        self._mask = self.selection.mask()

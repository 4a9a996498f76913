"""Which columns a table shows, and in what order: a small window of ticks that can be dragged.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from widgets.attribute_columns import TableColumn
from widgets.check_box import SIDE, draw_check
from widgets.panel import Panel, button, column, line
from widgets.text import plain, plain_label, tooltip_text
from widgets.theme import Theme

SIZE_PX = (300, 460)
NAME_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class TickDelegate(QStyledItemDelegate):
    """Draws a line with its tick; a click anywhere or Space turns it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One row of the theme."""
        return QSize(160, self._theme.space.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        painter.save()
        rect, state = QRectF(option.rect), cast(Any, option).state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("line"))
        box = QRectF(rect.left() + 8, rect.center().y() - SIDE / 2, SIDE, SIDE)
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        draw_check(painter, box, self._theme, on=on, able=True)
        painter.setPen(self._theme.color("text"))
        inner = rect.adjusted(SIDE + 18, 0, -8, 0)
        words = painter.fontMetrics().elidedText(
            index.data() or "", Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        _option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Turn the tick."""
        click = event.type() == QEvent.Type.MouseButtonRelease
        space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not (click or (space and event.type() == QEvent.Type.KeyPress)):
            return False
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        turned = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        return model.setData(index, turned.value, Qt.ItemDataRole.CheckStateRole)


class TickList(QListWidget):
    """``moved(step)``: Alt with an arrow moves the line that has the keyboard."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)


class ColumnChooser(Panel):
    """``chosen(names)``: the names of what is shown, in its order, after every change."""

    chosen = Signal(list)
    reset_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setWindowFlag(Qt.WindowType.Popup)
        self._quiet = False
        self.list = TickList()
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setItemDelegate(TickDelegate(theme, self.list))
        self.list.setAccessibleName(self.tr("Columns"))
        self.list.itemChanged.connect(self._changed)
        self.list.moved.connect(self._move)
        self.list.model().rowsMoved.connect(self._changed)
        every, reset = button(self.tr("Show all"), "tool"), button(self.tr("As at first"), "tool")
        every.clicked.connect(self._show_all)
        reset.clicked.connect(self.reset_asked)
        layout = column(self, margin=12, gap=8)
        layout.addWidget(plain_label(self.tr("Columns"), "strong"))
        hint = plain_label(
            self.tr("Tick what is shown, drag to reorder (Alt+Up, Alt+Down)."), "small"
        )
        hint.setWordWrap(True)
        layout.addWidget(hint)
        layout.addWidget(self.list, 1)
        layout.addLayout(line(every, reset, None))
        self.resize(*SIZE_PX)

    def open_at(self, place: QPoint, columns: Sequence[TableColumn], shown: Sequence[str]) -> None:
        """Show the columns, those that are shown first, in their order."""
        self.set_columns(columns, shown)
        self.move(place)
        self.show()
        self.list.setFocus()

    def set_columns(self, columns: Sequence[TableColumn], shown: Sequence[str]) -> None:
        """What there is and what is shown."""
        self._quiet = True
        self.list.clear()
        by_name = {c.name: c for c in columns}
        rest = [c.name for c in columns if c.name not in shown]
        for name in (*(n for n in shown if n in by_name), *rest):
            item = QListWidgetItem(plain(by_name[name].heading))
            item.setData(NAME_ROLE, name)
            item.setToolTip(tooltip_text(name))
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            on = Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked
            item.setCheckState(on)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._quiet = False

    def names(self) -> list[str]:
        """Names of what is ticked, from top to bottom."""
        items = (self.list.item(i) for i in range(self.list.count()))
        return [str(i.data(NAME_ROLE)) for i in items if i.checkState() == Qt.CheckState.Checked]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _move(self, step: int) -> None:
        at = self.list.currentRow()
        to = at + step
        if at >= 0 and 0 <= to < self.list.count():
            self._quiet = True
            item = self.list.takeItem(at)
            self.list.insertItem(to, item)
            self.list.setCurrentRow(to)
            self._quiet = False
            self._changed()

    def _show_all(self) -> None:
        self._quiet = True
        for i in range(self.list.count()):
            self.list.item(i).setCheckState(Qt.CheckState.Checked)
        self._quiet = False
        self._changed()

    def _changed(self, *_what: object) -> None:
        if not self._quiet and self.names():  # a table without any column shows nothing at all
            self.chosen.emit(self.names())
